package dialog

// table is a map that gives its room back once it has been emptied: a map itself keeps
// what a flood has made it grow to.
type table[V comparable] struct {
	m    map[string]V
	peak int
}

const keptRoom = 1024 // entries

func (t *table[V]) put(key string, v V) {
	if t.m == nil {
		t.m = map[string]V{}
	}
	t.m[key] = v
	t.peak = max(t.peak, len(t.m))
}

// drop removes v, if it is what the key leads to.
func (t *table[V]) drop(key string, v V) {
	if t.m[key] != v {
		return
	}
	delete(t.m, key)
	if len(t.m) == 0 && t.peak > keptRoom {
		t.m, t.peak = nil, 0
	}
}
