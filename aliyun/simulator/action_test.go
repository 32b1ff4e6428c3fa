package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"

	"github.com/google/go-cmp/cmp"
)

func inBeijing(d time.Duration) string {
	return time.Now().Add(d).In(time.FixedZone("", 8*3600)).Format("2006-01-02 15:04:05")
}

func TestBindRefusals(t *testing.T) {
	tests := []struct {
		name   string
		change []string
		code   string
	}{
		{"plain", nil, "OK"},
		{"landline", []string{"PhoneNoA", "057188992688", "PhoneNoB", "01088992688"}, "OK"},
		{"short number", []string{"PhoneNoB", "95555"}, "OK"},
		{"everything", []string{"PhoneNoB", "13900001111", "PhoneNoX", "17100000003", "ExpectCity", "北京", "IsRecordingEnabled", "true",
			"OutId", "o", "OutOrderId", "oo", "CallDisplayType", "1", "CallRestrict", "CONTROL_AX_DISABLE", "ASRStatus", "false",
			"ASRModelId", "m", "RingConfig", `{"AXGRing_AB":"100000001","AXGRing_A":"1","AXGRing_G":"2"}`}, "OK"},
		{"pool", []string{"PoolKey", "FC2"}, "isv.POOLKEY_NOT_EXISTS"},
		{"A with hyphen", []string{"PhoneNoA", "0571-88992688"}, "isv.MOBILE_NUMBER_ILLEGAL"},
		{"A with plus", []string{"PhoneNoA", "+8613800138000"}, "isv.MOBILE_NUMBER_ILLEGAL"},
		{"A with country code", []string{"PhoneNoA", "8613800138000"}, "isv.MOBILE_NUMBER_ILLEGAL"},
		{"A full width", []string{"PhoneNoA", "１３８００１３８０００"}, "isv.MOBILE_NUMBER_ILLEGAL"},
		{"A too short", []string{"PhoneNoA", "1380"}, "isv.MOBILE_NUMBER_ILLEGAL"},
		{"A no mobile", []string{"PhoneNoA", "12000138000"}, "isv.MOBILE_NUMBER_ILLEGAL"},
		{"B with space", []string{"PhoneNoB", "138 00138000"}, "isv.MOBILE_NUMBER_ILLEGAL"},
		{"X not digits", []string{"PhoneNoX", "x"}, "isv.MOBILE_NUMBER_ILLEGAL"},
		{"X of others", []string{"PhoneNoX", "17100000010"}, "isv.NO_NOT_EXIST"},
		{"X below the pool", []string{"PhoneNoX", "17099999999"}, "isv.NO_NOT_EXIST"},
		{"X in other digits", []string{"PhoneNoX", "017100000001"}, "isv.NO_NOT_EXIST"},
		{"group not a number", []string{"GroupId", "g"}, "isv.ILLEGAL_ARGUMENT"},
		{"group zero", []string{"GroupId", "0"}, "isv.ILLEGAL_ARGUMENT"},
		{"group negative", []string{"GroupId", "-5"}, "isv.ILLEGAL_ARGUMENT"},
		{"expired", []string{"Expiration", "1999-01-01 00:00:00"}, "isv.EXPIRE_DATE_ILLEGAL"},
		{"no time", []string{"Expiration", "2099-01-31"}, "isv.EXPIRE_DATE_ILLEGAL"},
		{"short month", []string{"Expiration", "2099-1-31 00:00:00"}, "isv.EXPIRE_DATE_ILLEGAL"},
		{"no such day", []string{"Expiration", "2099-02-30 00:00:00"}, "isv.EXPIRE_DATE_ILLEGAL"},
		{"fraction", []string{"Expiration", "2099-01-31 00:00:00.5"}, "isv.EXPIRE_DATE_ILLEGAL"},
		{"restrict", []string{"CallRestrict", "CONTROL"}, "isv.ILLEGAL_ARGUMENT"},
		{"recording", []string{"IsRecordingEnabled", "yes"}, "isv.INVALID_PARAMETERS"},
		{"booleans of Python", []string{"IsRecordingEnabled", "True", "ASRStatus", "FALSE"}, "OK"},
		{"asr", []string{"ASRStatus", "1"}, "isv.INVALID_PARAMETERS"},
		{"display", []string{"CallDisplayType", "one"}, "isv.INVALID_PARAMETERS"},
		{"ring not JSON", []string{"RingConfig", "AXGRing_AB"}, "isv.INVALID_PARAMETERS"},
		{"ring null", []string{"RingConfig", "null"}, "isv.INVALID_PARAMETERS"},
		{"ring array", []string{"RingConfig", "[]"}, "isv.INVALID_PARAMETERS"},
		{"ring key", []string{"RingConfig", `{"Ring":"1"}`}, "isv.INVALID_PARAMETERS"},
		{"ring value", []string{"RingConfig", `{"AXGRing_A":1}`}, "isv.INVALID_PARAMETERS"},
		{"ring null value", []string{"RingConfig", `{"AXGRing_A":null}`}, "isv.INVALID_PARAMETERS"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newService(t, simulator.Options{Numbers: 10})
			a := serve(t, s, bindCall(tt.change...))
			if a.Status != 200 || a.Code != tt.code || a.HostId != "" || a.RequestId == "" {
				t.Fatalf("got %d %s %q, want 200 %s", a.Status, a.Code, a.Message, tt.code)
			}
			if bound := len(s.Bindings()) == 1; bound != (tt.code == "OK") || bound != (a.SecretBindDTO != nil) {
				t.Errorf("%d bindings, DTO %v", len(s.Bindings()), a.SecretBindDTO)
			}
			if d := a.SecretBindDTO; d != nil && (len(d.SubsId) != 16 || !strings.HasPrefix(d.SecretNo, "1710000000")) {
				t.Errorf("DTO %+v", d)
			}
		})
	}
}

