package page

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Languages returns the languages of reports.
func Languages() []string { return []string{"en", "ja"} }

// Known returns an error that names the languages, if lang is none of them.
func Known(lang string) error {
	if slices.Contains(Languages(), lang) {
		return nil
	}
	return fmt.Errorf("language %q is not known; want one of %v", lang, Languages())
}

// Pick returns one of two texts.
func Pick(lang, en, ja string) string {
	if lang == "ja" {
		return ja
	}
	return en
}

// entry is one sentence in both languages. Its arguments are numbered where the languages
// want another order.
type entry struct{ Key, En, Ja string }

// Catalogue is the prose of a kind of report.
type Catalogue struct {
	list  []entry
	place map[string]int
}

// NewCatalogue returns a catalogue of all the lists. A report has a type of its own for its
// lists, that they can stand without the names of the fields.
func NewCatalogue[E ~struct{ Key, En, Ja string }](lists ...[]E) *Catalogue {
	c := &Catalogue{place: map[string]int{}}
	for _, e := range slices.Concat(lists...) {
		c.place[entry(e).Key] = len(c.list)
		c.list = append(c.list, entry(e))
	}
	return c
}

// Say returns the sentence of a key, with its arguments. A key that does not exist is a
// programmer's mistake.
func (c *Catalogue) Say(lang, key string, args ...any) string {
	i, ok := c.place[key]
	if !ok {
		panic("page: no words for " + key)
	}
	text := Pick(lang, c.list[i].En, c.list[i].Ja)
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Keys returns the keys, in order.
func (c *Catalogue) Keys() (out []string) {
	for _, e := range c.list {
		out = append(out, e.Key)
	}
	return out
}

var verbs = regexp.MustCompile(`%(?:\[(\d)\])?[sdqg]`)

// Faults returns what is wrong with a catalogue, for tests: sentences that are missing in a
// language or twice there, that take other arguments in each, and a 稼働率 without the
// formula that says which of its two meanings it has.
func (c *Catalogue) Faults() (out []string) {
	seen := map[string]bool{}
	for _, e := range c.list {
		switch {
		case e.En == "" || e.Ja == "":
			out = append(out, fmt.Sprintf("%s: en %q, ja %q; want both", e.Key, e.En, e.Ja))
		case seen[e.Key]:
			out = append(out, e.Key+" is there twice")
		case len(verbs.FindAllString(e.En, -1)) != len(verbs.FindAllString(e.Ja, -1)):
			out = append(out, e.Key+": another number of arguments in each language")
		case strings.Contains(e.Ja, "稼働率") && !strings.Contains(e.Ja, "÷") && e.Key != "def.utilisation":
			out = append(out, fmt.Sprintf("%s: 稼働率 without its formula: %s", e.Key, e.Ja))
		}
		seen[e.Key] = true
	}
	return out
}
