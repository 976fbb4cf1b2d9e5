package erlang_test

import (
	"fmt"

	"callwright/erlang"
)

// Two trunks offered one erlang lose 20 % of the calls: B = (1/2)/(1 + 1 + 1/2),
// the textbook's first example (ITU Teletraffic Engineering Handbook, chapter on
// Erlang's loss system).
func ExampleB() {
	fmt.Printf("%.4f\n", erlang.B(2, 1))
	// Output: 0.2000
}

// The probability of a loss that never happens has a logarithm all the same.
func ExampleLogB() {
	fmt.Println(erlang.B(5000, 100))
	fmt.Printf("%.2f\n", erlang.LogB(5000, 100))
	// Output:
	// 0
	// -14665.29
}

// The worked example of "The Erlang-C Formula" (Mitan Ltd): 360 calls in half an
// hour of 4 minutes each, 55 agents, threshold 15 s. It finds that 23.9 % wait
// and a mean wait of 8.2 s.
func ExampleMMn() {
	s := erlang.MMn{Servers: 55, Load: 360 * 240 / 1800.0, AHT: 240}.Solve()
	fmt.Printf("must wait %.3f\n", s.PWait())
	fmt.Printf("mean wait %.1f s\n", s.ASA())
	fmt.Printf("service level %.3f\n", s.SLOffered(15))
	fmt.Printf("occupancy %.3f\n", s.Occupancy())
	// Output:
	// must wait 0.239
	// mean wait 8.2 s
	// service level 0.846
	// occupancy 0.873
}

// The comparison of O. Garnett, A. Mandelbaum and M. Reiman, Designing a Call
// Center with Impatient Customers (2002): 50 agents, 48 calls a minute, mean
// handle time 1 minute, mean patience 2 minutes. With 3.1 % abandoning, the mean
// wait falls from 20.8 s to 3.7 s and the queue from 17 to 3.
func ExampleMMnM() {
	a := erlang.MMnM{Servers: 50, Load: 48, AHT: 60, Patience: 120}.Solve()
	c := erlang.MMn{Servers: 50, Load: 48, AHT: 60}.Solve()
	fmt.Printf("abandon    %4.1f %% %4.1f %%\n", 100*c.PAbandon(), 100*a.PAbandon())
	fmt.Printf("mean wait  %4.1f s %4.1f s\n", c.WaitAll(), a.WaitAll())
	fmt.Printf("queue      %4.0f   %4.0f\n", c.MeanQueue(), a.MeanQueue())
	fmt.Printf("occupancy  %4.0f %% %4.0f %%\n", 100*c.Occupancy(), 100*a.Occupancy())
	// Output:
	// abandon     0.0 %  3.1 %
	// mean wait  20.8 s  3.7 s
	// queue        17      3
	// occupancy    96 %   93 %
}

// Four agents, two waiting lines, five erlangs.
func ExampleMMnK() {
	s := erlang.MMnK{Servers: 4, Places: 6, Load: 5, AHT: 120}.Solve()
	fmt.Printf("blocked %.4f, wait %.1f s, answered in 20 s %.4f\n", s.PBlock(), s.ASA(), s.SLAttempts(20))
	// Output: blocked 0.2935, wait 27.9 s, answered in 20 s 0.4091
}

// M/D/1 waits half as long on average as M/M/1.
func ExampleMD1() {
	q := erlang.MD1{Load: 0.8, ServiceTime: 60}
	fmt.Printf("mean wait %.0f s, within a minute %.4f\n", q.ASA(), q.SLOffered(60))
	// Output: mean wait 120 s, within a minute 0.4451
}
