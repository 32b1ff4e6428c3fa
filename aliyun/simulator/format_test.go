package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"axgbind/aliyun/simulator"
)

func TestFormats(t *testing.T) {
	fault := simulator.Fault{Kind: "code:Throttling.User", Action: "QuerySubsId", P: 1}
	bind := call{action: "BindAxg", query: bindQuery()}
	accept := func(value string) func(*http.Request) { return header("accept", value) }
	v3 := func(c call, edit ...func(*http.Request)) func() *http.Request {
		return func() *http.Request { return testKey.v3(c, edit...) }
	}
	v1 := func(c call, edit ...func(url.Values)) func() *http.Request {
		return func() *http.Request { return testKey.v1(c, edit...) }
	}
	bad := call{action: "BindAxg", query: bindQuery("GroupId", "x")}
	for _, tt := range []struct {
		name string
		req  func() *http.Request
		xml  string // the root; "" is JSON
		same bool   // whatever Options.DefaultFormat says
		code string
	}{
		{"V3 no accept", v3(bind), "BindAxgResponse", false, "OK"},
		{"V3 json", v3(bind, accept("application/json")), "", true, "OK"},
		{"V3 xml", v3(bind, accept("application/xml")), "BindAxgResponse", true, "OK"},
		{"V3 text/xml", v3(bind, accept("text/xml; charset=utf-8, application/json")), "BindAxgResponse", true, "OK"},
		{"V3 anything", v3(bind, accept("*/*")), "BindAxgResponse", false, "OK"},
		{"V3 anything else", v3(bind, accept("text/html")), "BindAxgResponse", false, "OK"},
		{"V3 list", v3(bind, accept("text/html, application/json;q=0.9, application/xml;q=0.8")), "", true, "OK"},
		{"V3 xml, refused by the product", v3(bad, accept("application/xml")), "BindAxgResponse", true, "isv.ILLEGAL_ARGUMENT"},
		{"V3 xml, refused by the gateway", v3(call{action: "BindAxx"}, accept("application/xml")), "Error", true, "InvalidApi.NotFound"},
		{"V3 Format is no business of its", v3(call{action: "BindAxg", query: bindQuery("Format", "XML")}), "BindAxgResponse", false, "OK"},
		{"V3 xml, a fault", v3(call{action: "QuerySubsId", query: bindQuery("PhoneNoX", "17100000000")}, accept("application/xml")), "Error", true, "Throttling.User"},
		{"V1 no Format", v1(bind, set("Format", "")), "BindAxgResponse", false, "OK"},
		{"V1 JSON", v1(bind, set("Format", "JSON")), "", true, "OK"},
		{"V1 json", v1(bind, set("Format", "json")), "", true, "OK"},
		{"V1 XML", v1(bind, set("Format", "XML")), "BindAxgResponse", true, "OK"},
		{"V1 xml, refused by the product", v1(bad, set("Format", "xml")), "BindAxgResponse", true, "isv.ILLEGAL_ARGUMENT"},
		{"V1 XML, refused by the gateway", v1(bind, set("Format", "XML"), set("SignatureVersion", "9")), "Error", true, "InvalidSignatureVersion"},
		{"V1 Format in a form", v1(call{action: "BindAxg", form: bindQuery("Format", "XML")}, func(q url.Values) { q.Del("Format") }), "BindAxgResponse", true, "OK"},
		{"no signature at all", func() *http.Request { return httptest.NewRequest("GET", "/", nil) }, "Error", false, "MissingAction"},
		{"wrong path", func() *http.Request { return httptest.NewRequest("GET", "/x", nil) }, "Error", false, "InvalidApi.NotFound"},
	} {
		for _, format := range []string{"", "JSON", "XML"} {
			s := newService(t, simulator.Options{Numbers: 10, DefaultFormat: format, Faults: []simulator.Fault{fault}})
			want := tt.xml
			if !tt.same && format != "XML" {
				want = ""
			}
			if a := serve(t, s, tt.req()); a.Root != want || a.Code != tt.code || a.RequestId == "" || (a.HostId == "") != (tt.code == "OK" || strings.HasPrefix(tt.code, "isv.")) {
				t.Errorf("%s, default %q: root %q, %+v, want root %q, %s", tt.name, format, a.Root, a, want, tt.code)
			}
		}
	}
}

// Every action says the same in both forms.
func TestXMLHoldsWhatJSONHolds(t *testing.T) {
	s := newService(t, simulator.Options{Numbers: 10})
	xml := header("accept", "application/xml")
	x := func(action string, pairs ...string) reply {
		a := serve(t, s, testKey.v3(call{action: action, query: look(action, pairs...).URL.Query()}, xml))
		if a.Root != action+"Response" || a.Code != "OK" || a.Message != "OK" {
			t.Errorf("%s: root %q, %s %q", action, a.Root, a.Code, a.Message)
		}
		return a
	}
	b := serve(t, s, testKey.v3(call{action: "BindAxg", query: bindQuery("PhoneNoB", "13900001111")}, xml))
	if b.Root != "BindAxgResponse" || b.SecretBindDTO == nil || len(b.SecretBindDTO.SubsId) != 16 || len(b.SecretBindDTO.SecretNo) != 11 {
		t.Fatalf("%+v", b)
	}
	subs, no := b.SecretBindDTO.SubsId, b.SecretBindDTO.SecretNo
	if a := x("QuerySubsId", "PhoneNoX", no); a.SubsId == nil || *a.SubsId != subs {
		t.Errorf("%+v", a)
	}
	if d := x("QuerySubscriptionDetail", "PhoneNoX", no, "SubsId", subs).SecretBindDetailDTO; d == nil || d.PhoneNoA != "13800138000" || d.PhoneNoB != "13900001111" ||
		d.GroupId != 2000000000001 || d.Status != 1 || d.NeedRecord {
		t.Errorf("%+v", d)
	}
	if i := x("QuerySecretNoDetail", "SecretNo", no).SecretNoInfoDTO; i == nil || i.SecretStatus != 1 || i.City == "" {
		t.Errorf("%+v", i)
	}
	if a := x("CreateAxgGroup", "Name", "<&>"); a.GroupId == nil || *a.GroupId <= 0 {
		t.Errorf("%+v", a)
	}
	x("OperateAxgGroup", "GroupId", "1", "OperateType", "addNumbers", "Numbers", "13900001111")
	x("UpdateSubscription", "PhoneNoX", no, "SubsId", subs, "OperateType", "updateOutId", "OutId", "<o>")
	x("UnbindSubscription", "SecretNo", no, "SubsId", subs)
}
