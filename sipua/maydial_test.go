package sipua

import "testing"

func TestMayDial(t *testing.T) {
	r := DialRules{Emergency: []string{"110", "119"}, Allowed: []string{"0", "+81"}, Premium: []string{"0990", "0570"}, International: []string{"010", "+"},
		PerMinute: 5, Concurrent: 2}
	abroad := r
	abroad.InternationalOn = true
	for _, c := range []struct {
		rules *DialRules
		d     Dialled
		ok    bool
		why   string
	}{
		{&r, Dialled{Number: "03-1234-5678"}, true, ""},
		{&r, Dialled{Number: "110", InMinute: 99, Concurrent: 99}, true, "emergency"},
		{&DialRules{Emergency: []string{"112"}}, Dialled{Number: "112"}, true, "emergency"},
		{&DialRules{}, Dialled{Number: "0312345678"}, false, "not in the destination list"},
		{&r, Dialled{Number: "110", Callback: true}, false, "no subscriber's number"},
		{&r, Dialled{Number: "0120444", Callback: true, ThisHour: 2}, true, ""},
		{&r, Dialled{Number: "0120444", Callback: true, ThisHour: 3}, false, "called back too often"},
		{&r, Dialled{Number: "1101"}, false, "not in the destination list"},
		{&r, Dialled{Number: "0990123456"}, false, "premium rate"},
		{&r, Dialled{Number: "010 44 20"}, false, "international"},
		{&r, Dialled{Number: "+81312345678"}, false, "international"},
		{&abroad, Dialled{Number: "+81312345678"}, true, ""},
		{&abroad, Dialled{Number: "+44201234"}, false, "not in the destination list"},
		{&r, Dialled{Number: "0312345678", InMinute: 5}, false, "too many calls in a minute"},
		{&r, Dialled{Number: "0312345678", Concurrent: 2}, false, "too many calls at once"},
		{&r, Dialled{Number: "sip:evil@example.com"}, false, "no number"},
		{&r, Dialled{Number: "03123;phone-context=x"}, false, "no number"},
		{&r, Dialled{Number: ""}, false, "no number"},
		{&r, Dialled{Number: "031234567\r\n"}, false, "no number"},
		{&r, Dialled{Number: "03+12"}, false, "no number"},
	} {
		if ok, why := MayDial(c.rules, c.d); ok != c.ok || why != c.why {
			t.Errorf("%+v: %v %q, want %v %q", c.d, ok, why, c.ok, c.why)
		}
	}
}

func TestMayUseTrunk(t *testing.T) {
	r := DialRules{Emergency: []string{"110"}, TrunkPerMinute: 3, TrunkConcurrent: 2}
	for _, c := range []struct {
		number           string
		inMinute, atOnce int
		rules            *DialRules
		want             bool
	}{
		{"0312345678", 2, 1, &r, true}, {"0312345678", 3, 1, &r, false}, {"0312345678", 2, 2, &r, false}, {"110", 9, 9, &r, true}, {"0312345678", 99, 99, &DialRules{}, true},
	} {
		if got := MayUseTrunk(c.rules, c.number, c.inMinute, c.atOnce); got != c.want {
			t.Errorf("%s after %d, beside %d: %v", c.number, c.inMinute, c.atOnce, got)
		}
	}
}
