package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// The tests of this file change and release bindings by files whose cells were damaged,
// belong to other rows, or are of an older night.

// firstDay is when these tests begin; days is an Expiration so many days later.
var firstDay = time.Now()

func days(n int) string {
	return firstDay.AddDate(0, 0, n).In(time.FixedZone("UTC+8", 8*60*60)).Format(time.DateTime)
}

// owned are rows with a B, a group and an Expiration of their own.
func owned(n int) table {
	rows := table{{"PhoneNoA", "GroupId", "Expiration", "PhoneNoB", "OutId"}}
	for i := range n {
		rows = append(rows, []string{phone(i), fmt.Sprint(2000000000001 + i), days(30 + i), phone(500 + i), fmt.Sprint("o", i)})
	}
	return rows
}

// table is a file of the folder.
func (d *desk) table(name string) table { d.t.Helper(); return tableOf(d.t, read(d.t, d.path(name))) }

// state is what the service has, by A, and calls are those that change or release.
func (d *desk) state() (list []string, calls int64) {
	d.t.Helper()
	for _, b := range d.bindings() {
		list = append(list, strings.Join([]string{b.PhoneNoA, b.GroupId, b.Expiration, b.PhoneNoB, b.OutId, b.SubsId}, " "))
	}
	slices.Sort(list)
	s := d.stats()
	return list, s.Actions["UpdateSubscription"] + s.Actions["UnbindSubscription"]
}

// unchanged checks that a command changed nothing at the service, and made no call that
// could.
func (d *desk) unchanged(what string, do func()) {
	d.t.Helper()
	was, before := d.state()
	do()
	if now, after := d.state(); !slices.Equal(now, was) || after != before {
		d.t.Errorf("%s: %d calls\n%s\nhad\n%s", what, after-before, strings.Join(now, "\n"), strings.Join(was, "\n"))
	}
}

