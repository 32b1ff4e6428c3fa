package aliyun

import (
	"context"
	"net/http"
	"time"
)

// Probed is what one call that changes nothing can tell.
type Probed struct {
	// Ahead is how far the service's clock runs ahead of this machine's, from
	// the answer's Date header, to the second; Dated is false if there was none.
	Ahead time.Duration
	Dated bool
}

// UnknownPool reports whether a code says that there is no pool of that key; the
// operations spell it differently.
func UnknownPool(code string) bool {
	return code == "isv.POOLKEY_NOT_EXISTS" || code == "POOLKEY_NOT_EXIST" || code == "PoolKeyNotFound"
}

// Probe asks what an X number of a pool is bound to, only to see whether the
// service answers. What it says of the number is of no interest: an error of
// class [RowRefused] means that service, key, clock and pool are as they should
// be. It may be repeated. The error, if any, is an [*Error].
func (c *Client) Probe(ctx context.Context, pool, x string) (Probed, error) {
	s := c.scratch.Get().(*scratch)
	defer c.scratch.Put(s)
	s.query = s.query[:0]
	s.query.text("PhoneNoX", x)
	s.query.text("PoolKey", pool)
	a, e := c.call(ctx, "QuerySubsId", s, Intent{})
	var date time.Time
	if e == nil {
		date, _ = http.ParseTime(a.header.Get("Date"))
	} else {
		date = e.ServerTime
	}
	p := Probed{Dated: !date.IsZero()}
	if p.Dated {
		p.Ahead = time.Until(date).Round(time.Second)
	}
	if e != nil {
		return p, e
	}
	return p, nil
}
