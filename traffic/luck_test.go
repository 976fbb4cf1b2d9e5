package traffic

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// What differs by one in any part of its address has nothing in common. The
// keys 1, 2, 3... and purposes from short names are those that are really used.
func TestLuckNeighboursAreIndependent(t *testing.T) {
	const n = 400_000
	talk, patience, sales, service := PurposeOf("talk"), PurposeOf("patience"), PurposeOf("sales"), PurposeOf("service")
	at := func(i int) Luck { return NewLuck(7, 3, sales, uint64(i)) }
	pairs := map[string]func(i int) (x, y float64){
		"contact i and i+1":      func(i int) (x, y float64) { return at(i).Uniform(talk, 0), at(i+1).Uniform(talk, 0) },
		"contact i and i+2":      func(i int) (x, y float64) { return at(i).Uniform(talk, 0), at(i+2).Uniform(talk, 0) },
		"contact i and i+1024":   func(i int) (x, y float64) { return at(i).Uniform(talk, 0), at(i+1024).Uniform(talk, 0) },
		"contact i and i+2^44":   func(i int) (x, y float64) { return at(i).Uniform(talk, 0), at(i+1<<44).Uniform(talk, 0) },
		"k and k+1":              func(i int) (x, y float64) { return at(i).Uniform(talk, 0), at(i).Uniform(talk, 1) },
		"k and k+1, one contact": func(i int) (x, y float64) { return at(1).Uniform(talk, uint32(i)), at(1).Uniform(talk, uint32(i+1)) },
		"k of i and i of k":      func(i int) (x, y float64) { return at(i).Uniform(talk, 1), at(i+1).Uniform(talk, 0) },
		"talk and patience":      func(i int) (x, y float64) { return at(i).Uniform(talk, 0), at(i).Uniform(patience, 0) },
		"purposes p and p+1":     func(i int) (x, y float64) { return at(i).Uniform(talk, 0), at(i).Uniform(talk+1, 0) },
		"purposes i and i+1":     func(i int) (x, y float64) { return at(1).Uniform(Purpose(i), 0), at(1).Uniform(Purpose(i+1), 0) },
		"sales and service": func(i int) (x, y float64) {
			return at(i).Uniform(talk, 0), NewLuck(7, 3, service, uint64(i)).Uniform(talk, 0)
		},
		"replications 3 and 4": func(i int) (x, y float64) {
			return at(i).Uniform(talk, 0), NewLuck(7, 4, sales, uint64(i)).Uniform(talk, 0)
		},
		"replications r and r+1": func(i int) (x, y float64) {
			return NewLuck(7, uint32(i), sales, 1).Uniform(talk, 0), NewLuck(7, uint32(i+1), sales, 1).Uniform(talk, 0)
		},
		"seeds s and s+1": func(i int) (x, y float64) {
			return NewLuck(uint64(i), 0, sales, 1).Uniform(talk, 0), NewLuck(uint64(i+1), 0, sales, 1).Uniform(talk, 0)
		},
		"seed 1 rep 0, seed 0 rep 1": func(i int) (x, y float64) {
			return NewLuck(1, 0, sales, uint64(i)).Uniform(talk, 0), NewLuck(0, 1, sales, uint64(i)).Uniform(talk, 0)
		},
		"parent and child": func(i int) (x, y float64) { return at(i).Uniform(talk, 0), at(i).Child(talk, 0).Uniform(talk, 0) },
		"parent's number and child": func(i int) (x, y float64) {
			return at(i).Uniform(patience, 1), at(i).Child(patience, 1).Uniform(talk, 0)
		},
		"children k and k+1": func(i int) (x, y float64) {
			return at(i).Child(talk, 0).Uniform(talk, 0), at(i).Child(talk, 1).Uniform(talk, 0)
		},
		"child and grandchild": func(i int) (x, y float64) {
			c := at(i).Child(talk, 0)
			return c.Uniform(talk, 0), c.Child(talk, 0).Uniform(talk, 0)
		},
		"child i and contact i+1": func(i int) (x, y float64) { return at(i).Child(talk, 0).Uniform(talk, 0), at(i+1).Uniform(talk, 0) },
	}
	names := make([]string, 0, len(pairs))
	for name := range pairs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		independent(t, name, n, pairs[name])
	}
}

