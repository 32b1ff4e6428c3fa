package cli_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// forger is a service whose answers to some calls are others' work.
type forger struct {
	*service
	played *simulator.Service

	mu    sync.Mutex
	forge func(action string, r *http.Request, answer *httptest.ResponseRecorder)
	calls map[string]int // by action and A or X
}

// forged serves a simulator whose answers pass through forge, once that is set.
func forged(t testing.TB, o simulator.Options) *forger {
	t.Helper()
	played, err := simulator.New(o)
	if err != nil {
		t.Fatal(err)
	}
	f := &forger{played: played, calls: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		action := r.Header.Get("X-Acs-Action")
		answer := httptest.NewRecorder()
		played.ServeHTTP(answer, r)
		f.mu.Lock()
		f.calls[action+" "+r.URL.Query().Get("PhoneNoA")+r.URL.Query().Get("PhoneNoX")]++
		if f.forge != nil && action != "" {
			f.forge(action, r, answer)
		}
		f.mu.Unlock()
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(func() { server.Close(); played.Close() })
	f.service = &service{process: &process{t: t}, url: server.URL, client: &http.Client{
		Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience,
	}}
	return f
}

// with sets what forges the answers from now on; nil: nothing.
func (f *forger) with(forge func(action string, r *http.Request, answer *httptest.ResponseRecorder)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forge = forge
}

// say makes an answer this one.
func say(answer *httptest.ResponseRecorder, status int, body string) {
	answer.Code, answer.Body = status, bytes.NewBufferString(body)
}

// once checks that the service has at most one binding of each A.
func (f *forger) once(t testing.TB) map[string]binding {
	t.Helper()
	by := map[string]binding{}
	for _, b := range f.bindings() {
		if old, twice := by[b.PhoneNoA]; twice {
			t.Errorf("%s is bound twice: %s and %s", b.PhoneNoA, old.SubsId, b.SubsId)
		}
		by[b.PhoneNoA] = b
	}
	return by
}

// saysNothing are answers to QuerySubsId of an X that is bound, none of which says
// that it is not, nor to what. %s stands for its SubsId.
var saysNothing = []struct {
	status int
	body   string
}{
	{200, `{"Code":"OK","Message":"OK"}`},
	{200, `{"Code":"OK","SubsId":null}`},
	{200, `{"Code":"OK","SubsId":{}}`},
	{200, `{"Code":"OK","SubsId":[]}`},
	{200, `{"Code":"OK","SubsId":[""]}`},
	{200, `{"Code":"OK","SubsId":true}`},
	{200, `{"Code":"OK","SubsId":false}`},
	{200, `{"Code":"OK","SubsId":" "}`},
	{200, `{"Code":"OK","SubsId":","}`},
	{200, `{"Code":"OK","SubsId":1e15}`},
	{200, `{"Code":"OK","SubsId":"none"}`},
	{200, `{"Code":"OK","SubsId":{"SubsId":"%s"}}`},
	{200, `{"Code":"OK","SubsID":"%s"}`},
	{200, `{"Code":"OK","subsId":""}`},
	{200, `{"Code":"OK","Subs_Id":""}`},
	{200, `{"Code":"OK","SubsId":"","subsid":"%s"}`},
	{200, `{"Code":"OK","SubsId":"%s","SubsId":""}`},
	{200, `{"Code":"OK","SubsId":"","SubsId":""}`},
	{200, `{"Code":"OK","Code":"OK","SubsId":""}`},
	{200, `{"code":"OK","SubsId":""}`},
	{200, `{"Code":"OK","code":"isv.FLOW_LIMIT","SubsId":""}`},
	{200, `{"Code":"ok","SubsId":""}`},
	{200, `{"Code":"OK ","SubsId":""}`},
	{200, `{"Code":"client.AlreadyBound","SubsId":""}`},
	{200, `{"Code":"OK","Data":{"SubsId":""}}`},
	{200, `{"Code":"OK","SubsId":"","Data":{"SubsId":"%s"}}`},
	{200, `{"Code":"OK","SubsId":"","SecretBindDTO":{"SubsId":"%s"}}`},
	{200, `{"Data":{"Code":"OK","SubsId":""}}`},
	{200, `[{"Code":"OK","SubsId":""}]`},
	{200, ``},
	{200, `<html>Log in</html>`},
	{500, `{"Code":"OK","SubsId":""}`},
	{302, `{"Code":"OK","SubsId":""}`},
	{404, `{"Code":"OK","SubsId":""}`},
}

// saysNothingOfIt are answers to QuerySubscriptionDetail of a live binding, none of
// which says whose it is. They are made of the true answer.
var saysNothingOfIt = []func(string) (status int, body string){
	func(string) (int, string) { return 200, `{"Code":"OK"}` },
	func(string) (int, string) { return 200, `{"Code":"OK","SecretBindDetailDTO":null}` },
	func(string) (int, string) { return 200, `{"Code":"OK","SecretBindDetailDTO":{}}` },
	func(string) (int, string) { return 200, `{"Code":"OK","SecretBindDetailDTO":[]}` },
	func(s string) (int, string) { return 503, s },
	func(s string) (int, string) {
		return 200, strings.Replace(s, `"Code":"OK"`, `"Code":"isv.SUBS_NOT_EXIST"`, 1)
	},
	func(s string) (int, string) { return 200, strings.Replace(s, `"PhoneNoA":"138`, `"PhoneNoA":"***`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"PhoneNoA"`, `"phoneNoA"`, 1) },
	func(s string) (int, string) {
		return 200, strings.Replace(s, `"PhoneNoA"`, `"PhoneNoA":"13900000000","PhoneNoA"`, 1)
	},
	func(s string) (int, string) { return 200, strings.Replace(s, `"GroupId":`, `"Group":`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"SubsId":"1`, `"SubsId":"2`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"PhoneNoX":"17`, `"PhoneNoX":"18`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"Status":1`, `"Status":0`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"Status":1`, `"Status":2`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"Status":1`, `"Status":null`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"GmtCreate":"`, `"GmtCreate":"x`, 1) },
}

// lookedUp is how many look-ups are forged in all.
var lookedUp = len(saysNothing) + len(saysNothingOfIt)

// forgeLook forges the look-ups of the binding b as the nth variant says.
func forgeLook(n int, b binding, action string, answer *httptest.ResponseRecorder) {
	switch {
	case n < len(saysNothing) && action == "QuerySubsId":
		v := saysNothing[n]
		body := v.body
		if strings.Contains(body, "%s") {
			body = fmt.Sprintf(body, b.SubsId)
		}
		say(answer, v.status, body)
	case n >= len(saysNothing) && action == "QuerySubscriptionDetail":
		status, body := saysNothingOfIt[n-len(saysNothing)](answer.Body.String())
		say(answer, status, body)
	}
}

// TestForgedLooks: rows that name X, whose answers were lost, are not sent again,
// nor given up as another's, while no look-up says what X is bound to. Once one
// does they are BOUND.
func TestForgedLooks(t *testing.T) {
	t.Parallel()
	f := forged(t, simulator.Options{Numbers: 100, Faults: faultList(t, []string{"system-error-executed=1", "ram-deny@QuerySubsId=1"})})
	dir := newFolder(t)
	rows := table{{"PhoneNoA", "GroupId", "Expiration", "PhoneNoX"}}
	for i := range lookedUp {
		rows = append(rows, []string{phone(i), "2000000000001", expiration, fmt.Sprint(17100000000 + i)})
	}
	in := write(t, filepath.Join(dir, "in.csv"), rows.String())
	out := filepath.Join(dir, "in.results.csv")
	for len(f.bindings()) < lookedUp { // more answers lost in one run, and it would probe for minutes
		axgbind(t, f.bind(in, "--max-failures", "100%", "--rate", "1000", "--limit", "8")...)
		if n := len(f.bindings()); n == 0 || n > lookedUp {
			t.Fatalf("%d bindings", n)
		}
	}
	wantCounts(t, results(t, out), fmt.Sprintf("UNKNOWN %d", lookedUp))
	if err := f.played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	by := map[string]int{}
	bound := f.bindings()
	for _, b := range bound {
		by[b.SecretNo] = slices.IndexFunc(rows[1:], func(r []string) bool { return r[3] == b.SecretNo })
	}
	f.with(func(action string, r *http.Request, answer *httptest.ResponseRecorder) {
		x := r.URL.Query().Get("PhoneNoX")
		at := slices.IndexFunc(bound, func(b binding) bool { return b.SecretNo == x })
		forgeLook(by[x], bound[at], action, answer)
	})
	journal := memoryOf(t)
	writeJournal(t, journal, moved(t, read(t, journal), 10*time.Minute))
	calls := f.stats().Actions["BindAxg"]
	// Look-ups that say nothing are made again for minutes: longer than a test may take.
	axgbind(t, f.bind(in, "--max-failures", "100%", "--until", "12s")...)
	for i, r := range results(t, out) {
		if r.status() != "UNKNOWN" {
			t.Errorf("variant %d: %s %s %s", i, r.status(), r["Code"], r["Reason"])
		}
	}
	if n := f.stats().Actions["BindAxg"] - calls; n != 0 {
		t.Errorf("%d calls of rows that are bound", n)
	}
	f.once(t)
	f.with(nil)
	axgbind(t, f.bind(in, "--max-failures", "100%")...)
	agree(t, results(t, out), f.bindings())
	if n := f.stats().Actions["BindAxg"] - calls; n != 0 {
		t.Errorf("%d calls of rows that are bound", n)
	}
}

// TestForgedSweep: a number of a complete list of which no look-up says what it is
// bound to shows no row not to be bound. The bind after it sends nothing.
func TestForgedSweep(t *testing.T) {
	t.Parallel()
	for n := range lookedUp {
		if testing.Short() && n%6 != 0 {
			continue
		}
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			f := forged(t, simulator.Options{Numbers: 3, Faults: faultList(t, []string{"system-error-executed=1"})})
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 1).String())
			out := filepath.Join(dir, "in.results.csv")
			bind := f.bind(in, "--max-failures", "100%")
			axgbind(t, bind...).want(t, 4)
			if err := f.played.SetFaults(nil); err != nil {
				t.Fatal(err)
			}
			journal := memoryOf(t)
			writeJournal(t, journal, moved(t, read(t, journal), 10*time.Minute))
			list := write(t, filepath.Join(dir, "numbers.json"), f.numbers())
			bound := f.bindings()[0]
			asked := 0
			f.with(func(action string, r *http.Request, answer *httptest.ResponseRecorder) {
				if r.URL.Query().Get("PhoneNoX") == bound.SecretNo {
					if forgeLook(n, bound, action, answer); (action == "QuerySubsId") == (n < len(saysNothing)) {
						asked++
					}
				}
			})
			// It would ask for minutes. What the first answers made of the row is what counts.
			p := spawn(t, dir, "reconcile", out, "--endpoint", f.url, "--progress", "none", "--x-numbers", list, "--list-is-complete")
			p.sooner(func() bool { f.mu.Lock(); defer f.mu.Unlock(); return asked >= 2 })
			p.kill()
			p.wait()
			f.with(nil)
			axgbind(t, bind...).want(t, 4)
			f.once(t)
			wantCounts(t, results(t, out), "UNKNOWN 1")
			axgbind(t, "reconcile", out, "--endpoint", f.url, "--progress", "none", "--x-numbers", list, "--list-is-complete").want(t, 0)
			agree(t, results(t, out), f.bindings())
		})
	}
}

// contradicts are answers to a BindAxg that was executed, none of which says for
// certain what became of it. They are made of the true answer.
var contradicts = []func(string) (status int, body string){
	// The data of a binding under another code than OK.
	func(s string) (int, string) { return 400, coded(s, "Throttling.User") },
	func(s string) (int, string) { return 200, coded(s, "isv.FLOW_LIMIT") },
	func(s string) (int, string) { return 400, coded(s, "InvalidSecurityToken.Expired") },
	func(s string) (int, string) { return 400, coded(s, "InvalidTimeStamp.Expired") },
	func(s string) (int, string) { return 400, coded(s, "SignatureDoesNotMatch") },
	func(s string) (int, string) { return 200, coded(s, "isp.RAM_PERMISSION_DENY") },
	func(s string) (int, string) { return 200, coded(s, "isv.NO_AVAILABLE_NUMBER") },
	func(s string) (int, string) { return 200, coded(s, "isv.BIND_CONFLICT") },
	func(s string) (int, string) { return 200, coded(s, "isp.SYSTEM_ERROR") },
	func(s string) (int, string) { return 200, coded(s, "NeverHeardOf") },
	func(s string) (int, string) { return 400, `{"Code":"Throttling.User","SubsId":"1"}` },
	func(s string) (int, string) { return 400, `{"Code":"Throttling.User","SecretNo":"17100000000"}` },
	func(s string) (int, string) { return 400, `{"Code":"Throttling.User","Data":{"SubsId":1}}` },
	func(s string) (int, string) { return 200, `{"Code":"isv.FLOW_LIMIT","SecretBindDTO":{"SubsId":"1"}}` },
	func(s string) (int, string) { return 200, `{"Code":"isv.FLOW_LIMIT","secretBindDTO":{"SubsId":"1"}}` },
	func(s string) (int, string) { return 400, `{"Code":"Throttling.User","Message":{"SubsId":"1"}}` },
	func(s string) (int, string) {
		return 400, `{"Code":"Throttling.User","Data":[{"Code":"OK","Code":""}]}`
	},
	// Codes that do not fit their HTTP status.
	func(s string) (int, string) { return 500, `{"Code":"Throttling.User"}` },
	func(s string) (int, string) { return 503, `{"Code":"isv.FLOW_LIMIT"}` },
	func(s string) (int, string) { return 200, `{"Code":"Throttling"}` },
	func(s string) (int, string) { return 307, `{"Code":"Throttling.Api"}` },
	func(s string) (int, string) { return 500, `{"Code":"SignatureDoesNotMatch"}` },
	func(s string) (int, string) { return 502, `{"Code":"InvalidSecurityToken.Expired"}` },
	func(s string) (int, string) { return 500, `{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}` },
	func(s string) (int, string) { return 500, `{"Code":"isv.NO_AVAILABLE_NUMBER"}` },
	func(s string) (int, string) { return 500, s },
	func(s string) (int, string) { return 404, s },
	func(s string) (int, string) { return 407, `{"Code":"Throttling.User"}` },
	func(s string) (int, string) { return 408, `{"Code":"Throttling.User"}` },
	func(s string) (int, string) { return 206, `{"Code":"isv.FLOW_LIMIT"}` },
	func(s string) (int, string) { return 200, `{"Code":"client.NotSent"}` },
	func(s string) (int, string) { return 200, `{"Code":"client.AlreadyBound"}` },
	// Keys that are repeated or in another case.
	func(s string) (int, string) { return 200, strings.Replace(s, "{", `{"Code":"isv.FLOW_LIMIT",`, 1) },
	func(s string) (int, string) { return 200, strings.TrimSuffix(s, "}\n") + `,"Code":"isv.FLOW_LIMIT"}` },
	func(s string) (int, string) { return 200, strings.TrimSuffix(s, "}\n") + `,"code":"isv.FLOW_LIMIT"}` },
	func(s string) (int, string) {
		return 200, strings.TrimSuffix(s, "}\n") + `,"SecretBindDTO":{"SecretNo":"17100000000","SubsId":"5"}}`
	},
	func(s string) (int, string) { return 200, strings.Replace(s, `"SubsId"`, `"SubsId":"5","SubsId"`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"SubsId"`, `"SubsID"`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"SecretBindDTO"`, `"secretbinddto"`, 1) },
	// Ids outside their alphabet.
	func(s string) (int, string) { return 200, strings.Replace(s, `"SubsId":"`, `"SubsId":"x`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"SubsId":"`, `"SubsId":"\n`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"SubsId":"`, `"SubsId":"00","Was":"`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"SubsId":"`, `"SubsId":1.5,"Was":"`, 1) },
	func(s string) (int, string) { return 200, strings.Replace(s, `"SubsId":"`, `"SubsId":1E15,"Was":"`, 1) },
	func(s string) (int, string) {
		return 200, strings.Replace(s, `"SubsId":"`, `"SubsId":["1"],"Was":"`, 1)
	},
	func(s string) (int, string) { return 200, strings.Replace(s, `"SecretNo":"`, `"SecretNo":"+86`, 1) },
	func(s string) (int, string) {
		return 200, strings.Replace(s, `"RequestId":"`, `"RequestId":"\u202e`, 1)
	},
	func(s string) (int, string) {
		return 200, strings.Replace(s, `"RequestId":"`, `"RequestId":"\u001b[2J`, 1)
	},
	func(s string) (int, string) { return 200, `{"Code":"isv.FLOW_LIMIT\nexit 0"}` },
	func(s string) (int, string) { return 200, `{"Code":"isv.\u202eFLOW_LIMIT"}` },
}

