package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"callwright/cmd/internal/loadreport"
	"callwright/sipua/dialog"
	"callwright/traffic/preflight"
)

func newLoadPreflightCmd() *cobra.Command {
	x := &preflighting{plan: preflight.Default()}
	c := &cobra.Command{
		Use:   "preflight",
		Short: "What an acceptance test of trunk, core and recorder should find, computed before a call is made",
		Long: "Preflight takes a planner's busy hour and prints what standards and arithmetic make of it: the\n" +
			"trunk's load, blocking and channels, the peak of INVITEs, ports, bandwidth and packets, recordings,\n" +
			"R and MOS, when an unanswered INVITE is sent again and fails, how many calls prove a share of\n" +
			"failures, what an outcome proves, how calls pile up, and what agents behind the trunk block.\n" +
			"It calls nobody. Each figure has its definition, its unit, its formula and its source.\n\n" +
			"Shares are written as 1% or 0.01. What is asked with --observed, --generator-rate and --agents is\n" +
			"answered only where these are given.",
		Example: preflightExample,
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return x.run(c) },
	}
	x.flags(c.Flags())
	return c
}

// preflightExample asks all that there is to ask. A test holds it to a worked case.
const preflightExample = `  callwright load preflight --calls-per-hour 600 --ring 6s --ivr 25s --queue 30s --talk 240s --channels 60 \
    --blocking 1%,0.1% --peak-calls 3 --peak-within 99.99% \
    --codec-rate 64 --ptime 20ms --rtp-header 12 --udp-header 8 --ip-header 20 --ethernet-header 18 --legs 2 --ports-per-leg 2 \
    --record stereo --path 0%:50ms,1%:150ms,3%:150ms,1%:300ms --ie 0 --bpl 25.1 --transport udp --t1 500ms \
    --prove 0.1% --confidence 95% --proof-rate 5 --observed 12/20000 \
    --generator-rate 2.5 --generator-hold 100s --generator-at 40s,100s --agents 45 --handle 300s --patience 90s
  callwright load preflight --calls-per-hour 600 --talk 4m --channels 60 --lang ja`

// preflighting is what preflight is told; what its text says is in plan only after read.
type preflighting struct {
	plan                          preflight.Plan
	blocking, paths               []string
	peakWithin, prove, confidence string
	record, transport, observed   string
	generator                     preflight.Generator
	agents                        preflight.Agents
	format, lang                  string
}

