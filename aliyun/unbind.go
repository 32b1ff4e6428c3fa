package aliyun

import "context"

// UnbindRequest names the binding to release.
type UnbindRequest struct {
	PoolKey  string
	SubsID   string // the binding
	SecretNo string // its X number

	Intent Intent // of this call; it is not sent
}

// UnbindResult is a release the service has confirmed.
type UnbindResult struct {
	RequestID string // the service's id of this call
	Message   string // the service's words, usually OK
}

// UnbindSubscription ends a binding and frees its X number. It sends one
// request and waits for one answer. Unlike BindAxg it may be repeated: a binding
// that is gone cannot be released again, and the service says so
// (isv.SUBS_NOT_EXIST; isv.ILLEGAL_ARGUMENT with "subs not exist" in 2019). The
// error, if any, is an [*Error].
func (c *Client) UnbindSubscription(ctx context.Context, r *UnbindRequest) (*UnbindResult, error) {
	s := c.scratch.Get().(*scratch)
	defer c.scratch.Put(s)
	s.query = r.appendQuery(s.query[:0])
	a, e := c.call(ctx, "UnbindSubscription", s, r.Intent)
	if e != nil {
		return nil, e
	}
	if !a.about(r.SubsID) {
		return nil, a.bad("UnbindSubscription", errOther)
	}
	return &UnbindResult{RequestID: a.text(atRequestID), Message: a.text(atMessage)}, nil
}

// appendQuery writes the parameters in byte order of their names.
func (r *UnbindRequest) appendQuery(q query) query {
	q.text("PoolKey", r.PoolKey)
	q.text("SecretNo", r.SecretNo)
	q.text("SubsId", r.SubsID)
	return q
}
