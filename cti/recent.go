package cti

import "container/list"

// recent is a map that forgets what was longest not put: so what strangers and callers
// can add to has a bound.
type recent[K comparable, V any] struct {
	most  int
	at    map[K]*list.Element
	order list.List // of pair[K, V]; the newest in front
}

type pair[K comparable, V any] struct {
	key K
	val V
}

func newRecent[K comparable, V any](most int) *recent[K, V] {
	return &recent[K, V]{most: most, at: map[K]*list.Element{}}
}

func (r *recent[K, V]) get(k K) (v V, ok bool) {
	e, ok := r.at[k]
	if !ok {
		return v, false
	}
	return e.Value.(*pair[K, V]).val, true
}

func (r *recent[K, V]) put(k K, v V) {
	if e, ok := r.at[k]; ok {
		e.Value.(*pair[K, V]).val = v
		r.order.MoveToFront(e)
		return
	}
	if len(r.at) >= r.most {
		old := r.order.Back()
		r.order.Remove(old)
		delete(r.at, old.Value.(*pair[K, V]).key)
	}
	r.at[k] = r.order.PushFront(&pair[K, V]{k, v})
}

func (r *recent[K, V]) drop(k K) {
	if e, ok := r.at[k]; ok {
		r.order.Remove(e)
		delete(r.at, k)
	}
}

func (r *recent[K, V]) len() int { return len(r.at) }
