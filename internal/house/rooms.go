package house

// room is one package directory and what its non-test files may import.
type room struct {
	path    string
	pure    bool
	imports []string // of the module, and modules; the standard library is free, but see pure.go
	std     bool     // nothing but the standard library is allowed
}

// rooms is the map. Every package of the module has a line; what a line does
// not name is forbidden. A path ending in /... stands for all rooms below.
var rooms = []room{
	{path: "realcore", pure: true, std: true},
	{path: "realcore/routing", pure: true, imports: []string{"realcore"}},
	{path: "realcore/ivr", pure: true, imports: []string{"realcore"}},
	{path: "realcore/cdr", pure: true, imports: []string{"realcore"}},
	{path: "realcore/cdr/calllog", pure: true, imports: []string{"realcore", "realcore/cdr", "golang.org/x/text/..."}},
	{path: "realcore/center", pure: true, imports: []string{"realcore", "realcore/routing", "realcore/ivr"}},
	{path: "realcore/journal", pure: true, imports: []string{"realcore", "realcore/center"}},
	{path: "realcore/measure", pure: true, imports: []string{"realcore", "realcore/cdr"}},
	{path: "realcore/coretest", imports: []string{"realcore", "realcore/..."}},
	{path: "realcore/live", imports: []string{"realcore", "realcore/center", "realcore/cdr", "realcore/journal"}},
	{path: "sipua/dialog", pure: true, imports: []string{"realcore", "github.com/emiago/sipgo/sip"}},
	{path: "sipua/guard", pure: true, imports: []string{"sipua/dialog", "github.com/emiago/sipgo/sip"}},
	{path: "sipua/digest", pure: true, std: true},
	{path: "sipua/locate", imports: []string{"sipua/dialog"}},
	{path: "sipua", imports: []string{"realcore", "realcore/live", "sipua/dialog", "sipua/guard", "sipua/digest", "sipua/locate", "netio", "media", "media/rtp", "github.com/emiago/sipgo/..."}},
	{path: "media/rtp", pure: true, imports: []string{"github.com/pion/rtp", "github.com/pion/rtcp"}},
	{path: "media/meter", imports: []string{"media/rtp", "netio"}},
	{path: "media", imports: []string{"media/rtp", "netio"}},
	{path: "netio", imports: []string{"golang.org/x/net/...", "golang.org/x/sys/..."}},
	{path: "yamlfile", pure: true, imports: []string{"github.com/goccy/go-yaml/..."}},
	{path: "site", pure: true, imports: []string{"yamlfile", "golang.org/x/crypto/..."}},
	{path: "cti", imports: []string{"realcore", "realcore/live", "realcore/cdr", "realcore/measure", "github.com/coder/websocket", "github.com/prometheus/client_golang/..."}},
	{path: "traffic", pure: true, imports: []string{"realcore", "gonum.org/v1/gonum/..."}},
	{path: "traffic/fit", pure: true, imports: []string{"realcore", "traffic", "realcore/cdr", "realcore/cdr/calllog", "realcore/measure", "gonum.org/v1/gonum/..."}},
	{path: "traffic/callscript", pure: true, imports: []string{"realcore", "traffic"}},
	{path: "traffic/sipload/sound", imports: []string{"media", "media/rtp", "netio"}},
	{path: "traffic/sipload/wire", pure: true, imports: []string{"realcore", "sipua/dialog"}},
	{path: "traffic/loadstats", pure: true, imports: []string{"github.com/HdrHistogram/hdrhistogram-go", "gonum.org/v1/gonum/..."}},
	{path: "traffic/preflight", pure: true, imports: []string{"erlang", "traffic/loadstats", "media/rtp", "sipua/dialog"}},
	{path: "traffic/impair", imports: []string{"traffic"}},
	{path: "traffic/sipload", imports: []string{"realcore", "traffic", "traffic/callscript", "traffic/loadstats", "traffic/sipload/...", "sipua/dialog", "sipua/digest", "sipua/guard", "sipua/locate", "media", "media/rtp", "netio", "github.com/emiago/sipgo/sip"}},
	{path: "erlang", pure: true, imports: []string{"gonum.org/v1/gonum/..."}},
	{path: "sim/des", pure: true, imports: []string{"realcore"}},
	{path: "sim/output", pure: true, imports: []string{"gonum.org/v1/gonum/..."}},
	{path: "sim/world", pure: true, imports: []string{"realcore", "realcore/center", "realcore/cdr", "realcore/journal", "traffic", "sim/des"}},
	{path: "sim/workload", pure: true, imports: []string{"realcore", "traffic"}},
	{path: "sim", pure: true, imports: []string{"realcore", "realcore/cdr", "realcore/center", "realcore/measure", "realcore/journal", "traffic", "sim/world", "sim/output", "sim/des"}},
	{path: "sim/beside", pure: true, imports: []string{"realcore", "realcore/measure", "erlang", "traffic", "sim", "sim/output"}},
	{path: "sim/bridge", pure: true, imports: []string{"realcore", "realcore/measure", "erlang", "traffic", "traffic/fit", "sim", "sim/output", "sim/beside"}},
	{path: "scenarios", pure: true, imports: []string{"realcore", "realcore/routing", "realcore/ivr", "realcore/measure", "traffic", "traffic/callscript", "scenarios/...", "yamlfile"}},
	{path: "internal/house", std: true},
	{path: "internal/shared", std: true},
	{path: "cmd/...", imports: []string{"..."}},
}

// mayUseGoroutines is the one file of the pure rooms with goroutines.
const mayUseGoroutines = "sim/parallel.go"
