package cli_test

import (
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/trial"
)

// trialRows is a file whose second row has all that a trial can compare.
const trialRows = "PhoneNoA,PhoneNoB,GroupId,Expiration,OutId\n13800138001,,2000000000001,2000-03-01 00:00:00,o1\n13800138000,13900139000,2000000000001,2000-03-01 00:00:00,o2\n"

// rehearsal is a machine in fake time, and a simulator that misleads.
type rehearsal struct {
	*nightly
	t *testing.T
}

func rehearse(t *testing.T, o simulator.Options, do func(r *rehearsal)) {
	t.Helper()
	began := make(chan os.Signal, 1) // the runtime's goroutine for signals begins in real time
	signal.Notify(began, os.Interrupt)
	signal.Stop(began)
	synctest.Test(t, func(t *testing.T) {
		r := &rehearsal{newNightly(t), t}
		o.Numbers, o.Instance, o.SubsIDOffset = 50, instance, 7
		service, err := simulator.New(o)
		if err != nil {
			t.Fatal(err)
		}
		door := simulator.NewInProcess(service)
		t.Cleanup(func() {
			door.Close()
			service.Close()
		})
		r.service, r.line.dial = service, door.DialContext
		write(t, r.file("in.csv"), trialRows)
		do(r)
	})
}

func (r *rehearsal) bind(more ...string) outcome {
	return r.run(append([]string{"bind", r.file("in.csv"), "--pool-key", testPool}, more...)...)
}

func (r *rehearsal) live() int { return len(r.service.Bindings()) }

var verdictLine = regexp.MustCompile(`(?m)^(holds|DIFFERS|not seen) +([a-z-]+) +`)

// verdicts are the assumptions with a verdict, in the order of the table.
func verdicts(o outcome, verdict string) string {
	var names []string
	for _, m := range verdictLine.FindAllStringSubmatch(o.stdout, -1) {
		if m[1] == verdict {
			names = append(names, m[2])
		}
	}
	return strings.Join(names, " ")
}

// TestTrialAssumptions: each way in which the simulator can differ from what is assumed
// differs in the lines about it, and in no others. The row is released in the end.
func TestTrialAssumptions(t *testing.T) {
	t.Parallel()
	const detail = "detail-a detail-b detail-group detail-expires detail-created detail-status detail-rest detail-outid"
	for _, c := range []struct {
		name    string
		set     func(*simulator.Options)
		differs string
		unseen  string
	}{
		{name: "as assumed"},
		{"form a86", form("a86"), "detail-a detail-b", ""},
		{"form plus86", form("plus86"), "detail-a detail-b", ""},
		{"form 0086", form("0086"), "detail-a detail-b", ""},
		{"form masked", form("masked"), "detail-a detail-b", ""},
		{"form masked,a86", form("masked,a86"), "detail-a detail-b", ""},
		{"form utc", form("utc"), "detail-expires detail-created", ""},
		{"lag", func(o *simulator.Options) { o.VisibilityLag = 7 * time.Second }, "shown", ""},
		{"lag beyond a minute", func(o *simulator.Options) { o.VisibilityLag = time.Hour }, "shown detail-names number-bound", "listed " + detail + " update-shown freed"},
		{"dies at once", func(o *simulator.Options) { o.LookupDiesAfter = -1 }, "shown detail-names ended-detail", "listed " + detail + " update-shown freed"},
		{"clock ahead", func(o *simulator.Options) { o.Clock = 5 * time.Minute }, "clock", ""},
		{"clock behind", func(o *simulator.Options) { o.Clock = -5 * time.Minute }, "clock", ""},
		{"no-date", assume("no-date"), "date", "clock"},
		{"free-x=null", assume("free-x=null"), "free-form", ""},
		{"free-x=absent", assume("free-x=absent"), "free-form", ""},
		{"free-x=isv.NO_NOT_EXIST", assume("free-x=isv.NO_NOT_EXIST"), "free-form", ""},
		{"unknown-x", assume("unknown-x=isv.FORBIDDEN_ACTION"), "unknown-x", ""},
		{"ended-detail", assume("ended-detail=isv.SUBS_NOT_EXIST"), "ended-detail", ""},
		{"ended-detail odd", assume("ended-detail=isp.UNKNOWN_ERR_CODE"), "ended-detail", ""},
		{"detail-hides SubsId", assume("detail-hides=SubsId"), "detail-names", ""},
		{"detail-hides X", assume("detail-hides=PhoneNoX"), "detail-names", ""},
		{"detail-hides A", assume("detail-hides=PhoneNoA"), "detail-a", ""},
		{"detail-hides B", assume("detail-hides=PhoneNoB"), "detail-b", ""},
		{"detail-hides group", assume("detail-hides=GroupId"), "detail-group", ""},
		{"detail-hides end", assume("detail-hides=ExpireDate"), "detail-expires", "update-shown"},
		{"detail-hides GmtCreate", assume("detail-hides=GmtCreate"), "detail-created", ""},
		{"detail-hides Status", assume("detail-hides=Status"), "detail-status ended-detail", ""},
		{"detail-hides two", assume("detail-hides=NeedRecord,ASRModelId"), "detail-rest", ""},
		{"created-utc", assume("created-utc"), "detail-created", ""},
		{"status-turned", assume("status-turned"), "detail-status ended-detail", ""},
		{"lapsed-update", assume("lapsed-update=isv.SUBS_NOT_EXIST"), "update-ended", ""},
		{"old-unbind", assume("old-unbind"), "unbind-again", ""},
		{"uncertified", assume("uncertified"), "certified", ""},
		// What a trial cannot find out, or what makes no difference to axgbind.
		{name: "same-a", set: assume("same-a=conflict")},
		{name: "strict-groups", set: assume("bad-group=isv.FORBIDDEN_ACTION")},
		{name: "short-names", set: assume("short-names")},
		{name: "need-host", set: assume("need-host")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := simulator.Options{}
			if c.set != nil {
				c.set(&o)
			}
			rehearse(t, o, func(r *rehearsal) {
				status := 0
				if c.differs != "" {
					status = 3
				}
				got := r.bind("--trial", "3").want(r.t, status)
				if d, u := verdicts(got, "DIFFERS"), verdicts(got, "not seen"); d != c.differs || u != c.unseen {
					r.t.Errorf("differs %q, want %q; not seen %q, want %q\n%s", d, c.differs, u, c.unseen, got)
				}
				if n := r.service.Stats().Actions; r.live() != 0 || n["BindAxg"] != 1 || n["UpdateSubscription"] != 3 || n["UnbindSubscription"] != 2 {
					r.t.Errorf("%d live; calls %v", r.live(), n)
				} else if looks := n["QuerySubsId"] + n["QuerySubscriptionDetail"] + n["QuerySecretNoDetail"]; looks > trial.Looks {
					r.t.Errorf("%d look-ups, more than the question says", looks)
				}
			})
		})
	}
}

