package site

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"callwright/yamlfile"
)

// Login is what one person is told once: only hashes of it are in the file.
type Login struct {
	Name      string
	Extension string // "": no telephone
	User      string
	Phone     string // password of the telephone
	Screen    string // password of the screen
}

// mostPeople is how many agents a new file is written for: each costs a hash of 20 ms.
const mostPeople = 2000

// passwordLetters is how long new passwords are: 100 bits.
const passwordLetters = 20

// Create writes a site file that works for a scenario on one machine: everything listens
// at 127.0.0.1, every agent has an extension and a telephone's account, there is a
// supervisor, and calls come in from 127.0.0.2. All passwords are new, from random.
func Create(random io.Reader, scenario string, k Known) (text []byte, logins []Login, err error) {
	if len(k.Agents) > mostPeople {
		return nil, nil, fmt.Errorf("the scenario has %d agents; want at most %d for a new site file", len(k.Agents), mostPeople)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, head, yamlfile.Plain(scenario))
	people, err := newPeople(random, k.Agents)
	if err != nil {
		return nil, nil, err
	}
	b.WriteString("people:\n")
	for _, p := range people {
		if err := p.write(&b, random); err != nil {
			return nil, nil, err
		}
		logins = append(logins, p.Login)
	}
	if len(k.Queues) > 0 {
		b.WriteString("\n# Numbers that agents transfer to.\nqueue-numbers:\n")
		for i, q := range k.Queues {
			fmt.Fprintf(&b, "  %d: %s\n", 8001+i, quoted(q))
		}
	}
	writePrompts(&b, k.Prompts)
	writeTrunk(&b, k)
	b.WriteString(tail)
	return b.Bytes(), logins, nil
}

const head = `# Site file for the scenario %s, by callwright site init.
# It holds secrets: keep its mode at 0600 (chmod 600), and out of version control.
# callwright site check SCENARIO SITE judges it.
callwright-site: 1

# Passwords of telephones are stored as hashes made for this realm.
realm: callwright

# Only this machine reaches these addresses. For telephones elsewhere use tls with a
# certificate, or, in a network you trust, insecure: true.
sip:
  listen:
    - udp: 127.0.0.1:5060
    - tcp: 127.0.0.1:5060
#    - tls: 192.0.2.10:5061
#  tls: {certificate: /etc/callwright/site.pem, key: /etc/callwright/site.key}
#  advertised: 203.0.113.5       # behind NAT
#  local: [10.0.0.0/8]

rtp: {address: 127.0.0.1, ports: 16384-32767}

http:
  listen: 127.0.0.1:8080
#  language: ja                  # of pages; else what each browser asks for

# What agents may say a contact was.
#dispositions: [resolved, follow-up, call-back, complaint, wrong-number, no-answer]

# What agents without a screen dial.
codes: {ready: "*11", not-ready: "*12", wrap-up-done: "*13", logout: "*10"}

`

const tail = `
# What may be dialled outside. Emergency numbers always; nothing else unless it is here.
dial:
  emergency: [110, 118, 119, 112]
#  allowed: [03, 06]
  agent: {per-minute: 10, at-once: 2}
  trunk: {per-minute: 60, at-once: 30}

#recording: {path: /var/lib/callwright/recordings, keep-days: 90}
`

// newPerson is a person with the passwords that are told once.
type newPerson struct {
	Login
	agent string
	role  string
}

func newPeople(random io.Reader, agents []string) (people []*newPerson, err error) {
	for i, a := range agents {
		n := fmt.Sprint(1001 + i)
		people = append(people, &newPerson{Login: Login{Name: a, Extension: n, User: n}, agent: a})
	}
	boss := "supervisor"
	for _, a := range agents {
		if a == boss {
			boss = "the supervisor"
		}
	}
	people = append(people, &newPerson{Login: Login{Name: boss}, role: "supervisor"})
	for _, p := range people {
		if p.Screen, err = Random(random, passwordLetters); err != nil {
			return nil, err
		}
		if p.agent == "" {
			continue
		}
		if p.Phone, err = Random(random, passwordLetters); err != nil {
			return nil, err
		}
	}
	return people, nil
}

func (p *newPerson) write(b *bytes.Buffer, random io.Reader) error {
	screen, err := NewPassword(random, p.Screen)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "  %s:\n", quoted(p.Name))
	if p.agent != "" {
		m, s := HA1(p.User, "callwright", p.Phone)
		fmt.Fprintf(b, "    agent: %s\n    extension: %s\n    sip:\n      user: %q\n      md5: %q\n      sha-256: %q\n", quoted(p.agent), p.Extension, p.User, string(m), string(s))
	}
	if p.role != "" {
		fmt.Fprintf(b, "    role: %s\n", p.role)
	}
	fmt.Fprintf(b, "    password: %s\n", string(screen))
	return nil
}

func writePrompts(b *bytes.Buffer, prompts []string) {
	if len(prompts) == 0 {
		return
	}
	b.WriteString("\n# What callers hear: a WAV file, or a text to speak.\n#prompts:\n")
	for _, p := range prompts {
		fmt.Fprintf(b, "#  %s: {file: %s.wav}\n", quoted(p), strings.ReplaceAll(p, " ", "-"))
	}
}

// writeTrunk writes a trunk on which this machine can call itself: not from 127.0.0.1, since
// whoever is a trunk needs no password, and telephones of this machine are there.
func writeTrunk(b *bytes.Buffer, k Known) {
	entry := "main"
	if len(k.Entries) > 0 {
		entry = k.Entries[0]
	}
	b.WriteString(`
# The telephone network. Calls that come from 127.0.0.2, an address of this machine too, are
# taken without a password: for trying out, and for load tests.
trunks:
  local:
    from: 127.0.0.2
`)
	if len(k.Entries) > 0 {
		b.WriteString("    inbound:\n")
	}
	for i, e := range k.Entries {
		fmt.Fprintf(b, "      %d: %s\n", 5001+i, quoted(e))
	}
	fmt.Fprintf(b, `# A provider, known by its addresses or by an account there:
#  carrier:
#    target: sip.carrier.example:5061;transport=tls
#    from: [198.51.100.0/28]
#    inbound: {0312345678: %s}
#    number: 0312345678
#    lines: 30
#    user: account          # if they ask for a password
#    password: "..."
#    register: 10m          # if they want a registration
`, quoted(entry))
}

var bare = regexp.MustCompile(`^[A-Za-z][-A-Za-z0-9_]*-[0-9]+$`)

// quoted is a name as YAML takes it for a text, whatever it says.
func quoted(name string) string {
	if bare.MatchString(name) {
		return name
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(yamlfile.Plain(name)) + `"`
}
