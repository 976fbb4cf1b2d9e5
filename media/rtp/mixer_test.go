package rtp

import (
	"math/rand/v2"
	"testing"
)

// TestMix compares each party's mix with the sum taken party by party, for random
// matrices, silent parties and loud ones.
func TestMix(t *testing.T) {
	g := rand.New(rand.NewPCG(3, 3))
	for range 2000 {
		var m Matrix
		n := 1 + g.IntN(MaxParties)
		for range n {
			m.Add()
		}
		in, out := make([]*Frame, n), make([]*Frame, n)
		for i := range n {
			out[i] = new(Frame)
			if g.IntN(4) > 0 {
				in[i] = new(Frame)
				for k := range in[i] {
					in[i][k] = int16(g.IntN(1 << 16))
				}
			}
			for j := range n {
				if g.IntN(3) == 0 {
					m.Hear(i, j, g.IntN(2) == 0)
				}
			}
		}
		m.Mix(in, out)
		for i := range n {
			for k := range FrameSize {
				sum := 0
				for j := range n {
					if j != i && in[j] != nil && m.Hears(i, j) {
						sum += int(in[j][k])
					}
				}
				if want := int16(max(-32768, min(32767, sum))); out[i][k] != want {
					t.Fatalf("party %d of %d, sample %d: %d, want %d", i, n, k, out[i][k], want)
				}
			}
		}
	}
}

func TestMatrixRemove(t *testing.T) {
	var m Matrix
	for range 4 {
		m.Add()
	}
	m.Hear(0, 3, false) // the last whispers past the first
	m.Remove(1)
	if m.Len() != 3 || !m.Hears(0, 1) || m.Hears(0, 2) || !m.Hears(1, 2) || !m.Hears(2, 0) {
		t.Errorf("after removing 1: %d parties, %b", m.Len(), m.hears)
	}
	for range MaxParties - 3 {
		m.Add()
	}
	if m.Add() != -1 {
		t.Error("a ninth party was taken")
	}
}
