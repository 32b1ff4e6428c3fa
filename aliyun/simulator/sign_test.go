package simulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
)

// authorize replaces what the test's own signer wrote by a published value.
func authorize(r *http.Request, signature string) *http.Request {
	a := r.Header.Get("Authorization")
	r.Header.Set("Authorization", a[:strings.LastIndex(a, "=")+1]+signature)
	return r
}

func sign(r *http.Request, signature string) *http.Request {
	q := r.URL.Query()
	q.Set("Signature", signature)
	r.URL.RawQuery = q.Encode()
	return r
}

func utc(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// The published vectors are for other products and keys, so the best answer
// they can get is the refusal that comes after the signature was found good.
func TestVectors(t *testing.T) {
	axg := url.Values{
		"PoolKey": {"FC100000000000001"}, "PhoneNoA": {"13900001111"}, "GroupId": {"2000000000001"}, "PhoneNoB": {"057188992688"},
		"Expiration": {"2026-12-31 23:59:59"}, "ExpectCity": {"北京"}, "OutId": {"row-1*~(a)"},
	}
	axgV1 := url.Values{"Format": {"JSON"}, "RegionId": {"cn-hangzhou"}}
	for k, v := range axg {
		axgV1[k] = v
	}
	const nonceV1, nonceV3 = "0f3c2b1a-0000-4000-8000-000000000001", "0f3c2b1a000040008000000000000001"
	sts := signer{"testid", "testsecret", "sts/token+1=="}
	keys := map[string]string{"testid": "testsecret", "testId": "testSecret", "YourAccessKeyId": "YourAccessKeySecret"}
	tests := []struct {
		name string
		at   string
		key  signer
		v1   bool
		call call
		want string // the signature
		code string
		hash string // part of the string to sign
	}{
		{name: "V1 A", at: "2016-02-23T12:46:24Z", key: testKey, v1: true,
			call: call{method: "GET", host: "ecs.aliyuncs.com", action: "DescribeRegions", version: "2014-05-26",
				nonce: "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf", query: url.Values{"Format": {"XML"}}},
			want: "OLeaidS1JvxuMvnyHOwuJ+uX5qY=", code: "InvalidVersion",
			hash: "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0%26Timestamp%3D2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26"},
		{name: "V1 B", at: "2023-03-13T08:34:30Z", key: testKey, v1: true,
			call: call{method: "GET", action: "DescribeDedicatedHosts", version: "2014-05-26",
				nonce: "edb2b34af0af9a6d14deaf7c1a5315eb", query: url.Values{"Format": {"JSON"}, "RegionId": {"cn-beijing"}}},
			want: "9NaGiOspFP5UPcwX8Iwt2YJXXuk=", code: "InvalidVersion"},
		{name: "V1 C", at: "2017-07-12T02:42:19Z", key: signer{"testId", "testSecret", ""}, v1: true,
			call: call{method: "GET", action: "SendSms", nonce: "45e25e9b-0a6f-4070-8c85-2956eda1b466",
				query: url.Values{"Format": {"XML"}, "RegionId": {"cn-hangzhou"}, "OutId": {"123"}, "PhoneNumbers": {"15300000001"},
					"SignName": {"阿里云短信测试专用"}, "TemplateCode": {"SMS_71390007"}, "TemplateParam": {`{"customer":"test"}`}}},
			want: "zJDF+Lrzhj/ThnlvIToysFRq6t4=", code: "InvalidApi.NotFound"},
		{name: "V3 D", at: "2023-10-26T10:22:32Z", key: signer{"YourAccessKeyId", "YourAccessKeySecret", ""},
			call: call{host: "ecs.cn-shanghai.aliyuncs.com", action: "RunInstances", version: "2014-05-26", nonce: "3156853299f313e23d1673dc12e1703d",
				query: url.Values{"ImageId": {"win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}, "RegionId": {"cn-shanghai"}}},
			want: "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0", code: "InvalidVersion",
			hash: "ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"},
		{name: "V1 GET", key: testKey, v1: true, call: call{method: "GET", action: "BindAxg", nonce: nonceV1, query: axgV1},
			want: "sM2Z1xwHznHv7Y5uKbdMj4sTQkY=", code: "OK"},
		{name: "V1 POST", key: testKey, v1: true, call: call{action: "BindAxg", nonce: nonceV1, query: axgV1},
			want: "xYi8qccmrfwLpfUPM1tgXi5LcFE=", code: "OK"},
		{name: "V1 POST form", key: testKey, v1: true, call: call{action: "BindAxg", nonce: nonceV1, query: url.Values{"RegionId": {"cn-hangzhou"}}, form: axg},
			want: "xYi8qccmrfwLpfUPM1tgXi5LcFE=", code: "OK"},
		{name: "V1 POST STS", key: sts, v1: true, call: call{action: "BindAxg", nonce: nonceV1, query: axgV1},
			want: "ojVsSPZxFfDvVDepB6DRbF+FFX4=", code: "OK"},
		{name: "V3 query", key: testKey, call: call{action: "BindAxg", nonce: nonceV3, query: axg},
			want: "d66731a4a47fe65ff3e77a68b93801729c07e09b55386dd1c7d12a1ac7e341d0", code: "OK",
			hash: "ACS3-HMAC-SHA256\n875270bc057723021e1e49f3234c4266734127b1a31b31fe44d204f9a48364b7"},
		{name: "V3 query STS", key: sts, call: call{action: "BindAxg", nonce: nonceV3, query: axg},
			want: "b93d84996f72d38086bb197976c0736694b687db3c7cc8315c68f1d3b31a2d88", code: "OK",
			hash: "ACS3-HMAC-SHA256\n1532d5d7abe3794e08bde5c3cc7889e1077968c27fad63f3e91c71d02ee46147"},
		{name: "V3 form", key: testKey, call: call{action: "BindAxg", nonce: nonceV3, form: axg},
			want: "10b4a941d9b02d3a0d3d947bf08e38c8f34bb433ae1f2caf39e3aa96e223a1f8", code: "OK",
			hash: "ACS3-HMAC-SHA256\n5c9ef20de9939cacc1be2d0af9003be9854f5b30cb41e13a6090ad484d593b0f"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if tt.at == "" {
					tt.at = "2026-11-23T03:04:05Z"
				}
				at := utc(tt.at)
				time.Sleep(time.Until(at.Add(time.Minute)))
				s := newService(t, simulator.Options{Numbers: 100, Keys: keys})
				tt.call.at = at
				request := func(signature string) *http.Request {
					if tt.v1 {
						return sign(tt.key.v1(tt.call), signature)
					}
					return authorize(tt.key.v3(tt.call), signature)
				}
				bad := serve(t, s, request("A"+tt.want[1:]))
				if bad.Code != "SignatureDoesNotMatch" || bad.Status != 400 || !strings.Contains(bad.Message, tt.hash) {
					t.Errorf("wrong signature: %d %s %q, want 400 SignatureDoesNotMatch with %q", bad.Status, bad.Code, bad.Message, tt.hash)
				}
				if good := serve(t, s, request(tt.want)); good.Code != tt.code {
					t.Errorf("published signature: %s %q, want %s", good.Code, good.Message, tt.code)
				}
				if again := serve(t, s, request(tt.want)); again.Code != "SignatureNonceUsed" {
					t.Errorf("second time: %s, want SignatureNonceUsed", again.Code)
				}
			})
		})
	}
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
}

func set(name, value string) func(url.Values) {
	return func(q url.Values) {
		q.Set(name, value)
		if value == "" {
			q.Del(name)
		}
	}
}

func TestGatewayRefusals(t *testing.T) {
	bind := func() call { return call{action: "BindAxg", query: bindQuery()} }
	at := func(d time.Duration) call { c := bind(); c.at = time.Now().Add(d); return c }
	// after changes a request that was signed already
	after := func(r *http.Request, edits ...func(*http.Request)) *http.Request {
		for _, e := range edits {
			e(r)
		}
		return r
	}
	temporary := signer{simulator.STSAccessKeyID, simulator.AccessKeySecret, simulator.SecurityToken}
	without := func(list, name string) string { return strings.Replace(list, name, "", 1) }
	tests := []struct {
		name   string
		req    func() *http.Request
		status int
		code   string
		calls  int64 // whether it counts as a signed request
	}{
		{"V3 good", func() *http.Request { return testKey.v3(bind()) }, 200, "OK", 1},
		{"V3 GET", func() *http.Request { c := bind(); c.method = "GET"; return testKey.v3(c) }, 200, "OK", 1},
		{"V3 form", func() *http.Request { return testKey.v3(call{action: "BindAxg", form: bindQuery()}) }, 200, "OK", 1},
		{"V3 STS", func() *http.Request { return temporary.v3(bind()) }, 200, "OK", 1},
		{"V1 good", func() *http.Request { return testKey.v1(bind()) }, 200, "OK", 1},
		{"V1 STS", func() *http.Request { return temporary.v1(bind()) }, 200, "OK", 1},
		{"V3 any token", func() *http.Request { return signer{"testid", "testsecret", "any"}.v3(bind()) }, 200, "OK", 1},

		{"bare", func() *http.Request { return httptest.NewRequest("GET", "/", nil) }, 400, "MissingAction", 0},
		{"path", func() *http.Request { return after(testKey.v3(bind()), func(r *http.Request) { r.URL.Path = "/x" }) }, 404, "InvalidApi.NotFound", 0},
		{"method", func() *http.Request { c := bind(); c.method = "PUT"; return testKey.v3(c) }, 400, "UnsupportedHTTPMethod", 0},
		{"escape", func() *http.Request {
			return after(testKey.v3(bind()), func(r *http.Request) { r.URL.RawQuery += "&x=%zz" })
		}, 400, "InvalidParameter.Format", 0},
		{"too many parameters", func() *http.Request {
			return after(testKey.v3(bind()), func(r *http.Request) { r.URL.RawQuery = strings.Repeat("a=b&", 300) })
		}, 400, "InvalidParameter.Format", 0},
		{"body too large", func() *http.Request {
			return testKey.v3(call{action: "BindAxg", form: url.Values{"OutId": {strings.Repeat("x", 1<<20)}}})
		}, 413, "RequestEntityTooLarge", 0},

		{"V3 no Authorization", func() *http.Request { return after(testKey.v3(bind()), header("Authorization", "")) }, 400, "MissingAuthorization", 0},
		{"V3 other algorithm", func() *http.Request { return after(testKey.v3(bind()), header("Authorization", "ACS3-RSA-SHA256 x")) }, 400, "InvalidSignatureMethod", 0},
		{"V3 bare algorithm", func() *http.Request { return after(testKey.v3(bind()), header("Authorization", "ACS3-HMAC-SHA256")) }, 400, "IncompleteSignature", 0},
		{"V3 no signature", func() *http.Request {
			return after(testKey.v3(bind()), header("Authorization", "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host"))
		}, 400, "IncompleteSignature", 0},
		{"V3 no action", func() *http.Request { return testKey.v3(bind(), header("x-acs-action", "")) }, 400, "MissingAction", 1},
		{"V3 no version", func() *http.Request { return testKey.v3(bind(), header("x-acs-version", "")) }, 400, "MissingVersion", 1},
		{"V3 no date", func() *http.Request { return testKey.v3(bind(), header("x-acs-date", "")) }, 400, "MissingTimestamp", 1},
		{"V3 no nonce", func() *http.Request { return testKey.v3(bind(), header("x-acs-signature-nonce", "")) }, 400, "MissingSignatureNonce", 1},
		{"V3 unsigned header", func() *http.Request { return after(testKey.v3(bind()), header("x-acs-extra", "1")) }, 400, "IncompleteSignature", 1},
		{"V3 unsigned content type", func() *http.Request { return after(testKey.v3(bind()), header("content-type", "text/plain")) }, 400, "IncompleteSignature", 1},
		{"V3 host taken out of the list", func() *http.Request {
			return after(testKey.v3(bind()), func(r *http.Request) {
				r.Header.Set("Authorization", without(r.Header.Get("Authorization"), "host;"))
			})
		}, 400, "SignatureDoesNotMatch", 1},
		{"V3 unsorted headers", func() *http.Request {
			return after(testKey.v3(bind()), func(r *http.Request) {
				r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "host;", "z;host;", 1))
			})
		}, 400, "IncompleteSignature", 1},
		{"V3 wrong host", func() *http.Request { return after(testKey.v3(bind()), func(r *http.Request) { r.Host = "other" }) }, 400, "SignatureDoesNotMatch", 1},
		{"V3 changed query", func() *http.Request {
			return after(testKey.v3(bind()), func(r *http.Request) { r.URL.RawQuery += "&OutId=1" })
		}, 400, "SignatureDoesNotMatch", 1},
		{"V3 changed body", func() *http.Request {
			a, b := testKey.v3(call{action: "BindAxg", form: bindQuery()}), testKey.v3(call{action: "BindAxg", form: bindQuery("OutId", "2")})
			a.Body, a.ContentLength = b.Body, b.ContentLength
			return a
		}, 400, "SignatureDoesNotMatch", 1},
		{"V3 wrong hash, signed", func() *http.Request {
			return testKey.v3(bind(), header("x-acs-content-sha256", strings.Repeat("0", 64)))
		}, 400, "SignatureDoesNotMatch", 1},
		{"V3 wrong secret", func() *http.Request { return signer{id: "testid", secret: "guess"}.v3(bind()) }, 400, "SignatureDoesNotMatch", 1},
		{"V3 unknown key", func() *http.Request { return signer{id: "nobody", secret: "testsecret"}.v3(bind()) }, 404, "InvalidAccessKeyId.NotFound", 1},
		{"V3 STS without token", func() *http.Request { return signer{id: simulator.STSAccessKeyID, secret: "testsecret"}.v3(bind()) }, 400, "MissingSecurityToken", 1},
		{"V3 STS wrong token", func() *http.Request { return signer{simulator.STSAccessKeyID, "testsecret", "x"}.v3(bind()) }, 400, "InvalidSecurityToken.MismatchWithAccessKey", 1},
		{"V3 local time", func() *http.Request { return testKey.v3(at(8 * time.Hour)) }, 400, "InvalidTimeStamp.Expired", 1},
		{"V3 15 min 1 s late", func() *http.Request { return testKey.v3(at(-15*time.Minute - time.Second)) }, 400, "InvalidTimeStamp.Expired", 1},
		{"V3 15 min late", func() *http.Request { return testKey.v3(at(-15 * time.Minute)) }, 200, "OK", 1},
		{"V3 15 min early", func() *http.Request { return testKey.v3(at(15 * time.Minute)) }, 200, "OK", 1},
		{"V3 date format", func() *http.Request { return testKey.v3(bind(), header("x-acs-date", "2026-11-23 03:04:05")) }, 400, "InvalidTimeStamp.Format", 1},
		{"V3 date fraction", func() *http.Request { return testKey.v3(bind(), header("x-acs-date", "2026-11-23T03:04:05.5Z")) }, 400, "InvalidTimeStamp.Format", 1},
		{"V3 version", func() *http.Request { c := bind(); c.version = "2017-05-26"; return testKey.v3(c) }, 400, "InvalidVersion", 1},
		{"V3 unknown action", func() *http.Request { c := bind(); c.action = "BindAxx"; return testKey.v3(c) }, 404, "InvalidApi.NotFound", 1},

		{"V1 no version", func() *http.Request { return testKey.v1(bind(), set("Version", "")) }, 400, "MissingVersion", 1},
		{"V1 no key", func() *http.Request { return testKey.v1(bind(), set("AccessKeyId", "")) }, 400, "MissingAccessKeyId", 0},
		{"V1 no signature", func() *http.Request { return sign(testKey.v1(bind()), "") }, 400, "MissingSignature", 0},
		{"V1 no method", func() *http.Request { return testKey.v1(bind(), set("SignatureMethod", "")) }, 400, "MissingSignatureMethod", 1},
		{"V1 method", func() *http.Request { return testKey.v1(bind(), set("SignatureMethod", "HMAC-SHA256")) }, 400, "InvalidSignatureMethod", 1},
		{"V1 no signature version", func() *http.Request { return testKey.v1(bind(), set("SignatureVersion", "")) }, 400, "MissingSignatureVersion", 1},
		{"V1 signature version", func() *http.Request { return testKey.v1(bind(), set("SignatureVersion", "2.0")) }, 400, "InvalidSignatureVersion", 1},
		{"V1 no time", func() *http.Request { return testKey.v1(bind(), set("Timestamp", "")) }, 400, "MissingTimestamp", 1},
		{"V1 no nonce", func() *http.Request { return testKey.v1(bind(), set("SignatureNonce", "")) }, 400, "MissingSignatureNonce", 1},
		{"V1 wrong secret", func() *http.Request { return signer{id: "testid", secret: "guess"}.v1(bind()) }, 400, "SignatureDoesNotMatch", 1},
		{"V1 STS without token", func() *http.Request { return signer{id: simulator.STSAccessKeyID, secret: "testsecret"}.v1(bind()) }, 400, "MissingSecurityToken", 1},

		{"no pool", func() *http.Request { return bindCall("PoolKey", "") }, 400, "MissingPoolKey", 1},
		{"no A", func() *http.Request { return bindCall("PhoneNoA", "") }, 400, "MissingPhoneNoA", 1},
		{"no group", func() *http.Request { return bindCall("GroupId", "") }, 400, "MissingGroupId", 1},
		{"no expiration", func() *http.Request { return bindCall("Expiration", "") }, 400, "MissingExpiration", 1},
		{"look-up without X", func() *http.Request { return look("QuerySubsId") }, 400, "MissingPhoneNoX", 1},
		{"detail without id", func() *http.Request { return look("QuerySubscriptionDetail", "PhoneNoX", "17100000000") }, 400, "MissingSubsId", 1},
		{"unbind without X", func() *http.Request { return look("UnbindSubscription", "SubsId", "1000000000000001") }, 400, "MissingSecretNo", 1},
		{"unbind without pool", func() *http.Request { return look("UnbindSubscription", "PoolKey", "") }, 400, "MissingPoolKey", 1},
		{"look-up of an unknown pool", func() *http.Request { return look("QuerySubsId", "PoolKey", "FC1", "PhoneNoX", "17100000000") }, 400, "POOLKEY_NOT_EXIST", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, simulator.Options{Numbers: 10})
				a := serve(t, s, tt.req())
				if a.Status != tt.status || a.Code != tt.code {
					t.Fatalf("got %d %s %q, want %d %s", a.Status, a.Code, a.Message, tt.status, tt.code)
				}
				if len(a.RequestId) != 36 || a.Message == "" {
					t.Errorf("RequestId %q, Message %q", a.RequestId, a.Message)
				}
				if a.Status != 200 && (a.HostId != "dyplsapi.aliyuncs.com" || !strings.HasPrefix(a.Recommend, "https://")) {
					t.Errorf("not a gateway envelope: %+v", a)
				}
				st := s.Stats()
				if st.Calls != tt.calls || st.Codes[tt.code] != 1 {
					t.Errorf("stats: calls %d, codes %v", st.Calls, st.Codes)
				}
			})
		})
	}
}