func TestExpirationIsBeijingTimeAndAMinuteAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, simulator.Options{Numbers: 10})
		if a := serve(t, s, bindCall("Expiration", inBeijing(time.Minute))); a.Code != "isv.EXPIRE_DATE_ILLEGAL" || a.Message != "expireDate less than 1 minutes from now" {
			t.Errorf("60 s ahead: %s %q", a.Code, a.Message)
		}
		if a := serve(t, s, bindCall("Expiration", inBeijing(time.Minute+time.Second))); a.Code != "OK" {
			t.Errorf("61 s ahead: %s", a.Code)
		}
		if a := serve(t, s, bindCall("Expiration", time.Now().UTC().Add(time.Hour).Format("2006-01-02 15:04:05"))); a.Code != "isv.EXPIRE_DATE_ILLEGAL" {
			t.Errorf("an hour ahead in UTC: %s", a.Code)
		}
	})
}

// A call is judged at the moment of its execution, not of its arrival.
func TestExpirationIsJudgedWhenExecuted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, simulator.Options{Numbers: 10, Faults: []simulator.Fault{{Kind: simulator.Slow, P: 1}}})
		if a := serve(t, s, bindCall("Expiration", inBeijing(80*time.Second))); a.Code != "isv.EXPIRE_DATE_ILLEGAL" {
			t.Errorf("%s, want isv.EXPIRE_DATE_ILLEGAL", a.Code)
		}
	})
}