// rows checks how rows stand: status and code of each.
func wantRows(t testing.TB, what string, rows []row, want ...string) {
	t.Helper()
	var got []string
	for _, r := range rows {
		got = append(got, r.status()+" "+r.own("Code"))
		if s := r.status(); s != "BOUND" && s != "RELEASED" && s != "PENDING" && (r.own("Reason") == "" || r.own("Action") == "") {
			t.Errorf("%s: line %s is %s %s without a cure", what, r.own("Line"), s, r.own("Code"))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: rows are %v, want %v", what, got, want)
	}
}

const (
	bound  = "BOUND OK"
	others = "INVALID client.OtherBinding"
)

// TestChangesOfOtherRows: update and unbind change no binding that the other cells of
// the row do not fit.
func TestChangesOfOtherRows(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{true, false} {
		for _, c := range []struct {
			name    string
			columns []string
			list    []string // columns of a list; nil: the results
		}{
			{"ids", []string{"SubsId", "SecretNo"}, nil},
			{"SubsId", []string{"SubsId"}, nil},
			{"SecretNo", []string{"SecretNo"}, nil},
			{"A", []string{"PhoneNoA"}, nil},
			{"group", []string{"GroupId"}, nil},
			{"verdicts", []string{"Status", "Code", "SecretNo", "SubsId", "RequestId", "Attempts", "FinishedAt"}, nil},
			{"list, ids", []string{"SubsId", "SecretNo"}, []string{"PoolKey", "PhoneNoA", "GroupId", "Expiration", "SecretNo", "SubsId"}},
			{"list, X", []string{"SecretNo"}, []string{"PoolKey", "Expiration", "SecretNo", "SubsId"}},
			{"list, A", []string{"PhoneNoA"}, []string{"PoolKey", "PhoneNoA", "Expiration", "SecretNo", "SubsId"}},
		} {
			t.Run(fmt.Sprintf("%s, known %v", c.name, known), func(t *testing.T) {
				t.Parallel()
				d := newDesk(t)
				d.write("in.csv", owned(5))
				d.does("bind", "in.csv")
				rows := set("Expiration", always(days(90)))(d.table("in.results.csv"))
				rows = shift(c.columns...)(rows)
				if c.list != nil {
					rows[0] = append(rows[0], "PoolKey")
					for i := range rows[1:] {
						rows[i+1] = append(rows[i+1], testPool)
					}
					gone := slices.DeleteFunc(slices.Clone(rows[0]), func(name string) bool { return slices.Contains(c.list, name) })
					rows = rows.without(gone...)
				}
				d.write("fed.csv", rows)
				vars := map[string]string{}
				if !known {
					vars["AXGBIND_JOURNAL"] = newFolder(t)
				}
				run := func(command, ending string, flags ...string) []row {
					axgbindWith(t, vars, "", d.command(command, "fed.csv", flags...)...).want(t, 3)
					return results(t, d.path("fed"+ending))
				}
				if !known {
					for command, ending := range map[string]string{"update": ".updated.csv", "unbind": ".unbound.csv"} {
						d.unchanged(command+" without --foreign", func() {
							for _, r := range run(command, ending) {
								if r.status() == "BOUND" || r.status() == "RELEASED" {
									t.Errorf("%s: %v", command, r)
								}
							}
						})
					}
				}
				// The first row fits, and so does what is behind the shifted ones.
				check := func(command, ending, done string, n int64) {
					was, before := d.state()
					out := run(command, ending, "--foreign")
					now, after := d.state()
					if after-before != n {
						t.Errorf("%s: %d calls, want %d", command, after-before, n)
					}
					wantRows(t, command, out, done, others, others, others, others)
					for i := range was {
						if i > 0 && !slices.Contains(now, was[i]) {
							t.Errorf("%s: %s became one of\n%s", command, was[i], strings.Join(now, "\n"))
						}
					}
				}
				check("update", ".updated.csv", bound, 1)
				check("unbind", ".unbound.csv", "RELEASED OK", 1)
			})
		}
	}
}

// update runs an update of a file and returns its rows.
func (d *desk) update(name string, flags ...string) []row {
	d.t.Helper()
	return d.does("update", name, flags...)
}

// TestUpdateOfOlderResults: results of an older night do not take back what was changed
// since, by whatever file that was done; a cell that a person changed counts, and a list
// means what it says. What an Action says to do does it.
func TestUpdateOfOlderResults(t *testing.T) {
	t.Parallel()
	list := func(d *desk, columns ...string) table {
		rows := d.table("in.results.csv")
		return rows.without(slices.DeleteFunc(slices.Clone(rows[0]), func(name string) bool { return slices.Contains(columns, name) })...)
	}
	const older = "HELD client.OlderFile"
	for _, how := range []struct {
		name   string
		holds  string        // how rows stand whose bindings another batch has by now
		change func(d *desk) // Expiration and B of the first two of three bindings
	}{
		{"renewed by another batch", "HELD client.OtherBatch", func(d *desk) {
			rows := owned(3)
			for i := 1; i < 3; i++ {
				rows[i][2], rows[i][3] = days(60), phone(700+i)
			}
			d.write("next.csv", rows)
			wantRows(d.t, "renewal", d.does("bind", "next.csv", "--when-bound", "renew"), bound, bound, "BOUND client.AlreadyBound")
		}},
		{"renewed by the batch", "", func(d *desk) {
			rows := owned(3)
			for i := 1; i < 3; i++ {
				rows[i][2], rows[i][3] = days(60), phone(700+i)
			}
			d.write("in.csv", rows)
			wantRows(d.t, "renewal", d.does("bind", "in.csv", "--when-bound", "renew"), bound, bound, bound)
		}},
		{"updated by a list", "", func(d *desk) {
			rows := list(d, "SubsId", "Expiration", "PhoneNoB")
			for i := 1; i < 3; i++ {
				rows[i][rows.at("Expiration")], rows[i][rows.at("PhoneNoB")] = days(60), phone(700+i)
			}
			d.write("list.csv", rows[:3])
			wantRows(d.t, "list", d.update("list.csv", "--field", "Expiration", "--field", "PhoneNoB"), bound, bound)
		}},
	} {
		t.Run(how.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.write("in.csv", owned(3))
			d.does("bind", "in.csv")
			old, older, edited := read(t, d.path("in.results.csv")), older, bound
			if how.change(d); how.holds != "" {
				older, edited = how.holds, how.holds
			}
			write(t, d.path("old.csv"), old)
			for _, flags := range [][]string{nil, {"--field", "PhoneNoB"}, {"--field", "PhoneNoB", "--field", "Expiration"}} {
				was, _ := d.state()
				out := d.update("old.csv", flags...)
				wantRows(t, fmt.Sprint("as it was ", flags), out, older, older, bound)
				if now, _ := d.state(); !slices.Equal(now, was) {
					t.Errorf("%v: taken back\n%s", flags, strings.Join(now, "\n"))
				}
			}
			// A person edits the older file: what is later is meant, what is earlier may not be.
			rows := tableOf(t, old)
			rows[1][rows.at("Expiration")], rows[2][rows.at("Expiration")] = days(80), days(40)
			d.write("old.csv", rows)
			wantRows(t, "edited", d.update("old.csv"), edited, older, bound)
			// With what the update wrote, which knows of its own call, it is.
			rows = d.table("old.updated.csv")
			rows[1][rows.at("Expiration")] = days(50)
			d.write("newest.csv", rows)
			wantRows(t, "the newest results", d.update("newest.csv"), edited, older, bound)
			// So it is in a list, as the Action says.
			rows = tableOf(t, old).without()
			rows[2][rows.at("Expiration")] = days(40)
			alone := rows.without(slices.DeleteFunc(slices.Clone(rows[0]), func(name string) bool { return name == "SubsId" || name == "Expiration" })...)
			d.write("alone.csv", table{alone[0], alone[2]})
			wantRows(t, "SubsId and Expiration", d.update("alone.csv"), bound)
			ends := map[string]string{}
			for _, b := range d.bindings() {
				ends[b.PhoneNoA] = b.Expiration
			}
			first := days(50)
			if how.holds != "" {
				first = days(60)
			}
			for i, want := range []string{first, days(40), days(32)} {
				if ends[phone(i)] != want {
					t.Errorf("A %d ends %s, want %s", i, ends[phone(i)], want)
				}
			}
			was, _ := d.state()
			for _, name := range []string{"newest.csv", "alone.csv"} {
				d.update(name)
				if now, _ := d.state(); !slices.Equal(now, was) {
					t.Errorf("%s again: %v", name, now)
				}
			}
		})
	}
}

