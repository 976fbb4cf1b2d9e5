package sound

import (
	"net"
	"net/netip"
	"syscall"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// pour sends streams to a few ports, for as little processor time as can be, so that
// another process can be made to measure more of them than it could itself send: the
// streams of a port are sent by UDP_SEGMENT, which cuts one datagram into many in the
// kernel (udp(7)); they come as single packets all the same. It returns how many frames
// went more than 20 ms late.
func pour(conn *net.UDPConn, ports []int, streams int, speech []byte, stop <-chan struct{}) (late int) {
	const udpSegment = 103
	raw, err := conn.SyscallConn()
	if err != nil {
		panic(err)
	}
	_ = raw.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_UDP, udpSegment, packet) })
	if err != nil {
		panic(err)
	}
	_ = conn.SetWriteBuffer(4 << 20)
	clock := netio.NewClock()
	var b [60 * packet]byte // below 64 segments, and 64 KiB
	for n := 0; ; n++ {
		select {
		case <-stop:
			return late
		default:
		}
		due := time.Duration(n) * step
		clock.SleepUntil(due)
		frame := n / steps
		for k := n % steps; k < len(ports); k += steps {
			to := netip.AddrPortFrom(loopback, uint16(ports[k]))
			size := 0
			for s := k; s < streams; s += len(ports) {
				p := rtp.Packet{Seq: uint16(frame), Timestamp: uint32(frame * rtp.FrameSize), SSRC: uint32(s) + 1}
				at := frame * rtp.FrameSize % len(speech)
				p.Payload = speech[at : at+rtp.FrameSize]
				size = len(p.Append(b[:size]))
				if size == len(b) || s+len(ports) >= streams {
					if _, err := conn.WriteToUDPAddrPort(b[:size], to); err != nil {
						panic(err)
					}
					size = 0
				}
			}
			if clock.Now()-due > rtp.FrameTime {
				late += streams / len(ports)
			}
		}
	}
}