func (x *preflighting) flags(f *pflag.FlagSet) {
	p := &x.plan
	f.Float64Var(&p.CallsPerHour, "calls-per-hour", 0, "attempts of the busy hour")
	f.DurationVar(&p.Holding.Ring, "ring", 0, "how long a call holds its channel while it rings, mean")
	f.DurationVar(&p.Holding.IVR, "ivr", 0, "likewise in the IVR")
	f.DurationVar(&p.Holding.Queue, "queue", 0, "likewise waiting")
	f.DurationVar(&p.Holding.Talk, "talk", 0, "likewise talking, which is what is recorded")
	f.IntVar(&p.Lines, "channels", 0, "channels of the trunk")
	f.StringSliceVar(&x.blocking, "blocking", []string{"1%", "0.1%"}, "blocking to find the channels for")
	f.IntVar(&p.PeakCalls, "peak-calls", p.PeakCalls, "P(so many INVITEs or more in one second)")
	f.StringVar(&x.peakWithin, "peak-within", "99.99%", "one-second peak that is not exceeded with this probability")

	m := &p.Media
	f.Float64Var(&m.CodecRate, "codec-rate", m.CodecRate, "kbit/s of the codec alone; 64 is G.711")
	f.DurationVar(&m.PTime, "ptime", m.PTime, "sound in a packet")
	f.IntVar(&m.RTP, "rtp-header", m.RTP, "bytes")
	f.IntVar(&m.UDP, "udp-header", m.UDP, "bytes")
	f.IntVar(&m.IP, "ip-header", m.IP, "bytes; 20 is IPv4, 40 IPv6")
	f.IntVar(&m.Ethernet, "ethernet-header", m.Ethernet, "bytes with FCS, without preamble and gap; 22 with a VLAN tag")
	f.IntVar(&m.Legs, "legs", m.Legs, "legs of a call through the core")
	f.IntVar(&m.PortsPerLeg, "ports-per-leg", m.PortsPerLeg, "2: RTP and RTCP apart; 1: on one port (RFC 5761)")
	f.StringVar(&x.record, "record", "stereo", "stereo, mono or none: PCM16 at --record-rate")
	f.IntVar(&p.Recording.SampleRate, "record-rate", p.Recording.SampleRate, "Hz")

	v := &p.Voice
	f.StringSliceVar(&x.paths, "path", []string{"0%:50ms", "1%:150ms", "3%:150ms", "1%:300ms"}, "packet loss and one-way delay to rate")
	f.Float64Var(&v.Ie, "ie", v.Ie, "the codec's impairment, G.113; 0 is G.711")
	f.Float64Var(&v.Bpl, "bpl", v.Bpl, "its robustness against loss, G.113; 25.1 is G.711 with concealment")
	f.Float64Var(&v.BurstRatio, "burst-ratio", v.BurstRatio, "G.107's BurstR; 1: losses are independent")
	f.StringVar(&x.transport, "transport", "udp", "of SIP: udp or tcp")
	f.DurationVar(&p.T1, "t1", p.T1, "RFC 3261's T1")

	f.StringVar(&x.prove, "prove", "0.1%", "share of failed calls to be proved")
	f.StringVar(&x.confidence, "confidence", "95%", "with this confidence, one-sided")
	f.Float64Var(&p.Proof.Rate, "proof-rate", p.Proof.Rate, "calls/s of the proof")
	f.StringVar(&x.observed, "observed", "", "what a test has seen: failed calls of all, as 12/20000")
	f.Float64Var(&x.generator.Rate, "generator-rate", 0, "calls/s at which a generator begins on an empty system")
	f.DurationVar(&x.generator.Hold, "generator-hold", 0, "how long its calls last, fixed or in the mean")
	f.DurationSliceVar(&x.generator.At, "generator-at", nil, "how many calls are up so long after, as 40s,100s")
	f.IntVar(&x.agents.Servers, "agents", 0, "agents behind the trunk")
	f.DurationVar(&x.agents.HandleTime, "handle", 0, "how long an agent handles a call, mean; its channel is held throughout")
	f.DurationVar(&x.agents.Patience, "patience", 0, "mean patience of waiting callers, exponential; 0: only callers who never give up")
	f.StringVar(&x.format, "format", "text", "text or json")
	f.StringVar(&x.lang, "lang", "en", "en or ja")
}

func (x *preflighting) run(c *cobra.Command) error {
	if err := x.read(c.Flags()); err != nil {
		return err
	}
	s, err := x.plan.Sheet()
	if err != nil {
		return fmt.Errorf("%w: %w", err, errInput)
	}
	if x.format == "json" {
		return loadreport.SheetJSON(c.OutOrStdout(), version, x.inputs(), &x.plan, s, x.lang)
	}
	return loadreport.Sheet(c.OutOrStdout(), &x.plan, s, x.lang)
}

