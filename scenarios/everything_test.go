package scenarios

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"callwright/realcore"
	"callwright/sim/world"
)

// everything uses what the format has, once.
const everything = `
callwright: 1
name: everything
title: {en: Everything, ja: 全部}
notes: [Invented., "Nobody called."]
zone: Europe/Berlin
start: 2026-03-28
day: 08:00-20:00
days: 3
interval: 30m
stop: drained
stay: 45m
seed: 7
most-contacts: 5000
uncertainty: {year: 0.05, month: shape 400, day: 0.1, interval: 0.05, common: [day, month], pool: main}
holidays: [2026-04-03]
hours:
  office: {mon-fri: 08:00-18:00, sat: [09:00-12:00, 13:00-15:00], holiday: closed}
  always: 00:00-24:00
prompts: {welcome: 4s, choose: 8s, tune: 5s}
trunks: {isdn: 60}
vendors:
  agency: {lines: 10, answer: 5s, handle: lognormal 200s cv 0.8, refuse: 0.05}
groups:
  experts:
    agents: {shifts: [{agents: 6, hours: 08:00-16:30, days: mon-sun, breaks: [{at: 12:00, for: 30m, reason: lunch}]}, {agents: 4, hours: 12:00-20:00, days: [mon, tue, wed], breaks: [{at: 15:00, for: 15m}]}]}
    skills: {sales: 3, service: 2, english: 1}
    takes: [vip, sales, service, outbound]
    ring: lognormal 4s cv 0.5
    ring-limit: 20s
    miss: 0.02
    rona: 30s
    reject: 0.01
    reject-penalty: 10s
    wrapup-limit: 5m
  novices:
    agents: {by-day: {mon-sun: 5, sat: [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], holiday: 1}}
    skills: [sales, service]
    pace: 1.3
    ring: 5s
  writers:
    agents: {every: 4h, count: [1, 2, 1]}
    slots: {voice: 1, chat: 3, mail: 1}
    takes: priority
    ring: 1s
queues:
  sales:
    needs: {sales: 2}
    select: most-skilled
    agent: fewest-contacts
    target: {level: 0.8, within: 20s, rule: exclude-short, short: 5s}
    hours: 08:00-20:00
    closed: voicemail
    most-waiting: 30
    full: vendor agency
    reserve: 0
    preferred-wait: 15s
    while-waiting:
      - {after: 10s, do: announce tune}
      - {after: 20s, do: widen, needs: [sales]}
      - {after: 40s, do: offer-callback}
      - {after: 90s, do: {queue: vip, tier: gold, keep-time: true}}
  service:
    groups: [[experts], [novices]]
    agent: least-occupied
    tiers:
      - {name: normal}
      - {name: gold, credit: 60s, ageing: 2, while-waiting: [{after: 2m, do: vendor agency, repeat: 30s}]}
    while-waiting:
      - {after: 3m, do: flow night}
  vip:
    groups: {experts: 70, novices: 30}
    select: split
    tiers: [{}, {name: gold, credit: 30s}]
    while-waiting: [{after: 5m, do: disconnect}]
  chat:
    channel: chat
    groups: writers
    agent: round-robin
    most-waiting: none
    full: voicemail
  outbound: {groups: [experts, novices], select: in-order, reserve: 1}
flows:
  main:
    - say: welcome
    - hours: office
      closed: flow night
    - menu:
        prompt: choose
        timeout: 4s
        tries: 2
        hang-up: 0.02
        invalid: 0.03
        otherwise: queue service
        keys:
          1: {to: queue sales, share: 0.5}
          2: {to: [say 3s, {queue: service, tier: gold}], share: 0.3}
          "*": {to: {split: [{share: 0.25, to: vendor agency}, {share: 0.75, to: flow night}]}, share: 0.1}
  night:
    - offer-callback: {queue: service, tier: gold, prompt: choose, timeout: 3s}
    - vendor: agency
      busy: voicemail
numbers:
  "0800 1": {flow: main, trunk: isdn}
  gold: {queue: service, tier: gold}
calls:
  main:
    number: 0800 1
    volume: {every: 1h, calls: [20, 30, 40, 40, 30, 30, 30, 40, 40, 30, 20, 10]}
    by-day: {sat: 0.5, sun: 0.2, holiday: 0.1}
    factor: 1.1
    spikes: [{at: 11:00, on-day: 2, volume: 50, ramp: 1m, hold: 2m, decay: 5m, exponential: true}]
    talk: {law: lognormal, mean: 200s, cv: 1.1}
    wrapup: exponential 30s
    by-group: {novices: gamma 260s cv 0.7}
    patience: weibull 150s shape 1.2, balking 0.05
    callback: 0.4
    message: 25s
    reached: 0.8
    pick-up: {law: empirical, values: [3s, 5s, 9s]}
    preferred: 0.1
    transfer: [{share: 0.05, queue: service, tier: gold}]
    choices: {main: {1: 0.7, 2: 0.2}}
    periods: [{from: 12:00, patience: exponential 60s}, {from: 18:00, talk: hyper 0.7 100s 500s}]
    redial: {after-abandon: 0.3, after-busy: 0.8, after-closed: 0.1, delay: exponential 10m, attempts: 4}
  gold: {number: gold, rate: {per: h, every: 4h, values: [5, 10, 10, 5], linear: true}, talk: 200s, patience: never}
  chats: {queue: chat, volume: {total: 60, shape: [1, 2, 3, 3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}, talk: exponential 8m, patience: {law: quantiles, points: {0: 10s, 0.5: 90s, 1: 900s}}}
  campaign: {dial: outbound, rate: 6/h, talk: exponential 90s, uncertainty: {day: 0.3}}
  walk-in: {queue: sales, trunk: isdn, trace: [1h, 1h, 90m], handle: always 2m, patience: gamma 60s shape 2}
  table: {queue: sales, volume: {csv: {file: t/v.csv, column: x}}, talk: 60s, patience: 60s}
scripts:
  caller: [call: {patience: exponential 60s}, expect: 200, until: {silence: 1s, within: 10s}, keys: "1", talk: lognormal 120s cv 1, hang up]
  answerer: [refuse: {code: 486, share: 0.1}, ring: 2s, answer, until: hang up]
  agent: [register, ring: 2s, answer, talk: {for: 20s, sound: tone 440}, hang up, wrap up: 10s]
`

