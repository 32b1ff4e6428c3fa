package simulator_test

import (
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
)

func update(subs, x, how string, pairs ...string) func(testing.TB, *simulator.Service) reply {
	return func(tb testing.TB, s *simulator.Service) reply {
		tb.Helper()
		return serve(tb, s, look("UpdateSubscription", append([]string{"SubsId", subs, "PhoneNoX", x, "OperateType", how}, pairs...)...))
	}
}

func TestUpdateSubscription(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, simulator.Options{Numbers: 3})
		const x = "17100000000"
		first := serve(t, s, bindCall("PhoneNoX", x, "OutId", "row", "Expiration", inBeijing(time.Hour)))
		subs := first.SecretBindDTO.SubsId
		for _, tt := range []struct {
			how, name, value string
			code             string
		}{
			{"updateNoA", "PhoneNoA", "13900002222", "OK"},
			{"updateNoA", "PhoneNoA", "+8613900002222", "isv.MOBILE_NUMBER_ILLEGAL"},
			{"updateNoA", "PhoneNoB", "13900002222", "isv.ILLEGAL_ARGUMENT"}, // A is absent
			{"updateNoB", "PhoneNoB", "057188992688", "OK"},
			{"updateNoB", "PhoneNoB", "0571-88992688", "isv.MOBILE_NUMBER_ILLEGAL"},
			{"updateNoB", "PhoneNoB", "", "isv.ILLEGAL_ARGUMENT"},
			{"updateExpire", "Expiration", inBeijing(2 * time.Hour), "OK"},
			{"updateExpire", "Expiration", inBeijing(time.Minute), "isv.EXPIRE_DATE_ILLEGAL"},
			{"updateExpire", "Expiration", "", "isv.EXPIRE_DATE_ILLEGAL"},
			{"updateAxgGroup", "GroupId", "77", "OK"},
			{"updateAxgGroup", "GroupId", "0", "isv.ILLEGAL_ARGUMENT"},
			{"updateCallRestrict", "CallRestrict", "CONTROL_CLEAR_DISABLE", "OK"},
			{"updateCallRestrict", "CallRestrict", "CONTROL_AX_DISABLE", "OK"},
			{"updateCallRestrict", "CallRestrict", "", "isv.ILLEGAL_ARGUMENT"},
			{"updateCallDisplayType", "CallDisplayType", "1", "OK"},
			{"updateCallDisplayType", "CallDisplayType", "one", "isv.ILLEGAL_ARGUMENT"},
			{"updateOutId", "OutId", "later", "OK"},
			{"updateOutId", "OutId", "", "isv.ILLEGAL_ARGUMENT"},
			{"updateIsRecordingEnabled", "IsRecordingEnabled", "true", "OK"},
			{"updateIsRecordingEnabled", "IsRecordingEnabled", "", "isv.ILLEGAL_ARGUMENT"},
			{"updateIsRecordingEnabled", "IsRecordingEnabled", "TRUE", "OK"},
			{"updateAsr", "ASRStatus", "False", "OK"},
			{"updateAsr", "ASRStatus", "", "isv.ILLEGAL_ARGUMENT"},
			{"updateAsr", "ASRStatus", "on", "isv.ILLEGAL_ARGUMENT"},
			{"updateAsr", "ASRStatus", "true", "isv.ILLEGAL_ARGUMENT"}, // the model is absent
			{"updateNoX", "PhoneNoX", x, "isv.ILLEGAL_ARGUMENT"},
		} {
			if a := update(subs, x, tt.how, tt.name, tt.value)(t, s); a.Status != 200 || a.Code != tt.code || a.ChargeId != nil {
				t.Errorf("%s %s=%q: %d %s %q, want 200 %s", tt.how, tt.name, tt.value, a.Status, a.Code, a.Message, tt.code)
			}
		}
		if a := update(subs, x, "updateAsr", "ASRStatus", "True", "ASRModelId", "m")(t, s); a.Code != "OK" {
			t.Error(a.Code, a.Message)
		}
		d := serve(t, s, look("QuerySubscriptionDetail", "SubsId", subs, "PhoneNoX", x)).SecretBindDetailDTO
		if d == nil || d.PhoneNoA != "13900002222" || d.PhoneNoB != "057188992688" || d.ExpireDate != inBeijing(2*time.Hour) ||
			d.GroupId != 77 || d.CallRestrict != "CONTROL_AX_DISABLE" || !d.NeedRecord || !d.ASRStatus || d.ASRModelId != "m" || d.Status != 1 || d.GmtCreate != inBeijing(0) {
			t.Errorf("detail %+v", d)
		}
		b := s.Bindings()
		if len(b) != 1 || b[0].OutId != "later" || b[0].PhoneNoA != "13900002222" || b[0].GroupId != "77" || b[0].RequestId != first.RequestId {
			t.Errorf("bindings %+v", b)
		}
		// the longer life counts, and the shorter one too
		time.Sleep(time.Hour + time.Second)
		if len(s.Bindings()) != 1 {
			t.Error("lapsed at its first expiration")
		}
		if a := update(subs, x, "updateExpire", "Expiration", inBeijing(2*time.Minute))(t, s); a.Code != "OK" {
			t.Error(a.Code)
		}
		time.Sleep(2 * time.Minute)
		if len(s.Bindings()) != 0 {
			t.Error("lives beyond its new expiration")
		}
		if a := update(subs, x, "updateOutId", "OutId", "late")(t, s); a.Code != "isv.FORBIDDEN_ACTION" {
			t.Errorf("update of a lapsed binding: %s", a.Code)
		}
		if a := serve(t, s, bindCall("PhoneNoX", x)); a.Code != "OK" {
			t.Errorf("X is not free again: %s", a.Code)
		}
		if a := update("1000000000009999", x, "updateOutId", "OutId", "late")(t, s); a.Code != "isv.SUBS_NOT_EXIST" {
			t.Errorf("update of no binding: %s", a.Code)
		}
		if a := update(subs, "18000000000", "updateOutId", "OutId", "late")(t, s); a.Code != "isv.NO_NOT_EXIST" {
			t.Errorf("update on a strange X: %s", a.Code)
		}
		if a := update(subs, x, "updateOutId", "OutId", "late", "PoolKey", "FC2")(t, s); a.Code != "isv.POOLKEY_NOT_EXISTS" {
			t.Errorf("update in a strange pool: %s", a.Code)
		}
	})
}

