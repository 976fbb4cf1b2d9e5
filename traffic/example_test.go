package traffic_test

import (
	"fmt"
	"time"

	"callwright/traffic"
)

// Twenty calls a minute, and how long each is willing to wait.
func Example() {
	calls := traffic.Stream{Name: "sales", Rate: traffic.Constant(20.0 / 60)}
	patience, err := traffic.Exponential(120)
	if err != nil {
		fmt.Println(err)
		return
	}
	c := calls.Start(1, 0)
	for range 3 {
		at, key, luck, _ := c.Next()
		fmt.Println(key, at, patience.Draw(luck, traffic.ForPatience, 0).Round(time.Second))
	}
	// Output:
	// 1 4.554598062s 2m39s
	// 2 7.553395473s 1m15s
	// 3 11.926552443s 1m57s
}

// The same caller at two groups: what one agent does in t, a novice at 1.3 does
// in 1.3 t.
func ExampleScaled() {
	senior, _ := traffic.Gamma(240, 0.8)
	novice, _ := traffic.Scaled(senior, 1.3)
	caller := traffic.NewLuck(1, 0, traffic.PurposeOf("sales"), 17)
	fmt.Println(senior, senior.Draw(caller, traffic.ForTalk, 0).Round(time.Millisecond))
	fmt.Println(novice, novice.Draw(caller, traffic.ForTalk, 0).Round(time.Millisecond))
	// Output:
	// gamma(mean=240, cv=0.8) 4m8.111s
	// gamma(mean=312, cv=0.8) 5m22.545s
}

func ExampleLaw_Quantile() {
	talk, _ := traffic.Lognormal(240, 1)
	for _, u := range []float64{0.1, 0.5, 0.9} {
		fmt.Printf("%.0f%% of the calls take at most %.0f s\n", 100*u, talk.Quantile(u))
	}
	_, err := traffic.Lognormal(240, -1)
	fmt.Println(err)
	// Output:
	// 10% of the calls take at most 58 s
	// 50% of the calls take at most 170 s
	// 90% of the calls take at most 493 s
	// lognormal: cv is -1; want a number in [0, 100]
}

func ExampleBalking() {
	waits, _ := traffic.Exponential(120)
	patience, _ := traffic.Balking(0.05, waits)
	fmt.Println(patience, patience.CDF(0), patience.Mean())
	// Output:
	// balking(p=0.05, exponential(mean=120)) 0.05 114
}

// A morning, and 500 calls after a television spot at 9:30.
func ExampleSum() {
	const hour = 3600
	morning, _ := traffic.Steps([]float64{8 * hour, 9 * hour, 11 * hour}, []float64{0.02, 0.05, 0.03}, 12*hour)
	spot, _ := traffic.Spike{Onset: 9.5 * hour, Volume: 500, Ramp: 30, Decay: 600}.Profile()
	day := traffic.Sum(morning, spot)
	fmt.Printf("%.0f calls, at 9:15 %.2f a second, at 9:31 %.2f\n", day.Total(), day.Rate(9.25*hour), day.Rate(9.5*hour+60))
	// Output:
	// 1040 calls, at 9:15 0.05 a second, at 9:31 1.56
}

// Two streams that share the day's error: 10 % more than forecast is 10 % more in
// both.
func ExampleUncertainty() {
	u := traffic.Uncertainty{DayCV: traffic.CVOfShape(10), IntervalCV: 0.05, Common: traffic.DayLevel}
	for _, name := range []string{"sales", "service"} {
		p := traffic.PurposeOf(name)
		fmt.Printf("%-8s day 3: %.3f  its first interval: %.3f\n", name,
			u.Factor(1, 0, p, traffic.DayLevel, 3), u.Factor(1, 0, p, traffic.IntervalLevel, 3<<16))
	}
	// Output:
	// sales    day 3: 0.795  its first interval: 0.999
	// service  day 3: 0.795  its first interval: 1.060
}

func ExampleRedial() {
	delay, _ := traffic.Exponential(300)
	r := traffic.Redial{AfterAbandon: 0.7, Delay: delay, MaxAttempts: 3}
	for key := range uint64(4) {
		caller := traffic.NewLuck(1, 0, traffic.PurposeOf("sales"), key+1)
		wait, _, again := r.Next(caller, traffic.CauseAbandon, 1)
		fmt.Println(key+1, again, wait.Round(time.Second))
	}
	// Output:
	// 1 true 4m6s
	// 2 false 0s
	// 3 false 0s
	// 4 false 0s
}
