package wire

import (
	"encoding/binary"
	"math/bits"
)

// table leads from the key of a request to its transaction: open addressing with linear
// probing, where what follows a removed entry moves up. An entry is 16 bytes; 96 bits of a
// seeded hash stand for the key itself, so that no text need be kept: among a million
// transactions two keys are taken for one another once in 10^16 times.
type table struct {
	slots []entry // a power of two of them
	n     int
}

type entry struct {
	a  uint64
	b  uint32
	tx uint32 // 1 + number; 0: free
}

func (e *entry) is(k key) bool { return e.a == k.a && e.b == k.b }

type key struct {
	a uint64
	b uint32
}

func (t *table) get(k key) (uint32, bool) {
	if t.n == 0 {
		return 0, false
	}
	mask := uint64(len(t.slots) - 1)
	for i := k.a & mask; t.slots[i].tx != 0; i = (i + 1) & mask {
		if t.slots[i].is(k) {
			return t.slots[i].tx - 1, true
		}
	}
	return 0, false
}

func (t *table) put(k key, tx uint32) {
	if 4*(t.n+1) > 3*len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	i := k.a & mask
	for t.slots[i].tx != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = entry{k.a, k.b, tx + 1}
	t.n++
}

func (t *table) grow() {
	old := t.slots
	t.slots, t.n = make([]entry, max(1024, 2*len(old))), 0
	for i := range old {
		if old[i].tx != 0 {
			t.put(key{old[i].a, old[i].b}, old[i].tx-1)
		}
	}
}

func (t *table) drop(k key, tx uint32) {
	if t.n == 0 {
		return
	}
	mask := uint64(len(t.slots) - 1)
	i := k.a & mask
	for ; !t.slots[i].is(k) || t.slots[i].tx != tx+1; i = (i + 1) & mask {
		if t.slots[i].tx == 0 {
			return
		}
	}
	t.n--
	for next := (i + 1) & mask; t.slots[next].tx != 0; next = (next + 1) & mask {
		// One whose own place is cyclically after i and not after next stays.
		if home := t.slots[next].a & mask; (next-home)&mask >= (next-i)&mask {
			t.slots[i] = t.slots[next]
			i = next
		}
	}
	t.slots[i] = entry{}
}

// hash takes in a key's parts: two folded products, in the manner of wyhash, from seeds that
// a stranger does not know.
type hash struct{ a, b uint64 }

func (h *hash) bytes(s []byte) {
	h.word(uint64(len(s)))
	for len(s) >= 8 {
		h.word(binary.LittleEndian.Uint64(s))
		s = s[8:]
	}
	if len(s) > 0 {
		var w uint64
		for i, c := range s {
			w |= uint64(c) << (8 * i)
		}
		h.word(w)
	}
}

func (h *hash) word(w uint64) {
	h.a = folded(h.a^w, 0x9e3779b97f4a7c15) ^ h.b
	h.b = folded(h.b+w, 0xd6e8feb86659fd93) ^ bits.RotateLeft64(h.a, 32)
}

func folded(x, y uint64) uint64 {
	hi, lo := bits.Mul64(x, y)
	return hi ^ lo
}

func (h *hash) key() key {
	h.word(0x2545f4914f6cdd1d)
	return key{h.a, uint32(h.b)}
}
