package scenarios

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// pos is a place in the text, from 1 on.
type pos struct{ line, column int }

// tree is a value of the file: a scalar as it was written, a list or a mapping.
type tree struct {
	at     pos
	kind   treeKind
	text   string
	quoted bool
	keys   []*tree // of a mapping, beside items
	items  []*tree
}

type treeKind uint8

const (
	scalar treeKind = iota
	list
	mapping
	nothing // no value, null or ~
)

// String is a value as messages call it.
func (t *tree) String() string {
	switch t.kind {
	case list:
		return "a list"
	case mapping:
		return "a mapping"
	case nothing:
		return "empty"
	}
	return shown(t.text)
}

// parse turns the text into a tree; nil if there were mistakes.
func parse(f *faults, text []byte) *tree {
	text = guard(f, text)
	if text == nil {
		return nil
	}
	file, err := parseYAML(text)
	if err != nil {
		at, what := place(err)
		f.add(at, "", "%s", what)
		return nil
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	if len(bodies) != 1 {
		f.add(pos{1, 1}, "", "the file has %d documents; want one", len(bodies))
		return nil
	}
	b := builder{faults: f}
	t := b.build(bodies[0], 0)
	if len(f.list) > 0 {
		return nil
	}
	return t
}

// parseYAML calls the parser, which panics on some texts that are not YAML.
func parseYAML(text []byte) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			file, err = nil, errors.New("[1:1] this is not YAML")
		}
	}()
	return parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
}

var yamlError = regexp.MustCompile(`(?s)^\[(\d+):(\d+)\] ([^\n]*)`)

// place takes the position out of an error of the parser.
func place(err error) (pos, string) {
	m := yamlError.FindStringSubmatch(err.Error())
	if m == nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return pos{1, 1}, first
	}
	line, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	return pos{max(line, 1), max(column, 1)}, m[3]
}

type builder struct{ *faults }

func (b *builder) build(n ast.Node, depth int) *tree {
	t := &tree{at: posOf(n)}
	if depth > mostIndents+mostBrackets {
		b.add(t.at, "", "nested too deep")
		return t
	}
	switch n := n.(type) {
	case *ast.NullNode:
		t.kind, t.text = nothing, ""
	case *ast.MappingNode:
		t.kind = mapping
		for _, v := range n.Values {
			b.entry(t, v, depth)
		}
	case *ast.MappingValueNode:
		t.kind = mapping
		b.entry(t, n, depth)
	case *ast.SequenceNode:
		t.kind = list
		for _, v := range n.Values {
			if text, ok := joined(v); ok {
				t.items = append(t.items, &tree{at: keyPos(v), text: text})
				continue
			}
			t.items = append(t.items, b.build(v, depth+1))
		}
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		tk := n.GetToken()
		t.text = tk.Value
		t.quoted = tk.Type == token.SingleQuoteType || tk.Type == token.DoubleQuoteType
	default:
		b.add(t.at, "", "%s has no place in a scenario", strings.ToLower(n.Type().String()))
	}
	return t
}

func (b *builder) entry(t *tree, v *ast.MappingValueNode, depth int) {
	k := &tree{at: posOf(v.Key), text: v.Key.GetToken().Value}
	if k.text == "<<" {
		b.add(k.at, "", "a merge key (<<); want the values written out")
		return
	}
	for _, old := range t.keys {
		if old.text == k.text {
			b.add(k.at, "", "key %s stands here a second time, first in line %d", shown(k.text), old.at.line)
			return
		}
	}
	if len(t.keys) == 0 {
		t.at = k.at
	}
	t.keys, t.items = append(t.keys, k), append(t.items, b.build(v.Value, depth+1))
	if last := t.items[len(t.items)-1]; last.kind == nothing {
		last.at = k.at // where the parser sees nothing is anywhere
	}
}

// joined puts together again what the parser takes apart in brackets: a plain
// 09:30, as an item of a list, comes as a mapping from 09 to 30.
func joined(n ast.Node) (string, bool) {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) == 1 && m.Start != nil && m.Start.Value != "{" {
		n = m.Values[0]
	}
	v, ok := n.(*ast.MappingValueNode)
	if !ok || v.Start == nil || v.Start.Position == nil {
		return "", false
	}
	key := v.Key.GetToken()
	colon := v.Start.Position
	if key.Type == token.SingleQuoteType || key.Type == token.DoubleQuoteType || v.Value == nil {
		return "", false
	}
	if at := keyPos(v.Value); at.line != colon.Line || at.column != colon.Column+1 {
		return "", false
	}
	if rest, ok := joined(v.Value); ok {
		return key.Value + ":" + rest, true
	}
	value := v.Value.GetToken()
	if _, isScalar := v.Value.(ast.ScalarNode); !isScalar || value == nil {
		return "", false
	}
	return key.Value + ":" + value.Value, true
}

// keyPos returns where a node begins: a mapping without brackets at its first key.
func keyPos(n ast.Node) pos {
	if v, ok := n.(*ast.MappingValueNode); ok {
		return posOf(v.Key)
	}
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && m.Start != nil && m.Start.Value != "{" {
		return posOf(m.Values[0].Key)
	}
	return posOf(n)
}

func posOf(n ast.Node) pos {
	tk := n.GetToken()
	if tk == nil || tk.Position == nil {
		return pos{1, 1}
	}
	return pos{max(tk.Position.Line, 1), max(tk.Position.Column, 1)}
}
