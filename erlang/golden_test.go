package erlang

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// row is one line of a golden table; the tables are the project's own and were
// computed with 30 digits, see shared/golden/README.md.
type row struct {
	id, model, metric    string
	n, k                 int
	a, aht, patience     float64
	t, tau               float64
	value, logValue, tol float64
	hasLog               bool
}

func readGolden(t *testing.T, name string) []row {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const header = "case,model,n,k,a,aht,patience,pdist,T,extra,metric,value,ln_value,rtol"
	if got := strings.Join(lines[0], ","); got != header {
		t.Fatalf("%s: header is %q, want %q", name, got, header)
	}
	num := func(s string) float64 {
		if s == "" {
			return math.NaN()
		}
		x, err := strconv.ParseFloat(s, 64)
		if err != nil && !strings.Contains(err.Error(), "range") { // 1e-45678 reads as 0
			t.Fatalf("%s: %v", name, err)
		}
		return x
	}
	var rows []row
	for _, l := range lines[1:] {
		r := row{id: l[0], model: l[1], metric: l[10], a: num(l[4]), aht: num(l[5]), patience: num(l[6]),
			t: num(l[8]), value: num(l[11]), logValue: num(l[12]), hasLog: l[12] != "", tol: num(l[13])}
		r.n, _ = strconv.Atoi(l[2]) // not an integer in models that are skipped
		r.k, _ = strconv.Atoi(l[3])
		r.tau = math.NaN()
		if s, ok := strings.CutPrefix(l[9], "tau="); ok {
			r.tau = num(s)
		}
		rows = append(rows, r)
	}
	return rows
}

// answer holds a metric and its logarithm; log is NaN where the package has
// no logarithmic form of it.
type answer struct{ plain, log float64 }

// checkGolden compares every row of the model and requires exactly want of them.
// The worst distance, in units of the row's tolerance, is logged.
func checkGolden(t *testing.T, table, model string, want int, answerTo func(row) (answer, bool)) {
	t.Helper()
	skipped := map[string]int{}
	checked, logs := 0, 0
	worst, worstRel, worstAt := 0.0, 0.0, ""
	for _, r := range readGolden(t, table) {
		if r.model != model || !useRow(r) {
			skipped[r.model]++
			continue
		}
		ans, ok := answerTo(r)
		if !ok {
			t.Errorf("%s: no answer to metric %q", r.id, r.metric)
			continue
		}
		checked++
		see := func(kind string, got, want, distance float64) {
			if !(distance <= r.tol) {
				t.Errorf("%s n=%d a=%v T=%v %s%s: got %.17g, want %.17g, distance %.3g, tolerance %g",
					r.id, r.n, r.a, r.t, kind, r.metric, got, want, distance, r.tol)
			}
			if distance/r.tol > worst {
				worst, worstRel, worstAt = distance/r.tol, distance, r.id+" "+kind+r.metric
			}
		}
		switch {
		case r.value == 0:
			see("", ans.plain, 0, math.Abs(ans.plain))
		case r.value < 1e-300: // subnormal or near: the logarithm below decides
			see("", ans.plain, r.value, math.Abs(ans.plain-r.value)/1e-300*r.tol)
		default:
			see("", ans.plain, r.value, math.Abs(ans.plain-r.value)/r.value)
		}
		if r.value == 0 && r.hasLog && math.IsNaN(ans.log) {
			t.Errorf("%s %s: %g underflows and has no logarithmic form", r.id, r.metric, r.logValue)
		}
		if r.hasLog && !math.IsNaN(ans.log) {
			logs++
			see("ln ", ans.log, r.logValue, math.Abs(ans.log-r.logValue))
		}
	}
	t.Logf("%s: %d rows of %s checked, %d of them as logarithms too; skipped by model: %v", table, checked, model, logs, skipped)
	t.Logf("%s: worst distance %.2g, %.2g of its tolerance, at %s", table, worstRel, worst, worstAt)
	if checked != want {
		t.Errorf("%s: %d rows of model %s checked, want %d", table, checked, model, want)
	}
}

// useRow leaves out finite room with abandonment, which this package has not.
func useRow(r row) bool { return r.model != "erlang_ak" || math.IsInf(r.patience, 1) }

func TestGoldenB(t *testing.T) {
	checkGolden(t, "erlang_b.csv", "erlang_b", 396, func(r row) (answer, bool) {
		b, lb := B(r.n, r.a), LogB(r.n, r.a)
		switch r.metric {
		case "p_block":
			return answer{b, lb}, true
		case "lost_traffic":
			return answer{r.a * b, math.Log(r.a) + lb}, true
		case "carried":
			return answer{Carried(r.n, r.a), math.NaN()}, true
		case "occupancy":
			return answer{Carried(r.n, r.a) / float64(r.n), math.NaN()}, true
		}
		return answer{}, false
	})
}

