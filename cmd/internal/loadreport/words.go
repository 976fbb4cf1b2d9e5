package loadreport

import (
	"fmt"
	"slices"
)

// Languages returns the languages of reports.
func Languages() []string { return []string{"en", "ja"} }

// words says everything in one language.
type words struct{ lang string }

func wordsOf(lang string) (words, error) {
	if !slices.Contains(Languages(), lang) {
		return words{}, fmt.Errorf("loadreport: language %q is not known; want one of %v", lang, Languages())
	}
	return words{lang}, nil
}

// s returns the sentence of a key, with its arguments. A key that does not exist is a
// programmer's mistake; a test looks for every key used.
func (w words) s(key string, args ...any) string {
	i, ok := places[key]
	if !ok {
		panic("loadreport: no words for " + key)
	}
	text := w.pick(catalogue[i].en, catalogue[i].ja)
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

func (w words) pick(en, ja string) string {
	if w.lang == "ja" {
		return ja
	}
	return en
}

// join puts sentences or parts together.
func (w words) join(list []string, en, ja string) string {
	out := ""
	for i, x := range list {
		if i > 0 {
			out += w.pick(en, ja)
		}
		out += x
	}
	return out
}

type entry struct{ key, en, ja string }

// catalogue is all the prose of reports. Arguments are numbered where the languages want
// another order.
var catalogue = slices.Concat(headWords, tableWords, checkWords, pictureWords, definitionWords, liveWords, otherWords)

var places = func() map[string]int {
	m := map[string]int{}
	for i := range catalogue {
		m[catalogue[i].key] = i
	}
	return m
}()
