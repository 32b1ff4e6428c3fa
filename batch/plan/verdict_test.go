package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/batch/plan"
	"axgbind/report"
)

// views is what a plan says of its rows together, without what is as usual.
func views(t *testing.T, p *plan.Plan) string {
	t.Helper()
	var list []string
	say := func(name string, value any) { list = append(list, strings.TrimSpace(fmt.Sprint(name, " ", value))) }
	if n := p.Releasing(); n != 0 {
		say("releasing", n)
	}
	if n := p.Unsettled(); n != 0 {
		say("unsettled", n)
	}
	if n := p.Ended(); n != 0 {
		say("ended", n)
	}
	if id, all := p.HeldByDoubt(); all || id != "" {
		say("doubt", id)
	}
	if until, all := p.HeldByEnded(); all {
		say("free at", until.Format(time.DateTime))
	}
	for _, another := range []bool{false, true} {
		if p.HeldBeyond(another) {
			say("beyond", map[bool]string{false: "skip", true: "another"}[another])
		}
	}
	suspects, _, err := p.Suspects()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suspects {
		say("suspect", s.Row)
	}
	for i := range p.Entries {
		if p.WasBound(i) {
			say("was bound", i)
		}
	}
	standing := map[report.Status]int{}
	p.Standing(func(_ int, status report.Status, _ string) { standing[status]++ })
	same(t, "counts", p.Counts(), standing)
	return strings.Join(list, ", ")
}

