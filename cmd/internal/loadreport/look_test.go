package loadreport

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var look = flag.String("look", "", "write pages of some stories into this directory, to be looked at")

// TestLook writes what a person should look at after a change of pages and pictures.
func TestLook(t *testing.T) {
	if *look == "" {
		t.Skip("no -look")
	}
	for name, s := range stories() {
		for _, lang := range Languages() {
			f, err := os.Create(filepath.Join(*look, name+"-"+lang+".html"))
			if err != nil {
				t.Fatal(err)
			}
			if err := HTML(f, s, lang); err != nil {
				t.Errorf("%s %s: %v", name, lang, err)
			}
			f.Close()
		}
	}
}
