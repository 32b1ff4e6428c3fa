package aliyun

import (
	"cmp"
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

// Held is what the service says that a number X is bound to. Its zero value says
// nothing: that X is free is only what an answer says in so many words.
type Held struct {
	free bool
	ids  []string
}

// HeldBy is the Held of an X with bindings of these ids, or of a free one if there
// are none.
func HeldBy(ids ...string) Held { return Held{free: len(ids) == 0, ids: ids} }

// Free reports whether the service said that nothing is bound to X.
func (h Held) Free() bool { return h.free }

// IDs are the SubsIds of the bindings of X: for AXG one at most.
func (h Held) IDs() []string { return h.ids }

// Subscription is a binding as the service knows it.
type Subscription struct {
	SubsID       string
	PhoneNoA     string // as the answer shows it: see [SameNumber] and [HidesNumber]
	PhoneNoB     string // likewise
	PhoneNoX     string // as it was asked for
	GroupID      string
	Expiration   time.Time // zero if the answer shows none
	Created      time.Time // zero likewise
	Live         bool      // false once it has lapsed or was released
	Recording    bool      // its calls are recorded
	CallRestrict string
	ASRStatus    bool
	ASRModelID   string
	RequestID    string

	// Hidden are the documented fields, by the names of BindAxg, that the answer
	// does not show.
	Hidden []string

	// Ahead is how far the service's clock runs ahead of this machine's, from
	// the answer's Date header, to the second; 0 if there was none.
	Ahead time.Duration
}

// Errors of look-ups whose answer says OK without saying enough.
var (
	errNoDetail = errors.New("the answer says OK without the binding's details")
	errNoIDs    = errors.New("the answer says OK, and not what X is bound to")
)

// QuerySubsID returns what number X is bound to. It changes nothing and may be
// repeated. The error, if any, is an [*Error].
func (c *Client) QuerySubsID(ctx context.Context, pool, x string) (Held, error) {
	s := c.scratch.Get().(*scratch)
	defer c.scratch.Put(s)
	s.query = s.query[:0]
	s.query.text("PhoneNoX", x)
	s.query.text("PoolKey", pool)
	const action = "QuerySubsId"
	a, e := c.call(ctx, action, s, Intent{})
	if e != nil {
		return Held{}, e
	}
	said := a.values[atSubsID]
	switch {
	case said.kind == text && said.text == "" && !a.namesBinding():
		return Held{free: true}, nil
	case said.text == "":
		return Held{}, a.bad(action, errNoIDs)
	}
	ids := strings.Split(said.text, ",")
	for i := range ids {
		if ids[i] = strings.TrimSpace(ids[i]); ids[i] == "" || strings.Contains(ids[i], " ") {
			return Held{}, a.bad(action, errNoIDs)
		}
	}
	return Held{ids: ids}, nil
}

// shown are the values of a detail that a binding may be asked to have.
var shown = [...]struct {
	name string // of BindAxg
	at   place
}{
	{"PhoneNoB", detailB}, {"PhoneNoX", detailX}, {"Expiration", detailExpires}, {"IsRecordingEnabled", detailRecord},
	{"CallRestrict", detailRestrict}, {"ASRStatus", detailASR}, {"ASRModelId", detailModel},
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
	a, e := c.call(ctx, action, s, Intent{})
	if e != nil {
		return nil, e
	}
	for _, judges := range [...]place{detailSubsID, detailA, detailGroup, detailStatus} {
		if a.text(judges) == "" {
			return nil, a.bad(action, errNoDetail)
		}
	}
	sub := &Subscription{
		SubsID: a.text(detailSubsID), PhoneNoA: a.text(detailA), PhoneNoB: a.text(detailB), PhoneNoX: cmp.Or(a.text(detailX), x),
		GroupID: a.text(detailGroup), Expiration: beijingTime(a.text(detailExpires)), Created: beijingTime(a.text(detailCreated)),
		Live: a.text(detailStatus) == "1", Recording: a.values[detailRecord].yes(), CallRestrict: a.text(detailRestrict),
		ASRStatus: a.values[detailASR].yes(), ASRModelID: a.text(detailModel), RequestID: a.text(atRequestID),
	}
	if !a.about(subsID) || !SameNumber(sub.PhoneNoX, x) && !HidesNumber(sub.PhoneNoX) {
		return nil, a.bad(action, errOther)
	}
	sub.PhoneNoX = x
	for _, f := range shown {
		if a.values[f.at].kind == absent {
			sub.Hidden = append(sub.Hidden, f.name)
		}
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
