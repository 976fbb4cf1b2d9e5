package rtp

import "math/bits"

// MaxParties bounds a conference: a customer, agents, supervisors.
const MaxParties = 8

// Matrix says who hears whom, and mixes accordingly. One matrix serves bridge,
// conference, listening, whispering and barging in: they differ in the bits only.
// Nobody hears himself.
type Matrix struct {
	n     int
	hears [MaxParties]uint8 // bit j of hears[i]: i hears j
}

// Add gives a further party a place: everybody hears it and it hears everybody.
// It returns the place, or -1 when all are taken.
func (m *Matrix) Add() int {
	if m.n == MaxParties {
		return -1
	}
	i := m.n
	m.n++
	for j := range i {
		m.Hear(i, j, true)
		m.Hear(j, i, true)
	}
	return i
}

// Remove takes a party out; the places above move down by one.
func (m *Matrix) Remove(i int) {
	copy(m.hears[i:], m.hears[i+1:])
	m.n--
	m.hears[m.n] = 0
	low := uint8(1)<<i - 1
	for k := range m.n {
		m.hears[k] = m.hears[k]&low | m.hears[k]>>1&^low
	}
}

// Hear says whether i hears j from now on.
func (m *Matrix) Hear(i, j int, yes bool) {
	if i == j {
		return
	}
	m.hears[i] &^= 1 << j
	if yes {
		m.hears[i] |= 1 << j
	}
}

// Hears reports whether i hears j.
func (m *Matrix) Hears(i, j int) bool { return m.hears[i]>>j&1 != 0 }

// Len returns the number of parties.
func (m *Matrix) Len() int { return m.n }

// Mix fills out[i] with the sum of what i hears, saturated to 16 bits. in and out
// have an element for each party; a nil in is silent, a nil out is not wanted.
func (m *Matrix) Mix(in, out []*Frame) {
	var all [FrameSize]int32
	var talk uint8 // who is not silent
	for j, f := range in[:m.n] {
		if f == nil {
			continue
		}
		talk |= 1 << j
		if m.n > 2 {
			for k, s := range f {
				all[k] += int32(s)
			}
		}
	}
	for i, o := range out[:m.n] {
		if o == nil {
			continue
		}
		hears := m.hears[i] & talk
		switch {
		case hears == 0:
			*o = Frame{}
		case bits.OnesCount8(hears) == 1:
			*o = *in[bits.TrailingZeros8(hears)]
		case hears == talk:
			saturate(o, &all)
		case hears == talk&^(1<<i): // the usual: all but himself
			own := in[i]
			for k := range o {
				o[k] = clip(all[k] - int32(own[k]))
			}
		default:
			var sum [FrameSize]int32
			for j, f := range in[:m.n] {
				if hears>>j&1 != 0 {
					for k, s := range f {
						sum[k] += int32(s)
					}
				}
			}
			saturate(o, &sum)
		}
	}
}

func saturate(o *Frame, sum *[FrameSize]int32) {
	for k, s := range sum {
		o[k] = clip(s)
	}
}

func clip(s int32) int16 { return int16(max(-1<<15, min(1<<15-1, s))) }
