package lookup_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/lookup"
)

// TestCompare says whose a binding is: what it shows, and when it was made, next to what
// the row's call asked for and when it left.
func TestCompare(t *testing.T) {
	const utc = -8 * time.Hour
	left := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	ends := time.Date(2099, 1, 31, 15, 59, 59, 0, time.UTC)
	day := 24 * time.Hour
	for _, c := range []struct {
		name    string
		change  func(s *aliyun.Subscription)
		form    lookup.Form
		undated bool   // nobody knows when the call left
		end     string // of the row, if another
		want    books.Proof
		shifted bool
	}{
		{"as it is meant", func(*aliyun.Subscription) {}, lookup.Form{}, false, "", books.Ours, false},
		{"with its B", func(s *aliyun.Subscription) { s.PhoneNoB = "13900139000" }, lookup.Form{}, false, "", books.Ours, false},
		{"with another B", func(s *aliyun.Subscription) { s.PhoneNoB = "13900139001" }, lookup.Form{}, false, "", books.Odd, false},
		{"with another A", func(s *aliyun.Subscription) { s.PhoneNoA = "13700137000" }, lookup.Form{}, false, "", books.Foreign, false},
		{"with another A, of long ago", func(s *aliyun.Subscription) { s.PhoneNoA, s.Created = "13700137000", left.Add(-day) }, lookup.Form{}, false, "", books.Foreign, false},
		{"with another A, of later", func(s *aliyun.Subscription) { s.PhoneNoA, s.Created = "13700137000", left.Add(day) }, lookup.Form{}, false, "", books.Foreign, false},
		{"with a hidden A", func(s *aliyun.Subscription) { s.PhoneNoA = "138****8000" }, lookup.Form{}, false, "", books.Masked, false},
		{"in another group", func(s *aliyun.Subscription) { s.GroupID = "8" }, lookup.Form{}, false, "", books.Odd, false},
		{"in another group, of later", func(s *aliyun.Subscription) { s.GroupID, s.Created = "8", left.Add(day) }, lookup.Form{}, false, "", books.Foreign, false},
		{"in another group, of long ago", func(s *aliyun.Subscription) { s.GroupID, s.Created = "8", left.Add(-day) }, lookup.Form{}, false, "", books.Older, false},
		{"with another end", func(s *aliyun.Subscription) { s.Expiration = ends.Add(time.Hour) }, lookup.Form{}, false, "", books.Odd, false},
		{"with an end that the row does not say", func(*aliyun.Subscription) {}, lookup.Form{}, false, "soon", books.Odd, false},
		{"of long ago", func(s *aliyun.Subscription) { s.Created = left.Add(-day) }, lookup.Form{}, false, "", books.Older, false},
		{"of later", func(s *aliyun.Subscription) { s.Created = left.Add(day) }, lookup.Form{}, false, "", books.Odd, false},
		{"of a while ago", func(s *aliyun.Subscription) { s.Created = left.Add(-20 * time.Minute) }, lookup.Form{}, false, "", books.Odd, false},
		{"made at no time", func(s *aliyun.Subscription) { s.Created = time.Time{} }, lookup.Form{}, false, "", books.Odd, false},
		{"ended", func(s *aliyun.Subscription) { s.Live = false }, lookup.Form{}, false, "", books.Odd, false},
		{"ended, with a hidden A", func(s *aliyun.Subscription) { s.Live, s.PhoneNoA = false, "138****8000" }, lookup.Form{}, false, "", books.Odd, false},
		{"of long ago, next to nothing", func(s *aliyun.Subscription) { s.Created = left.Add(-day) }, lookup.Form{}, true, "", books.Ours, true},
		{"in another group, next to nothing", func(s *aliyun.Subscription) { s.GroupID, s.Created = "8", left.Add(day) }, lookup.Form{}, true, "", books.Odd, false},
		// Times in UTC: it is the row's if controls were shown so.
		{"all in UTC", func(s *aliyun.Subscription) { s.Expiration, s.Created = ends.Add(utc), s.Created.Add(utc) }, lookup.Form{UTC: true, CreatedUTC: true}, false, "", books.Ours, false},
		{"all in UTC, and nobody said so", func(s *aliyun.Subscription) { s.Expiration, s.Created = ends.Add(utc), s.Created.Add(utc) }, lookup.Form{}, false, "", books.Odd, true},
		{"its end in UTC, and nobody said so", func(s *aliyun.Subscription) { s.Expiration = ends.Add(utc) }, lookup.Form{}, false, "", books.Odd, true},
		{"its making in UTC, and nobody said so", func(s *aliyun.Subscription) { s.Created = s.Created.Add(utc) }, lookup.Form{}, false, "", books.Odd, true},
		{"its end in UTC, next to nothing", func(s *aliyun.Subscription) { s.Expiration = ends.Add(utc) }, lookup.Form{}, true, "", books.Odd, true},
		{"nothing in UTC, and controls are", func(*aliyun.Subscription) {}, lookup.Form{UTC: true, CreatedUTC: true}, false, "", books.Odd, true},
		{"its making in UTC, and only the ends of controls are", func(s *aliyun.Subscription) { s.Created = s.Created.Add(utc) }, lookup.Form{UTC: true}, false, "", books.Odd, true},
		{"in UTC, with another A", func(s *aliyun.Subscription) { s.PhoneNoA, s.Expiration = "13700137000", ends.Add(utc) }, lookup.Form{}, false, "", books.Foreign, false},
		{"in UTC, in another group", func(s *aliyun.Subscription) { s.GroupID, s.Expiration = "8", ends.Add(utc) }, lookup.Form{}, false, "", books.Odd, false},
		{"in UTC, with an end that nobody said", func(s *aliyun.Subscription) { s.Expiration = ends.Add(utc) }, lookup.Form{}, false, "soon", books.Odd, false},
		{"eight hours ago, in UTC", func(s *aliyun.Subscription) { s.Expiration, s.Created = ends.Add(utc), left.Add(2*utc) }, lookup.Form{}, false, "", books.Older, false},
	} {
		var row input.Row
		row.Fields[field.PhoneNoA], row.Fields[field.PhoneNoB], row.Fields[field.GroupID], row.Fields[field.Expiration] = "13800138000", "13900139000", "7", "2099-01-31 23:59:59"
		if c.end != "" {
			row.Fields[field.Expiration] = c.end
		}
		s := &aliyun.Subscription{SubsID: "1000000000000001", PhoneNoA: "13800138000", GroupID: "7", Created: left.Add(time.Second), Expiration: ends, Live: true, RequestID: "R-1"}
		c.change(s)
		q := lookup.Question{Left: left, Form: c.form}
		if c.undated {
			q.Left = time.Time{}
		}
		got := lookup.Compare(&row, "17100000001", s, q)
		if got.Proof != c.want || got.Shifted != c.shifted {
			t.Errorf("%s: %v, shifted %v; want %v, %v", c.name, got.Proof, got.Shifted, c.want, c.shifted)
		}
		if got.SubsID != s.SubsID || got.SecretNo != "17100000001" || got.RequestID != "R-1" {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestUnclear says what a look-up that failed tells, and whether it is made again.
func TestUnclear(t *testing.T) {
	refused := func(code string, status int) error {
		return fmt.Errorf("asked: %w", &aliyun.Error{Code: code, HTTPStatus: status, RequestID: "R-1"})
	}
	for _, c := range []struct {
		name    string
		err     error
		want    books.Proof
		unread  bool
		refused bool
		all     bool // a refusal that every request would get
		gives   int  // after how many it is not made again
	}{
		{"no answer", errors.New("no answer"), books.Unclear, false, false, false, 10},
		{"none in time", refused(aliyun.CodeTimeout, 0), books.Unclear, false, false, false, 10},
		{"an answer that cannot be read", refused(aliyun.CodeBadAnswer, http.StatusOK), books.Unclear, true, false, false, 3},
		{"another's answer", refused(aliyun.CodeBadAnswer, http.StatusBadGateway), books.Unclear, false, false, false, 10},
		{"throttled", refused("isv.FLOW_LIMIT", http.StatusOK), books.Unclear, false, false, false, 10},
		{"looking is forbidden", refused("isp.RAM_PERMISSION_DENY", http.StatusOK), books.Barred, false, false, true, 0},
		{"likewise", refused("NoPermission", http.StatusForbidden), books.Barred, false, false, true, 0},
		{"the account is refused", refused("isv.OUT_OF_SERVICE", http.StatusOK), books.Barred, false, false, true, 0},
		{"the question is refused", refused("isv.MOBILE_NUMBER_ILLEGAL", http.StatusOK), books.Odd, false, true, false, 0},
		{"there is no number", refused("isv.NO_AVAILABLE_NUMBER", http.StatusOK), books.Odd, false, true, false, 0},
		{"the credential is out of date", refused(aliyun.CodeTokenExpired, http.StatusBadRequest), books.Unclear, false, false, true, 10},
	} {
		f := lookup.Unclear(c.err)
		if f.Proof != c.want || f.Unread != c.unread || f.Refused() != c.refused || lookup.RefusesAll(c.err) != c.all {
			t.Errorf("%s: %+v, refused %v, all are %v; want %v", c.name, f, f.Refused(), lookup.RefusesAll(c.err), c.want)
		}
		if c.gives > 0 && f.Gives(c.gives-1) || !f.Gives(c.gives) {
			t.Errorf("%s: given up after %d: %v, after %d: %v", c.name, c.gives-1, f.Gives(c.gives-1), c.gives, f.Gives(c.gives))
		}
		class, code, ok := lookup.ClassOf(c.err)
		var e *aliyun.Error
		if is := errors.As(c.err, &e); ok != is || is && (class != e.Class() || code != e.Code || f.Class != class || f.Code != code || f.RequestID != "R-1") {
			t.Errorf("%s: class %v, code %s, %v; %+v", c.name, class, code, ok, f)
		}
	}
	if f := (lookup.Finding{Proof: books.Odd, Class: aliyun.Ambiguous}); f.Refused() {
		t.Error("what no rule covers is a refusal")
	}
	if f := (lookup.Finding{Proof: books.Unclear, Class: aliyun.RowRefused}); f.Refused() {
		t.Error("what is unclear is a refusal")
	}
}