// coded is an answer with another code.
func coded(answer, code string) string {
	return strings.Replace(answer, `"Code":"OK"`, `"Code":"`+code+`"`, 1)
}

// TestForgedBinds: a row whose answer contradicts itself is UNKNOWN, whatever it
// says, and never sent again; it neither stops the run nor slows it. A row that
// names X is found by it.
func TestForgedBinds(t *testing.T) {
	t.Parallel()
	for _, pinned := range []bool{false, true} {
		t.Run(fmt.Sprintf("pinned=%v", pinned), func(t *testing.T) {
			t.Parallel()
			f := forged(t, simulator.Options{Numbers: 1000, QPS: 5000})
			variant := map[string]int{}
			rows := table{{"PhoneNoA", "GroupId", "Expiration", "PhoneNoX"}}
			add := func() string {
				i, x := len(rows), ""
				if pinned {
					x = fmt.Sprint(17100000000 + i)
				}
				rows = append(rows, []string{phone(i), "2000000000001", expiration, x})
				return phone(i)
			}
			for i := range contradicts {
				variant[add()] = i
				add() // so that the run is not paused
				add()
			}
			f.with(func(action string, r *http.Request, answer *httptest.ResponseRecorder) {
				if n, is := variant[r.URL.Query().Get("PhoneNoA")]; is && action == "BindAxg" {
					status, body := contradicts[n](answer.Body.String())
					say(answer, status, body)
				}
			})
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), rows.String())
			out, sum := filepath.Join(dir, "in.results.csv"), filepath.Join(dir, "sum.json")
			bind := f.bind(in, "--rate", "200", "--max-failures", "100%", "--summary", sum)
			n := len(contradicts)
			want, status := fmt.Sprintf("BOUND %d, UNKNOWN %d", 2*n, n), 4
			if pinned {
				want, status = fmt.Sprintf("BOUND %d", 3*n), 0
			}
			for range 2 { // running it again changes nothing
				axgbind(t, bind...).want(t, status)
				have := results(t, out)
				wantCounts(t, have, want)
				for _, r := range have {
					if at, is := variant[r["PhoneNoA"]]; is && !pinned && (r["Code"] != "client.BadAnswer" || r["Reason"] == "" || r["Action"] == "") {
						t.Errorf("variant %d: %v", at, r)
					}
				}
				if s := summaryOf(t, sum); s.Throttled != 0 || s.StopReason != "" {
					t.Errorf("%+v", s)
				}
				agree(t, have, f.bindings())
				if got := f.stats().Actions["BindAxg"]; got != int64(len(rows)-1) {
					t.Errorf("%d calls for %d rows", got, len(rows)-1)
				}
			}
		})
	}
}

