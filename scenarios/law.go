package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"callwright/traffic"
	"callwright/yamlfile"
)

// Law is a distribution of lengths. As a text: its name and numbers,
//
//	exponential 240s          lognormal 240s cv 1.2     gamma 240s cv 0.5
//	weibull 120s shape 1.4    hyper 0.7 60s 600s        always 4s       never
//
// and after any of them, balking 0.1: that part has length 0. A length alone,
// 240s, is an exponential law with that mean, where a person's doing is meant
// (it is flagged as an assumption), and always that long for what a machine
// does. As a mapping: {law: empirical, values: [90s, 200s, 340s]},
// {law: quantiles, points: {0: 10s, 0.5: 90s, 1: 900s}} or the names above with
// mean, cv, shape, share, means, balking.
type Law struct {
	Law  traffic.Law
	Bare bool // only a mean was given
	Is   string
}

type lawParts struct {
	Law     string          `key:"law" of:"exponential,lognormal,gamma,weibull,hyper,always,never,empirical,quantiles"`
	Mean    time.Duration   `key:"mean"`
	CV      *float64        `key:"cv" max:"100"`
	Shape   *float64        `key:"shape" min:"0.0001" max:"1000000"`
	Share   Fraction        `key:"share" doc:"hyper: part with the first of means."`
	Means   []time.Duration `key:"means"`
	Values  []time.Duration `key:"values"`
	Points  points          `key:"points" doc:"quantiles: part of all that is at most so long."`
	Balking Fraction        `key:"balking"`
}

