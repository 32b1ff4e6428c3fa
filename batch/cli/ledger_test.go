package cli_test

import (
	"context"
	"fmt"
	"io"
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

// The tests of this file are about places: a pool, an A and a group hold one
// binding, whatever was begun, lost or edited before, unless a person says so.

// Groups of these tests.
const (
	firstGroup = "2000000000001"
	nextGroup  = "2000000000002"
	thirdGroup = "2000000000003"
)

// desk is where one operator works: a folder, and a service whose calls can be lost and whose answers can be false.
type desk struct {
	*front
	t   *testing.T
	dir string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	return &desk{front: newFront(t, simulator.Options{Numbers: 50}), t: t, dir: newFolder(t)}
}

func (d *desk) path(name string) string { return filepath.Join(d.dir, name) }

func (d *desk) write(name string, rows table) { d.t.Helper(); write(d.t, d.path(name), rows.String()) }

// command is a command about a file of the folder.
func (d *desk) command(command, name string, flags ...string) []string {
	args := []string{command, d.path(name), "--endpoint", d.url, "--pool-key", testPool, "--progress", "none", "--yes"}
	return append(args, flags...)
}

// does runs a command to its end and returns its rows. Its status is for the
// caller to judge; only a run that was refused, or broke, is a fault.
func (d *desk) does(command, name string, flags ...string) []row {
	d.t.Helper()
	got := axgbind(d.t, d.command(command, name, flags...)...)
	if !slices.Contains([]int{0, 3, 4, 5}, got.status) {
		d.t.Fatalf("%s %s: %s", command, name, got)
	}
	return results(d.t, d.path(strings.TrimSuffix(name, ".csv")+map[string]string{"bind": ".results.csv", "update": ".updated.csv"}[command]))
}

// binds binds a file of which every row has to become BOUND, and returns them.
func (d *desk) binds(name string, rows table) []row {
	d.t.Helper()
	d.write(name, rows)
	bound := d.does("bind", name)
	wantCounts(d.t, bound, fmt.Sprintf("BOUND %d", len(rows)-1))
	return bound
}

// loses runs a command in a process that dies while its first call of an action
// waits for the answer. What it returns lets the service execute that call.
func (d *desk) loses(action, command, name string, flags ...string) (execute func()) {
	d.t.Helper()
	var once sync.Once
	arrived := make(chan *http.Request, 1)
	d.answers(func(_ int, a string, _ http.ResponseWriter, r *http.Request) (took bool) {
		if a == action {
			once.Do(func() {
				took = true
				arrived <- r.Clone(context.Background()) // its parameters stand in the URL
				<-r.Context().Done()
			})
		}
		return took
	})
	p := spawn(d.t, d.dir, d.command(command, name, flags...)...)
	select {
	case r := <-arrived:
		p.kill()
		p.wait()
		d.answers(nil)
		return func() { d.played.ServeHTTP(httptest.NewRecorder(), r) }
	case <-p.exited:
	case <-time.After(patience):
		p.kill()
	}
	d.t.Fatalf("%s made no %s call\n%s", command, action, p.wait())
	return nil
}

// at are the SubsIds that live in a place.
func (d *desk) at(a, group string) (ids []string) {
	d.t.Helper()
	for _, b := range d.bindings() {
		if b.PhoneNoA == a && b.GroupId == group {
			ids = append(ids, b.SubsId)
		}
	}
	return ids
}

// holds checks how many bindings live in a place.
func (d *desk) holds(a, group string, want int) {
	d.t.Helper()
	if ids := d.at(a, group); len(ids) != want {
		d.t.Errorf("%d live bindings of A %s in group %s, want %d: %v", len(ids), a, group, want, ids)
	}
}

// own is a cell of the columns that axgbind adds, whichever name it has.
func (r row) own(column string) string {
	if s, ok := r["Axg"+column]; ok {
		return s
	}
	return r[column]
}

// wantHeld checks that a row says that it was not sent, or may have been, with a
// cure; and where it was held back, with one of these codes.
func wantHeld(t testing.TB, r row, codes ...string) {
	t.Helper()
	status, code := r.status(), r.own("Code")
	switch status {
	case "INVALID", "HELD":
		if !slices.Contains(codes, code) {
			t.Errorf("line %s is %s %s, want one of %v", r.own("Line"), status, code, codes)
		}
	case "UNKNOWN", "PENDING":
	default:
		t.Errorf("line %s is %s %s (SubsId %s), want it held back", r.own("Line"), status, code, r.own("SubsId"))
		return
	}
	if code == "" || r.own("Action") == "" {
		t.Errorf("line %s is %s with code %q and cure %q", r.own("Line"), status, code, r.own("Action"))
	}
}

// wantLive checks that what a row calls its binding lives, in the row's place.
func (d *desk) wantLive(r row) {
	d.t.Helper()
	if r.status() == "BOUND" && !slices.Contains(d.at(r["PhoneNoA"], r["GroupId"]), r.own("SubsId")) {
		d.t.Errorf("line %s is BOUND %s as %s, which is not in its place: %+v", r.own("Line"), r.own("Code"), r.own("SubsId"), d.bindings())
	}
}

// another are the codes of a row whose place has, or may have, a binding.
var another = []string{"client.StillBound", "client.EditedAfterSend", "client.SamePlace", "client.OtherBinding", "client.OtherBatch"}

// moving are results with the group of every row replaced, as a file of its own.
func (d *desk) moving(from, name, group string) string {
	d.t.Helper()
	write(d.t, d.path(name), strings.ReplaceAll(read(d.t, d.path(from)), firstGroup, group))
	return name
}

// TestMoveLost: while an update to another group is in doubt, its binding may be
// in either group, and no row is bound in the new one.
func TestMoveLost(t *testing.T) {
	t.Parallel()
	for _, executed := range []string{"before the bind", "after the bind"} {
		t.Run(executed, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.binds("in.csv", content(0, 1))
			execute := d.loses("UpdateSubscription", "update", d.moving("in.results.csv", "moved.csv", nextGroup), "--field", "GroupId")
			if executed == "before the bind" {
				execute()
			}
			next := content(0, 1)
			next[1][1] = nextGroup
			d.write("next.csv", next)
			rows := d.does("bind", "next.csv")
			if executed == "after the bind" {
				execute()
			}
			d.holds(phone(0), nextGroup, 1)
			d.holds(phone(0), firstGroup, 0)
			wantHeld(t, rows[0], another...)
		})
	}
}

