package conformance_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"

	"github.com/google/go-cmp/cmp"
)

// tamper lets the SDK sign and then changes the request on its way out.
type tamper struct {
	transport *http.Transport
	change    func(*http.Request)
}

func (m tamper) Call(r *http.Request, _ *http.Transport) (*http.Response, error) {
	if m.change != nil {
		m.change(r)
	}
	return m.transport.RoundTrip(r)
}

// TestOldAndForged sends requests that the SDK made, by both signatures and
// over a socket, each with one thing wrong. None may take effect.
func TestOldAndForged(t *testing.T) {
	type forgery struct {
		name   string
		key    aliyun.Credential
		call   func(*genericCall)
		change func(*http.Request)
		v1, v3 bool // only by this signature
		code   string
		status int
	}
	wrongSecret, unknownKey, otherToken := lasting, lasting, temporary
	wrongSecret.AccessKeySecret += "x"
	unknownKey.AccessKeyID = "nobody"
	otherToken.SecurityToken = "CAIS-other"
	expired, malformed, noToken := temporary, temporary, temporary
	expired.SecurityToken, malformed.SecurityToken, noToken.SecurityToken = simulator.ExpiredSecurityToken, "not a token", ""
	at := func(d time.Duration) func(*genericCall) {
		return func(c *genericCall) {
			stamp := time.Now().Add(d).UTC().Format("2006-01-02T15:04:05Z")
			c.query["Timestamp"], c.headers["x-acs-date"] = stamp, stamp
		}
	}
	addQuery := func(text string) func(*http.Request) { return func(r *http.Request) { r.URL.RawQuery += text } }
	drop := func(name string) func(*genericCall) { return func(c *genericCall) { delete(c.query, name) } }
	set := func(name, value string) func(*genericCall) { return func(c *genericCall) { c.query[name] = value } }
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) {
			for n := range r.Header {
				if strings.EqualFold(n, name) {
					delete(r.Header, n)
				}
			}
			if value != "" {
				r.Header.Set(name, value)
			}
		}
	}
	edit := func(from, to string) func(*http.Request) {
		return func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, from, to, 1) }
	}
	forgeries := []forgery{
		{name: "wrong secret", key: wrongSecret, code: "SignatureDoesNotMatch", status: 400},
		{name: "unknown key", key: unknownKey, code: "InvalidAccessKeyId.NotFound", status: 404},
		{name: "other token", key: otherToken, code: "InvalidSecurityToken.MismatchWithAccessKey", status: 400},
		{name: "expired token", key: expired, code: "InvalidSecurityToken.Expired", status: 400},
		{name: "malformed token", key: malformed, code: "InvalidSecurityToken.Malformed", status: 400},
		{name: "temporary key without token", key: noToken, code: "MissingSecurityToken", status: 400},
		{name: "40 minutes old", call: at(-40 * time.Minute), code: "InvalidTimeStamp.Expired", status: 400},
		{name: "40 minutes early", call: at(40 * time.Minute), code: "InvalidTimeStamp.Expired", status: 400},
		{name: "Beijing time sent as UTC", call: at(8 * time.Hour), code: "InvalidTimeStamp.Expired", status: 400},
		{name: "timestamp without Z", call: func(c *genericCall) {
			stamp := time.Now().UTC().Format("2006-01-02T15:04:05")
			c.query["Timestamp"], c.headers["x-acs-date"] = stamp, stamp
		}, code: "InvalidTimeStamp.Format", status: 400},
		{name: "no A", call: drop("PhoneNoA"), code: "MissingPhoneNoA", status: 400},
		{name: "no pool", call: drop("PoolKey"), code: "MissingPoolKey", status: 400},
		{name: "no group", call: drop("GroupId"), code: "MissingGroupId", status: 400},
		{name: "no expiration", call: drop("Expiration"), code: "MissingExpiration", status: 400},
		{name: "empty A", call: set("PhoneNoA", ""), code: "MissingPhoneNoA", status: 400},
		{name: "unknown action", call: func(c *genericCall) { c.action = "BindAxz" }, code: "InvalidApi.NotFound", status: 404},
		{name: "action in the wrong case", call: func(c *genericCall) { c.action = "bindaxg" }, code: "InvalidApi.NotFound", status: 404},
		{name: "unknown version", call: func(c *genericCall) { c.version = "2017-05-26" }, code: "InvalidVersion", status: 400},
		{name: "other product's version", call: func(c *genericCall) { c.version = "2014-05-26" }, code: "InvalidVersion", status: 400},
		{name: "unsigned parameter added", change: addQuery("&OutId=1"), code: "SignatureDoesNotMatch", status: 400},
		{name: "unsigned empty parameter added", change: addQuery("&OutId="), code: "SignatureDoesNotMatch", status: 400},
		{name: "parameter given twice", change: addQuery("&GroupId=2000000000001"), code: "SignatureDoesNotMatch", status: 400},
		{name: "number changed", change: edit("13900001111", "13900001112"), code: "SignatureDoesNotMatch", status: 400},
		{name: "broken escape", change: addQuery("&OutId=%G1"), code: "InvalidParameter.Format", status: 400},
		{name: "method changed", change: func(r *http.Request) { r.Method = http.MethodGet }, code: "SignatureDoesNotMatch", status: 400},
		{name: "method unknown", change: func(r *http.Request) { r.Method = http.MethodPut }, code: "UnsupportedHTTPMethod", status: 400},
		{name: "other path", change: func(r *http.Request) { r.URL.Path = "/BindAxg" }, code: "InvalidApi.NotFound", status: 404},

		{name: "other host", v3: true, change: func(r *http.Request) { r.Host = "dyplsapi.aliyuncs.com" }, code: "SignatureDoesNotMatch", status: 400},
		{name: "action changed", v3: true, change: header("x-acs-action", "QuerySubsId"), code: "SignatureDoesNotMatch", status: 400},
		{name: "nonce changed", v3: true, change: header("x-acs-signature-nonce", "another"), code: "SignatureDoesNotMatch", status: 400},
		{name: "date changed", v3: true, change: header("x-acs-date", time.Now().Add(time.Minute).UTC().Format("2006-01-02T15:04:05Z")), code: "SignatureDoesNotMatch", status: 400},
		{name: "hash changed", v3: true, change: header("x-acs-content-sha256", strings.Repeat("0", 64)), code: "SignatureDoesNotMatch", status: 400},
		{name: "body changed", call: func(c *genericCall) { c.query, c.form = map[string]string{}, c.query }, change: func(r *http.Request) {
			text, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(strings.NewReader(strings.Replace(string(text), "13900001111", "13900001112", 1)))
		}, code: "SignatureDoesNotMatch", status: 400},
		{name: "unsigned header added", v3: true, change: header("x-acs-extra", "1"), code: "IncompleteSignature", status: 400},
		{name: "no nonce", v3: true, change: header("x-acs-signature-nonce", ""), code: "MissingSignatureNonce", status: 400},
		{name: "no Authorization", v3: true, change: header("Authorization", ""), code: "MissingAuthorization", status: 400},
		{name: "Authorization cut short", v3: true, change: header("Authorization", "ACS3-HMAC-SHA256 Credential=testid"), code: "IncompleteSignature", status: 400},
		{name: "other algorithm", v3: true, change: header("Authorization", "ACS3-HMAC-SM3 Credential=testid,SignedHeaders=host,Signature=0"), code: "InvalidSignatureMethod", status: 400},

		{name: "nonce changed", v1: true, change: edit("SignatureNonce=", "SignatureNonce=x"), code: "SignatureDoesNotMatch", status: 400},
		{name: "no nonce", v1: true, change: edit("SignatureNonce=", "Nonce="), code: "MissingSignatureNonce", status: 400},
		{name: "no signature", v1: true, change: edit("Signature=", "Sign="), code: "MissingSignature", status: 400},
		{name: "other method of signing", v1: true, change: edit("HMAC-SHA1", "HMAC-MD5"), code: "InvalidSignatureMethod", status: 400},
		{name: "other version of signing", v1: true, change: edit("SignatureVersion=1.0", "SignatureVersion=2.0"), code: "InvalidSignatureVersion", status: 400},
	}
	st := newStage(t, simulator.Options{Numbers: 20}, false)
	transport := st.transport(t)
	for version, v1 := range map[string]bool{"V3": false, "V1": true} {
		play := func(t *testing.T, f forgery, g *generic) (string, int) {
			t.Helper()
			if g == nil {
				if f.key.AccessKeyID == "" {
					f.key = lasting
				}
				g = newGeneric(t, st, genericOptions{v1: v1, key: f.key, httpClient: tamper{transport, f.change}})
			}
			c := genericCall{action: "BindAxg", headers: map[string]string{}, query: map[string]string{
				"PoolKey": simulator.PoolKey, "PhoneNoA": "13900001111", "GroupId": "2000000000001", "Expiration": inBeijing(time.Now().Add(time.Hour))}}
			if f.call != nil {
				f.call(&c)
			}
			if !v1 {
				delete(c.query, "Timestamp")
				delete(c.query, "SignatureNonce")
			}
			return end(g.call(c))
		}
		for _, f := range forgeries {
			if f.v1 && !v1 || f.v3 && v1 {
				continue
			}
			t.Run(version+"/"+f.name, func(t *testing.T) {
				before := st.Bindings()
				if code, status := play(t, f, nil); code != f.code || status != f.status {
					t.Errorf("got %d %s, want %d %s", status, code, f.status, f.code)
				}
				if diff := cmp.Diff(before, st.Bindings()); diff != "" {
					t.Errorf("it took effect:\n%s", diff)
				}
			})
		}
		t.Run(version+"/replayed", func(t *testing.T) {
			nonce := "replayed-by-" + version
			same := forgery{call: func(c *genericCall) {
				c.headers["x-acs-signature-nonce"], c.query["SignatureNonce"] = nonce, nonce
			}}
			if code, _ := play(t, same, nil); code != "OK" {
				t.Fatalf("first: %s", code)
			}
			before := st.Bindings()
			for range 2 {
				if code, status := play(t, same, nil); code != "SignatureNonceUsed" || status != 400 {
					t.Errorf("again: %d %s", status, code)
				}
			}
			if diff := cmp.Diff(before, st.Bindings()); diff != "" {
				t.Errorf("the replay took effect:\n%s", diff)
			}
		})
		t.Run(version+"/replayed byte for byte", func(t *testing.T) {
			var copies []*http.Request
			g := newGeneric(t, st, genericOptions{v1: v1, key: lasting, httpClient: tamper{transport, func(r *http.Request) { copies = append(copies, r.Clone(t.Context())) }}})
			if code, _ := play(t, forgery{}, g); code != "OK" {
				t.Fatal(code)
			}
			copies[0].Body = http.NoBody
			resp, err := transport.RoundTrip(copies[0])
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusBadRequest {
				t.Errorf("status %d", resp.StatusCode)
			}
		})
	}
	if n := st.Stats().NonceReused; n != 6 {
		t.Errorf("%d nonces reused, want 6", n)
	}
	if n := len(st.Bindings()); n != 4 {
		t.Errorf("%d bindings, want the 4 good ones", n)
	}
}
