package page

import (
	"image/color"
	"math"
	"sync"

	"github.com/hajimehoshi/ebiten/v2/examples/resources/fonts"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// role is what a colour is for. Pictures in a page take it from the style
// sheet, light or dark; PNG files from the table below.
type Role int

const (
	InkRole Role = iota
	MutedRole
	GridRole
	BackRole
	SimRole
	CRole
	ARole
	TargetRole
	BarRole
	OverRole
	UnderRole
	AbandonRole
)

// palette is Okabe and Ito's (distinct for the colour-blind), darker on white
// and lighter on black so that lines keep a contrast of 3:1. Lines differ in
// dash and marker too.
var palette = []struct {
	name        string
	light, dark uint32
}{
	{"ink", 0x1b1f24, 0xe6e9ed},
	{"muted", 0x56606b, 0xa3adb8},
	{"grid", 0xd9dee3, 0x353d46},
	{"back", 0xffffff, 0x14181d},
	{"sim", 0x0072b2, 0x56b4e9},
	{"c", 0xc24a00, 0xf29150},
	{"a", 0x007a59, 0x33c9a4},
	{"target", 0x8f3a80, 0xe0a0c8},
	{"bar", 0xa9b3bd, 0x5f6a76},
	{"over", 0x3a9bd9, 0x3a8fc9},
	{"under", 0xd55e00, 0xe86f1a},
	{"abandon", 0xe69f00, 0xe69f00},
}

// ink is a colour by its role.
type Ink struct {
	role  Role
	alpha float64
	dark  bool // in bitmaps
}

func (i Ink) hex() uint32 {
	if i.dark {
		return palette[i.role].dark
	}
	return palette[i.role].light
}

// RGBA makes ink a color.Color: premultiplied, as there.
func (i Ink) RGBA() (r, g, b, a uint32) {
	h := i.hex()
	c := color.NRGBA{uint8(h >> 16), uint8(h >> 8), uint8(h), uint8(math.Round(255 * i.alpha))}
	return c.RGBA()
}

// theme makes inks and styles for one drawing.
type Theme struct {
	Dark  bool // of a bitmap
	Small bool // a phone's width
}

func (t Theme) Ink(r Role) Ink                  { return Ink{r, 1, t.Dark} }
func (t Theme) Faint(r Role, alpha float64) Ink { return Ink{r, alpha, t.Dark} }
func (t Theme) Line(r Role, width float64, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: t.Ink(r), Width: vg.Points(width), Dashes: dashes}
}

// Size is the height of labels, in points.
const Size = vg.Length(11)

var mplus = font.Font{Typeface: "M+ 1p"}

// japanese makes plot draw Japanese: its own font drops it without a word.
var japanese = sync.OnceFunc(func() {
	f, err := opentype.Parse(fonts.MPlus1pRegular_ttf)
	if err != nil {
		panic("page: the Japanese font: " + err.Error())
	}
	font.DefaultCache.Add([]font.Face{{Font: mplus, Face: f}})
	plot.DefaultFont = mplus
})

func (t Theme) Text(r Role, points vg.Length) draw.TextStyle {
	return draw.TextStyle{Color: t.Ink(r), Font: font.From(mplus, points), Handler: plot.DefaultTextHandler}
}

// plot is an empty plot in the theme, without background.
func (t Theme) Plot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.LineStyle = t.Line(GridRole, 1)
		a.Tick.LineStyle = t.Line(GridRole, 1)
		a.Tick.Length = vg.Points(3)
		a.Tick.Label.Color = t.Ink(MutedRole)
		a.Tick.Label.Font = font.From(mplus, Size)
		a.Padding = 0
	}
	p.Y.LineStyle.Width = 0
	p.Y.Tick.LineStyle.Width = 0
	return p
}
