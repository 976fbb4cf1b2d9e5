package calllog

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Wants, shared by messages.
const (
	wantCount    = "want a number of 0 or more, such as 12 or 12.5"
	wantLength   = "want a length of time: seconds such as 125 or 125.5, or 0:02:05 (2:05 is two minutes five)"
	wantFraction = "want a fraction in [0, 1] or a percentage such as 80%"
	pointHelp    = " (decimals are written with a point: 12.5, not 12,5)"
)

var (
	errComma = errors.New("comma")
	errForm  = errors.New("form")
	errRange = errors.New("range")
)

// number reads a finite number as people write it: 12, 12.5, -3, 1e3. NaN and
// Inf are refused, and so is a decimal comma.
func number(s string) (float64, error) {
	if len(s) == 0 || len(s) > 64 {
		return 0, errForm
	}
	small := len(s) <= 15
	n := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			n = n*10 + int(c-'0')
		case c == ',':
			return 0, errComma
		case c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E':
			small = false
		default:
			return 0, errForm
		}
		if !small {
			n = 0
		}
	}
	if small {
		return float64(n), nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, errForm
	}
	return f, nil
}

// grouped is a number with commas between thousands.
var grouped = regexp.MustCompile(`^[0-9]{1,3}(,[0-9]{3})+$`)

// count reads a number of calls. thousands allows 1,234, which elsewhere could
// be 1.234 written with a decimal comma.
func count(s string, thousands bool) (float64, string) {
	s = fold(s)
	if thousands && strings.Contains(s, ",") && grouped.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	f, err := number(s)
	switch {
	case err == errComma:
		return 0, wantCount + pointHelp
	case err != nil || f < 0:
		return 0, wantCount
	case f > 1e9:
		return 0, "want at most 1e9 calls in an interval"
	}
	return f, ""
}

// fraction reads a service level.
func fraction(s string, percent bool) (float64, string) {
	s = fold(s)
	cut, sign := strings.CutSuffix(s, "%")
	f, err := number(strings.TrimSpace(cut))
	if err == errComma {
		return 0, wantFraction + pointHelp
	}
	if err != nil || f < 0 {
		return 0, wantFraction
	}
	if percent || sign {
		f /= 100
	}
	if f > 1 {
		return 0, wantFraction + "; one file must not mix both without the % sign"
	}
	return f, ""
}

// fold turns full-width digits and signs into ASCII.
func fold(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return strings.TrimSpace(norm.NFKC.String(s))
		}
	}
	return s
}

// length reads a length of time: a number of unit, m:ss, h:mm:ss, 1m30s or
// 1時間2分5秒. It may be negative; what that means is the caller's business.
func length(s string, unit time.Duration) (time.Duration, error) {
	s = fold(s)
	if d, ok := colons(s); ok {
		return d, nil
	}
	f, err := number(s)
	if err == errForm {
		return worded(s)
	}
	if err != nil {
		return 0, err
	}
	return seconds(f * unit.Seconds())
}

// maxLength bounds every length: a month. A longer call is a damaged file.
const maxLength = 31 * 24 * time.Hour

func seconds(f float64) (time.Duration, error) {
	if math.Abs(f) > maxLength.Seconds() {
		return 0, errRange
	}
	return time.Duration(math.Round(f * 1e9)), nil
}

func colons(s string) (time.Duration, bool) {
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return 0, false
	}
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	parts := strings.Split(s, ":")
	if len(parts) > 3 {
		return 0, false
	}
	total := 0.0
	for i, p := range parts {
		f, err := number(p)
		if err != nil || p == "" || p[0] < '0' || p[0] > '9' || i > 0 && f >= 60 || i < len(parts)-1 && f != math.Trunc(f) {
			return 0, false
		}
		total = total*60 + f
	}
	if neg {
		total = -total
	}
	d, err := seconds(total)
	return d, err == nil
}

var words = regexp.MustCompile(`^(?:(\d{1,5})\s*(?:h|hr|hours?|時間))?\s*(?:(\d{1,6})\s*(?:m|min|minutes?|分))?\s*(?:(\d{1,8}(?:\.\d{1,9})?)\s*(?:s|sec|seconds?|秒))?$`)

func worded(s string) (time.Duration, error) {
	m := words.FindStringSubmatch(s)
	if m == nil || m[1]+m[2]+m[3] == "" {
		return 0, errForm
	}
	total := 0.0
	for i, scale := range []float64{3600, 60, 1} {
		if m[i+1] != "" {
			f, err := number(m[i+1])
			if err != nil {
				return 0, err
			}
			total += float64(f * scale)
		}
	}
	return seconds(total)
}

// lengthWant explains why length failed.
func lengthWant(err error) string {
	switch err {
	case errComma:
		return wantLength + pointHelp
	case errRange:
		return "want at most 31 days; is it in another unit? the header may say (ms) or (min)"
	}
	return wantLength
}

// absent reports what stands for "nothing" in a log.
func absent(s string) bool {
	switch s {
	case "", "-", "--", "NULL", "null", "N/A", "n/a", "NO_SERVER", "なし", "―", "ー":
		return true
	}
	return false
}
