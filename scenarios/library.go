package scenarios

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"callwright/yamlfile"
)

//go:embed library/*.yaml library/*.csv
var library embed.FS

// List returns the names of the scenarios that come with the program, sorted.
func List() []string {
	entries, err := library.ReadDir("library")
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".yaml"); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Text returns the file of a scenario of the library, comments and all: a place
// to start from.
func Text(name string) ([]byte, error) {
	text, err := library.ReadFile("library/" + name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("no scenario %s in the library; %s", yamlfile.Shown(name), yamlfile.DidYouMean(name, List()))
	}
	return text, nil
}

// Open parses a scenario of the library. Compile it with Files: Library().
func Open(name string) (*File, error) {
	text, err := Text(name)
	if err != nil {
		return nil, err
	}
	return Parse(name+".yaml", bytes.NewReader(text))
}

// Library returns the folder in which the library's tables lie.
func Library() fs.FS {
	dir, err := fs.Sub(library, "library")
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	return dir
}
