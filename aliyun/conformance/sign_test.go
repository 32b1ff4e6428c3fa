package conformance_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// sent is a request as a server sees it.
type sent struct {
	method, target, path, host string
	query                      url.Values
	header                     http.Header
	body                       string
}

// recorder answers every request alike and keeps the last one.
func recorder(tb testing.TB) (*stage, *sent) {
	tb.Helper()
	last := new(sent)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		*last = sent{r.Method, r.RequestURI, r.URL.Path, r.Host, query, r.Header.Clone(), string(body)}
		w.Header().Set("Content-Type", "application/json;charset=utf-8")
		io.WriteString(w, `{"RequestId":"R","Code":"OK","Message":"OK","SecretBindDTO":{"SecretNo":"17100000000","SubsId":"1000000000000001"}}`)
	}))
	tb.Cleanup(s.Close)
	return &stage{url: s.URL, host: strings.TrimPrefix(s.URL, "http://")}, last
}

// text draws values that signatures trip over: reserved characters, Chinese,
// bytes that are no UTF-8, nothing at all, and a lot.
func text() *rapid.Generator[string] {
	reserved := rapid.StringOfN(rapid.RuneFrom([]rune(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\x00\t\n\r")), 0, 40, -1)
	chinese := rapid.StringOfN(rapid.RuneFrom([]rune("北京上海广州深圳客服测试，。（）　𠮷")), 0, 40, -1)
	digits := rapid.StringMatching(`[0-9]{0,20}`)
	encoded := rapid.StringMatching(`(%[0-9A-Fa-f]{2}|\+|%|=|&|~|[a-z]){0,12}`)
	bytes := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 30).Draw(t, "bytes")) })
	long := rapid.Custom(func(t *rapid.T) string {
		return strings.Repeat(chinese.Draw(t, "part")+reserved.Draw(t, "part"), rapid.IntRange(1, 60).Draw(t, "times"))
	})
	return rapid.OneOf(rapid.Just(""), digits, reserved, chinese, encoded, rapid.String(), bytes, long)
}

func maybe(t *rapid.T, label string) *bool {
	return rapid.SampledFrom([]*bool{nil, new(bool), func() *bool { b := true; return &b }()}).Draw(t, label)
}

