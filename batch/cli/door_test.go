package cli_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// front stands before a simulated service, and may answer in its place.
type front struct {
	*service
	played *simulator.Service
	server *httptest.Server

	mu      sync.Mutex
	answer  func(n int, action string, w http.ResponseWriter, r *http.Request) bool // false: the service is to; n counts from 1
	n       int
	actions []string // of the calls that answer took
}

func newFront(t *testing.T, o simulator.Options) *front {
	t.Helper()
	f := &front{}
	f.played, f.service = play(t, o)
	f.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		action := r.Header.Get("X-Acs-Action")
		f.mu.Lock()
		answer := f.answer
		if action != "" { // a look at who answers is no call
			f.n++
		}
		n := f.n
		f.mu.Unlock()
		if action != "" && answer != nil {
			took := true // also if it panics, to cut the connection
			defer func() {
				f.mu.Lock()
				defer f.mu.Unlock()
				if took {
					f.actions = append(f.actions, action)
				}
			}()
			if took = answer(n, action, w, r); took {
				return
			}
		}
		f.played.ServeHTTP(w, r)
	}))
	t.Cleanup(f.server.Close)
	f.url = f.server.URL
	return f
}

// answers sets what answers from now on; nil: the service does.
func (f *front) answers(answer func(n int, action string, w http.ResponseWriter, r *http.Request) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer, f.n, f.actions = answer, 0, nil
}

// took is how many calls of an action, "" for all, were answered in place of the
// service.
func (f *front) took(action string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.actions {
		if action == "" || a == action {
			n++
		}
	}
	return n
}

