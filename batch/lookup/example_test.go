package lookup_test

import (
	"context"
	"fmt"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/report"
)

// The answer to a call was lost. What its X is bound to now may be what the call made.
func ExampleCompare() {
	var row input.Row
	row.Fields[field.PhoneNoA], row.Fields[field.GroupID], row.Fields[field.Expiration] = "13800138000", "7", "2099-01-31 23:59:59"
	left := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	shown := func() *aliyun.Subscription {
		return &aliyun.Subscription{
			SubsID: "1000000000000001", PhoneNoA: "+8613800138000", GroupID: "7", Created: left.Add(time.Second), Live: true,
			Expiration: time.Date(2099, 1, 31, 15, 59, 59, 0, time.UTC), // which is midnight in Beijing
		}
	}
	compare := func(s *aliyun.Subscription) {
		fmt.Println(lookup.Compare(&row, "17100000001", s, lookup.Question{Left: left}).Proof)
	}
	compare(shown())
	s := shown()
	s.PhoneNoA = "13900139000"
	compare(s)
	s = shown()
	s.Created = left.AddDate(0, 0, -1)
	compare(s)
	s = shown()
	s.PhoneNoA = "138****8000"
	compare(s)
	// Output:
	// ours
	// foreign
	// older
	// masked
}

// service shows one binding, or nothing.
type service struct {
	shows *aliyun.Subscription
}

func (s *service) QuerySubsID(context.Context, string, string) (aliyun.Held, error) {
	if s.shows == nil {
		return aliyun.HeldBy(), nil
	}
	return aliyun.HeldBy(s.shows.SubsID), nil
}

func (s *service) QuerySubscriptionDetail(context.Context, string, string, string) (*aliyun.Subscription, error) {
	return s.shows, nil
}

// A service that does not show what is known to be there is not believed either where it
// shows nothing of a row.
func ExampleControls() {
	made := time.Now().Add(-time.Hour)
	w := bookstest.NewWriter()
	w.Now = made
	w.Begin("sunday", 1)
	expires := made.AddDate(0, 1, 0).Truncate(time.Second)
	id := ledger.ParseSubsID("1000000000000001")
	w.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: bookstest.KeyOf(1), Place: 7, At: made.UnixMilli(), Due: made.UnixMilli(), Ends: expires.Unix()},
		books.Detail{T: made.UnixMilli(), PoolKey: "FC1", PhoneNoA: "13800138000", GroupID: "7", Expiration: expires.In(report.Beijing).Format(time.DateTime)})
	w.Record(ledger.Record{Kind: ledger.OK, Call: 1, Binding: id, Code: "OK", At: made.UnixMilli()},
		books.Detail{T: made.UnixMilli(), SecretNo: "17100000001", SubsID: "1000000000000001"})
	j, err := books.Read(bookstest.NewMemory(w.Text), int64(len(w.Text)), nil)
	if err != nil {
		fmt.Println(err)
		return
	}

	s := &service{&aliyun.Subscription{SubsID: "1000000000000001", PhoneNoA: "13800138000", GroupID: "7", Expiration: expires, Created: made, Live: true}}
	ctx, once := context.Background(), func(ctx context.Context, request func(context.Context) error) error { return request(ctx) }
	c := lookup.NewControls(s, j, once)
	fmt.Println(c.Before(ctx, "FC1") == lookup.Trusted)
	s.shows = nil
	fmt.Println(c.After(ctx, "FC1", c.Mark("FC1")) == lookup.Trusted)
	fmt.Println(c.Before(ctx, "FC2") == lookup.NoControl)
	// Output:
	// true
	// false
	// true
}
