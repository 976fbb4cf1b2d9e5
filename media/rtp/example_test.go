package rtp_test

import (
	"fmt"
	"time"

	"callwright/media/rtp"
)

// What a minute of a call lost says about how it sounded.
func ExampleQuality() {
	q := rtp.Quality{Sent: 3000, Expected: 3000, Received: 2940, Lost: 60, Bursts: 40,
		Buffer: 40 * time.Millisecond, RoundTrip: 80 * time.Millisecond, Measured: true}
	q.Rate()
	fmt.Printf("loss %.1f %%, burst ratio %.2f, one way %v: R %.1f, MOS %.2f\n", 100*q.Loss, q.BurstRatio, q.Delay, q.R, q.MOS)
	// Output: loss 2.0 %, burst ratio 1.47, one way 100ms: R 83.5, MOS 4.15
}

// A customer, an agent, and a supervisor who whispers to the agent.
func ExampleMatrix() {
	var m rtp.Matrix
	customer, agent, supervisor := m.Add(), m.Add(), m.Add()
	m.Hear(customer, supervisor, false)
	in := []*rtp.Frame{{0: 100}, {0: 20}, {0: 3}}
	out := []*rtp.Frame{{}, {}, {}}
	m.Mix(in, out)
	fmt.Println(out[customer][0], out[agent][0], out[supervisor][0])
	// Output: 20 103 120
}

// One packet of three is late: the buffer makes its frame up, and is a frame later
// from then on.
func ExampleJitterBuffer() {
	var j rtp.JitterBuffer
	var f rtp.Frame
	ms := time.Millisecond
	names := []string{"idle", "audio", "concealed", "stretched", "skipped"}
	put := func(at time.Duration, n int) {
		j.Put(at, &rtp.Packet{Seq: uint16(n), Timestamp: uint32(n * rtp.FrameSize), Payload: make([]byte, rtp.FrameSize)}, rtp.PCMU)
	}
	arrivals := []time.Duration{0, 20 * ms, 85 * ms, 86 * ms, 87 * ms, 100 * ms, 120 * ms, 140 * ms}
	for tick, n := 0, 0; tick < 9; tick++ {
		now := time.Duration(tick) * rtp.FrameTime
		for ; n < len(arrivals) && arrivals[n] <= now; n++ {
			put(arrivals[n], n)
		}
		fmt.Print(names[j.Take(now, &f)], " ")
	}
	fmt.Println(j.Counts().Late, "late")
	// Output: idle idle audio audio concealed stretched audio audio audio 1 late
}
