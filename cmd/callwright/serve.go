package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"callwright/cmd/internal/report"
	"callwright/cti"
	"callwright/media"
	"callwright/realcore"
	"callwright/realcore/journal"
	"callwright/realcore/live"
	"callwright/scenarios"
	"callwright/sipua"
	"callwright/site"
)

func newServeCmd() *cobra.Command {
	x := &serving{}
	c := &cobra.Command{
		Use:   "serve SCENARIO",
		Short: "Run a centre: telephones register, calls come in, wait and reach agents by the same routing code",
		Long: "Serve turns a scenario into a working contact centre at a site. Telephones register as\n" +
			"agents, trunks and telephones call in, hear the menu, wait with music and reach the agent\n" +
			"that the simulator's Center picks. It leaves a journal, which callwright replay plays, and\n" +
			"records of every contact. It runs until it is interrupted.",
		Example: "  callwright site init small-reception -o site.yaml\n  callwright serve small-reception --site site.yaml",
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return x.run(c, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&x.site, "site", "", "the site file; callwright site init makes one")
	f.StringVar(&x.data, "data", "callwright-data", "folder of the journal, the records and the registrations")
	f.IntVar(&x.speed, "speed", 1, "scenario time = N x wall time in timers, opening hours and records; people, prompts and networks keep theirs")
	f.DurationVar(&x.setup, "setup-p99", 20*time.Millisecond, "p99 of a call's set-up, which bounds --speed; the default assumes a local network, measure yours")
	f.BoolVar(&x.verbose, "verbose", false, "say more on standard error")
	return c
}

type serving struct {
	site, data string
	speed      int
	setup      time.Duration
	verbose    bool
}

func (x *serving) run(c *cobra.Command, arg string) error {
	if x.site == "" {
		return fmt.Errorf("--site is missing; want a site file, as callwright site init %s -o site.yaml makes one: %w", arg, errInput)
	}
	k, err := x.scenario(arg)
	if err != nil {
		return err
	}
	if err := x.speedOf(k.Plan); err != nil {
		return err
	}
	f, warnings, err := openSite(x.site, k)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(x.data, 0o700); err != nil {
		return fmt.Errorf("--data: %w: %w", err, errInput)
	}
	log := x.logger(c.ErrOrStderr())
	for _, w := range append(warnings, limits()...) {
		log.Warn(report.Clean(w))
	}
	return x.serve(c, k, f, log)
}

func (x *serving) logger(w io.Writer) *slog.Logger {
	level := slog.LevelInfo
	if x.verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

func (x *serving) path(name string) string { return filepath.Join(x.data, name) }

// scenario compiles the scenario as from the day on which the journal began, so that it
// can be continued; without one from yesterday, so that a day that opens later than now
// has begun.
func (x *serving) scenario(arg string) (*scenarios.Scenario, error) {
	begin := time.Now().AddDate(0, 0, -1)
	f, err := os.Open(x.path("journal"))
	if err == nil {
		defer f.Close()
		rd, err := journal.NewReader(bufio.NewReader(f))
		if err == nil {
			if t, err := time.Parse(time.RFC3339, rd.Plan().Epoch); err == nil {
				begin = t
			}
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("--data: %w: %w", err, errInput)
	}
	y, m, d := begin.Date()
	return openScenarioFor(arg, scenarios.Date{Year: y, Month: m, Day: d})
}

// limits says what of the machine is too little for many calls.
func limits() (out []string) {
	var r syscall.Rlimit
	if runtime.GOOS != "windows" && syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r) == nil && r.Cur < 4096 {
		out = append(out, fmt.Sprintf("only %d files may be open: two are needed for each leg of a call; raise it with ulimit -n or LimitNOFILE", r.Cur))
	}
	if b, err := os.ReadFile("/proc/sys/net/core/rmem_max"); err == nil {
		var n int
		if fmt.Sscan(string(b), &n); n < 1<<20 {
			out = append(out, fmt.Sprintf("net.core.rmem_max is %d: bursts of packets will be lost; want 4194304", n))
		}
	}
	return out
}

// serve opens everything, runs it until the context ends, and closes it again.
func (x *serving) serve(c *cobra.Command, k *scenarios.Scenario, f *site.File, log *slog.Logger) error {
	if r := f.Site.Recording; r != nil {
		if err := os.MkdirAll(x.beside(r.Path), 0o700); err != nil {
			return fmt.Errorf("%s: recording.path: %w: %w", f.Name, err, errInput)
		}
	}
	hangups := make(chan os.Signal, 1) // from here on a SIGHUP ends nothing; it is heard once all is open
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	tapes := &tapes{kept: map[string]time.Duration{}}
	engine, err := media.New(x.mediaConfig(f, tapes, log))
	if err != nil {
		return fmt.Errorf("rtp: %w: %w", err, errRun)
	}
	defer engine.Close()
	ctx, stop := context.WithCancel(c.Context())
	defer stop()
	phones, pageCerts, certs := &lateDoor{}, &certificates{}, &certificates{}
	pageCfg, err := x.ctiConfig(k, f, pageCerts, phones, log)
	if err != nil {
		return err
	}
	pageCfg.Figures = func() []cti.Figure { return phones.figures(engine) }
	pages, err := cti.New(pageCfg)
	if err != nil {
		return fmt.Errorf("http: %w: %w", err, errRun)
	}
	tapes.tell(pages)
	host, err := x.open(k, phones, pages, log)
	if err != nil {
		return err
	}
	k.Plan = host.Plan() // a continued journal's plan has indexes of its own
	cfg, err := x.sipConfig(k, f, certs, log)
	if err != nil {
		return errors.Join(err, host.Close())
	}
	files, err := x.keep(ctx, &cfg, k, f, tapes, log)
	if err != nil {
		return errors.Join(fmt.Errorf("%w: %w", err, errRun), host.Close())
	}
	defer files()
	server, err := sipua.New(cfg, engine)
	if err != nil {
		return errors.Join(fmt.Errorf("%w: %w", err, errRun), host.Close())
	}
	phones.Server = server
	server.Attach(host)
	pages.Attach(host)
	tellPhones(c.OutOrStdout(), k, f, server)
	tellPages(c.OutOrStdout(), f, pages)
	defer onHangup(hangups, func() {
		for _, c := range []*certificates{certs, pageCerts} {
			c.reload(log)
		}
	})()
	return play(ctx, pages.Run, host.Run, server.Run)
}

// open opens the host, and says what it found.
func (x *serving) open(k *scenarios.Scenario, phones live.Door, pages *cti.Server, log *slog.Logger) (*live.Host, error) {
	epoch, err := time.Parse(time.RFC3339, k.Plan.Epoch)
	if err != nil {
		return nil, err
	}
	cfg := live.Config{Plan: k.Plan, Journal: x.path("journal"), Records: x.path("records.jsonl"), Doors: []live.Door{phones, pages}, Sink: pages, Log: log}
	x.clock(&cfg, epoch, time.Now())
	host, was, err := live.Open(cfg)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", x.data, err, errRun)
	}
	if was.Changed {
		log.Warn("the journal was begun with another plan, which this one continues: groups and queues that are gone drain", "folder", x.data)
	}
	if len(was.Lost) > 0 {
		log.Warn("calls were open when the centre stopped; they are recorded as lost", "calls", len(was.Lost))
	}
	now := epoch.Add(time.Duration(host.Instant(time.Now()))) // a fast clock has run ahead, and goes on from there
	for _, w := range x.horizon(k, now) {
		log.Warn(report.Clean(w))
	}
	if was.Behind > time.Second {
		log.Warn("the journal ends later than the clock shows, and opening hours go by its end; for the wall clock's begin another with --data",
			"now", now.Format(time.DateTime), "ahead", was.Behind.Round(time.Second))
	}
	return host, nil
}

// lateDoor stands for the SIP door until that is open: it is told whose numbers mean what
// by the host's plan, and the host wants its doors first. Nothing is carried before Run.
type lateDoor struct{ *sipua.Server }

func (d *lateDoor) Carry(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect) {
	if d.Server != nil {
		d.Server.Carry(now, ev, effects)
	}
}

// play runs host and doors; the first that fails ends all. Pages end last: recordings end
// with the calls that the closing cuts off, and are to be written down.
func play(ctx context.Context, pages func(context.Context) error, others ...func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	late, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	errs := make([]error, 1+len(others))
	var both, last sync.WaitGroup
	last.Go(func() { defer stop(); errs[0] = pages(late) })
	for i, f := range others {
		both.Go(func() { defer stop(); errs[1+i] = f(ctx) })
	}
	both.Wait()
	end()
	last.Wait()
	for i, err := range errs {
		if errors.Is(err, context.Canceled) {
			errs[i] = nil
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%w: %w", err, errRun)
	}
	return errClosed
}

// tellPhones prints how a telephone registers, and what to dial.
func tellPhones(w io.Writer, k *scenarios.Scenario, f *site.File, server *sipua.Server) {
	x := &f.Site
	fmt.Fprintf(w, "%s is open.\n\nTelephones register at\n", report.Clean(k.Name))
	for i, at := range server.Addrs() {
		transport, _ := x.SIP.Listen[i].At()
		fmt.Fprintf(w, "  sip:%v;transport=%s\n", at, transport)
	}
	fmt.Fprintf(w, "with realm %s and one of these users:\n", report.Clean(x.Realm))
	tellUsers(w, x)
	c := &x.Codes
	fmt.Fprintf(w, "\nAgents dial %s to take calls, %s for a break, %s when their work after a call is done, %s to go.\n", c.Ready, c.NotReady, c.WrapUpDone, c.Logout)
	for i, reason := range k.Plan.Reasons {
		fmt.Fprintf(w, "  %s%d: %s\n", c.NotReady, i+1, report.Clean(reason))
	}
	var numbers []string
	for i := range k.Plan.Entries {
		numbers = append(numbers, report.Clean(k.Plan.Entries[i].Name))
	}
	for _, t := range x.Trunks.Items {
		numbers = append(numbers, t.Inbound.Numbers...)
	}
	fmt.Fprintf(w, "Callers dial %s.\n", strings.Join(numbers, ", "))
}

// tellUsers prints whose telephones may register, those that are nobody's among them.
func tellUsers(w io.Writer, x *site.Site) {
	line := func(a *site.Account, extension, name, who string) {
		fmt.Fprintf(w, "  %-16s extension %-8s %s (%s)\n", report.Clean(a.User), report.Clean(extension), report.Clean(name), report.Clean(cmp.Or(who, "no agent")))
	}
	for i, name := range x.People.Names {
		if p := x.People.Items[i]; p.SIP != nil {
			line(p.SIP, p.Extension, name, p.Agent)
		}
	}
	for i, name := range x.Devices.Names {
		line(x.Devices.Items[i].SIP, x.Devices.Items[i].Extension, name, "")
	}
}

// tellPages prints where the agents' page and the wallboard are.
func tellPages(w io.Writer, f *site.File, pages *cti.Server) {
	scheme := "http"
	if f.Site.HTTP.TLS != nil {
		scheme = "https"
	}
	fmt.Fprintf(w, "Agents' page and wallboard: %s://%v/\nCtrl-C closes the centre.\n", scheme, pages.Addr())
}

// keep opens what serve leaves beside journal and records: how each leg's audio was, and
// which recording is whose. The function it returns closes them.
func (x *serving) keep(ctx context.Context, cfg *sipua.Config, k *scenarios.Scenario, f *site.File, tapes *tapes, log *slog.Logger) (func(), error) {
	quality, err := openLines(x.path("quality.jsonl"), log)
	if err != nil {
		return nil, err
	}
	plan := k.Plan
	cfg.Quality = func(q sipua.LegQuality) {
		if !quality.add(qualityOf(&q, plan)) {
			log.Error("a leg's quality is lost: the disk is too slow", "key", q.Key)
		}
	}
	r := f.Site.Recording
	if r == nil {
		return quality.close, nil
	}
	close, err := tapes.keep(ctx, cfg, plan, r, x.beside(r.Path), log)
	if err != nil {
		quality.close()
		return nil, err
	}
	return func() { close(); quality.close() }, nil
}
