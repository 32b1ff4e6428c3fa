package simulator_test

import (
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
)

func inUTC(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.DateTime) }

// Each form, and all that go together, on the wire; what is bound stays the same.
func TestLookupForms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type shown struct{ a, b, expires, created string }
		plain := shown{"13800138000", "057188992688", inBeijing(time.Hour), inBeijing(0)}
		for form, want := range map[simulator.LookupForm]shown{
			"":               plain,
			"a86":            {"8613800138000", "86057188992688", plain.expires, plain.created},
			"plus86":         {"+8613800138000", "+86057188992688", plain.expires, plain.created},
			"0086":           {"008613800138000", "0086057188992688", plain.expires, plain.created},
			"masked":         {"138****8000", "057*****2688", plain.expires, plain.created},
			"utc":            {plain.a, plain.b, inUTC(time.Hour), inUTC(0)},
			"a86,utc":        {"8613800138000", "86057188992688", inUTC(time.Hour), inUTC(0)},
			"utc, masked":    {"138****8000", "057*****2688", inUTC(time.Hour), inUTC(0)},
			"masked,0086":    {"0086138****8000", "0086057*****2688", plain.expires, plain.created},
			"masked,a86,a86": {"86138****8000", "86057*****2688", plain.expires, plain.created},
		} {
			s := newService(t, simulator.Options{Numbers: 1, LookupForm: form})
			b := serve(t, s, bindCall("PhoneNoB", plain.b)).SecretBindDTO
			detail := func() shown {
				d := serve(t, s, look("QuerySubscriptionDetail", "SubsId", b.SubsId, "PhoneNoX", b.SecretNo)).SecretBindDetailDTO
				return shown{d.PhoneNoA, d.PhoneNoB, d.ExpireDate, d.GmtCreate}
			}
			if got := detail(); got != want {
				t.Errorf("%q: %v, want %v", form, got, want)
			}
			if live := s.Bindings(); len(live) != 1 || live[0].PhoneNoA != plain.a || live[0].Expiration != plain.expires {
				t.Errorf("%q: bindings %v", form, live)
			}
			if err := s.SetLookups("", 0); err != nil || detail() != plain {
				t.Errorf("%q, then none: %v %v", form, err, detail())
			}
			if err := s.SetLookups(form, 0); err != nil || detail() != want {
				t.Errorf("%q again: %v %v", form, err, detail())
			}
		}
	})
}

// A short number has nothing to mask, an absent one no country code.
func TestLookupFormOfOddNumbers(t *testing.T) {
	for _, tt := range []struct{ form, b, want string }{{"masked", "95555", "95555"}, {"a86", "", ""}, {"masked,a86", "4001234", "864001234"}} {
		s := newService(t, simulator.Options{Numbers: 1, LookupForm: simulator.LookupForm(tt.form)})
		b := serve(t, s, bindCall("PhoneNoB", tt.b)).SecretBindDTO
		d := serve(t, s, look("QuerySubscriptionDetail", "SubsId", b.SubsId, "PhoneNoX", b.SecretNo)).SecretBindDetailDTO
		if d.PhoneNoB != tt.want {
			t.Errorf("%s of %q: %q, want %q", tt.form, tt.b, d.PhoneNoB, tt.want)
		}
	}
}

func TestLookupsDie(t *testing.T) {
	for _, tt := range []struct{ after, truthful int }{{-1, 0}, {1, 1}, {3, 3}, {0, 8}} {
		s := newService(t, simulator.Options{Numbers: 2, LookupDiesAfter: tt.after})
		b := serve(t, s, bindCall("PhoneNoX", "17100000000")).SecretBindDTO
		ask := func(want int) {
			t.Helper()
			for i := range 8 {
				found := false
				if i%2 == 0 {
					a := serve(t, s, look("QuerySubsId", "PhoneNoX", b.SecretNo))
					found = *a.SubsId != ""
					if a.Code != "OK" || found && *a.SubsId != b.SubsId {
						t.Errorf("after %d, look-up %d: %+v", tt.after, i, a)
					}
				} else {
					a := serve(t, s, look("QuerySubscriptionDetail", "SubsId", b.SubsId, "PhoneNoX", b.SecretNo))
					if found = a.Code == "OK"; !found && a.Code != "isv.SUBS_NOT_EXIST" {
						t.Errorf("after %d, look-up %d: %s", tt.after, i, a.Code)
					}
				}
				if found != (i < want) {
					t.Errorf("after %d, look-up %d: found %v", tt.after, i, found)
				}
			}
		}
		ask(tt.truthful)
		if err := s.SetLookups("", 2); err != nil { // counts anew
			t.Fatal(err)
		}
		ask(2)
		if err := s.SetLookups("", 0); err != nil {
			t.Fatal(err)
		}
		ask(8)
		// what is bound is bound, and a stranger's X a stranger's
		if a := serve(t, s, bindCall("PhoneNoX", b.SecretNo)); a.Code != "isv.BIND_CONFLICT" {
			t.Errorf("second binding of X: %s", a.Code)
		}
		if a := serve(t, s, look("QuerySubsId", "PhoneNoX", "18000000000")); a.Code != "isv.NO_NOT_EXIST" {
			t.Errorf("strange X: %s", a.Code)
		}
	}
}

// A form may change while calls come.
func TestSetLookupsAtOnce(t *testing.T) {
	s := newService(t, simulator.Options{Numbers: 1})
	b := serve(t, s, bindCall()).SecretBindDTO
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 50 {
			s.SetLookups("masked", 0)
			s.SetLookups("utc", 5)
		}
	}()
	for range 50 {
		if a := serve(t, s, look("QuerySubscriptionDetail", "SubsId", b.SubsId, "PhoneNoX", b.SecretNo)); a.Code != "OK" && a.Code != "isv.SUBS_NOT_EXIST" {
			t.Error(a.Code)
		}
	}
	<-done
}
