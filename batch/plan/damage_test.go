package plan_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/plan"
	"axgbind/report"
)

// TestDamagedJournal: where a record cannot be read back that a row depends on, no plan is
// made; where it is damaged afterwards, whatever needs it fails.
func TestDamagedJournal(t *testing.T) {
	const refused = "isv.MOBILE_NUMBER_ILLEGAL"
	plain := plan.Options{Batch: "a"}
	undo := plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{}}
	up := plan.Options{Batch: "up", Of: "a", Operation: &plan.Update{Changes: []aliyun.Operate{aliyun.UpdateOutID}}}
	moves := plan.Options{Batch: "up", Of: "a", Operation: &plan.Update{Changes: []aliyun.Operate{aliyun.UpdateGroup}}}
	renew := plan.Options{Batch: "b", WhenBound: plan.RenewWhenBound}
	first := did{plain, "ok", one(aRow(1, ""))}
	lost := did{plain, "lost", one(aRow(1, ""))}
	twice := did{plan.Options{Batch: "a", AllowDuplicates: true}, "ok", both(aRow(1, ",13900139000"), aRow(1, ",13900139001"))}
	for _, c := range []struct {
		name string
		runs []did
		opt  plan.Options
		rows []string
		made bool // the plan reads no record
		read bool // its results do
	}{
		{"bound", []did{first}, plain, one(aRow(1, "")), true, true},
		{"refused", []did{{plain, refused, one(aRow(1, ""))}}, plain, one(aRow(1, "")), true, true},
		{"in doubt", []did{lost}, plain, one(aRow(1, "")), true, true},
		{"nothing known", nil, plain, one(aRow(1, "")), true, false},
		{"a new row", []did{first}, plain, one(aRow(3, "")), true, false},
		{"held by a doubt", []did{lost}, plan.Options{Batch: "b"}, one(aRow(1, ",,o")), true, true},
		{"taken", []did{first}, plan.Options{Batch: "b"}, one(aRow(1, "")), true, true},
		{"released", []did{first, {undo, "ok", one(rowOf(1, "", 1))}}, plain, one(aRow(1, "")), true, true},
		{"held", []did{first}, plan.Options{Batch: "b"}, one(aRow(1, ",,o")), false, true},
		{"to renew", []did{first}, renew, one(later(aRow(1, ""))), false, false},
		{"which of two", []did{twice}, plan.Options{Batch: "b"}, one(aRow(1, ",13900139000")), false, true},
		{"masked, and by its line", []did{first}, plain, one(strings.Replace(aRow(1, ""), "13800138001", "138****8001", 1)), false, true},
		{"mistyped", []did{first}, plain, one(strings.Replace(aRow(1, ""), endsLate, "soon", 1)), true, true},
		{"another id there", []did{first}, plan.Options{Batch: "b"}, one(told(aRow(1, ",,o"), 2, "BOUND", "OK", 5)), false, false},
		{"its own line in doubt", []did{lost}, plain, one(told(aRow(1, ",,o"), 2, "UNKNOWN", aliyun.CodeTimeout, 0)), false, true},
		{"its id there", []did{first}, plan.Options{Batch: "b"}, one(told(aRow(1, ",,o"), 2, "BOUND", "OK", 1)), false, true},
		{"to release", []did{first}, undo, one(rowOf(1, "", 1)), false, true},
		{"to release, by what is left of its id", []did{first}, undo, one(strings.Replace(rowOf(1, "", 1), subsOf(1), "1.00000E+15", 1)), false, true},
		{"to release, by its place", []did{first}, plan.Options{Batch: "undo", Operation: &plan.Release{}}, one(listed(aRow(1, ""), 0)), false, true},
		{"to update", []did{first}, up, one(rowOf(1, ",,o", 1)), false, true},
		{"to move", []did{first}, moves, one(strings.Replace(rowOf(1, "", 1), ",7,", ",8,", 1)), false, true},
		{"a renewal that was refused", []did{first, {renew, refused, one(later(aRow(1, "")))}}, plan.Options{Batch: "b"}, one(later(aRow(1, ""))), true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDiary(t)
				for _, r := range c.runs {
					d.run(r.opt, strings.Fields(r.ends), r.rows...)
				}
				p := d.match(c.opt, c.rows...)
				text := d.m.Text()
				defer d.m.Set(text)
				d.m.Set(slices.Repeat([]byte{'x'}, len(text)))
				err := p.Results(report.EN, books.StopNone, func(*report.Record) error { return nil })
				if (err != nil) != c.read {
					t.Errorf("its results: %v", err)
				}
				in := d.open(c.opt, c.rows...)
				if _, err := plan.New(in, d.j, d.opt); (err == nil) != c.made {
					t.Errorf("a plan: %v", err)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t)
		d.run(plain, []string{"ok", "lost", "lost"}, aRow(1, ""), aRow(2, ""), aRow(3, xOf(9)))
		bind := d.match(plain, aRow(1, ""), aRow(2, ""), aRow(3, xOf(9)))
		release := d.match(undo, rowOf(1, "", 1))
		update := d.match(up, rowOf(1, ",,o", 1))
		renewal := d.match(renew, later(aRow(1, "")))
		text := d.m.Text()
		defer d.m.Set(text)
		reads := map[string]func() error{
			"what a release ends":     func() error { _, err := release.Releases(); return err },
			"its target":              func() error { _, _, err := release.ReleaseTarget(0, rowAt(t, release, 0)); return err },
			"the target of an update": func() error { _, err := update.UpdateTarget(0, rowAt(t, update, 0)); return err },
			"that of a renewal":       func() error { _, err := renewal.RenewalOf(0, rowAt(t, renewal, 0)); return err },
			"what a row is bound to":  func() error { _, err := bind.BoundTo(0, rowAt(t, bind, 0)); return err },
			"what may be swept":       func() error { _, _, err := bind.Suspects(); return err },
			"how many may be":         func() error { _, err := bind.CountSuspects(); return err },
			"the numbers in use":      func() error { _, _, err := bind.Wanted(); return err },
			"a number chosen before": func() error {
				row := rowAt(t, bind, 2)
				row.Fields[field.PhoneNoX] = ""
				_, err := bind.ChosenBefore(2, row)
				return err
			},
		}
		for what, read := range reads {
			if err := read(); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		d.m.Set(slices.Repeat([]byte{'x'}, len(text)))
		for what, read := range reads {
			if read() == nil {
				t.Errorf("%s is read from nothing", what)
			}
		}
	})
}

