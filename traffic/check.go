package traffic

import (
	"errors"
	"fmt"
	"math"
)

// check joins complaints and puts the name of what was asked for in front.
func check(what string, errs ...error) error {
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// length accepts what a mean can be in seconds: wide enough for any telephone
// call, narrow enough that nothing computed from it overflows.
func length(field string, x float64) error {
	if x >= 1e-12 && x <= 1e12 {
		return nil
	}
	return fmt.Errorf("%s is %g; want seconds in [1e-12, 1e12]", field, x)
}

func nonNegative(field string, x float64) error {
	if x >= 0 && !math.IsInf(x, 1) {
		return nil
	}
	return fmt.Errorf("%s is %g; want a finite number >= 0", field, x)
}

func within(field string, x, lo, hi float64) error {
	if x >= lo && x <= hi {
		return nil
	}
	return fmt.Errorf("%s is %g; want a number in [%g, %g]", field, x, lo, hi)
}

func probability(field string, p float64) error {
	if p >= 0 && p <= 1 {
		return nil
	}
	return fmt.Errorf("%s is %g; want a fraction in [0, 1], not a percentage", field, p)
}

// gammaCV bounds a gamma law to shapes from 0.01 to 1e6, where the incomplete
// gamma function underneath is accurate.
func gammaCV(field string, cv float64) error {
	if cv == 0 || cv >= 0.001 && cv <= 10 {
		return nil
	}
	return fmt.Errorf("%s is %g; want 0, or a number in [0.001, 10]", field, cv)
}
