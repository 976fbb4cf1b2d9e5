// Minimal reference simulators: W1 M/M/n+M, W2 multi-skill. Own code.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"sort"
	"strings"
	"syscall"
	"time"
)

// ---- 4-ary indexed event heap over slots; slot id -> time/pos
type ev struct {
	t  float64
	id int32
}
type heap4 struct {
	a   []ev
	pos []int32 // slot id -> index, -1 absent
}

func (h *heap4) up(i int, e ev) {
	for i > 0 {
		p := (i - 1) >> 2
		if h.a[p].t <= e.t {
			break
		}
		h.a[i] = h.a[p]
		h.pos[h.a[i].id] = int32(i)
		i = p
	}
	h.a[i] = e
	h.pos[e.id] = int32(i)
}
func (h *heap4) down(i int, e ev) {
	n := len(h.a)
	for {
		c := i<<2 + 1
		if c >= n {
			break
		}
		m := c
		mt := h.a[c].t
		end := c + 4
		if end > n {
			end = n
		}
		for k := c + 1; k < end; k++ {
			if h.a[k].t < mt {
				m, mt = k, h.a[k].t
			}
		}
		if e.t <= mt {
			break
		}
		h.a[i] = h.a[m]
		h.pos[h.a[i].id] = int32(i)
		i = m
	}
	h.a[i] = e
	h.pos[e.id] = int32(i)
}
func (h *heap4) push(t float64, id int32) {
	h.a = append(h.a, ev{})
	h.up(len(h.a)-1, ev{t, id})
}
func (h *heap4) remove(id int32) {
	i := int(h.pos[id])
	n := len(h.a) - 1
	last := h.a[n]
	h.a = h.a[:n]
	h.pos[id] = -1
	if i == n {
		return
	}
	if i > 0 && h.a[(i-1)>>2].t > last.t {
		h.up(i, last)
	} else {
		h.down(i, last)
	}
}
func (h *heap4) pop() ev {
	e := h.a[0]
	n := len(h.a) - 1
	last := h.a[n]
	h.a = h.a[:n]
	h.pos[e.id] = -1
	if n > 0 {
		h.down(0, last)
	}
	return e
}

type stats struct {
	n, served, ab, sl int64
	wait, busy, tend  float64
}

func (s stats) String() string { return "" }

// V1: full event list: arrival, service end, abandonment event each in heap; FIFO doubly linked list.
func w1full(N int64, n int, lam, aht, pat float64, T float64, seed uint64) (s stats) {
	r := rand.New(rand.NewPCG(seed, 1))
	type call struct {
		arr        float64
		prev, next int32
		st         int8
	}
	h := &heap4{}
	var calls []call
	var free []int32
	alloc := func() int32 {
		if len(free) > 0 {
			id := free[len(free)-1]
			free = free[:len(free)-1]
			return id
		}
		calls = append(calls, call{})
		h.pos = append(h.pos, -1)
		return int32(len(calls) - 1)
	}
	alloc() // id 0 = arrival source
	head, tail := int32(-1), int32(-1)
	busy := 0
	var now, last float64
	h.push(r.ExpFloat64()/lam, 0)
	for len(h.a) > 0 {
		e := h.pop()
		now = e.t
		s.busy += float64(busy) * (now - last)
		last = now
		if e.id == 0 {
			s.n++
			id := alloc()
			if busy < n {
				busy++
				calls[id].st = 1
				s.served++
				s.sl++
				h.push(now+r.ExpFloat64()*aht, id)
			} else {
				c := &calls[id]
				c.arr, c.st, c.prev, c.next = now, 0, tail, -1
				if tail >= 0 {
					calls[tail].next = id
				} else {
					head = id
				}
				tail = id
				h.push(now+r.ExpFloat64()*pat, id)
			}
			if s.n < N {
				h.push(now+r.ExpFloat64()/lam, 0)
			}
		} else if calls[e.id].st == 1 {
			free = append(free, e.id)
			if head >= 0 {
				id := head
				h.remove(id)
				c := &calls[id]
				head = c.next
				if head >= 0 {
					calls[head].prev = -1
				} else {
					tail = -1
				}
				w := now - c.arr
				s.wait += w
				s.served++
				if w <= T {
					s.sl++
				}
				c.st = 1
				h.push(now+r.ExpFloat64()*aht, id)
			} else {
				busy--
			}
		} else {
			c := &calls[e.id]
			if c.prev >= 0 {
				calls[c.prev].next = c.next
			} else {
				head = c.next
			}
			if c.next >= 0 {
				calls[c.next].prev = c.prev
			} else {
				tail = c.prev
			}
			s.ab++
			free = append(free, e.id)
		}
	}
	s.tend = now
	return
}

