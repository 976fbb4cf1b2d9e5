package loadreport

import (
	"fmt"

	"callwright/cmd/internal/page"
)

// Languages returns the languages of reports.
func Languages() []string { return page.Languages() }

// words says everything in one language.
type words struct{ lang string }

func wordsOf(lang string) (words, error) {
	if err := page.Known(lang); err != nil {
		return words{}, fmt.Errorf("loadreport: %w", err)
	}
	return words{lang}, nil
}

func (w words) s(key string, args ...any) string { return catalogue.Say(w.lang, key, args...) }

func (w words) pick(en, ja string) string { return page.Pick(w.lang, en, ja) }

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

type entry struct{ Key, En, Ja string }

// catalogue is all the prose of reports.
var catalogue = page.NewCatalogue(headWords, tableWords, checkWords, pictureWords, definitionWords, liveWords, otherWords)
