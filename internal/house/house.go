package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

const module = "callwright"

// unit is one type-checked package: its non-test files.
type unit struct {
	path  string // below the module
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
}

// find returns the room of a package, or nil.
func find(path string) *room {
	for i := range rooms {
		if matches(rooms[i].path, path) {
			return &rooms[i]
		}
	}
	return nil
}

// matches reports whether path is pattern, or lies below it if it ends in "/...".
func matches(pattern, path string) bool {
	if pattern == "..." {
		return true
	}
	if p, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == p || strings.HasPrefix(path, p+"/")
	}
	return pattern == path
}

// check returns every rule that the package breaks, each with its place.
func check(u *unit) []string {
	r := find(u.path)
	if r == nil {
		return []string{u.path + ": this room is not on the map: give it a line in internal/house/rooms.go and in ARCHITECTURE.md"}
	}
	var bad []string
	for _, f := range u.files {
		bad = append(bad, arrows(u, r, f)...)
		if r.pure {
			bad = append(bad, impurities(u, f)...)
		}
	}
	return bad
}

// arrows checks a file's imports against its room's line.
func arrows(u *unit, r *room, f *ast.File) []string {
	var bad []string
	for _, spec := range f.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		first, _, _ := strings.Cut(path, "/")
		own, inModule := strings.CutPrefix(path, module+"/")
		if !inModule {
			if !strings.Contains(first, ".") {
				continue // standard library
			}
			own = path
		}
		ok := false
		for _, p := range r.imports {
			ok = ok || matches(p, own)
		}
		if !ok || r.std {
			bad = append(bad, fmt.Sprintf("%s: %s may not import %s", u.fset.Position(spec.Pos()), u.path, path))
		}
	}
	return bad
}
