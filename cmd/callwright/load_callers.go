package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"callwright/realcore"
	"callwright/scenarios"
	"callwright/traffic"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
	"callwright/traffic/sipload"
	"callwright/traffic/sipload/sound"
)

// callersFlags say who calls, when, and what they do.
type callersFlags struct {
	rate     string
	steps    string
	ramp     string
	poisson  bool
	calls    int64
	length   time.Duration
	users    int
	pause    string
	scenario string
	speed    float64
	begin    time.Duration
	dial     []string
	script   string
	talk     string
	patience string
	sound    string
	register bool
	maxOpen  int
	maxRate  float64
	confirm  float64
	drain    time.Duration
	seed     uint64
}

func (x *callersFlags) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&x.rate, "rate", "", "calls a second, as 20, or 600/h; default 1")
	f.StringVar(&x.steps, "steps", "", "rates one after the other, as 10:30s,20:30s,40:1m")
	f.StringVar(&x.ramp, "ramp", "", "rates joined by straight lines, as 1:0s,50:2m")
	f.BoolVar(&x.poisson, "poisson", false, "starts are independent, as many people's are; default: evenly spaced")
	f.Int64Var(&x.calls, "calls", 0, "end after so many calls")
	f.DurationVar(&x.length, "for", 0, "let calls begin for so long; default 30s unless --calls, --steps, --ramp or a scenario ends it")
	f.IntVar(&x.users, "users", 0, "closed model instead: so many callers, each of whom calls again when his call has ended")
	f.StringVar(&x.pause, "pause", "always 0s", "closed model: how long a user waits before he calls again")
	f.StringVar(&x.scenario, "scenario", "", "call as a scenario's callers do: its rates, spikes, patience, talk and redials")
	f.Float64Var(&x.speed, "speed", 1, "scenario time = N x wall time")
	f.DurationVar(&x.begin, "begin", 0, "begin at this time of the scenario's run, as 9h30m")
	f.StringArrayVar(&x.dial, "dial", nil, "whom a scenario's stream calls, as orders=500; default: TARGET's user")
	f.StringVar(&x.script, "script", "", "what callers do, from a YAML file; default: call, talk, hang up")
	f.StringVar(&x.talk, "talk", "always 20s", "how long callers talk, as \"exponential 120s\"")
	f.StringVar(&x.patience, "patience", "never", "after which a caller who has no answer gives up (CANCEL), as \"exponential 60s\"")
	f.StringVar(&x.sound, "say", "speech", "what callers say: speech, silence, tone 440 or file NAME.wav")
	f.BoolVar(&x.register, "register", false, "register instead of calling")
	f.IntVar(&x.maxOpen, "max-open", 0, "calls at once; more are held back and counted. 0: no limit")
	f.Float64Var(&x.maxRate, "max-rate", 0, "starts a second, likewise; 0: no limit")
	f.Float64Var(&x.confirm, "confirm-rate", ceiling, "highest rate in calls/s that you mean; --users are held to it")
	f.DurationVar(&x.drain, "drain", 5*time.Minute, "how long open calls may take once no more begin; then they are hung up")
	f.Uint64Var(&x.seed, "seed", 1, "seed of all that is drawn")
}

// ceiling is the rate over which load wants to be told that it is meant.
const ceiling = 500

// bounds refuses limits that are none.
func (x *callersFlags) bounds() error {
	for _, b := range []struct {
		flag string
		ok   bool
		got  any
	}{
		{"--confirm-rate", x.confirm > 0, x.confirm}, {"--max-rate", x.maxRate >= 0, x.maxRate}, {"--max-open", x.maxOpen >= 0, x.maxOpen}, {"--users", x.users >= 0, x.users},
		{"--drain", x.drain > 0, x.drain}, {"--for", x.length >= 0, x.length}, {"--calls", x.calls >= 0, x.calls}, {"--begin", x.begin >= 0, x.begin},
	} {
		if !b.ok {
			return fmt.Errorf("%s is %v; want a positive number: %w", b.flag, b.got, errInput)
		}
	}
	return nil
}

// fill makes the arrivals and the scripts.
func (x *callersFlags) fill(cfg *loadConfig, about *loadstats.Run) error {
	if err := x.bounds(); err != nil {
		return err
	}
	cfg.MaxOpen, cfg.MaxRate, cfg.Ceiling, cfg.Drain, cfg.Sounds = x.maxOpen, x.maxRate, x.confirm, x.drain, soundsOnce()
	var err error
	if x.scenario != "" {
		err = x.fillScenario(cfg, about)
	} else {
		err = x.fillRates(cfg)
	}
	if err != nil {
		return err
	}
	if err := x.fillScript(cfg, about); err != nil {
		return err
	}
	about.Arrivals, about.Planned, about.Model = cfg.Arrivals.String(), cfg.Arrivals.Planned(), loadstats.Open
	if x.users > 0 {
		about.Model = loadstats.Closed
		if cfg.MaxRate == 0 || cfg.MaxRate > x.confirm { // how fast they call is known only then
			cfg.MaxRate = x.confirm
		}
	}
	return x.belowCeiling(cfg.Arrivals)
}

