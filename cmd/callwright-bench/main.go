package main

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"callwright/realcore/cdr"
	"callwright/realcore/measure"
	"callwright/sim/workload"
	"callwright/sim/world"
)

func main() {
	n, _ := strconv.ParseInt(os.Args[2], 10, 64)
	p, d := workload.W1(n)
	if os.Args[1] == "w2" {
		p, d = workload.W2(n)
	}
	w, err := world.New(p, d, 1, 0)
	if err != nil {
		panic(err)
	}
	w.Fold = cdr.NewFold(measure.NewTable(p, measure.Config{Interval: 30 * time.Minute, Period: 24 * time.Hour}))
	w.Run()
	var u syscall.Rusage
	syscall.Getrusage(0, &u)
	cpu := float64(u.Utime.Sec) + float64(u.Utime.Usec)/1e6
	fmt.Printf("%s %d calls %.3f s user, %.0f calls/s, rss %d KB\n", os.Args[1], n, cpu, float64(n)/cpu, u.Maxrss)
}
