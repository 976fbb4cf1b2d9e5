package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"callwright/netio"
	"callwright/sipua/dialog"
	"callwright/traffic/loadstats"
	"callwright/traffic/sipload"
	"callwright/traffic/sipload/sound"
)

func newLoadCmd() *cobra.Command {
	o := &loading{}
	c := &cobra.Command{
		Use:   "load TARGET",
		Short: "Call a SIP endpoint as real callers would, measure it, and judge",
		Long: "Load calls TARGET, a SIP address, under an open model: when each call starts is drawn before,\n" +
			"whether or not earlier ones have ended. It prints RFC 6076's figures, delays from the first\n" +
			"request and from the intended start, the quality of what was heard, and a verdict; a run in\n" +
			"which this generator was the bottleneck is INVALID and says nothing of the target.\n\n" +
			"Only loopback may be called unless --allow lists the target's network. Exit: 0 passed, 1 calls\n" +
			"failed and no threshold says how many may, 2 misuse, 3 a threshold was breached, 4 the run is\n" +
			"invalid, 130 interrupted (what was measured is printed).",
		Example: "  callwright load sip:500@127.0.0.1 --rate 5 --calls 300\n" +
			"  callwright load sip:500@127.0.0.1 --ramp 1:0s,50:2m --require \"p99(srd) < 800ms\" --require \"failed < 0.5% at 95%\" --html run.html\n" +
			"  callwright load sip:500@127.0.0.1 --script menu.yaml --rate 2 --for 1m --worst worst/\n" +
			"  callwright load sip:500@127.0.0.1 --scenario mail-order-day --begin 1h --for 1m --speed 20\n" +
			"  callwright load sip:127.0.0.1 --register --accounts users.csv --rate 50\n" +
			"  callwright load find-limit sip:500@127.0.0.1 --from 5 --to 200 --require \"failed < 0.5% at 95%\"",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.flags(c)
	c.AddCommand(newLoadAnswerCmd(), newLoadSelfcheckCmd(), newLoadFindLimitCmd(), newLoadDiffCmd(), newLoadReportCmd(), newLoadProxyCmd(), newLoadPreflightCmd())
	return c
}

// loading is what a run of load is told.
type loading struct {
	who   callersFlags
	wire  wireFlags
	out   loadOutput
	judge judgeFlags
}

func (o *loading) flags(c *cobra.Command) {
	o.who.flags(c)
	o.wire.flags(c)
	o.judge.flags(c)
	o.out.flags(c)
}

// wireFlags say how calls are made.
type wireFlags struct {
	transport string
	sources   []string
	ports     int
	sound     string
	rtpPorts  string
	buffer    time.Duration
	accounts  string
	account   []string
	from      string
	headers   []string
	routes    []string
	allow     []string
	agent     string
}

func (w *wireFlags) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&w.transport, "transport", "udp", "udp or tcp")
	f.StringSliceVar(&w.sources, "source", nil, "addresses to call from, in turn, with sound at the first; default: the one that reaches the target")
	f.IntVar(&w.ports, "ports", 1, "SIP ports on each address, in turn")
	f.StringVar(&w.sound, "sound", "pairs", "pairs: an RTP port pair a call; dense: shared ports, for thousands of calls; none: calls offer audio and send none")
	f.StringVar(&w.rtpPorts, "rtp-ports", "", "RTP ports, as 20000-29998; default: any")
	f.DurationVar(&w.buffer, "buffer", 60*time.Millisecond, "jitter buffer that MOS is stated for")
	f.StringVar(&w.accounts, "accounts", "", "file of accounts, a line each: user,secret or user,secret,domain")
	f.StringArrayVar(&w.account, "account", nil, "one account, as user:secret or user:secret@domain; more than one: callers have them in turn")
	f.StringVar(&w.from, "caller", "load", "user part of From of callers without an account; {n} is the call's number")
	f.StringArrayVar(&w.headers, "header", nil, "a further header of each INVITE, as \"X-Test: 1\"")
	f.StringArrayVar(&w.routes, "route", nil, "a Route, as \"<sip:proxy.example;lr>\"; the first is the next hop")
	f.StringSliceVar(&w.allow, "allow", nil, "networks that may be called beside loopback, as 192.0.2.0/24")
	f.StringVar(&w.agent, "user-agent", "callwright-load/"+version, "User-Agent; empty: none")
}

