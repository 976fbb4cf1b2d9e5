package page

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"
)

//go:embed page.css
var pageStyle string

//go:embed parts.html
var parts string

// Templates returns a template that has "grid" and "figure", for a page to be parsed into.
func Templates() *template.Template { return template.Must(template.New("page").Parse(parts)) }

// Figure is a picture in a page, with its numbers.
type Figure struct {
	Title, Alt string
	Wide       template.HTML
	Narrow     template.HTML
	Numbers    Grid
	Open       bool // the numbers are shown
}

// Figures prepares pictures for a page; open says which show their numbers.
func Figures(list []Picture, open func(p *Picture) bool) ([]Figure, error) {
	var out []Figure
	for _, p := range list {
		p.Untitled = true
		big, err := p.inline("wide")
		if err != nil {
			return nil, err
		}
		small, err := p.Sized(Narrow, p.Height*1.08).inline("narrow")
		if err != nil {
			return nil, err
		}
		out = append(out, Figure{Title: p.Title, Alt: p.Alt, Wide: template.HTML(big), Narrow: template.HTML(small),
			Numbers: p.Table, Open: open != nil && open(&p)})
	}
	return out, nil
}

// Style is the style sheet with the palette, light, dark, and light for paper.
func Style() template.CSS {
	var light, dark, classes strings.Builder
	for _, p := range palette {
		fmt.Fprintf(&light, "--%s:#%06x;", p.name, p.light)
		fmt.Fprintf(&dark, "--%s:#%06x;", p.name, p.dark)
		fmt.Fprintf(&classes, ".f-%[1]s{fill:var(--%[1]s)}.s-%[1]s{stroke:var(--%[1]s)}\n", p.name)
	}
	return template.CSS(fmt.Sprintf(":root{%s}\n@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){%s}}\n@media screen{:root[data-theme=dark]{%s}}\n%s%s",
		light.String(), dark.String(), dark.String(), classes.String(), pageStyle))
}
