package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"callwright/internal/shared"
)

// The first example of preflight's help is the worked case 03: it has the case's inputs, and
// its answers, all of them.
func TestPreflightIsCase03(t *testing.T) {
	first, _, _ := strings.Cut(strings.ReplaceAll(preflightExample, "\\\n", " "), "\n")
	var out bytes.Buffer
	c := newRootCmd()
	c.SetArgs(append(strings.Fields(first)[1:], "--format", "json"))
	c.SetOut(&out)
	if err := c.ExecuteContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	type of = map[string]float64
	var sheet struct {
		Inputs   map[string]any
		Sections []struct {
			Figures []struct {
				ID                          string
				Of                          of
				Value                       any
				Definition, Formula, Source string
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &sheet); err != nil {
		t.Fatal(err)
	}
	found := func(id string, which of) any {
		for _, s := range sheet.Sections {
			for _, f := range s.Figures {
				if f.ID == id && (which == nil || reflect.DeepEqual(f.Of, which)) {
					if f.Definition == "" || f.Formula == "" {
						t.Errorf("%s has definition %q and formula %q", id, f.Definition, f.Formula)
					}
					return f.Value
				}
			}
		}
		t.Errorf("no figure %s of %v", id, which)
		return nil
	}

	b, err := os.ReadFile(shared.Path(t, "cases", "03-sip-trunk-acceptance.json"))
	if err != nil {
		t.Fatal(err)
	}
	var study struct {
		Inputs    map[string]any
		Questions []struct {
			ID        string
			Answer    any
			Tolerance struct{ Abs float64 }
		}
	}
	if err := json.Unmarshal(b, &study); err != nil {
		t.Fatal(err)
	}
	at := func(path string) any {
		var x any = study.Inputs
		for _, k := range strings.Split(path, ".") {
			m, _ := x.(map[string]any)
			x = m[k]
		}
		return x
	}
	for name, in := range map[string]struct {
		path string
		unit float64
	}{
		"calls_per_hour": {"traffic.calls_per_hour", 1}, "ring_s": {"traffic.trunk_holding_s.ring", 1}, "ivr_s": {"traffic.trunk_holding_s.ivr", 1}, "queue_s": {"traffic.trunk_holding_s.queue", 1}, "talk_s": {"traffic.trunk_holding_s.talk", 1},
		"channels": {"trunk_channels", 1}, "agents": {"agents", 1}, "handle_s": {"agent_handle_s", 1}, "ptime_s": {"media.ptime_ms", 0.001},
		"rtp_header_bytes": {"media.overhead_bytes.rtp", 1}, "udp_header_bytes": {"media.overhead_bytes.udp", 1}, "ip_header_bytes": {"media.overhead_bytes.ipv4", 1}, "ethernet_header_bytes": {"media.overhead_bytes.ethernet_with_fcs", 1},
		"t1_s": {"sip.T1_ms", 0.001}, "ie": {"emodel.g711_plc.Ie", 1}, "bpl": {"emodel.g711_plc.Bpl", 1},
	} {
		want, ok := at(in.path).(float64)
		if got, is := sheet.Inputs[name].(float64); !ok || !is || math.Abs(got-want*in.unit) > 1e-12 {
			t.Errorf("input %s of the example is %v, the case's %s is %v", name, sheet.Inputs[name], in.path, at(in.path))
		}
	}

	type figure struct {
		id    string
		which of
	}
	of40, of100 := of{"at_s": 40}, of{"at_s": 100}
	figures := map[string]figure{
		"Q1.erlang": {"trunk.load", nil}, "Q1.blocking_60": {"trunk.blocking", nil}, "Q1.lines_1pct": {"trunk.lines", of{"blocking": 0.01}}, "Q1.lines_01pct": {"trunk.lines", of{"blocking": 0.001}},
		"Q2.cps": {"peak.rate", nil}, "Q2.p_ge3": {"peak.at_least", of{"calls": 3}}, "Q2.peak_q9999": {"peak.quantile", of{"probability": 0.9999}},
		"Q3.ports": {"bits.ports", nil}, "Q3.kbps_ip": {"bits.ip", nil}, "Q3.kbps_eth": {"bits.ethernet", nil}, "Q3.trunk_mbps_each_way": {"bits.trunk", nil}, "Q3.pps": {"bits.packets", nil},
		"Q4.bytes_per_s": {"recorder.bytes", nil}, "Q4.gb_busy_hour": {"recorder.gb", nil},
		"Q6.send_times_s": {"invite.sent", nil}, "Q6.transmissions": {"invite.transmissions", nil}, "Q6.fail_at_s": {"invite.failed", nil},
		"Q7.calls": {"proof.calls", nil}, "Q7.seconds": {"proof.seconds", nil},
		"Q8.estimate": {"observed.estimate", nil}, "Q8.upper95": {"observed.upper", nil}, "Q8.proved": {"observed.proved", nil},
		"Q9.at_40s": {"generator.fixed", of40}, "Q9.steady": {"generator.steady", nil}, "Q9.exp_at_100s": {"generator.exponential", of100},
		"Q10.p_block_patient": {"agents.patient", nil}, "Q10.p_block_patience90": {"agents.blocked", nil}, "Q10.p_abandon_patience90": {"agents.abandoned", nil},
	}
	same := func(name string, got, want any, within float64) {
		t.Helper()
		if name == "Q10.p_block_patient" {
			within = 0.5e-6 // half of the last digit printed: 0.109408187115 is not within 1e-7 of the 0.109408 that the case has
		}
		if !alike(got, want, within) {
			t.Errorf("%s: the sheet has %v, the case %v within %g", name, got, want, within)
		}
	}
	checked := 0
	for _, q := range study.Questions {
		switch answer := q.Answer.(type) {
		case map[string]any:
			for k, want := range answer {
				f, ok := figures[q.ID+"."+k]
				if !ok {
					t.Errorf("%s.%s is not on the sheet", q.ID, k)
					continue
				}
				same(q.ID+"."+k, found(f.id, f.which), want, q.Tolerance.Abs)
				checked++
			}
		case []any: // paths
			for _, row := range answer {
				m := row.(map[string]any)
				which := of{"loss": m["loss_pct"].(float64) / 100, "delay_s": m["delay_ms"].(float64) / 1000}
				same(q.ID+".R", found("voice.r", which), m["R"], q.Tolerance.Abs)
				same(q.ID+".mos", found("voice.mos", which), m["mos"], q.Tolerance.Abs)
				checked += 2
			}
		}
	}
	if want := len(figures) + 8; checked != want {
		t.Errorf("%d answers were compared; want %d", checked, want)
	}
}

// alike compares numbers, lists of them, and verdicts.
func alike(got, want any, within float64) bool {
	switch w := want.(type) {
	case float64:
		g, ok := got.(float64)
		return ok && math.Abs(g-w) <= within
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !alike(g[i], w[i], within) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(got, want)
}