func TestLifeOfABinding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, simulator.Options{Numbers: 3})
		const x = "17100000001"
		expiration := inBeijing(time.Hour)
		first := serve(t, s, bindCall("PhoneNoX", x, "PhoneNoB", "13900001111", "OutId", "row", "CallRestrict", "CONTROL_BX_DISABLE",
			"IsRecordingEnabled", "true", "ASRStatus", "true", "Expiration", expiration))
		if first.Code != "OK" || first.SecretBindDTO.SecretNo != x {
			t.Fatalf("%+v", first)
		}
		subs := first.SecretBindDTO.SubsId
		want := []simulator.Binding{{SubsId: subs, SecretNo: x, PhoneNoA: "13800138000", PhoneNoB: "13900001111",
			GroupId: "2000000000001", Expiration: expiration, OutId: "row", RequestId: first.RequestId}}
		if diff := cmp.Diff(want, s.Bindings()); diff != "" {
			t.Error(diff)
		}
		numbers := []simulator.Number{{SecretNo: "17100000000", City: "北京", State: "free"}, {SecretNo: x, City: "上海", State: "bound"}, {SecretNo: "17100000002", City: "广州", State: "free"}}
		if diff := cmp.Diff(numbers, s.Numbers()); diff != "" {
			t.Error(diff)
		}
		for _, a := range []string{"13800138000", "13700001111"} {
			if got := serve(t, s, bindCall("PhoneNoX", x, "PhoneNoA", a)); got.Code != "isv.BIND_CONFLICT" || got.Message != "isv.BIND_CONFLICT" {
				t.Errorf("second binding of X by %s: %s %q", a, got.Code, got.Message)
			}
		}
		if a := serve(t, s, look("QuerySubsId", "PhoneNoX", x)); a.Code != "OK" || a.SubsId == nil || *a.SubsId != subs {
			t.Errorf("look-up: %+v", a)
		}
		if a := serve(t, s, look("QuerySubsId", "PoolKey", "", "ProductType", "AXG_170", "PhoneNoX", x)); a.Code != "OK" || *a.SubsId != subs {
			t.Errorf("look-up by product type: %+v", a)
		}
		if a := serve(t, s, look("QuerySubsId", "PhoneNoX", "17100000000")); a.Code != "OK" || a.SubsId == nil || *a.SubsId != "" {
			t.Errorf("look-up of a free X: %+v", a)
		}
		if a := serve(t, s, look("QuerySubsId", "PhoneNoX", "17100000009")); a.Code != "isv.NO_NOT_EXIST" {
			t.Errorf("look-up of a strange X: %+v", a)
		}
		detail := func(subs, x string) reply {
			return serve(t, s, look("QuerySubscriptionDetail", "SubsId", subs, "PhoneNoX", x))
		}
		d := detail(subs, x).SecretBindDetailDTO
		if d == nil || d.Status != 1 || d.PhoneNoA != "13800138000" || d.PhoneNoB != "13900001111" || d.PhoneNoX != x || d.GroupId != 2000000000001 ||
			d.ExpireDate != expiration || d.GmtCreate != inBeijing(0) || !d.NeedRecord || !d.ASRStatus || d.CallRestrict != "CONTROL_BX_DISABLE" {
			t.Errorf("detail: %+v", d)
		}
		if a := detail("1000000000000099", x); a.Code != "isv.SUBS_NOT_EXIST" {
			t.Errorf("detail of a strange id: %s", a.Code)
		}
		if a := detail(subs, "17100000002"); a.Code != "isv.SUBS_NOT_EXIST" {
			t.Errorf("detail on another X: %s", a.Code)
		}
		if a := detail(subs, "1"); a.Code != "isv.NO_NOT_EXIST" {
			t.Errorf("detail on a strange X: %s", a.Code)
		}
		for _, action := range []string{"QuerySubscriptionDetail", "UnbindSubscription"} {
			if a := serve(t, s, look(action, "PoolKey", "FC2", "SubsId", subs, "PhoneNoX", x, "SecretNo", x)); a.Status != 200 || a.Code != "isv.POOLKEY_NOT_EXISTS" {
				t.Errorf("%s of a strange pool: %d %s", action, a.Status, a.Code)
			}
		}

		time.Sleep(time.Hour - time.Second)
		if n := len(s.Bindings()); n != 1 {
			t.Errorf("%d bindings before the expiration", n)
		}
		time.Sleep(time.Second)
		if n := len(s.Bindings()); n != 0 {
			t.Errorf("%d bindings after the expiration", n)
		}
		if a := detail(subs, x); a.Code != "OK" || a.SecretBindDetailDTO.Status != 0 {
			t.Errorf("detail of a lapsed binding: %+v", a)
		}
		unbind := func(subs string) reply { return serve(t, s, look("UnbindSubscription", "SubsId", subs, "SecretNo", x)) }
		if a := unbind(subs); a.Code != "isv.SUBS_NOT_EXIST" {
			t.Errorf("unbind of a lapsed binding: %s", a.Code)
		}
		second := serve(t, s, bindCall("PhoneNoX", x))
		if second.Code != "OK" || second.SecretBindDTO.SubsId == subs {
			t.Fatalf("bind after the lapse: %+v", second)
		}
		if a := detail(subs, x); a.Code != "OK" || a.SecretBindDetailDTO.Status != 0 {
			t.Errorf("detail of the earlier binding: %+v", a)
		}
		if a := unbind(second.SecretBindDTO.SubsId); a.Code != "OK" || a.ChargeId == nil {
			t.Errorf("unbind: %s", a.Code)
		}
		if a := unbind(second.SecretBindDTO.SubsId); a.Code != "isv.SUBS_NOT_EXIST" {
			t.Errorf("second unbind: %s", a.Code)
		}
		if a := serve(t, s, bindCall("PhoneNoX", x)); a.Code != "OK" {
			t.Errorf("bind after the unbinding: %s", a.Code)
		}
	})
}

func TestCities(t *testing.T) {
	cities := []simulator.CityNumbers{{City: "北京", N: 2}, {City: "上海", N: 3}}
	for _, strict := range []bool{false, true} {
		s := newService(t, simulator.Options{Cities: cities, StrictCity: strict})
		city := map[string]string{}
		for _, n := range s.Numbers() {
			city[n.SecretNo] = n.City
		}
		var got []string
		for range 6 {
			a := serve(t, s, bindCall("ExpectCity", "北京"))
			if a.Code == "OK" {
				got = append(got, city[a.SecretBindDTO.SecretNo])
			} else {
				got = append(got, a.Code)
			}
		}
		const none = "isv.NO_AVAILABLE_NUMBER"
		want := []string{"北京", "北京", "上海", "上海", "上海", none}
		if strict {
			want = []string{"北京", "北京", none, none, none, none}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("strict %v: %s", strict, diff)
		}
		if a := serve(t, s, bindCall("ExpectCity", "拉萨")); a.Code != none {
			t.Errorf("strict %v, unknown city: %s", strict, a.Code)
		}
	}
}

