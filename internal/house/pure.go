package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// impureImports are packages that reach outside, or hide state.
var impureImports = map[string]bool{"os": true, "net": true, "sync": true, "runtime": true, "syscall": true, "log": true, "unsafe": true}

// allowedBelow are packages below an impure one that are pure themselves.
var allowedBelow = map[string]bool{"net/netip": true, "net/url": true}

// impureNames are functions and variables of otherwise pure packages.
var impureNames = map[string]bool{
	"time.Now": true, "time.Since": true, "time.Until": true, "time.Sleep": true, "time.After": true, "time.AfterFunc": true,
	"time.Tick": true, "time.NewTimer": true, "time.NewTicker": true, "time.LoadLocation": true, "time.Local": true,
}

// randConstructors are what may be used of math/rand: own generators. All
// other functions of it draw from the global one.
var randConstructors = map[string]bool{"New": true, "NewPCG": true, "NewChaCha8": true, "NewSource": true, "NewZipf": true}

// impurities checks one file of a pure room, by type: a renamed import or a
// map behind a name does not hide.
func impurities(u *unit, f *ast.File) []string {
	var bad []string
	say := func(p token.Pos, format string, a ...any) {
		bad = append(bad, fmt.Sprintf("%s: pure room: %s", u.fset.Position(p), fmt.Sprintf(format, a...)))
	}
	exempt := strings.HasSuffix(u.fset.Position(f.Pos()).Filename, mayUseGoroutines)
	for _, spec := range f.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		top, _, _ := strings.Cut(path, "/")
		if impureImports[top] && !allowedBelow[path] && !(exempt && path == "sync") {
			say(spec.Pos(), "imports %s", path)
		}
		if spec.Name != nil && spec.Name.Name == "." {
			say(spec.Pos(), "imports %s into its own names", path)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			if !exempt {
				say(n.Pos(), "starts a goroutine")
			}
		case *ast.SelectStmt:
			say(n.Pos(), "selects")
		case *ast.ChanType:
			say(n.Pos(), "has a channel")
		case *ast.RangeStmt:
			if t := u.info.TypeOf(n.X); t != nil {
				if _, ok := t.Underlying().(*types.Map); ok {
					say(n.Pos(), "ranges over a map: its order is chance; range over sorted keys")
				}
			}
		case *ast.Ident:
			if name := impureUse(u.info.Uses[n]); name != "" {
				say(n.Pos(), "uses %s", name)
			}
		}
		return true
	})
	return bad
}

// impureUse returns the name of what an identifier uses if pure rooms may not.
func impureUse(o types.Object) string {
	if o == nil || o.Pkg() == nil || o.Parent() != o.Pkg().Scope() {
		return ""
	}
	path := o.Pkg().Path()
	if name := path + "." + o.Name(); impureNames[name] {
		return name
	}
	if path == "math/rand" || path == "math/rand/v2" {
		if f, ok := o.(*types.Func); ok && !randConstructors[f.Name()] {
			return path + "." + f.Name()
		}
	}
	return ""
}
