package aliyun_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun"

	"github.com/google/go-cmp/cmp"
)

func serve(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// TestAnswers: what each answer that arrives is taken for.
func TestAnswers(t *testing.T) {
	const refusal = `{"RequestId":"F655A8D5","Code":"isv.BIND_CONFLICT","Message":"A 13900001111 conflicts","SecretBindDTO":{}}`
	const gateway = `{"RequestId":"R1","HostId":"dyplsapi.aliyuncs.com","Code":"Throttling.User","Message":"denied","Recommend":"https://x"}`
	with := func(code string) string { return strings.Replace(bound, `"Code":"OK",`, code, 1) } // a refusal with a binding in it
	for _, v := range []struct {
		name   string
		status int
		body   string
		code   string // empty: bound
		class  aliyun.Class
	}{
		{"bound", 200, bound, "", aliyun.Done},
		{"bound, ids as numbers", 200, `{"Code":"OK","SecretBindDTO":{"SecretNo":17100000000,"SubsId":1000000763890000}}`, "", aliyun.Done},
		{"business refusal", 200, refusal, "isv.BIND_CONFLICT", aliyun.RowRefused},
		{"business refusal with HTTP 400", 400, `{"Code":"POOLKEY_NOT_EXIST"}`, "POOLKEY_NOT_EXIST", aliyun.AccountRefused},
		{"gateway refusal", 400, gateway, "Throttling.User", aliyun.Throttled},
		{"gateway refusal, HTTP 429", 429, gateway, "Throttling.User", aliyun.Throttled},
		{"known code under HTTP 500", 500, refusal, "client.BadAnswer", aliyun.Ambiguous},
		{"internal error", 500, `{"Code":"InternalError"}`, "InternalError", aliyun.Ambiguous},
		{"unknown code", 200, `{"Code":"Brand.New"}`, "Brand.New", aliyun.Ambiguous},
		{"odd fields beside a code", 200, `{"Code":"isv.FLOW_LIMIT","Message":["a"],"RequestId":null,"SecretBindDTO":null,"More":[{"Code":"OK"}]}`, "isv.FLOW_LIMIT", aliyun.Throttled},
		{"HTML 503", 503, "<html>Service Unavailable</html>", "client.BadAnswer", aliyun.Ambiguous},
		{"HTML 502", 502, "<html>Bad Gateway</html>", "client.BadAnswer", aliyun.Ambiguous},
		{"HTML 200", 200, "<html>Log in</html>", "client.BadAnswer", aliyun.Ambiguous},
		{"HTML 404", 404, "<html>Not found</html>", "client.BadAnswer", aliyun.Ambiguous},
		{"XML", 200, "<BindAxgResponse><Code>OK</Code></BindAxgResponse>", "client.BadAnswer", aliyun.Ambiguous},
		{"empty 200", 200, "", "client.BadAnswer", aliyun.Ambiguous},
		{"no content", 204, "", "client.BadAnswer", aliyun.Ambiguous},
		{"null", 200, "null", "client.BadAnswer", aliyun.Ambiguous},
		{"array", 200, "[]", "client.BadAnswer", aliyun.Ambiguous},
		{"no code", 200, `{"RequestId":"R1","SecretBindDTO":{"SecretNo":"1","SubsId":"2"}}`, "client.BadAnswer", aliyun.Ambiguous},
		{"no code, 400", 400, `{"message":"bad"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"code is a number", 200, `{"Code":200}`, "client.BadAnswer", aliyun.Ambiguous},
		{"cut JSON", 200, bound[:len(bound)-3], "client.BadAnswer", aliyun.Ambiguous},
		{"JSON and more", 200, bound + "x", "client.BadAnswer", aliyun.Ambiguous},
		{"OK without SubsId", 200, `{"Code":"OK","SecretBindDTO":{"SecretNo":"1"}}`, "client.BadAnswer", aliyun.Ambiguous},
		{"OK without SecretNo", 200, `{"Code":"OK","SecretBindDTO":{"SubsId":"1"}}`, "client.BadAnswer", aliyun.Ambiguous},
		{"OK without binding", 200, `{"Code":"OK"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"OK with null ids", 200, `{"Code":"OK","SecretBindDTO":{"SecretNo":null,"SubsId":null}}`, "client.BadAnswer", aliyun.Ambiguous},
		{"OK under HTTP 500", 500, bound, "client.BadAnswer", aliyun.Ambiguous},
		{"OK under HTTP 302", 302, bound, "client.BadAnswer", aliyun.Ambiguous},
		{"redirect", 307, "", "client.BadAnswer", aliyun.Ambiguous},
		{"OK under HTTP 404", 404, bound, "client.BadAnswer", aliyun.Ambiguous},
		{"throttling under HTTP 500", 500, gateway, "client.BadAnswer", aliyun.Ambiguous},
		{"throttling under HTTP 200", 200, gateway, "client.BadAnswer", aliyun.Ambiguous},
		{"throttling under HTTP 302", 302, gateway, "client.BadAnswer", aliyun.Ambiguous},
		{"the product's throttling under HTTP 503", 503, `{"Code":"isv.FLOW_LIMIT"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"a key refused under HTTP 500", 500, `{"Code":"SignatureDoesNotMatch"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"throttling under a proxy's HTTP 407", 407, gateway, "client.BadAnswer", aliyun.Ambiguous},
		{"throttling under HTTP 408", 408, gateway, "client.BadAnswer", aliyun.Ambiguous},
		{"the product's throttling under HTTP 206", 206, `{"Code":"isv.FLOW_LIMIT"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"OK under HTTP 206", 206, bound, "client.BadAnswer", aliyun.Ambiguous},
		{"throttling with a binding in its message", 400, `{"Code":"Throttling.User","Message":{"SubsId":"1"}}`, "client.BadAnswer", aliyun.Ambiguous},
		{"a key twice deep inside", 400, `{"Code":"Throttling.User","Data":[{"Code":"x","Code":"OK"}]}`, "client.BadAnswer", aliyun.Ambiguous},
		{"one key in two objects of a list", 400, `{"Code":"Throttling.User","Data":[{"a":1},{"a":2}]}`, "Throttling.User", aliyun.Throttled},
		{"SubsId of zeros", 200, strings.Replace(bound, "1000000763890000", "0000000000000000", 1), "client.BadAnswer", aliyun.Ambiguous},
		{"SubsId zero", 200, strings.Replace(bound, `"1000000763890000"`, "0", 1), "client.BadAnswer", aliyun.Ambiguous},
		{"a code of ours", 200, `{"Code":"client.NotSent"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"throttling that names a binding", 400, with(`"Code":"Throttling.User",`), "client.BadAnswer", aliyun.Ambiguous},
		{"flow control that names a binding", 200, with(`"Code":"isv.FLOW_LIMIT",`), "client.BadAnswer", aliyun.Ambiguous},
		{"an expired token that names a binding", 400, with(`"Code":"InvalidSecurityToken.Expired",`), "client.BadAnswer", aliyun.Ambiguous},
		{"no number, and one all the same", 200, with(`"Code":"isv.NO_AVAILABLE_NUMBER",`), "client.BadAnswer", aliyun.Ambiguous},
		{"a refused row that is bound", 200, with(`"Code":"isv.BIND_CONFLICT",`), "client.BadAnswer", aliyun.Ambiguous},
		{"an error that names a binding", 200, with(`"Code":"isp.SYSTEM_ERROR",`), "client.BadAnswer", aliyun.Ambiguous},
		{"an unknown code that names a binding", 200, with(`"Code":"Brand.New",`), "client.BadAnswer", aliyun.Ambiguous},
		{"throttling with a SubsId of its own", 400, `{"Code":"Throttling.User","SubsId":"1"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"throttling with a SecretNo of its own", 400, `{"Code":"Throttling.User","SecretNo":"17100000000"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"throttling with a binding deep inside", 400, `{"Code":"Throttling.User","Data":[{"subsId":1}]}`, "client.BadAnswer", aliyun.Ambiguous},
		{"throttling with an empty binding", 400, `{"Code":"Throttling.User","SecretBindDTO":{"SubsId":"","SecretNo":null}}`, "Throttling.User", aliyun.Throttled},
		{"a code twice", 200, `{"Code":"isv.FLOW_LIMIT",` + bound[1:], "client.BadAnswer", aliyun.Ambiguous},
		{"a code twice, the refusal last", 200, bound[:len(bound)-1] + `,"Code":"isv.FLOW_LIMIT"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"a code twice, in another case", 200, bound[:len(bound)-1] + `,"code":"isv.FLOW_LIMIT"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"a binding twice", 200, bound[:len(bound)-1] + `,"SecretBindDTO":{"SecretNo":"17100000001","SubsId":"2"}}`, "client.BadAnswer", aliyun.Ambiguous},
		{"a SubsId twice", 200, strings.Replace(bound, `"Extension"`, `"SubsId":"2","Extension"`, 1), "client.BadAnswer", aliyun.Ambiguous},
		{"a message twice", 200, strings.Replace(bound, `"Code"`, `"Message":"x","Code"`, 1), "client.BadAnswer", aliyun.Ambiguous},
		{"a binding in another case", 200, strings.Replace(bound, "SecretBindDTO", "secretBindDTO", 1), "client.BadAnswer", aliyun.Ambiguous},
		{"a SubsId in another case", 200, strings.Replace(bound, "SubsId", "SubsID", 1), "client.BadAnswer", aliyun.Ambiguous},
		{"SubsId as a fraction", 200, strings.Replace(bound, `"1000000763890000"`, "1000000763890000.5", 1), "client.BadAnswer", aliyun.Ambiguous},
		{"SubsId as a power", 200, strings.Replace(bound, `"1000000763890000"`, "1.00000076389E+15", 1), "client.BadAnswer", aliyun.Ambiguous},
		{"SubsId as text of a power", 200, strings.Replace(bound, "1000000763890000", "1.00000076389E+15", 1), "client.BadAnswer", aliyun.Ambiguous},
		{"SubsId with letters", 200, strings.Replace(bound, "1000000763890000", "10000007638900O0", 1), "client.BadAnswer", aliyun.Ambiguous},
		{"SubsId with a line break", 200, strings.Replace(bound, "1000000763890000", `1000000763890000\n`, 1), "client.BadAnswer", aliyun.Ambiguous},
		{"another SubsId beside the binding", 200, bound[:len(bound)-1] + `,"SubsId":"2"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"the same SubsId beside the binding", 200, bound[:len(bound)-1] + `,"SubsId":"1000000763890000"}`, "", aliyun.Done},
		{"two SubsIds", 200, strings.Replace(bound, "1000000763890000", "1,2", 1), "client.BadAnswer", aliyun.Ambiguous},
		{"SecretNo with a plus", 200, strings.Replace(bound, "17100000000", "+8617100000000", 1), "client.BadAnswer", aliyun.Ambiguous},
		{"a code with a line break", 200, `{"Code":"isv.FLOW_LIMIT\n"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"a code with a direction mark", 200, `{"Code":"isv.\u202eFLOW_LIMIT"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"a code without end", 200, `{"Code":"isv.` + strings.Repeat("X", 200) + `"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"a RequestId with a line break", 200, strings.Replace(bound, "F655", `\r\nF655`, 1), "client.BadAnswer", aliyun.Ambiguous},
		{"a RequestId that is a number", 200, `{"Code":"isv.FLOW_LIMIT","RequestId":1}`, "client.BadAnswer", aliyun.Ambiguous},
		{"a binding that is none", 200, `{"Code":"isv.FLOW_LIMIT","SecretBindDTO":"none"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"a binding in a list", 200, `{"Code":"OK","SecretBindDTO":[{"SecretNo":"17100000000","SubsId":"1000000763890000"}]}`, "client.BadAnswer", aliyun.Ambiguous},
		{"too large", 200, `{"Code":"OK","Message":"` + strings.Repeat("x", 1<<20) + `"}`, "client.BadAnswer", aliyun.Ambiguous},
		{"large enough", 200, `{"Code":"isv.FLOW_LIMIT","Message":"` + strings.Repeat("x", 1<<19) + `"}`, "isv.FLOW_LIMIT", aliyun.Throttled},
	} {
		t.Run(v.name, func(t *testing.T) {
			calls := 0
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				calls++
				if v.status/100 == 3 {
					w.Header().Set("Location", "/elsewhere?PhoneNoA=13900001111")
				}
				w.WriteHeader(v.status)
				io.WriteString(w, v.body)
			})
			c := newClient(t, aliyun.Options{Endpoint: s.URL})
			result, err := c.BindAxg(context.Background(), fullRequest())
			if calls != 1 {
				t.Errorf("%d requests arrived", calls)
			}
			if v.code == "" {
				if err != nil || result.SecretNo != "17100000000" || result.SubsID != "1000000763890000" {
					t.Fatalf("%+v, %v", result, err)
				}
				return
			}
			e := wantError(t, result, err, v.code, v.class, true)
			if e.HTTPStatus != v.status {
				t.Errorf("HTTP status %d, want %d", e.HTTPStatus, v.status)
			}
			if e.ServerTime.IsZero() {
				t.Error("no server time")
			}
			if v.body == refusal && v.status == 200 && (e.Message != "A 13900001111 conflicts" || e.RequestID != "F655A8D5" || e.Err != nil) {
				t.Errorf("message %q, request %q, cause %v", e.Message, e.RequestID, e.Err)
			}
		})
	}
}

// TestAnswerOfAnother: a binding on another X than was asked for is another
// call's, or none that was wanted. What the answer names is kept.
func TestAnswerOfAnother(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, bound) })
	c := newClient(t, aliyun.Options{Endpoint: s.URL})
	r := fullRequest()
	r.PhoneNoX = "17100000000"
	if _, err := c.BindAxg(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	r.PhoneNoX = "17100000009"
	result, err := c.BindAxg(context.Background(), r)
	e := wantError(t, result, err, "client.BadAnswer", aliyun.Ambiguous, true)
	if e.SubsID != "1000000763890000" || e.SecretNo != "17100000000" {
		t.Errorf("%+v", e)
	}
}

// wantError checks how a call ended, and that the error keeps people's
// numbers, keys and URLs to itself.
func wantError(t *testing.T, result *aliyun.BindAxgResult, err error, code string, class aliyun.Class, written bool) *aliyun.Error {
	t.Helper()
	var e *aliyun.Error
	if result != nil || !errors.As(err, &e) {
		t.Fatalf("%+v, %v; want an *Error", result, err)
	}
	if e.Code != code || e.Class() != class || e.Written != written || e.Action != "BindAxg" {
		t.Errorf("%v: class %v, written %v; want %s, %v, %v", e, e.Class(), e.Written, code, class, written)
	}
	texts := []string{err.Error(), fmt.Sprintf("%v %+v %s", err, err, err)}
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(cause) {
		texts = append(texts, cause.Error(), fmt.Sprintf("%+v", cause))
	}
	for _, text := range texts {
		for _, secret := range []string{"13900001111", "057188992688", "testid", "testsecret", "ACS3", "://", "PhoneNo", "elsewhere"} {
			if strings.Contains(text, secret) {
				t.Errorf("error text holds %q: %s", secret, text)
			}
		}
	}
	return e
}

// TestCutBody: the headers promise more than comes.
func TestCutBody(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, bound)
	})
	result, err := newClient(t, aliyun.Options{Endpoint: s.URL}).BindAxg(context.Background(), fullRequest())
	e := wantError(t, result, err, "client.BadAnswer", aliyun.Ambiguous, true)
	if !errors.Is(e, io.ErrUnexpectedEOF) || e.HTTPStatus != 200 {
		t.Errorf("cause %v, HTTP status %d", e.Err, e.HTTPStatus)
	}
}

// TestWire: what goes out is what was signed, byte for byte, and nothing else.
func TestWire(t *testing.T) {
	nonces := map[string]bool{}
	var key aliyun.Credential
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "POST" || r.RequestURI != "/?"+derivedQuery || r.ContentLength != 0 || r.Proto != "HTTP/1.1" {
			t.Errorf("%s %s, %d bytes, %s", r.Method, r.RequestURI, r.ContentLength, r.Proto)
		}
		h := r.Header.Clone()
		date, nonce, auth := h.Get("X-Acs-Date"), h.Get("X-Acs-Signature-Nonce"), h.Get("Authorization")
		at, err := time.Parse("2006-01-02T15:04:05Z", date)
		if err != nil || time.Since(at).Abs() > time.Minute {
			t.Errorf("date %s", date)
		}
		if len(nonce) != 32 || nonces[nonce] {
			t.Errorf("nonce %q short or used", nonce)
		}
		nonces[nonce] = true
		_, signature := aliyun.SignQuery(r.Host, "BindAxg", "2017-05-25", derivedQuery, nonce, at, key)
		if !strings.HasSuffix(auth, ",Signature="+signature) || !strings.HasPrefix(auth, "ACS3-HMAC-SHA256 Credential="+key.AccessKeyID+",SignedHeaders=host;x-acs-") {
			t.Errorf("Authorization %s, want signature %s", auth, signature)
		}
		want := http.Header{
			"Accept": {"application/json"}, "User-Agent": {"axgbind"}, "X-Acs-Action": {"BindAxg"}, "X-Acs-Version": {"2017-05-25"},
			"X-Acs-Content-Sha256": {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
			"X-Acs-Date":           {date}, "X-Acs-Signature-Nonce": {nonce}, "Authorization": {auth}, "Content-Length": {"0"},
		}
		if key.SecurityToken != "" {
			want["X-Acs-Accesskey-Id"], want["X-Acs-Security-Token"] = []string{key.AccessKeyID}, []string{key.SecurityToken}
		}
		if diff := cmp.Diff(want, h); diff != "" {
			t.Error(diff)
		}
		io.WriteString(w, bound)
	})
	for _, key = range []aliyun.Credential{testKey, {AccessKeyID: "STS.abc", AccessKeySecret: "s", SecurityToken: "sts/token+1=="}} {
		c := newClient(t, aliyun.Options{Endpoint: s.URL, Credentials: aliyun.Static(key)})
		for range 20 {
			if _, err := c.BindAxg(context.Background(), fullRequest()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for _, v := range []struct {
		api, user string
		want      time.Duration
	}{
		{"", "", 0},
		{"Limit:1,Remain:0,TimeLeft:2000,Reset:1234", "", 2 * time.Second},
		{"Limit:1,Remain:0,TimeLeft:2000,Reset:1234", "Limit:1,TimeLeft:3500", 3500 * time.Millisecond},
		{"TimeLeft: 10 ", "TimeLeft:5", 10 * time.Millisecond},
		{"TimeLeft:-5", "TimeLeft:x", 0},
		{"TimeLeft:9223372036854775807", "", time.Hour},
		{"TimeLeft:92233720368547758079", "nonsense", 0},
	} {
		h := http.Header{}
		h.Set("X-RateLimit-User-API", v.api)
		h.Set("X-RateLimit-User", v.user)
		if got := aliyun.RetryAfter(h); got != v.want {
			t.Errorf("%q, %q: %v, want %v", v.api, v.user, got, v.want)
		}
	}
}

// TestRetryAfterHeader: seconds or a date, which counts from the service's own; the longer
// of it and the quota's counts, up to an hour.
func TestRetryAfterHeader(t *testing.T) {
	const date = "Mon, 30 Nov 2026 12:00:00 GMT"
	for _, v := range []struct {
		after, date, quota string
		want               time.Duration
	}{
		{"30", "", "", 30 * time.Second},
		{" 30 ", date, "TimeLeft:2000", 30 * time.Second},
		{"1", "", "TimeLeft:2000", 2 * time.Second},
		{"-1", "", "", 0},
		{"soon", date, "", 0},
		{"99999999999999999", "", "", time.Hour},
		{"Mon, 30 Nov 2026 12:00:20 GMT", date, "", 20 * time.Second},
		{"Mon, 30 Nov 2026 11:59:00 GMT", date, "", 0},
		{"Tue, 01 Dec 2026 12:00:00 GMT", date, "", time.Hour},
		{"Mon, 30 Nov 1998 12:00:20 GMT", "", "", 0}, // by this machine's clock
	} {
		h := http.Header{}
		h.Set("Retry-After", v.after)
		h.Set("Date", v.date)
		h.Set("X-RateLimit-User-API", v.quota)
		if got := aliyun.RetryAfter(h); got != v.want {
			t.Errorf("%q at %q, %q: %v, want %v", v.after, v.date, v.quota, got, v.want)
		}
	}
}

// TestOdd: an answer of something in between is described, on one line, without numbers,
// keys and addresses, and reads back.
func TestOdd(t *testing.T) {
	for _, v := range []struct {
		status     int
		kind, body string
		want       string
	}{
		{502, "text/html; charset=utf-8", "<html>\r\n<head><title>502 Bad Gateway</title></head>", `HTTP 502, text/html, begins "<html> <head><title>502 Bad Gateway</title></head>"`},
		{200, "text/html", "<p>calls of 13800138000, 138-0013-8000 and 138 0013 8000", `HTTP 200, text/html, begins "<p>calls of (number), (number) and (number)"`},
		{200, "application/json", `{"key":"LTAI5tAbCdEfGhIjKlMn","at":"https://me:pw@example.com/?A=1"}`, `HTTP 200, application/json, begins "{"key":"(key)","at":"(URL)"}"`},
		{302, "text/html", strings.Repeat("中", 100), `HTTP 302, text/html, begins "` + strings.Repeat("中", 77) + `..."`},
		{429, "text/plain", " slow\x00 down \xff\xfe ", `HTTP 429, text/plain, begins "slow down"`},
		{503, "text/plain", "", "HTTP 503, text/plain, empty"},
		{200, "13800138000 \"; x", "{}", `HTTP 200, begins "{}"`},
	} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", v.kind)
			w.WriteHeader(v.status)
			io.WriteString(w, v.body)
		})
		result, err := newClient(t, aliyun.Options{Endpoint: s.URL}).BindAxg(context.Background(), fullRequest())
		e := wantError(t, result, err, "client.BadAnswer", aliyun.Ambiguous, true)
		if e.Message != v.want {
			t.Errorf("%q, want %q", e.Message, v.want)
		}
		if strings.Contains(err.Error(), "html") {
			t.Errorf("the error quotes the answer: %v", err)
		}
		if o, ok := aliyun.ParseOddAnswer(e.Message); !ok || o.Status != v.status {
			t.Errorf("%q reads back as %+v", e.Message, o)
		}
	}
	if o, ok := aliyun.ParseOddAnswer("the number is busy"); ok {
		t.Errorf("that reads as %+v", o)
	}
}

func TestThrottledSaysHowLong(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-RateLimit-User-API", "Limit:1,Remain:0,TimeLeft:2000,Reset:1234")
		w.WriteHeader(400)
		io.WriteString(w, `{"Code":"Throttling.Api"}`)
	})
	result, err := newClient(t, aliyun.Options{Endpoint: s.URL}).BindAxg(context.Background(), fullRequest())
	if e := wantError(t, result, err, "Throttling.Api", aliyun.Throttled, true); e.RetryAfter != 2*time.Second {
		t.Errorf("retry after %v", e.RetryAfter)
	}
}

// scanned are bodies, and whether they are of the usual form, which is read
// without encoding/json.
var scanned = map[string]bool{
	bound: true,
	`{"RequestId":"F655A8D5","Code":"isv.BIND_CONFLICT","Message":"冲突","SecretBindDTO":{}}`:                   true,
	`{"RequestId":"R","HostId":"x","Code":"Throttling.User","Message":"denied","Recommend":"https://x"}`:      true,
	" { \"Code\" : \"OK\" ,\n\"SecretBindDTO\":{\"Extension\":\"\",\"SecretNo\":\"1\",\"SubsId\":\"2\"} } \n": true,
	`{"Code":"OK","Code":"isv.X"}`: false, `{"Code":"OK","SecretBindDTO":{},"SecretBindDTO":{}}`: false,
	`{"Code":"OK","HostId":"x","HostId":"x"}`: false, `{"Code":"OK","SecretBindDTO":{"SubsId":"1","SubsId":"1"}}`: false,
	`{"Code":"OK","What":"x"}`: false, `{"Code":"OK","SecretNo":"1"}`: false,
	`{"Code":"client.NotSent"}`: true, `{"Code":"O K"}`: true, `{"Code":"OK","SubsId":"1a"}`: true,
	`{}`:                                true,
	`{"Code":"OK","Message":"a\u0041"}`: false,
	`{"Code":"OK","SecretBindDTO":{"SubsId":1}}`:    false,
	`{"Code":"OK","subsid":"1"}`:                    false,
	`{"Code":"OK","\u0053ubsId":"1"}`:               false,
	`{"Code":"OK","ſubsId":"1"}`:                    false,
	`{"Code":"OK","SecretBindDTO":{"code":"X"}}`:    false,
	`{"Code":"OK","SecretNoInfoDTO":{"City":"北京"}}`: false,
	`{"Code":"OK","SecretBindDTO":null}`:            false,
	`{"Code":"OK","SecretBindDTO":"none"}`:          false,
	`{"Code":"OK",}`:                                false,
	`{"Code":"OK"} x`:                               false,
	"{\"Code\":\"OK\",\"Message\":\"a\xff\"}":       false,
	"{\"Code\":\"OK\",\"Message\":\"a\nb\"}":        false,
	`{"Code"`:                                       false, `{"Code":`: false, `{"Code":"OK"`: false, `{"Code":"OK"]`: false, `[]`: false, ``: false,
}

// TestScan: the usual answers take the quick way, and both ways come to the same.
func TestScan(t *testing.T) {
	for body, want := range scanned {
		quick, slow, usual := aliyun.BothWays([]byte(body))
		if usual != want || usual && quick != slow {
			t.Errorf("%q: usual %v, want %v; scanned %s, decoded %s", body, usual, want, quick, slow)
		}
	}
}

// FuzzParseAnswer: no body makes the parser panic, take an answer without a
// Code or with one twice, take ids outside their alphabet, contradict itself, or
// read in one way otherwise than in the other.
func FuzzParseAnswer(f *testing.F) {
	files, err := filepath.Glob("testdata/answers/*")
	if err != nil || len(files) == 0 {
		f.Fatal("no recorded answers", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for body := range scanned {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if quick, slow, usual := aliyun.BothWays(body); usual && quick != slow {
			t.Errorf("%q: scanned %s, decoded %s", body, quick, slow)
		}
		a, err := aliyun.ParseAnswer(body)
		if err != nil {
			if a != (aliyun.ParsedAnswer{}) {
				t.Errorf("error and answer: %+v, %v", a, err)
			}
			return
		}
		ids := regexp.MustCompile(`^[0-9]{0,40}$`)
		if !regexp.MustCompile(`^[A-Za-z0-9._-]+$`).MatchString(a.Code) || !regexp.MustCompile(`^[A-Za-z0-9-]*$`).MatchString(a.RequestID) ||
			!ids.MatchString(a.SubsID) || !ids.MatchString(a.SecretNo) {
			t.Errorf("codes or ids outside their alphabet: %+v", a)
		}
		open, rest, _ := bytes.Cut(body, []byte("{"))
		for _, again := range []string{`{"Code":"OK",`, `{"code":"OK",`, `{"Code":null,`} {
			if twice, err := aliyun.ParseAnswer(append(append(slices.Clone(open), again...), rest...)); err == nil {
				t.Errorf("taken with a Code twice: %+v", twice)
			}
		}
		if again, err := aliyun.ParseAnswer(body); again != a || err != nil {
			t.Errorf("parsed again: %+v, %v; first %+v", again, err, a)
		}
	})
}
