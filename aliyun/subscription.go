package aliyun

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

// LookupRate is how many QuerySubsId and how many QuerySubscriptionDetail
// calls a second the service grants an account. The page of the latter says
// 1,000, a comment of the vendor's SDK 5,000; the smaller holds.
const LookupRate = 1000

// Subscription is a binding as the service knows it.
type Subscription struct {
	SubsID     string
	PhoneNoA   string
	PhoneNoB   string
	PhoneNoX   string
	GroupID    string
	Expiration time.Time // zero if the answer's date cannot be read
	Created    time.Time // zero likewise
	Live       bool      // false once it has lapsed or was released
	Recording  bool      // its calls are recorded
	RequestID  string

	// Ahead is how far the service's clock runs ahead of this machine's, from
	// the answer's Date header, to the second; 0 if there was none.
	Ahead time.Duration
}

// Errors of look-ups whose answer says OK without saying enough.
var errNoDetail = errors.New("the answer says OK without the binding's details")

// QuerySubsID returns the ids of the live bindings of number X: none if X is
// free, and for AXG at most one. It changes nothing and may be repeated. The
// error, if any, is an [*Error].
func (c *Client) QuerySubsID(ctx context.Context, pool, x string) ([]string, error) {
	s := c.scratch.Get().(*scratch)
	defer c.scratch.Put(s)
	s.query = s.query[:0]
	s.query.text("PhoneNoX", x)
	s.query.text("PoolKey", pool)
	a, e := c.call(ctx, "QuerySubsId", s)
	if e != nil {
		return nil, e
	}
	var ids []string
	for id := range strings.SplitSeq(string(a.SubsID), ",") {
		if id = strings.TrimSpace(id); id != "" {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// QuerySubscriptionDetail returns a binding by its id and its number X. It
// changes nothing and may be repeated. The error, if any, is an [*Error].
func (c *Client) QuerySubscriptionDetail(ctx context.Context, pool, subsID, x string) (*Subscription, error) {
	s := c.scratch.Get().(*scratch)
	defer c.scratch.Put(s)
	s.query = s.query[:0]
	s.query.text("PhoneNoX", x)
	s.query.text("PoolKey", pool)
	s.query.text("SubsId", subsID)
	const action = "QuerySubscriptionDetail"
	a, e := c.call(ctx, action, s)
	if e != nil {
		return nil, e
	}
	d := a.SecretBindDetailDTO
	if d.SubsID == "" || d.PhoneNoA == "" || d.Status == "" {
		return nil, a.bad(action, errNoDetail)
	}
	sub := &Subscription{
		SubsID: string(d.SubsID), PhoneNoA: string(d.PhoneNoA), PhoneNoB: string(d.PhoneNoB), PhoneNoX: string(d.PhoneNoX),
		GroupID: string(d.GroupID), Expiration: beijingTime(string(d.ExpireDate)), Created: beijingTime(string(d.GmtCreate)),
		Live: d.Status == "1", Recording: bool(d.NeedRecord), RequestID: string(a.RequestID),
	}
	if date, err := http.ParseTime(a.header.Get("Date")); err == nil {
		sub.Ahead = time.Until(date).Round(time.Second)
	}
	return sub, nil
}

// beijingTime reads a date as the service writes it.
func beijingTime(s string) time.Time {
	t, err := time.Parse(time.DateTime, s)
	if err != nil {
		return time.Time{}
	}
	return t.Add(-beijing)
}
