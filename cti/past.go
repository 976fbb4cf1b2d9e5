package cti

import (
	"slices"
	"time"

	"callwright/realcore"
)

// What is remembered of callers. About 20,000 numbers with a few contacts each are some
// ten megabytes.
const (
	numbersMost = 20_000
	eachMost    = 8      // contacts of one number
	notesMost   = 20_000 // contacts with notes
	perContact  = 20     // notes of one contact
)

// past is who called before, by number, and what was noted: bounded, the longest silent
// forgotten first. Server.mu guards it.
type past struct {
	numbers *recent[string, []pastContact]
	notes   *recent[realcore.Key, []note]
}

// pastContact is a finished contact.
type pastContact struct {
	key     realcore.Key
	at      time.Time
	queue   string
	agent   string
	outcome realcore.Outcome
	out     bool // we rang him
}

func newPast() *past {
	return &past{numbers: newRecent[string, []pastContact](numbersMost), notes: newRecent[realcore.Key, []note](notesMost)}
}

// add remembers a contact of a number. A contact that is there already is not added again.
func (p *past) add(number string, c pastContact) {
	if number == "" { // withheld: nobody's
		return
	}
	list, _ := p.numbers.get(number)
	for i := range list {
		if list[i].key == c.key {
			list[i] = c
			return
		}
	}
	if len(list) >= eachMost {
		list = list[len(list)-eachMost+1:]
	}
	p.numbers.put(number, append(slices.Clone(list), c))
}

// note remembers a note, and that its contact was.
func (p *past) note(n note) {
	list, _ := p.notes.get(n.Contact)
	if len(list) >= perContact {
		list = list[1:]
	}
	p.notes.put(n.Contact, append(slices.Clone(list), n))
	known, _ := p.numbers.get(n.Number)
	if !slices.ContainsFunc(known, func(c pastContact) bool { return c.key == n.Contact }) {
		p.add(n.Number, pastContact{key: n.Contact, at: n.At, queue: n.Queue, agent: n.Agent, outcome: realcore.Answered})
	}
}

// pastView is an earlier contact as pages are shown it.
type pastView struct {
	Contact     string `json:"contact"`
	At          int64  `json:"at"`
	Queue       string `json:"queue"`
	Agent       string `json:"agent"`
	Outcome     string `json:"outcome"`
	Out         bool   `json:"out"`
	Disposition string `json:"disposition"`
	Note        string `json:"note"`
}

// of returns the contacts of a number, the newest first, without one that is going on.
func (p *past) of(number string, without realcore.Key) []pastView {
	list, _ := p.numbers.get(number)
	out := []pastView{}
	for i := len(list) - 1; i >= 0; i-- {
		c := &list[i]
		if c.key == without {
			continue
		}
		v := pastView{Contact: keyText(c.key), At: milli(c.at), Queue: c.queue, Agent: c.agent, Outcome: c.outcome.String(), Out: c.out}
		notes, _ := p.notes.get(c.key)
		for _, n := range notes { // the last one that says something
			if n.Disposition != "" {
				v.Disposition = n.Disposition
			}
			if n.Text != "" {
				v.Note = n.Text
			}
		}
		out = append(out, v)
	}
	return out
}

// noteView is a note as pages are shown it.
type noteView struct {
	At          int64  `json:"at"`
	By          string `json:"by"`
	Disposition string `json:"disposition"`
	Text        string `json:"text"`
}

func (p *past) notesOf(key realcore.Key) []noteView {
	list, _ := p.notes.get(key)
	out := []noteView{}
	for _, n := range list {
		out = append(out, noteView{milli(n.At), n.By, n.Disposition, n.Text})
	}
	return out
}
