package site

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
	return [...]string{shown(t.text), "a list", "a mapping", "empty"}[t.kind]
}

// parse turns the text into a tree; nil if there were mistakes.
func parse(f *faults, text []byte) *tree {
	if text = guard(f, text); text == nil {
		return nil
	}
	file, err := parseYAML(text)
	if err != nil {
		f.addYAML(err)
		return nil
	}
	var t *tree
	for _, d := range file.Docs {
		if d.Body == nil {
			continue
		}
		if t != nil {
			f.add(posOf(d.Body), "", "a second document; want one")
			return nil
		}
		t = f.build(d.Body)
	}
	if t == nil {
		f.add(pos{1, 1}, "", "the file is empty; want one that begins with callwright-site: 1")
	}
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

// addYAML takes over a mistake that the parser found, without the line of the file
// that it quotes: there may be a secret in it.
func (f *faults) addYAML(err error) {
	m := yamlError.FindStringSubmatch(err.Error())
	if m == nil {
		f.add(pos{1, 1}, "", "this is not YAML")
		return
	}
	line, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	f.add(pos{line, column}, "", "%s", m[3])
}

func (f *faults) build(n ast.Node) *tree {
	t := &tree{at: posOf(n)}
	switch n := n.(type) {
	case *ast.NullNode:
		t.kind = nothing
	case *ast.MappingNode:
		t.kind = mapping
		for _, v := range n.Values {
			f.entry(t, v)
		}
	case *ast.MappingValueNode:
		t.kind = mapping
		f.entry(t, n)
	case *ast.SequenceNode:
		t.kind = list
		for _, v := range n.Values {
			if text, ok := joined(v); ok {
				t.items = append(t.items, &tree{at: firstOf(v), text: text})
				continue
			}
			t.items = append(t.items, f.build(v))
		}
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		tk := n.GetToken()
		t.text = tk.Value
		t.quoted = tk.Type == token.SingleQuoteType || tk.Type == token.DoubleQuoteType
	default:
		f.add(t.at, "", "%s has no place in a site file", strings.ToLower(n.Type().String()))
	}
	return t
}

func (f *faults) entry(t *tree, v *ast.MappingValueNode) {
	k := &tree{at: posOf(v.Key), text: v.Key.GetToken().Value}
	if k.text == "<<" {
		f.add(k.at, "", "a merge key (<<); want the values written out")
		return
	}
	for _, old := range t.keys {
		if old.text == k.text {
			f.add(k.at, "", "key %s stands here a second time, first in line %d", shown(k.text), old.at.line)
			return
		}
	}
	if len(t.keys) == 0 {
		t.at = k.at
	}
	value := f.build(v.Value)
	if value.kind == nothing {
		value.at = k.at // where the parser sees nothing is anywhere
	}
	t.keys, t.items = append(t.keys, k), append(t.items, value)
}

// joined puts together again what the parser takes apart in brackets: a plain
// 10.0.0.1:5060, as an item of a list, comes as a mapping from 10.0.0.1 to 5060.
func joined(n ast.Node) (string, bool) {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) == 1 && m.Start != nil && m.Start.Value != "{" {
		n = m.Values[0]
	}
	v, ok := n.(*ast.MappingValueNode)
	if !ok || v.Start == nil || v.Start.Position == nil || v.Value == nil {
		return "", false
	}
	key, value := v.Key.GetToken(), v.Value.GetToken()
	_, isScalar := v.Value.(ast.ScalarNode)
	at := posOf(v.Value)
	if value == nil || !isScalar || key.Type == token.SingleQuoteType || key.Type == token.DoubleQuoteType ||
		at.line != v.Start.Position.Line || at.column != v.Start.Position.Column+1 {
		return "", false
	}
	return key.Value + ":" + value.Value, true
}

// firstOf returns where a node of a list begins: a mapping at its first key.
func firstOf(n ast.Node) pos {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		return posOf(m.Values[0].Key)
	}
	if v, ok := n.(*ast.MappingValueNode); ok {
		return posOf(v.Key)
	}
	return posOf(n)
}

func posOf(n ast.Node) pos {
	if tk := n.GetToken(); tk != nil && tk.Position != nil {
		return pos{tk.Position.Line, tk.Position.Column}
	}
	return pos{1, 1}
}
