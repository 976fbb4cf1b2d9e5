package sipload

import (
	"net/netip"
	"strings"
	"time"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/sipua/dialog"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
	"callwright/traffic/sipload/sound"
)

// call is one attempt: of a caller, or one that came to us.
type call struct {
	player callscript.Player
	a      loadstats.Attempt
	who    Caller
	came   bool // it came to us
	agent  *agent

	dialog dialogRef
	flow   dialog.Flow
	leg    sound.Leg
	ses    *dialog.Session
	offer  []byte // of a call that came
	seq    uint32

	registers bool // its Call-ID is a registration's
	reoffers  bool // its script does: it keeps its session
	cancels   bool // it has been taken back
	asked     int  // requests of its that wait for an answer

	due     instant // what its entry in the heap says
	up      bool    // answered
	sentBye time.Duration
	over    bool // the script has ended
	gone    bool // the dialog has
	cut     bool
	after   time.Duration // Retry-After of the refusal

	trace *trace
	gen   uint32 // counts its uses: objects are used again
}

// do carries out what a script says.
func (r *Run) do(c *call, list []callscript.Do) {
	for i := range list {
		r.doOne(c, &list[i])
	}
	if !c.over {
		r.schedule(c)
	}
}

func (r *Run) doOne(c *call, d *callscript.Do) {
	switch d.What {
	case callscript.DoRegister:
		r.register(c)
	case callscript.DoCall:
		r.invite(c)
	case callscript.DoCancel:
		if !c.dialog.none() && !c.gone {
			c.cancels = true
			r.sig.cancel(r.now, c.dialog)
		}
	case callscript.DoRing:
		r.sig.ring(r.now, c.dialog)
	case callscript.DoAnswer:
		r.accept(c)
	case callscript.DoRefuse:
		c.a.Code = d.Code
		r.sig.refuse(r.now, c.dialog, d.Code)
		c.gone = true
	case callscript.DoKeys:
		if c.leg != nil {
			_ = c.leg.Digits(d.Text) // what was not sent is not counted as sent
		}
	case callscript.DoPlay:
		r.playSound(c, d.Sound)
	case callscript.DoListen:
		if c.leg != nil {
			c.leg.Listen(d.Hears.Hz)
		}
	case callscript.DoHold:
		r.reoffer(c, dialog.SendOnly)
	case callscript.DoRetrieve, callscript.DoReinvite:
		r.reoffer(c, dialog.SendRecv)
	case callscript.DoRefer:
		c.asked++
		r.sig.refer(r.now, c.dialog, r.referTo(d.Text))
	case callscript.DoBye:
		r.hangUp(c)
	case callscript.DoEnd:
		r.ended(c)
	}
}

// hangUp sends BYE, or takes the call back where it has not been answered.
func (r *Run) hangUp(c *call) {
	if c.dialog.none() || c.gone {
		return
	}
	c.cancels = c.cancels || !c.up
	if c.up && c.a.Bye == loadstats.Never {
		c.a.Bye, c.sentBye = r.sentAt(), r.sentAt()
	}
	r.sig.bye(r.now, c.dialog)
}

// referTo makes an address of what a script refers to.
func (r *Run) referTo(to string) string {
	if strings.Contains(to, ":") {
		return to
	}
	return "sip:" + to + "@" + r.target.Host
}

func (r *Run) playSound(c *call, s callscript.Sound) {
	if c.leg == nil {
		return
	}
	x, err := r.cfg.Sounds(s)
	if err != nil { // the files were read before the run
		return
	}
	c.leg.Play(x)
}

// local is where the call's sound is, or would be.
func (r *Run) local(c *call) netip.AddrPort {
	if c.leg != nil {
		return netip.AddrPortFrom(r.cfg.Sources[0], uint16(c.leg.Port()))
	}
	return netip.AddrPortFrom(r.socks[c.flow.Listener].addr.Addr(), 9) // discard (RFC 863): nothing is sent there
}