func TestGoldenC(t *testing.T) {
	checkGolden(t, "erlang_c.csv", "erlang_c", 1045, func(r row) (answer, bool) {
		s := MMn{Servers: r.n, Load: r.a, AHT: r.aht}.Solve()
		switch r.metric {
		case "p_wait":
			if d := math.Abs(C(r.n, r.a) - s.PWait()); !(d <= 1e-12*s.PWait()) {
				t.Errorf("%s: C = %v, PWait = %v", r.id, C(r.n, r.a), s.PWait())
			}
			return answer{s.PWait(), LogC(r.n, r.a)}, true
		case "asa":
			return answer{s.ASA(), s.Log().ASA()}, true
		case "sl":
			return answer{s.SLOffered(r.t), s.Log().SLOffered(r.t)}, true
		}
		if p, ok := strings.CutPrefix(r.metric, "wait_q"); ok {
			x, err := strconv.ParseFloat(p, 64)
			return answer{s.WaitQuantile(x), math.NaN()}, err == nil
		}
		return steadyAnswer(s, r)
	})
}

func TestGoldenA(t *testing.T) {
	checkGolden(t, "erlang_a.csv", "erlang_a", 2431, func(r row) (answer, bool) {
		return steadyAnswer(MMnM{Servers: r.n, Load: r.a, AHT: r.aht, Patience: r.patience}.Solve(), r)
	})
}

func steadyAnswer(s Steady, r row) (answer, bool) {
	l, no := s.Log(), math.NaN()
	switch r.metric {
	case "p_wait":
		return answer{s.PWait(), l.PWait()}, true
	case "p_ab":
		return answer{s.PAbandon(), l.PAbandon()}, true
	case "p_ab_delayed":
		return answer{s.PAbandonDelayed(), no}, true
	case "p_ab_within":
		return answer{s.PAbandonWithin(r.t), l.PAbandonWithin(r.t)}, true
	case "asa_all":
		return answer{s.WaitAll(), l.WaitAll()}, true
	case "asa_served":
		return answer{s.ASA(), l.ASA()}, true
	case "asa_delayed":
		return answer{s.WaitDelayed(), no}, true
	case "wait_ab":
		return answer{s.WaitAbandoned(), no}, true
	case "offered_wait":
		return answer{s.OfferedWait(), l.OfferedWait()}, true
	case "lq":
		return answer{s.MeanQueue(), l.MeanQueue()}, true
	case "l_system":
		return answer{s.MeanInSystem(), no}, true
	case "occupancy":
		return answer{s.Occupancy(), no}, true
	case "tail_w":
		return answer{s.WaitTail(r.t), l.WaitTail(r.t)}, true
	case "sl_offered":
		return answer{s.SLOffered(r.t), l.SLOffered(r.t)}, true
	case "sl_answered":
		return answer{s.SLAnswered(r.t), l.SLAnswered(r.t)}, true
	case "sl_excl_ab":
		return answer{s.SLExcludeWithin(r.t), l.SLExcludeWithin(r.t)}, true
	case "sl_excl_short":
		return answer{s.SLExcludeShort(r.t, r.tau), l.SLExcludeShort(r.t, r.tau)}, true
	case "sl_incl_ab":
		return answer{s.SLCountWithin(r.t), l.SLCountWithin(r.t)}, true
	case "sl_virtual":
		return answer{s.SLVirtual(r.t), l.SLVirtual(r.t)}, true
	}
	return answer{}, false
}

// The finite-room table also has rows with abandonment, which are skipped.
func TestGoldenMMnK(t *testing.T) {
	checkGolden(t, "erlang_ak.csv", "erlang_ak", 196, func(r row) (answer, bool) {
		s, no := MMnK{Servers: r.n, Places: r.k, Load: r.a, AHT: r.aht}.Solve(), math.NaN()
		switch r.metric {
		case "p_block":
			return answer{s.PBlock(), no}, true
		case "p_wait_offered":
			return answer{s.PWaitAttempts(), no}, true
		case "p_wait_accepted":
			return answer{s.PWait(), no}, true
		case "p_ab_offered", "p_ab_accepted":
			return answer{0, no}, true
		case "p_served_offered":
			return answer{s.PAnswered(), no}, true
		case "asa_accepted", "asa_served":
			return answer{s.ASA(), no}, true
		case "lq":
			return answer{s.MeanQueue(), no}, true
		case "occupancy":
			return answer{s.Occupancy(), no}, true
		case "sl_offered":
			return answer{s.SLAttempts(r.t), no}, true
		case "sl_accepted", "sl_answered":
			return answer{s.SLOffered(r.t), no}, true
		}
		return answer{}, false
	})
}
