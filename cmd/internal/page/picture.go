package page

import (
	"bytes"
	"fmt"
	"html"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Picture is one drawing in any size, as SVG or PNG.
type Picture struct {
	Name  string // for file names
	Title string
	Alt   string // what it shows, in a sentence
	Table Grid   // its numbers

	// Width and Height in points; a narrow picture (under 500) has fewer ticks
	// and its legend on more lines.
	Width, Height float64

	Dark     bool // colours of a PNG; an SVG has both
	Untitled bool // the title stands elsewhere

	Draw func(t Theme, c draw.Canvas)
}

// The widths of pictures in a page: a desk's and a phone's.
const (
	Wide   = 820
	Narrow = 360
)

func (p Picture) theme() Theme {
	japanese()
	return Theme{Dark: p.Dark, Small: p.Width < 500}
}

func (p Picture) paint(c draw.Canvas) {
	t := p.theme()
	if !p.Untitled {
		s := t.Text(InkRole, 13)
		s.YAlign = draw.YTop
		c.FillText(s, vg.Point{X: c.Min.X, Y: c.Max.Y}, p.Title)
		c.Max.Y -= 22
	}
	p.Draw(t, c)
}

// SVG returns the picture as a file of its own: light colours, which a page's
// style sheet may replace by class.
func (p Picture) SVG() ([]byte, error) {
	return p.svg(fmt.Sprintf(`xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" role="img" font-family="&quot;M PLUS 1p&quot;,&quot;Noto Sans CJK JP&quot;,&quot;Hiragino Sans&quot;,&quot;Yu Gothic UI&quot;,Meiryo,sans-serif"`,
		coordinate(p.Width), coordinate(p.Height)))
}

// inline is the picture inside a page, without a namespace.
func (p Picture) inline(class string) ([]byte, error) {
	return p.svg(`class="` + class + `" role="img" aria-label="` + html.EscapeString(p.Alt) + `"`)
}

func (p Picture) svg(attributes string) ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	w, h := vg.Points(p.Width), vg.Points(p.Height)
	c := newSVG(w, h, attributes, fmt.Sprintf("<title>%s</title><desc>%s</desc>", html.EscapeString(p.Title), html.EscapeString(p.Alt)))
	p.paint(draw.NewCanvas(c, w, h))
	return c.bytes(), nil
}

// PNG returns the picture as a bitmap of scale pixels a point.
func (p Picture) PNG(scale float64) ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if !(scale > 0 && scale*p.Width <= 20_000 && scale*p.Height <= 20_000) {
		return nil, fmt.Errorf("page: scale is %v; want more than 0 and at most 20,000 pixels a side", scale)
	}
	w, h := vg.Points(p.Width), vg.Points(p.Height)
	c := vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(int(72*scale+0.5)), vgimg.UseBackgroundColor(Ink{BackRole, 1, p.Dark}))
	area := draw.New(c)
	p.paint(draw.Crop(area, 6, -6, 6, -6))
	var b bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (p Picture) check() error {
	if p.Draw == nil {
		return fmt.Errorf("page: picture %q is empty; it has no Draw", p.Name)
	}
	if !(p.Width >= 100 && p.Width <= 10_000 && p.Height >= 80 && p.Height <= 10_000) {
		return fmt.Errorf("page: picture %s is %v x %v points; want at least 100 x 80 and at most 10,000", p.Name, p.Width, p.Height)
	}
	return nil
}

// Sized returns the picture in another size.
func (p Picture) Sized(width, height float64) Picture {
	p.Width, p.Height = width, height
	return p
}
