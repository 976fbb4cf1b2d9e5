package page

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"math"
	"strconv"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// svgCanvas is a vg.Canvas that writes SVG for a page. Plot's own writes fixed
// colours and text of a font the reader may not have; this one gives every
// shape the class of its ink (f-sim fills, s-sim strokes) beside the light
// colour, so that one drawing serves light and dark, and every text the length
// it has in our font, so that it fits with any other.
type svgCanvas struct {
	b     bytes.Buffer
	w, h  vg.Length
	state []svgState
}

type svgState struct {
	width  vg.Length
	dashes []vg.Length
	offset vg.Length
	color  color.Color
	m      matrix
}

// matrix maps (x, y) to (a x + c y + e, b x + d y + f).
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) times(n matrix) matrix { // first n, then m
	return matrix{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

func (m matrix) at(p vg.Point) (x, y float64) {
	px, py := p.X.Points(), p.Y.Points()
	return m.a*px + m.c*py + m.e, m.b*px + m.d*py + m.f
}

// newSVG begins a picture; head holds attributes and elements such as title.
func newSVG(w, h vg.Length, attributes, head string) *svgCanvas {
	c := &svgCanvas{w: w, h: h, state: []svgState{{m: matrix{1, 0, 0, -1, 0, h.Points()}}}}
	fmt.Fprintf(&c.b, `<svg viewBox="0 0 %s %s" %s>%s`, coordinate(w.Points()), coordinate(h.Points()), attributes, head)
	vg.Initialize(c)
	return c
}

func (c *svgCanvas) bytes() []byte {
	c.b.WriteString("</svg>")
	return c.b.Bytes()
}

func (c *svgCanvas) top() *svgState { return &c.state[len(c.state)-1] }

func (c *svgCanvas) Size() (w, h vg.Length)                 { return c.w, c.h }
func (c *svgCanvas) SetLineWidth(w vg.Length)               { c.top().width = w }
func (c *svgCanvas) SetLineDash(d []vg.Length, o vg.Length) { c.top().dashes, c.top().offset = d, o }
func (c *svgCanvas) SetColor(x color.Color)                 { c.top().color = x }
func (c *svgCanvas) Push()                                  { c.state = append(c.state, *c.top()) }
func (c *svgCanvas) Pop()                                   { c.state = c.state[:len(c.state)-1] }

func (c *svgCanvas) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	c.top().m = c.top().m.times(matrix{cos, sin, -sin, cos, 0, 0})
}

func (c *svgCanvas) Translate(p vg.Point) {
	c.top().m = c.top().m.times(matrix{1, 0, 0, 1, p.X.Points(), p.Y.Points()})
}

func (c *svgCanvas) Scale(x, y float64) {
	c.top().m = c.top().m.times(matrix{x, 0, 0, y, 0, 0})
}

func (c *svgCanvas) Stroke(p vg.Path) {
	s := c.top()
	if s.width <= 0 {
		return
	}
	fmt.Fprintf(&c.b, `<path fill="none" %s stroke-width="%s"`, c.paint("s", "stroke"), coordinate(s.width.Points()))
	if len(s.dashes) > 0 {
		c.b.WriteString(` stroke-dasharray="`)
		for i, d := range s.dashes {
			if i > 0 {
				c.b.WriteByte(' ')
			}
			c.b.WriteString(coordinate(d.Points()))
		}
		c.b.WriteByte('"')
	}
	fmt.Fprintf(&c.b, ` d="%s"/>`, c.path(p))
}

func (c *svgCanvas) Fill(p vg.Path) {
	fmt.Fprintf(&c.b, `<path %s d="%s"/>`, c.paint("f", "fill"), c.path(p))
}

// paint is the class and the colour of what comes.
func (c *svgCanvas) paint(class, attribute string) string {
	i, ok := c.top().color.(Ink)
	if !ok { // plot's own black
		i = Ink{role: InkRole, alpha: 1}
	}
	s := fmt.Sprintf(`class="%s-%s" %s="#%06x"`, class, palette[i.role].name, attribute, palette[i.role].light)
	if i.alpha < 1 {
		s += fmt.Sprintf(` %s-opacity="%s"`, attribute, coordinate2(i.alpha))
	}
	return s
}

func (c *svgCanvas) path(p vg.Path) []byte {
	var b []byte
	m := c.top().m
	point := func(cmd byte, pt vg.Point) {
		x, y := m.at(pt)
		b = append(b, cmd)
		b = append(b, coordinate(x)...)
		b = append(b, ' ')
		b = append(b, coordinate(y)...)
	}
	for _, s := range p {
		switch s.Type {
		case vg.MoveComp:
			point('M', s.Pos)
		case vg.LineComp:
			point('L', s.Pos)
		case vg.ArcComp: // in chords: markers are small
			const n = 16
			for i := range n + 1 {
				sin, cos := math.Sincos(s.Start + s.Angle*float64(i)/n)
				cmd := byte('L')
				if len(b) == 0 {
					cmd = 'M'
				}
				point(cmd, vg.Point{X: s.Pos.X + s.Radius*vg.Length(cos), Y: s.Pos.Y + s.Radius*vg.Length(sin)})
			}
		case vg.CurveComp:
			cmd := byte('C')
			if len(s.Control) == 1 {
				cmd = 'Q'
			}
			for _, q := range s.Control {
				point(cmd, q)
				cmd = ' '
			}
			point(' ', s.Pos)
		case vg.CloseComp:
			b = append(b, 'Z')
		}
	}
	return b
}

func (c *svgCanvas) FillString(f font.Face, p vg.Point, text string) {
	if f.Font.Size <= 0 || text == "" {
		return
	}
	m := c.top().m
	x, y := m.at(p)
	fmt.Fprintf(&c.b, `<text %s x="%s" y="%s" font-size="%s"`, c.paint("f", "fill"), coordinate(x), coordinate(y), coordinate(f.Font.Size.Points()))
	if m.b != 0 { // y grows downwards here
		fmt.Fprintf(&c.b, ` transform="rotate(%s %s %s)"`, coordinate(math.Atan2(m.b, m.a)*180/math.Pi), coordinate(x), coordinate(y))
	}
	if holds(f, text) {
		fmt.Fprintf(&c.b, ` textLength="%s" lengthAdjust="spacingAndGlyphs"`, coordinate(f.Width(text).Points()))
	}
	fmt.Fprintf(&c.b, `>%s</text>`, html.EscapeString(text))
}

// holds reports whether the font has every glyph; if not, its width is no guide.
func holds(f font.Face, text string) bool {
	var buf sfnt.Buffer
	for _, r := range text {
		if i, err := f.Face.GlyphIndex(&buf, r); err != nil || i == 0 {
			return false
		}
	}
	return true
}

// DrawImage panics: no picture here holds an image.
func (c *svgCanvas) DrawImage(vg.Rectangle, image.Image) { panic("page: image in a picture") }

func coordinate(x float64) string {
	return strconv.FormatFloat(math.Round(10*x)/10, 'f', -1, 64)
}

func coordinate2(x float64) string {
	return strconv.FormatFloat(math.Round(100*x)/100, 'f', -1, 64)
}
