package report

import "strings"

// MaskNumber masks one phone number, given in digits, wherever it stands in a text:
// in digits of any script, grouped as people do, with a country code, or beside a
// date. Everything else stays.
func MaskNumber(s, number string) string {
	if countDigits(s) < len(number) {
		return s
	}
	var b strings.Builder
	done := 0
	runs := digitRuns(s)
	for i := 0; i < len(runs); i++ {
		n, masked := isNumber(s, runs[i:], number)
		if n == 0 {
			continue
		}
		b.WriteString(s[done:runs[i].from])
		b.WriteString(masked)
		i += n - 1
		done = runs[i].to
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// isNumber returns how many of the runs that a text begins with hold a number, and
// what they become; 0 if they do not. Digits without anything between may have
// others before or behind them, unless the number is so short that chance would do it.
func isNumber(s string, runs []digits, number string) (n int, masked string) {
	const surely = 10 // digits
	if d := runs[0].text; len(number) >= surely && strings.Contains(d, number) {
		return 1, strings.ReplaceAll(d, number, Mask(number))
	}
	all := ""
	for n = range min(len(runs), 7) {
		if n > 0 && !joins(s[runs[n-1].to:runs[n].from]) {
			break
		}
		if all += runs[n].text; len(all) > len(number)+4 {
			break
		}
		for _, code := range []string{"", "86", "0086"} {
			if all == code+number || code != "" && number[0] == '0' && all == code+number[1:] {
				return n + 1, code + Mask(number)
			}
		}
	}
	return 0, ""
}
