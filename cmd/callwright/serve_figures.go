package main

import (
	"callwright/cti"
	"callwright/media"
)

// figures are what /metrics says of the SIP door and of the voice.
func (d *lateDoor) figures(engine *media.Engine) []cti.Figure {
	if d.Server == nil {
		return nil
	}
	s, m := d.Stats(), engine.Stats()
	return []cti.Figure{
		{Name: "sip_contacts", Help: "Contacts that the SIP door has.", Value: float64(s.Contacts)},
		{Name: "sip_dialogs", Help: "Dialogs now.", Value: float64(s.Dialogs)},
		{Name: "sip_transactions", Help: "Transactions now.", Value: float64(s.Transactions)},
		{Name: "sip_phones", Help: "Registrations now.", Value: float64(s.Phones)},
		{Name: "sip_unreadable_total", Help: "Messages that were none.", Value: float64(s.Unreadable)},
		{Name: "sip_scanners_total", Help: "Requests met with silence for their sender's name.", Value: float64(s.Scanners)},
		{Name: "sip_limited_total", Help: "Requests of sources over their rate.", Value: float64(s.Limited)},
		{Name: "sip_challenged_total", Help: "Requests answered 401.", Value: float64(s.Challenged)},
		{Name: "sip_overloaded_total", Help: "Calls refused 503.", Value: float64(s.Overloaded)},
		{Name: "sip_overrun_total", Help: "Messages for which there was no room.", Value: float64(s.Overrun)},
		{Name: "sip_unsent_total", Help: "Messages that could not be sent.", Value: float64(s.Unsent)},
		{Name: "sip_turned_away_total", Help: "Connections over the limit.", Value: float64(s.TurnedAway)},
		{Name: "sip_interrupted_total", Help: "Connections that broke or were silent for too long.", Value: float64(s.Interrupted)},
		{Name: "rtp_legs", Help: "Legs now.", Value: float64(m.Legs)},
		{Name: "rtp_sent_total", Help: "Packets sent, relayed ones among them.", Value: float64(m.Sent)},
		{Name: "rtp_relayed_total", Help: "Packets relayed.", Value: float64(m.Relayed)},
		{Name: "rtp_received_total", Help: "Datagrams at RTP ports.", Value: float64(m.Received)},
		{Name: "rtp_unsent_total", Help: "Packets that the kernel did not take.", Value: float64(m.Unsent)},
		{Name: "rtp_late_ticks_total", Help: "Frames of 20 ms that began more than 5 ms late.", Value: float64(m.Late)},
		{Name: "rtp_missed_ticks_total", Help: "Frames left out after the machine stood still.", Value: float64(m.Missed)},
		{Name: "recordings_unwritten_total", Help: "Recordings that could not be written, or not to their end.", Value: float64(m.Unwritten)},
	}
}