// openSound opens the call's sound; false if there is no port for it.
func (r *Run) openSound(c *call) bool {
	if r.cfg.Sound == nil {
		return true
	}
	leg, err := r.cfg.Sound.Open()
	if err != nil {
		r.check.NoPort++
		return false
	}
	c.leg = leg
	gen := c.gen
	leg.On(func(e sound.Event) {
		r.post(func() {
			if c.gen == gen && !c.over {
				r.heard(c, e)
			}
		})
	})
	return true
}

var heardAs = map[sound.EventKind]callscript.EventKind{sound.SoundOn: callscript.SoundOn, sound.SoundOff: callscript.SoundOff, sound.ToneOn: callscript.ToneOn, sound.ToneOff: callscript.ToneOff, sound.Key: callscript.Key}

func (r *Run) heard(c *call, e sound.Event) {
	if k, ok := heardAs[e.Kind]; ok {
		r.tell(c, callscript.Event{Kind: k, Code: int(e.Key)})
	}
}

// tell tells the script.
func (r *Run) tell(c *call, e callscript.Event) {
	if c.over {
		return
	}
	var room [8]callscript.Do
	r.do(c, c.player.Happened(r.now, e, room[:0]))
}

// agree tells the sound what has been agreed.
func (r *Run) agree(c *call, m dialog.Media) {
	if c.leg == nil {
		return
	}
	p := media.Params{Remote: m.Remote, RemoteRTCP: m.RTCP, Signalling: c.flow.Remote.Addr(), Send: m.ToPeer, Receive: m.FromPeer,
		SendType: m.Send.Payload, ReceiveType: m.Receive.Payload, SendEvent: m.Send.Event, ReceiveEvent: m.Receive.Event}
	if !r.reaches(m.Remote.Addr()) {
		p.Remote, p.RemoteRTCP, p.Send = netip.AddrPort{}, netip.AddrPort{}, false
	}
	if m.Send.Law == dialog.PCMA {
		p.Codec = rtp.PCMA
	}
	c.leg.Set(p)
}

func (r *Run) reoffer(c *call, d dialog.Direction) {
	if !c.dialog.none() && !c.gone {
		r.sig.reoffer(r.now, c.dialog, c.ses.Offer(r.local(c), d))
	}
}

// ended: the script has come to its end; the dialog may still have its BYE to be answered.
func (r *Run) ended(c *call) {
	c.over = true
	c.due = 0
	out := c.player.Outcome()
	c.a.Step, c.a.Cause, c.a.Abandoned = out.Step, out.Cause, out.Abandoned || c.a.Abandoned
	if c.cut {
		c.a.Hurried, c.a.Step, c.a.Cause = true, "", ""
	}
	if c.gone || c.dialog.none() {
		r.close(c)
	}
}

// departed: nothing more comes of the dialog.
func (r *Run) departed(c *call) {
	c.gone = true
	if c.over {
		r.close(c)
	}
}

// close counts the attempt and gives back what it had.
func (r *Run) close(c *call) {
	if c.a.Ended != loadstats.Never {
		return
	}
	c.a.Ended = r.at()
	if !c.dialog.none() {
		n := r.sig.repeatsOf(c.dialog)
		c.a.Mine, c.a.Theirs = max(c.a.Mine, int(n.Mine)), max(c.a.Theirs, int(n.Theirs))
	}
	var capture *sound.Capture
	if c.leg != nil {
		capture = r.closeSound(c)
	}
	r.judgeTrace(c, capture)
	if !c.came {
		r.open--
		r.arrivalsEnded(c)
	} else {
		r.taken--
		if c.agent != nil {
			c.agent.busy = false
		}
	}
	r.second.Add(&c.a)
	if r.cfg.OnEnded != nil {
		r.cfg.OnEnded(&c.a)
	}
	r.forget(c)
}

func (r *Run) arrivalsEnded(c *call) {
	how := Ending{Abandoned: c.a.Abandoned, Busy: c.a.Code == 486 || c.a.Code == 600 || c.a.Code == 503, After: c.after}
	if r.cfg.Arrivals.Ended(c.who, how, r.at()) {
		r.draw()
	}
}
