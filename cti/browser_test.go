package cti

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"callwright/realcore"
	"callwright/realcore/cdr"
)

// chromium is Debian's; make peers installs it.
const chromium = "/usr/bin/chromium"

// screen is a real browser's tab.
type screen struct {
	t   *testing.T
	c   *centre
	ctx context.Context

	mu      sync.Mutex
	trouble []string // what the browser complained of
}

// newScreen opens a browser; lang and dark are what it asks for.
func (c *centre) newScreen(lang string, dark bool, width, height int64) *screen {
	t := c.t.(*testing.T)
	t.Helper()
	if _, err := os.Stat(chromium); err != nil {
		if os.Getenv("CALLWRIGHT_PEERS") == "required" {
			t.Fatalf("%s is missing, and CALLWRIGHT_PEERS is required: make peers installs it", chromium)
		}
		t.Skipf("SKIPPED: %s is missing, so no page was looked at; make peers installs it", chromium)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.Flag("lang", lang), chromedp.Flag("accept-lang", lang))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, end := chromedp.NewContext(alloc)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(func() { chromedp.Cancel(ctx); cancel(); end(); stop() })
	s := &screen{t: t, c: c, ctx: ctx}
	chromedp.ListenTarget(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *cdppage.EventJavascriptDialogOpening:
			s.complain("dialog " + ev.Message)
		case *runtime.EventExceptionThrown:
			s.complain("exception " + ev.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			s.complain(ev.Entry.Level.String() + " " + ev.Entry.Text)
		}
	})
	if err := chromedp.Run(ctx); err != nil { // the browser lives as long as this context
		t.Fatal(err)
	}
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	s.run(log.Enable(), emulation.SetDeviceMetricsOverride(width, height, 1, false),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
	return s
}

func (s *screen) complain(text string) {
	s.mu.Lock()
	s.trouble = append(s.trouble, text)
	s.mu.Unlock()
}

func (s *screen) run(actions ...chromedp.Action) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		s.t.Fatalf("%v\nthe browser complained of %q", err, s.trouble)
	}
}

// login types a name and a password.
func (s *screen) login(user, password string) {
	s.t.Helper()
	s.run(chromedp.Navigate(s.c.url("/")), chromedp.WaitVisible("#user"), chromedp.SendKeys("#user", user), chromedp.SendKeys("#password", password), chromedp.Click("button.main"))
}

