package beside

import (
	"math"

	"callwright/realcore/measure"
	"callwright/sim/output"
)

// Wrap turns an estimate into what JSON carries: undefined is null, and an
// interval ends where the measure does, at 0, and for a fraction at 1.
func Wrap(id measure.ID, e output.Estimate) Measure {
	if e.Kind == output.Confidence {
		e.Low = max(e.Low, 0)
		if measure.Find(id).Unit == measure.Fraction {
			e.High = min(e.High, 1)
		}
	}
	return WrapChange(id, e)
}

// WrapChange is Wrap for a difference, which may have either sign.
func WrapChange(id measure.ID, e output.Estimate) Measure {
	m := Measure{Definition: id, Kind: string(e.Kind)}
	if !math.IsNaN(e.Value) {
		m.Value = &e.Value
	}
	if e.Kind != output.None {
		m.Low, m.High = &e.Low, &e.High
	}
	return m
}
