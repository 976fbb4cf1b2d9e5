package loadreport

import "callwright/traffic/loadstats"

// definitions lists what the words of the report mean.
func (t *told) definitions() []pair {
	out := []pair{
		{t.s("def.attempt"), t.s("def.attempt.is", codes(loadstats.ChallengeCodes))},
		{t.s("def.ser"), t.s("def.ser.is")},
		{t.s("def.intended"), t.s("def.intended.is")},
		{t.s("def.quantile"), t.s("def.quantile.is")},
		{t.s("def.bound"), t.s("def.bound.is")},
	}
	if t.v.N(loadstats.MOS) > 0 {
		out = append(out, pair{t.s("def.mos"), t.s("def.mos.is", t.setting(t.story.Run.Buffer))}, pair{t.s("def.one_way"), t.s("def.one_way.is")})
	}
	return append(out, pair{t.s("def.invalid"), t.s("def.invalid.is")})
}
