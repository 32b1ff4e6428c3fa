package books_test

import (
	"fmt"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/ledger"
)

// TestEra: a binding is a call's if it was made within 15 minutes of it by the clock of
// either side, it is another's if it is more than 31 minutes off by the service's clock
// and more than 15 by this machine's, and between them nobody can tell. Bounds count as
// between.
func TestEra(t *testing.T) {
	signed := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	eras := map[books.Era]string{books.EraBefore: "before", books.EraThen: "then", books.EraAfter: "after"}
	for _, c := range []struct {
		made  time.Duration // after the call, by the service's clock
		ahead time.Duration // of this machine's, now
		want  string
	}{
		{0, 0, "then"},
		{15*time.Minute - 1, 0, "then"}, {-15*time.Minute + 1, 0, "then"},
		{15 * time.Minute, 0, ""}, {-15 * time.Minute, 0, ""},
		{31 * time.Minute, 0, ""}, {-31 * time.Minute, 0, ""},
		{31*time.Minute + 1, 0, "after"}, {-31*time.Minute - 1, 0, "before"},
		{time.Hour, 45 * time.Minute, ""}, {-time.Hour, -45 * time.Minute, ""}, // as far off as the clock is
		{time.Hour, 45*time.Minute - 1, "after"}, {-time.Hour, -45*time.Minute + 1, "before"},
		{time.Hour, 45*time.Minute + 1, "then"}, {-time.Hour, -45*time.Minute - 1, "then"},
		{time.Hour, -time.Hour, "after"}, {-time.Hour, time.Hour, "before"}, // off the other way
	} {
		s := &aliyun.Subscription{Created: signed.Add(c.made), Ahead: c.ahead}
		if got := eras[books.EraOf(s, signed)]; got != c.want {
			t.Errorf("made %v after the call, by a clock that is off by %v: %q, want %q", c.made, c.ahead, got, c.want)
		}
	}
	if got := books.EraOf(&aliyun.Subscription{}, signed); eras[got] != "" {
		t.Errorf("nobody knows when it was made: %v", got)
	}
}

// TestMade: next to a call that was carried in later, nobody knows when it left: what was
// made before then may be its. The time that counts is when the call left, if it is known.
func TestMade(t *testing.T) {
	noted := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	made := func(after time.Duration, d books.Detail) books.Era {
		d.T = noted.UnixMilli()
		return books.Made(&aliyun.Subscription{Created: noted.Add(after)}, &d)
	}
	for _, c := range []struct {
		name  string
		after time.Duration
		d     books.Detail
		want  books.Era
	}{
		{"an hour before", -time.Hour, books.Detail{}, books.EraBefore},
		{"an hour before, carried in", -time.Hour, books.Detail{Undated: true}, books.EraThen},
		{"twenty minutes before, carried in", -20 * time.Minute, books.Detail{Undated: true}, books.EraThen},
		{"twenty minutes after, carried in", 20 * time.Minute, books.Detail{Undated: true}, made(20*time.Minute, books.Detail{})},
		{"an hour after, carried in", time.Hour, books.Detail{Undated: true}, books.EraAfter},
		{"an hour after the intent, as the call left", time.Hour, books.Detail{Left: noted.Add(time.Hour).UnixMilli()}, books.EraThen},
	} {
		if got := made(c.after, c.d); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestNamed: an answer that names an X and no SubsId, or the other way round, names a
// binding; one that names neither leaves the particulars as they are.
func TestNamed(t *testing.T) {
	for _, c := range []struct {
		named books.Named
		want  string
	}{
		{books.Named{SubsID: "1", SecretNo: "17100000001", Line: 7, Batch: "a.csv"}, "1 17100000001 7 a.csv"},
		{books.Named{SecretNo: "17100000001", Line: 7, Batch: "a.csv"}, "17100000001 7 a.csv"},
		{books.Named{SubsID: "1", Line: 7, Batch: "a.csv"}, "1 7 a.csv"},
		{books.Named{Line: 7, Batch: "a.csv"}, "as it was 0 "},
	} {
		d := books.Detail{Named: "as it was"}
		d.Name(&c.named)
		if got := fmt.Sprint(d.Named, " ", d.Other, " ", d.OtherBatch); got != c.want {
			t.Errorf("%+v: %q, want %q", c.named, got, c.want)
		}
	}
}

// TestLive: bindings live whose Expiration lies ahead.
func TestLive(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 3)
	for n, ends := range []time.Time{time.Now().Add(time.Hour), time.Now().Add(-time.Hour), time.Now().Add(2 * time.Hour)} {
		s.Intend(n, ledger.Record{Op: ledger.Bind, Ends: ends.Unix()})
		s.Ends(ledger.OK, "OK", books.Detail{T: s.Now.UnixMilli()})
	}
	if got := bookstest.Read(t, s.Text).Live(); got != 2 {
		t.Errorf("%d live, want 2", got)
	}
}