// TestViews says what a plan tells of its rows together: why they are held back, whether
// that ends by itself, and what could be done.
func TestViews(t *testing.T) {
	const refused, another = "isv.MOBILE_NUMBER_ILLEGAL", ",,another"
	ends, err := time.ParseInLocation(time.DateTime, endsLate, report.Beijing)
	if err != nil {
		t.Fatal(err)
	}
	undo := plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{}}
	of := func(batch string) plan.Options { return plan.Options{Batch: batch} }
	rows := func(list ...string) []string { return list }
	type run struct {
		opt  plan.Options
		ends []string
		rows []string
	}
	first := run{of("a"), []string{"ok"}, rows(aRow(1, ""), aRow(2, ""))}
	lost := run{of("a"), []string{"lost"}, rows(aRow(1, ""), aRow(2, ""))}
	releasing := run{undo, []string{"lost"}, rows(told(aRow(1, ""), 2, "BOUND", "OK", 1))}
	said := &golden{t: t}
	for _, c := range []struct {
		name string
		runs []run
		at   time.Time // when, if not at once, and
		told time.Time // which time the service told then, if not that
		opt  plan.Options
		rows []string
		want string // how the rows stand, and what is said of them
	}{
		{"nothing known", nil, time.Time{}, time.Time{}, of("a"), rows(aRow(1, "")), "PENDING | "},
		{"bound", []run{first}, time.Time{}, time.Time{}, of("a"), rows(aRow(1, ""), aRow(2, "")), "BOUND OK 1, BOUND OK 2 | was bound 0, was bound 1"},
		{"in doubt", []run{lost}, time.Time{}, time.Time{}, of("a"), rows(aRow(1, ""), aRow(2, "")), "UNKNOWN client.Timeout, UNKNOWN client.Timeout | suspect 0, suspect 1"},
		{"in doubt on an X", []run{{of("a"), []string{"lost"}, rows(aRow(1, xOf(9)), aRow(2, ""))}}, time.Time{}, time.Time{}, of("a"), rows(aRow(1, xOf(9)), aRow(2, "")), "UNKNOWN client.Timeout, UNKNOWN client.Timeout | suspect 1"},
		{"refused", []run{{of("a"), []string{refused, "ok"}, rows(aRow(1, ""), aRow(2, ""))}}, time.Time{}, time.Time{}, of("a"), rows(aRow(1, ""), aRow(2, "")), "FAILED isv.MOBILE_NUMBER_ILLEGAL, BOUND OK 1 | was bound 1"},
		{"held by bindings", []run{first}, time.Time{}, time.Time{}, of("b"), rows(aRow(1, another), aRow(2, another), aRow(3, "")), "HELD client.StillBound, HELD client.StillBound, PENDING | "},
		{"held by doubts", []run{lost}, time.Time{}, time.Time{}, of("b"), rows(aRow(1, another), aRow(2, another), aRow(3, "")), "HELD client.StillBound, HELD client.StillBound, PENDING | doubt a, beyond skip, beyond another"},
		{"held by its own doubts", []run{lost}, time.Time{}, time.Time{}, of("a"), rows(aRow(1, another), aRow(2, another)), "HELD client.EditedAfterSend, HELD client.EditedAfterSend | doubt a, beyond skip, beyond another"},
		{"held by doubts of two batches", []run{{of("a"), []string{"lost"}, rows(aRow(1, ""))}, {of("b"), []string{"lost"}, rows(aRow(2, ""))}}, time.Time{}, time.Time{}, of("c"), rows(aRow(2, another), aRow(1, another)), "HELD client.StillBound, HELD client.StillBound | doubt b, beyond skip, beyond another"},
		{"held by a binding and a doubt", []run{{of("a"), []string{"ok", "lost"}, rows(aRow(1, ""), aRow(2, ""))}}, time.Time{}, time.Time{}, of("b"), rows(aRow(2, another), aRow(1, another)), "HELD client.StillBound, HELD client.StillBound | "},
		{"held by a doubt and a file", []run{lost}, time.Time{}, time.Time{}, of("b"), rows(told(aRow(1, another), 2, "PENDING", "", 0), told(aRow(3, ""), 3, "HELD", aliyun.CodeUnproven, 0)), "HELD client.StillBound, HELD client.UnprovenVerdict | beyond skip, beyond another"},
		{"held by a file", nil, time.Time{}, time.Time{}, of("b"), rows(told(aRow(1, another), 2, "HELD", aliyun.CodeUnproven, 0)), "HELD client.UnprovenVerdict | beyond skip, beyond another"},
		{"being released", []run{first, releasing}, time.Time{}, time.Time{}, of("a"), rows(aRow(1, ""), aRow(2, "")), "UNKNOWN client.ReleaseBegun 1, BOUND OK 2 | releasing 1, was bound 1"},
		{"held by one that is being released", []run{first, releasing}, time.Time{}, time.Time{}, of("b"), rows(aRow(1, another)), "HELD client.StillBound | beyond skip, beyond another"},
		{"held by one of two that is being released", []run{first, releasing}, time.Time{}, time.Time{}, of("b"), rows(aRow(1, another), aRow(2, another)), "HELD client.StillBound, HELD client.StillBound | beyond another"},
		{"taken and being released", []run{first, {of("b"), []string{"ok"}, rows(aRow(1, ""))}, releasing}, time.Time{}, time.Time{}, of("b"), rows(told(aRow(1, ""), 2, "BOUND", aliyun.CodeAlreadyBound, 1)), "UNKNOWN client.ReleaseBegun 1 | "},
		{"a release of what may be bound", []run{lost}, time.Time{}, time.Time{}, undo, rows(told(aRow(1, ""), 2, "UNKNOWN", aliyun.CodeTimeout, 0), told(aRow(2, ""), 3, "UNKNOWN", aliyun.CodeTimeout, 0)), "UNKNOWN client.Timeout, UNKNOWN client.Timeout | unsettled 2"},
		{"released", []run{first, {undo, []string{"ok"}, releasing.rows}}, time.Time{}, time.Time{}, of("a"), rows(aRow(1, ""), aRow(2, "")), "RELEASED client.Released 1, BOUND OK 2 | was bound 1"},
		{"renewed by another", []run{first, {plan.Options{Batch: "b", WhenBound: plan.RenewWhenBound}, []string{"ok"}, rows(aRow(1, another))}}, time.Time{}, time.Time{}, of("a"), rows(aRow(1, ""), aRow(2, "")), "HELD client.StillBound, BOUND OK 2 | was bound 1"},
		{"a renewal of another was refused", []run{first, {plan.Options{Batch: "b", WhenBound: plan.RenewWhenBound}, []string{refused}, rows(aRow(1, another))}}, time.Time{}, time.Time{}, plan.Options{Batch: "b"}, rows(aRow(1, another)), "FAILED isv.MOBILE_NUMBER_ILLEGAL | "},
		{"taken", []run{first}, time.Time{}, time.Time{}, of("b"), rows(aRow(1, ""), aRow(2, "")), "BOUND client.AlreadyBound 1, BOUND client.AlreadyBound 2 | was bound 0, was bound 1"},
		{"just before the end", []run{first}, ends.Add(-time.Second), time.Time{}, of("a"), rows(aRow(1, ""), aRow(2, "")), "BOUND OK 1, BOUND OK 2 | was bound 0, was bound 1"},
		{"at the end", []run{first}, ends, time.Time{}, of("a"), rows(aRow(1, ""), aRow(2, "")), "BOUND OK 1, BOUND OK 2 | ended 2, was bound 0, was bound 1"},
		{"taken, at the end", []run{first}, ends, time.Time{}, of("b"), rows(told(aRow(1, ""), 2, "BOUND", "OK", 1)), "BOUND client.AlreadyBound 1 | ended 1, was bound 0"},
		{"held by what has ended", []run{first}, ends, time.Time{}, of("b"), rows(later(aRow(1, another)), later(aRow(2, another))), "HELD client.StillBound, HELD client.StillBound | free at 2001-02-01 23:59:59, beyond skip"},
		{"held by what has ended, of which the service has not told", []run{first}, ends.Add(25 * time.Hour), ends.Add(time.Hour), of("b"), rows(later(aRow(1, another))), "HELD client.StillBound | free at 2001-02-01 23:59:59, beyond skip"},
		{"free of what has ended", []run{first}, ends.Add(25 * time.Hour), time.Time{}, of("b"), rows(later(aRow(1, another))), "PENDING | "},
		{"held by what has ended and by what has not", []run{first, {of("c"), []string{"ok"}, rows(later(aRow(3, "")))}}, ends, time.Time{}, of("b"), rows(later(aRow(1, another)), later(aRow(3, another))), "HELD client.StillBound, HELD client.StillBound | "},
		{"held by what has ended and by a doubt", []run{first, {of("c"), []string{"lost"}, rows(later(aRow(3, "")))}}, ends, time.Time{}, of("b"), rows(later(aRow(1, another)), later(aRow(3, another))), "HELD client.StillBound, HELD client.StillBound | beyond skip"},
		{"its own, held by what has ended", []run{first}, ends, time.Time{}, of("a"), rows(later(aRow(1, another))), "HELD client.EditedAfterSend 1 | free at 2001-02-01 23:59:59, beyond skip"},
		{"two there", []run{first, {plan.Options{Batch: "b", Another: true}, []string{"ok"}, rows(aRow(1, another))}}, time.Time{}, time.Time{}, of("c"), rows(aRow(1, ",,third")), "HELD client.StillBound | beyond skip"},
		{"left out", []run{first}, time.Time{}, time.Time{}, plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{}}, rows(told(aRow(1, ""), 2, "BOUND", "OK", 1), told(aRow(3, ""), 3, "PENDING", "", 0)), "PENDING 1 | "},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDiary(t)
				for _, r := range c.runs {
					d.run(r.opt, r.ends, r.rows...)
				}
				c.opt.Now, d.hears = c.at, c.told
				p := d.match(c.opt, c.rows...)
				said.add(t, c.name, p, books.StopLimit)
				if got := strings.Join(stands(t, p), ", ") + " | " + views(t, p); got != c.want {
					t.Errorf("%q, want %q", got, c.want)
				}
			})
		})
	}
	said.check("views.txt")
}

