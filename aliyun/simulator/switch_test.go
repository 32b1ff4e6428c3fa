package simulator_test

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
)

// What depends on the account, and what the documents leave open: each row
// shows an option at work, and by without the answer of its zero value.
func TestOptionsDecide(t *testing.T) {
	temporary := func(token string) func() *http.Request {
		return func() *http.Request {
			return signer{simulator.STSAccessKeyID, simulator.AccessKeySecret, token}.v3(call{action: "BindAxg", query: bindQuery()})
		}
	}
	bind := func(change ...string) func() *http.Request {
		return func() *http.Request { return bindCall(change...) }
	}
	refusing := func(code string) simulator.Options {
		return simulator.Options{KeyRefusals: map[string]string{"testid": code}}
	}
	spelled := func(from, to string) simulator.Options {
		return simulator.Options{Spelling: map[string]string{from: to}}
	}
	version := func() *http.Request {
		return testKey.v3(call{action: "BindAxg", version: "2016-01-01", query: bindQuery()})
	}
	forged := func() *http.Request {
		return signer{id: "testid", secret: "guess"}.v3(call{action: "BindAxg", query: bindQuery()})
	}
	type end struct {
		status int
		code   string
	}
	for _, tt := range []struct {
		name    string
		o       simulator.Options
		req     func() *http.Request
		want    end
		without end
	}{
		{"token expired", simulator.Options{}, temporary(simulator.ExpiredSecurityToken), end{400, "InvalidSecurityToken.Expired"}, end{400, "InvalidSecurityToken.Expired"}},
		{"token malformed", simulator.Options{}, temporary("no token at all"), end{400, "InvalidSecurityToken.Malformed"}, end{400, "InvalidSecurityToken.Malformed"}},
		{"token of another key", simulator.Options{}, temporary("CAIS/other+token=="), end{400, "InvalidSecurityToken.MismatchWithAccessKey"}, end{400, "InvalidSecurityToken.MismatchWithAccessKey"}},
		{"no token", simulator.Options{}, temporary(""), end{400, "MissingSecurityToken"}, end{400, "MissingSecurityToken"}},
		{"status of a token code", simulator.Options{Statuses: map[string]int{"InvalidSecurityToken.Expired": 403}}, temporary(simulator.ExpiredSecurityToken),
			end{403, "InvalidSecurityToken.Expired"}, end{400, "InvalidSecurityToken.Expired"}},
		{"key inactive", refusing("InvalidAccessKeyId.Inactive"), bind(), end{400, "InvalidAccessKeyId.Inactive"}, end{200, "OK"}},
		{"key disabled", refusing("Forbidden.AccessKeyDisabled"), bind(), end{403, "Forbidden.AccessKeyDisabled"}, end{200, "OK"}},
		{"key without permission", refusing("Forbidden.RAM"), bind(), end{403, "Forbidden.RAM"}, end{200, "OK"}},
		{"no permission", refusing("NoPermission"), bind(), end{403, "NoPermission"}, end{200, "OK"}},
		{"risk control", refusing("Forbidden.RiskControl"), bind(), end{403, "Forbidden.RiskControl"}, end{200, "OK"}},
		{"a refused key must sign", refusing("Forbidden.RAM"), forged, end{400, "SignatureDoesNotMatch"}, end{400, "SignatureDoesNotMatch"}},
		{"plain http", simulator.Options{NeedTLS: true}, bind(), end{400, "InvalidProtocol.NeedSsl"}, end{200, "OK"}},
		{"https", simulator.Options{NeedTLS: true}, func() *http.Request { r := bindCall(); r.TLS = &tls.ConnectionState{}; return r }, end{200, "OK"}, end{200, "OK"}},
		{"signature 403", simulator.Options{Statuses: map[string]int{"SignatureDoesNotMatch": 403}}, forged, end{403, "SignatureDoesNotMatch"}, end{400, "SignatureDoesNotMatch"}},
		{"version", spelled("InvalidVersion", "NoSuchVersion"), version, end{400, "NoSuchVersion"}, end{400, "InvalidVersion"}},
		{"timestamp", spelled("InvalidTimeStamp.Format", "IllegalTimestamp"), func() *http.Request {
			return testKey.v3(call{action: "BindAxg", query: bindQuery()}, header("x-acs-date", "now"))
		}, end{400, "IllegalTimestamp"}, end{400, "InvalidTimeStamp.Format"}},
		{"pool", spelled("isv.POOLKEY_NOT_EXISTS", "PoolKeyNotFound"), bind("PoolKey", "FC2"), end{200, "PoolKeyNotFound"}, end{200, "isv.POOLKEY_NOT_EXISTS"}},
		{"pool 400", simulator.Options{Statuses: map[string]int{"isv.POOLKEY_NOT_EXISTS": 400}}, bind("PoolKey", "FC2"), end{400, "isv.POOLKEY_NOT_EXISTS"}, end{200, "isv.POOLKEY_NOT_EXISTS"}},
		{"X of others", simulator.Options{UnknownX: "isv.FORBIDDEN_ACTION"}, bind("PhoneNoX", "18000000000"), end{200, "isv.FORBIDDEN_ACTION"}, end{200, "isv.NO_NOT_EXIST"}},
		{"strange group", simulator.Options{StrictGroups: true}, bind(), end{200, "isv.ILLEGAL_ARGUMENT"}, end{200, "OK"}},
		{"strange group, other code", simulator.Options{StrictGroups: true, BadGroup: "isv.FORBIDDEN_ACTION"}, bind(), end{200, "isv.FORBIDDEN_ACTION"}, end{200, "OK"}},
		{"old update", simulator.Options{OldUnbind: true}, func() *http.Request {
			return look("UpdateSubscription", "SubsId", "1000000000000009", "PhoneNoX", "17100000000", "OperateType", "updateOutId", "OutId", "o")
		}, end{200, "isv.ILLEGAL_ARGUMENT"}, end{200, "isv.SUBS_NOT_EXIST"}},
		{"host not signed", simulator.Options{NeedHost: true}, func() *http.Request {
			return testKey.v3(call{action: "BindAxg", query: bindQuery(), noHost: true})
		}, end{400, "IncompleteSignature"}, end{200, "OK"}},
		{"long name of a group", simulator.Options{ShortNames: true}, func() *http.Request { return look("CreateAxgGroup", "Name", strings.Repeat("组", 17)) },
			end{200, "isv.ILLEGAL_ARGUMENT"}, end{200, "OK"}},
		{"long remark of a group", simulator.Options{ShortNames: true}, func() *http.Request { return look("CreateAxgGroup", "Remark", strings.Repeat("组", 51)) },
			end{200, "isv.ILLEGAL_ARGUMENT"}, end{200, "OK"}},
		{"X is free", simulator.Options{FreeX: "isv.SUBS_NOT_EXIST"}, func() *http.Request { return look("QuerySubsId", "PhoneNoX", "17100000000") },
			end{200, "isv.SUBS_NOT_EXIST"}, end{200, "OK"}},
		{"31 minutes", simulator.Options{ClockSkew: 31 * time.Minute}, func() *http.Request {
			return testKey.v3(call{action: "BindAxg", query: bindQuery(), at: time.Now().Add(-30 * time.Minute)})
		}, end{200, "OK"}, end{400, "InvalidTimeStamp.Expired"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, o := range []simulator.Options{tt.o, {}} {
				want := tt.want
				if o.Numbers = 10; isZero(o) {
					want = tt.without
				}
				if a := serve(t, newService(t, o), tt.req()); a.Status != want.status || a.Code != want.code || a.Message == "" {
					t.Errorf("%+v: %d %s %q, want %v", o, a.Status, a.Code, a.Message, want)
				}
			}
		})
	}
}