// TestIDTwice: of rows that are told the same SubsId only one has it; the others
// are UNKNOWN, name what they were told and whose it is, also in a later run and
// another batch, and a sweep finds what they are bound to.
func TestIDTwice(t *testing.T) {
	t.Parallel()
	sim := simulate(t, "--numbers", "60", "--fault", "id-twice=1")
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 12).String())
	out := filepath.Join(dir, "in.results.csv")
	common := []string{"--max-failures", "100%"}
	bind := sim.bind(in, append(common, "--max-inflight", "1")...)
	axgbind(t, bind...).want(t, 4)
	first := results(t, out)[0]
	wantCounts(t, results(t, out), "BOUND 1, UNKNOWN 11")
	axgbind(t, append(bind, "--resend", "client.IdTwice")...).want(t, 10)
	axgbind(t, bind...).want(t, 4)
	wantCounts(t, results(t, out), "BOUND 1, UNKNOWN 11")
	named := map[string]bool{}
	for _, r := range results(t, out)[1:] {
		if r["Code"] != "client.IdTwice" || !strings.Contains(r["Reason"], first["SubsId"]) || !strings.Contains(r["Reason"], "line 2 ") || r["Action"] == "" || r["SubsId"] != "" {
			t.Errorf("%v", r)
		}
		for _, b := range sim.bindings() {
			if b.PhoneNoA == r["PhoneNoA"] {
				named[b.SubsId] = strings.Contains(r["Reason"], b.SecretNo)
			}
		}
	}
	for _, b := range sim.bindings() {
		if b.SubsId != first["SubsId"] && !named[b.SubsId] {
			t.Errorf("%+v is named by nobody", b)
		}
	}
	second := write(t, filepath.Join(dir, "second.csv"), content(100, 2).String())
	axgbind(t, sim.bind(second, common...)...).want(t, 4)
	for _, r := range results(t, filepath.Join(dir, "second.results.csv")) {
		if r["Code"] != "client.IdTwice" || !strings.Contains(r["Reason"], "line 2 of batch "+out+" ") {
			t.Errorf("%v", r)
		}
	}
	axgbind(t, "verify", out, "--endpoint", sim.url, "--progress", "none").want(t, 0)
	if n := sim.stats().Actions["BindAxg"]; n != 14 {
		t.Errorf("%d calls for 14 rows", n)
	}
	journal := memoryOf(t)
	writeJournal(t, journal, moved(t, read(t, journal), 10*time.Minute))
	list := write(t, filepath.Join(dir, "numbers.json"), sim.numbers())
	axgbind(t, "reconcile", out, "--endpoint", sim.url, "--progress", "none", "--x-numbers", list, "--list-is-complete").want(t, 0)
	wantCounts(t, results(t, out), "BOUND 12")
	axgbind(t, bind...).want(t, 0)
	if n := sim.stats().Actions["BindAxg"]; n != 14 {
		t.Errorf("%d calls for 14 rows", n)
	}
	axgbind(t, "reconcile", filepath.Join(dir, "second.results.csv"), "--endpoint", sim.url, "--progress", "none", "--x-numbers", list, "--list-is-complete").want(t, 0)
	agree(t, append(results(t, out), results(t, filepath.Join(dir, "second.results.csv"))...), sim.bindings())
}

