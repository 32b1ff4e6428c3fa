package lookup_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/report"
)

// answers is a service that shows one binding as a test says.
type answers struct {
	service
	err error
}

func (a *answers) QuerySubsID(ctx context.Context, pool, x string) (aliyun.Held, error) {
	if a.err != nil {
		return aliyun.Held{}, a.err
	}
	return a.service.QuerySubsID(ctx, pool, x)
}

// TestControls says how look-ups have to show a binding that is known, to be believed of
// others: what they show counts, not how; that none is known is told apart.
func TestControls(t *testing.T) {
	made := time.Now().Add(-time.Hour)
	expires := made.AddDate(0, 1, 0).Truncate(time.Second)
	w := bookstest.NewWriter()
	w.Now = made
	w.Begin("sunday", 1)
	w.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: bookstest.KeyOf(1), Place: 7, At: made.UnixMilli(), Due: made.UnixMilli(), Ends: expires.Unix()},
		books.Detail{T: made.UnixMilli(), PoolKey: "FC1", PhoneNoA: "13800138000", GroupID: "7", Expiration: expires.In(report.Beijing).Format(time.DateTime)})
	w.Record(ledger.Record{Kind: ledger.OK, Call: 1, Binding: ledger.ParseSubsID("1000000000000001"), Code: "OK", At: made.UnixMilli()},
		books.Detail{T: made.UnixMilli(), SecretNo: "17100000001", SubsID: "1000000000000001"})
	once := func(ctx context.Context, request func(context.Context) error) error { return request(ctx) }
	as := func(change func(*aliyun.Subscription)) *aliyun.Subscription {
		s := &aliyun.Subscription{SubsID: "1000000000000001", PhoneNoA: "13800138000", GroupID: "7", Expiration: expires, Created: made, Live: true}
		change(s)
		return s
	}
	for _, c := range []struct {
		name  string
		pool  string
		shows *aliyun.Subscription
		err   error
		want  bool // trusted
		none  bool // no control is known
	}{
		{name: "as it is known", pool: "FC1", shows: as(func(*aliyun.Subscription) {}), want: true},
		{name: "without the time of its making", pool: "FC1", shows: as(func(s *aliyun.Subscription) { s.Created = time.Time{} }), want: true},
		{name: "with a time of its making that is off by a zone", pool: "FC1", shows: as(func(s *aliyun.Subscription) { s.Created = made.Add(-8 * time.Hour) }), want: true},
		{name: "with A in another form", pool: "FC1", shows: as(func(s *aliyun.Subscription) { s.PhoneNoA = "+8613800138000" }), want: true},
		// What others changed since proves nothing, either way.
		{name: "another A", pool: "FC1", shows: as(func(s *aliyun.Subscription) { s.PhoneNoA = "13900139000" }), none: true},
		{name: "another SubsId", pool: "FC1", shows: as(func(s *aliyun.Subscription) { s.SubsID = "1000000000000009" }), none: true},
		{name: "nothing", pool: "FC1"},
		{name: "no answer", pool: "FC1", shows: as(func(*aliyun.Subscription) {}), err: errors.New("no answer")},
		{name: "another pool", pool: "FC2", shows: as(func(*aliyun.Subscription) {}), none: true},
	} {
		j, err := books.Read(bookstest.NewMemory(w.Text), int64(len(w.Text)), nil)
		if err != nil {
			t.Fatal(err)
		}
		controls := lookup.NewControls(&answers{service{c.shows}, c.err}, j, once)
		got := controls.Before(t.Context(), c.pool)
		if (got == lookup.Trusted) != c.want || (got == lookup.NoControl) != c.none {
			t.Errorf("%s: trust %d; want trusted %v, no control %v", c.name, got, c.want, c.none)
		}
	}
}
