package house

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// world knows where the compiled form of every package is that the module or
// a planted file may import.
type world struct{ export map[string]string }

func newWorld(t *testing.T) *world {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", module+"/...",
		"os", "net", "net/http", "sync", "runtime", "log", "syscall", "math/rand", "math/rand/v2", "time", "os/exec", "sync/atomic").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	w := &world{map[string]string{}}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		path, file, _ := strings.Cut(line, "\t")
		w.export[path] = file
	}
	return w
}

func (w *world) load(t *testing.T, path string, fset *token.FileSet, files []*ast.File) *unit {
	t.Helper()
	u := &unit{path: path, fset: fset, files: files, info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}}
	conf := types.Config{Importer: importer.ForCompiler(fset, "gc", func(p string) (io.ReadCloser, error) { return os.Open(w.export[p]) })}
	if _, err := conf.Check(module+"/"+path, fset, files, u.info); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return u
}

func TestHouse(t *testing.T) {
	w := newWorld(t)
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}\t{{.Dir}}\t{{join .GoFiles \" \"}}", module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		f := strings.Split(line, "\t")
		if len(f) < 3 || f[2] == "" {
			continue // tests only
		}
		n++
		fset := token.NewFileSet()
		var files []*ast.File
		for _, name := range strings.Fields(f[2]) {
			file, err := parser.ParseFile(fset, filepath.Join(f[1], name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		for _, bad := range check(w.load(t, strings.TrimPrefix(f[0], module+"/"), fset, files)) {
			t.Error(bad)
		}
	}
	if n < 10 {
		t.Errorf("only %d packages checked", n)
	}
}

// Every rule is broken once in a planted file, which must be found.
func TestPlantedViolations(t *testing.T) {
	w := newWorld(t)
	for _, p := range []struct{ name, room, file, source string }{
		{"os", "realcore", "x.go", `import "os"; var _ = os.Args`},
		{"net", "realcore", "x.go", `import "net"; var _ net.IP`},
		{"net/http", "traffic", "x.go", `import "net/http"; var _ http.Header`},
		{"os/exec", "traffic", "x.go", `import "os/exec"; var _ exec.Cmd`},
		{"sync", "sim", "sim/run.go", `import "sync"; var _ sync.Mutex`},
		{"sync/atomic", "sim/world", "x.go", `import "sync/atomic"; var _ atomic.Bool`},
		{"runtime", "erlang", "x.go", `import "runtime"; var _ = runtime.NumCPU`},
		{"syscall", "erlang", "x.go", `import "syscall"; var _ syscall.Errno`},
		{"log", "sim/des", "x.go", `import "log"; var _ = log.Print`},
		{"unsafe", "sim/des", "x.go", `import "unsafe"; var _ unsafe.Pointer`},
		{"dot import", "sim/des", "x.go", `import . "math"; var _ = Pi`},
		{"time.Now", "realcore/center", "x.go", `import "time"; var _ = time.Now`},
		{"time.Now renamed", "realcore/center", "x.go", `import clock "time"; var _ = clock.Now`},
		{"time.Since", "realcore/center", "x.go", `import "time"; var _ = time.Since`},
		{"time.Until", "realcore/center", "x.go", `import "time"; var _ = time.Until`},
		{"time.Sleep", "realcore/center", "x.go", `import "time"; var _ = time.Sleep`},
		{"time.After", "realcore/center", "x.go", `import "time"; var _ = time.After`},
		{"time.AfterFunc", "realcore/center", "x.go", `import "time"; var _ = time.AfterFunc`},
		{"time.Tick", "realcore/center", "x.go", `import "time"; var _ = time.Tick`},
		{"time.NewTimer", "realcore/center", "x.go", `import "time"; var _ = time.NewTimer`},
		{"time.NewTicker", "realcore/center", "x.go", `import "time"; var _ = time.NewTicker`},
		{"time.LoadLocation", "scenarios", "x.go", `import "time"; var _ = time.LoadLocation`},
		{"time.Local", "scenarios", "x.go", `import "time"; var _ = time.Local`},
		{"global rand", "traffic", "x.go", `import "math/rand"; var _ = rand.Intn`},
		{"global rand/v2", "traffic", "x.go", `import "math/rand/v2"; var _ = rand.IntN`},
		{"goroutine", "sim", "sim/run.go", `func f() { go f() }`},
		{"goroutine in another room's parallel.go", "sim/world", "world/parallel.go", `func f() { go f() }`},
		{"channel", "sim", "sim/parallel.go", `var c chan int`},
		{"select", "sim", "x.go", `func f() { select {} }`},
		{"map order", "realcore/cdr", "x.go", `func f(m map[int]int) { for range m { } }`},
		{"named map order", "realcore/cdr", "x.go", `type t map[int]int; func f(m t) { for k := range m { _ = k } }`},
		{"arrow realcore", "realcore", "x.go", `import _ "callwright/realcore/routing"`},
		{"arrow routing", "realcore/routing", "x.go", `import _ "callwright/realcore/center"`},
		{"arrow cdr", "realcore/cdr", "x.go", `import _ "callwright/realcore/center"`},
		{"arrow center", "realcore/center", "x.go", `import _ "callwright/realcore/cdr"`},
		{"arrow measure", "realcore/measure", "x.go", `import _ "callwright/traffic"`},
		{"arrow traffic", "traffic", "x.go", `import _ "callwright/sim"`},
		{"arrow erlang", "erlang", "x.go", `import _ "callwright/realcore"`},
		{"arrow sim", "sim", "x.go", `import _ "callwright/erlang"`},
		{"arrow scenarios", "scenarios", "x.go", `import _ "callwright/sim"`},
		{"module in the wrong room", "realcore", "x.go", `import _ "gonum.org/v1/gonum/mathext"`},
		{"unknown room", "realcore/util", "x.go", `var _ = 0`},
	} {
		t.Run(p.name, func(t *testing.T) {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, p.file, "package x; "+p.source, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if bad := check(w.load(t, p.room, fset, []*ast.File{f})); len(bad) == 0 {
				t.Errorf("not found: %s", p.source)
			}
		})
	}
}

// What is allowed must not be found, or the rules cry wolf.
func TestAllowed(t *testing.T) {
	w := newWorld(t)
	for _, p := range []struct{ name, room, file, source string }{
		{"parallel.go", "sim", "sim/parallel.go", `import "sync"; func f() { var w sync.WaitGroup; go w.Wait() }`},
		{"own generator", "traffic", "x.go", `import "math/rand/v2"; var g = rand.New(rand.NewPCG(1, 2)); var _ = g.IntN(3)`},
		{"time values", "realcore", "x.go", `import "time"; var _ = time.Second; var _ time.Location; var _ = time.Unix`},
		{"slice range", "realcore", "x.go", `func f(m []int) { for range m { } }`},
	} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, p.file, "package x; "+p.source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if bad := check(w.load(t, p.room, fset, []*ast.File{f})); len(bad) > 0 {
			t.Errorf("%s: %v", p.name, bad)
		}
	}
}