func (l *Law) read(d *decoder, t *tree, path, bare string) {
	before := len(d.List)
	var p lawParts
	switch {
	case t.Kind == yamlfile.Mapping:
		d.Structure(valueOf(&p), t, path)
		if len(d.List) == before && p.Law == "" {
			d.Add(t.At, path, "names no law; want law: exponential, or another")
		}
	case t.Kind == yamlfile.Scalar:
		l.Is = t.Text
		p, l.Bare = lawText(d, t, path, bare)
	default:
		d.Wrong(t, path, lawWanted)
	}
	if len(d.List) > before {
		return
	}
	law, err := p.make()
	if err != nil {
		d.Add(t.At, path, "is %s; %s", d.Call(t), strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	l.Law = law
	if t.Kind == yamlfile.Mapping {
		l.Is = p.Law
	}
}

// lawOf is the law of a text that stands in this package.
func lawOf(text string) traffic.Law {
	d := newDecoder(yamlfile.NewDecoder(&yamlfile.Faults{}, &form))
	var l Law
	l.read(d, &tree{Text: text}, "", "")
	if err := d.Err(); err != nil {
		panic("scenarios: " + err.Error())
	}
	return l.Law
}

// ParseLaw reads a law from a text, as files have it; bare is what a length alone is:
// always or exponential.
func ParseLaw(text, bare string) (traffic.Law, error) {
	d := newDecoder(yamlfile.NewDecoder(&yamlfile.Faults{}, &form))
	var l Law
	l.read(d, &tree{Kind: yamlfile.Scalar, Text: text}, "", bare)
	if len(d.List) > 0 {
		return traffic.Law{}, errors.New(d.List[0].What)
	}
	return l.Law, nil
}

const lawWanted = "a law, as exponential 240s, lognormal 240s cv 1.2, gamma 240s cv 0.5, weibull 120s shape 1.4, hyper 0.7 60s 600s, always 4s or never"

// lawText reads the words of a law.
func lawText(d *decoder, t *tree, path, bare string) (p lawParts, isBare bool) {
	words := strings.Fields(strings.ReplaceAll(t.Text, ",", " "))
	if len(words) == 0 {
		d.Wrong(t, path, lawWanted)
		return p, false
	}
	if mean, ok := parseLength(words[0]); ok {
		p.Law, p.Mean = "exponential", mean
		if bare == "always" {
			p.Law = "always"
		}
		isBare = p.Law == "exponential" && len(words) == 1
		words = append([]string{p.Law}, words...)
	}
	p.Law = words[0]
	if known := []string{"exponential", "lognormal", "gamma", "weibull", "hyper", "always", "never"}; !slices.Contains(known, p.Law) {
		if yamlfile.Nearest(p.Law, known) != "" {
			d.Unknown(t, path, p.Law, known)
			return p, false
		}
		d.Wrong(t, path, lawWanted)
		return p, false
	}
	for i := 1; i < len(words); i++ {
		if !p.word(words, &i) {
			why := "says nothing"
			if word := words[min(i, len(words)-1)]; word != "" && strings.Trim(word, "0123456789.") == "" {
				why = "has no unit (ms, s, m, h)"
			}
			d.Add(t.At, path, "is %s, where %q %s; want %s", d.Call(t), words[min(i, len(words)-1)], why, lawWanted)
			return p, false
		}
	}
	return p, isBare
}

// word takes one word, or two, of a law's text.
func (p *lawParts) word(words []string, i *int) bool {
	if x, ok := parseLength(words[*i]); ok {
		if p.Law == "hyper" {
			p.Means = append(p.Means, x)
		}
		p.Mean = x
		return true
	}
	if p.Law == "hyper" && *i == 1 {
		x, err := strconv.ParseFloat(words[1], 64)
		p.Share = Fraction(x)
		return err == nil && x >= 0 && x <= 1
	}
	*i++
	if *i >= len(words) || !numberForm.MatchString(words[*i]) {
		return false
	}
	x, _ := strconv.ParseFloat(words[*i], 64)
	switch words[*i-1] {
	case "cv":
		p.CV = &x
	case "shape":
		p.Shape = &x
	case "balking":
		p.Balking = Fraction(x)
		return x >= 0 && x <= 1
	default:
		return false
	}
	return true
}

// make makes the law.
func (p *lawParts) make() (traffic.Law, error) {
	law, err := p.plain()
	if err != nil || p.Balking == 0 {
		return law, err
	}
	return traffic.Balking(float64(p.Balking), law)
}

func (p *lawParts) plain() (traffic.Law, error) {
	mean := p.Mean.Seconds()
	switch p.Law {
	case "never":
		return traffic.Never(), nil
	case "always":
		return traffic.Deterministic(mean)
	case "hyper":
		if len(p.Means) != 2 {
			return traffic.Law{}, fmt.Errorf("hyper has %d means; want a share and two means, as hyper 0.7 60s 600s", len(p.Means))
		}
		return traffic.Hyperexponential(float64(p.Share), p.Means[0].Seconds(), p.Means[1].Seconds())
	case "empirical":
		sample := make([]float64, len(p.Values))
		for i, x := range p.Values {
			sample[i] = x.Seconds()
		}
		return traffic.Empirical(sample)
	case "quantiles":
		return traffic.Quantiles(p.Points...)
	}
	if mean == 0 { // a length of nothing is a law too
		return traffic.Deterministic(0)
	}
	return p.spread(mean)
}

func (p *lawParts) spread(mean float64) (traffic.Law, error) {
	switch p.Law {
	case "exponential":
		return traffic.Exponential(mean)
	case "weibull":
		if p.Shape == nil {
			return traffic.Law{}, fmt.Errorf("weibull has no shape; want weibull 120s shape 1.4")
		}
		return traffic.Weibull(mean, *p.Shape)
	case "gamma":
		switch {
		case p.Shape != nil:
			return traffic.Gamma(mean, traffic.CVOfShape(*p.Shape))
		case p.CV != nil:
			return traffic.Gamma(mean, *p.CV)
		}
		return traffic.Law{}, fmt.Errorf("gamma has no cv or shape; want gamma 240s cv 0.5")
	}
	if p.CV == nil {
		return traffic.Law{}, fmt.Errorf("lognormal has no cv; want lognormal 240s cv 1.2")
	}
	return traffic.Lognormal(mean, *p.CV)
}

// points are a quantile function: parts of all, and lengths.
type points []traffic.QuantilePoint

func (p *points) read(d *decoder, t *tree, path string) {
	if t.Kind != yamlfile.Mapping {
		d.Wrong(t, path, "a mapping from fractions to lengths, as {0: 10s, 0.5: 90s, 1: 900s}")
		return
	}
	for i, k := range t.Keys {
		x := d.fraction(&tree{At: k.At, Text: k.Text}, yamlfile.Join(path, k.Text))
		*p = append(*p, traffic.QuantilePoint{P: float64(x), X: d.length(t.Items[i], yamlfile.Join(path, k.Text)).Seconds()})
	}
}
