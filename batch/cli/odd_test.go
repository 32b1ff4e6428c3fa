package cli_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// TestOddAnswers: the row of an answer that is none of the service is UNKNOWN, and its
// message says what came, in both languages, without numbers. Nothing else is concluded.
func TestOddAnswers(t *testing.T) {
	t.Parallel()
	page := func(status int, kind, body string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	for _, c := range []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request)
		en, zh string
	}{
		{"502", page(502, "text/html", "<html>\r\n<title>Bad Gateway</title>"), `HTTP 502, text/html, begins "<html> <title>Bad Gateway</title>"`, `HTTP 502, text/html，开头为 "<html> <title>Bad Gateway</title>"`},
		{"200", page(200, "text/html; charset=utf-8", "<p>Log in, "+phone(0)+"</p>"), `HTTP 200, text/html, begins "<p>Log in, (number)</p>"`, `HTTP 200, text/html，开头为 "<p>Log in, (number)</p>"`},
		{"empty", page(200, "", ""), `HTTP 200, empty`, `HTTP 200，内容为空`},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:9/login?A="+phone(0), http.StatusFound)
		}, `HTTP 302, empty`, `HTTP 302，内容为空`},
		{"429", page(429, "text/plain", "Too Many Requests"), `HTTP 429, text/plain, begins "Too Many Requests"`, `HTTP 429, text/plain，开头为 "Too Many Requests"`},
		{"long", page(503, "text/plain", strings.Repeat("busy ", 50)), `HTTP 503, text/plain, begins "` + strings.Repeat("busy ", 15) + `bu..."`, `HTTP 503, text/plain，开头为 "` + strings.Repeat("busy ", 15) + `bu..."`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFront(t, simulator.Options{Numbers: 100})
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 5).String())
			f.answers(func(n int, action string, w http.ResponseWriter, r *http.Request) bool {
				if n != 2 || action != "BindAxg" {
					return false
				}
				c.answer(w, r)
				return true
			})
			args := f.bind(in, "--max-inflight", "1")
			got := axgbind(t, args...).want(t, 4)
			if page := strings.Contains(c.en, "text/html"); page != strings.Contains(got.stderr, "network: a web page answers in place of the service (HTTP ") {
				t.Errorf("a page: %t\n%s", page, got)
			}
			f.answers(func(_ int, _ string, w http.ResponseWriter, r *http.Request) bool {
				c.answer(w, r)
				return true
			})
			axgbind(t, "check", in, "--online", "--endpoint", f.url).want(t, 5).says(t, "(client.BadAnswer): "+c.en)
			for lang, want := range map[string]string{"en": c.en, "zh": c.zh} {
				f.answers(nil)
				axgbind(t, append(args, "--lang", lang)...).want(t, 4)
				rows := results(t, filepath.Join(dir, "in.results.csv"))
				wantCounts(t, rows, "BOUND 4, UNKNOWN 1")
				if r := rows[1]; r.status() != "UNKNOWN" || r["Code"] != "client.BadAnswer" || !strings.HasSuffix(r["Message"], want) {
					t.Errorf("%s: %s %s %q, want %q", lang, r.status(), r["Code"], r["Message"], want)
				}
			}
			agree(t, results(t, filepath.Join(dir, "in.results.csv")), f.bindings())
		})
	}
}

// TestRetryAfter: while the service asks to wait no call is made; that is said, and stands
// in the log. Then every row is bound, once.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]func() string{
		"seconds": func() string { return "6" },
		"a date":  func() string { return time.Now().Add(7 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFront(t, simulator.Options{Numbers: 200})
			dir := newFolder(t)
			in, night := write(t, filepath.Join(dir, "in.csv"), content(0, 100).String()), filepath.Join(dir, "night.log")
			var asked, next time.Time
			f.answers(func(n int, action string, w http.ResponseWriter, r *http.Request) bool {
				f.mu.Lock()
				defer f.mu.Unlock()
				switch {
				case n == 20:
					asked = time.Now()
					w.Header().Set("Retry-After", header())
					w.WriteHeader(http.StatusTooManyRequests)
					fmt.Fprint(w, `{"Code":"Throttling.User","Message":"slow down","RequestId":"R1"}`)
					return true
				case n == 21:
					next = time.Now()
				}
				return false
			})
			got := axgbind(t, f.bind(in, "--max-inflight", "1", "--rate", "200", "--log", night)...).want(t, 0)
			if next.Sub(asked) < 5*time.Second {
				t.Errorf("the next call came %v after", next.Sub(asked))
			}
			if strings.Count(got.stderr, "the service asks to wait ") != 1 || !strings.Contains(got.stderr, "(Throttling.User): no call is made until then") {
				t.Errorf("%s", got)
			}
			if text := read(t, night); !strings.Contains(text, "msg=waits asked_by=service code=Throttling.User") {
				t.Errorf("the log does not tell:\n%s", text)
			}
			agree(t, results(t, filepath.Join(dir, "in.results.csv")), f.bindings())
		})
	}
}

