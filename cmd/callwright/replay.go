package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"callwright/realcore/journal"
)

func newReplayCmd() *cobra.Command {
	return &cobra.Command{
		Use:     "replay JOURNAL",
		Short:   "Replay a journal through the routing core and print the digest of its decisions",
		Example: "  callwright replay day.journal",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer f.Close()
			rd, err := journal.NewReader(bufio.NewReader(f))
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			p, err := journal.NewReplay(rd)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if err := p.All(nil); err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			fmt.Fprintf(c.OutOrStdout(), "plan %s, %d events (%d refused), effects %v\n", rd.Plan().Digest(), p.Events, p.Refused, &p.Digest)
			if rd.Torn() {
				fmt.Fprintf(c.ErrOrStderr(), "the journal ends in the middle of a frame; its first %d bytes are whole\n", rd.Offset())
			}
			return nil
		},
	}
}
