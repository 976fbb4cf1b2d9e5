package realcore

// QueueNamed returns the queue of a name; None and false if there is none.
func (p *Plan) QueueNamed(name string) (QueueID, bool) {
	for i := range p.Queues {
		if p.Queues[i].Name == name {
			return QueueID(i), true
		}
	}
	return None, false
}

// Straight returns the queue that an entry leads to at once; None if a flow comes
// first. A plan without nodes, as a log's records can be counted by, has none.
func (p *Plan) Straight(e EntryID) QueueID {
	if n := int(p.Entries[e].Start); n < len(p.Nodes) && p.Nodes[n].Kind == QueueNode {
		return p.Nodes[n].Queue
	}
	return None
}
