package sipua

import (
	"bufio"
	"encoding/json"
	"os"

	"callwright/sipua/dialog"
)

// orphans is a file of the dialogs that are open, so that after a crash their peers get
// BYE: a line for each that opens and one for each that ends. It is written by the loop
// and not synced: it outlives the process, not the machine.
type orphans struct {
	file *os.File
	left []dialog.Saved // what an earlier process left open
	open map[string]bool
}

type orphanLine struct {
	Open  *dialog.Saved `json:",omitempty"`
	Close string        `json:",omitempty"`
}

// openOrphans reads what was left and begins the file anew.
func openOrphans(path string) (*orphans, error) {
	o := &orphans{open: map[string]bool{}}
	if path == "" {
		return o, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	o.file = f
	var order []string
	all := map[string]dialog.Saved{}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var l orphanLine
		if json.Unmarshal(sc.Bytes(), &l) != nil {
			continue // a torn line: the last of a process that was killed
		}
		if l.Open != nil {
			id := l.Open.CallID + l.Open.LocalTag
			all[id] = *l.Open
			order = append(order, id)
		} else {
			delete(all, l.Close)
		}
	}
	for _, id := range order {
		if s, ok := all[id]; ok {
			o.left = append(o.left, s)
			delete(all, id)
		}
	}
	if err := f.Truncate(0); err != nil {
		return nil, err
	}
	_, err = f.Seek(0, 0)
	return o, err
}

// opened notes a dialog, once.
func (o *orphans) opened(c *dialog.Call) {
	s, ok := c.Save()
	if o.file == nil || !ok || o.open[s.CallID+s.LocalTag] {
		return
	}
	o.open[s.CallID+s.LocalTag] = true
	o.write(orphanLine{Open: &s})
}

// closed notes its end.
func (o *orphans) closed(c *dialog.Call) {
	id := c.ID() + c.LocalTag()
	if o.file == nil || !o.open[id] {
		return
	}
	delete(o.open, id)
	o.write(orphanLine{Close: id})
	if len(o.open) == 0 { // nothing is open: the file can begin anew
		if o.file.Truncate(0) == nil {
			_, _ = o.file.Seek(0, 0)
		}
	}
}

func (o *orphans) write(l orphanLine) {
	b, err := json.Marshal(l)
	if err == nil {
		_, _ = o.file.Write(append(b, '\n')) // failing costs a BYE after a crash
	}
}