// Every number is given once and only once, whatever was returned meanwhile.
func TestPoolRunsDry(t *testing.T) {
	s := newService(t, simulator.Options{Numbers: 500, Seed: 7})
	seen := map[string]string{}
	order := 0
	for i := range 500 {
		a := serve(t, s, bindCall())
		if a.Code != "OK" || seen[a.SecretBindDTO.SecretNo] != "" {
			t.Fatalf("call %d: %s %+v", i, a.Code, a.SecretBindDTO)
		}
		x := a.SecretBindDTO.SecretNo
		if x == "17100000"+string([]byte{byte('0' + i/100), byte('0' + i/10%10), byte('0' + i%10)}) {
			order++
		}
		seen[x] = a.SecretBindDTO.SubsId
		if i%3 == 0 { // give one back and take it again
			if a := serve(t, s, look("UnbindSubscription", "SubsId", seen[x], "SecretNo", x)); a.Code != "OK" {
				t.Fatal(a.Code)
			}
			if a := serve(t, s, bindCall("PhoneNoX", x)); a.Code != "OK" {
				t.Fatal(a.Code)
			}
		}
	}
	if order > 50 {
		t.Errorf("%d of 500 numbers came in order: not random", order)
	}
	if a := serve(t, s, bindCall()); a.Code != "isv.NO_AVAILABLE_NUMBER" {
		t.Errorf("dry pool: %s", a.Code)
	}
}

func TestSeed(t *testing.T) {
	run := func(seed int64) (xs []string) {
		synctest.Test(t, func(t *testing.T) {
			s := newService(t, simulator.Options{Numbers: 1000, Seed: seed, Latency: time.Second, Jitter: time.Second,
				Faults: []simulator.Fault{{Kind: simulator.SystemErrorExecuted, P: 0.3}}})
			start := time.Now()
			for range 40 {
				a := serve(t, s, bindCall())
				xs = append(xs, a.Code+a.RequestId+time.Since(start).String())
			}
			for _, b := range s.Bindings() {
				xs = append(xs, b.SecretNo)
			}
		})
		return xs
	}
	one := run(1)
	if diff := cmp.Diff(one, run(1)); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(one, run(2)) {
		t.Error("two seeds gave the same run")
	}
}

func TestVisibilityLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, simulator.Options{Numbers: 1, VisibilityLag: 5 * time.Second})
		subs := serve(t, s, bindCall()).SecretBindDTO.SubsId
		const x = "17100000000"
		id := func() string { return *serve(t, s, look("QuerySubsId", "PhoneNoX", x)).SubsId }
		detail := func() string {
			return serve(t, s, look("QuerySubscriptionDetail", "SubsId", subs, "PhoneNoX", x)).Code
		}
		time.Sleep(5*time.Second - time.Nanosecond)
		if id() != "" || detail() != "isv.SUBS_NOT_EXIST" {
			t.Errorf("too early: %q %s", id(), detail())
		}
		if len(s.Bindings()) != 1 || serve(t, s, bindCall("PhoneNoX", x)).Code != "isv.BIND_CONFLICT" {
			t.Error("the lag hides the binding from more than the look-ups")
		}
		time.Sleep(time.Nanosecond)
		if id() != subs || detail() != "OK" {
			t.Errorf("still hidden: %q %s", id(), detail())
		}
	})
}

func TestSwitches(t *testing.T) {
	s := newService(t, simulator.Options{Numbers: 1, BusinessStatus: http.StatusBadRequest, OldUnbind: true, ClockSkew: 31 * time.Minute})
	if a := serve(t, s, bindCall("GroupId", "x")); a.Status != 400 || a.Code != "isv.ILLEGAL_ARGUMENT" || a.HostId != "" {
		t.Errorf("business status: %+v", a)
	}
	if a := serve(t, s, look("UnbindSubscription", "SubsId", "1", "SecretNo", "17100000000")); a.Code != "isv.ILLEGAL_ARGUMENT" || a.Message != "subs not exist" {
		t.Errorf("old unbind: %+v", a)
	}
	if a := serve(t, s, testKey.v3(call{action: "BindAxg", query: bindQuery(), at: time.Now().Add(-30 * time.Minute)})); a.Status != 200 || a.Code != "OK" {
		t.Errorf("30 minutes late: %+v", a)
	}
}