// isZero reports whether o decides nothing but the size of the pool.
func isZero(o simulator.Options) bool {
	return o.KeyRefusals == nil && !o.NeedTLS && o.Statuses == nil && o.Spelling == nil && o.UnknownX == "" && !o.StrictGroups &&
		o.BadGroup == "" && !o.OldUnbind && o.ClockSkew == 0 && !o.NeedHost && !o.ShortNames && o.FreeX == ""
}

func TestNonceFirst(t *testing.T) {
	for _, first := range []bool{false, true} {
		s := newService(t, simulator.Options{Numbers: 10, NonceFirst: first})
		c := call{action: "BindAxg", query: bindQuery(), nonce: freshNonce()}
		if a := serve(t, s, signer{id: "testid", secret: "guess"}.v3(c)); a.Code != "SignatureDoesNotMatch" {
			t.Fatal(a.Code)
		}
		want := "OK"
		if first {
			want = "SignatureNonceUsed"
		}
		if a := serve(t, s, testKey.v3(c)); a.Code != want {
			t.Errorf("NonceFirst %v: a forged request and then a good one: %s, want %s", first, a.Code, want)
		}
		if a := serve(t, s, testKey.v3(c)); a.Code != "SignatureNonceUsed" {
			t.Errorf("NonceFirst %v: the good one again: %s", first, a.Code)
		}
	}
}

