package scenarios

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"callwright/yamlfile"
)

// mostTable is how large a table of volumes may be.
const mostTable = 16 << 20

// column reads one column of numbers from a file beside the scenario. Its first
// line has the names of the columns; each other line is the next interval, from
// the beginning of the run or of a day. Other columns, as of dates and times, are
// for people.
func (c *compiler) column(x *CSV, name, path string) []float64 {
	if c.opt.Files == nil {
		c.bad(path, "names the file %s, and this scenario has no folder", x.File)
		return nil
	}
	if !fs.ValidPath(x.File) || strings.Contains(x.File, `\`) {
		c.bad(path, "is %s; want a file in the scenario's own folder", yamlfile.Shown(x.File))
		return nil
	}
	file, err := c.opt.Files.Open(x.File)
	if err != nil {
		c.bad(path, "names the file %s, which cannot be opened: %v", x.File, err)
		return nil
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, mostTable+1))
	if err != nil || len(text) > mostTable {
		c.bad(path, "names the file %s, which cannot be read, or has more than %d bytes", x.File, mostTable)
		return nil
	}
	c.tables = append(c.tables, text...)
	if x.Column != "" {
		name = x.Column
	}
	values, what := columnOf(strings.TrimPrefix(string(text), "\ufeff"), name)
	if what != "" {
		c.bad(path, "names the file %s, %s", x.File, what)
		return nil
	}
	return values
}

// columnOf returns the numbers of a column, or what is wrong.
func columnOf(text, name string) (values []float64, what string) {
	r := csv.NewReader(strings.NewReader(text))
	r.ReuseRecord, r.TrimLeadingSpace = true, true
	head, err := r.Read()
	if err != nil {
		return nil, "which is no table: " + err.Error()
	}
	at := -1
	for i, h := range head {
		if strings.TrimSpace(h) == name {
			at = i
		}
	}
	if at < 0 {
		return nil, "which has no column " + name + "; " + yamlfile.DidYouMean(name, append([]string(nil), head...))
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return values, ""
		}
		if err != nil {
			return nil, "which is no table: " + err.Error()
		}
		cell := strings.TrimSpace(row[at])
		x, err := strconv.ParseFloat(cell, 64)
		if err != nil || !numberForm.MatchString(cell) || x < 0 || x > 1e12 {
			line, _ := r.FieldPos(at)
			return nil, "where line " + itoa(line) + " has " + yamlfile.Shown(cell) + " under " + name + "; want a number of 0 or more"
		}
		values = append(values, x)
	}
}