// TestRenewHearsay: a binding of which only a results file told is proven before it is
// renewed or updated: cells of another row's do not lead there.
func TestRenewHearsay(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"renew", "update"} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.write("in.csv", owned(5))
			d.does("bind", "in.csv")
			vars := map[string]string{"AXGBIND_JOURNAL": newFolder(t)}
			d.write("fed.csv", shift("SubsId", "SecretNo")(d.table("in.results.csv")))
			d.unchanged("bind", func() {
				axgbindWith(t, vars, "", d.command("bind", "fed.csv")...).want(t, 0) // nothing here shows it
			})
			was, before := d.state()
			var out []row
			if by == "renew" {
				rows := owned(5)
				for i := 1; i < 6; i++ {
					rows[i][2] = days(90)
				}
				d.write("next.csv", rows)
				axgbindWith(t, vars, "", d.command("bind", "next.csv", "--when-bound", "renew")...).want(t, 3)
				out = results(t, d.path("next.results.csv"))
			} else {
				d.write("fed.results.csv", set("Expiration", always(days(90)))(d.table("fed.results.csv")))
				axgbindWith(t, vars, "", d.command("update", "fed.results.csv")...).want(t, 3)
				out = results(t, d.path("fed.results.updated.csv"))
			}
			wantRows(t, by, out, bound, others, others, others, others)
			now, after := d.state()
			if after-before != 1 {
				t.Errorf("%d calls", after-before)
			}
			for i := range was {
				if i > 0 && now[i] != was[i] {
					t.Errorf("%s became %s", was[i], now[i])
				}
			}
			looks := d.stats().Actions["QuerySubscriptionDetail"]
			if by == "renew" { // once proven, it is asked no more
				d.write("next.csv", change(set("Expiration", always(days(95))))(owned(5))[:2])
				axgbindWith(t, vars, "", d.command("bind", "next.csv", "--when-bound", "renew")...).want(t, 0)
				if more := d.stats().Actions["QuerySubscriptionDetail"] - looks; more != 0 {
					t.Errorf("%d look-ups more", more)
				}
			}
		})
	}
}