func form(f simulator.LookupForm) func(*simulator.Options) {
	return func(o *simulator.Options) { o.LookupForm = f }
}

func assume(text string) func(*simulator.Options) {
	return func(o *simulator.Options) {
		if err := o.Assume(text); err != nil {
			panic(err)
		}
	}
}

// TestTrialTable: the table, word for word, where all holds and where much does not. It
// holds no full number.
func TestTrialTable(t *testing.T) {
	t.Parallel()
	odd := simulator.Options{VisibilityLag: 3 * time.Second, LookupForm: "masked,utc", Clock: 5 * time.Minute}
	for _, text := range []string{"free-x=null", "ended-detail=isp.UNKNOWN_ERR_CODE", "detail-hides=GroupId,NeedRecord", "status-turned", "old-unbind", "uncertified", "unknown-x=isv.FORBIDDEN_ACTION"} {
		assume(text)(&odd)
	}
	for _, c := range []struct {
		name string
		o    simulator.Options
	}{{"holds", simulator.Options{}}, {"differs", odd}} {
		for _, lang := range []string{"en", "zh"} {
			t.Run(c.name+" "+lang, func(t *testing.T) {
				t.Parallel()
				rehearse(t, c.o, func(r *rehearsal) {
					got := r.bind("--trial", "3", "--lang", lang)
					for _, number := range []string{"13800138000", "13900139000", "17100000"} {
						if strings.Contains(got.stdout+got.stderr, number) {
							r.t.Errorf("%s is shown\n%s", number, got)
						}
					}
					x := regexp.MustCompile(`171\*\*\*\*\d{4}`).ReplaceAllString(got.stdout, "171****NNNN")
					golden(r.t, "trial."+c.name+"."+lang+".txt", normalise(x+"---\n"+got.stderr, r.dir))
				})
			})
		}
	}
}