func table(rows int) fstest.MapFS {
	return fstest.MapFS{"t/v.csv": {Data: []byte("time,x\n" + strings.Repeat("a,0.5\n", rows))}}
}

// Every key of the format is in everything, which compiles and plays.
func TestEverything(t *testing.T) {
	f, err := Parse("everything.yaml", strings.NewReader(everything))
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Compile(Options{Zone: time.LoadLocation, Files: table(24)})
	if err != nil {
		t.Fatal(err)
	}
	w, err := world.New(s.Plan, s.Demand, s.Seed, 0)
	if err != nil {
		t.Fatal(err)
	}
	end, err := w.Run()
	if err != nil || w.Center.Contacts() != 0 {
		t.Errorf("ended at %v with %d contacts left: %v", end, w.Center.Contacts(), err)
	}
	var all []string
	keysIn(reflect.TypeFor[Format](), map[reflect.Type]bool{}, &all)
	for _, key := range all {
		if !strings.Contains(everything, key+":") && key != "on-day" && key != "most-calls" && key != "share" && key != "means" {
			t.Errorf("key %s is not tried", key)
		}
	}
	g := s.Plan.Groups
	if g[0].Slots[realcore.Voice] != 1 || g[2].Slots != [realcore.NumChannels]uint8{1, 3, 1} || !g[1].WrapUp || g[2].Order != realcore.Priority {
		t.Errorf("groups are %+v", g)
	}
	if got := len(s.Plan.Classes); got != 7 {
		t.Errorf("%d classes; want 7", got)
	}
	if p := s.Plan.Classes[0].Pools; len(p) != 2 || len(p[0].Ranks) != 1 || len(p[1].Ranks) != 2 {
		t.Errorf("sales looks in %v; want the experts, then the novices after them", p)
	}
	if q := s.Queues[0]; q.Rule != "sl_exclude_short" || q.AWT != 20*time.Second || q.Target != 0.8 || q.Short != 5*time.Second {
		t.Errorf("sales promises %+v", q)
	}
}

// keysIn collects the keys of a type and of those within.
func keysIn(t reflect.Type, seen map[reflect.Type]bool, keys *[]string) {
	if seen[t] {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		keysIn(t.Elem(), seen, keys)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if k := f.Tag.Get("key"); k != "" && k != "-" {
				*keys = append(*keys, k)
			}
			if f.IsExported() && f.Type.PkgPath() != "callwright/traffic" {
				keysIn(f.Type, seen, keys)
			}
		}
	}
}