// belowCeiling asks for a confirmation of rates that few targets are meant to take.
func (x *callersFlags) belowCeiling(a sipload.Arrivals) error {
	peak := 0.0
	for at := time.Duration(0); at < 24*time.Hour; at += time.Second {
		if r := a.Rate(at); r > peak {
			peak = r
		}
	}
	if peak > x.confirm*(1+1e-9) {
		return fmt.Errorf("the rate rises to %.4g calls/s, above %.4g; if that is meant, say --confirm-rate %.4g: %w", peak, x.confirm, math.Ceil(peak), errInput)
	}
	return nil
}

func (x *callersFlags) fillRates(cfg *loadConfig) error {
	if x.users > 0 {
		if x.rate+x.steps+x.ramp != "" {
			return fmt.Errorf("--users is a closed model, and --rate, --steps and --ramp an open one; want one of them: %w", errInput)
		}
		pause, err := scenarios.ParseLaw(x.pause, "always")
		if err != nil {
			return fmt.Errorf("--pause: %w: %w", err, errInput)
		}
		cfg.Arrivals, err = sipload.NewUsers(x.users, pause, time.Second, x.lengthOr(x.calls == 0), x.calls, x.seed)
		return misuse(err)
	}
	p, words, ends, err := x.profile()
	if err != nil {
		return err
	}
	spacing := sipload.Even
	if x.poisson {
		spacing = sipload.Poisson
	}
	cfg.Arrivals, err = sipload.NewRates(p, spacing, x.calls, x.lengthOr(!ends && x.calls == 0), x.seed, words)
	return misuse(err)
}

func misuse(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", err, errInput)
}

func (x *callersFlags) lengthOr(wanted bool) time.Duration {
	if x.length == 0 && wanted {
		return 30 * time.Second
	}
	return x.length
}

// profile reads the rate; ends is whether it ends by itself.
func (x *callersFlags) profile() (p traffic.Profile, words string, ends bool, err error) {
	given := 0
	for _, s := range []string{x.rate, x.steps, x.ramp} {
		if s != "" {
			given++
		}
	}
	if given > 1 {
		return p, "", false, fmt.Errorf("--rate, --steps and --ramp are three ways to say one thing; want one of them: %w", errInput)
	}
	switch {
	case x.steps != "":
		p, err = stepsOf(x.steps)
		return p, "steps " + x.steps, true, wrapFlag("--steps", err)
	case x.ramp != "":
		p, err = rampOf(x.ramp)
		return p, "ramp " + x.ramp, true, wrapFlag("--ramp", err)
	}
	text := x.rate
	if text == "" {
		text = "1"
	}
	r, err := rateOf(text)
	if err != nil || r <= 0 {
		return p, "", false, fmt.Errorf("--rate is %s; want calls a second, as 20, or 600/h: %w", text, errInput)
	}
	return traffic.Constant(r), fmt.Sprintf("%.4g/s", r), false, nil
}

func wrapFlag(flag string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w: %w", flag, err, errInput)
}

// rateOf reads 20, 20/s, 90/m or 600/h.
func rateOf(s string) (float64, error) {
	n, per, _ := strings.Cut(strings.TrimSpace(s), "/")
	v, err := strconv.ParseFloat(n, 64)
	div, ok := map[string]float64{"": 1, "s": 1, "m": 60, "h": 3600}[per]
	if err != nil || !ok || !(v >= 0) || math.IsInf(v, 1) {
		return 0, fmt.Errorf("%q is no rate", s)
	}
	return v / div, nil
}

func pairsOf(s string) (rates []float64, times []time.Duration, err error) {
	for _, part := range strings.Split(s, ",") {
		r, t, ok := strings.Cut(part, ":")
		rate, err1 := rateOf(r)
		d, err2 := time.ParseDuration(strings.TrimSpace(t))
		if !ok || err1 != nil || err2 != nil || d < 0 {
			return nil, nil, fmt.Errorf("%q; want a rate and a time, as 20:30s", part)
		}
		rates, times = append(rates, rate), append(times, d)
	}
	return rates, times, nil
}

func stepsOf(s string) (traffic.Profile, error) {
	rates, times, err := pairsOf(s)
	if err != nil {
		return traffic.Profile{}, err
	}
	starts, at := make([]float64, len(rates)), 0.0
	for i, d := range times {
		starts[i] = at
		at += d.Seconds()
	}
	return traffic.Steps(starts, rates, at)
}

func rampOf(s string) (traffic.Profile, error) {
	rates, times, err := pairsOf(s)
	if err != nil {
		return traffic.Profile{}, err
	}
	var points []traffic.Point
	for i := range rates {
		points = append(points, traffic.Point{At: times[i].Seconds(), Rate: rates[i]})
	}
	return traffic.Linear(points)
}

