package sipload

// bucket lets so many things a second through: it fills at the rate, and holds a tenth of a
// second's. The zero bucket, with rate 0, lets everything through.
type bucket struct {
	rate float64
	has  float64
	at   instant
}

// newBucket returns a full one.
func newBucket(rate float64, now instant) bucket {
	b := bucket{rate: rate, at: now}
	b.has = b.most()
	return b
}

// most is what it holds: at least some room beside one, or a thing that comes a little early
// for the one before would be held back.
func (b *bucket) most() float64 { return max(1.5, b.rate/10) }

// take lets one through, or not.
func (b *bucket) take(now instant) bool {
	if b.rate <= 0 {
		return true
	}
	b.has = min(b.has+now.Sub(b.at).Seconds()*b.rate, b.most())
	b.at = now
	if b.has < 1-1e-6 { // those exactly at the rate are not held back by rounding
		return false
	}
	b.has = max(0, b.has-1)
	return true
}