// V2: Kiefer-Wolfowitz style recursion: heap of n server-free times (exact for FIFO + patience)
func w1kw(N int64, n int, lam, aht, pat, T float64, seed uint64) (s stats) {
	r := rand.New(rand.NewPCG(seed, 1))
	f := make([]float64, n)
	t := 0.0
	for s.n < N {
		s.n++
		t += r.ExpFloat64() / lam
		w := f[0] - t
		if w < 0 {
			w = 0
		} else if r.ExpFloat64()*pat < w {
			s.ab++
			continue
		}
		sv := r.ExpFloat64() * aht
		x := t + w + sv
		s.busy += sv
		s.wait += w
		s.served++
		if w <= T {
			s.sl++
		}
		i := 0
		for {
			c := i<<2 + 1
			if c >= n {
				break
			}
			m, mt := c, f[c]
			end := c + 4
			if end > n {
				end = n
			}
			for k := c + 1; k < end; k++ {
				if f[k] < mt {
					m, mt = k, f[k]
				}
			}
			if x <= mt {
				break
			}
			f[i] = mt
			i = m
		}
		f[i] = x
	}
	s.tend = t
	return
}

type W2 struct {
	Types []struct {
		Lambda float64 `json:"lambda_per_min"`
		AHT    float64 `json:"aht_min"`
		Pat    float64 `json:"patience_mean_min"`
		Groups []int   `json:"group_order"`
	} `json:"types"`
	Groups []struct {
		Agents int   `json:"agents"`
		Skills []int `json:"type_order"`
	} `json:"groups"`
}

