//go:build !linux

package netio

import "time"

type threadTime struct{}

func openThreadTime() threadTime         { return threadTime{} }
func (threadTime) waited() time.Duration { return 0 }
func (threadTime) close()                {}