func TestMandatoryMessage(t *testing.T) {
	s := newService(t, simulator.Options{Numbers: 1})
	if a := serve(t, s, bindCall("PhoneNoA", "")); a.Message != "PhoneNoA is mandatory for this action." {
		t.Errorf("Message %q", a.Message)
	}
}

func TestNonceMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, simulator.Options{Numbers: 10_000})
		send := func(nonce string) string {
			return serve(t, s, testKey.v3(call{action: "BindAxg", query: bindQuery(), nonce: nonce})).Code
		}
		for i := range 3 {
			if code := send("n"); code != "OK" {
				t.Fatalf("round %d: %s", i, code)
			}
			time.Sleep(15*time.Minute - time.Nanosecond)
			if code := send("n"); code != "SignatureNonceUsed" {
				t.Fatalf("round %d, after 15 minutes but a nanosecond: %s", i, code)
			}
			time.Sleep(time.Nanosecond)
		}
		if n := s.Stats().NonceReused; n != 3 {
			t.Errorf("nonce_reused is %d, want 3", n)
		}
		// enough to fill blocks of the queue, twice
		for range 2 {
			for range 10_000 / 3 {
				if code := send(freshNonce()); code != "OK" && code != "isv.NO_AVAILABLE_NUMBER" {
					t.Fatal(code)
				}
			}
			time.Sleep(time.Hour)
		}
		// a refused signature leaves the nonce unused
		if a := serve(t, s, signer{id: "testid", secret: "x"}.v3(call{action: "BindAxg", query: bindQuery(), nonce: "m"})); a.Code != "SignatureDoesNotMatch" {
			t.Fatal(a.Code)
		}
		if code := send("m"); code != "OK" {
			t.Errorf("nonce of a refused request: %s", code)
		}
	})
}