// TestMoveOntoOccupied: an update does not move a binding to where another is, or
// to where an earlier row of its file goes.
func TestMoveOntoOccupied(t *testing.T) {
	t.Parallel()
	t.Run("bound there", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.binds("in.csv", content(0, 1))
		there := content(0, 1)
		there[1][1] = nextGroup
		d.binds("there.csv", there)
		rows := d.does("update", d.moving("in.results.csv", "moved.csv", nextGroup), "--field", "GroupId")
		d.holds(phone(0), firstGroup, 1)
		d.holds(phone(0), nextGroup, 1)
		wantHeld(t, rows[0], another...)
	})
	t.Run("two rows to one group", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		both := content(0, 1)
		both = append(both, slices.Clone(both[1]))
		both[2][1] = nextGroup
		d.binds("in.csv", both)
		text := strings.NewReplacer(firstGroup, thirdGroup, nextGroup, thirdGroup).Replace(read(t, d.path("in.results.csv")))
		write(t, d.path("moved.csv"), text)
		rows := d.does("update", "moved.csv", "--field", "GroupId")
		d.holds(phone(0), thirdGroup, 1)
		d.holds(phone(0), nextGroup, 1)
		if rows[0].status() != "BOUND" {
			t.Errorf("the first row is %s %s", rows[0].status(), rows[0].own("Code"))
		}
		wantHeld(t, rows[1], another...)
	})
}

