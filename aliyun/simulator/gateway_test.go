package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// TestGatewayCodes provokes every code of the gateway that the documents list
// in JSON and XML, and looks at the whole envelope.
// What only the gateway's own troubles bring about comes as a fault.
func TestGatewayCodes(t *testing.T) {
	type edit = func(*http.Request)
	bind := func(edits ...edit) func() *http.Request {
		return func() *http.Request { return testKey.v3(call{action: "BindAxg", query: bindQuery()}, edits...) }
	}
	as := func(key signer) func() *http.Request {
		return func() *http.Request { return key.v3(call{action: "BindAxg", query: bindQuery()}) }
	}
	sts := func(token string) func() *http.Request {
		return as(signer{simulator.STSAccessKeyID, simulator.AccessKeySecret, token})
	}
	of := func(c call) func() *http.Request { return func() *http.Request { return testKey.v3(c) } }
	after := func(edit edit) func() *http.Request {
		return func() *http.Request { r := bind()(); edit(r); return r }
	}
	key := func(code string) simulator.Options {
		return simulator.Options{KeyRefusals: map[string]string{"testid": code}}
	}
	fault := func(code string) simulator.Options {
		return simulator.Options{Faults: []simulator.Fault{{Kind: simulator.FaultKind("code:" + code), P: 1}}}
	}
	spelled := func(from, to string) simulator.Options {
		return simulator.Options{Spelling: map[string]string{from: to}}
	}
	none := simulator.Options{}
	rows := []struct {
		code   string
		status int
		o      simulator.Options
		req    func() *http.Request
	}{
		{"Throttling", 400, fault("Throttling"), bind()},
		{"Throttling.User", 400, fault("Throttling.User"), bind()},
		{"Throttling.Api", 400, fault("Throttling.Api"), bind()},
		{"ServiceUnavailable", 503, fault("ServiceUnavailable"), bind()},
		{"InternalError", 500, fault("InternalError"), bind()},
		{"UnknownError", 500, fault("UnknownError"), bind()},
		{"SignatureDoesNotMatch", 400, none, as(signer{id: "testid", secret: "guess"})},
		{"IncompleteSignature", 400, none, after(header("Authorization", "ACS3-HMAC-SHA256 Credential=testid"))},
		{"InvalidSignatureMethod", 400, none, after(header("Authorization", "ACS3-HMAC-SM3 Credential=testid"))},
		{"SignatureNonceUsed", 400, none, of(call{action: "BindAxg", query: bindQuery(), nonce: "once"})}, // sent twice, see below
		{"InvalidTimeStamp.Expired", 400, none, of(call{action: "BindAxg", query: bindQuery(), at: time.Now().Add(-40 * time.Minute)})},
		{"InvalidTimeStamp.Format", 400, none, bind(header("x-acs-date", "yesterday"))},
		{"IllegalTimestamp", 400, spelled("InvalidTimeStamp.Format", "IllegalTimestamp"), bind(header("x-acs-date", "yesterday"))},
		{"InvalidAccessKeyId.NotFound", 404, none, as(signer{id: "nobody", secret: "testsecret"})},
		{"InvalidAccessKeyId.Inactive", 400, key("InvalidAccessKeyId.Inactive"), bind()},
		{"Forbidden.AccessKeyDisabled", 403, key("Forbidden.AccessKeyDisabled"), bind()},
		{"InvalidSecurityToken.Expired", 400, none, sts(simulator.ExpiredSecurityToken)},
		{"InvalidSecurityToken.Malformed", 400, none, sts("no token")},
		{"InvalidSecurityToken.MismatchWithAccessKey", 400, none, sts("other")},
		{"MissingSecurityToken", 400, none, sts("")},
		{"MissingPhoneNoA", 400, none, of(call{action: "BindAxg", query: bindQuery("PhoneNoA", "")})},
		{"MissingAction", 400, none, bind(header("x-acs-action", ""))},
		{"InvalidParameter.Format", 400, none, after(func(r *http.Request) { r.URL.RawQuery += "&a=%" })},
		{"InvalidVersion", 400, none, of(call{action: "BindAxg", version: "1", query: bindQuery()})},
		{"NoSuchVersion", 400, spelled("InvalidVersion", "NoSuchVersion"), of(call{action: "BindAxg", version: "1", query: bindQuery()})},
		{"InvalidApi.NotFound", 404, none, of(call{action: "Bind"})},
		{"UnsupportedHTTPMethod", 400, none, after(func(r *http.Request) { r.Method = "DELETE" })},
		{"InvalidProtocol.NeedSsl", 400, simulator.Options{NeedTLS: true}, bind()},
		{"Forbidden.RAM", 403, key("Forbidden.RAM"), bind()},
		{"NoPermission", 403, key("NoPermission"), bind()},
		{"Forbidden.RiskControl", 403, key("Forbidden.RiskControl"), bind()},
	}
	for _, row := range rows {
		for _, format := range []string{"JSON", "XML"} {
			row.o.Numbers, row.o.DefaultFormat = 10, format
			s := newService(t, row.o)
			want := 0
			if row.code == "SignatureNonceUsed" {
				want = 1
				if a := serve(t, s, row.req()); a.Code != "OK" {
					t.Errorf("first use of a nonce: %s", a.Code)
				}
			}
			a := serve(t, s, row.req())
			if a.Status != row.status || a.Code != row.code || (a.Root == "Error") != (format == "XML") {
				t.Errorf("%s: %d %s in %q, want %d %s", format, a.Status, a.Code, a.Root, row.status, row.code)
			}
			if len(a.RequestId) != 36 || a.HostId != "dyplsapi.aliyuncs.com" || a.Message == "" || a.Message == a.Code ||
				!strings.HasPrefix(a.Recommend, "https://api.aliyun.com/troubleshoot?q="+row.code+"&") || !strings.Contains(a.Recommend, a.RequestId) {
				t.Errorf("%s %s: %+v", row.code, format, a)
			}
			if n := len(s.Bindings()); n != want {
				t.Errorf("%s: %d bindings, want %d", row.code, n, want)
			}
		}
	}
}
