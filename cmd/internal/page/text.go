package page

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

var ambiguous = sync.OnceFunc(func() {
	// The same bytes in every locale: signs such as ÷ are one cell wide.
	text.OverrideRuneWidthEastAsianWidth(false)
})

// Clean takes out of a name what would move a terminal's cursor.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

// Text writes the table with its title and note.
func (g Grid) Text(b *bytes.Buffer) {
	ambiguous()
	t := table.NewWriter()
	st := table.StyleDefault
	st.Format = table.FormatOptions{}
	st.Options = table.OptionsNoBordersAndSeparators
	st.Options.SeparateHeader = true
	st.Box.PaddingLeft, st.Box.PaddingRight = "", "  "
	t.SetStyle(st)
	var head table.Row
	configs := make([]table.ColumnConfig, len(g.Head))
	for i, h := range g.Head {
		if g.Unit != nil && g.Unit[i] != "" {
			h += "\n" + g.Unit[i]
		}
		head = append(head, h)
		align := text.AlignRight
		if i < g.Left || g.Tail && i == len(g.Head)-1 {
			align = text.AlignLeft
		}
		configs[i] = table.ColumnConfig{Number: i + 1, Align: align, AlignHeader: align, AlignFooter: align}
	}
	t.SetColumnConfigs(configs)
	t.AppendHeader(head)
	for _, r := range g.Rows {
		t.AppendRow(cells(r))
	}
	if g.Total != nil {
		t.AppendSeparator()
		t.AppendRow(cells(g.Total))
	}
	fmt.Fprintf(b, "\n%s\n", g.Title)
	for l := range strings.Lines(t.Render()) {
		fmt.Fprintln(b, strings.TrimRight(l, " \n"))
	}
	if g.Note != "" {
		fmt.Fprintln(b, Clean(g.Note))
	}
}

func cells(r []string) table.Row {
	var out table.Row
	for _, c := range r {
		out = append(out, Clean(c))
	}
	return out
}

// Width is how many cells of a terminal a text takes.
func Width(s string) int {
	ambiguous()
	return text.StringWidthWithoutEscSequences(s)
}

// Clip cuts a text that takes more cells than there are.
func Clip(s string, cells int) string {
	ambiguous()
	return text.Trim(s, cells)
}
