package wire

// memory keeps texts of any length up to a datagram's, in slots of a few sizes cut from
// pages. What is let go is used again only after recycle: until then whoever was handed
// the bytes may still send them. A page is never given back.
type memory struct {
	pages [len(slotSizes)][][]byte
	used  [len(slotSizes)]uint32 // slots ever handed out
	free  [len(slotSizes)][]uint32
	gone  []text // let go since recycle
}

// text is a kept text: a handle of eight bytes, without a pointer. The zero text is none.
type text struct {
	slot uint32
	n    uint16
	size uint8 // 1 + index in slotSizes
}

var slotSizes = [...]int{64, 128, 192, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 2048, 4096, 8192, 16384, 32768, 65536}

const pageSize = 1 << 16

// keep copies b into a slot.
func (m *memory) keep(b []byte) text {
	k := 0
	for slotSizes[k] < len(b) {
		k++
	}
	t := text{n: uint16(len(b)), size: uint8(k + 1)}
	if n := len(m.free[k]); n > 0 {
		t.slot, m.free[k] = m.free[k][n-1], m.free[k][:n-1]
	} else {
		if int(m.used[k])%(pageSize/slotSizes[k]) == 0 {
			m.pages[k] = append(m.pages[k], make([]byte, pageSize))
		}
		t.slot = m.used[k]
		m.used[k]++
	}
	copy(m.bytes(t), b)
	return t
}

// bytes returns a text; nil for none.
func (m *memory) bytes(t text) []byte {
	if t.size == 0 {
		return nil
	}
	k := int(t.size - 1)
	perPage := uint32(pageSize / slotSizes[k])
	at := int(t.slot%perPage) * slotSizes[k]
	return m.pages[k][t.slot/perPage][at : at+int(t.n) : at+slotSizes[k]]
}

// drop lets a text go.
func (m *memory) drop(t *text) {
	if t.size != 0 {
		m.gone = append(m.gone, *t)
		*t = text{}
	}
}

func (m *memory) recycle() {
	for _, t := range m.gone {
		m.free[t.size-1] = append(m.free[t.size-1], t.slot)
	}
	m.gone = m.gone[:0]
}

// held is how many bytes the pages are.
func (m *memory) held() (n int) {
	for i := range m.pages {
		n += len(m.pages[i]) * pageSize
	}
	return n
}
