package main

import (
	"context"
	"fmt"
	"math"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"callwright/traffic"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
	"callwright/traffic/sipload"
)

func newLoadSelfcheckCmd() *cobra.Command {
	x := &selfcheck{}
	c := &cobra.Command{
		Use:   "selfcheck",
		Short: "The honest maximum of this host: calls/s and streams that it generates without being the bottleneck",
		Long: "Selfcheck calls an answerer in the same process over loopback, faster and faster, until this host is\n" +
			"the bottleneck by the same rules that make a run INVALID. Both sides share its cores, so against a\n" +
			"target on another machine it carries more. Delays' p99 on shared cores are the host's: they are\n" +
			"printed, and judged by nothing.",
		Example: "  callwright load selfcheck\n" +
			"  callwright load selfcheck --sound none --to 20000",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return x.run(c) },
	}
	x.wire = wireFlags{ports: 1, buffer: 60 * time.Millisecond}
	f := c.Flags()
	f.StringVar(&x.wire.transport, "transport", "udp", "udp or tcp")
	f.StringVar(&x.wire.sound, "sound", "pairs", "pairs, dense or none")
	f.Float64Var(&x.from, "from", 20, "first rate in calls/s")
	f.Float64Var(&x.to, "to", 5000, "highest rate in calls/s")
	f.DurationVar(&x.talk, "talk", 2*time.Second, "how long a call lasts")
	f.DurationVar(&x.step, "step", 5*time.Second, "time at a rate")
	return c
}

type selfcheck struct {
	wire       wireFlags
	from, to   float64
	talk, step time.Duration
}

func (x *selfcheck) run(c *cobra.Command) error {
	s := &loadstats.Search{From: x.from, To: x.to, Precision: 0.1, Tries: 1}
	if err := s.Validate(); err != nil {
		return fmt.Errorf("--from, --to: %w: %w", err, errInput)
	}
	w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "calls/s\tstarted/s\topen\tfailed\tset-up p50\tset-up p99\tlate p99\tbusy\twaited\tCPU s/1000 calls\tverdict\t")
	best := 0.0
	for rate, ok := s.Next(); ok && c.Context().Err() == nil; rate, ok = s.Next() {
		end, total, err := x.at(c.Context(), rate)
		if err != nil {
			return err
		}
		faults := end.Check.Faults()
		valid := len(faults) == 0 && total.Failed == 0
		verdict := "honest"
		if len(faults) > 0 {
			verdict = fmt.Sprint(faults)
		} else if total.Failed > 0 {
			verdict = fmt.Sprint(total.FailedBy()[0].Failure)
		}
		if valid {
			best = max(best, rate)
		}
		s.Told(loadstats.Trial{Rate: rate, Passed: valid, Valid: true})
		fmt.Fprintf(w, "%.4g\t%.4g\t%.0f\t%d\t%s\t%s\t%s\t%.0f %%\t%.0f %%\t%.3f\t%s\t\n", rate, end.Check.Reached, math.Round(rate*x.talk.Seconds()), total.Failed,
			ms(total.Quantile(loadstats.SetUp, 0.5)), ms(total.Quantile(loadstats.SetUp, 0.99)), ms(end.Check.LateP99.Seconds()), 100*end.Check.Busy, 100*end.Check.Waited,
			1000*end.Check.CPU/float64(max(1, total.Ended)), verdict)
	}
	w.Flush()
	if best == 0 {
		fmt.Fprintln(c.OutOrStdout(), "No rate was honest: this host is too busy, or --from too high.")
		return exitWith(loadstats.Invalid.Exit(), nil)
	}
	fmt.Fprintf(c.OutOrStdout(), "This host is honest up to %.4g calls/s of %v each (%.0f at once, sound: %s), caller and answerer on its %d cores together.\n", best, x.talk, best*x.talk.Seconds(), x.wire.sound, cores())
	return nil
}

func ms(s float64) string {
	if math.IsNaN(s) {
		return "-"
	}
	return fmt.Sprintf("%.3g ms", 1000*s)
}

// at calls an answerer of our own at a rate.
func (x *selfcheck) at(ctx context.Context, rate float64) (*loadstats.End, *loadstats.Interval, error) {
	sides := [2]*loadConfig{}
	for i := range sides {
		w := x.wire
		w.sources = []string{fmt.Sprintf("127.0.0.%d", 2+i)}
		cfg := &loadConfig{close: func() {}}
		cfg.Clock = newClock()
		if err := w.fill(ctx, cfg, ""); err != nil {
			return nil, nil, err
		}
		cfg.Sounds = soundsOnce()
		if _, err := cfg.Sounds(callscript.Sound{Kind: callscript.Speech}); err != nil { // made before the run
			return nil, nil, err
		}
		if err := w.open(cfg); err != nil {
			return nil, nil, err
		}
		defer cfg.close()
		sides[i] = cfg
	}
	answer := sides[0]
	answer.Answer = &callscript.Script{Role: callscript.Answerer, Steps: []callscript.Step{{Op: callscript.Answer}, {Op: callscript.Talk, Law: traffic.Never(), HasLaw: true, Sound: callscript.Sound{Kind: callscript.Speech}}}}
	talk, err := traffic.Deterministic(x.talk.Seconds())
	if err != nil {
		return nil, nil, fmt.Errorf("--talk: %w: %w", err, errInput)
	}
	caller := sides[1]
	caller.Script = &callscript.Script{Role: callscript.Caller, Steps: []callscript.Step{{Op: callscript.Call}, {Op: callscript.Talk, Law: talk, HasLaw: true, Sound: callscript.Sound{Kind: callscript.Speech}}, {Op: callscript.HangUp}}}
	if caller.Arrivals, err = sipload.NewRates(traffic.Constant(rate), sipload.Even, 0, x.step, 1, ""); err != nil {
		return nil, nil, misuse(err)
	}
	end, total, err := sipload.Facing(ctx, caller.Config, answer.Config)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", err, errRun)
	}
	return end, total, nil
}
