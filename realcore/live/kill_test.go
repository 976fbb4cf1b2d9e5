package live_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/live"
)

var kills = flag.Int("kills", 5, "how many times a host is killed at a random moment")

// TestMain also is the host that TestKill kills: a centre a thousand times as fast
// as the clock, which says on stdout who has left it.
func TestMain(m *testing.M) {
	if j := os.Getenv("LIVE_TEST_JOURNAL"); j != "" {
		if err := victim(j, os.Getenv("LIVE_TEST_RECORDS")); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func victim(journal, records string) error {
	p := newPhones(1000)
	p.told = func(e *realcore.Effect) {
		if e.Kind == realcore.Closed {
			fmt.Printf("closed %d %v\n", e.Key, realcore.Outcome(e.Code))
		}
	}
	var t testing.T // fails nothing: the plan is right
	h, _, err := live.Open(live.Config{Plan: plan(&t, small), Journal: journal, Records: records, Speed: 1000, Doors: []live.Door{p}})
	if err != nil {
		return err
	}
	p.h = h
	var day sync.WaitGroup
	day.Go(func() {
		p.staff()
		p.day(1<<30, 2*time.Second)
	})
	return h.Run(context.Background())
}

// Killed at any moment, a host opens again, and every contact that a door saw leave
// has its record, once, and as it was.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	j, r := files(t)
	saw := map[realcore.Key]string{}
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	lost, torn, remade := 0, 0, int64(0)
	for range *kills {
		c := exec.Command(os.Args[0], "-test.run=^$")
		c.Env = append(os.Environ(), "LIVE_TEST_JOURNAL="+j, "LIVE_TEST_RECORDS="+r)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(out)
		for left := random.IntN(400); ; left-- {
			if left == 0 {
				if err := c.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
			line, err := lines.ReadString('\n')
			if err != nil {
				break // what had no newline yet may not have been said
			}
			var k realcore.Key
			var how string
			if n, _ := fmt.Sscanf(line, "closed %d %s", &k, &how); n != 2 {
				t.Fatalf("the host says %q", line)
			}
			saw[k] = how
		}
		if c.Wait() == nil {
			t.Fatal("the host ended by itself")
		}
		h, rec := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r}, nil)
		h.Close()
		lost, remade = lost+len(rec.Lost), remade+rec.Remade
		if rec.Torn > 0 {
			torn++
		}
		written := consistent(t, j, r)
		for k, how := range saw {
			if written[k] != how {
				t.Errorf("contact %d left as %s, its record says %q", k, how, written[k])
			}
		}
		if t.Failed() {
			return
		}
	}
	records := strings.Count(read(t, r), "\n") - 1
	t.Logf("%d kills: %d contacts seen leaving, %d lost in the centre, %d torn frames, %d records of which %d made again", *kills, len(saw), lost, torn, records, remade)
}