// Updates keep the order in which bindings lapse.
func TestUpdatesOfExpirations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 50
		s := newService(t, simulator.Options{Numbers: n})
		for i := range n {
			a := serve(t, s, bindCall("Expiration", inBeijing(time.Hour)))
			// the i-th lapses at minute 2 + (7i mod n)
			if u := update(a.SecretBindDTO.SubsId, a.SecretBindDTO.SecretNo, "updateExpire", "Expiration", inBeijing(time.Duration(2+7*i%n)*time.Minute))(t, s); u.Code != "OK" {
				t.Fatal(u.Code)
			}
		}
		time.Sleep(time.Minute)
		for left := n; left > 0; left-- {
			if got := len(s.Bindings()); got != left {
				t.Fatalf("%d bindings, want %d", got, left)
			}
			time.Sleep(time.Minute)
		}
	})
}

func TestQuerySecretNoDetail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, simulator.Options{Numbers: 10, VisibilityLag: time.Second, LookupQPS: 3})
		detail := func(x string, more ...string) reply {
			return serve(t, s, look("QuerySecretNoDetail", append([]string{"SecretNo", x}, more...)...))
		}
		serve(t, s, bindCall("PhoneNoX", "17100000002"))
		a := detail("17100000002")
		if i := a.SecretNoInfoDTO; a.Code != "OK" || i == nil || i.SecretStatus != 0 || i.City != "广州" || i.Province != "广东" || i.PurchaseTime != inBeijing(0) {
			t.Errorf("free, within the lag: %+v %+v", a, i)
		}
		time.Sleep(time.Second)
		if i := detail("17100000002").SecretNoInfoDTO; i == nil || i.SecretStatus != 1 {
			t.Errorf("bound: %+v", i)
		}
		if a := detail("17100000099"); a.Code != "isv.NO_NOT_EXIST" {
			t.Errorf("strange X: %s", a.Code)
		}
		if a := detail("17100000002", "PoolKey", "FC2"); a.Code != "isv.POOLKEY_NOT_EXISTS" {
			t.Errorf("strange pool: %s", a.Code)
		}
		if a := detail("17100000002"); a.Status != 400 || a.Code != "FlowLimited" || a.HostId == "" {
			t.Errorf("fourth call of a second: %+v", a)
		}
	})
}