// TestRenewOfOtherRows: results whose cells were damaged and given later Expirations
// renew no binding but the row's own, and no row is called BOUND until an Expiration
// that its binding does not have.
func TestRenewOfOtherRows(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{true, false} {
		for _, c := range []struct {
			name   string
			change func(table) table
		}{
			{"nothing else", func(rows table) table { return rows }},
			{"ids", shift("SubsId", "SecretNo")},
			{"SubsId", shift("SubsId")},
			{"SecretNo", shift("SecretNo")},
			{"A", shift("PhoneNoA")},
			{"A and group", shift("PhoneNoA", "GroupId")},
			{"group", shift("GroupId")},
			{"Expiration", shift("Expiration")},
			{"B", shift("PhoneNoB")},
			{"verdicts", shift("Status", "Code", "SecretNo", "SubsId", "RequestId", "Attempts", "FinishedAt")},
			{"ids damaged", set("SubsId", always("1E+15"))},
			{"ids typed wrong", set("SubsId", func(s string) string { return "2" + s[1:] })},
			{"statuses damaged", set("Status", always("x"))},
			{"copied", func(rows table) table { return append(rows, rows[1:].clone()...) }},
			{"reversed", func(rows table) table { slices.Reverse(rows[1:]); return rows }},
		} {
			t.Run(fmt.Sprintf("%s, known %v", c.name, known), func(t *testing.T) {
				t.Parallel()
				d := newDesk(t)
				d.write("in.csv", owned(5))
				d.does("bind", "in.csv")
				vars := map[string]string{}
				rows := d.table("in.results.csv")
				if !known {
					vars["AXGBIND_JOURNAL"] = newFolder(t)
					d.write("known.csv", c.change(rows.clone()))
					axgbindWith(t, vars, "", d.command("bind", "known.csv")...)
				}
				for i, r := range rows[1:] {
					r[rows.at("Expiration")] = days(90 + i)
				}
				d.write("fed.csv", c.change(rows))
				for _, when := range []string{"refuse", "skip", "renew", "renew"} {
					axgbindWith(t, vars, "", d.command("bind", "fed.csv", "--when-bound", when)...)
					live := map[string]binding{}
					for _, b := range d.bindings() {
						live[b.SubsId] = b
					}
					if len(live) != 5 {
						t.Fatalf("%s: %d bindings live", when, len(live))
					}
					for _, r := range results(t, d.path("fed.results.csv")) {
						b := live[r.own("SubsId")]
						if r.status() == "BOUND" && r.own("Code") == "OK" && known && (b.PhoneNoA != r["PhoneNoA"] || b.GroupId != r["GroupId"] || b.Expiration != r["Expiration"]) {
							t.Errorf("%s: line %s is BOUND until %s, the service has %+v", when, r.own("Line"), r["Expiration"], b)
						}
					}
				}
				for _, b := range d.bindings() { // what was renewed, was for its own row
					i := slices.IndexFunc(rows[1:], func(r []string) bool { return r[0] == b.PhoneNoA && r[1] == b.GroupId })
					if i < 0 && b.Expiration > days(80) || i >= 0 && b.Expiration > days(80) && b.Expiration != rows[i+1][rows.at("Expiration")] {
						t.Errorf("renewed: %+v", b)
					}
				}
			})
		}
	}
}

// TestUnbindUnreadStatus: a release leaves no row aside without a word because its
// status cannot be read: what the journal knows is released, the rest is HELD.
func TestUnbindUnreadStatus(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{true, false} {
		d := newDesk(t)
		d.write("in.csv", owned(3))
		d.does("bind", "in.csv")
		rows := d.table("in.results.csv")
		rows[1][rows.at("Status")], rows[2][rows.at("Status")] = "x", "bound"
		d.write("fed.csv", rows)
		vars, status, first := map[string]string{}, 0, "RELEASED OK"
		if !known {
			vars["AXGBIND_JOURNAL"], status, first = newFolder(t), 3, "HELD client.UnprovenVerdict"
		}
		axgbindWith(t, vars, "", d.command("unbind", "fed.csv", "--foreign")...).want(t, status)
		wantRows(t, fmt.Sprint("known ", known), results(t, d.path("fed.unbound.csv")), first, "RELEASED OK", "RELEASED OK")
	}
}