// falseGone answers every UpdateSubscription call that there is no such binding.
func falseGone(code string) func(int, string, http.ResponseWriter, *http.Request) bool {
	return func(_ int, action string, w http.ResponseWriter, _ *http.Request) bool {
		if action != "UpdateSubscription" {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"Code":"`+code+`","Message":"The subscription does not exist.","RequestId":"8A1D3B5C-0000-4000-8000-000000000001"}`)
		return true
	}
}

// TestGoneUnproven: that a binding is gone is not believed on the word of one
// answer to a change: it lives, and the next night binds nothing beside it.
func TestGoneUnproven(t *testing.T) {
	t.Parallel()
	later, last := soon(60*24*time.Hour), soon(90*24*time.Hour)
	until := func(end string) table {
		rows := content(0, 1)
		rows[1][2] = end
		return rows
	}
	for _, code := range []string{"isv.SUBS_NOT_EXIST", "isv.FORBIDDEN_ACTION"} {
		for _, by := range []string{"update", "renew"} {
			for _, then := range []string{"refuse", "renew"} {
				t.Run(strings.Join([]string{by, code, then}, " "), func(t *testing.T) {
					t.Parallel()
					d := newDesk(t)
					bound := d.binds("in.csv", until(expiration))
					d.answers(falseGone(code))
					var rows []row
					if by == "update" {
						write(t, d.path("later.csv"), strings.ReplaceAll(read(t, d.path("in.results.csv")), expiration, later))
						rows = d.does("update", "later.csv")
					} else {
						d.write("later.csv", until(later))
						rows = d.does("bind", "later.csv", "--when-bound", "renew")
					}
					if n := d.took("UpdateSubscription"); n == 0 || rows[0].status() == "BOUND" || rows[0].own("Code") == "" || rows[0].own("Action") == "" {
						t.Errorf("%d calls, %v", n, rows[0])
					}
					d.answers(nil)
					d.write("next.csv", until(last))
					rows = d.does("bind", "next.csv", "--when-bound", then)
					d.holds(phone(0), firstGroup, 1)
					live := d.bindings()
					if len(live) == 0 {
						t.Fatal("nothing lives")
					}
					switch b := live[0]; {
					case b.SubsId != bound[0]["SubsId"]:
						t.Errorf("%s lives, want %s", b.SubsId, bound[0]["SubsId"])
					case then == "renew" && rows[0].status() == "BOUND": // it is asked again, and is there
						if rows[0]["SubsId"] != b.SubsId || b.Expiration != last {
							t.Errorf("%v, the service has %+v", rows[0], b)
						}
					default:
						wantHeld(t, rows[0], another...)
					}
				})
			}
		}
	}
}

// TestSamePlaceTwice: a second row of a file in one place is not sent unless a
// person says so, and both bind and check say which row that is.
func TestSamePlaceTwice(t *testing.T) {
	t.Parallel()
	head := []string{"PhoneNoA", "GroupId", "Expiration", "PhoneNoB", "PhoneNoX", "OutId", "PoolKey"}
	first := []string{phone(0), firstGroup, expiration, "13800138000", "", "o1", ""}
	named := []string{phone(0), firstGroup, expiration, "13800138000", "17100000001", "o1", ""}
	with := func(row []string, column int, cell string) []string {
		row = slices.Clone(row)
		row[column] = cell
		return row
	}
	for _, c := range []struct {
		name          string
		first, second []string
		code          string
	}{
		{"other B", first, with(first, 3, "13800138001"), "client.SamePlace"},
		{"no B", first, with(first, 3, ""), "client.SamePlace"},
		{"other OutId", first, with(first, 5, "o2"), "client.SamePlace"},
		{"other Expiration", first, with(first, 2, soon(60*24*time.Hour)), "client.SamePlace"},
		{"other named X", named, with(named, 4, "17100000002"), "client.SamePlace"},
		{"one names its X", first, named, "client.SamePlace"},
		{"A and pool in another form", first, with(with(with(first, 0, "+86 "+phone(0)), 6, testPool), 5, "o2"), "client.SamePlace"},
		{"equal", first, first, "client.Duplicate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.write("in.csv", table{head, c.first, c.second})
			rows := d.does("bind", "in.csv")
			d.holds(phone(0), firstGroup, 1)
			if rows[0].status() != "BOUND" {
				t.Errorf("the first row is %s %s", rows[0].status(), rows[0]["Code"])
			}
			wantHeld(t, rows[1], c.code)

			check := []string{"check", d.path("in.csv"), "--pool-key", testPool}
			if got := axgbind(t, append(check, "--findings", d.path("found.jsonl"))...); got.status != 3 {
				t.Errorf("check ends with status %d, want 3", got.status)
			}
			var told []string
			for _, f := range findingsOf(t, d.path("found.jsonl")) {
				if f.Severity == "error" {
					told = append(told, fmt.Sprintf("line %d %s", f.Line, f.Code))
				}
			}
			if want := []string{"line 3 " + c.code}; !slices.Equal(told, want) {
				t.Errorf("errors that check tells: %v, want %v", told, want)
			}
			axgbind(t, append(check, "--allow-duplicates")...).want(t, 0)

			// The row that is bound stays so when it comes second.
			d.write("in.csv", table{head, c.second, c.first})
			again := d.does("bind", "in.csv")
			d.holds(phone(0), firstGroup, 1)
			if c.code == "client.SamePlace" {
				wantHeld(t, again[0], another...)
				if again[1].status() != "BOUND" || again[1]["SubsId"] != rows[0]["SubsId"] {
					t.Errorf("the row that was bound is %s %s", again[1].status(), again[1]["Code"])
				}
			}

			d = newDesk(t)
			d.write("in.csv", table{head, c.first, c.second})
			wantCounts(t, d.does("bind", "in.csv", "--allow-duplicates"), "BOUND 2")
			d.holds(phone(0), firstGroup, 2)
		})
	}
}

// TestAEditedInResults: results whose A was edited in one row do not give that A
// the binding of the one before.
func TestAEditedInResults(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"in.results.csv", "copied.csv"} {
		for _, when := range []string{"refuse", "skip", "renew"} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				d := newDesk(t)
				d.binds("in.csv", content(0, 3))
				write(t, d.path(name), strings.ReplaceAll(read(t, d.path("in.results.csv")), phone(1), phone(7)))
				rows := d.does("bind", name, "-o", d.path(strings.TrimSuffix(name, ".csv")+".results.csv"), "--when-bound", when)
				if rows[0].status() != "BOUND" || rows[2].status() != "BOUND" {
					t.Errorf("the rows beside it: %v", rows)
				}
				d.holds(phone(1), firstGroup, 1)
				d.holds(phone(7), firstGroup, 0)
				d.wantLive(rows[1])
				wantHeld(t, rows[1], another...)
			})
		}
	}
}

// TestUpdateWhileReleasing: an update of a binding whose release was begun, and
// whose answer was lost, says of no row that it is BOUND: the release may be
// executed after it. It makes no call meanwhile.
func TestUpdateWhileReleasing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		updated bool // before the release was begun
		file    string
	}{
		{"results", false, "in.results.csv"},
		{"results that were updated", true, "in.results.csv"},
		{"a list", false, "list.csv"},
		{"a list that was updated", true, "list.csv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.binds("in.csv", content(0, 1))
			write(t, d.path(c.file), strings.ReplaceAll(read(t, d.path("in.results.csv")), expiration, soon(60*24*time.Hour)))
			if c.updated {
				wantCounts(t, d.does("update", c.file), "BOUND 1")
			}
			release := d.loses("UnbindSubscription", "unbind", c.file)
			calls := d.stats().Actions["UpdateSubscription"]
			rows := d.does("update", c.file, "--until", "1s")
			if more := d.stats().Actions["UpdateSubscription"] - calls; more != 0 {
				t.Errorf("%d UpdateSubscription calls while the release may be executed", more)
			}
			release()
			d.holds(phone(0), firstGroup, 0)
			d.wantLive(rows[0])
			if r := rows[0]; r.status() != "PENDING" || r.own("Action") == "" { // PENDING without a code: never reached
				wantHeld(t, r, append(slices.Clone(another), "client.ReleaseBegun")...)
			}
		})
	}
}
