# Two commands do everything on a machine with Go and make:
#   go run ./cmd/callwright demo
#   make test
# Nothing here needs the network beyond the Go module proxy.

GO ?= go
export CGO_ENABLED = 0

.PHONY: build test check peers bench golden soak pgo fuzz clean

build:
	$(GO) build ./...

test: ## everything that proves the program, under 10 minutes on 2 cores
	$(GO) test -timeout 10m ./...

# Other people's telephones and servers, which tests call: SIPp, baresip, kamailio, sipsak;
# espeak-ng for spoken prompts. Without them those tests skip, and say so.
PEERS = sipp:sip-tester baresip:baresip-core kamailio:kamailio sipsak:sipsak espeak-ng:espeak-ng chromium:chromium

peers: ## install what Debian has of them, if it is missing
	@need=""; for p in $(PEERS); do command -v $${p%%:*} >/dev/null || need="$$need $${p##*:}"; done; \
	if [ -n "$$need" ]; then echo "installing$$need"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$need >/dev/null; fi

check: ## gofmt, vet, staticcheck, house rules
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "gofmt would change:"; echo "$$out"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) test -count=1 ./internal/house

golden: ## every row of the reference tables, printed
	$(GO) test -count=1 -v -run 'Golden' ./erlang

bench: ## the simulator beside the yardstick, same run; see BENCH.md
	$(GO) build -o bin/refsim ./cmd/callwright-bench/yardstick
	$(GO) build -o bin/callwright-bench ./cmd/callwright-bench
	bin/callwright-bench
	$(GO) test -run XXX -bench . -benchtime 0.5s ./sim/des ./traffic ./erlang
	$(GO) test -run XXX -bench . -benchtime 1x -timeout 1h ./sipua ./media ./realcore/live ./traffic/sipload ./traffic/sipload/sound
	$(GO) test -run XXX -bench . -benchtime 1s ./traffic/sipload/wire

soak: ## hours, if wanted: SEEDS=1000000 make soak
	$(GO) test -count=1 -timeout 24h -run 'TestFaults' ./realcore/coretest -args -faults $(or $(SEEDS),20000)
	$(GO) test -count=1 -timeout 24h -run 'Exact' ./sim -args -soak
	$(GO) test -count=1 -timeout 24h -run 'TestKill' ./realcore/live -args -kills 50
	$(GO) test -count=1 -timeout 24h -run 'TestStarved$$|Healthy|FindLimit' ./traffic/sipload -args -tries 20
	$(GO) test -count=1 -timeout 24h -parallel 30 -run 'Overload|DeadPeer|TestWait' ./sipua -args -soak

pgo: ## record the profiles that go build uses to optimise the two programs
	$(GO) test ./sim/world -run XXX -bench 'W1|W2' -benchtime 8x -cpuprofile bin/pgo.prof -o bin/world.test
	cp bin/pgo.prof cmd/callwright-bench/default.pgo

clean:
	rm -rf bin out