// TestForgedUnbind: that a binding is gone, and so released, no look-up says that
// says nothing.
func TestForgedUnbind(t *testing.T) {
	t.Parallel()
	f := forged(t, simulator.Options{Numbers: 100})
	dir := newFolder(t)
	n := len(saysNothing)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, n).String())
	axgbind(t, f.bind(in)...).want(t, 0)
	out := filepath.Join(dir, "in.results.csv")
	if err := f.played.SetFaults(faultList(t, []string{"code:isv.SUBS_NOT_EXIST@UnbindSubscription=1", "code:isv.SUBS_NOT_EXIST@QuerySubscriptionDetail=1"})); err != nil {
		t.Fatal(err)
	}
	bound := f.bindings()
	f.with(func(action string, r *http.Request, answer *httptest.ResponseRecorder) {
		x := r.URL.Query().Get("PhoneNoX")
		if at := slices.IndexFunc(bound, func(b binding) bool { return b.SecretNo == x }); at >= 0 {
			forgeLook(at, bound[at], action, answer)
		}
	})
	axgbind(t, "unbind", out, "--endpoint", f.url, "--progress", "none", "--yes", "--until", "3s")
	for _, r := range append(results(t, out), results(t, filepath.Join(dir, "in.results.unbound.csv"))...) {
		if r.status() == "RELEASED" {
			at := slices.IndexFunc(bound, func(b binding) bool { return b.SubsId == r["SubsId"] })
			t.Errorf("variant %d: %v", at, r)
		}
	}
	if len(f.bindings()) != n {
		t.Errorf("%d bindings, want %d", len(f.bindings()), n)
	}
}

