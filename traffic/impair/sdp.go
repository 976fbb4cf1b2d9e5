package impair

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// throughUs puts relays of ours into a session description: each media line's port and
// the addresses. relay makes one towards an address; a line with port 0, or an address
// that is none, stays as it is.
func throughUs(sdp string, us netip.Addr, relay func(to netip.AddrPort) (port int, err error)) (string, error) {
	lines := strings.Split(sdp, "\r\n")
	session := connection(lines, 0, mediaFrom(lines, 0))
	for i := mediaFrom(lines, 0); i < len(lines); {
		end := mediaFrom(lines, i+1)
		at := connection(lines, i, end)
		if !at.IsValid() {
			at = session
		}
		if err := rewriteMedia(lines[i:end], at, relay); err != nil {
			return "", err
		}
		i = end
	}
	for i, l := range lines {
		if strings.HasPrefix(l, "c=IN IP4 ") || strings.HasPrefix(l, "c=IN IP6 ") {
			if connection(lines, i, i+1).IsUnspecified() { // the old notation of hold
				continue
			}
			lines[i] = "c=IN IP4 " + us.String()
		}
	}
	return strings.Join(lines, "\r\n"), nil
}

// mediaFrom returns the place of the first media line from i on.
func mediaFrom(lines []string, i int) int {
	for ; i < len(lines); i++ {
		if strings.HasPrefix(lines[i], "m=") {
			return i
		}
	}
	return i
}

// connection returns the address of the first c= line of a part; not valid: there is none.
func connection(lines []string, from, to int) netip.Addr {
	for _, l := range lines[from:to] {
		if f := strings.Fields(l); len(f) == 3 && f[0] == "c=IN" {
			a, _ := netip.ParseAddr(f[2])
			return a
		}
	}
	return netip.Addr{}
}

// rewriteMedia gives a media line a relay's port, and its a=rtcp the next.
func rewriteMedia(lines []string, at netip.Addr, relay func(to netip.AddrPort) (int, error)) error {
	f := strings.SplitN(lines[0], " ", 3)
	if len(f) < 3 || !at.IsValid() || at.IsUnspecified() {
		return nil
	}
	port, err := strconv.ParseUint(f[1], 10, 16)
	if err != nil || port == 0 {
		return nil
	}
	ours, err := relay(netip.AddrPortFrom(at, uint16(port)))
	if err != nil {
		return err
	}
	lines[0] = f[0] + " " + strconv.Itoa(ours) + " " + f[2]
	for i, l := range lines {
		if strings.HasPrefix(l, "a=rtcp:") {
			lines[i] = fmt.Sprintf("a=rtcp:%d", ours+1)
		}
	}
	return nil
}