// draw draws a request of ours, and says by itself what its parameters are.
func draw(t *rapid.T) (*aliyun.BindAxgRequest, map[string]string) {
	zone := time.FixedZone("", rapid.IntRange(-12*3600, 14*3600).Draw(t, "zone"))
	r := &aliyun.BindAxgRequest{
		PoolKey: text().Draw(t, "PoolKey"), PhoneNoA: text().Draw(t, "A"), PhoneNoB: text().Draw(t, "B"), PhoneNoX: text().Draw(t, "X"),
		GroupID: rapid.Int64().Draw(t, "GroupId"), ExpectCity: text().Draw(t, "City"), OutID: text().Draw(t, "OutId"), OutOrderID: text().Draw(t, "OutOrderId"),
		CallDisplayType: rapid.IntRange(-1, 3).Draw(t, "CallDisplayType"), CallRestrict: text().Draw(t, "CallRestrict"),
		ASRModelID: text().Draw(t, "ASRModelId"), RingConfig: text().Draw(t, "RingConfig"),
		IsRecordingEnabled: maybe(t, "IsRecordingEnabled"), ASRStatus: maybe(t, "ASRStatus"),
	}
	if rapid.Bool().Draw(t, "has Expiration") {
		r.Expiration = time.Unix(rapid.Int64Range(0, 4102444800).Draw(t, "Expiration"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).In(zone)
	}
	p := map[string]string{
		"PoolKey": r.PoolKey, "PhoneNoA": r.PhoneNoA, "PhoneNoB": r.PhoneNoB, "PhoneNoX": r.PhoneNoX, "ExpectCity": r.ExpectCity, "OutId": r.OutID,
		"OutOrderId": r.OutOrderID, "CallRestrict": r.CallRestrict, "ASRModelId": r.ASRModelID, "RingConfig": r.RingConfig,
	}
	if r.GroupID != 0 {
		p["GroupId"] = strconv.FormatInt(r.GroupID, 10)
	}
	if r.CallDisplayType != 0 {
		p["CallDisplayType"] = strconv.Itoa(r.CallDisplayType)
	}
	if r.IsRecordingEnabled != nil {
		p["IsRecordingEnabled"] = strconv.FormatBool(*r.IsRecordingEnabled)
	}
	if r.ASRStatus != nil {
		p["ASRStatus"] = strconv.FormatBool(*r.ASRStatus)
	}
	if !r.Expiration.IsZero() {
		p["Expiration"] = inBeijing(r.Expiration)
	}
	maps.DeleteFunc(p, func(_, value string) bool { return value == "" }) // absent and empty are one to us
	return r, p
}

// TestOurRequestIsTheSDKs sends a call by our client and looks at what
// arrives; then has the SDK send the same parameters, with our nonce and our
// date in place of its own. The two requests must agree in everything that is
// signed, and in the signature.
func TestOurRequestIsTheSDKs(t *testing.T) {
	st, last := recorder(t)
	tokens := rapid.StringMatching(`[A-Za-z0-9+/=._~-]{1,80}`)
	rapid.Check(t, func(rt *rapid.T) {
		key := aliyun.Credential{
			AccessKeyID:     rapid.StringMatching(`[A-Za-z0-9.]{1,30}`).Draw(rt, "id"),
			AccessKeySecret: rapid.StringMatching(`[ -~]{1,200}`).Draw(rt, "secret"),
		}
		if rapid.Bool().Draw(rt, "sts") {
			key.SecurityToken = tokens.Draw(rt, "token")
		}
		r, params := draw(rt)
		c, err := aliyun.New(aliyun.Options{Endpoint: st.url, Credentials: aliyun.Static(key)})
		if err != nil {
			rt.Fatal(err)
		}
		defer c.Close()
		if _, err := c.BindAxg(context.Background(), r); err != nil && r.PhoneNoX == "" { // the answer is always of one X
			rt.Fatal(err)
		}
		ours := *last
		_, err = newGeneric(t, st, genericOptions{key: key, bareKey: true}).call(genericCall{action: "BindAxg", query: params, headers: map[string]string{
			"x-acs-date":            ours.header.Get("x-acs-date"),
			"x-acs-signature-nonce": ours.header.Get("x-acs-signature-nonce"),
		}})
		if err != nil {
			rt.Fatal(err)
		}
		theirs := *last
		if ours.method != theirs.method || ours.path != theirs.path || ours.host != theirs.host || ours.body != theirs.body {
			rt.Fatalf("ours %s %s %s %q, theirs %s %s %s %q", ours.method, ours.host, ours.path, ours.body, theirs.method, theirs.host, theirs.path, theirs.body)
		}
		if diff := cmp.Diff(theirs.query, ours.query); diff != "" {
			rt.Fatalf("parameters (theirs, ours):\n%s", diff)
		}
		if diff := cmp.Diff(signedHeaders(theirs.header), signedHeaders(ours.header)); diff != "" {
			rt.Fatalf("headers (theirs, ours):\n%s\nour query: %s", diff, ours.target)
		}
	})
}

// signedHeaders is all of a header that a signature covers or consists of.
func signedHeaders(h http.Header) map[string][]string {
	m := map[string][]string{}
	for name, values := range h {
		if n := strings.ToLower(name); strings.HasPrefix(n, "x-acs-") || n == "authorization" || n == "content-type" || n == "accept" {
			m[n] = values
		}
	}
	return m
}

// TestSimulatorAcceptsWhatSDKsSign has the SDKs send any parameters, by either
// signature: whatever the simulator says to them, it finds them well signed.
// Names are plain: the generic SDK does not escape them in what it signs by
// V3, as the published rules ask, so one of its calls with a parameter
// "a b" cannot verify anywhere.
func TestSimulatorAcceptsWhatSDKsSign(t *testing.T) {
	st := newStage(t, simulator.Options{Numbers: 10}, false)
	clients := map[string]*generic{}
	for name, key := range map[string]aliyun.Credential{"key": lasting, "sts": temporary} {
		clients["V3/"+name] = newGeneric(t, st, genericOptions{key: key})
		clients["V1/"+name] = newGeneric(t, st, genericOptions{key: key, v1: true})
	}
	common := map[string]bool{"Action": true, "Version": true, "Format": true, "AccessKeyId": true, "Signature": true, "SignatureMethod": true,
		"SignatureVersion": true, "SignatureNonce": true, "Timestamp": true, "SecurityToken": true, "SignatureType": true, "BearerToken": true, "PhoneNoX": true}
	names := rapid.StringMatching(`[A-Za-z0-9._-]{1,40}`).Filter(func(s string) bool { return !common[s] })
	rapid.Check(t, func(rt *rapid.T) {
		params := rapid.MapOfN(names, text(), 0, 12).Draw(rt, "parameters")
		c := genericCall{action: "QuerySubsId", method: rapid.SampledFrom([]string{"POST", "GET"}).Draw(rt, "method"), query: params}
		which := rapid.SampledFrom([]string{"V3/key", "V3/sts", "V1/key", "V1/sts"}).Draw(rt, "client")
		params["PoolKey"] = simulator.PoolKey
		code, status := end(clients[which].call(c))
		if code != "MissingPhoneNoX" || status != 400 {
			rt.Fatalf("%s %s: %d %s", which, c.method, status, code)
		}
	})
}

// TestFormsSignedByTheSDK does the same with parameters in a form. Values are
// UTF-8 here: the SDK makes JSON of a form before it signs, which other bytes
// do not survive.
func TestFormsSignedByTheSDK(t *testing.T) {
	st := newStage(t, simulator.Options{Numbers: 10}, false)
	v3 := newGeneric(t, st, genericOptions{key: temporary})
	v1 := newGeneric(t, st, genericOptions{key: temporary, v1: true})
	rapid.Check(t, func(rt *rapid.T) {
		form := rapid.MapOfN(rapid.StringMatching(`[A-Z][A-Za-z.0-9]{3,12}\.x`), rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("北京 *~+%&=()!'")))), 1, 8).Draw(rt, "form")
		g := rapid.SampledFrom([]*generic{v3, v1}).Draw(rt, "client")
		form["PoolKey"] = simulator.PoolKey
		if code, status := end(g.call(genericCall{action: "QuerySubsId", form: form})); code != "MissingPhoneNoX" || status != 400 {
			rt.Fatalf("V1 %v: %d %s", g == v1, status, code)
		}
	})
}
