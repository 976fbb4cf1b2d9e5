// Package fit turns a centre's history into the figures of a scenario: how many
// call and when, how far that scatters, how long they are served, how long they
// would wait, and who was there to serve them; each with an interval and with
// how well it fits. cmd and sim/bridge use it.
//
// The one idea in it: a log shows ends of stretches of time, some of them cut
// off. A caller who was answered would have waited longer (cut on the right), an
// agent who was idle when the next call came had been free for some time (cut
// on the left); both are counted as what they are. Everything is estimated from
// the days of History alone, so that other days can judge it.
//
// It opens no files, simulates nothing, and knows no scenario types: Scenario
// writes the text of a scenario file, which package scenarios reads like
// anybody's.
//
// A first call:
//
//	h := fit.NewHistory(fit.Options{From: first, To: last})
//	calllog.Read(r, calllog.Options{Zone: zone}, h.Add)
//	m, err := h.Fit()
//	text, err := m.Scenario(fit.Forecast{Name: "next-month", First: day, Days: 30})
package fit
