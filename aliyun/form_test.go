package aliyun_test

import (
	"testing"
	"time"

	"axgbind/aliyun"
)

func TestSameNumber(t *testing.T) {
	for _, c := range []struct {
		shown, meant string
		same         bool
	}{
		{"13800138000", "13800138000", true},
		{"8613800138000", "13800138000", true},
		{"+8613800138000", "13800138000", true},
		{"008613800138000", "13800138000", true},
		{"86057188992688", "057188992688", true},
		{"8657188992688", "057188992688", true},
		{"", "", true},
		{"86", "", false},
		{"13800138001", "13800138000", false},
		{"8513800138000", "13800138000", false},
		{"868613800138000", "13800138000", false},
		{"113800138000", "13800138000", false},
		{"138****8000", "13800138000", false},
		{"13800138000", "8613800138000", false},
	} {
		if got := aliyun.SameNumber(c.shown, c.meant); got != c.same {
			t.Errorf("%q, %q: %t", c.shown, c.meant, got)
		}
	}
}

func TestInUTC(t *testing.T) {
	at := time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC)
	later := at.Add(8 * time.Hour)
	s := aliyun.Subscription{SubsID: "1", Expiration: at}
	if u := s.InUTC(true, true); !u.Expiration.Equal(later) || !u.Created.IsZero() || u.SubsID != "1" || !s.Expiration.Equal(at) {
		t.Errorf("%+v of %+v", u, s)
	}
	s.Created = at
	if u := s.InUTC(false, true); !u.Expiration.Equal(at) || !u.Created.Equal(later) {
		t.Errorf("%+v", u)
	}
	if u := s.InUTC(true, false); !u.Expiration.Equal(later) || !u.Created.Equal(at) {
		t.Errorf("%+v", u)
	}
}
