package simulator_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
)

// What a first contact with the service looks at: each switch, named as on the
// command line, changes one answer of one life of a binding and leaves the others.
func TestAssumptionsOnTheWire(t *testing.T) {
	life := func(t *testing.T, assume ...string) map[string]string {
		var o simulator.Options
		for _, text := range assume {
			if err := o.Assume(text); err != nil {
				t.Fatal(err)
			}
		}
		o.Numbers, o.Instance = 2, "0123456789abcdef"
		s := newService(t, o)
		seen := map[string]string{}
		see := func(step, action string, pairs ...string) {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, look(action, pairs...))
			_, text, _ := strings.Cut(w.Body.String(), `","`) // behind the RequestId
			if _, none := w.Result().Header["Date"]; none {
				text = "no date: " + text // a ResponseRecorder adds none by itself
			}
			seen[step] = strings.TrimSpace(text)
		}
		const x, id = "17100000000", "1000000000000001"
		serve(t, s, bindCall("PhoneNoX", x, "PhoneNoB", "057188992688"))
		see("free", "QuerySubsId", "PhoneNoX", "17100000001")
		see("id", "QuerySubsId", "PhoneNoX", x)
		see("detail", "QuerySubscriptionDetail", "SubsId", id, "PhoneNoX", x)
		see("number", "QuerySecretNoDetail", "SecretNo", x)
		see("release", "UnbindSubscription", "SubsId", id, "SecretNo", x)
		see("ended", "QuerySubscriptionDetail", "SubsId", id, "PhoneNoX", x)
		see("again", "UnbindSubscription", "SubsId", id, "SecretNo", x)
		see("update", "UpdateSubscription", "SubsId", id, "PhoneNoX", x, "OperateType", "updateOutId", "OutId", "o")
		return seen
	}
	for _, tt := range []struct {
		assume string
		steps  string // those whose answers change
		from   string // in the first of them; "" is all of it
		to     string // what stands there instead
	}{
		{"free-x=null", "free", `"SubsId":""`, `"SubsId":null`},
		{"free-x=absent", "free", `,"SubsId":""`, ``},
		{"free-x=isv.SUBS_NOT_EXIST", "free", `OK","Message":"OK","SubsId":""`, `isv.SUBS_NOT_EXIST","Message":"绑定关系不存在"`},
		{"ended-detail=isv.SUBS_NOT_EXIST", "ended", ``, `Code":"isv.SUBS_NOT_EXIST","Message":"绑定关系不存在"}`},
		{"detail-hides=PhoneNoA", "detail ended", `"PhoneNoA":"13800138000",`, ``},
		{"detail-hides=PhoneNoB,GroupId", "detail ended", `"PhoneNoB":"057188992688","PhoneNoX":"17100000000","GroupId":2000000000001`, `"PhoneNoX":"17100000000"`},
		{"detail-hides=ExpireDate", "detail ended", `"ExpireDate":"2000-01-01 09:00:00",`, ``},
		{"detail-hides=Status", "detail ended", `"Status":1,`, ``},
		{"created-utc", "detail ended", `"GmtCreate":"2000-01-01 08:00:00"`, `"GmtCreate":"2000-01-01 00:00:00"`},
		{"status-turned", "detail ended", `"Status":1`, `"Status":0`},
		{"status-turned=true", "ended detail", `"Status":0`, `"Status":1`},
		{"old-unbind", "again", ``, `Code":"isv.ILLEGAL_ARGUMENT","Message":"subs not exist"}`},
		{"lapsed-update=isv.SUBS_NOT_EXIST", "update", ``, `Code":"isv.SUBS_NOT_EXIST","Message":"绑定关系不存在"}`},
		{"uncertified", "number", `"CertifyStatus":1`, `"CertifyStatus":0`},
		{"no-date", "free id detail number release ended again update", `Code"`, `no date: Code"`},
		{"same-a=conflict", "", ``, ``},
		{"old-unbind=false", "", ``, ``},
	} {
		t.Run(tt.assume, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				was := life(t)
				for step, text := range life(t, tt.assume) {
					at := slices.Index(strings.Fields(tt.steps), step)
					if changed := text != was[step]; changed != (at >= 0) {
						t.Errorf("%s: %s\nwas %s", step, text, was[step])
					}
					if want := strings.Replace(was[step], tt.from, tt.to, 1); at == 0 && text != want && (tt.from != "" || text != tt.to) {
						t.Errorf("%s: %s\nwant %s", step, text, want)
					}
				}
			})
		})
	}
}

func TestAssumeRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "one of free-x, unknown-x",
		"weather=rain":       "no such switch",
		"free-x":             "want free-x=VALUE",
		"free-x=":            "want free-x=VALUE",
		"detail-hides":       "want detail-hides=VALUE",
		"old-unbind=perhaps": "true or false",
	} {
		var o simulator.Options
		if err := o.Assume(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want an error with %q", text, err, want)
		}
	}
}

// XML has no null: both ways of saying nothing look alike.
func TestFreeXInXML(t *testing.T) {
	for free, want := range map[string]string{"": "<SubsId></SubsId>", "null": "", "absent": ""} {
		s := newService(t, simulator.Options{Numbers: 1, DefaultFormat: "XML", FreeX: free})
		w := httptest.NewRecorder()
		s.ServeHTTP(w, look("QuerySubsId", "PhoneNoX", "17100000000"))
		if text := w.Body.String(); strings.Contains(text, "SubsId>") != (want != "") || !strings.Contains(text, "<Message>OK</Message>"+want+"</QuerySubsIdResponse>") {
			t.Errorf("%q: %s", free, text)
		}
	}
}

// Over a real socket too there is no Date, or the service's own.
func TestDateHeader(t *testing.T) {
	for name, tt := range map[string]struct {
		o    simulator.Options
		off  time.Duration
		none bool
	}{
		"plain":  {simulator.Options{}, 0, false},
		"behind": {simulator.Options{Clock: -time.Minute}, -time.Minute, false},
		"none":   {simulator.Options{NoDate: true, Clock: time.Minute}, 0, true},
		"page":   {simulator.Options{Clock: time.Minute, Faults: []simulator.Fault{{Kind: simulator.HTTP503, P: 1}}}, time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			tt.o.Numbers = 1
			srv, client := listen(t, newService(t, tt.o), false)
			resp, err := client.Do(to(srv, bindCall()))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			at, err := time.Parse(time.RFC1123, resp.Header.Get("Date"))
			if tt.none != (err != nil) || !tt.none && (time.Until(at)-tt.off).Abs() > 10*time.Second {
				t.Errorf("Date %q", resp.Header.Get("Date"))
			}
		})
	}
}
