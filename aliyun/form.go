package aliyun

import (
	"context"
	"errors"
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

// NumberState is the SecretStatus of an X number.
type NumberState string

// The states of an X number (help page of QuerySecretNoDetail).
const (
	NumberFree   NumberState = "0"
	NumberBound  NumberState = "1"
	NumberLocked NumberState = "2"
	NumberFrozen NumberState = "3"
)

// Number is an X number as the service knows it.
type Number struct {
	SecretNo string
	State    NumberState
	City     string // Chinese name without 市; blank if the answer has none
}

var errNoNumber = errors.New("the answer says OK without the number's state")

// QuerySecretNoDetail returns the state of an X number of a pool. It changes
// nothing and may be repeated, up to [LookupRate] calls a second. The error,
// if any, is an [*Error].
func (c *Client) QuerySecretNoDetail(ctx context.Context, pool, x string) (*Number, error) {
	s := c.scratch.Get().(*scratch)
	defer c.scratch.Put(s)
	s.query = s.query[:0]
	s.query.text("PoolKey", pool)
	s.query.text("SecretNo", x)
	const action = "QuerySecretNoDetail"
	a, e := c.call(ctx, action, s, Intent{})
	if e != nil {
		return nil, e
	}
	switch state := NumberState(a.text(numberStatus)); state {
	case NumberFree, NumberBound, NumberLocked, NumberFrozen:
		return &Number{SecretNo: x, State: state, City: a.text(numberCity)}, nil
	}
	return nil, a.bad(action, errNoNumber)
}