// judgeFlags say what is asked of the target.
type judgeFlags struct {
	require []string
	early   bool
}

func (j *judgeFlags) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&j.require, "require", nil, "a threshold: \"p99(srd) < 800ms\", \"ser > 99.5%\", \"p5(mos) > 3.8\", \"failed < 0.5% at 95%\" (proved, exact bound)")
	f.BoolVar(&j.early, "early", false, "end the run as soon as a share with \"at\" cannot be proved any more at the planned number of calls (curtailed test)")
}

func (o *loading) run(c *cobra.Command, target string) error {
	if err := o.out.check(); err != nil {
		return err
	}
	cfg, about, err := o.config(c.Context(), target)
	if err != nil {
		return err
	}
	defer cfg.close()
	story, verdict, err := o.out.play(c, cfg.Config, about)
	return o.out.tell(c.OutOrStdout(), story, verdict.Exit(), err)
}

// loadConfig is a run with what it has open.
type loadConfig struct {
	sipload.Config
	close func()
}

// config puts a run together, and what it says of itself.
func (o *loading) config(ctx context.Context, target string) (*loadConfig, *loadstats.Run, error) {
	thresholds, err := loadstats.ParseThresholds(o.judge.require)
	if err != nil {
		return nil, nil, fmt.Errorf("--require: %w: %w", err, errInput)
	}
	cfg := &loadConfig{close: func() {}}
	cfg.Clock = netio.NewClock()
	if err := o.wire.fill(ctx, cfg, target); err != nil {
		return nil, nil, err
	}
	about := &loadstats.Run{Version: version, Target: cfg.Target, Began: time.Now(), Seed: o.who.seed, Thresholds: o.judge.require, Transport: o.wire.transport, Sound: o.wire.sound, Buffer: o.wire.buffer,
		Host: fmt.Sprintf("%s/%s, %d cores, %s", runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), runtime.Version())}
	if err := o.who.fill(cfg, about); err != nil {
		return nil, nil, err
	}
	cfg.Thresholds, cfg.Early, cfg.Seed = thresholds, o.judge.early, o.who.seed
	if err := provable(thresholds, cfg.Arrivals.Planned()); err != nil {
		return nil, nil, err
	}
	if err := o.wire.open(cfg); err != nil {
		return nil, nil, err
	}
	if err := cfg.Validate(); err != nil {
		cfg.close()
		return nil, nil, fmt.Errorf("%w: %w", err, errInput)
	}
	return cfg, about, nil
}

// provable refuses a run that has too few calls for what it is to prove, even if all go well.
func provable(ts loadstats.Thresholds, planned int64) error {
	var errs []error
	for i := range ts {
		if n := ts[i].Least(); planned > 0 && planned < n {
			errs = append(errs, fmt.Errorf("--require %q needs %d calls or more, all of them good, and %d are planned; want --calls %d, a longer --for, or a weaker share: %w", ts[i].Text, n, planned, n, errInput))
		}
	}
	return errors.Join(errs...)
}

// fill says where the target is and who calls it.
func (w *wireFlags) fill(ctx context.Context, cfg *loadConfig, target string) error {
	if target != "" && !strings.Contains(target, ":") {
		target = "sip:" + target
	}
	switch w.transport {
	case "udp":
		cfg.Transport = dialog.UDP
	case "tcp":
		cfg.Transport = dialog.TCP
	default:
		return fmt.Errorf("--transport is %s; want udp or tcp: %w", w.transport, errInput)
	}
	var err error
	if target != "" {
		next := target
		if len(w.routes) > 0 {
			next = strings.Trim(w.routes[0], "<>")
		}
		if cfg.Addrs, err = sipload.Resolve(ctx, next, cfg.Transport); err != nil {
			return fmt.Errorf("target: %w: %w", err, errInput)
		}
		if err := w.allowed(cfg.Addrs); err != nil {
			return err
		}
	}
	if cfg.May, err = w.listed(); err != nil {
		return err
	}
	cfg.Target, cfg.Routes, cfg.Headers, cfg.From, cfg.Ports, cfg.Agent, cfg.Buffer, cfg.Fast = target, w.routes, w.headers, w.from, w.ports, w.agent, w.buffer, true
	if cfg.Accounts, err = w.readAccounts(); err != nil {
		return err
	}
	return w.readSources(cfg)
}

