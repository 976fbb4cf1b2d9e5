// Package shared finds, for tests, the data that lies beside the repository and is
// not the project's own: a folder called shared, next to the repository's.
package shared

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the path of a file of that folder. Its absence skips the test, or
// fails it where CALLWRIGHT_SHARED=required says that it must be there.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	root, err := os.Getwd()
	for ; err == nil; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil || root == filepath.Dir(root) {
			break
		}
	}
	p := filepath.Join(append([]string{root, "..", "shared"}, elem...)...)
	if err == nil {
		_, err = os.Stat(p)
	}
	if err != nil {
		if os.Getenv("CALLWRIGHT_SHARED") == "required" {
			t.Fatalf("CALLWRIGHT_SHARED=required, but %v", err)
		}
		t.Skipf("SKIPPED, NOT CHECKED: %v (CALLWRIGHT_SHARED=required makes this a failure)", err)
	}
	return p
}
