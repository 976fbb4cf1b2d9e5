// Command callwright is a workbench to design contact centres. See README.md.
//
// Exit codes: 0 done, 1 failed, 2 misuse or bad input, 3 a target was missed,
// 4 the run is invalid, 130 interrupted.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is printed with every result.
const version = "0.1.0"

// errInput marks mistakes of the person who called: exit code 2.
var errInput = errors.New("bad input")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() { // a second Ctrl-C ends what does not look at the first
		<-ctx.Done()
		stop()
	}()
	os.Exit(run(ctx, os.Args[1:]))
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string) int {
	root := newRootCmd()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var status exitStatus
	switch {
	case errors.Is(err, errClosed):
		return 0
	case errors.As(err, &status):
		return int(status)
	case err == nil && ctx.Err() != nil:
		return 130
	case err == nil:
		return 0
	}
	fmt.Fprintln(os.Stderr, "callwright:", err)
	if ctx.Err() != nil {
		return 130
	}
	if errors.Is(err, errRun) {
		return 1
	}
	return 2
}

// errClosed says that a centre was closed by whoever runs it, which is how it ends.
var errClosed = errors.New("closed")

// exitStatus is an exit code other than the usual ones: what it is about has been said.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// exitWith ends a command with a code, unless it has failed.
func exitWith(code int, err error) error {
	if err != nil || code == 0 {
		return err
	}
	return exitStatus(code)
}

// errRun marks failures that are not the caller's: exit code 1.
var errRun = errors.New("failed")

func newRootCmd() *cobra.Command {
	c := &cobra.Command{
		Use:           "callwright",
		Short:         "Compute, simulate and measure a contact centre with one and the same routing code",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	c.AddCommand(newDemoCmd(), newSimCmd(), newCompareCmd(), newFitCmd(), newMeasureCmd(), newReportCmd(), newReplayCmd(), newExplainCmd(),
		newScenarioCmd(), newSiteCmd(), newServeCmd(), newLoadCmd(), newDefinitionsCmd())
	return c
}
