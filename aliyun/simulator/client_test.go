package simulator_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"axgbind/aliyun/simulator"
)

// What the vendor's clients do on the wire, as 23 runs of them showed, and this
// package's other tests do not: each is taken.
func TestHabitsOfRealClients(t *testing.T) {
	bind := call{action: "BindAxg", query: bindQuery("OutId", "row ~1 *", "IsRecordingEnabled", "True")}
	v1 := func(edit ...func(url.Values)) *http.Request { return testKey.v1(bind, edit...) }
	rewrite := func(r *http.Request, change func(string) string) *http.Request {
		r.URL.RawQuery = change(r.URL.RawQuery)
		return r
	}
	unsorted := func(q string) string {
		parts := strings.Split(q, "&")
		slices.Reverse(parts)
		return strings.Join(parts, "&")
	}
	spaces := func(q string) string { return strings.ReplaceAll(q, "+", "%20") }
	tildes := func(q string) string { return strings.ReplaceAll(q, "~", "%7E") }
	allForm := func(r *http.Request) *http.Request {
		body := []byte(tildes(r.URL.RawQuery))
		r.URL.RawQuery = ""
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
		return r
	}
	repeated := call{action: "BindAxg", noHost: true, query: bindQuery("Action", "BindAxg", "Version", "2017-05-25", "Format", "JSON")}
	for name, req := range map[string]func() *http.Request{
		"space as +":           func() *http.Request { return v1() },
		"space as %20":         func() *http.Request { return rewrite(v1(), spaces) },
		"tilde as %7E":         func() *http.Request { return rewrite(v1(), tildes) },
		"unsorted query":       func() *http.Request { return rewrite(v1(), unsorted) },
		"V3 space as +, %7E":   func() *http.Request { return rewrite(testKey.v3(bind), tildes) },
		"V3 unsorted query":    func() *http.Request { return rewrite(testKey.v3(bind), unsorted) },
		"ServiceCode":          func() *http.Request { return v1(set("ServiceCode", "dypls")) },
		"empty SignatureType":  func() *http.Request { return v1(func(q url.Values) { q["SignatureType"] = []string{""} }) },
		"everything in a form": func() *http.Request { return allForm(v1()) },
		"the same, and more": func() *http.Request {
			return allForm(v1(set("ServiceCode", "dypls"), func(q url.Values) { q["SignatureType"] = []string{""} }))
		},
		"V3 without host":             func() *http.Request { return testKey.v3(call{action: "BindAxg", query: bind.query, noHost: true}) },
		"V3 with the action, no host": func() *http.Request { return testKey.v3(repeated) },
		"V3 form without host":        func() *http.Request { return testKey.v3(call{action: "BindAxg", form: bind.query, noHost: true}) },
	} {
		s := newService(t, simulator.Options{Numbers: 1})
		if a := serve(t, s, req()); a.Code != "OK" {
			t.Errorf("%s: %d %s %s", name, a.Status, a.Code, a.Message)
			continue
		}
		if out := s.Bindings()[0].OutId; out != "row ~1 *" && !strings.Contains(name, "the action") {
			t.Errorf("%s: OutId %q", name, out)
		}
	}
}
