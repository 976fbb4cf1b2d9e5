package scenarios

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"callwright/realcore"
	"callwright/traffic"
	"callwright/yamlfile"
)

func valueOf(p any) reflect.Value { return reflect.ValueOf(p).Elem() }

// Name is a name, which may be written as a number.
type Name string

func (n *Name) read(d *decoder, t *tree, path string) {
	s, _ := d.Text(t, path)
	*n = Name(s)
}

func (x *Title) read(d *decoder, t *tree, path string) {
	if t.Kind == yamlfile.Scalar {
		x.En, _ = d.Text(t, path)
		return
	}
	type plain Title
	d.Structure(valueOf((*plain)(x)), t, path)
}

// Most is a largest length: a number, or none.
type Most int

func (m *Most) read(d *decoder, t *tree, path string) {
	if t.Kind == yamlfile.Scalar && t.Text == "none" {
		*m = realcore.NoWaiting
		return
	}
	if t.Kind != yamlfile.Scalar || t.Quoted || !wholeForm.MatchString(t.Text) {
		d.Wrong(t, path, "a whole number, or none")
		return
	}
	*m = Most(d.whole(t, path, 1, 1_000_000))
}

// Action is what is done to a contact, as a text: a verb and a name.
type Action struct {
	Verb, Name string
	Tier       Name
	KeepTime   bool
}

type actionParts struct {
	Queue    string `key:"queue"`
	Tier     Name   `key:"tier"`
	KeepTime bool   `key:"keep-time" doc:"The time waited so far counts on."`
}

var verbs = []string{"announce", "offer-callback", "widen", "queue", "vendor", "voicemail", "flow", "disconnect", "stay"}

func (a *Action) read(d *decoder, t *tree, path string) {
	if t.Kind == yamlfile.Mapping {
		var p actionParts
		d.Structure(valueOf(&p), t, path)
		if p.Queue == "" {
			d.Add(t.At, path, "names no queue; want queue, and tier or keep-time with it")
		}
		*a = Action{"queue", p.Queue, p.Tier, p.KeepTime}
		return
	}
	s, ok := d.Text(t, path)
	if !ok {
		return
	}
	a.Verb, a.Name, _ = strings.Cut(s, " ")
	a.Name = strings.TrimSpace(a.Name)
	named := a.Verb == "queue" || a.Verb == "vendor" || a.Verb == "flow"
	switch {
	case !slices.Contains(verbs, a.Verb):
		d.Unknown(t, path, a.Verb, verbs)
	case named && a.Name == "":
		d.Wrong(t, path, a.Verb+" and its name")
	case !named && a.Name != "" && a.Verb != "announce" && a.Verb != "offer-callback":
		d.Wrong(t, path, a.Verb+" alone")
	}
}

// Skills are skills with levels. A list means level 1.
type Skills struct {
	Names  []string
	Levels []int
}

func (s *Skills) read(d *decoder, t *tree, path string) {
	switch t.Kind {
	case yamlfile.Mapping:
		for i, k := range t.Keys {
			s.Names = append(s.Names, k.Text)
			s.Levels = append(s.Levels, d.whole(t.Items[i], yamlfile.Join(path, k.Text), 1, 1000))
		}
	case yamlfile.List:
		for i, item := range t.Items {
			name, _ := d.Text(item, fmt.Sprintf("%s[%d]", path, i))
			s.Names, s.Levels = append(s.Names, name), append(s.Levels, 1)
		}
	default:
		name, _ := d.Text(t, path)
		s.Names, s.Levels = []string{name}, []int{1}
	}
}

// GroupRanks are groups in ranks, with shares.
type GroupRanks struct {
	Ranks  [][]string
	Shares []int // by place in the only rank, if shares were given
	Nested bool
}

func (g *GroupRanks) read(d *decoder, t *tree, path string) {
	switch t.Kind {
	case yamlfile.Mapping:
		g.Ranks = [][]string{nil}
		for i, k := range t.Keys {
			g.Ranks[0] = append(g.Ranks[0], k.Text)
			d.Places[yamlfile.Join(path, k.Text)] = k.At
			g.Shares = append(g.Shares, d.whole(t.Items[i], yamlfile.Join(path, k.Text), 1, 1_000_000))
		}
	case yamlfile.List:
		for i, item := range t.Items {
			g.rank(d, item, fmt.Sprintf("%s[%d]", path, i))
		}
	default:
		g.rank(d, t, path)
	}
}

func (g *GroupRanks) rank(d *decoder, t *tree, path string) {
	d.Places[path] = t.At
	if t.Kind == yamlfile.List {
		g.Nested = true
		var r []string
		for _, item := range t.Items {
			s, _ := d.Text(item, path)
			r = append(r, s)
		}
		g.Ranks = append(g.Ranks, r)
		return
	}
	s, _ := d.Text(t, path)
	g.Ranks = append(g.Ranks, []string{s})
}

func (g *GroupRanks) empty() bool { return len(g.Ranks) == 0 }

// Takes is an order of waiting contacts: a word, or queues in fixed order.
type Takes struct {
	Word   string
	Queues []string
}