// TestTrialThenBind: a trial leaves the file as if there had been none: the whole of it
// is bound afterwards, and a further trial can be made before.
func TestTrialThenBind(t *testing.T) {
	t.Parallel()
	rehearse(t, simulator.Options{}, func(r *rehearsal) {
		for _, line := range []string{"3", "3", "2"} {
			r.bind("--trial", line).want(r.t, 0)
		}
		wantCounts(r.t, results(r.t, r.file("in.trial.csv")), "BOUND 1")
		wantCounts(r.t, results(r.t, r.file("in.trial.updated.csv")), "BOUND 1")
		wantCounts(r.t, results(r.t, r.file("in.trial.unbound.csv")), "RELEASED 1")
		if got := r.run("unbind", r.file("in.trial.csv"), "--yes").want(r.t, 0); r.live() != 0 {
			r.t.Errorf("%d live\n%s", r.live(), got)
		}
		r.bind().want(r.t, 0)
		wantCounts(r.t, results(r.t, r.file("in.results.csv")), "BOUND 2")
		if n := r.service.Stats().Actions["BindAxg"]; r.live() != 2 || n != 5 {
			r.t.Errorf("%d live, %d calls", r.live(), n)
		}
		r.bind("--trial", "3").want(r.t, 3).says(r.t, "line 3 is BOUND already")
		if n := r.service.Stats().Actions["BindAxg"]; n != 5 {
			r.t.Errorf("%d calls", n)
		}
	})
	// Without a word of the journal's, in this process; what it writes is called simulated.
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
	axgbind(t, "bind", in, "--simulate", "--trial", "4").want(t, 0).says(t, "This was a simulated run", "next: bind the file:\n  axgbind bind --simulate "+in)
	wantCounts(t, results(t, filepath.Join(dir, "in.simulated.trial.unbound.csv")), "RELEASED 1")
}

// TestTrialRefused: a row that bind would not send is not tried, and the reason is said;
// nor is one with flags that would touch other rows or bindings.
func TestTrialRefused(t *testing.T) {
	t.Parallel()
	rehearse(t, simulator.Options{}, func(r *rehearsal) {
		write(r.t, r.file("a.csv"), strings.ReplaceAll(trialRows, "2000-03-01", "2000-04-01"))
		r.run("bind", r.file("a.csv"), "--pool-key", testPool).want(r.t, 0)
		write(r.t, r.file("bad.csv"), "PhoneNoA,GroupId,Expiration,Note\n1380013800x,1,2000-03-01 00:00:00,\"two\nlines\"\n13800138009,1,2000-03-01 00:00:00,\n")
		calls := r.service.Stats().Actions["BindAxg"]
		for _, c := range []struct {
			file, line string
			status     int
			says       string
			more       []string
		}{
			{"in.csv", "3", 3, "line 3 cannot be tried: HELD client.StillBound", nil},
			{"bad.csv", "2", 3, "line 2 cannot be tried: INVALID isv.MOBILE_NUMBER_ILLEGAL", nil},
			{"bad.csv", "3", 10, "no row begins on line 3", nil},
			{"bad.csv", "1", 10, "no row begins on line 1", nil},
			{"bad.csv", "9", 10, "no row begins on line 9", nil},
			{"bad.csv", "0", 10, "--trial", nil},
			{"in.csv", "3", 10, "--trial and --dry-run exclude each other", []string{"--dry-run"}},
			{"in.csv", "3", 10, "--trial and --limit exclude each other", []string{"--limit", "1"}},
			{"in.csv", "3", 10, "--trial and --when-bound exclude each other", []string{"--when-bound", "renew"}},
			{"in.csv", "3", 10, "--trial and --resend exclude each other", []string{"--resend", "unknown"}},
			{"in.csv", "3", 10, "--trial and --allow-duplicates exclude each other", []string{"--allow-duplicates"}},
		} {
			got := r.run(append([]string{"bind", r.file(c.file), "--pool-key", testPool, "--trial", c.line}, c.more...)...).want(r.t, c.status)
			if !strings.Contains(got.stderr, c.says) || got.stdout != "" {
				r.t.Errorf("%s %s: no %q\n%s", c.file, c.line, c.says, got)
			}
		}
		r.env["AXGBIND_WHEN_BOUND"] = "renew" // which would release what is another's
		r.bind("--trial", "3").want(r.t, 10).says(r.t, "--trial and --when-bound")
		delete(r.env, "AXGBIND_WHEN_BOUND")
		write(r.t, r.file("in.trial.unbound.csv"), "mine\n1\n")
		write(r.t, r.file("in.csv"), strings.ReplaceAll(trialRows, "0013800", "0013802"))
		r.bind("--trial", "3").want(r.t, 10).says(r.t, "in.trial.unbound.csv")
		if n := r.service.Stats().Actions["BindAxg"]; n != calls || r.live() != 2 {
			r.t.Errorf("%d calls, %d live", n-calls, r.live())
		}
	})
}

// TestTrialAsks: the real service is tried only if a person says so, or --yes does.
func TestTrialAsks(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	in := write(t, filepath.Join(newFolder(t), "in.csv"), content(0, 3).String())
	axgbind(t, sim.bind(in, "--trial", "2")...).want(t, 10).says(t, "--yes")
	if n := sim.stats().Actions["BindAxg"]; n != 0 {
		t.Fatalf("%d calls", n)
	}
	axgbind(t, sim.bind(in, "--trial", "2", "--yes")...).want(t, 0).says(t, "next: bind the file:\n  axgbind bind")
	if n := sim.stats().Actions["BindAxg"]; n != 1 || len(sim.bindings()) != 0 {
		t.Errorf("%d calls, live %v", n, sim.bindings())
	}
}