// until waits until an expression is true in the page, through changes of page too.
func (s *screen) until(js string) {
	s.t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		ok := false
		if err := chromedp.Run(s.ctx, chromedp.Evaluate(js, &ok)); err == nil && ok {
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.t.Fatalf("the page never comes to %s\nthe browser complained of %q", js, s.trouble)
}

func (s *screen) text(js string) (v string) {
	s.t.Helper()
	s.run(chromedp.Evaluate(js, &v))
	return v
}

// shot keeps a picture for people in the folder $CALLWRIGHT_SHOTS, if there is one.
func (s *screen) shot(name string) {
	s.t.Helper()
	dir := os.Getenv("CALLWRIGHT_SHOTS")
	if dir == "" {
		return
	}
	var png []byte
	s.run(chromedp.CaptureScreenshot(&png))
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// clean asks that the browser had nothing to complain of: no script error, no dialog, no
// breach of the page's policy.
func (s *screen) clean() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.trouble {
		s.t.Errorf("the browser complains of %s", x)
	}
}

// An agent's call in a real browser, with a caller and notes that try to be markup.
func TestAgentPage(t *testing.T) {
	for _, x := range []struct {
		lang string
		dark bool
	}{{"en", false}, {"ja", true}} {
		name := x.lang + "-" + map[bool]string{false: "light", true: "dark"}[x.dark]
		t.Run(name, func(t *testing.T) {
			c := newCentre(t, nil)
			for i, n := range []note{{Text: "Asked for the price of the larger one; sent the catalogue.", Disposition: "follow-up"}, {Text: `<img src=x onerror=alert(1)> <b>Order 4711</b>`, Disposition: "resolved"}, {Disposition: "complaint", Text: "Parcel came late, twice. Wants to be called back by the branch before Friday."}} {
				n.Contact, n.Number, n.Queue, n.Agent, n.At = realcore.Key(900+i), "0312345678", "sales", "sales-2", time.Now().Add(time.Duration(i-60)*time.Hour)
				c.server.remember(n)
			}
			s := c.newScreen(x.lang, x.dark, 1280, 860)
			s.login("anna", "secret-a")
			s.until(`location.pathname === '/agent' && document.body.dataset.state === 'logged-out'`)
			s.shot("agent-" + name + "-1-out")
			s.run(chromedp.Click("#ready"))
			s.until(`document.body.dataset.state === 'ready'`)
			s.shot("agent-" + name + "-2-idle")
			key := c.call("0312345678", 0)
			s.until(`document.body.dataset.stage === 'ringing' && document.querySelectorAll('#history li').length === 3`)
			s.shot("agent-" + name + "-3-ringing")
			c.answer(0)
			s.until(`document.body.dataset.stage === 'talking'`)
			s.run(chromedp.SendKeys("#text", "Wants to return the <b>blue</b> one."), chromedp.SetValue("#disposition", "follow-up"))
			s.shot("agent-" + name + "-4-talking")
			s.run(emulation.SetDeviceMetricsOverride(390, 844, 1, true))
			s.shot("agent-" + name + "-4-small")
			if got := s.text(`String(document.documentElement.scrollWidth)`); got != "390" {
				t.Errorf("on a small screen the page is %s wide", got)
			}
			s.run(emulation.SetDeviceMetricsOverride(1280, 860, 1, false))
			s.run(chromedp.Click("#hold"))
			s.until(`document.body.dataset.stage === 'held'`)
			s.run(chromedp.Click("#pause"))
			s.until(`!document.getElementById('paused').hidden`)
			s.shot("agent-" + name + "-5-held")
			s.run(chromedp.Click("#retrieve"))
			s.until(`document.body.dataset.stage === 'talking'`)
			s.run(chromedp.Click("#note button"))
			s.until(`document.querySelectorAll('#noted li').length === 1`)
			if got := s.text(`document.querySelector('#noted p').innerHTML`); got != "Wants to return the &lt;b&gt;blue&lt;/b&gt; one." {
				t.Errorf("the note is %s", got)
			}
			c.hangUp(key)
			s.until(`document.body.dataset.stage === 'wrap-up'`)
			s.shot("agent-" + name + "-6-wrap-up")
			s.run(chromedp.SendKeys("#text", "and is done"), chromedp.Click("#wrap-up-done")) // what is written is kept
			s.until(`document.body.dataset.state === 'ready'`)
			evil := `"><script>alert(2)</script><img src=x onerror=alert(3)>`
			c.call(evil, 0)
			s.until(`document.body.dataset.stage === 'ringing'`)
			if got := s.text(`document.getElementById('number').textContent`); got != evil {
				t.Errorf("the number is %s", got)
			}
			if got := s.text(`String(document.querySelectorAll('main img, main script').length)`); got != "0" {
				t.Errorf("%s elements were made of texts", got)
			}
			s.run(chromedp.Click("#reject"))
			s.until(`document.body.dataset.state === 'not-ready'`)
			notes := c.server.past.notesOf(key)
			if len(notes) != 2 || notes[1].Text != "and is done" {
				t.Errorf("notes are %+v", notes)
			}
			s.clean()
		})
	}
}

// The wallboard at the size it hangs at, and with more queues than one page holds.
func TestWallboardPage(t *testing.T) {
	for _, lang := range []string{"en", "ja"} {
		for _, dark := range []bool{false, true} {
			name := lang + "-" + map[bool]string{false: "light", true: "dark"}[dark]
			t.Run(name, func(t *testing.T) {
				c := newCentre(t, nil)
				s := c.newScreen(lang, dark, 1920, 1080)
				s.login("sue", "secret-s")
				s.until(`location.pathname === '/wallboard' && document.querySelectorAll('#queues tbody tr').length === 2`)
				s.shot("board-" + name + "-1-empty")
				c.busy()
				s.until(`document.querySelector('#tile-waiting b').textContent === '3'`)
				s.shot("board-" + name + "-2-busy")
				s.legible()
				s.clean()
			})
		}
	}
}

// More queues than a page holds take turns; long names and large numbers have room.
func TestWallboardOfManyQueues(t *testing.T) {
	p := onePlan()
	for i, name := range []string{"technical support for business customers", "ご注文・お届けに関するお問い合わせ窓口", "returns", "billing", "complaints", "解約"} {
		q := realcore.QueueID(2 + i)
		p.Queues = append(p.Queues, realcore.Queue{Name: name, Calendar: realcore.None, Classes: []realcore.ClassID{realcore.ClassID(q)}})
		p.Classes = append(p.Classes, realcore.Class{Name: name, Queue: q, Pools: p.Classes[0].Pools})
		p.Groups[0].Serves = append(p.Groups[0].Serves, realcore.Serve{Class: realcore.ClassID(q), Rank: int32(1 + i)})
	}
	c := openCentreOf(t, t.TempDir(), p, nil)
	for _, lang := range []string{"en", "ja"} {
		s := c.newScreen(lang, lang == "ja", 1920, 1080)
		s.login("sue", "secret-s")
		s.until(`document.querySelectorAll('#queues tbody tr').length === 5`)
		c.server.mu.Lock()
		for i := range 12_345 { // a day's
			v := cdr.Visit{Queue: realcore.QueueID(i % 3), Dir: realcore.Inbound, Outcome: realcore.Answered, At: c.server.today.from, End: c.server.today.from.Add(time.Duration(i%30) * time.Second)}
			c.server.today.visit(&v)
		}
		c.server.mu.Unlock()
		s.until(`document.querySelector('#queues tbody tr td:nth-child(5)').textContent === '4,115' || document.querySelector('#queues tbody tr td:nth-child(5)').textContent === '8,230'`)
		s.shot("board-many-" + lang)
		s.legible()
		s.run(chromedp.Evaluate(`(() => { // the worst there may be
			const texts = (list, all) => list.forEach((e, i) => { if (e) e.firstChild.textContent = all[i]; });
			texts(document.querySelectorAll('#top b'), ['123', '59:59', '88.8%', '88.8%']);
			for (const tr of document.querySelectorAll('#queues tbody tr')) texts(tr.querySelectorAll('td'), ['123', '59:59', '88', '88,888', '88,888', '8,888', '88.8%']);
		})()`, nil))
		s.shot("board-worst-" + lang)
		s.legible()
		s.until(`document.querySelectorAll('#queues tbody tr').length === 3`)
		s.clean()
	}
}

// legible asks that everything fits on the screen, and can be read from five metres: on
// a 55-inch screen a pixel is 0.63 mm, and 25 mm are read.
func (s *screen) legible() {
	s.t.Helper()
	var smallest float64
	s.run(chromedp.Evaluate(`Math.min(...[...document.querySelectorAll('#top b, #queues tbody td, #queues tbody th, #agents b')].map(e => parseFloat(getComputedStyle(e).fontSize)))`, &smallest))
	if smallest*0.63 < 25 {
		s.t.Errorf("the smallest figure is %v pixels: %v mm on a 55-inch screen", smallest, smallest*0.63)
	}
	var spills []string
	s.run(chromedp.Evaluate(`[...document.querySelectorAll('header, #top li, #top b, #top span, #queues td, #queues thead th, #agents li, footer')].filter(e => {
		const r = e.getBoundingClientRect();
		return r.bottom > innerHeight + 1 || r.right > innerWidth + 1 || e.scrollWidth > e.clientWidth + 1;
	}).map(e => e.id + ' ' + e.tagName + ' ' + e.textContent)`, &spills))
	if len(spills) > 0 {
		s.t.Errorf("larger than its place: %q", spills)
	}
}

// busy fills the centre: calls answered, abandoned and waiting.
func (c *centre) busy() {
	c.post(realcore.OfAgent(realcore.AgentReady, 0))
	for i := range 9 {
		key := c.call(fmt.Sprint("031234000", i), 0)
		c.settle()
		c.answer(0)
		c.hangUp(key)
		c.phones.mu.Lock()
		ref := c.phones.refs[key]
		c.phones.mu.Unlock()
		c.post(realcore.Event{Kind: realcore.WrapUpDone, Agent: 0, Contact: ref})
	}
	gone := c.call("0300000001", 1)
	c.settle()
	c.hangUp(gone)
	c.call("0312347777", 0)
	c.settle()
	c.answer(0)
	c.call("0312349999", 0)
	for range 2 {
		c.call("0312348888", 1)
	}
	c.post(realcore.Event{Kind: realcore.AgentNotReady, Code: uint8(realcore.ReasonBreak), Agent: 1})
}

// settle waits until what has been posted is done: events are stepped in order, and one
// about nothing is told last.
func (c *centre) settle() {
	told := make(chan error, 1)
	c.host.PostWith(realcore.OfContact(realcore.HungUp, realcore.Ref{}), func(err error) { told <- err })
	<-told
}

// A wallboard whose server has gone says so.
func TestWallboardLoses(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	c := newCentre(t, nil)
	s := c.newScreen("en", false, 1280, 720)
	s.run(chromedp.Navigate(c.url("/")), chromedp.WaitVisible("#user"))
	s.shot("login")
	s.login("wall", "secret-w")
	s.until(`document.querySelectorAll('#queues tbody tr').length === 1`)
	c.stop()
	s.until(`!document.getElementById('lost').hidden`)
	s.shot("board-lost")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.trouble {
		if !strings.Contains(x, "ERR_") { // the network's own complaints are what this is about
			t.Errorf("the browser complains of %s", x)
		}
	}
}