func (x *Takes) read(d *decoder, t *tree, path string) {
	if t.Kind != yamlfile.List {
		if x.Word, _ = d.Text(t, path); x.Word != "longest-wait" && x.Word != "priority" {
			d.Wrong(t, path, "longest-wait, priority or a list of queues")
		}
		return
	}
	for i, item := range t.Items {
		at := fmt.Sprintf("%s[%d]", path, i)
		d.Places[at] = item.At
		s, _ := d.Text(item, at)
		x.Queues = append(x.Queues, s)
	}
}

var targetForm = regexp.MustCompile(`^(\S+) within (\S+)$`)

func (x *Target) read(d *decoder, t *tree, path string) {
	if t.Kind == yamlfile.Mapping {
		type plain Target
		d.Structure(valueOf((*plain)(x)), t, path)
		return
	}
	m := targetForm.FindStringSubmatch(t.Text)
	if t.Kind != yamlfile.Scalar || m == nil {
		d.Wrong(t, path, "a target, as 0.80 within 20s")
		return
	}
	within, ok := parseLength(m[2])
	if !ok {
		d.Wrong(t, path, "a target, as 0.80 within 20s")
	}
	x.Level, x.Within = d.fraction(&tree{At: t.At, Text: m[1]}, path), within
}

// Uncertainty is how far a forecast errs, by level: a coefficient of variation,
// or the shape of a gamma factor.
type Uncertainty struct {
	Year     Spread   `key:"year" doc:"Coefficient of variation of the year's factor, or: shape 25"`
	Month    Spread   `key:"month"`
	Day      Spread   `key:"day"`
	Interval Spread   `key:"interval"`
	Common   []string `key:"common" one:"yes" of:"year,month,day,interval" doc:"Levels whose factor all streams share: if Monday is busy for one it is for all."`
	Pool     string   `key:"pool" doc:"Only with the streams of this pool; default: with all."`
}

// Spread is a coefficient of variation.
type Spread float64

func (s *Spread) read(d *decoder, t *tree, path string) {
	if shape, ok := strings.CutPrefix(t.Text, "shape "); ok && t.Kind == yamlfile.Scalar {
		x := d.number(&tree{At: t.At, Text: shape}, path, 0.01, 1e6)
		*s = Spread(traffic.CVOfShape(x))
		return
	}
	*s = Spread(d.number(t, path, 0, 10))
}

// Spike is a surge of calls on top of the others.
type Spike struct {
	At          Clock         `key:"at" doc:"When it begins, on its day."`
	OnDay       int           `key:"on-day" min:"1" max:"4000" doc:"Which day of the run; default 1."`
	Volume      float64       `key:"volume" doc:"Calls in all."`
	Ramp        time.Duration `key:"ramp" doc:"To the peak."`
	Hold        time.Duration `key:"hold" doc:"At the peak."`
	Decay       time.Duration `key:"decay" doc:"From there to nothing."`
	Exponential bool          `key:"exponential" doc:"It falls as e^(-t/decay)."`
}

// CSV names a column of a file beside the scenario.
type CSV struct {
	File   string `key:"file"`
	Column string `key:"column" doc:"Default: the name of the stream or group."`
}

func (c *CSV) read(d *decoder, t *tree, path string) {
	at := path
	if t.Kind == yamlfile.Scalar {
		c.File = t.Text
	} else {
		type plain CSV
		d.Structure(valueOf((*plain)(c)), t, path)
		at = path + ".file"
	}
	if !fileForm.MatchString(c.File) || strings.Contains(c.File, "..") {
		d.Add(d.Places[at], at, "is %s; want a file in the scenario's own folder, as volumes.csv", yamlfile.Shown(c.File))
	}
}

var fileForm = regexp.MustCompile(`^[\pL\pN_][-\pL\pN_.]*(/[\pL\pN_][-\pL\pN_.]*)*$`)

// Choices are what callers press: a key and the part that presses it.
type Choices struct {
	Keys   []byte
	Shares []Fraction
}

func (c *Choices) read(d *decoder, t *tree, path string) {
	if t.Kind != yamlfile.Mapping {
		d.Wrong(t, path, "a mapping from keys to fractions, as {1: 0.7, 2: 0.2}")
		return
	}
	sum := 0.0
	for i, k := range t.Keys {
		d.Places[yamlfile.Join(path, k.Text)] = k.At
		c.Keys = append(c.Keys, digit(d, k, yamlfile.Join(path, k.Text)))
		x := d.fraction(t.Items[i], yamlfile.Join(path, k.Text))
		c.Shares = append(c.Shares, x)
		sum += float64(x)
	}
	checkSum(d, t.At, path, sum)
}

// checkSum reports fractions of which there are more than all.
func checkSum(d *decoder, at yamlfile.Pos, path string, sum float64) {
	if sum > 1+1e-9 {
		d.Add(at, path, "has fractions that sum to %s; want at most 1", strconv.FormatFloat(sum, 'g', 6, 64))
	}
}

// digit reads a key of the telephone.
func digit(d *decoder, k *tree, path string) byte {
	if len(k.Text) == 1 && strings.Contains("0123456789*#", k.Text) {
		return k.Text[0]
	}
	d.Add(k.At, path, "is no key of a telephone; want 0 to 9, * or #")
	return '0'
}