// rowAt is row i of a plan.
func rowAt(t *testing.T, p *plan.Plan, i int) (row *plan.Row) {
	t.Helper()
	if err := p.EachRow(func(n int, r *plan.Row) error {
		if n == i {
			row = r.ForKeeps()
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return row
}

// page is an input that somebody writes to.
type page struct{ *strings.Reader }

// TestInputChanged: a plan tells when its input has other rows than it had.
func TestInputChanged(t *testing.T) {
	was := inputHead + "\n" + aRow(1, "") + "\n" + aRow(2, "") + "\n"
	for name, is := range map[string]string{
		"as it was":   was,
		"another row": strings.Replace(was, "13800138002", "13800138003", 1),
		"a row less":  strings.Replace(was, aRow(2, ""), strings.Repeat(" ", len(aRow(2, ""))), 1),
	} {
		text := &page{strings.NewReader(was)}
		in, err := input.Open(text, int64(len(was)), input.Options{Defaults: map[field.Field]string{field.PoolKey: "FC1"}})
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.New(in, nil, plan.Options{Now: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		text.Reader = strings.NewReader(is)
		rows := 0
		err = p.EachRow(func(int, *plan.Row) error { rows++; return nil })
		if errors.Is(err, plan.ErrInputChanged) != (is != was) || (err == nil) != (is == was) {
			t.Errorf("%s: %v", name, err)
		}
		if is == was && rows != 2 || is != was && rows != 1 {
			t.Errorf("%s: %d rows", name, rows)
		}
		if p.EachRow(func(int, *plan.Row) error { return errors.ErrUnsupported }) == nil {
			t.Errorf("%s: an error of what is done with a row is nothing", name)
		}
	}
}

// TestSelected: rows that are none of the plan's are left alone, and gone if the batch sent
// them.
func TestSelected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t)
		d.run(plan.Options{Batch: "a"}, []string{"ok", "lost"}, aRow(1, ""), aRow(2, ""))
		p := d.match(plan.Options{Batch: "a", Select: func(r *input.Row) bool { return r.Fields[field.PhoneNoA] > "13800138001" }}, aRow(1, ""), aRow(2, ""), aRow(3, ""))
		same(t, "rows", stands(t, p), []string{"UNKNOWN client.Timeout", "PENDING"})
		if p.Rows != 2 || p.Left != 1 || p.ToSend != 1 || p.Settled != 1 || len(p.Entries) != 3 {
			t.Errorf("%d rows, %d left, %d to send, %d settled", p.Rows, p.Left, p.ToSend, p.Settled)
		}
		var lines []int
		p.Standing(func(line int, _ report.Status, _ string) { lines = append(lines, line) })
		same(t, "lines", lines, []int{3, 4})
		seen := map[ledger.Key]bool{}
		for i := range p.Entries {
			if key := p.Key(i); key.Batch == 0 || seen[key] {
				t.Errorf("row %d has the key %v, another one too or no batch", i, key)
			} else {
				seen[key] = true
			}
		}
	})
}

// TestCarries: what a results file brings is in the journal from then on, whatever becomes
// of it: also ids that a spreadsheet rounded, of which each row keeps its own.
func TestCarries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t)
		rounded := func(row string) string {
			for n := range 10 {
				row = strings.Replace(row, subsOf(n), "1.00000E+15", 1)
			}
			return row
		}
		rows := []string{
			told(aRow(1, ""), 2, "BOUND", "OK", 1), rounded(told(aRow(2, ""), 3, "BOUND", "OK", 2)), rounded(told(aRow(3, ""), 4, "BOUND", "OK", 3)),
			told(aRow(4, xOf(9)), 5, "UNKNOWN", aliyun.CodeTimeout, 0), strings.Replace(told(aRow(5, ""), 6, "UNKNOWN", aliyun.CodeTimeout, 0), finished, "", 1),
			told(aRow(6, ""), 7, "RELEASED", aliyun.CodeReleased, 6), strings.Replace(told(aRow(7, ""), 8, "BOUND", "OK", 7), subsOf(7), "", 1),
			told(aRow(8, ""), 9, "PENDING", "", 0),
		}
		before := stands(t, d.match(plan.Options{Batch: "a"}, rows...))
		if n := len(d.m.Text()); func() int { d.run(plan.Options{Batch: "a", LookOnly: true}, nil, rows...); return len(d.m.Text()) }() <= n {
			t.Fatal("nothing was written")
		}
		var plain []string
		for _, r := range rows {
			plain = append(plain, strings.Join(strings.Split(r, ",")[:6], ","))
		}
		p := d.match(plan.Options{Batch: "a"}, plain...)
		same(t, "rows", stands(t, p), before)
		said := &golden{t: t}
		said.add(t, "carried", p, books.StopNone)
		d.j.Asks(func(l *ledger.Ledger) {
			for b := range l.Bindings() {
				info := l.Binding(b)
				maker, holder := l.Owners(b)
				if maker != 0 || l.BatchName(holder) != "a" || info.Place == 0 || info.Ends != plan.EndOf(endsLate) {
					t.Errorf("binding %d: %+v", b, info)
				}
			}
			if l.Bindings() != 5 {
				t.Errorf("%d bindings, want one for each row that is or was bound", l.Bindings())
			}
			for n := range l.Len() {
				for _, c := range l.Calls(n) {
					if c.Op != ledger.Bind || c.Place == 0 || c.Due-c.At != books.SettleAfter.Milliseconds() {
						t.Errorf("call %+v", c)
					}
				}
			}
		})
		said.check("carried.txt")
		size := len(d.m.Text())
		if err := p.Carry(); err != nil || len(d.m.Text()) != size {
			t.Errorf("a plan that brings nothing writes %d bytes, %v", len(d.m.Text())-size, err)
		}
	})
}