// TestRerunAfterRenewal: renewals whose answers are known hold no later run up. One whose
// answer was lost may still be executed: rows of others wait for that, and it is said.
func TestRerunAfterRenewal(t *testing.T) {
	t.Parallel()
	played, sim := play(t, simulator.Options{Numbers: 50})
	dir := newFolder(t)
	renew := func(days int) []string {
		in := filepath.Join(dir, fmt.Sprint(days, ".csv"))
		if slices.Contains(files(t, dir), filepath.Base(in)) {
			return sim.bind(in, "--when-bound", "renew", "--progress", "plain")
		}
		write(t, in, strings.ReplaceAll(content(0, 3).String(), expiration, soon(time.Duration(days)*24*time.Hour)))
		return sim.bind(in, "--when-bound", "renew", "--progress", "plain")
	}
	for days := 30; days <= 60; days += 10 {
		if got := axgbind(t, renew(days)...).want(t, 0); strings.Contains(got.stderr, "waiting") || strings.Contains(got.stderr, "progress") {
			t.Errorf("%d days: %s", days, got)
		}
	}
	if err := played.SetFaults(faultList(t, []string{"drop-after@UpdateSubscription=1"})); err != nil {
		t.Fatal(err)
	}
	axgbind(t, append(renew(70), "--retries", "0")...).want(t, 5)
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	axgbind(t, renew(70)...).want(t, 0) // the row's own calls: the same once more
	p := spawn(t, dir, renew(80)...)
	p.until(p.stderr, "an earlier call may still be executed on the bindings of some rows")
	p.until(p.stderr, "slow=earlier-calls")
	p.wait().want(t, 0)
}

// TestUnbindLooksRefused: where the look-ups are refused that would prove a binding, the
// code is said at once, with what it means; nothing is done to the rows, and no other
// reason is given. Once they are allowed, the same command gets on.
func TestUnbindLooksRefused(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"isv.POOL_KEY_NOT_EXIST", "isv.NO_AVAILABLE_NUMBER"} {
		for name, made := range map[string]bool{"a list": false, "gone already": true} {
			t.Run(code+", "+name, func(t *testing.T) {
				t.Parallel()
				played, sim := play(t, simulator.Options{Numbers: 50})
				dir := newFolder(t)
				axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 5).String()))...).want(t, 0)
				subject, vars := filepath.Join(dir, "in.results.csv"), map[string]string(nil)
				faults := []string{"code:" + code + "@QuerySubscriptionDetail=1", "code:" + code + "@QuerySubsId=1"}
				if made {
					faults = append(faults, "code:isv.SUBS_NOT_EXIST@UnbindSubscription=1")
				} else {
					list := "PoolKey,PhoneNoA,GroupId,SecretNo,SubsId\n"
					for _, r := range results(t, subject) {
						list += fmt.Sprintf("%s,%s,%s,%s,%s\n", testPool, r["PhoneNoA"], r["GroupId"], r["SecretNo"], r["SubsId"])
					}
					subject, vars = write(t, filepath.Join(dir, "list.csv"), list), map[string]string{"AXGBIND_JOURNAL": newFolder(t)}
				}
				if err := played.SetFaults(faultList(t, faults)); err != nil {
					t.Fatal(err)
				}
				out, sum := filepath.Join(dir, "out.csv"), filepath.Join(dir, "sum.json")
				args := []string{"unbind", subject, "--foreign", "--yes", "--endpoint", sim.url, "--progress", "none", "-o", out, "--summary", sum}
				got := axgbindWith(t, vars, "", args...).want(t, 5)
				wantCounts(t, results(t, out), "PENDING 5")
				if s := summaryOf(t, sum); s.StopReason != "look-ups" || s.StopCode != code {
					t.Errorf("%q, %q", s.StopReason, s.StopCode)
				}
				if strings.Count(got.stderr, "the service refuses a look-up ("+code+")") != 1 || strings.Contains(got.stderr, "pools ran out") || strings.Contains(got.stderr, "renewed") || strings.Contains(got.stderr, "OtherBinding") {
					t.Errorf("%s", got)
				}
				for _, r := range results(t, out) {
					if reason := r["Reason"] + r["AxgReason"]; !strings.Contains(reason, "refuses look-ups") {
						t.Errorf("%q", reason)
					}
				}
				if took := sim.stats().Actions["UnbindSubscription"]; took > 5 {
					t.Errorf("%d calls", took)
				}
				if len(sim.bindings()) != 5 {
					t.Errorf("%d bindings live", len(sim.bindings()))
				}
				if err := played.SetFaults(nil); err != nil {
					t.Fatal(err)
				}
				axgbindWith(t, vars, "", typed(t, got, "")[0]...).want(t, 0)
				wantCounts(t, results(t, out), "RELEASED 5")
			})
		}
	}
}
