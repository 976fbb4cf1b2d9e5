// Package calllog reads other systems' call logs and interval reports (CSV of
// any dialect, Shift_JIS too) and turns call logs into the project's own
// records, so that realcore/measure counts a real centre as it counts a
// simulated one. It guesses which column means what, shows why, and lets the
// caller overrule every guess. cmd and traffic/fit use it.
//
// It opens no files, knows no time zones by name and computes no measures. It
// drops nothing in silence: what a Summary does not count as used it counts as
// ignored, with the reason; what looks wrong but can be read is counted by kind
// of suspicion; what cannot be read is an error that names file, line and
// column, the value, and what is wanted. Up to 20 such errors come together.
//
// A first call:
//
//	sum, err := calllog.Read(r, calllog.Options{Name: "january.csv", Zone: zone}, func(c *calllog.Call) error {
//		fmt.Println(c.At, c.Outcome, c.Wait)
//		return nil
//	})
//
// Positions are file:line:column, where column is the number of the column, 1
// being the first; rows are counted from 1, the header included.
package calllog
