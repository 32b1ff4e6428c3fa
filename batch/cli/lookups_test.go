package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// lookUps are ways in which look-ups show something else than what is.
var lookUps = []struct {
	name string
	form simulator.LookupForm
	dies int
	told bool // rows with an X settle all the same
}{
	{name: "the truth", told: true},
	{name: "86 before the numbers", form: "a86", told: true},
	{name: "times in UTC", form: "utc", told: true},
	{name: "+86, and UTC", form: "plus86,utc", told: true},
	{name: "A hidden", form: "masked"},
	{name: "nothing", dies: -1},
	{name: "nothing from some moment on", dies: 20},
	{name: "nothing from a later moment on", dies: 70},
}

// once fails if an A has more than one binding in its group.
func (n *nightly) once(t *testing.T, what string, o outcome) {
	t.Helper()
	have := map[string]bool{}
	for _, b := range n.service.Bindings() {
		if place := b.PhoneNoA + " " + b.GroupId; have[place] {
			t.Fatalf("%s: %s is bound twice\n%s", what, place, o)
		} else {
			have[place] = true
		}
	}
}

// TestLookUps: whatever look-ups show, and wherever a run was killed, nothing is bound
// twice by bind, reconcile and verify, by X or by a list; what stays UNKNOWN says why; and
// when look-ups show the truth again, every row is bound.
func TestLookUps(t *testing.T) {
	for i, look := range lookUps {
		if testing.Short() && i%3 != 0 {
			continue
		}
		for _, kind := range []string{"named", "chosen", "listed"} {
			for _, killed := range []int64{0, 2} {
				t.Run(fmt.Sprintf("%s, %s, killed at %d", look.name, kind, killed), func(t *testing.T) {
					t.Parallel()
					inFakeTime(t, func(n *nightly) {
						n.t = t
						text := &strings.Builder{}
						fmt.Fprintln(text, "PhoneNoA,GroupId,Expiration,PhoneNoX")
						for i := range 30 {
							x := ""
							if kind == "named" {
								x = fmt.Sprintf("1710000%04d", 100+i)
							}
							fmt.Fprintf(text, "%s,2000000000001,2099-01-31 23:59:59,%s\n", phone(i), x)
						}
						write(t, n.file("in.csv"), text.String())
						numbers, err := json.Marshal(n.service.Numbers())
						if err != nil {
							t.Fatal(err)
						}
						list := write(t, n.file("numbers.json"), string(numbers))
						bind := []string{"bind", n.file("in.csv"), "--pool-key", testPool, "--progress", "none", "--max-failures", "100%"}
						reconcile := []string{"reconcile", n.file("in.results.csv"), "--pool-key", testPool, "--progress", "none"}
						switch kind {
						case "chosen":
							bind = append(bind, "--x-numbers", list)
						case "listed":
							reconcile = append(reconcile, "--x-numbers", list, "--list-is-complete")
						}
						write(t, n.file("first.csv"), "PhoneNoA,GroupId,Expiration\n"+phone(999)+",1,2099-01-31 23:59:59\n")
						n.run("bind", n.file("first.csv"), "--pool-key", testPool).want(t, 0)
						if err := n.service.SetFaults(faultList(t, []string{"drop-after=0.25", "drop-before=0.1", "drop-late=0.1"})); err != nil {
							t.Fatal(err)
						}
						if err := n.service.SetLookups(look.form, look.dies); err != nil {
							t.Fatal(err)
						}
						if killed > 0 {
							n.dies("BindAxg", killed, bind...)
						} else {
							n.once(t, "the first run", n.run(bind...))
						}
						if err := n.service.SetFaults(nil); err != nil {
							t.Fatal(err)
						}
						verify := []string{"verify", n.file("in.results.csv"), "--pool-key", testPool, "--progress", "none"}
						var last outcome
						for i, args := range [][]string{bind, reconcile, verify, bind, slices.Concat(bind, []string{"-o", n.file("other.csv")})} {
							last = n.run(args...)
							n.once(t, fmt.Sprintf("command %d", i+1), last)
						}
						rows := n.results("in.results.csv")
						unknown := 0
						for _, r := range rows {
							if r["Status"] == "UNKNOWN" {
								unknown++
								if r["Reason"] == "" || r["Action"] == "" {
									t.Errorf("UNKNOWN without a word: %v", r)
								}
							}
						}
						if look.told && unknown > 0 {
							t.Errorf("%d UNKNOWN\n%s\n%v", unknown, last, rows)
						}
						time.Sleep(10 * time.Minute)
						if err := n.service.SetLookups("", 0); err != nil {
							t.Fatal(err)
						}
						n.run(reconcile...)
						last = n.run(bind...)
						n.once(t, "the truth", last)
						if last.status != 0 {
							t.Errorf("with look-ups that show the truth:\n%s", last)
						}
					})
				})
			}
		}
	}
}

// TestListOfAnotherPool: a list is complete pool by pool. One that holds all numbers of
// another pool shows no row of this one not to be bound, and says so.
func TestListOfAnotherPool(t *testing.T) {
	t.Parallel()
	const another = "FC200000000000002"
	f := forged(t, simulator.Options{Numbers: 50})
	f.with(func(action string, r *http.Request, answer *httptest.ResponseRecorder) {
		if action == "QuerySubsId" && r.URL.Query().Get("PoolKey") == another {
			answer.Code = http.StatusOK
			answer.Body.Reset()
			answer.Body.WriteString(`{"Code":"OK","Message":"OK","RequestId":"1","SubsId":""}`)
		}
	})
	dir := newFolder(t)
	first := write(t, filepath.Join(dir, "first.csv"), content(10, 1).String())
	axgbind(t, f.bind(first)...).want(t, 0)
	if err := f.played.SetFaults(faultList(t, []string{"drop-after=1"})); err != nil {
		t.Fatal(err)
	}
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
	bind := f.bind(in, "--max-failures", "100%")
	axgbind(t, bind...).want(t, 4)
	if err := f.played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	journal := memoryOf(t)
	writeJournal(t, journal, moved(t, read(t, journal), 10*time.Minute))
	list := "SecretNo,PoolKey\n"
	for i := range 20 {
		list += fmt.Sprintf("1710000%04d,%s\n", i, another)
	}
	numbers := write(t, filepath.Join(dir, "numbers.csv"), list)
	got := axgbind(t, "reconcile", filepath.Join(dir, "in.results.csv"), "--endpoint", f.url, "--progress", "none", "--x-numbers", numbers, "--list-is-complete").want(t, 4)
	if !strings.Contains(got.stderr, "holds no X number of pool "+testPool) {
		t.Errorf("it does not say why:\n%s", got)
	}
	axgbind(t, bind...).want(t, 4)
	f.once(t)
}
