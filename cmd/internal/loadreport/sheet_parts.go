package loadreport

import (
	"bytes"
	"fmt"

	"callwright/cmd/internal/page"
)

func (b *sheet) trunk() {
	p, s := b.p, b.s
	h := p.Holding
	b.part("trunk")
	b.put("trunk.load", s.Trunk.Load, with{how: args(exact(p.CallsPerHour), secs(h.Sum()), secs(h.Ring), secs(h.IVR), secs(h.Queue), secs(h.Talk))})
	b.put("trunk.blocking", s.Trunk.Blocking, with{name: args(whole(p.Lines))})
	for _, n := range s.Trunk.Need {
		at := b.exactly(n.Blocking)
		b.put("trunk.lines", n.Lines, with{args(at), args(at), map[string]float64{"blocking": n.Blocking}})
	}
	b.part("peak")
	within := b.exactly(p.PeakWithin)
	b.put("peak.rate", s.Peak.Rate, with{how: args(exact(p.CallsPerHour))})
	b.put("peak.at_least", s.Peak.AtLeast, with{args(whole(p.PeakCalls)), args(whole(p.PeakCalls)), map[string]float64{"calls": float64(p.PeakCalls)}})
	b.put("peak.quantile", s.Peak.Quantile, with{args(within), args(within), map[string]float64{"probability": p.PeakWithin}})
}

func (b *sheet) media() {
	p, m, x := b.p, &b.p.Media, &b.s.Bits
	lines, packets := whole(p.Lines), exact(x.PacketsPerSec)
	b.part("bits")
	b.put("bits.ports", x.Ports, with{how: args(lines, whole(m.Legs), whole(m.PortsPerLeg))})
	b.put("bits.ip", x.IPKbps, with{how: args(whole(x.Payload), whole(m.RTP), whole(m.UDP), whole(m.IP), packets)})
	b.put("bits.ethernet", x.EthernetKbps, with{how: args(whole(x.IPBytes), whole(m.Ethernet), packets)})
	b.put("bits.trunk", x.TrunkMbps, with{how: args(lines, exact(x.EthernetKbps))})
	b.put("bits.packets", x.CorePackets, with{how: args(lines, whole(m.Legs), packets)})
	r := p.Recording
	b.part("recorder")
	b.put("recorder.bytes", b.s.Recorder.BytesPerSec, with{how: args(whole(r.SampleRate), whole(r.Bytes), whole(r.Channels))})
	b.put("recorder.gb", b.s.Recorder.BusyHourGB, with{how: args(exact(p.CallsPerHour), secs(p.Holding.Talk), whole(b.s.Recorder.BytesPerSec))})
}

func (b *sheet) voice() {
	if len(b.s.Voice) == 0 {
		return
	}
	v := &b.p.Voice
	b.part("voice")
	for i := range b.s.Voice {
		h := &b.s.Voice[i]
		of := map[string]float64{"loss": h.Loss, "delay_s": h.Delay.Seconds()}
		b.put("voice.r", h.R, with{how: args(exact(v.Ie), exact(v.Bpl), exact(v.BurstRatio)), of: of})
		b.put("voice.mos", h.MOS, with{of: of})
		b.put("voice.r_g107", h.FullR, with{of: of})
		b.put("voice.mos_g107", h.FullMOS, with{of: of})
	}
}

// paths is the table of the voice's part: a row a path, and each column's rule once.
func (b *sheet) paths(out *bytes.Buffer, p *sheetPart) {
	g := page.Grid{Title: "== " + p.Title + " ==", Head: []string{b.say("loss"), b.say("delay")}}
	const columns = 4
	for _, f := range p.Figures[:columns] {
		g.Head = append(g.Head, f.Definition)
	}
	for i := range b.s.Voice {
		h := &b.s.Voice[i]
		row := []string{b.exactly(h.Loss), exact(1000 * h.Delay.Seconds())}
		for k := range p.Figures[columns*i : columns*(i+1)] {
			row = append(row, b.shown(&p.Figures[columns*i+k]))
		}
		g.Rows = append(g.Rows, row)
	}
	var table bytes.Buffer
	g.Text(&table)
	out.Write(bytes.TrimLeft(table.Bytes(), "\n"))
	for k := range p.Figures[:columns] {
		f := &p.Figures[k]
		fmt.Fprintf(out, "%s\n    %s%s\n", f.Definition, f.Formula, b.ruled(f))
	}
}

func (b *sheet) invite() {
	p, u := b.p, &b.s.Invite
	var sent []float64
	for _, at := range u.Sent {
		sent = append(sent, at.Seconds())
	}
	b.part("invite")
	b.put("invite.sent", sent, with{name: args(p.Transport.String()), how: args(secs(p.T1))})
	b.put("invite.transmissions", len(sent), with{})
	b.put("invite.failed", u.Failed.Seconds(), with{how: args(secs(p.T1))})
}

func (b *sheet) proof() {
	q, n := &b.p.Proof, &b.s.Proof
	limit, level, rate := b.exactly(q.Failure), b.exactly(q.Confidence), b.say("rate", exact(q.Rate))
	b.part("proof")
	b.put("proof.calls", &n.Calls, with{name: args(limit, level), how: args(limit, level)})
	b.put("proof.seconds", n.Seconds, with{name: args(rate), how: args(count(n.Calls), rate)})
	b.put("proof.longest", n.Longest, with{how: args(whole(b.p.Lines), rate)})
	o, was := b.s.Observed, b.p.Observed
	if o == nil {
		return
	}
	b.part("observed")
	b.put("observed.estimate", o.Estimate, with{how: args(count(was.Failed), count(was.Calls))})
	b.put("observed.upper", o.Upper, with{name: args(level), how: args(level, count(was.Failed), count(was.Calls))})
	b.put("observed.proved", o.Proved, with{name: args(limit), how: args(limit)})
	var allowed *int64
	if o.Allowed >= 0 {
		allowed = &o.Allowed
	}
	b.put("observed.allowed", allowed, with{name: args(count(was.Calls))})
}

func (b *sheet) generator() {
	r, g := b.s.Generator, b.p.Generator
	if r == nil {
		return
	}
	hold, rate := secs(g.Hold), b.say("rate", exact(g.Rate))
	b.part("generator")
	for _, x := range r.At {
		at, of := secs(x.At), map[string]float64{"at_s": x.At.Seconds()}
		b.put("generator.fixed", x.Fixed, with{args(at, hold), args(rate, at, hold), of})
		b.put("generator.exponential", x.Exponential, with{args(at, hold), args(rate, at, hold), of})
	}
	b.put("generator.steady", r.Steady, with{name: args(hold), how: args(rate, hold)})
}

func (b *sheet) agents() {
	x, a := b.s.Agents, b.p.Agents
	if x == nil {
		return
	}
	n, k, handle := whole(a.Servers), whole(b.p.Lines), secs(a.HandleTime)
	b.part("agents")
	b.put("agents.load", x.Load, with{name: args(n), how: args(exact(b.p.CallsPerHour), handle)})
	b.put("agents.patient", x.Patient, with{name: args(k), how: args(n, k)})
	if l := x.Impatient; l != nil {
		patience := secs(a.Patience)
		b.put("agents.blocked", l.Blocked, with{name: args(k, patience), how: args(n, k, handle, patience)})
		b.put("agents.abandoned", l.Abandoned, with{how: args(patience)})
	}
}