// TestVerifyAll: verify compares all that the service shows of a binding; what it
// does not show is not equal but named.
func TestVerifyAll(t *testing.T) {
	t.Parallel()
	f := forged(t, simulator.Options{Numbers: 10})
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), table{
		{"PhoneNoA", "PhoneNoB", "GroupId", "Expiration", "ExpectCity", "IsRecordingEnabled", "OutId", "OutOrderId", "CallDisplayType", "CallRestrict", "ASRStatus", "ASRModelId", "RingConfig"},
		{phone(0), phone(1), "2000000000001", expiration, "北京", "true", "out-1", "order-1", "1", "CONTROL_AX_DISABLE", "true", "model-1", `{"AXGRing_AB":"100000001"}`},
		{phone(2), "", "2000000000001", expiration, "", "", "", "", "", "", "", "", ""},
	}.String())
	axgbind(t, f.bind(in)...).want(t, 0)
	verify := []string{"verify", filepath.Join(dir, "in.results.csv"), "--endpoint", f.url, "--progress", "none"}
	const never = "ExpectCity (1), OutId (1), OutOrderId (1), CallDisplayType (1), RingConfig (1)"
	got := axgbind(t, verify...).want(t, 0)
	if !strings.Contains(got.stderr, ": "+never+"\n") || strings.Count(got.stderr, "not compared") != 1 || !strings.Contains(got.stderr, "2 equal") {
		t.Errorf("%s", got)
	}
	for _, c := range []struct{ field, shown, other, hidden string }{
		{"PhoneNoB", `"PhoneNoB":"` + phone(1) + `",`, `"PhoneNoB":"13900000009",`, "PhoneNoB (1)"},
		{"Expiration", `"ExpireDate":"` + expiration + `",`, `"ExpireDate":"2098-01-01 00:00:00",`, "Expiration (2)"},
		{"IsRecordingEnabled", `"NeedRecord":true,`, `"NeedRecord":false,`, "IsRecordingEnabled (1)"},
		{"IsRecordingEnabled", `"NeedRecord":false,`, `"NeedRecord":true,`, "IsRecordingEnabled (1)"},
		{"CallRestrict", `"CallRestrict":"CONTROL_AX_DISABLE",`, `"CallRestrict":"CONTROL_BX_DISABLE",`, "CallRestrict (1)"},
		{"CallRestrict", `"CallRestrict":"CONTROL_AX_DISABLE",`, `"CallRestrict":"",`, "CallRestrict (1)"},
		{"CallRestrict", `"CallRestrict":"",`, `"CallRestrict":"CONTROL_BX_DISABLE",`, ""},
		{"ASRStatus", `"ASRStatus":true,`, `"ASRStatus":false,`, "ASRStatus (1)"},
		{"ASRStatus", `"ASRStatus":false,`, `"ASRStatus":"true",`, "ASRStatus (1)"},
		{"ASRModelId", `,"ASRModelId":"model-1"`, `,"ASRModelId":"model-2"`, "ASRModelId (1)"},
		{"ASRModelId", `,"ASRModelId":""`, `,"ASRModelId":"model-2"`, ""},
		{"PhoneNoA", `"PhoneNoA":"` + phone(0) + `",`, `"PhoneNoA":"13900000009",`, "-"},
		{"GroupId", `"GroupId":2000000000001,`, `"GroupId":2000000000002,`, "-"},
	} {
		change := func(now string) {
			f.with(func(action string, r *http.Request, answer *httptest.ResponseRecorder) {
				if action == "QuerySubscriptionDetail" {
					say(answer, 200, strings.Replace(answer.Body.String(), c.shown, now, 1))
				}
			})
		}
		change(c.other)
		if got := axgbind(t, verify...).want(t, 3); !strings.Contains(got.stdout, ": "+c.field+": ") || strings.Contains(got.stderr, "2 equal") {
			t.Errorf("%s for %s: %s", c.other, c.shown, got)
		}
		if c.hidden == "-" { // without it nothing can be said at all
			continue
		}
		change("")
		if got := axgbind(t, verify...).want(t, 0); c.hidden != "" && !strings.Contains(got.stderr, c.hidden) {
			t.Errorf("without %s: %s", c.shown, got)
		}
	}
}

