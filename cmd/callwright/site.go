package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"callwright/cmd/internal/report"
	"callwright/scenarios"
	"callwright/site"
	"callwright/traffic"
)

func newSiteCmd() *cobra.Command {
	c := &cobra.Command{
		Use:     "site",
		Short:   "Make and check the site file of a live centre: addresses, telephones, trunks, secrets",
		Example: "  callwright site init two-teams -o site.yaml\n  callwright site check two-teams site.yaml\n  callwright site password",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newSiteInitCmd(), newSiteCheckCmd(), newSitePasswordCmd())
	return c
}

func newSiteInitCmd() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "init SCENARIO", Short: "Write a site file that works on this machine, with new passwords, which are printed once",
		Example: "  callwright site init mine.yaml -o site.yaml", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := openScenario(args[0])
			if err != nil {
				return err
			}
			text, logins, err := site.Create(rand.Reader, s.Name, siteNames(s))
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if err := writeSecret(out, text); err != nil {
				return err
			}
			showLogins(c, out, logins)
			return nil
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "site.yaml", "the new file; it must not exist")
	return c
}

// writeSecret writes a new file that nobody else may read, from its first byte on.
func writeSecret(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists, and its passwords would be lost; want another name for the output: %w", name, errInput)
	}
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		f.Close()
		return fmt.Errorf("%w: %w", err, errRun)
	}
	return f.Close()
}

func showLogins(c *cobra.Command, name string, logins []site.Login) {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.AppendHeader(table.Row{"who", "extension", "SIP user", "SIP password", "screen password"})
	for _, l := range logins {
		t.AppendRow(table.Row{l.Name, l.Extension, l.User, l.Phone, l.Screen})
	}
	w := c.OutOrStdout()
	for line := range strings.Lines(t.Render()) {
		fmt.Fprintln(w, report.Clean(strings.TrimRight(line, " \n")))
	}
	fmt.Fprintf(c.ErrOrStderr(), "%s is written with mode 0600. It has only hashes: the passwords above are shown this once.\n", report.Clean(name))
}

func newSiteCheckCmd() *cobra.Command {
	return &cobra.Command{
		Use: "check SCENARIO SITE", Short: "Check a site file against its scenario: every mistake with file, line, column and remedy",
		Example: "  callwright site check mine.yaml site.yaml", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := openScenario(args[0])
			if err != nil {
				return err
			}
			f, warnings, err := openSite(args[1], s)
			if err != nil {
				return err
			}
			w := c.OutOrStdout()
			x := &f.Site
			fmt.Fprintf(w, "%s: %d people, %d devices, %d trunks for %s\n", report.Clean(args[1]), len(x.People.Names), len(x.Devices.Names), len(x.Trunks.Names), report.Clean(s.Name))
			for i := range x.SIP.Listen {
				transport, at := x.SIP.Listen[i].At()
				fmt.Fprintf(w, "  sip   %s %v, passwords by %s\n", transport, at, strings.Join(x.SIP.Listen[i].Digest, ", "))
			}
			fmt.Fprintf(w, "  rtp   %v, ports %d-%d\n  http  %v\n", x.RTP.Address, x.RTP.Ports.From, x.RTP.Ports.To, x.HTTP.Listen)
			for _, warning := range warnings {
				fmt.Fprintln(w, "warning:", report.Clean(warning))
			}
			return nil
		},
	}
}

// openSite reads a site file and checks it against a scenario. It refuses a file that
// others may read: it holds secrets.
func openSite(name string, s *scenarios.Scenario) (f *site.File, warnings []string, err error) {
	r, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("no file %s; callwright site init SCENARIO -o %s makes one: %w", name, name, errInput)
	}
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	st, err := r.Stat()
	switch {
	case err != nil:
		return nil, nil, err
	case !st.Mode().IsRegular():
		return nil, nil, fmt.Errorf("%s is no ordinary file; want a site file: %w", name, errInput)
	case runtime.GOOS != "windows" && st.Mode().Perm()&0o077 != 0:
		return nil, nil, fmt.Errorf("%s holds secrets and has mode %04o; want 0600: chmod 600 %s: %w", name, st.Mode().Perm(), name, errInput)
	}
	if f, err = site.Parse(name, r); err != nil {
		return nil, nil, &mistakes{err}
	}
	if warnings, err = f.Check(siteNames(s)); err != nil {
		return nil, nil, &mistakes{err}
	}
	return f, warnings, nil
}

// siteNames returns the names of a scenario that a site file may use.
func siteNames(s *scenarios.Scenario) (k site.Known) {
	p := s.Plan
	for i := range p.Agents {
		k.Agents = append(k.Agents, p.Agents[i].Name)
	}
	for i := range p.Queues {
		k.Queues = append(k.Queues, p.Queues[i].Name)
	}
	for i := range p.Entries {
		k.Entries = append(k.Entries, p.Entries[i].Name)
	}
	for i, v := range s.Demand.Vendors { // by trunk; those that are no vendors are empty
		if v != (traffic.Vendor{}) {
			k.Vendors = append(k.Vendors, p.Trunks[i].Name)
		}
	}
	for i := range p.Prompts {
		if name := p.Prompts[i].Name; !strings.HasPrefix(name, "(") { // silences
			k.Prompts = append(k.Prompts, name)
		}
	}
	return k
}

func newSitePasswordCmd() *cobra.Command {
	var phone, realm string
	var stdin bool
	c := &cobra.Command{
		Use: "password", Short: "Make a password, and what the site file holds of it",
		Long: "Make a random password for a screen, or with --phone for a telephone, and print it with the\n" +
			"lines for the site file. With --stdin the password is the first line of standard input.",
		Example: "  callwright site password\n  callwright site password --phone 1001", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			password, err := site.Random(rand.Reader, 20)
			if err != nil {
				return err
			}
			if stdin {
				if password, err = firstLine(c.InOrStdin()); err != nil {
					return err
				}
			} else {
				fmt.Fprintln(c.OutOrStdout(), "# password:", password)
			}
			if phone != "" {
				m, s := site.HA1(phone, realm, password)
				fmt.Fprintf(c.OutOrStdout(), "sip: {user: %q, realm: %s, md5: %q, sha-256: %q}\n", phone, realm, string(m), string(s))
				return nil
			}
			hash, err := site.NewPassword(rand.Reader, password)
			if err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), "password:", string(hash))
			return nil
		},
	}
	c.Flags().StringVar(&phone, "phone", "", "the SIP user of a telephone; default: a screen's password")
	c.Flags().StringVar(&realm, "realm", "callwright", "realm of the site file")
	c.Flags().BoolVar(&stdin, "stdin", false, "read the password instead of making one")
	return c
}

// firstLine reads a password: a line of at most 256 bytes.
func firstLine(r io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, 258))
	if err != nil {
		return "", err
	}
	line, _, _ := bytes.Cut(b, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) == 0 || len(line) > 256 {
		return "", fmt.Errorf("standard input has a first line of %d bytes; want a password of 1 to 256: %w", len(line), errInput)
	}
	return string(line), nil
}