// silences are ways in which a service is not there, or something in its place.
var silences = []struct {
	name string
	do   func(w http.ResponseWriter, r *http.Request)
}{
	{"silent", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
	{"resets", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	{"page", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html><body>Please accept our terms</body></html>")
	}},
	{"redirect", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:9/login", http.StatusFound)
	}},
	{"503", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "<html>Service Unavailable</html>", http.StatusServiceUnavailable)
	}},
	{"empty", func(w http.ResponseWriter, r *http.Request) {}},
	{"JSON without a code", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{"status":"login"}`) }},
}

// pinnedInput is input with an X of the simulator for each row.
func pinnedInput(from, n int) table {
	rows := content(from, n)
	rows[0] = append(rows[0], "PhoneNoX")
	for i := range n {
		rows[i+1] = append(rows[i+1], fmt.Sprint(17100000000+from+i))
	}
	return rows
}

// sluggish is a time for calls that are never answered or, with the race detector,
// one in which a busy machine answers the others.
func sluggish(usual, underRace string) string {
	if raced {
		return underRace
	}
	return usual
}

// TestSilentFromTheStart: a service that is not there costs one row, whatever the
// rate; the rest waits for a look-up that is answered. Where no X is known to ask
// about, it costs three.
func TestSilentFromTheStart(t *testing.T) {
	t.Parallel()
	for _, silence := range silences {
		for name, rows := range map[string]table{"": content(0, 500), ", X named": pinnedInput(0, 500), ", X known": content(0, 501)} {
			t.Run(silence.name+name, func(t *testing.T) {
				t.Parallel()
				f := newFront(t, simulator.Options{Numbers: 1000})
				answer := func(_ int, action string, w http.ResponseWriter, r *http.Request) bool {
					silence.do(w, r)
					return true
				}
				f.answers(answer)
				dir := newFolder(t)
				bound, lost, enough := "", 1, "8s"
				switch name {
				case "":
					lost, enough = 3, "60s" // it ends by itself
				case ", X known":
					f.answers(nil)
					axgbind(t, f.bind(write(t, filepath.Join(dir, "in.csv"), rows[:2].String()))...).want(t, 0)
					bound = "BOUND 1, "
					f.answers(answer)
				}
				in := write(t, filepath.Join(dir, "in.csv"), rows.String())
				got := axgbind(t, f.bind(in, "--rate", "1000", "--timeout", sluggish("300ms", "2s"), "--until", enough)...).want(t, 4)
				wantCounts(t, results(t, filepath.Join(dir, "in.results.csv")), fmt.Sprintf("%sUNKNOWN %d, PENDING %d", bound, lost, 500-lost))
				if binds, looks := f.took("BindAxg"), f.took("QuerySubsId"); binds > lost || looks > 5 || looks == 0 && lost == 1 {
					t.Errorf("%d BindAxg, %d look-ups", binds, looks)
				}
				if !strings.Contains(got.stderr, "no other row is sent until the service answers") {
					t.Errorf("%s", got)
				}
				// The service is back: only the rows in doubt are not sent.
				f.answers(nil)
				if name == "" {
					axgbind(t, f.bind(in, "--rate", "1000")...).want(t, 4)
					wantCounts(t, results(t, filepath.Join(dir, "in.results.csv")), "BOUND 497, UNKNOWN 3")
					agree(t, results(t, filepath.Join(dir, "in.results.csv")), f.bindings())
				}
			})
		}
	}
}

// TestSilentThenWell: the run goes on when the service comes, without a word
// from anybody; also for a key that may do nothing but bind.
func TestSilentThenWell(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		silent func(n int, action string) bool
		faults []string
	}{
		{"for two calls", func(n int, _ string) bool { return n <= 2 }, nil},
		{"a key that may only bind", func(n int, _ string) bool { return n == 1 }, []string{"ram-deny@QuerySubsId=1"}},
		{"look-ups are answered, and two rows are not", func(n int, action string) bool { return action == "BindAxg" && n <= 3 }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFront(t, simulator.Options{Numbers: 1000, Faults: faultList(t, test.faults)})
			dir := newFolder(t)
			axgbind(t, f.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 1).String()))...).want(t, 0) // its X can be asked about
			f.answers(func(n int, action string, w http.ResponseWriter, r *http.Request) bool {
				if !test.silent(n, action) {
					return false
				}
				<-r.Context().Done()
				return true
			})
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 500).String())
			axgbind(t, f.bind(in, "--rate", "1000", "--timeout", sluggish("2s", "8s"))...).want(t, 4)
			list := results(t, filepath.Join(dir, "in.results.csv"))
			lost := f.took("BindAxg")
			wantCounts(t, list, fmt.Sprintf("BOUND %d, UNKNOWN %d", 500-lost, lost))
			if lost < 1 || lost > 2 {
				t.Errorf("%d rows were lost", lost)
			}
			agree(t, list, f.bindings())
		})
	}
}

// TestOnlyBindAxgIsSilent: where look-ups are answered and calls are not, three
// rows are lost, and the run ends by itself.
func TestOnlyBindAxgIsSilent(t *testing.T) {
	t.Parallel()
	f := newFront(t, simulator.Options{Numbers: 1000})
	f.answers(func(_ int, action string, w http.ResponseWriter, r *http.Request) bool {
		if action != "BindAxg" {
			return false
		}
		<-r.Context().Done()
		return true
	})
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 500).String())
	sum := filepath.Join(dir, "sum.json")
	axgbind(t, f.bind(in, "--rate", "5000", "--timeout", sluggish("300ms", "3s"), "--summary", sum)...).want(t, 4)
	wantCounts(t, results(t, filepath.Join(dir, "in.results.csv")), "UNKNOWN 3, PENDING 497")
	if s := summaryOf(t, sum); s.StopReason != "service-trouble" || f.took("BindAxg") > 3 { // on a busy machine one may be given up before it is seen
		t.Errorf("%q after %d calls", s.StopReason, f.took("BindAxg"))
	}
}

// TestSilentForOthers: what holds for bind holds for renewing, updating and
// releasing, and for a run that only looks rows up.
func TestSilentForOthers(t *testing.T) {
	t.Parallel()
	silent := func(_ int, action string, w http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		return true
	}
	few := []string{"--rate", "1000", "--timeout", sluggish("300ms", "2s"), "--until", sluggish("3s", "10s"), "--progress", "none"}
	bound := func(t *testing.T) (f *front, in, out string) {
		f = newFront(t, simulator.Options{Numbers: 1000})
		dir := newFolder(t)
		in = write(t, filepath.Join(dir, "in.csv"), content(0, 300).String())
		axgbind(t, f.bind(in, "--rate", "1000")...).want(t, 0)
		f.answers(silent)
		return f, in, filepath.Join(dir, "in.results.csv")
	}
	later := soon(60 * 24 * time.Hour)
	t.Run("renew", func(t *testing.T) {
		t.Parallel()
		f, in, _ := bound(t)
		next := write(t, filepath.Join(filepath.Dir(in), "next.csv"), strings.ReplaceAll(read(t, in), expiration, later))
		axgbind(t, f.bind(next, append(few, "--when-bound", "renew")...)...).want(t, 5)
		if n := f.took("UpdateSubscription"); n != 1 || f.took("") > 5 {
			t.Errorf("%d updates, %d calls", n, f.took(""))
		}
	})
	t.Run("update", func(t *testing.T) {
		t.Parallel()
		f, _, out := bound(t)
		write(t, out, strings.ReplaceAll(read(t, out), expiration, later))
		axgbind(t, append([]string{"update", out, "--endpoint", f.url, "--pool-key", testPool}, few...)...).want(t, 5)
		if n := f.took("UpdateSubscription"); n != 1 || f.took("") > 5 {
			t.Errorf("%d updates, %d calls", n, f.took(""))
		}
	})
	t.Run("unbind", func(t *testing.T) {
		t.Parallel()
		f, _, out := bound(t)
		axgbind(t, append([]string{"unbind", out, "--endpoint", f.url, "--pool-key", testPool, "--yes"}, few...)...).want(t, 5)
		if n := f.took("UnbindSubscription"); n != 1 || f.took("") > 5 {
			t.Errorf("%d releases, %d calls", n, f.took(""))
		}
	})
	t.Run("rows in doubt only", func(t *testing.T) {
		t.Parallel()
		f := newFront(t, simulator.Options{Numbers: 1000})
		dir := newFolder(t)
		in := write(t, filepath.Join(dir, "in.csv"), pinnedInput(0, 300).String())
		first := true
		f.answers(func(_ int, action string, w http.ResponseWriter, r *http.Request) bool {
			if first {
				first = false
				return false
			}
			panic(http.ErrAbortHandler)
		})
		axgbind(t, f.bind(in, "--rate", "1000", "--until", sluggish("2s", "10s"), "--max-failures", "100%")...).want(t, 4)
		doubtful := count(results(t, filepath.Join(dir, "in.results.csv")))["UNKNOWN"]
		if doubtful < 20 {
			t.Fatalf("%d rows in doubt", doubtful)
		}
		f.answers(silent)
		axgbind(t, f.bind(in, append(few, "--limit", "1")...)...).want(t, 4)
		if f.took("") > 4 {
			t.Errorf("%d calls for %d rows", f.took(""), doubtful)
		}
	})
}

// TestRefusedFromTheStart: an answer that every row would get comes once; one
// that a fresh credential may cure comes twice.
func TestRefusedFromTheStart(t *testing.T) {
	t.Parallel()
	for code, calls := range map[string]int64{
		"InvalidSecurityToken.Expired": 2, "InvalidTimeStamp.Expired": 2, "IllegalTimestamp": 1, "InvalidAccessKeyId.NotFound": 1,
		"SignatureDoesNotMatch": 1, "isp.RAM_PERMISSION_DENY": 1, "isv.OUT_OF_SERVICE": 1,
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			_, sim := play(t, simulator.Options{Numbers: 1000, Latency: 20 * time.Millisecond, Faults: faultList(t, []string{"code:" + code + "@*=1"})})
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 500).String())
			axgbind(t, sim.bind(in, "--rate", "5000")...).want(t, 7)
			wantCounts(t, results(t, filepath.Join(dir, "in.results.csv")), "PENDING 500")
			if n := sim.calls(); n != calls {
				t.Errorf("%d calls, want %d", n, calls)
			}
		})
	}
}

// TestClockIsOff: a clock that the service refuses costs two calls; one that it
// puts up with, none.
func TestClockIsOff(t *testing.T) {
	t.Parallel()
	for off, calls := range map[string]int64{"20m": 2, "-20m": 2, "14m": 100, "-14m": 100} {
		sim := simulate(t, "--clock", off, "--latency", "20ms")
		in := write(t, filepath.Join(newFolder(t), "in.csv"), content(0, 100).String())
		status := 0
		if calls == 2 {
			status = 7
		}
		got := axgbind(t, sim.bind(in, "--rate", "5000")...).want(t, status)
		if n := sim.calls(); n != calls || status == 7 && !strings.Contains(got.stderr, "InvalidTimeStamp.Expired") {
			t.Errorf("%s: %d calls, want %d\n%s", off, n, calls, got)
		}
	}
}

// TestClockIsToBeSet: a run that the service refuses for its time says by how much this
// machine's clock is off and what to type once it is set, and calls nobody else.
func TestClockIsToBeSet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ off, en, zh string }{
		{"20m", "next: set this machine's clock (NTP): it is 20 minutes slow by the service's Date; then:\n  axgbind bind ", "下一步：请校准本机时钟（NTP）：按服务端的 Date，本机慢了 20 分钟；然后运行：\n  axgbind bind "},
		{"-20m", "it is 20 minutes fast by the service's Date", "本机快了 20 分钟"},
		{"8h", "it is 8 hours slow by the service's Date", "本机慢了 8 小时"},
		{"-1440h", "it is 60 days fast by the service's Date", "本机快了 60 天"},
	} {
		sim := simulate(t, "--clock", c.off)
		for lang, says := range map[string][]string{
			"en": {c.en, "status 7: this machine's clock is off, so the service refuses every call", "stopped: the service refuses the time of the calls", "the service refuses the time of a call, which is this machine's (InvalidTimeStamp.Expired)"},
			"zh": {c.zh, "状态 7：本机时钟不准", "停止原因：服务端拒绝请求的时间"},
		} {
			in := write(t, filepath.Join(newFolder(t), "in.csv"), content(0, 10).String())
			got := axgbind(t, sim.bind(in, "--lang", lang)...).want(t, 7)
			for _, text := range says {
				if !strings.Contains(got.stderr, text) {
					t.Errorf("%s: lacks %s\n%s", c.off, text, got)
				}
			}
			for _, r := range results(t, filepath.Join(filepath.Dir(in), "in.results.csv")) {
				if reason := r.own("Reason"); r.own("Code") == "" && !strings.Contains(reason, map[string]string{"en": "refuses the time of the calls", "zh": "服务端拒绝请求的时间"}[lang]) {
					t.Errorf("%s: a row was not sent since %s", c.off, reason)
				}
			}
			if strings.Contains(got.stderr, "owner") || strings.Contains(got.stderr, "账号负责人") {
				t.Errorf("%s: the owner is called\n%s", c.off, got)
			}
		}
	}
	// Where the clocks agree it is the way that takes long.
	_, sim := play(t, simulator.Options{Numbers: 10, Faults: faultList(t, []string{"code:InvalidTimeStamp.Expired@*=1"})})
	in := write(t, filepath.Join(newFolder(t), "in.csv"), content(0, 10).String())
	if got := axgbind(t, sim.bind(in)...).want(t, 7); !strings.Contains(got.stderr, "nothing delays calls for minutes on their way; then:\n  axgbind bind") {
		t.Error(got)
	}
}

// vault gives credentials: temporary keys of the simulator's pair, each with a
// token of its own.
type vault struct {
	*httptest.Server
	mu    sync.Mutex
	given int
}

func newVault(t *testing.T) *vault {
	v := &vault{}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.given++
		fmt.Fprintf(w, `{"Code":"Success","AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":"token%d","Expiration":"2037-01-01T00:00:00Z"}`, testKey, testSecret, v.given)
	}))
	t.Cleanup(v.Close)
	return v
}

func (v *vault) keys() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.given
}

// expired is the gateway's answer to a token that is no longer good.
func expired(w http.ResponseWriter) {
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprint(w, `{"RequestId":"5A3C","HostId":"dyplsapi.aliyuncs.com","Code":"InvalidSecurityToken.Expired","Message":"Specified SecurityToken is expired.","Recommend":"-"}`)
}

// TestTokenExpires: a token that expires costs the calls that are on the wire,
// one fetch of a fresh one, and one more call if that does not help.
func TestTokenExpires(t *testing.T) {
	t.Parallel()
	const flight = 40
	for _, test := range []struct {
		name   string
		from   int // call with which the first token expires
		good   bool
		status int
		most   int // stale answers
	}{
		{"at the start", 1, true, 0, 1},
		{"at the start, for good", 1, false, 7, 2},
		{"under way", 300, true, 0, flight},
		{"under way, for good", 300, false, 7, flight + 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f, v := newFront(t, simulator.Options{Numbers: 2000, Latency: 30 * time.Millisecond, Jitter: 30 * time.Millisecond}), newVault(t)
			f.answers(func(n int, action string, w http.ResponseWriter, r *http.Request) bool {
				if n < test.from || test.good && r.Header.Get("X-Acs-Security-Token") != "token1" {
					return false
				}
				time.Sleep(20 * time.Millisecond)
				expired(w)
				return true
			})
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 1000).String())
			vars := map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "", "ALIBABA_CLOUD_CREDENTIALS_URI": v.URL}
			p := spawnWith(t, dir, vars, nil, f.bind(in, "--rate", "2000", "--max-inflight", fmt.Sprint(flight))...)
			got := p.wait().want(t, test.status)
			if test.status == 7 && (!strings.Contains(got.stderr, "the temporary key has expired") || !strings.Contains(got.stderr, "next: put a new key where this one came from") ||
				!strings.Contains(got.stderr, "; then:\n  axgbind bind ") || strings.Contains(got.stderr, "owner")) {
				t.Errorf("the key is not told\n%s", got)
			}
			list := results(t, filepath.Join(dir, "in.results.csv"))
			if stale := f.took("BindAxg"); stale < 1 || stale > test.most {
				t.Errorf("%d stale answers, want at most %d", stale, test.most)
			}
			if v.keys() != 2 {
				t.Errorf("%d keys were fetched", v.keys())
			}
			if n := count(list); test.good && n["BOUND"] != 1000 || n["BOUND"]+n["PENDING"] != 1000 {
				t.Errorf("%v", n)
			}
			agree(t, list, f.bindings())
		})
	}
}

// TestTokenExpiresInLookUps: verify, a sweep and a choice of free numbers hold
// back likewise.
func TestTokenExpiresInLookUps(t *testing.T) {
	t.Parallel()
	f := newFront(t, simulator.Options{Numbers: 1000, Latency: 20 * time.Millisecond})
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 300).String())
	axgbind(t, f.bind(in, "--rate", "1000")...).want(t, 0)
	list := write(t, filepath.Join(dir, "numbers.json"), f.numbers())
	free := write(t, filepath.Join(dir, "free.csv"), content(1000, 100).String())
	lost := write(t, filepath.Join(dir, "lost.csv"), content(2000, 1).String())
	if err := f.played.SetFaults(faultList(t, []string{"drop-before=1"})); err != nil {
		t.Fatal(err)
	}
	axgbind(t, f.bind(lost)...).want(t, 4)
	lostResults := filepath.Join(dir, "lost.results.csv")
	writeJournal(t, memoryOf(t), moved(t, read(t, memoryOf(t)), 2*time.Minute))
	verify := []string{"verify", filepath.Join(dir, "in.results.csv"), "--endpoint", f.url, "--progress", "none"}
	known := map[string]string{"AXGBIND_JOURNAL": memory(t)}
	for _, c := range []struct {
		name string
		args []string
		most int
	}{
		{"verify", verify, 2},
		{"sweep", []string{"reconcile", lostResults, "--endpoint", f.url, "--x-numbers", list, "--progress", "none"}, 3}, // its first question is whether it may ask
		{"free numbers", f.bind(free, "--x-numbers", list), 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.answers(func(_ int, _ string, w http.ResponseWriter, _ *http.Request) bool { expired(w); return true })
			axgbindWith(t, known, "", c.args...).want(t, 7)
			if n := f.took(""); n > c.most {
				t.Errorf("%d calls, want at most %d", n, c.most)
			}
		})
	}
	parent := t
	t.Run("verify, under way", func(t *testing.T) {
		v := newVault(t)
		f.answers(func(n int, _ string, w http.ResponseWriter, r *http.Request) bool {
			if n < 100 || r.Header.Get("X-Acs-Security-Token") != "token1" {
				return false
			}
			expired(w)
			return true
		})
		vars := map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "", "ALIBABA_CLOUD_CREDENTIALS_URI": v.URL, "AXGBIND_JOURNAL": memory(parent)}
		spawnWith(t, dir, vars, nil, verify...).wait().want(t, 0)
		if v.keys() != 2 {
			t.Errorf("%d keys were fetched", v.keys())
		}
	})
}
