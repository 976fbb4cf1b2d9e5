package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"callwright/cmd/internal/loadreport"
	"callwright/traffic/loadstats"
	"callwright/traffic/sipload"
)

// loadOutput says what a run of load leaves.
type loadOutput struct {
	lang, format                  string
	stream, html, junit, csv, out string
	worst, metrics                string
	quiet                         bool
}

func (o *loadOutput) flags(c *cobra.Command) {
	f := c.Flags()
	o.reportFlags(c)
	f.StringVar(&o.stream, "stream", "", "write the run as JSON lines while it goes on; callwright load report reads it")
	f.StringVar(&o.worst, "worst", "", "folder for the 20 worst calls and an example of each failure: ladder, pcap and sound")
	f.StringVar(&o.metrics, "metrics", "", "serve Prometheus metrics while it runs, as 127.0.0.1:9464")
	f.BoolVar(&o.quiet, "quiet", false, "no view while it runs")
}

// reportFlags are those of a run that is told from its stream, too.
func (o *loadOutput) reportFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.lang, "lang", "en", "en or ja")
	f.StringVar(&o.format, "format", "text", "text, json, csv or junit")
	f.StringVarP(&o.out, "out", "o", "", "write there instead of standard output")
	f.StringVar(&o.html, "html", "", "also write a report of one HTML file")
	f.StringVar(&o.junit, "junit", "", "also write JUnit's XML")
	f.StringVar(&o.csv, "csv", "", "also write a row of CSV a second")
}

func (o *loadOutput) check() error {
	if o.lang != "en" && o.lang != "ja" {
		return fmt.Errorf("--lang is %s; want en or ja: %w", o.lang, errInput)
	}
	if _, ok := loadFormats[o.format]; !ok {
		return fmt.Errorf("--format is %s; want text, json, csv or junit: %w", o.format, errInput)
	}
	return apart(nil, o.stream, o.html, o.junit, o.csv, o.out)
}

var loadFormats = map[string]func(w io.Writer, s *loadstats.Story, lang string) error{
	"text":  loadreport.Text,
	"json":  func(w io.Writer, s *loadstats.Story, _ string) error { return loadreport.JSON(w, s) },
	"csv":   func(w io.Writer, s *loadstats.Story, _ string) error { return loadreport.CSV(w, s) },
	"junit": func(w io.Writer, s *loadstats.Story, _ string) error { return loadreport.JUnit(w, s) },
}

// print writes what was asked for.
func (o *loadOutput) print(w io.Writer, s *loadstats.Story) error {
	var errs []error
	write := func(name string, f func(io.Writer) error) {
		if name != "" {
			if err := writeWhole(name, func(f2 *os.File) error { return f(f2) }); err != nil {
				errs = append(errs, fmt.Errorf("%w: %w", err, errRun))
			}
		}
	}
	write(o.html, func(w io.Writer) error { return loadreport.HTML(w, s, o.lang) })
	write(o.junit, func(w io.Writer) error { return loadreport.JUnit(w, s) })
	write(o.csv, func(w io.Writer) error { return loadreport.CSV(w, s) })
	main := func(w io.Writer) error { return loadFormats[o.format](w, s, o.lang) }
	if o.out != "" {
		write(o.out, main)
	} else if err := main(w); err != nil {
		errs = append(errs, fmt.Errorf("%w: %w", err, errRun))
	}
	return errors.Join(errs...)
}

// player is a run with those who watch it.
type player struct {
	o      *loadOutput
	story  *loadstats.Story
	stream *loadstats.Writer
	live   *loadreport.Live
	saved  int
	errs   []error

	mu     sync.Mutex
	second loadstats.Interval // the last, for metrics
	total  loadstats.Interval
}

// play makes the calls and returns the run's story; with it an error, of files that could
// not be written.
func (o *loadOutput) play(c *cobra.Command, cfg sipload.Config, about *loadstats.Run) (*loadstats.Story, loadstats.Verdict, error) {
	p := &player{o: o, story: &loadstats.Story{Run: *about, Whole: true}}
	end, err := p.open()
	if err != nil {
		return nil, 0, err
	}
	defer end()
	if !o.quiet {
		p.live = loadreport.NewLive(c.ErrOrStderr(), isTerminal(c.ErrOrStderr())).In(o.lang)
	}
	cfg.OnSecond, cfg.OnSample = p.onSecond, p.onSample
	run, err := sipload.New(cfg)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: %w", err, errRun)
	}
	stopMetrics, err := p.serveMetrics()
	if err != nil {
		return nil, 0, err
	}
	defer stopMetrics()
	if p.live != nil {
		defer readKeys(run)()
	}
	e, total := run.Play(c.Context())
	if p.live != nil {
		p.live.Close()
	}
	p.story.End, p.story.Total = *e, *total.Snapshot()
	if p.stream != nil {
		p.errs = append(p.errs, p.stream.End(e))
	}
	_, verdict, err := p.story.Judge(cfg.Thresholds)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: %w", err, errRun)
	}
	if err = errors.Join(p.errs...); err != nil {
		err = fmt.Errorf("%w: %w", err, errRun)
	}
	return p.story, verdict, err
}