func TestLuckIsUniform(t *testing.T) {
	const n = 1_000_000
	talk := PurposeOf("talk")
	us := make([]float64, n)
	for _, c := range []struct {
		name string
		u    func(i int) float64
	}{
		{"over contacts", func(i int) float64 { return NewLuck(1, 0, talk, uint64(i)).Uniform(talk, 0) }},
		{"over k", func(i int) float64 { return NewLuck(1, 0, talk, 1).Uniform(talk, uint32(i)) }},
		{"over replications", func(i int) float64 { return NewLuck(1, uint32(i), talk, 1).Uniform(talk, 0) }},
		{"over children", func(i int) float64 { return NewLuck(1, 0, talk, 1).Child(talk, uint32(i)).Uniform(talk, 0) }},
		{"over generations of the zero Luck", func() func(i int) float64 {
			var l Luck
			return func(int) float64 { l = l.Child(talk, 0); return l.Uniform(talk, 0) }
		}()},
	} {
		low := make([]float64, 64) // the low bits count too: a quantile function magnifies them
		for i := range us {
			us[i] = c.u(i)
			low[uint64(us[i]*(1<<52))&63]++
		}
		uniform(t, c.name, us)
		even(t, c.name+", low bits", low)
	}
}

// One bit of difference turns each bit of a Luck with probability 1/2.
func TestLuckAvalanche(t *testing.T) {
	const n = 20_000
	stream := PurposeOf("sales")
	for bit := range 64 {
		var flips [128]float64
		total := 0.0
		for i := range uint64(n / 64) {
			a, b := NewLuck(1, 2, stream, i), NewLuck(1, 2, stream, i^1<<bit)
			for j := range 64 {
				flips[j] += float64((a.hi ^ b.hi) >> j & 1)
				flips[64+j] += float64((a.lo ^ b.lo) >> j & 1)
			}
			total += float64(bits.OnesCount64(a.hi^b.hi) + bits.OnesCount64(a.lo^b.lo))
		}
		even(t, "avalanche", flips[:])
		meanIs(t, "bits turned", []float64{total / float64(n/64)}, 64, 5.66/17.6) // sqrt(128)/2 over sqrt(n/64)
	}
}

func TestUniformStaysInside(t *testing.T) {
	for i := range 1_000_000 {
		if u := NewLuck(9, 9, 9, uint64(i)).Uniform(9, 9); !(u > 0 && u < 1 && 1-(1-u) == u) {
			t.Fatalf("contact %d has u = %v, want inside (0, 1) with 1-u exact", i, u)
		}
	}
}

// These numbers are part of what a seed means: a change of them changes every
// published result.
func TestLuckIsFrozen(t *testing.T) {
	l := NewLuck(1, 2, PurposeOf("sales"), 3)
	c := l.Child(PurposeOf("redial"), 1)
	for _, v := range []struct {
		what      string
		got, want uint64
	}{
		{"PurposeOf", uint64(PurposeOf("talk")), 0x2e0514239c9a2620},
		{"NewLuck hi", l.hi, 0x4576637b949e06db},
		{"NewLuck lo", l.lo, 0x5f2638a234f05339},
		{"Uniform", uint64(l.Uniform(PurposeOf("talk"), 4) * (1 << 53)), 0x530eab99a6e1},
		{"Child", c.hi ^ c.lo, 0x68e3611abede0aa5},
	} {
		if v.got != v.want {
			t.Errorf("%s: got %#x, want %#x", v.what, v.got, v.want)
		}
	}
}

func TestDrawsDoNotAllocate(t *testing.T) {
	p := PurposeOf("talk")
	law, _ := Gamma(240, 0.8)
	if n := testing.AllocsPerRun(1000, func() {
		l := NewLuck(1, 2, p, 3).Child(p, 1)
		sink = l.Uniform(p, 0) + law.Draw(l, p, 0).Seconds()
	}); n != 0 {
		t.Errorf("a draw allocates %v times, want never", n)
	}
}

func BenchmarkNewLuck(b *testing.B) {
	b.ReportAllocs()
	var k, x uint64
	for b.Loop() {
		k++
		x ^= NewLuck(1, 2, 3, k).hi
	}
	sink = float64(x)
}

func BenchmarkUniform(b *testing.B) {
	b.ReportAllocs()
	l, k, s := NewLuck(1, 2, 3, 4), uint32(0), 0.0
	for b.Loop() {
		k++
		s += l.Uniform(5, k)
	}
	sink = s
}

// pcg is math/rand/v2's generator, number by number.
func TestPCGIsTheLibrarys(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		hi, lo := r.Uint64(), r.Uint64()
		want := rand.NewPCG(hi, lo)
		g := pcg{hi, lo}
		for i := range 4 {
			var x uint64
			if x, g = g.next(); x != want.Uint64() {
				t.Fatalf("seed (%x, %x): number %d differs from math/rand/v2's", hi, lo, i)
			}
		}
	}
}
