package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"callwright/realcore"
	"callwright/realcore/center"
	"callwright/sim/workload"
	"callwright/sim/world"
)

func newExplainCmd() *cobra.Command {
	var seed uint64
	var rep uint32
	var call uint64
	var queue string
	c := &cobra.Command{
		Use:   "explain",
		Short: "Why this agent and not that one, for one call of the demo's day",
		Long: "Explain runs the demo's day again, to the decisions about one call, and shows what the\n" +
			"centre weighed: every agent with his rank and key, or why he could not be taken.",
		Example: "  callwright explain --queue orders --call 120\n  callwright explain --queue service --call 7 --seed 3 --rep 12",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, d := workload.MailOrder()
			stream := -1
			for i := range d.Sources {
				if d.Sources[i].Name == queue {
					stream = i
				}
			}
			if stream < 0 {
				return fmt.Errorf("--queue is %q; want orders or service: %w", queue, errInput)
			}
			w, err := world.New(p, d, seed, rep)
			if err != nil {
				return fmt.Errorf("%w: %w", err, errRun)
			}
			n := 0
			w.Center.Watch(world.KeyOf(stream, call), func(ch *center.Choice) {
				n++
				explain(c.OutOrStdout(), p, ch)
			})
			if _, err := w.Run(); err != nil {
				return fmt.Errorf("%w: %w", err, errRun)
			}
			if n == 0 {
				return fmt.Errorf("--call is %d; that day has no such call in %s, or no decision was about it: %w", call, queue, errInput)
			}
			return nil
		},
	}
	f := c.Flags()
	f.Uint64Var(&seed, "seed", 1, "seed of the run")
	f.Uint32Var(&rep, "rep", 0, "which replication")
	f.Uint64Var(&call, "call", 1, "number of the call in its queue's stream, from 1")
	f.StringVar(&queue, "queue", "orders", "orders or service")
	return c
}

// explain prints one decision.
func explain(w io.Writer, p *realcore.Plan, ch *center.Choice) {
	who := "nobody: the call waits"
	if ch.Agent != realcore.None {
		who = p.Agents[ch.Agent].Name
	}
	how := "the call chose among agents"
	if ch.Freed {
		how = "the agent became free and chose among calls"
	}
	fmt.Fprintf(w, "at %v, queue %s, step %d of its search: %s (%s)\n", ch.At, p.Queues[ch.Queue].Name, ch.Step, who, how)
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