// read puts the plan together and tells all mistakes at once.
func (x *preflighting) read(f *pflag.FlagSet) error {
	var errs []error
	bad := func(flag, value, want string) {
		errs = append(errs, fmt.Errorf("--%s is %s; want %s", flag, value, want))
	}
	share := func(flag, s, as string) float64 {
		digits, percent := strings.CutSuffix(s, "%")
		if percent {
			digits += "e-2" // a division would make 99.99% a bit less than 0.9999
		}
		v, err := strconv.ParseFloat(digits, 64)
		if err != nil || !percent && v >= 1 {
			bad(flag, strconv.Quote(s), "a share as "+as)
			return 0.5 // so that it is told once
		}
		return v
	}
	oneOf := func(flag, s string, of ...string) {
		for _, x := range of {
			if s == x {
				return
			}
		}
		bad(flag, strconv.Quote(s), strings.Join(of[:len(of)-1], ", ")+" or "+of[len(of)-1])
	}
	p := &x.plan
	p.Blocking = nil
	for _, s := range x.blocking {
		p.Blocking = append(p.Blocking, share("blocking", s, "1% or 0.01"))
	}
	p.PeakWithin = share("peak-within", x.peakWithin, "99.99% or 0.9999")
	p.Proof.Failure = share("prove", x.prove, "0.1% or 0.001")
	p.Proof.Confidence = share("confidence", x.confidence, "95% or 0.95")
	p.Voice.Paths = nil
	for _, s := range x.paths {
		loss, delay, ok := strings.Cut(s, ":")
		d, err := time.ParseDuration(delay)
		if !ok || err != nil {
			bad("path", strconv.Quote(s), "a loss and a one-way delay, as 1%:150ms")
			continue
		}
		p.Voice.Paths = append(p.Voice.Paths, preflight.Path{Loss: share("path", loss, "1% or 0.01, and a delay: 1%:150ms"), Delay: d})
	}
	oneOf("record", x.record, "stereo", "mono", "none")
	p.Recording.Channels = map[string]int{"stereo": 2, "mono": 1}[x.record]
	oneOf("transport", x.transport, "udp", "tcp")
	if x.transport == "tcp" {
		p.Transport = dialog.TCP
	}
	if x.observed != "" {
		k, n, ok := strings.Cut(x.observed, "/")
		failed, err := strconv.ParseInt(k, 10, 64)
		calls, err2 := strconv.ParseInt(n, 10, 64)
		if !ok || err != nil || err2 != nil {
			bad("observed", strconv.Quote(x.observed), "failed calls of all, as 12/20000")
		} else {
			p.Observed = &preflight.Observed{Failed: failed, Calls: calls}
		}
	}
	needs := func(flag string, others ...string) bool {
		for _, o := range others {
			if f.Changed(o) && !f.Changed(flag) {
				bad(o, f.Lookup(o).Value.String(), "--"+flag+" beside it, without which it says nothing")
			}
		}
		return f.Changed(flag)
	}
	if needs("generator-rate", "generator-hold", "generator-at") {
		p.Generator = &x.generator
	}
	if needs("agents", "handle", "patience") {
		p.Agents = &x.agents
	}
	oneOf("format", x.format, "text", "json")
	oneOf("lang", x.lang, loadreport.Languages()...)
	for _, m := range p.Mistakes() {
		bad(m.Name, m.Value, m.Want)
	}
	if len(errs) > 0 {
		return fmt.Errorf("%w: %w", errors.Join(errs...), errInput)
	}
	return nil
}

// inputs is the plan as JSON has it: by the flags' names, with the units in them.
func (x *preflighting) inputs() map[string]any {
	p := &x.plan
	paths := []map[string]float64{}
	for _, v := range p.Voice.Paths {
		paths = append(paths, map[string]float64{"loss": v.Loss, "delay_s": v.Delay.Seconds()})
	}
	in := map[string]any{
		"calls_per_hour": p.CallsPerHour, "ring_s": p.Holding.Ring.Seconds(), "ivr_s": p.Holding.IVR.Seconds(), "queue_s": p.Holding.Queue.Seconds(), "talk_s": p.Holding.Talk.Seconds(),
		"channels": p.Lines, "blocking": p.Blocking, "peak_calls": p.PeakCalls, "peak_within": p.PeakWithin,
		"codec_kbit_per_s": p.Media.CodecRate, "ptime_s": p.Media.PTime.Seconds(), "rtp_header_bytes": p.Media.RTP, "udp_header_bytes": p.Media.UDP, "ip_header_bytes": p.Media.IP, "ethernet_header_bytes": p.Media.Ethernet,
		"legs": p.Media.Legs, "ports_per_leg": p.Media.PortsPerLeg, "record": x.record, "record_rate_hz": p.Recording.SampleRate,
		"paths": paths, "ie": p.Voice.Ie, "bpl": p.Voice.Bpl, "burst_ratio": p.Voice.BurstRatio, "transport": x.transport, "t1_s": p.T1.Seconds(),
		"prove": p.Proof.Failure, "confidence": p.Proof.Confidence, "proof_calls_per_s": p.Proof.Rate,
	}
	if o := p.Observed; o != nil {
		in["observed_failed"], in["observed_calls"] = o.Failed, o.Calls
	}
	if g := p.Generator; g != nil {
		at := []float64{}
		for _, d := range g.At {
			at = append(at, d.Seconds())
		}
		in["generator_calls_per_s"], in["generator_hold_s"], in["generator_at_s"] = g.Rate, g.Hold.Seconds(), at
	}
	if a := p.Agents; a != nil {
		in["agents"], in["handle_s"], in["patience_s"] = a.Servers, a.HandleTime.Seconds(), a.Patience.Seconds()
	}
	return in
}