// FuzzAuthorization asks that no header and no query is answered with
// anything but a well-formed refusal.
func FuzzAuthorization(f *testing.F) {
	s, err := simulator.New(simulator.Options{Numbers: 10})
	if err != nil {
		f.Fatal(err)
	}
	good := bindCall()
	f.Add(good.Header.Get("Authorization"), good.URL.RawQuery)
	f.Add("ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host;host,Signature=", "a=%41&a=%4&&=+&;")
	f.Add("ACS3-HMAC-SHA256 ,,,=,Signature", "Action=BindAxg&Version=2017-05-25&AccessKeyId=testid&Signature=x&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0")
	f.Add("", testKey.v1(call{action: "BindAxg", query: bindQuery()}).URL.RawQuery+"0")
	f.Fuzz(func(t *testing.T, authorization, query string) {
		r := bindCall()
		want := r.Header.Get("Authorization")
		if authorization == "" {
			r.Header = http.Header{}
		} else {
			r.Header.Set("Authorization", authorization)
		}
		r.URL.RawQuery = query
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		var a reply
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			t.Fatalf("%q: %v", w.Body, err)
		}
		if a.Code == "" || a.Message == "" || a.RequestId == "" {
			t.Errorf("answer lacks a field: %s", w.Body)
		}
		if w.Code < 400 && authorization != want && authorization != "" {
			t.Errorf("status %d for an unsigned request", w.Code)
		}
	})
}

// FuzzParameters asks that the server reads back whatever a client may write:
// any name and value, signed, verifies in query and form and in both versions.
func FuzzParameters(f *testing.F) {
	s, err := simulator.New(simulator.Options{Numbers: 10})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("OutId", "row-1*~(a)")
	f.Add("a b+c", "100% 北京 & = ; ~")
	f.Add("", "\xff\x00")
	f.Add("\xfa", "sorted as bytes, not as escaped")
	f.Fuzz(func(t *testing.T, name, value string) {
		switch name {
		case "Action", "Version", "AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp", "SecurityToken":
			return
		}
		v := url.Values{name: {value}}
		if !v.Has(name) || name == "" && value == "" {
			return
		}
		for _, c := range []call{{action: "QuerySubsId", query: v}, {action: "QuerySubsId", form: v}} {
			for version, r := range map[string]*http.Request{"V3": testKey.v3(c), "V1": testKey.v1(c)} {
				if a := serve(t, s, r); !strings.HasPrefix(a.Code, "Missing") {
					t.Errorf("%s: %s %s", version, a.Code, a.Message)
				}
			}
		}
	})
}