// allowed refuses targets that nobody has listed: load must not hit what it was not
// meant for.
func (w *wireFlags) allowed(addrs []netip.AddrPort) error {
	may, err := w.listed()
	if err != nil {
		return err
	}
	for _, a := range addrs {
		if !may(a.Addr()) {
			return fmt.Errorf("target is %v, which is neither loopback nor listed; if it is yours to load, add --allow %v: %w", a, a.Addr(), errInput)
		}
	}
	return nil
}

// listed says which addresses may be sent to: loopback, and what --allow names.
func (w *wireFlags) listed() (func(netip.Addr) bool, error) {
	var nets []netip.Prefix
	for _, s := range w.allow {
		p, err := netip.ParsePrefix(s)
		if a, err2 := netip.ParseAddr(s); err2 == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("--allow is %s; want a network as 192.0.2.0/24 or an address: %w", s, errInput)
		}
		nets = append(nets, p)
	}
	return func(a netip.Addr) bool {
		return a.IsLoopback() || slices.ContainsFunc(nets, func(p netip.Prefix) bool { return p.Contains(a) })
	}, nil
}

func (w *wireFlags) readAccounts() (out []sipload.Account, err error) {
	for _, s := range w.account {
		user, rest, ok := strings.Cut(s, ":")
		secret, domain, _ := cutLast(rest, "@")
		if !ok || user == "" {
			return nil, fmt.Errorf("--account is %q; want user:secret or user:secret@domain: %w", report1(s), errInput)
		}
		out = append(out, sipload.Account{User: user, Secret: secret, Domain: domain})
	}
	if w.accounts == "" {
		return out, nil
	}
	b, err := os.ReadFile(w.accounts)
	if err != nil {
		return nil, fmt.Errorf("--accounts: %w: %w", err, errInput)
	}
	for i, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
		f := strings.Split(strings.TrimSpace(line), ",")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if len(f) < 2 || len(f) > 3 || f[0] == "" {
			return nil, fmt.Errorf("%s:%d: want user,secret or user,secret,domain: %w", w.accounts, i+1, errInput)
		}
		a := sipload.Account{User: f[0], Secret: f[1]}
		if len(f) == 3 {
			a.Domain = f[2]
		}
		out = append(out, a)
	}
	return out, nil
}

// report1 keeps a secret out of a message: only what stands before the colon is shown.
func report1(s string) string {
	user, _, ok := strings.Cut(s, ":")
	if ok {
		return user + ":..."
	}
	return s
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func (w *wireFlags) readSources(cfg *loadConfig) error {
	for _, s := range w.sources {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return fmt.Errorf("--source is %s; want an address of this machine: %w", s, errInput)
		}
		cfg.Sources = append(cfg.Sources, a)
	}
	if len(cfg.Sources) == 0 {
		a := netip.AddrFrom4([4]byte{127, 0, 0, 1})
		if len(cfg.Addrs) > 0 {
			a = netio.Reaching(cfg.Addrs[0])
		}
		cfg.Sources = []netip.Addr{a}
	}
	if w.ports < 1 || w.ports > 10_000 {
		return fmt.Errorf("--ports is %d; want 1 to 10,000: %w", w.ports, errInput)
	}
	return nil
}

// open opens the sound.
func (w *wireFlags) open(cfg *loadConfig) error {
	kinds := map[string]func(sound.Config) (sound.Engine, error){"pairs": sound.Pairs, "dense": sound.Dense, "none": nil}
	make, ok := kinds[w.sound]
	if !ok {
		return fmt.Errorf("--sound is %s; want pairs, dense or none: %w", w.sound, errInput)
	}
	if make == nil {
		return nil
	}
	sc := sound.Config{Bind: cfg.Sources[0], Buffer: w.buffer, Clock: cfg.Clock, Workers: max(1, runtime.GOMAXPROCS(0)-1)}
	if w.rtpPorts != "" {
		if _, err := fmt.Sscanf(w.rtpPorts, "%d-%d", &sc.PortMin, &sc.PortMax); err != nil {
			return fmt.Errorf("--rtp-ports is %s; want a range as 20000-29998: %w", w.rtpPorts, errInput)
		}
	}
	if err := sc.Validate(); err != nil {
		return fmt.Errorf("%w: %w", err, errInput)
	}
	e, err := make(sc)
	if err != nil {
		return fmt.Errorf("sound: %w: %w", err, errRun)
	}
	cfg.Sound = e
	cfg.close = func() { e.Close() }
	return nil
}
