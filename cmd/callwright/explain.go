package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"callwright/realcore"
	"callwright/realcore/center"
	"callwright/sim/world"
)

func newExplainCmd() *cobra.Command {
	x := &explaining{}
	c := &cobra.Command{
		Use:   "explain SCENARIO",
		Short: "Why this agent and not that one, for one call of a simulated run",
		Long: "Explain plays a run again, up to the decisions about one call, and shows what the centre\n" +
			"weighed: every agent with his rank and key, or why he could not be taken.",
		Example: "  callwright explain two-teams --stream orders --call 120\n  callwright explain mine.yaml --call 7 --seed 3 --rep 12",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			k, err := openCentre(args[0])
			if err != nil {
				return err
			}
			if c.Flags().Changed("seed") {
				k.Seed = x.seed
			}
			return x.run(c.Context(), c.OutOrStdout(), k)
		},
	}
	f := c.Flags()
	f.Uint64Var(&x.seed, "seed", 1, "seed of the run; default: the scenario's")
	f.Uint32Var(&x.rep, "rep", 0, "which replication")
	f.Uint64Var(&x.call, "call", 1, "number of the call in its stream, from 1")
	f.StringVar(&x.stream, "stream", "", "which stream of calls; default: the first")
	return c
}

type explaining struct {
	seed   uint64
	rep    uint32
	call   uint64
	stream string
}

func (x *explaining) run(ctx context.Context, out io.Writer, k *centre) error {
	stream, names := -1, []string{}
	for i := range k.Demand.Sources {
		names = append(names, k.Demand.Sources[i].Name)
		if name := names[i]; stream < 0 && (x.stream == "" || name == x.stream) {
			stream = i
		}
	}
	if stream < 0 {
		return fmt.Errorf("--stream is %q; want one of %s: %w", x.stream, strings.Join(names, ", "), errInput)
	}
	w, err := world.New(k.Plan, k.Demand, k.Seed, x.rep)
	if err != nil {
		return fmt.Errorf("%w: %w", err, errRun)
	}
	n := 0
	w.Center.Watch(world.KeyOf(stream, x.call), func(ch *center.Choice) {
		n++
		explain(out, k, ch)
	})
	w.Stopped = func() bool { return ctx.Err() != nil }
	if _, err := w.Run(); err != nil {
		return fmt.Errorf("%w: %w", err, errRun)
	}
	if n == 0 {
		return fmt.Errorf("--call is %d; that run has no such call in %s, or no decision was about it: %w", x.call, names[stream], errInput)
	}
	return nil
}

// explain prints one decision.
func explain(w io.Writer, k *centre, ch *center.Choice) {
	p := k.Plan
	who := "nobody: the call waits"
	if ch.Agent != realcore.None {
		who = p.Agents[ch.Agent].Name
	}
	how := "the call chose among agents"
	if ch.Freed {
		how = "the agent became free and chose among calls"
	}
	fmt.Fprintf(w, "%s (%v into the run), queue %s, step %d of its search: %s (%s)\n", k.at(ch.At), ch.At, p.Queues[ch.Queue].Name, ch.Step, who, how)
	fmt.Fprintf(w, "  order %v: lowest rank, then lowest key, then who became ready first\n", p.Classes[ch.Class].Order)
	for _, a := range ch.Agents {
		name := p.Agents[a.Agent].Name
		switch {
		case a.Agent == ch.Agent:
			fmt.Fprintf(w, "  %-16s rank %d key %d  <- taken\n", name, a.Rank, a.Key)
		case a.WhyNot == center.Eligible:
			fmt.Fprintf(w, "  %-16s rank %d key %d\n", name, a.Rank, a.Key)
		default:
			fmt.Fprintf(w, "  %-16s %v\n", name, a.WhyNot)
		}
	}
	for _, r := range ch.Rivals {
		fmt.Fprintf(w, "  waiting: class %s rank %d, since %v\n", p.Classes[r.Class].Name, r.Rank, r.Since)
	}
}

// at is the civil time of an instant.
func (k *centre) at(t realcore.Instant) string {
	return k.Epoch.Add(time.Duration(t)).Format("2006-01-02 15:04:05")
}