// TestStrayBytes: what a service or a proxy sends behind its answer, which no call
// asked for, reaches neither screen nor log.
func TestStrayBytes(t *testing.T) {
	t.Parallel()
	played, err := simulator.New(simulator.Options{Numbers: 10})
	if err != nil {
		t.Fatal(err)
	}
	stray := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		played.ServeHTTP(answer, r)
		if r.Header.Get("X-Acs-Action") == "" {
			for name, values := range answer.Header() {
				w.Header()[name] = values
			}
			_, _ = w.Write(answer.Body.Bytes())
			return
		}
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", answer.Body.Len(), answer.Body)
		<-stray
		fmt.Fprintf(conn, "stray 13800000000 axgbind: finished status=0\r\n\r\n")
		_, _ = conn.Read(make([]byte, 1)) // until the client closes it
	}))
	t.Cleanup(func() { server.Close(); played.Close() })
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
	p := spawnWith(t, dir, map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": simulator.AccessKeyID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": simulator.AccessKeySecret},
		nil, "bind", in, "--endpoint", server.URL, "--pool-key", simulator.PoolKey, "--progress", "none", "--rate", "1", "--log", "run.log", "-v")
	p.eventually("the first row is bound", func() bool { return len(played.Bindings()) > 0 })
	close(stray)
	done := p.wait().want(t, 0)
	if all := done.stdout + done.stderr + read(t, filepath.Join(dir, "run.log")); strings.Contains(all, "stray") || strings.Contains(all, "13800000000") {
		t.Errorf("what nobody asked for is said: %s", all)
	}
}
