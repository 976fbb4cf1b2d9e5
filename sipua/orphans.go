package sipua

import (
	"bufio"
	"encoding/json"
	"os"
	"time"

	"callwright/sipua/dialog"
)

// orphans is a file of the dialogs that are open, so that after a crash their peers get
// BYE: a line for each that opens and one for each that ends. It is written by the loop
// and not synced: it outlives the process, not the machine.
type orphans struct {
	path  string
	file  *os.File
	left  []dialog.Saved          // what an earlier process left open
	open  map[string]dialog.Saved // and this one has
	lines int                     // in the file
}

type orphanLine struct {
	Open  *dialog.Saved `json:",omitempty"`
	Close string        `json:",omitempty"`
}

// readOrphans reads what was left. The file stays as it is until begin: a process that
// does not get so far must not lose what the next one needs.
func readOrphans(path string) (*orphans, error) {
	o := &orphans{path: path, open: map[string]dialog.Saved{}}
	if path == "" {
		return o, nil
	}
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return o, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
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
			all[idOf(l.Open)] = *l.Open
			order = append(order, idOf(l.Open))
		} else {
			delete(all, l.Close)
		}
	}
	for _, id := range order {
		if s, ok := all[id]; ok {
			s.Flow.Conn = 0 // connections ended with their process
			o.left = append(o.left, s)
			delete(all, id)
		}
	}
	return o, sc.Err()
}

func idOf(s *dialog.Saved) string { return s.CallID + s.LocalTag }

// orphanTime is how long a dialog that was left stays in the file: until its BYE has been
// answered or given up.
const orphanTime = 40 * time.Second

// begin begins the file anew, with what was left in it until forgotten.
func (o *orphans) begin() error {
	if o.path == "" {
		return nil
	}
	for i := range o.left {
		o.open[idOf(&o.left[i])] = o.left[i]
	}
	return o.rewrite()
}

// end closes the file.
func (o *orphans) end() {
	if o.file != nil {
		o.file.Close()
		o.file = nil
	}
}

// forget takes out what was left.
func (o *orphans) forget() {
	for i := range o.left {
		o.closedID(idOf(&o.left[i]))
	}
	o.left = nil
}

// rewrite writes what is open into a new file that takes the old one's place.
func (o *orphans) rewrite() error {
	f, err := os.OpenFile(o.path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if o.file != nil {
		o.file.Close()
	}
	o.file, o.lines = f, 0
	for _, s := range o.open {
		o.write(orphanLine{Open: &s})
	}
	return os.Rename(o.path+".new", o.path)
}

// opened notes a dialog, once.
func (o *orphans) opened(c *dialog.Call) {
	s, ok := c.Save()
	if o.file == nil || !ok {
		return
	}
	if _, known := o.open[idOf(&s)]; known {
		return
	}
	o.open[idOf(&s)] = s
	o.write(orphanLine{Open: &s})
}

// closed notes its end.
func (o *orphans) closed(c *dialog.Call) { o.closedID(c.ID() + c.LocalTag()) }

func (o *orphans) closedID(id string) {
	if _, known := o.open[id]; !known || o.file == nil {
		return
	}
	delete(o.open, id)
	o.write(orphanLine{Close: id})
	if o.lines > 4*len(o.open)+1000 {
		_ = o.rewrite() // failing leaves the old file, which is right too
	}
}

func (o *orphans) write(l orphanLine) {
	b, err := json.Marshal(l)
	if err == nil {
		_, _ = o.file.Write(append(b, '\n')) // failing costs a BYE after a crash
	}
	o.lines++
}
