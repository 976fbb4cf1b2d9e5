// Package site reads the site file: what a live centre must be told and a scenario must
// not hold. Addresses, telephones, trunks, people and their secrets are a site's; what
// the centre does with calls is the scenario's. So one scenario is simulated anywhere and
// served at many sites, and can be shown to anybody.
//
// The file is YAML, begins with callwright-site: 1, and is read strictly: a key that
// nobody knows is a mistake, and all mistakes are told at once with their places. It
// holds secrets, so cmd wants its mode to be 0600, and no message shows one.
//
//	f, err := site.Parse("site.yaml", r)     // its form
//	warnings, err := f.Check(site.Known{Agents: agents, Queues: queues}) // its names, against a scenario
//
// The package is pure: it opens nothing, resolves nothing and imports no room but
// yamlfile, which reads YAML. cmd maps a Site to the configurations of sipua, media and
// cti, and is the only one to import it. Where to look: format.go and format_*.go for what
// the file may say, guard.go for what is refused of YAML, decode.go and values.go for its
// values, judge.go for what must fit together, check.go for the scenario's names,
// secrets.go for passwords, create.go for new files.
package site
