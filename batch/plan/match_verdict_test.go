package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/batch/plan"
)

// sums are the counts of a plan that are not zero.
func sums(p *plan.Plan) string {
	var list []string
	for _, c := range []struct {
		name string
		n    int
	}{
		{"send", p.ToSend}, {"look", p.ToLook}, {"settled", p.Settled}, {"taken", p.Taken}, {"renew", p.Renew}, {"withheld", p.Withheld},
		{"gone", p.Gone}, {"gone unknown", p.GoneUnknown}, {"warnings", p.Warnings}, {"unproven", p.Unproven()},
	} {
		if c.n != 0 {
			list = append(list, fmt.Sprint(c.name, " ", c.n))
		}
	}
	return strings.Join(list, ", ")
}

// TestFilesTell says what a results file makes of rows of which the journal knows nothing.
func TestFilesTell(t *testing.T) {
	const refused, timeout = "isv.MOBILE_NUMBER_ILLEGAL", aliyun.CodeTimeout
	masked := strings.Replace(aRow(1, ""), "13800138001", "138****8001", 1)
	resend := plan.Options{Resend: plan.Resend{Unknown: true, Released: true}}
	codes := plan.Options{Resend: plan.Resend{Codes: map[string]bool{timeout: true}}}
	said := &golden{t: t}
	for _, c := range []struct {
		name string
		opt  plan.Options
		rows []string
		want string // how the rows stand, and the sums that are not zero
	}{
		{"bound", plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1)}, "BOUND OK 1 | settled 1"},
		{"bound, to be sent again", resend, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1)}, "BOUND OK 1 | settled 1"},
		{"unknown", plan.Options{}, []string{told(aRow(1, ""), 2, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout | settled 1"},
		{"unknown, and nobody asked for its code", codes, []string{told(aRow(1, ""), 2, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout | settled 1, withheld 1"},
		{"unknown, on an X", plan.Options{}, []string{told(aRow(1, xOf(1)), 2, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout | look 1"},
		{"unknown, to be sent again", resend, []string{told(aRow(1, ""), 2, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout | send 1"},
		{"released", plan.Options{}, []string{told(aRow(1, ""), 2, "RELEASED", aliyun.CodeReleased, 1)}, "RELEASED client.Released 1 | settled 1"},
		{"released, to be sent again", resend, []string{told(aRow(1, ""), 2, "RELEASED", aliyun.CodeReleased, 1)}, "RELEASED client.Released 1 | send 1"},
		{"pending", plan.Options{}, []string{told(aRow(1, ""), 2, "PENDING", "", 0)}, "PENDING | send 1"},
		{"refused", plan.Options{}, []string{told(aRow(1, ""), 2, "FAILED", refused, 0)}, "PENDING | send 1"},
		{"refused, and it names a binding", plan.Options{}, []string{told(aRow(1, ""), 2, "FAILED", refused, 1)}, "HELD client.UnprovenVerdict 1 | unproven 1"},
		{"refused for the binding that it names", plan.Options{}, []string{told(aRow(1, ""), 2, "FAILED", aliyun.CodeBindConflict, 1)}, "PENDING | send 1"},
		{"held back", plan.Options{}, []string{told(aRow(1, ""), 2, "HELD", aliyun.CodeStillBound, 0)}, "HELD client.UnprovenVerdict | unproven 1"},
		{"held back for a file", plan.Options{}, []string{told(aRow(1, ""), 2, "HELD", aliyun.CodeUnproven, 0)}, "HELD client.UnprovenVerdict | unproven 1"},
		{"a status that nobody can read", plan.Options{}, []string{told(aRow(1, ""), 2, "bond", "OK", 1)}, "HELD client.UnprovenVerdict 1 | unproven 1"},
		{"not bound, and yes", plan.Options{}, []string{told(aRow(1, ""), 2, "PENDING", "OK", 0)}, "HELD client.UnprovenVerdict | unproven 1"},
		{"bound, and its A is masked", plan.Options{}, []string{told(masked, 2, "BOUND", "OK", 1)}, "HELD client.UnprovenVerdict 1 | unproven 1"},
		{"unknown, and its A is masked", plan.Options{}, []string{told(masked, 2, "UNKNOWN", timeout, 0)}, "HELD client.UnprovenVerdict | unproven 1"},
		{"released, and its A is masked", plan.Options{}, []string{told(masked, 2, "RELEASED", aliyun.CodeReleased, 1)}, "RELEASED client.Released 1 | settled 1"},
		{"bound, and its group cannot be read", plan.Options{}, []string{strings.Replace(told(aRow(1, ""), 2, "BOUND", "OK", 1), ",7,", ",seven,", 1)}, "HELD client.UnprovenVerdict 1 | unproven 1"},
		{"bound, and its end cannot be read", plan.Options{}, []string{strings.Replace(told(aRow(1, ""), 2, "BOUND", "OK", 1), endsLate, "soon", 1)}, "BOUND OK 1 | settled 1"},
		{"bound, and its end is another's form", plan.Options{}, []string{strings.Replace(told(aRow(1, ""), 2, "BOUND", "OK", 1), endsLate, "2001/01/31 23:59:59", 1)}, "BOUND OK 1 | settled 1"},
		{"unknown on an X, and its end is over", plan.Options{}, []string{strings.Replace(told(aRow(1, xOf(1)), 2, "UNKNOWN", timeout, 0), endsLate, "1999-12-31 23:59:59", 1)}, "UNKNOWN client.Timeout | settled 1"},
		{"unknown, to be sent again, and its end is over", resend, []string{strings.Replace(told(aRow(1, ""), 2, "UNKNOWN", timeout, 0), endsLate, "1999-12-31 23:59:59", 1)}, "UNKNOWN isv.EXPIRE_DATE_ILLEGAL | settled 1"},
		{"unknown on an X twice, allowed", plan.Options{AllowDuplicates: true}, []string{told(aRow(1, xOf(1)), 2, "UNKNOWN", timeout, 0), told(aRow(1, xOf(2)), 3, "PENDING", "", 0)}, "UNKNOWN client.Timeout, PENDING | send 1, look 1, warnings 1"},
		{"two bound on their X", plan.Options{}, []string{told(aRow(1, xOf(1)), 2, "BOUND", "OK", 1), told(aRow(2, xOf(1)), 3, "PENDING", "", 0)}, "BOUND OK 1, PENDING | send 1, settled 1, warnings 1"},
		{"an id rounded by a spreadsheet", plan.Options{}, []string{strings.Replace(told(aRow(1, ""), 2, "BOUND", "OK", 1), subsOf(1), "1.00000E+15", 1)}, "BOUND OK 1.00000E+15 | settled 1, warnings 1"},
		{"one binding, of equal rows", plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), told(aRow(1, ""), 3, "BOUND", "OK", 1)}, "BOUND OK 1, INVALID client.Duplicate 1 | settled 1"},
		{"one binding, of rows in one place", plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), told(aRow(1, ",,o"), 3, "BOUND", "OK", 1)}, "BOUND OK 1, INVALID client.SamePlace 1 | settled 1"},
		{"one binding, of rows in two places", plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), told(aRow(2, ""), 3, "BOUND", "OK", 1)}, "INVALID client.OtherBinding 1, INVALID client.OtherBinding 1 | "},
		{"one binding, of three rows", plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), told(aRow(2, ""), 3, "BOUND", "OK", 1), told(aRow(3, ""), 4, "BOUND", "OK", 1)}, "INVALID client.OtherBinding 1, INVALID client.OtherBinding 1, INVALID client.OtherBinding 1 | "},
		{"one X of two bindings", plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), strings.Replace(told(aRow(2, ""), 3, "BOUND", "OK", 2), xOf(2), xOf(1), 1)}, "INVALID client.OtherBinding 1, INVALID client.OtherBinding 2 | "},
		{"one X, and one of them is over", plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), strings.Replace(strings.Replace(told(aRow(2, ""), 3, "BOUND", "OK", 2), xOf(2), xOf(1), 1), endsLate, "1999-12-31 23:59:59", 1)}, "BOUND OK 1, BOUND OK 2 | settled 2"},
		{"one X, and one of them was released", plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), strings.Replace(told(aRow(2, ""), 3, "RELEASED", aliyun.CodeReleased, 2), xOf(2), xOf(1), 1)}, "BOUND OK 1, RELEASED client.Released 2 | settled 2"},
		{"what two claim is taken from none that is sent again", resend, []string{told(aRow(1, ""), 2, "RELEASED", aliyun.CodeReleased, 1), told(aRow(2, ""), 3, "BOUND", "OK", 1)}, "RELEASED client.Released 1, INVALID client.OtherBinding 1 | send 1"},
		{"its place stays taken", plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), told(aRow(2, ""), 3, "BOUND", "OK", 1), told(aRow(1, ",,o"), 4, "PENDING", "", 0), told(aRow(2, ",,o"), 5, "PENDING", "", 0)}, "INVALID client.OtherBinding 1, INVALID client.OtherBinding 1, INVALID client.SamePlace, INVALID client.SamePlace | "},
		{"a row beside a bound one", plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), told(aRow(1, ",,o"), 3, "PENDING", "", 0)}, "BOUND OK 1, INVALID client.SamePlace | settled 1"},
		{"a row beside an unknown one", plan.Options{}, []string{told(aRow(1, ""), 2, "UNKNOWN", timeout, 0), told(aRow(1, ",,o"), 3, "PENDING", "", 0)}, "UNKNOWN client.Timeout, INVALID client.SamePlace | settled 1"},
		{"a row beside a released one", plan.Options{}, []string{told(aRow(1, ""), 2, "RELEASED", aliyun.CodeReleased, 1), told(aRow(1, ",,o"), 3, "PENDING", "", 0)}, "RELEASED client.Released 1, PENDING | send 1, settled 1"},
		{"a row beside one that is held back", plan.Options{}, []string{told(aRow(1, ""), 2, "HELD", aliyun.CodeUnproven, 0), told(aRow(1, ",,o"), 3, "PENDING", "", 0)}, "HELD client.UnprovenVerdict, INVALID client.SamePlace | unproven 1"},
		{"rows beside them, allowed", plan.Options{AllowDuplicates: true}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), told(aRow(1, ",,o"), 3, "PENDING", "", 0)}, "BOUND OK 1, PENDING | send 1, settled 1"},
		{"a copy of an unknown row", plan.Options{}, []string{told(aRow(1, ""), 2, "UNKNOWN", timeout, 0), told(aRow(1, ""), 2, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout, INVALID client.Duplicate | settled 1"},
		{"an unknown row like another", plan.Options{}, []string{told(aRow(1, ""), 2, "UNKNOWN", timeout, 0), told(aRow(1, ""), 3, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout, UNKNOWN client.Timeout | settled 2"},
		{"unknown twice on an X", plan.Options{}, []string{told(aRow(1, xOf(1)), 2, "UNKNOWN", timeout, 0), told(aRow(2, xOf(1)), 3, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout, UNKNOWN client.Timeout | look 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.opt.Batch = "a"
				p := newDiary(t).match(c.opt, c.rows...)
				said.add(t, c.name, p, books.StopNone)
				if got := strings.Join(stands(t, p), ", ") + " | " + sums(p); got != c.want {
					t.Errorf("%q, want %q", got, c.want)
				}
			})
		})
	}
	said.check("files_tell.txt")
}

// TestFilesMeetJournal says what becomes of a row of results where the journal knows its
// row, its place or the binding that it names: what the journal knows goes first.
func TestFilesMeetJournal(t *testing.T) {
	const refused, timeout = "isv.MOBILE_NUMBER_ILLEGAL", aliyun.CodeTimeout
	released := func(d *diary) {
		d.run(plan.Options{Batch: "a"}, []string{"ok"}, aRow(1, ""))
		d.run(plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{}}, []string{"ok"}, told(aRow(1, ""), 2, "BOUND", "OK", 1))
	}
	gone := func(d *diary) {
		d.run(plan.Options{Batch: "a"}, []string{"ok"}, aRow(1, ""))
		if err := d.j.Vanish(ledger.ParseSubsID(subsOf(1)), "", nil); err != nil {
			t.Fatal(err)
		}
	}
	after := func(ends ...string) func(d *diary) { // rows 1 and 2 of batch a
		return func(d *diary) { d.run(plan.Options{Batch: "a"}, ends, aRow(1, ""), aRow(2, "")) }
	}
	onX := func(end string) func(d *diary) {
		return func(d *diary) { d.run(plan.Options{Batch: "a"}, []string{end}, aRow(1, xOf(9))) }
	}
	const another = ",,another"
	said := &golden{t: t}
	for _, c := range []struct {
		name  string
		known func(d *diary)
		opt   plan.Options // of batch b, unless it says otherwise
		rows  []string
		want  string
	}{
		{"its own", after("ok"), plan.Options{Batch: "a"}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1)}, "BOUND OK 1 | settled 1, gone 1"},
		{"another's", after("ok"), plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1)}, "BOUND client.AlreadyBound 1 | taken 1"},
		{"another's, with other values", after("ok"), plan.Options{}, []string{told(aRow(1, another), 2, "BOUND", "OK", 1)}, "HELD client.StillBound | "},
		{"its own, with other values", after("ok"), plan.Options{Batch: "a"}, []string{told(aRow(1, another), 2, "BOUND", "OK", 1)}, "HELD client.EditedAfterSend 1 | gone 1"},
		{"of another place", after("ok"), plan.Options{}, []string{told(aRow(3, ""), 2, "BOUND", "OK", 1)}, "INVALID client.OtherBinding 1 | "},
		{"released, of another place", after("ok"), plan.Options{}, []string{told(aRow(3, ""), 2, "RELEASED", aliyun.CodeReleased, 1)}, "INVALID client.OtherBinding 1 | "},
		{"of another place, not bound", after("ok"), plan.Options{}, []string{told(aRow(3, ""), 2, "FAILED", refused, 1)}, "HELD client.StillBound | "},
		{"of another place, in its way", after("ok"), plan.Options{}, []string{told(aRow(3, ""), 2, "FAILED", aliyun.CodeBindConflict, 1)}, "HELD client.StillBound | "},
		{"released, and it lives", after("ok"), plan.Options{}, []string{told(aRow(1, ""), 2, "RELEASED", aliyun.CodeReleased, 1)}, "BOUND client.AlreadyBound 1 | taken 1"},
		{"released with other values, and it lives", after("ok"), plan.Options{}, []string{told(aRow(1, another), 2, "RELEASED", aliyun.CodeReleased, 1)}, "HELD client.StillBound | "},
		{"unknown, and names what is in its way", after("ok"), plan.Options{}, []string{told(aRow(1, another), 2, "UNKNOWN", timeout, 1)}, "UNKNOWN client.Timeout 1 | settled 1"},
		{"refused, and names what lives there", after("ok"), plan.Options{}, []string{told(aRow(1, another), 2, "FAILED", refused, 1)}, "HELD client.StillBound | "},
		{"a status that nobody can read", after("ok"), plan.Options{}, []string{told(aRow(1, another), 2, "bond", "OK", 1)}, "HELD client.StillBound | "},
		{"a status that nobody can read, of nothing known", after("ok"), plan.Options{}, []string{told(aRow(1, another), 2, "bond", "OK", 5)}, "HELD client.StillBound | "},
		{"as it was taken, of a check", after("ok"), plan.Options{LookOnly: true}, []string{told(aRow(1, another), 2, "BOUND", aliyun.CodeAlreadyBound, 1)}, "BOUND client.AlreadyBound 1 | taken 1"},
		{"as it was taken", after("ok"), plan.Options{}, []string{told(aRow(1, another), 2, "BOUND", aliyun.CodeAlreadyBound, 1)}, "HELD client.StillBound | "},
		{"as bound, of a check", after("ok"), plan.Options{LookOnly: true}, []string{told(aRow(1, another), 2, "BOUND", "OK", 1)}, "HELD client.StillBound | "},
		{"two rows of one binding", after("ok"), plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), told(aRow(1, ""), 3, "BOUND", "OK", 1)}, "BOUND client.AlreadyBound 1, INVALID client.Duplicate 1 | taken 1"},
		{"two unlike rows of one binding", after("ok"), plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1), told(aRow(1, another), 3, "BOUND", "OK", 1)}, "BOUND client.AlreadyBound 1, INVALID client.SamePlace 1 | taken 1"},
		{"one that was released", released, plan.Options{}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1)}, "RELEASED client.Released 1 | taken 1"},
		{"one that was released, and it says so", released, plan.Options{}, []string{told(aRow(1, ""), 2, "RELEASED", aliyun.CodeReleased, 1)}, "RELEASED client.Released 1 | taken 1"},
		{"one that was released, again", released, plan.Options{Resend: plan.Resend{Released: true}}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 1)}, "PENDING | send 1"},
		{"one that was released, refused", released, plan.Options{}, []string{told(aRow(1, another), 2, "FAILED", refused, 1)}, "PENDING | send 1"},
		{"one that was released elsewhere, refused", released, plan.Options{}, []string{told(aRow(3, ""), 2, "FAILED", refused, 1)}, "PENDING | send 1"},
		{"one that was released elsewhere, and nobody can read it", released, plan.Options{}, []string{told(aRow(3, ""), 2, "bond", "OK", 1)}, "HELD client.UnprovenVerdict 1 | unproven 1"},
		{"one that is gone", gone, plan.Options{}, []string{told(aRow(1, another), 2, "BOUND", "OK", 1)}, "PENDING | send 1"},
		{"one that is gone, and released by a file", gone, plan.Options{}, []string{told(aRow(1, another), 2, "RELEASED", aliyun.CodeReleased, 1)}, "RELEASED client.Released 1 | taken 1"},
		// What the place says of a row that names another binding, or none.
		{"another id, by its last call", after("ok"), plan.Options{}, []string{strings.Replace(told(aRow(1, another), 2, "BOUND", "OK", 5), "R-5", "R-1", 1)}, "HELD client.StillBound | "},
		{"another id", after("ok"), plan.Options{}, []string{told(aRow(1, another), 2, "BOUND", "OK", 5)}, "BOUND OK 5 | settled 1"},
		{"another id, of the batch", after("ok"), plan.Options{Batch: "a"}, []string{told(aRow(1, another), 2, "BOUND", "OK", 5)}, "HELD client.EditedAfterSend 1 | gone 1"},
		{"another id, of the batch, which lacks records", after("ok"), plan.Options{Batch: "a", Behind: true}, []string{told(aRow(1, another), 2, "BOUND", "OK", 5)}, "BOUND OK 5 | settled 1, gone 2"},
		{"another id, of the batch, which may have several", after("ok"), plan.Options{Batch: "a", AllowDuplicates: true}, []string{told(aRow(1, another), 2, "BOUND", "OK", 5)}, "BOUND OK 5 | settled 1, gone 2"},
		{"an id that was rounded", after("ok"), plan.Options{}, []string{strings.Replace(told(aRow(1, another), 2, "BOUND", "OK", 1), subsOf(1), "1.00000E+15", 1)}, "HELD client.StillBound | "},
		{"an id that was rounded, of another X", after("ok"), plan.Options{}, []string{strings.Replace(told(aRow(1, another), 2, "BOUND", "OK", 1), xOf(1)+","+subsOf(1), xOf(8)+",1.00000E+15", 1)}, "BOUND OK 1.00000E+15 | settled 1, warnings 1"},
		{"an id that was rounded from another", after("ok"), plan.Options{}, []string{strings.Replace(told(aRow(1, another), 2, "BOUND", "OK", 1), subsOf(1), "2.00000E+15", 1)}, "BOUND OK 2.00000E+15 | settled 1, warnings 1"},
		{"no id", after("ok"), plan.Options{}, []string{strings.Replace(told(aRow(1, another), 2, "BOUND", "OK", 1), subsOf(1), "", 1)}, "HELD client.StillBound | "},
		{"no id, of another X", after("ok"), plan.Options{}, []string{strings.Replace(strings.Replace(told(aRow(1, another), 2, "BOUND", "OK", 1), subsOf(1), "", 1), xOf(1), xOf(8), 1)}, "BOUND OK | settled 1"},
		{"released, of another id", after("ok"), plan.Options{}, []string{told(aRow(1, another), 2, "RELEASED", aliyun.CodeReleased, 5)}, "RELEASED client.Released 5 | settled 1"},
		{"unknown, on the line of what is there", after("ok"), plan.Options{Batch: "a"}, []string{told(aRow(1, another), 2, "UNKNOWN", timeout, 0)}, "HELD client.EditedAfterSend 1 | gone 1"},
		{"unknown, on another line", after("ok"), plan.Options{Batch: "a"}, []string{told(aRow(1, another), 9, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout | settled 1, gone 2"},
		{"unknown, on that line of another batch", after("ok"), plan.Options{}, []string{told(aRow(1, another), 2, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout | settled 1"},
		{"unknown, on the line of what may be there", after("lost"), plan.Options{Batch: "a"}, []string{told(aRow(1, another), 2, "UNKNOWN", timeout, 0)}, "HELD client.EditedAfterSend | gone 2, gone unknown 2"},
		{"unknown, on another line than that", after("lost"), plan.Options{Batch: "a"}, []string{told(aRow(1, another), 9, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout | settled 1, gone 2, gone unknown 2"},
		{"unknown, on that line of what another batch may have", after("lost"), plan.Options{}, []string{told(aRow(1, another), 2, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout | settled 1"},
		{"bound, on the line of what may be there", after("lost"), plan.Options{Batch: "a"}, []string{told(aRow(1, another), 2, "BOUND", "OK", 5)}, "BOUND OK 5 | settled 1, gone 2, gone unknown 2"},
		{"held back for a file, and something is there", after("ok"), plan.Options{}, []string{told(aRow(1, another), 2, "HELD", aliyun.CodeUnproven, 0)}, "HELD client.StillBound | "},
		{"held back for a file, and something may be there", after("lost"), plan.Options{}, []string{told(aRow(1, another), 2, "HELD", aliyun.CodeUnproven, 0)}, "HELD client.StillBound | "},
		{"held back for a file, and nothing is there", after("ok"), plan.Options{}, []string{told(aRow(3, another), 2, "HELD", aliyun.CodeUnproven, 0)}, "HELD client.UnprovenVerdict | unproven 1"},
		{"held back for what is there no more", after("ok"), plan.Options{}, []string{told(aRow(3, another), 2, "HELD", aliyun.CodeStillBound, 0)}, "HELD client.UnprovenVerdict | unproven 1"},
		{"held back for what is there no more, of the batch", after("ok"), plan.Options{Batch: "a"}, []string{told(aRow(3, another), 2, "HELD", aliyun.CodeStillBound, 0)}, "PENDING | send 1, gone 2"},
		// What a file knows that the journal does not, of a row that the journal knows.
		{"refused, and the file knows it bound", after(refused), plan.Options{Batch: "a"}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 5)}, "BOUND OK 5 | settled 1"},
		{"refused, and the file knows it bound to nothing", after(refused), plan.Options{Batch: "a"}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 0)}, "FAILED isv.MOBILE_NUMBER_ILLEGAL | settled 1"},
		{"refused, and the file cannot be read", after(refused), plan.Options{Batch: "a"}, []string{told(aRow(1, ""), 2, "bond", "OK", 5)}, "HELD client.UnprovenVerdict 5 | unproven 1"},
		{"refused, and the file knows it unknown", after(refused), plan.Options{Batch: "a"}, []string{told(aRow(1, ""), 2, "UNKNOWN", timeout, 0)}, "FAILED isv.MOBILE_NUMBER_ILLEGAL | settled 1"},
		{"refused, and the file knows it unknown, of a journal that lacks records", after(refused), plan.Options{Batch: "a", Behind: true}, []string{told(aRow(1, ""), 2, "UNKNOWN", timeout, 0)}, "UNKNOWN client.Timeout | settled 1"},
		{"refused, and the file knows it released", after(refused), plan.Options{Batch: "a", Behind: true}, []string{told(aRow(1, ""), 2, "RELEASED", aliyun.CodeReleased, 5)}, "FAILED isv.MOBILE_NUMBER_ILLEGAL | settled 1"},
		{"refused, and the file knows another's binding", after("ok", refused), plan.Options{Batch: "a"}, []string{told(aRow(2, ""), 2, "BOUND", "OK", 1)}, "FAILED isv.MOBILE_NUMBER_ILLEGAL | settled 1, gone 1"},
		{"bound, and the file knows it bound to another", after("ok"), plan.Options{Batch: "a"}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 5)}, "BOUND OK 1 | settled 1, gone 1"},
		{"unknown, and the file knows it bound", after("lost"), plan.Options{Batch: "a"}, []string{told(aRow(1, ""), 2, "BOUND", "OK", 5)}, "UNKNOWN client.Timeout | settled 1, gone 1, gone unknown 1"},
		// Rows that cannot be sent, and the bindings that they name.
		{"a fault of its own, and it names a binding of another place", after("ok"), plan.Options{}, []string{strings.Replace(told(aRow(1, ""), 2, "BOUND", "OK", 1), endsLate, "soon", 1)}, "INVALID isv.EXPIRE_DATE_ILLEGAL 1 | "},
		{"in doubt on an X", onX("lost"), plan.Options{Batch: "a"}, []string{aRow(1, xOf(9))}, "UNKNOWN client.Timeout | look 1"},
		{"in doubt on an X, twice", onX("lost"), plan.Options{Batch: "a", AllowDuplicates: true}, []string{aRow(1, xOf(9)), aRow(1, xOf(9))}, "UNKNOWN client.Timeout, PENDING | send 1, look 1, warnings 1"},
		{"bound on an X, and another names it", onX("ok"), plan.Options{Batch: "a"}, []string{aRow(1, xOf(9)), aRow(2, xOf(9))}, "BOUND OK 1, PENDING | send 1, settled 1, warnings 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDiary(t)
				c.known(d)
				if c.opt.Batch == "" {
					c.opt.Batch = "b"
				}
				p := d.match(c.opt, c.rows...)
				said.add(t, c.name, p, books.StopNone)
				if got := strings.Join(stands(t, p), ", ") + " | " + sums(p); got != c.want {
					t.Errorf("%q, want %q", got, c.want)
				}
			})
		})
	}
	said.check("files_meet_journal.txt")
}
