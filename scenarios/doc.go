// Package scenarios reads the scenario file: one YAML text that describes a
// contact centre, its callers and its people. It checks the text with
// positions and compiles it to what the rest of the project works with, a
// realcore.Plan and a traffic.Demand.
//
// The one idea in it: the file is read into a small tree of our own, and from
// there by the Go types of format.go, whose tags name and explain each key.
// The reader, the JSON Schema and the messages come from the same tags, and
// every value is known by its path (calls.tel.patience), so that whoever finds
// a mistake, however late, can say where it stands.
//
//	f, err := scenarios.Parse("day.yaml", r)
//	s, err := f.Compile(scenarios.Options{Zone: time.LoadLocation, Files: root.FS()})
//	sim.Run(s.Plan, s.Demand, ...)
//
// Numbers: whole numbers are digits (12, never 1e1, 0x0c or 012), fractions lie
// in [0, 1], lengths have a unit (90s, 5m, 1h30m), times of day are 09:30.
// Words are words: no, on and yes are names like others. YAML is taken as a
// subset: one document, UTF-8, at most 256 KiB, no anchors, aliases, tags, merge
// keys, directives, block scalars or tabs, and no duplicate keys.
//
// yamlfile walks the text, builds the tree and fills the types; what is refused of
// YAML, and the values of these types, are scenarios' own.
//
// It opens no files (they come as an fs.FS), knows no zones (they come as a
// function) and simulates nothing. cmd imports it.
package scenarios
