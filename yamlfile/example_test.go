package yamlfile_test

import (
	"fmt"
	"reflect"
	"strings"

	"callwright/yamlfile"
)

// anything is a Guard that refuses only what the Walk does.
type anything struct{}

func (anything) Line(*yamlfile.Walk, []byte)        {}
func (anything) Control(*yamlfile.Walk, rune)       {}
func (anything) Token(*yamlfile.Walk, rune) bool    { return false }
func (anything) End(*yamlfile.Walk)                 {}
func guard(*yamlfile.Faults, []byte) yamlfile.Guard { return anything{} }

var menu = yamlfile.Format{Name: "a menu", Empty: "the menu is empty", MostBytes: 4096, MostLine: 1000, MostBrackets: 4, Deepest: 40, Guard: guard}

type dish struct {
	Kind string   `key:"kind" of:"soup,noodles" must:"soup or noodles"`
	Hot  bool     `key:"hot"`
	With []string `key:"with" one:"yes"`
}

type card struct {
	Dishes yamlfile.Map[dish] `key:"dishes"`
}

// read reads a text as the menu's room would.
func read(text string) (c card, err error) {
	d, t, err := menu.Read("menu.yaml", strings.NewReader(text))
	if err != nil {
		return c, err
	}
	d.Value(reflect.ValueOf(&c).Elem(), t, "", "")
	return c, d.Err()
}

func Example() {
	c, err := read("dishes:\n  ramen: {kind: noodles, hot: true, with: egg}\n")
	fmt.Println(c.Dishes.Names, c.Dishes.Find("ramen").With, err)
	_, err = read("dishes:\n  ramen: {kind: noodle, hott: true}\n  udon: {hot: yes}\n")
	fmt.Println(err)
	// Output:
	// [ramen] [egg] <nil>
	// menu.yaml:2:17: dishes.ramen.kind is noodle; did you mean noodles?
	// menu.yaml:2:25: dishes.ramen.hott is no key here; did you mean hot?
	// menu.yaml:3:10: dishes.udon.kind is missing; want soup or noodles
	// menu.yaml:3:15: dishes.udon.hot is yes; want true or false
}