// later is a row with a later end.
func later(row string) string { return strings.Replace(row, endsLate, "2001-12-31 23:59:59", 1) }

// TestWhose names rows of the ledger by their lines, those of other batches by that, too.
func TestWhose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t)
		d.run(plan.Options{Batch: "a"}, []string{"ok", "lost"}, aRow(1, ""), aRow(2, ""))
		p := d.match(plan.Options{Batch: "b"}, aRow(3, ""), aRow(1, ",,another"))
		row := func(batch string, i int) int32 {
			n := int32(-1)
			d.j.Asks(func(l *ledger.Ledger) {
				for at := range l.Len() {
					if l.BatchName(l.Key(at).Batch) == batch && i == 0 {
						n = int32(at)
					}
					if l.BatchName(l.Key(at).Batch) == batch {
						i--
					}
				}
			})
			return n
		}
		for _, c := range []struct {
			name  string
			row   int32
			line  int
			batch string
		}{
			{"none", -1, 0, ""},
			{"the first of the plan", row("b", 0), 2, ""},
			{"the second of the plan", row("b", 1), 3, ""},
			{"bound by another batch", row("a", 0), 2, "a"},
			{"in doubt of another batch", row("a", 1), 0, "a"},
		} {
			if line, batch := p.Whose(c.row); line != c.line || batch != c.batch {
				t.Errorf("%s: line %d of %q, want %d of %q", c.name, line, batch, c.line, c.batch)
			}
		}
	})
}