func TestSameA(t *testing.T) {
	const conflict, none = "isv.BIND_CONFLICT", "isv.NO_AVAILABLE_NUMBER"
	for _, tt := range []struct {
		policy         simulator.SameA
		random, pinned string
		update         string // of another binding to this A
	}{
		{simulator.SameAAllowed, "OK", "OK", "OK"},
		{simulator.SameAConflict, conflict, conflict, "isv.UPDATE_CONFLICT"},
		{simulator.SameANoNumber, none, conflict, "isv.UPDATE_CONFLICT"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newService(t, simulator.Options{Numbers: 10, SameA: tt.policy})
			const a, b = "13800138000", "13800138001"
			first := serve(t, s, bindCall("PhoneNoA", a, "PhoneNoX", "17100000000")).SecretBindDTO
			other := serve(t, s, bindCall("PhoneNoA", b, "PhoneNoX", "17100000001")).SecretBindDTO
			if got := serve(t, s, bindCall("PhoneNoA", a)).Code; got != tt.random {
				t.Errorf("%q, random X: %s, want %s", tt.policy, got, tt.random)
			}
			if got := serve(t, s, bindCall("PhoneNoA", a, "PhoneNoX", "17100000002")).Code; got != tt.pinned && got != conflict {
				t.Errorf("%q, pinned X: %s, want %s", tt.policy, got, tt.pinned)
			}
			if got := serve(t, s, bindCall("PhoneNoA", a, "PhoneNoX", "17100000000")).Code; got != conflict {
				t.Errorf("%q, same X: %s, want %s", tt.policy, got, conflict)
			}
			if got := update(other.SubsId, other.SecretNo, "updateNoA", "PhoneNoA", a)(t, s).Code; got != tt.update {
				t.Errorf("%q, update: %s, want %s", tt.policy, got, tt.update)
			}
			// an A is free again after its unbinding, its update and its lapse
			if got := update(first.SubsId, first.SecretNo, "updateNoA", "PhoneNoA", "13800138009")(t, s).Code; got != "OK" {
				t.Error(got)
			}
			if got := serve(t, s, bindCall("PhoneNoA", a)).Code; got != "OK" {
				t.Errorf("%q, after an update: %s", tt.policy, got)
			}
			if got := serve(t, s, look("UnbindSubscription", "SubsId", first.SubsId, "SecretNo", first.SecretNo)).Code; got != "OK" {
				t.Error(got)
			}
			if got := serve(t, s, bindCall("PhoneNoA", "13800138009")).Code; got != "OK" {
				t.Errorf("%q, after the unbinding: %s", tt.policy, got)
			}
			time.Sleep(2 * time.Hour)
			if got := serve(t, s, bindCall("PhoneNoA", a)).Code; got != "OK" {
				t.Errorf("%q, after the lapse: %s", tt.policy, got)
			}
		})
	}
}

func TestLapsedUpdate(t *testing.T) {
	for _, want := range []string{"isv.FORBIDDEN_ACTION", "isv.SUBS_NOT_EXIST"} {
		o := simulator.Options{Numbers: 1}
		if want != "isv.FORBIDDEN_ACTION" {
			o.LapsedUpdate = want
		}
		s := newService(t, o)
		b := serve(t, s, bindCall()).SecretBindDTO
		serve(t, s, look("UnbindSubscription", "SubsId", b.SubsId, "SecretNo", b.SecretNo))
		if a := update(b.SubsId, b.SecretNo, "updateOutId", "OutId", "o")(t, s); a.Code != want {
			t.Errorf("%s, want %s", a.Code, want)
		}
	}
}

// The vendor's SDKs name the action in headers even when they sign by V1.
func TestV1WithV3Headers(t *testing.T) {
	s := newService(t, simulator.Options{Numbers: 10})
	r := testKey.v1(call{action: "BindAxg", query: bindQuery()})
	r.Header.Set("x-acs-action", "BindAxg")
	r.Header.Set("x-acs-version", "2017-05-25")
	if a := serve(t, s, r); a.Code != "OK" {
		t.Errorf("%s %s", a.Code, a.Message)
	}
}
