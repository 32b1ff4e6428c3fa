package aliyun

import (
	"context"
	"errors"
)

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
