package wire

// slab holds records of one kind by number, in chunks that never move.
type slab[T any] struct {
	chunks [][]T
	free   []uint32
	used   uint32 // numbers ever handed out
}

const (
	chunkBits = 9
	chunkSize = 1 << chunkBits
)

func (s *slab[T]) at(i uint32) *T { return &s.chunks[i>>chunkBits][i&(chunkSize-1)] }

// take returns a record that is free: as its last user has left it.
func (s *slab[T]) take() (uint32, *T) {
	if n := len(s.free); n > 0 {
		i := s.free[n-1]
		s.free = s.free[:n-1]
		return i, s.at(i)
	}
	if s.used&(chunkSize-1) == 0 {
		s.chunks = append(s.chunks, make([]T, chunkSize))
	}
	s.used++
	return s.used - 1, s.at(s.used - 1)
}

func (s *slab[T]) give(i uint32) { s.free = append(s.free, i) }

func (s *slab[T]) live() int { return int(s.used) - len(s.free) }
