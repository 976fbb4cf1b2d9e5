package scenarios

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func treeOf(t *testing.T, name string, text []byte) *tree {
	t.Helper()
	_, x, err := form.Read(name, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// The schema takes every scenario of the library and the one that uses every
// key, and refuses what the reader refuses for its form.
func TestSchema(t *testing.T) {
	s := schema(t)
	for _, name := range List() {
		text, err := Text(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(plain(treeOf(t, name, text))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Validate(plain(treeOf(t, "everything", []byte(everything)))); err != nil {
		t.Errorf("everything: %v", err)
	}
	for _, text := range []string{"name: x\n", "callwright: 2\n", "callwright: 1\nagnets: 10\n", "callwright: 1\ngroups: {a: {agents: -5}}\n",
		"callwright: 1\ngroups: {a: {agents: 10.5}}\n", "callwright: 1\nqueues: {a: {target: {level: 80, within: 20s}}}\n",
		"callwright: 1\ncalls: {a: {patience: {law: no}}}\n", "callwright: 1\ninterval: 30\n"} {
		if err := s.Validate(plain(treeOf(t, "bad", []byte(text)))); err == nil {
			t.Errorf("schema takes %q", text)
		}
		if _, err := Parse("bad", strings.NewReader(text)); err == nil {
			t.Errorf("reader takes %q", text)
		}
	}
}
