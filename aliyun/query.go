package aliyun

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// This file stands in for net/url.Values.Encode, which writes a space as "+"
// and costs a map and a sort: the signature wants RFC 3986, and the names are
// known beforehand.

// query is a URL query under construction, in the one form the signature
// allows: names in byte order, values percent-encoded as UTF-8. What is
// signed is what goes out, byte for byte.
type query []byte

// text adds name=value unless the value is empty. Names are added in byte
// order and need no encoding.
func (q *query) text(name, value string) {
	if value != "" {
		*q = appendEscaped(q.name(name), value)
	}
}

// number adds a number unless it is 0.
func (q *query) number(name string, n int64) {
	if n != 0 {
		*q = strconv.AppendInt(q.name(name), n, 10)
	}
}

// truth adds a boolean unless it is nil.
func (q *query) truth(name string, b *bool) {
	if b != nil {
		*q = strconv.AppendBool(q.name(name), *b)
	}
}

// moment adds a time as "yyyy-MM-dd HH:mm:ss" in Beijing time, whatever the
// machine's zone, unless it is zero. Fractions of a second are cut off.
func (q *query) moment(name string, t time.Time) {
	if t.IsZero() {
		return
	}
	var b [len(time.DateTime)]byte
	*q = appendEscaped(q.name(name), t.UTC().Add(beijing).AppendFormat(b[:0], time.DateTime))
}

// beijing is UTC+8 all year round. Adding it to a UTC time needs no zone
// data, which a container may lack.
const beijing = 8 * time.Hour

func (q *query) name(name string) []byte {
	b := *q
	if len(b) > 0 {
		b = append(b, '&')
	}
	b = append(b, name...)
	return append(b, '=')
}

// appendEscaped percent-encodes as the signature rules ask (RFC 3986):
// letters, digits and - _ . ~ stay, a space is %20, hex digits are upper case.
func appendEscaped[T string | []byte](b []byte, s T) []byte {
	const hex = "0123456789ABCDEF"
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			c == '-' || c == '_' || c == '.' || c == '~' {
			b = append(b, c)
		} else {
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return b
}

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

// ClockRefused reports whether a code says that the time of a call, which is that of
// this machine, is too far from the service's.
func ClockRefused(code string) bool { return code == codeTimeExpired || code == "IllegalTimestamp" }

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
