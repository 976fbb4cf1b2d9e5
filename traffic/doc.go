// Package traffic holds demand and behaviour as random processes: when contacts
// arrive, how long they take, how long callers wait, how fast agents pick up,
// who calls again.
//
// The one idea in it: every random number has an address instead of a turn. A
// contact carries its [Luck], a hash of (seed, replication, stream, arrival
// number); the k-th number for a [Purpose] is a function of these alone, and goes
// through a quantile function. So the same caller comes in every design, is as
// impatient under 40 agents as under 41, and meets the wire as he met the
// simulator; 10 % more volume brings the same callers, sooner.
//
//   - [Law] is a distribution of seconds: handle time, patience, answer time;
//   - [Profile] is an arrival rate that changes with time, [Spike] a surge to add
//     to it, [Uncertainty] the error of the forecast it came from;
//   - [Stream] is a source of contacts, [Cursor] walks through its arrivals;
//   - [Redial] says who calls again;
//   - [Demand] is all of a centre's: its streams with the people behind them, its
//     agents' shifts and manners, its vendors'.
//
// A first call:
//
//	calls := traffic.Stream{Name: "sales", Rate: traffic.Constant(20.0 / 60)}
//	talk, err := traffic.Lognormal(240, 1.2)
//	...
//	for c := calls.Start(1, 0); ; {
//		at, key, luck, ok := c.Next()
//		if !ok {
//			break
//		}
//		fmt.Println(key, at, talk.Draw(luck, traffic.ForTalk, 0))
//	}
//
// It does not simulate, route, fit or read files, and knows no civil time: days
// and months come in as instants. It is pure: no clock, no goroutine, no state
// but the place of a Cursor, no generator but those reseeded for each draw.
// Mathematics is in seconds and contacts per second; what leaves for a simulator
// or a phone is rounded once, to nanoseconds.
//
// Uniform numbers, exponential, deterministic and empirical laws and arrivals are
// the same to the bit on every processor. Lognormal, Weibull, gamma and
// hyperexponential laws, exponential spikes and factors of uncertainty pass through
// package math, whose last bit may differ between architectures: about one
// duration in ten thousand then differs, by a nanosecond.
//
// sim/world, sim, sipload, callscript, fit and scenarios import it.
package traffic
