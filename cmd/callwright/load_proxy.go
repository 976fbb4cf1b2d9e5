package main

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"callwright/scenarios"
	"callwright/traffic/impair"
)

func newLoadProxyCmd() *cobra.Command {
	x := &impairing{}
	c := &cobra.Command{
		Use:   "proxy",
		Short: "Stand between callers and a target as a network that loses, delays, reorders and repeats",
		Long: "Proxy passes SIP over UDP on to a target, puts itself into the session descriptions, and does to sound\n" +
			"(with --sip also to signalling) what the flags say, by a seed: the same datagrams have the same fate in\n" +
			"every run. It works until it is interrupted, and then says what it did and what jitter to expect.",
		Example: "  callwright load proxy --listen 127.0.0.1:6060 --to 127.0.0.1:5060 --loss 1% --delay 40ms --jitter \"exponential 5ms\"\n" +
			"  callwright load proxy --listen 127.0.0.1:6060 --to 127.0.0.1:5060 --loss 5% --sip",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return x.run(c) },
	}
	f := c.Flags()
	f.StringVar(&x.listen, "listen", "127.0.0.1:0", "where callers find it")
	f.StringVar(&x.to, "to", "", "the target, as 127.0.0.1:5060")
	f.StringVar(&x.loss, "loss", "0%", "part that is lost, each datagram by itself")
	f.DurationVar(&x.delay, "delay", 0, "of every datagram")
	f.StringVar(&x.jitter, "jitter", "always 0s", "and more, drawn for each, as \"exponential 5ms\" or \"gamma 8ms cv 0.5\"")
	f.StringVar(&x.reorder, "reorder", "0%", "part that is held back by 30 ms")
	f.StringVar(&x.twice, "duplicate", "0%", "part that comes twice")
	f.BoolVar(&x.sip, "sip", false, "do it to signalling too, not to sound alone")
	f.Uint64Var(&x.seed, "seed", 1, "seed of all that is drawn")
	f.StringSliceVar(&x.allow.allow, "allow", nil, "networks that may be sent to beside loopback")
	return c
}

type impairing struct {
	listen, to           string
	loss, reorder, twice string
	delay                time.Duration
	jitter               string
	sip                  bool
	seed                 uint64
	allow                wireFlags
}

func (x *impairing) run(c *cobra.Command) error {
	cfg, err := x.config()
	if err != nil {
		return err
	}
	p, err := impair.Listen(cfg)
	if err != nil {
		return fmt.Errorf("%w: %w", err, errRun)
	}
	fmt.Fprintf(c.ErrOrStderr(), "listening at %v, for %v; Ctrl-C ends it\n", p.Addr(), cfg.To)
	<-c.Context().Done()
	err = p.Close()
	n := p.Counts()
	fmt.Fprintf(c.OutOrStdout(), "SIP: %d passed, %d lost, %d twice. RTP and RTCP: %d passed, %d lost. Expected jitter (RFC 3550, mean |X1-X2| of the law): %.3g ms.\n",
		n.Passed.Load(), n.Lost.Load(), n.Twice.Load(), n.PassedRTP.Load(), n.LostRTP.Load(), 1000*impair.MeanDifference(cfg.RTP.Jitter))
	if err != nil {
		return fmt.Errorf("%w: %w", err, errRun)
	}
	return nil // interrupted: 130
}

func (x *impairing) config() (cfg impair.Config, err error) {
	if cfg.At, err = netip.ParseAddrPort(x.listen); err != nil {
		return cfg, fmt.Errorf("--listen is %s; want an address and a port, as 127.0.0.1:6060: %w", x.listen, errInput)
	}
	if cfg.To, err = netip.ParseAddrPort(x.to); err != nil {
		return cfg, fmt.Errorf("--to is %q; want the target's address and port, as 127.0.0.1:5060: %w", x.to, errInput)
	}
	if err := x.allow.allowed([]netip.AddrPort{cfg.At, cfg.To}); err != nil {
		return cfg, err
	}
	l := impair.Link{Delay: x.delay, Seed: x.seed}
	for _, p := range []struct {
		flag, text string
		v          *float64
	}{{"--loss", x.loss, &l.Loss}, {"--reorder", x.reorder, &l.Reorder}, {"--duplicate", x.twice, &l.Duplicate}} {
		n, ok := strings.CutSuffix(p.text, "%")
		v, err := strconv.ParseFloat(n, 64)
		if err != nil || !ok || !(v >= 0 && v <= 100) {
			return cfg, fmt.Errorf("%s is %s; want a percentage, as 1%%: %w", p.flag, p.text, errInput)
		}
		*p.v = v / 100
	}
	if l.Jitter, err = scenarios.ParseLaw(x.jitter, "always"); err != nil {
		return cfg, fmt.Errorf("--jitter: %w: %w", err, errInput)
	}
	if err := l.Validate(); err != nil {
		return cfg, fmt.Errorf("%w: %w", err, errInput)
	}
	if cfg.RTP = l; x.sip {
		cfg.SIP = l
	}
	return cfg, nil
}
