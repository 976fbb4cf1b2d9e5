package journal_test

import (
	"bytes"
	"testing"

	"callwright/realcore"
	"callwright/realcore/coretest"
	"callwright/realcore/journal"
)

// FuzzReplay feeds the reader anything: it must neither panic nor hang, and a
// replay of what it accepts must not panic either.
func FuzzReplay(f *testing.F) {
	p, err := coretest.ParsePlan("group g ring=15s\nagents g a1\nqueue q\nentry main -> q\n")
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	w, err := journal.NewWriter(&b, p)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bytes.Clone(b.Bytes()))
	for i, ev := range []realcore.Event{realcore.OfAgent(realcore.AgentReady, 0), realcore.Arrive(1, 0),
		realcore.OfOffer(realcore.OfferAnswered, realcore.Ref{Gen: 1}), realcore.OfContact(realcore.HungUp, realcore.Ref{Gen: 1})} {
		if err := w.Event(realcore.Instant(i)*1e9, &ev); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(b.Bytes())
	f.Add([]byte("CWJ1"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		rd, err := journal.NewReader(bytes.NewReader(data))
		if err != nil {
			return
		}
		rp, err := journal.NewReplay(rd)
		if err != nil {
			return
		}
		_ = rp.All(nil)
	})
}
