package aliyun

import (
	"strings"
)

// countryCodes are the forms in which an answer may show the country code of a
// number that was sent without one.
var countryCodes = [...]string{"86", "+86", "0086"}

// SameNumber reports whether a number that an answer shows is the one that is meant,
// be it with the country code of China before it. A landline may lose its leading 0
// behind that.
func SameNumber(shown, meant string) bool {
	if shown == meant {
		return true
	}
	if meant == "" {
		return false
	}
	for _, code := range countryCodes {
		if rest, ok := strings.CutPrefix(shown, code); ok {
			rest = strings.TrimLeft(rest, "- ")
			if rest == meant || meant[0] == '0' && rest == meant[1:] {
				return true
			}
		}
	}
	return false
}

// HidesNumber reports whether an answer shows a number only in part.
func HidesNumber(shown string) bool { return strings.Contains(shown, "*") }

// InUTC is the binding if its Expiration, or the time of its making, was told in UTC and not
// in Beijing time.
func (s *Subscription) InUTC(expires, created bool) *Subscription {
	other := *s
	if expires && !s.Expiration.IsZero() {
		other.Expiration = s.Expiration.Add(beijing)
	}
	if created && !s.Created.IsZero() {
		other.Created = s.Created.Add(beijing)
	}
	return &other
}
