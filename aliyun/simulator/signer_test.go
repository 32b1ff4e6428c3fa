package simulator_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// signer is a third writing-down of the wire, the slow and obvious one.
type signer struct {
	id, secret, token string
}

var testKey = signer{id: "testid", secret: "testsecret"}

var nonceCount atomic.Int64

func freshNonce() string { return fmt.Sprintf("nonce-%020d", nonceCount.Add(1)) }

func escape(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
}

func canonical(v url.Values) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		for _, value := range slices.Sorted(slices.Values(v[name])) {
			parts = append(parts, escape(name)+"="+escape(value))
		}
	}
	return strings.Join(parts, "&")
}

func hexSHA256(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// call is one request to be signed.
type call struct {
	method  string // "" is POST
	host    string // "" is dyplsapi.aliyuncs.com
	action  string
	version string    // "" is 2017-05-25
	at      time.Time // zero is now
	nonce   string    // "" is a fresh one
	query   url.Values
	form    url.Values
	noHost  bool // V3: host is not signed
}

func (c call) withDefaults() call {
	if c.method == "" {
		c.method = http.MethodPost
	}
	if c.host == "" {
		c.host = "dyplsapi.aliyuncs.com"
	}
	if c.version == "" {
		c.version = "2017-05-25"
	}
	if c.at.IsZero() {
		c.at = time.Now()
	}
	if c.nonce == "" {
		c.nonce = freshNonce()
	}
	return c
}

// v3 signs with ACS3-HMAC-SHA256. edit, if not nil, changes the request
// before it is signed.
func (s signer) v3(c call, edit ...func(*http.Request)) *http.Request {
	c = c.withDefaults()
	body := []byte(c.form.Encode())
	r, err := http.NewRequest(c.method, "http://"+c.host+"/?"+c.query.Encode(), bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	if len(c.form) > 0 {
		body = []byte(canonical(c.form))
		r, _ = http.NewRequest(c.method, r.URL.String(), bytes.NewReader(body))
		r.Header.Set("content-type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("x-acs-action", c.action)
	r.Header.Set("x-acs-version", c.version)
	r.Header.Set("x-acs-date", c.at.UTC().Format("2006-01-02T15:04:05Z"))
	r.Header.Set("x-acs-signature-nonce", c.nonce)
	r.Header.Set("x-acs-content-sha256", hexSHA256(body))
	if s.token != "" {
		r.Header.Set("x-acs-accesskey-id", s.id)
		r.Header.Set("x-acs-security-token", s.token)
	}
	for _, e := range edit {
		e(r)
	}
	var lines []string
	if !c.noHost {
		lines = append(lines, "host:"+c.host)
	}
	for name, v := range r.Header {
		if n := strings.ToLower(name); strings.HasPrefix(n, "x-acs-") || n == "content-type" {
			lines = append(lines, n+":"+strings.TrimSpace(v[0]))
		}
	}
	slices.Sort(lines)
	var names []string
	for _, l := range lines {
		names = append(names, strings.SplitN(l, ":", 2)[0])
	}
	signed := strings.Join(names, ";")
	text := strings.Join([]string{c.method, "/", canonical(r.URL.Query()), strings.Join(lines, "\n") + "\n", signed, hexSHA256(body)}, "\n")
	m := hmac.New(sha256.New, []byte(s.secret))
	m.Write([]byte("ACS3-HMAC-SHA256\n" + hexSHA256([]byte(text))))
	r.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential="+s.id+",SignedHeaders="+signed+",Signature="+hex.EncodeToString(m.Sum(nil)))
	return r
}

// v1 signs with HMAC-SHA1. The common parameters go into the query.
func (s signer) v1(c call, edit ...func(url.Values)) *http.Request {
	c = c.withDefaults()
	q := url.Values{}
	for k, v := range c.query {
		q[k] = v
	}
	q.Set("Action", c.action)
	q.Set("Version", c.version)
	q.Set("AccessKeyId", s.id)
	q.Set("SignatureMethod", "HMAC-SHA1")
	q.Set("SignatureVersion", "1.0")
	q.Set("SignatureNonce", c.nonce)
	q.Set("Timestamp", c.at.UTC().Format("2006-01-02T15:04:05Z"))
	if !q.Has("Format") {
		q.Set("Format", "JSON")
	}
	if s.token != "" {
		q.Set("SecurityToken", s.token)
	}
	for _, e := range edit {
		e(q)
	}
	all := url.Values{}
	for _, m := range []url.Values{q, c.form} {
		for k, v := range m {
			all[k] = v
		}
	}
	m := hmac.New(sha1.New, []byte(s.secret+"&"))
	m.Write([]byte(c.method + "&%2F&" + escape(canonical(all))))
	q.Set("Signature", base64.StdEncoding.EncodeToString(m.Sum(nil)))
	r, err := http.NewRequest(c.method, "http://"+c.host+"/?"+q.Encode(), strings.NewReader(c.form.Encode()))
	if err != nil {
		panic(err)
	}
	if len(c.form) > 0 {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

// reply is every field that an answer may have.
type reply struct {
	Status int    `json:"-" xml:"-"`
	Root   string `json:"-" xml:"-"` // of XML; "" is JSON

	RequestId, HostId, Code, Message, Recommend string

	ChargeId        *string
	SecretBindDTO   *struct{ SecretNo, SubsId string }
	SubsId          *string
	GroupId         *int64
	SecretNoInfoDTO *struct {
		SecretStatus, CertifyStatus, Vendor int
		Province, City, PurchaseTime        string
	}
	SecretBindDetailDTO *struct {
		SubsId, PhoneNoA, PhoneNoB, PhoneNoX, ExpireDate, GmtCreate, CallRestrict, ASRModelId string
		GroupId                                                                               int64
		Status                                                                                int
		NeedRecord, ASRStatus                                                                 bool
	}
}

func decode(tb testing.TB, resp *http.Response) reply {
	tb.Helper()
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatalf("reading the answer: %v", err)
	}
	var a reply
	if resp.Header.Get("Content-Type") == "text/xml;charset=utf-8" {
		root := struct{ XMLName xml.Name }{}
		if err := errors.Join(xml.Unmarshal(text, &root), xml.Unmarshal(text, &a)); err != nil {
			tb.Fatalf("answer %d %q: %v", resp.StatusCode, text, err)
		}
		a.Root = root.XMLName.Local
	} else if err := json.Unmarshal(text, &a); err != nil {
		tb.Fatalf("answer %d %q: %v", resp.StatusCode, text, err)
	}
	a.Status = resp.StatusCode
	return a
}

// serve plays a request without any connection.
func serve(tb testing.TB, s *simulator.Service, r *http.Request) reply {
	tb.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return decode(tb, w.Result())
}

func newService(tb testing.TB, o simulator.Options) *simulator.Service {
	tb.Helper()
	s, err := simulator.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// bindQuery returns the parameters of a good BindAxg with those given as
// name, value pairs changed; a blank value removes.
func bindQuery(change ...string) url.Values {
	q := url.Values{
		"PoolKey": {simulator.PoolKey}, "PhoneNoA": {"13800138000"}, "GroupId": {"2000000000001"},
		"Expiration": {time.Now().Add(time.Hour).In(time.FixedZone("", 8*3600)).Format("2006-01-02 15:04:05")},
	}
	for i := 0; i < len(change); i += 2 {
		q.Set(change[i], change[i+1])
		if change[i+1] == "" {
			q.Del(change[i])
		}
	}
	return q
}

func bindCall(change ...string) *http.Request {
	return testKey.v3(call{action: "BindAxg", query: bindQuery(change...)})
}

func look(action string, pairs ...string) *http.Request {
	q := url.Values{"PoolKey": {simulator.PoolKey}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		}
	}
	return testKey.v3(call{action: action, query: q})
}