func (x *callersFlags) fillScenario(cfg *loadConfig, about *loadstats.Run) error {
	if x.rate+x.steps+x.ramp != "" || x.users > 0 {
		return fmt.Errorf("--scenario says when calls come, and so do --rate, --steps, --ramp and --users; want one of them: %w", errInput)
	}
	k, err := openCentre(x.scenario)
	if err != nil {
		return err
	}
	day, err := sipload.NewDay(k.Demand, x.seed, 0, realcore.Instant(x.begin), time.Duration(float64(x.length)*x.speed), x.speed, k.Name)
	if err != nil {
		return fmt.Errorf("--speed: %w: %w", err, errInput)
	}
	said, err := saidBy(x.sound)
	if err != nil {
		return err
	}
	if cfg.ScriptOf, err = day.Scripts(said); err != nil {
		return err
	}
	if _, err := cfg.Sounds(said); err != nil {
		return fmt.Errorf("--say: %w: %w", err, errInput)
	}
	cfg.Script = k.Scripts.Of(callscript.Caller)
	cfg.Arrivals, about.Scenario, about.Speed, about.Script = day, k.Digest, x.speed, "the scenario's callers: call, talk, hang up"
	cfg.Numbers = make([]string, len(k.Demand.Sources))
	for _, d := range x.dial {
		name, number, ok := strings.Cut(d, "=")
		found := false
		for i := range k.Demand.Sources {
			if k.Demand.Sources[i].Name == name {
				cfg.Numbers[i], found = number, true
			}
		}
		if !ok || !found {
			return fmt.Errorf("--dial is %s; want one of the scenario's streams and a number, as %s=500: %w", d, k.Demand.Sources[0].Name, errInput)
		}
	}
	return nil
}

// fillScript makes what callers do, where the scenario does not say it.
func (x *callersFlags) fillScript(cfg *loadConfig, about *loadstats.Run) error {
	switch {
	case x.script != "":
		s, err := readScript(x.script, callscript.Caller)
		if err != nil {
			return err
		}
		cfg.Script, about.Script = s, x.script
	case x.register:
		cfg.Script = &callscript.Script{Name: "register", Role: callscript.Caller, Steps: []callscript.Step{{Op: callscript.Register}}}
		about.Script = "register"
		if len(cfg.Accounts) == 0 {
			return fmt.Errorf("--register wants accounts; give --account or --accounts: %w", errInput)
		}
	case cfg.Script != nil:
		about.Script = "the scenario's script"
	case cfg.ScriptOf == nil:
		talk, err := scenarios.ParseLaw(x.talk, "always")
		if err != nil {
			return fmt.Errorf("--talk: %w: %w", err, errInput)
		}
		patience, err := scenarios.ParseLaw(x.patience, "exponential")
		if err != nil {
			return fmt.Errorf("--patience: %w: %w", err, errInput)
		}
		said, err := saidBy(x.sound)
		if err != nil {
			return err
		}
		cfg.Script = &callscript.Script{Name: "call", Role: callscript.Caller, Steps: []callscript.Step{{Op: callscript.Call, Law: patience, HasLaw: patience.Kind() != "never"},
			{Op: callscript.Talk, Law: talk, HasLaw: true, Sound: said}, {Op: callscript.HangUp}}}
		about.Script = "call, talk " + x.talk + ", hang up"
	}
	return readSounds(cfg, cfg.Script)
}

// readScript reads the script of a role from a file.
func readScript(name string, role callscript.Role) (*callscript.Script, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("--script: %w: %w", err, errInput)
	}
	defer f.Close()
	s, err := scenarios.ReadScripts(name, f)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, errInput)
	}
	x := s.Of(role)
	if x == nil {
		return nil, fmt.Errorf("%s has no script of kind %s: %w", name, role, errInput)
	}
	return x, nil
}

// saidBy reads what is said.
func saidBy(s string) (callscript.Sound, error) {
	x, err := scenarios.ParseSound(s)
	if err != nil {
		return x, fmt.Errorf("--say: %w: %w", err, errInput)
	}
	return x, nil
}

// readSounds makes what a script plays before the run, so that a missing file is told now.
func readSounds(cfg *loadConfig, s *callscript.Script) error {
	if s == nil {
		return nil
	}
	for i := range s.Steps {
		if s.Steps[i].Op == callscript.Talk {
			if _, err := cfg.Sounds(s.Steps[i].Sound); err != nil {
				return fmt.Errorf("%s: %w: %w", s.Steps[i].At, err, errInput)
			}
		}
	}
	return nil
}

// soundsOnce makes each sound once.
func soundsOnce() sipload.Sounds {
	made := map[callscript.Sound]sound.Sound{}
	return func(s callscript.Sound) (sound.Sound, error) {
		if x, ok := made[s]; ok {
			return x, nil
		}
		x, err := makeSound(s)
		if err == nil {
			made[s] = x
		}
		return x, err
	}
}

func makeSound(s callscript.Sound) (sound.Sound, error) {
	switch s.Kind {
	case callscript.Tone:
		return sound.Tone(s.Hz), nil
	case callscript.Speech:
		return sound.Speech(1), nil
	case callscript.WAV:
		f, err := os.Open(s.File)
		if err != nil {
			return sound.Silence, err
		}
		defer f.Close()
		x, err := sound.WAV(f)
		if err != nil {
			return x, fmt.Errorf("%s: %w", s.File, err)
		}
		return x, nil
	}
	return sound.Silence, nil
}