func w2(N int64, m *W2, T float64, seed uint64) (tot stats, per []stats, occ []float64) {
	r := rand.New(rand.NewPCG(seed, 1))
	type call struct {
		arr        float64
		prev, next int32
		st         int8
		k, g       int16
	}
	K, G := len(m.Types), len(m.Groups)
	per = make([]stats, K)
	gb := make([]float64, G)
	h := &heap4{}
	var calls []call
	var free []int32
	alloc := func() int32 {
		if len(free) > 0 {
			id := free[len(free)-1]
			free = free[:len(free)-1]
			return id
		}
		calls = append(calls, call{})
		h.pos = append(h.pos, -1)
		return int32(len(calls) - 1)
	}
	head := make([]int32, K)
	tail := make([]int32, K)
	fr := make([]int, G)
	for g := range m.Groups {
		fr[g] = m.Groups[g].Agents
	}
	for k := range m.Types {
		head[k], tail[k] = -1, -1
		id := alloc()
		calls[id].k = int16(k)
		h.push(r.ExpFloat64()/m.Types[k].Lambda, id)
	}
	var now float64
	start := func(id int32, g int) {
		c := &calls[id]
		c.st = 1
		c.g = int16(g)
		sv := r.ExpFloat64() * m.Types[c.k].AHT
		gb[g] += sv
		h.push(now+sv, id)
	}
	for len(h.a) > 0 {
		e := h.pop()
		now = e.t
		if e.id < int32(K) {
			k := int(e.id)
			tot.n++
			s := &per[k]
			s.n++
			id := alloc()
			calls[id].k = int16(k)
			ok := false
			for _, g := range m.Types[k].Groups {
				if fr[g] > 0 {
					fr[g]--
					s.served++
					s.sl++
					start(id, g)
					ok = true
					break
				}
			}
			if !ok {
				c := &calls[id]
				c.arr, c.st, c.prev, c.next = now, 0, tail[k], -1
				if tail[k] >= 0 {
					calls[tail[k]].next = id
				} else {
					head[k] = id
				}
				tail[k] = id
				h.push(now+r.ExpFloat64()*m.Types[k].Pat, id)
			}
			if tot.n < N {
				h.push(now+r.ExpFloat64()/m.Types[k].Lambda, e.id)
			} else if tot.n == N {
				tot.tend = now
				for j := 0; j < K; j++ {
					if j != k {
						h.remove(int32(j))
					}
				}
			}
		} else if calls[e.id].st == 1 {
			g := int(calls[e.id].g)
			free = append(free, e.id)
			got := false
			for _, k := range m.Groups[g].Skills {
				if id := head[k]; id >= 0 {
					h.remove(id)
					c := &calls[id]
					head[k] = c.next
					if c.next >= 0 {
						calls[c.next].prev = -1
					} else {
						tail[k] = -1
					}
					w := now - c.arr
					s := &per[k]
					s.wait += w
					s.served++
					if w <= T {
						s.sl++
					}
					start(id, g)
					got = true
					break
				}
			}
			if !got {
				fr[g]++
			}
		} else {
			c := &calls[e.id]
			k := c.k
			if c.prev >= 0 {
				calls[c.prev].next = c.next
			} else {
				head[k] = c.next
			}
			if c.next >= 0 {
				calls[c.next].prev = c.prev
			} else {
				tail[k] = c.prev
			}
			per[k].ab++
			free = append(free, e.id)
		}
	}
	for k := range per {
		tot.served += per[k].served
		tot.ab += per[k].ab
		tot.sl += per[k].sl
		tot.wait += per[k].wait
	}
	occ = make([]float64, G)
	for g := range occ {
		occ[g] = gb[g] / float64(m.Groups[g].Agents) / tot.tend
		tot.busy += gb[g]
	}
	return
}

func cpu() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Sec) + float64(u.Utime.Usec)/1e6
}
func rss() int64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Maxrss
}

func main() {
	mode := flag.String("m", "full", "")
	N := flag.Int64("n", 1000000, "")
	seed := flag.Uint64("s", 1, "")
	f := flag.String("f", "w2.json", "")
	v := flag.Bool("v", false, "")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	T := 20.0 / 60
	c0, t0 := cpu(), time.Now()
	var s stats
	var ag float64 = 100
	switch *mode {
	case "full":
		s = w1full(*N, 100, 20, 5, 2, T, *seed)
	case "kw":
		s = w1kw(*N, 100, 20, 5, 2, T, *seed)
	case "w2":
		var m W2
		b, _ := os.ReadFile(*f)
		if err := json.Unmarshal(b, &m); err != nil {
			panic(err)
		}
		ag = 0
		for _, g := range m.Groups {
			ag += float64(g.Agents)
		}
		var per []stats
		var occ []float64
		s, per, occ = w2(*N, &m, T, *seed)
		if *v {
			for k, p := range per {
				fmt.Printf("type %d n=%d SL=%.4f ab=%.4f ASA=%.2fs\n", k, p.n, float64(p.sl)/float64(p.n), float64(p.ab)/float64(p.n), p.wait/float64(p.served)*60)
			}
			o := []string{}
			for _, x := range occ {
				o = append(o, fmt.Sprintf("%.4f", x))
			}
			fmt.Println("occ", strings.Join(o, " "))
			sort.Float64s(occ)
		}
	}
	d := cpu() - c0
	fmt.Printf("%s N=%d cpu=%.3f wall=%.3f rate=%.0f/s rss=%dKB SL=%.5f ASA=%.4fs Pab=%.5f occ=%.5f\n", *mode, s.n, d, time.Since(t0).Seconds(), float64(s.n)/d, rss(), float64(s.sl)/float64(s.n), s.wait/float64(s.served)*60, float64(s.ab)/float64(s.n), s.busy/ag/s.tend)
}
