package yamlfile

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Pos is a place in the text, from 1 on.
type Pos struct{ Line, Column int }

// Tree is a value of the file: a scalar as it was written, a list or a mapping.
type Tree struct {
	At     Pos
	Kind   Kind
	Text   string // of a scalar
	Quoted bool
	Keys   []*Tree // of a mapping, beside Items
	Items  []*Tree
}

// Kind is what a Tree is.
type Kind uint8

// The kinds of a Tree.
const (
	Scalar Kind = iota
	List
	Mapping
	Nothing // no value, null or ~
)

// build calls the parser for what the guard has let through, and takes its nodes over.
func (form *Format) build(f *Faults, text []byte) *Tree {
	file, err := parseYAML(text)
	if err != nil {
		at, what := place(err)
		f.Add(at, "", "%s", what)
		return nil
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	switch len(bodies) {
	case 0:
		f.Add(Pos{1, 1}, "", "%s", form.Empty)
		return nil
	case 1:
		return (&builder{f, form}).build(bodies[0], 0)
	}
	f.Add(Pos{1, 1}, "", "the file has %d documents; want one", len(bodies))
	return nil
}

var errNotYAML = errors.New("[1:1] this is not YAML")

// parseYAML calls the parser, which panics on some texts that are not YAML.
func parseYAML(text []byte) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			file, err = nil, errNotYAML
		}
	}()
	return parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
}

var yamlError = regexp.MustCompile(`(?s)^\[(\d+):(\d+)\] ([^\n]*)`)

// place takes the position out of an error of the parser, and leaves the line of the
// file that it quotes: there may be a secret in it.
func place(err error) (Pos, string) {
	m := yamlError.FindStringSubmatch(err.Error())
	if m == nil {
		return Pos{1, 1}, "this is not YAML"
	}
	line, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	return Pos{max(line, 1), max(column, 1)}, m[3]
}

type builder struct {
	*Faults
	form *Format
}

func (b *builder) build(n ast.Node, depth int) *Tree {
	t := &Tree{At: posOf(n)}
	if depth > b.form.Deepest {
		b.Add(t.At, "", "nested too deep")
		return t
	}
	switch n := n.(type) {
	case *ast.NullNode:
		t.Kind = Nothing
	case *ast.MappingNode:
		t.Kind = Mapping
		for _, v := range n.Values {
			b.entry(t, v, depth)
		}
	case *ast.MappingValueNode:
		t.Kind = Mapping
		b.entry(t, n, depth)
	case *ast.SequenceNode:
		t.Kind = List
		for _, v := range n.Values {
			item := joined(v)
			if item == nil {
				item = b.build(v, depth+1)
			}
			t.Items = append(t.Items, item)
		}
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		tk := n.GetToken()
		t.Text = tk.Value
		t.Quoted = tk.Type == token.SingleQuoteType || tk.Type == token.DoubleQuoteType
	default:
		b.Add(t.At, "", "%s has no place in %s", strings.ToLower(n.Type().String()), b.form.Name)
	}
	return t
}

func (b *builder) entry(t *Tree, v *ast.MappingValueNode, depth int) {
	k := &Tree{At: posOf(v.Key), Text: v.Key.GetToken().Value}
	if k.Text == "<<" {
		b.Add(k.At, "", "a merge key (<<); want the values written out")
		return
	}
	for _, old := range t.Keys {
		if old.Text == k.Text {
			b.Add(k.At, "", "key %s stands here a second time, first in line %d", b.form.shown(k.Text), old.At.Line)
			return
		}
	}
	if len(t.Keys) == 0 {
		t.At = k.At
	}
	value := b.build(v.Value, depth+1)
	if value.Kind == Nothing {
		value.At = k.At // where the parser sees nothing is anywhere
	}
	t.Keys, t.Items = append(t.Keys, k), append(t.Items, value)
}

// joined puts together again what the parser takes apart in brackets: a plain
// 09:30 or 10.0.0.1:5060, as an item of a list, comes as a mapping from what is before
// the first colon to the rest. It returns nil for anything else.
func joined(n ast.Node) *Tree {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) == 1 && m.Start != nil && m.Start.Value != "{" {
		n = m.Values[0]
	}
	v, ok := n.(*ast.MappingValueNode)
	if !ok || v.Start == nil || v.Start.Position == nil || v.Value == nil {
		return nil
	}
	key, value := v.Key.GetToken(), v.Value.GetToken()
	_, isScalar := v.Value.(ast.ScalarNode)
	at, colon := posOf(v.Value), v.Start.Position
	if !isScalar || value == nil || key.Type == token.SingleQuoteType || key.Type == token.DoubleQuoteType ||
		at.Line != colon.Line || at.Column != colon.Column+1 {
		return nil
	}
	return &Tree{At: posOf(v.Key), Text: key.Value + ":" + value.Value}
}

func posOf(n ast.Node) Pos {
	tk := n.GetToken()
	if tk == nil || tk.Position == nil {
		return Pos{1, 1}
	}
	return Pos{max(tk.Position.Line, 1), max(tk.Position.Column, 1)}
}