// TestTrialLost: whichever answer of the three steps is lost, the journal knows what may
// be, and what the last line says puts it right.
func TestTrialLost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault  string
		status int
		rows   string // of in.trial.csv
		live   int
	}{
		{"drop-after@BindAxg=1", 4, "UNKNOWN 1", 1},
		{"drop-before@BindAxg=1", 4, "UNKNOWN 1", 0},
		{"throttling@BindAxg=1", 5, "PENDING 1", 0},
		{"drop-after@UpdateSubscription=1", 3, "BOUND 1", 0},
		{"drop-before@UpdateSubscription=1", 3, "BOUND 1", 0},
		{"drop-after@UnbindSubscription=1", 5, "BOUND 1", 0},
		{"drop-before@UnbindSubscription=1", 5, "BOUND 1", 1},
		{"system-error@UnbindSubscription=1", 5, "BOUND 1", 1},
	} {
		t.Run(c.fault, func(t *testing.T) {
			t.Parallel()
			rehearse(t, simulator.Options{}, func(r *rehearsal) {
				if err := r.service.SetFaults(faultList(r.t, []string{c.fault})); err != nil {
					r.t.Fatal(err)
				}
				args := []string{"--trial", "3", "--retries", "0"}
				if strings.HasPrefix(c.fault, "throttling") {
					args = append(args, "--until", "20s")
				}
				got := r.bind(args...).want(r.t, c.status)
				wantCounts(r.t, results(r.t, r.file("in.trial.csv")), c.rows)
				if r.live() != c.live {
					r.t.Errorf("%d live, want %d\n%s", r.live(), c.live, got)
				}
				if err := r.service.SetFaults(nil); err != nil {
					r.t.Fatal(err)
				}
				last := got.atEnd()
				time.Sleep(2 * time.Minute)
				switch {
				case c.status == 4:
					if !strings.Contains(last, "axgbind reconcile") {
						r.t.Errorf("%s", last)
					}
					r.bind("--trial", "3").want(r.t, 3).says(r.t, "cannot be tried: UNKNOWN")
					r.bind("--trial", "2").want(r.t, 10).says(r.t, "in.trial.csv was cut short")
					r.bind().want(r.t, 3) // its place may be taken
					wantCounts(r.t, results(r.t, r.file("in.results.csv")), "BOUND 1, HELD 1")
					return
				case c.rows == "BOUND 1" && c.status == 5:
					if !strings.Contains(last, "axgbind unbind ") || !strings.HasSuffix(last, " --yes") {
						r.t.Errorf("%s", last)
					}
					r.bind("--trial", "2").want(r.t, 10).says(r.t, "in.trial.csv was cut short")
					r.run("unbind", r.file("in.trial.csv"), "--yes").want(r.t, 0)
				}
				if r.live() != 0 {
					r.t.Errorf("%d live", r.live())
				}
				r.bind("--trial", "3").want(r.t, 0)
				r.bind().want(r.t, 0)
				if r.live() != 2 {
					r.t.Errorf("%d live", r.live())
				}
			})
		})
	}
}

// TestTrialKilled: wherever a trial is killed, the next command knows of its binding and
// takes it back, and nothing is bound twice.
func TestTrialKilled(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"BindAxg", "QuerySubsId", "QuerySubscriptionDetail", "UpdateSubscription", "UnbindSubscription"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, "--latency", "150ms")
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
			p := spawn(t, "", sim.bind(in, "--trial", "3")...)
			bound := func() bool { return at == "BindAxg" || sim.stats().Actions["BindAxg"] > 0 }
			p.eventually(at, func() bool { return bound() && sim.stats().Actions[at] > 0 })
			p.kill()
			p.wait()
			time.Sleep(200 * time.Millisecond) // what is under way is executed
			list := filepath.Join(dir, "in.trial.csv")
			again := axgbind(t, sim.bind(in, "--trial", "3")...)
			if at == "BindAxg" { // the answer may have come
				axgbind(t, sim.bind(in)...)
				if n := len(sim.bindings()); n != 3 {
					t.Errorf("%d live\n%s", n, again)
				}
				return
			}
			if at != "UnbindSubscription" {
				again.want(t, 3).says(t, "is BOUND already", "axgbind unbind")
			}
			axgbind(t, "unbind", list, "--yes", "--endpoint", sim.url).want(t, 0)
			if live := sim.bindings(); len(live) != 0 {
				t.Fatalf("live %v\n%s", live, again)
			}
			axgbind(t, sim.bind(in, "--trial", "3")...).want(t, 0)
			axgbind(t, sim.bind(in)...).want(t, 0)
			if live := sim.bindings(); len(live) != 3 {
				t.Errorf("live %v", live)
			}
		})
	}
}
