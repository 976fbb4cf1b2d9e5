package impair

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// message is a SIP message as lines: the proxy changes its top Via, its Contact and its
// session description, and passes on everything else as it came.
type message struct {
	head []string // start line and headers
	body string
}

func parse(b []byte) (*message, bool) {
	head, body, ok := strings.Cut(string(b), "\r\n\r\n")
	m := &message{head: strings.Split(head, "\r\n"), body: body}
	return m, ok && (m.isResponse() || strings.HasSuffix(m.head[0], " SIP/2.0"))
}

func (m *message) isResponse() bool { return strings.HasPrefix(m.head[0], "SIP/2.0 ") }

func nameOf(line string) string {
	n, _, _ := strings.Cut(line, ":")
	n = strings.ToLower(strings.TrimSpace(n))
	if long, ok := map[string]string{"v": "via", "m": "contact", "i": "call-id", "l": "content-length", "c": "content-type"}[n]; ok {
		return long
	}
	return n
}

func (m *message) header(name string) string {
	for _, l := range m.head[1:] {
		if nameOf(l) == name {
			_, v, _ := strings.Cut(l, ":")
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// push puts our Via on top (16.6 step 8); pop takes it off a response (16.7 step 3).
func (m *message) push(via string) {
	for i, l := range m.head[1:] {
		if nameOf(l) == "via" {
			m.head = append(m.head[:i+1], append([]string{"Via: " + via}, m.head[i+1:]...)...)
			return
		}
	}
}

func (m *message) pop() {
	for i, l := range m.head[1:] {
		if nameOf(l) != "via" {
			continue
		}
		_, v, _ := strings.Cut(l, ":")
		if _, rest, more := strings.Cut(v, ","); more {
			m.head[i+1] = "Via:" + rest
		} else {
			m.head = append(m.head[:i+1], m.head[i+2:]...)
		}
		return
	}
}

var contactHost = regexp.MustCompile(`(sips?:)([^@>;]*@)?([^>;,\s]+)`)

// contacts puts our address into the Contact, so that requests in the dialog come by us.
func (m *message) contacts(us netip.AddrPort) {
	for i, l := range m.head[1:] {
		if nameOf(l) == "contact" && !strings.HasSuffix(strings.TrimSpace(l), "*") {
			name, v, _ := strings.Cut(l, ":")
			m.head[i+1] = name + ":" + contactHost.ReplaceAllString(v, "${1}${2}"+us.String())
		}
	}
}

func (m *message) bytes() []byte {
	for i, l := range m.head[1:] {
		if nameOf(l) == "content-length" {
			m.head[i+1] = fmt.Sprintf("Content-Length: %d", len(m.body))
		}
	}
	return []byte(strings.Join(m.head, "\r\n") + "\r\n\r\n" + m.body)
}
