package loadreport

import (
	"bytes"
	"encoding/xml"
	"io"
	"strconv"
	"strings"

	"callwright/traffic/loadstats"
)

// JUnit writes the run as one test suite: whether it is valid, whether calls failed that
// no threshold allows, and each threshold; its output is the text. An invalid run is an
// error, and the rest skipped: what the generator could not do is no failure of the target.
func JUnit(w io.Writer, s *loadstats.Story) error {
	t, err := tell(s, "en")
	if err != nil {
		return err
	}
	var text bytes.Buffer
	t.text(&text)
	suite := junitSuite{Name: "callwright load", Time: strconv.FormatFloat(lasted(s).Seconds(), 'f', 3, 64), Output: junitText{strings.Map(xmlRune, text.String())}}
	if !s.Run.Began.IsZero() {
		suite.Timestamp = s.Run.Began.UTC().Format("2006-01-02T15:04:05")
	}
	for _, p := range t.asked() {
		suite.Properties = append(suite.Properties, junitProperty{p.Name, p.Is})
	}
	suite.Cases = t.junitCases()
	for _, c := range suite.Cases {
		suite.Tests++
		switch {
		case c.Error != nil:
			suite.Errors++
		case c.Failure != nil:
			suite.Failures++
		case c.Skipped != nil:
			suite.Skipped++
		}
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err = w.Write(b.Bytes())
	return err
}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"` // seconds
	Timestamp  string          `xml:"timestamp,attr,omitempty"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	Output     junitText       `xml:"system-out"`
}

// junitText is verbatim, so that people can read the file too.
type junitText struct {
	Text string `xml:",cdata"`
}

// xmlRune replaces what XML 1.0 has no way to hold (2.2), which the encoder lets through
// where text is verbatim.
func xmlRune(r rune) rune {
	switch {
	case r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= 0x10ffff:
		return r
	}
	return '\ufffd'
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Time    string       `xml:"time,attr"`
	Error   *junitReason `xml:"error"`
	Failure *junitReason `xml:"failure"`
	Skipped *junitReason `xml:"skipped"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

func (t *told) junitCases() []junitCase {
	valid := junitCase{Class: "callwright.load", Name: "validity", Time: "0"}
	skip := ""
	switch {
	case t.partial():
		skip = "the run is partial"
		valid.Error = &junitReason{Message: t.verdictLine(), Type: "interrupted"}
	case t.invalid():
		skip = "the run is invalid: nothing is said of the target"
		valid.Error = &junitReason{Message: t.verdictLine(), Type: "invalid", Text: strings.Join(t.reasons(), "\n")}
	}
	calls := junitCase{Class: "callwright.load", Name: "calls", Time: "0"}
	if t.callsFailed() {
		calls.Failure = &junitReason{Message: t.failedLine(), Type: "calls"}
		for _, f := range t.v.FailedBy() {
			calls.Failure.Text += f.Step + ", " + f.Cause + ": " + strconv.FormatInt(f.Count, 10) + "\n"
		}
	}
	out := []junitCase{valid, calls}
	for _, j := range t.judged {
		c := junitCase{Class: "callwright.load.threshold", Name: j.Text, Time: "0"}
		if !j.Passed {
			c.Failure = &junitReason{Message: t.missed(j), Type: "threshold"}
		}
		out = append(out, c)
	}
	if skip != "" {
		for i := range out[1:] {
			out[i+1].Failure, out[i+1].Skipped = nil, &junitReason{Message: skip}
		}
	}
	return out
}
