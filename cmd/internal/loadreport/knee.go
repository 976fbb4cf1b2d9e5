package loadreport

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// Knee writes what a search for the highest rate found: a sentence, the ends, and each
// rate that was tried.
func Knee(w io.Writer, k loadstats.Knee, lang string) error {
	say, err := wordsOf(lang)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintln(&b, say.kneeSentence(k))
	if len(k.Trials) > 0 {
		ends := page.Grid{Title: say.s("knee.title"), Left: 1, Head: []string{"", say.s("col.rate")}, Rows: [][]string{
			{say.s("knee.low"), four(k.Low)}, {say.s("knee.rate"), four(k.Rate)}, {say.s("knee.high"), four(k.High)}}}
		ends.Text(&b)
		say.trials(k).Text(&b)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// four is a rate with the digits that neighbours are told apart by; there is no rate 0.
func four(x float64) string {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return page.Undefined
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

func (w words) rate4(x float64) string { return w.s("unit.rate", four(x)) }

func (w words) kneeSentence(k loadstats.Knee) string {
	var say string
	switch open := math.IsInf(k.High, 1); {
	case len(k.Trials) == 0:
		return w.s("knee.empty")
	case k.Generator && k.Low == 0:
		return w.s("knee.generator.none", w.rate4(k.High))
	case k.Generator:
		return w.s("knee.generator", w.rate4(k.Low), w.rate4(k.High))
	case k.Low == 0:
		say = w.s("knee.none", w.rate4(k.High))
	case open:
		say = w.s("knee.all", w.rate4(k.Low))
	default:
		say = w.s("knee.between", w.rate4(k.Low), w.rate4(k.High), w.rate4(k.Rate))
	}
	sure := "knee.unsure"
	if k.Sure {
		sure = "knee.sure"
	}
	return say + w.pick(" ", "") + w.s(sure)
}

// trials is a row a rate, in order.
func (w words) trials(k loadstats.Knee) page.Grid {
	g := page.Grid{Title: w.s("knee.table"), Note: w.s("knee.note"), Head: []string{w.s("col.rate"), w.s("col.tries"), w.s("col.carried"), w.s("col.not_carried"), w.s("col.invalid")}}
	type tally struct{ passed, failed, invalid int64 }
	at := map[float64]tally{}
	for _, t := range k.Trials {
		x := at[t.Rate]
		switch {
		case !t.Valid:
			x.invalid++
		case t.Passed:
			x.passed++
		default:
			x.failed++
		}
		at[t.Rate] = x
	}
	for _, rate := range slices.Sorted(maps.Keys(at)) {
		x := at[rate]
		g.Rows = append(g.Rows, []string{four(rate), count(x.passed + x.failed + x.invalid), count(x.passed), count(x.failed), count(x.invalid)})
	}
	return g
}