// TestBoundTo tells which binding a row is bound to, wherever that is known from.
func TestBoundTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t)
		d.run(plan.Options{Batch: "a"}, []string{"ok"}, aRow(1, ""))
		d.run(plan.Options{Batch: "b"}, []string{"ok"}, aRow(2, ""))
		p := d.match(plan.Options{Batch: "a"},
			told(aRow(1, ""), 2, "BOUND", "OK", 1), told(aRow(2, ""), 3, "BOUND", "OK", 2), told(aRow(3, ""), 4, "BOUND", "OK", 3), told(aRow(4, ""), 5, "PENDING", "", 0))
		var got []string
		err := p.EachRow(func(i int, row *plan.Row) error {
			to, err := p.BoundTo(i, row)
			got = append(got, strings.TrimSpace(to.SecretNo+" "+to.SubsID))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "bindings", got, []string{xOf(1) + " " + subsOf(1), xOf(2) + " " + subsOf(2), xOf(3) + " " + subsOf(3), ""})
	})
}

// TestUnrecorded: what the journal had and has no more is said, once.
func TestUnrecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t)
		d.run(plan.Options{Batch: "a"}, []string{"ok", "lost", "isv.MOBILE_NUMBER_ILLEGAL"}, aRow(1, ""), aRow(2, ""), aRow(3, ""))
		p := d.match(plan.Options{Batch: "a"}, aRow(1, ""), aRow(2, ""), aRow(3, ""), aRow(4, ""))
		said := func() (lines []string) {
			if n := p.Unrecorded(func(line string) { lines = append(lines, line) }); n < len(lines) {
				t.Errorf("%d, and told of %q", n, lines)
			}
			return lines
		}
		if lines := said(); len(lines) > 0 {
			t.Errorf("nothing is lost, and it says %q", lines)
		}
		text := d.m.Text()
		d.m.Set(slices.Repeat([]byte{'x'}, len(text))) // somebody wrote over it
		same(t, "lines", said(), []string{
			books.RescueLine(2, ledger.OK, "OK", subsOf(1), ""), books.RescueLine(3, ledger.Lost, aliyun.CodeTimeout, "", ""),
		})
		p.Rescued.Store(uint32(2), true)
		same(t, "lines once the run has told of one", said(), []string{books.RescueLine(3, ledger.Lost, aliyun.CodeTimeout, "", "")})
		d.m.Set(text)
	})
}
