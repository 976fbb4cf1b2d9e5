package main

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/spf13/cobra"

	"callwright/netio"
	"callwright/scenarios"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
)

func newLoadAnswerCmd() *cobra.Command {
	x := &answering{}
	c := &cobra.Command{
		Use:   "answer [REGISTRAR]",
		Short: "Answer calls as a test endpoint, or as agents who register first",
		Long: "Answer takes the calls that come to its address until it is interrupted, and then prints what they\n" +
			"were. With a REGISTRAR and accounts it registers them first: each is an agent who takes a call at a\n" +
			"time. --limit makes an endpoint that refuses (503) what is above so many calls a second.",
		Example: "  callwright load answer --listen 127.0.0.1:5070 --ring 2s\n" +
			"  callwright load answer --listen 127.0.0.1:5070 --limit 50 --sound none\n" +
			"  callwright load answer sip:127.0.0.1 --accounts agents.csv --script agent.yaml",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			registrar := ""
			if len(args) > 0 {
				registrar = args[0]
			}
			return x.run(c, registrar)
		},
	}
	f := c.Flags()
	x.wire.flags(c)
	x.out.flags(c)
	f.StringVar(&x.listen, "listen", "", "address and port to take calls at, as 127.0.0.1:5070; default: any port of --source")
	f.StringVar(&x.ring, "ring", "always 0s", "how long it rings, as \"exponential 4s\"")
	f.StringVar(&x.talk, "talk", "", "how long until it hangs up itself; default: when the caller does")
	f.StringVar(&x.say, "say", "speech", "what it says: speech, silence, tone 440 or file NAME.wav")
	f.StringVar(&x.script, "script", "", "what it does with a call, from a YAML file (answerer: or agent:)")
	f.Float64Var(&x.limit, "limit", 0, "calls a second that it takes; others get 503 with Retry-After. 0: all")
	f.DurationVar(&x.length, "for", 0, "end after so long; 0: when interrupted")
	f.Uint64Var(&x.seed, "seed", 1, "seed of all that is drawn")
	return c
}

type answering struct {
	wire                            wireFlags
	out                             loadOutput
	listen, ring, talk, say, script string
	limit                           float64
	length                          time.Duration
	seed                            uint64
}

func (x *answering) run(c *cobra.Command, registrar string) error {
	if err := x.out.check(); err != nil {
		return err
	}
	cfg, about, err := x.config(c, registrar)
	if err != nil {
		return err
	}
	defer cfg.close()
	ready := cfg.OnReady
	cfg.OnReady = func(addrs []netip.AddrPort) {
		fmt.Fprintf(c.ErrOrStderr(), "answering at %v\n", addrs)
		if ready != nil {
			ready(addrs)
		}
	}
	story, verdict, err := x.out.play(c, cfg.Config, about)
	code := verdict.Exit()
	if story != nil && story.End.Interrupted { // which is how an answerer ends
		code = 0
	}
	return x.out.tell(c.OutOrStdout(), story, code, err)
}

func (x *answering) config(c *cobra.Command, registrar string) (*loadConfig, *loadstats.Run, error) {
	cfg := &loadConfig{close: func() {}}
	cfg.Clock = netio.NewClock()
	if x.listen != "" {
		at, err := netip.ParseAddrPort(x.listen)
		if err != nil {
			return nil, nil, fmt.Errorf("--listen is %s; want an address and a port, as 127.0.0.1:5070: %w", x.listen, errInput)
		}
		x.wire.sources, cfg.Port = []string{at.Addr().String()}, at.Port()
	}
	if err := x.wire.fill(c.Context(), cfg, registrar); err != nil {
		return nil, nil, err
	}
	for _, a := range cfg.Sources {
		if !a.IsLoopback() && x.wire.allowed([]netip.AddrPort{netip.AddrPortFrom(a, 1)}) != nil {
			return nil, nil, fmt.Errorf("it would answer at %v, which others reach; if that is meant, add --allow %v: %w", a, a, errInput)
		}
	}
	role := callscript.Answerer
	if registrar != "" {
		role = callscript.Agent
	}
	cfg.Sounds, cfg.Seed, cfg.Length, cfg.Limit = soundsOnce(), x.seed, x.length, x.limit
	s, err := x.steps(role)
	if err != nil {
		return nil, nil, err
	}
	if role == callscript.Agent {
		cfg.Agents = s
	} else {
		cfg.Answer = s
	}
	if err := readSounds(cfg, s); err != nil {
		return nil, nil, err
	}
	if err := x.wire.open(cfg); err != nil {
		return nil, nil, err
	}
	if err := cfg.Validate(); err != nil {
		cfg.close()
		return nil, nil, fmt.Errorf("%w: %w", err, errInput)
	}
	about := &loadstats.Run{Version: version, Target: registrar, Began: time.Now(), Arrivals: "whoever calls", Model: loadstats.Taken, Script: s.Name, Seed: x.seed, Transport: x.wire.transport, Sound: x.wire.sound, Buffer: x.wire.buffer}
	return cfg, about, nil
}

// steps is what is done with a call.
func (x *answering) steps(role callscript.Role) (*callscript.Script, error) {
	if x.script != "" {
		return readScript(x.script, role)
	}
	ring, err := scenarios.ParseLaw(x.ring, "always")
	if err != nil {
		return nil, fmt.Errorf("--ring: %w: %w", err, errInput)
	}
	said, err := saidBy(x.say)
	if err != nil {
		return nil, err
	}
	s := &callscript.Script{Name: "ring " + x.ring + ", answer", Role: role}
	if role == callscript.Agent {
		s.Steps = append(s.Steps, callscript.Step{Op: callscript.Register})
	}
	s.Steps = append(s.Steps, callscript.Step{Op: callscript.Ring, Law: ring, HasLaw: true}, callscript.Step{Op: callscript.Answer})
	talk := x.talk
	if talk == "" {
		talk = "always 24h"
	}
	law, err := scenarios.ParseLaw(talk, "always")
	if err != nil {
		return nil, fmt.Errorf("--talk: %w: %w", err, errInput)
	}
	s.Steps = append(s.Steps, callscript.Step{Op: callscript.Talk, Law: law, HasLaw: true, Sound: said})
	return s, nil
}