// tell prints a run. Where its stream or a call's files could not be written, it is told all
// the same, before that.
func (o *loadOutput) tell(w io.Writer, s *loadstats.Story, code int, unwritten error) error {
	if s == nil {
		return unwritten
	}
	if err := errors.Join(unwritten, o.print(w, s)); err != nil {
		return err
	}
	return exitWith(code, nil)
}

func (p *player) open() (func(), error) {
	if p.o.worst != "" {
		if err := os.MkdirAll(p.o.worst, 0o755); err != nil {
			return nil, fmt.Errorf("--worst: %w: %w", err, errInput)
		}
	}
	if p.o.stream == "" {
		return func() {}, nil
	}
	f, err := os.Create(p.o.stream)
	if err != nil {
		return nil, fmt.Errorf("--stream: %w: %w", err, errInput)
	}
	p.stream = loadstats.NewWriter(f)
	if err := p.stream.Run(&p.story.Run); err != nil {
		return nil, fmt.Errorf("--stream: %w: %w", err, errRun)
	}
	return func() { f.Close() }, nil
}

func (p *player) onSecond(v *loadstats.Interval) {
	s := v.Snapshot()
	p.story.Seconds = append(p.story.Seconds, *s)
	if p.stream != nil {
		_ = p.stream.Second(s) // its first error is told at the end
	}
	p.mu.Lock()
	p.second = *s
	p.total.Merge(s)
	if p.live != nil {
		p.live.Second(s, &p.total)
	}
	p.mu.Unlock()
}

// onSample keeps a call, and its files where they are wanted.
func (p *player) onSample(s *loadstats.Sample, k *sipload.Kept) {
	if p.o.worst != "" && k != nil {
		p.saved++
		if err := p.save(s, k); err != nil {
			p.errs = append(p.errs, err)
		}
	}
	p.story.Samples = append(p.story.Samples, *s)
	if p.stream != nil {
		_ = p.stream.Sample(s)
	}
}

// save writes a call's ladder, packets and sound.
func (p *player) save(s *loadstats.Sample, k *sipload.Kept) error {
	base := filepath.Join(p.o.worst, fmt.Sprintf("%03d-call-%d", p.saved, s.Number))
	file := func(name string, f func(w io.Writer) error) error {
		return writeWhole(name, func(w *os.File) error { return f(w) })
	}
	err := file(base+".txt", func(w io.Writer) error { return loadreport.Ladder(w, s) })
	if len(k.SIP) > 0 || k.Capture != nil {
		s.Packet = base + ".pcap"
		err = errors.Join(err, file(s.Packet, func(w io.Writer) error { return k.WritePCAP(w) }))
	}
	if k.Capture != nil && len(k.Capture.Packets()) > 0 {
		s.Sound = base + ".wav"
		err = errors.Join(err, file(s.Sound, k.Capture.WAV))
	}
	return err
}

// serveMetrics serves what Prometheus asks for, on loopback alone.
func (p *player) serveMetrics() (func(), error) {
	if p.o.metrics == "" {
		return func() {}, nil
	}
	ln, err := net.Listen("tcp", p.o.metrics)
	if err != nil {
		return nil, fmt.Errorf("--metrics: %w: %w", err, errInput)
	}
	if !ln.Addr().(*net.TCPAddr).IP.IsLoopback() {
		ln.Close()
		return nil, fmt.Errorf("--metrics is %s; want an address of loopback, as 127.0.0.1:9464: %w", p.o.metrics, errInput)
	}
	s := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		_ = loadreport.Prometheus(w, &p.total)
	})}
	var served sync.WaitGroup
	served.Go(func() { _ = s.Serve(ln) })
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = s.Shutdown(ctx)
		served.Wait()
	}, nil
}
