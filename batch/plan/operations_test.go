package plan_test

import (
	"cmp"
	"fmt"
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
)

// did is one run before: of a batch, with how its calls ended, as diary.run has it.
type did struct {
	opt  plan.Options
	ends string
	rows []string
}

// scene is what runs did, and a plan behind them.
type scene struct {
	name string
	runs []did
	opt  plan.Options
	rows []string
	want string // how the rows stand, and the sums that are not zero
}

// play makes the plans of scenes, each in a journal of its own, and keeps in a file what
// they say. With ahead, rows without an Expiration count theirs from when they are sent.
func play(t *testing.T, file string, ahead time.Duration, scenes []scene) {
	t.Helper()
	said := &golden{t: t}
	for _, c := range scenes {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDiary(t)
				d.ahead = ahead
				for _, r := range c.runs {
					d.run(r.opt, strings.Fields(r.ends), r.rows...)
					time.Sleep(time.Hour)
				}
				c.opt.Batch = cmp.Or(c.opt.Batch, "b")
				p := d.match(c.opt, c.rows...)
				said.add(t, c.name, p, books.StopNone)
				if got := strings.Join(stands(t, p), ", ") + " | " + sums(p); got != c.want {
					t.Errorf("%q, want %q", got, c.want)
				}
				d.targets(p, said)
				for _, o := range p.Owners() {
					said.WriteString("  owner: " + o.Say(0, "unbind") + "\n")
				}
			})
		})
	}
	said.check(file)
}

// targets adds what the calls of a plan would be about, and the X numbers that they may not
// name.
func (d *diary) targets(p *plan.Plan, said *golden) {
	d.t.Helper()
	err := p.EachRow(func(i int, row *plan.Row) error {
		if !p.Entries[i].Fate.Goes() {
			return nil
		}
		op, err := d.aim(p, i, row)
		if err != nil {
			return err
		}
		fmt.Fprintf(said, "  call %d: %s, consent %d", i, op, p.Entries[i].Consent(p.Second))
		if to := row.Target; op != ledger.Bind {
			sent := plan.DetailOf(&row.Row)
			to.Complete(&sent)
			r := to.Intent(op, row, &sent)
			fmt.Fprintf(said, " of %s %s, doubtful %v, %v from %x to %x, ends %d, sets %b, after %s: %+v", to.SecretNo, to.SubsID, to.Doubtful(), to.Changes, r.From, r.Place, r.Ends, r.Sets, to.After.UTC().Format(time.DateTime), sent)
		} else if x, err := p.ChosenBefore(i, row); err != nil || x != "" {
			fmt.Fprintf(said, " on %s, %v", x, err)
		}
		said.WriteString("\n")
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	if d.opt.Operation != nil {
		return
	}
	wanted, taken, err := p.Wanted()
	fmt.Fprintf(said, "  wants %v beside %v, %v\n", wanted, taken, err)
}

func one(row string) []string            { return []string{row} }
func both(first, second string) []string { return []string{first, second} }

// rowOf is a bound row of results, and id numbers its binding.
func rowOf(a int, rest string, id int) string { return told(aRow(a, rest), a+1, "BOUND", "OK", id) }

// killed has the last call of a row end in nothing: its process was killed.
const killed = "open"

// TestRenewals says which binding a row gets that finds one in its place, and with which
// words of a person.
func TestRenewals(t *testing.T) {
	const refused = "isv.MOBILE_NUMBER_ILLEGAL"
	plain := plan.Options{Batch: "a"}
	renew, skip, another, allowed := plan.Options{WhenBound: plan.RenewWhenBound}, plan.Options{WhenBound: plan.SkipWhenBound}, plan.Options{Another: true}, plan.Options{AllowDuplicates: true}
	soon := plan.Options{WhenBound: plan.RenewWhenBound, RenewBefore: 24 * time.Hour}
	notYet := plan.Options{WhenBound: plan.RenewWhenBound, RenewBefore: 400 * 24 * time.Hour}
	renewB, renewDup := renew, renew
	renewB.Batch, renewDup.AllowDuplicates = "b", true
	twoA := plan.Options{Batch: "a", AllowDuplicates: true}
	first := did{plain, "ok", one(aRow(1, ""))}
	full := did{plain, "ok", one(aRow(1, xOf(1)+",13900139000,o"))}
	pair := did{twoA, "ok", both(aRow(1, ",13900139000"), aRow(1, ",13900139001"))}
	undo := did{plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{}}, "lost", one(rowOf(1, "", 1))}
	changed := did{plan.Options{Batch: "up", Of: "a", Operation: &plan.Update{Changes: []aliyun.Operate{aliyun.UpdateOutID}}}, "ok", one(rowOf(1, ",,o", 1))}
	gone := did{plan.Options{Batch: "up", Operation: &plan.Update{Changes: []aliyun.Operate{aliyun.UpdateGroup}}}, "ok", one(strings.Replace(listed(aRow(1, ""), 1), ",7,", ",8,", 1))}
	earlier := func(row string) string { return strings.Replace(row, endsLate, "2001-01-30 23:59:59", 1) }
	play(t, "renewals.txt", 0, []scene{
		{"a later end", []did{first}, renew, one(later(aRow(1, ""))), "PENDING | send 1, renew 1"},
		{"an earlier end", []did{first}, renew, one(earlier(aRow(1, ""))), "HELD client.StillBound | "},
		{"the same end", []did{first}, renew, one(aRow(1, "")), "BOUND client.AlreadyBound 1 | taken 1"},
		{"other values", []did{full}, renew, one(later(aRow(1, xOf(1)+",13900139001,p"))), "PENDING | send 1, renew 1"},
		{"its X not named", []did{full}, renew, one(aRow(1, ",13900139001,p")), "PENDING | send 1, renew 1"},
		{"another X", []did{full}, renew, one(aRow(1, xOf(2)+",13900139000,o")), "HELD client.StillBound | "},
		{"no B", []did{full}, renew, one(aRow(1, xOf(1)+",,o")), "HELD client.StillBound | "},
		{"no OutId", []did{full}, renew, one(aRow(1, xOf(1)+",13900139000")), "BOUND client.AlreadyBound 1 | taken 1"},
		{"nothing but the end, and that is not near", []did{first}, soon, one(later(aRow(1, ""))), "BOUND client.AlreadyBound 1 | taken 1"},
		{"nothing but the end, and that is near", []did{first}, notYet, one(later(aRow(1, ""))), "PENDING | send 1, renew 1"},
		{"more than the end, and that is not near", []did{first}, soon, one(later(aRow(1, ",,o"))), "PENDING | send 1, renew 1"},
		{"begun", []did{first, {renewB, killed, one(later(aRow(1, "")))}}, plan.Options{}, one(later(aRow(1, ""))), "PENDING client.Interrupted | send 1, renew 1"},
		{"lost", []did{first, {renewB, "lost", one(later(aRow(1, "")))}}, plan.Options{}, one(later(aRow(1, ""))), "PENDING client.Timeout | send 1, renew 1"},
		{"lost, and the first again", []did{first, {renewB, "lost", one(later(aRow(1, "")))}}, plain, one(aRow(1, "")), "HELD client.StillBound 1 | "},
		{"lost, and the first again, to renew", []did{first, {renewB, "lost", one(later(aRow(1, "")))}}, plan.Options{Batch: "a", WhenBound: plan.RenewWhenBound}, one(aRow(1, "")), "BOUND OK 1 | send 1, renew 1"},
		{"lost, and another wants something else", []did{first, {renewB, "lost", one(later(aRow(1, "")))}}, plan.Options{Batch: "c", WhenBound: plan.RenewWhenBound}, one(aRow(1, ",,o")), "PENDING | send 1, renew 1"},
		{"refused", []did{first, {renewB, refused, one(later(aRow(1, "")))}}, plan.Options{}, one(later(aRow(1, ""))), "FAILED isv.MOBILE_NUMBER_ILLEGAL | settled 1"},
		{"refused, again", []did{first, {renewB, refused, one(later(aRow(1, "")))}}, plan.Options{WhenBound: plan.RenewWhenBound, Resend: plan.Resend{Failed: true}}, one(later(aRow(1, ""))), "FAILED isv.MOBILE_NUMBER_ILLEGAL | send 1, renew 1"},
		{"refused, again by its code", []did{first, {renewB, refused, one(later(aRow(1, "")))}}, plan.Options{WhenBound: plan.RenewWhenBound, Resend: plan.Resend{Codes: map[string]bool{refused: true}}}, one(later(aRow(1, ""))), "FAILED isv.MOBILE_NUMBER_ILLEGAL | send 1, renew 1"},
		{"refused as gone", []did{first, {renewB, aliyun.CodeSubsNotExist, one(later(aRow(1, "")))}}, plan.Options{}, one(later(aRow(1, ""))), "FAILED isv.SUBS_NOT_EXIST | settled 1"},
		{"renewed", []did{first, {renewB, "ok", one(later(aRow(1, "")))}}, plan.Options{}, one(later(aRow(1, ""))), "BOUND OK 1 | settled 1"},
		{"renewed, and the first again", []did{first, {renewB, "ok", one(later(aRow(1, "")))}}, plain, one(aRow(1, "")), "HELD client.StillBound | "},
		{"renewed, and the first again as it was sent", []did{first, {renewB, "ok", one(later(aRow(1, "")))}}, plan.Options{Batch: "a", AsSent: true}, one(aRow(1, "")), "PENDING | settled 1"},
		{"renewed, and refused since", []did{first, {renewB, "ok", one(later(aRow(1, "")))}, {renewB, refused, one(later(aRow(1, ",,o")))}}, plan.Options{}, one(later(aRow(1, ",,o"))), "FAILED isv.MOBILE_NUMBER_ILLEGAL | settled 1, gone 1"},
		{"being released", []did{first, undo}, renew, one(later(aRow(1, ""))), "HELD client.StillBound | "},
		{"being released, skip", []did{first, undo}, skip, one(later(aRow(1, ""))), "HELD client.StillBound | "},
		{"being released, another", []did{first, undo}, another, one(later(aRow(1, ""))), "PENDING | send 1"},
		{"skip", []did{first}, skip, one(later(aRow(1, ""))), "BOUND client.AlreadyBound 1 | taken 1"},
		{"another", []did{first}, another, one(later(aRow(1, ""))), "PENDING | send 1"},
		{"another beside a doubt", []did{{plain, "lost", one(aRow(1, ""))}}, another, one(later(aRow(1, ""))), "PENDING | send 1"},
		{"only looked at", []did{first}, plan.Options{WhenBound: plan.RenewWhenBound, LookOnly: true}, one(later(aRow(1, ""))), "PENDING | "},
		{"with the values of an update", []did{first, changed}, plan.Options{}, one(aRow(1, ",,o")), "BOUND client.AlreadyBound 1 | taken 1"},
		{"with the values of an update, of its batch", []did{first, changed}, plain, one(aRow(1, ",,o")), "BOUND client.AlreadyBound 1 | taken 1"},
		{"with the values from before an update", []did{first, changed}, plan.Options{}, one(aRow(1, "")), "HELD client.StillBound | "},
		{"with the values of an update, and it is being released", []did{first, changed, undo}, plan.Options{}, one(aRow(1, ",,o")), "HELD client.StillBound | "},
		{"with the values of an update, twice", []did{first, changed}, plan.Options{}, both(aRow(1, ",,o"), aRow(1, ",,o")), "BOUND client.AlreadyBound 1, INVALID client.Duplicate | taken 1"},
		{"with the values of an update, of two there", []did{pair, changed}, plan.Options{}, one(aRow(1, ",13900139000,o")), "BOUND client.AlreadyBound 1 | taken 1"},
		{"moved away since", []did{first, gone}, plain, one(aRow(1, "")), "HELD client.StillBound 1 | "},
		{"moved away since, as it was sent", []did{first, gone}, plan.Options{Batch: "a", AsSent: true}, one(aRow(1, "")), "BOUND OK 1 | settled 1"},
		{"moved away since, to renew", []did{first, gone}, plan.Options{Batch: "a", WhenBound: plan.RenewWhenBound}, one(aRow(1, "")), "HELD client.StillBound 1 | "},
		{"moved away since, of another", []did{first, gone}, plan.Options{}, one(aRow(1, "")), "PENDING | send 1"},
		{"moved here since", []did{first, gone}, plan.Options{}, one(strings.Replace(aRow(1, ""), ",7,", ",8,", 1)), "BOUND client.AlreadyBound 1 | taken 1"},
		{"to renew, and moved away since", []did{first, {renewB, "lost", one(later(aRow(1, "")))}, gone}, plan.Options{}, one(later(aRow(1, ""))), "PENDING client.Timeout | send 1, renew 1"},
		{"a renewal was refused, and it moved since", []did{first, {renewB, refused, one(later(aRow(1, "")))}, gone}, plan.Options{Resend: plan.Resend{Failed: true}}, one(later(aRow(1, ""))), "FAILED isv.MOBILE_NUMBER_ILLEGAL | send 1"},
		{"one row, allowed to renew", []did{first}, renewDup, one(later(aRow(1, ""))), "PENDING | send 1, renew 1"},
		{"one row, allowed to skip", []did{first}, plan.Options{WhenBound: plan.SkipWhenBound, AllowDuplicates: true}, one(later(aRow(1, ""))), "BOUND client.AlreadyBound 1 | taken 1"},
		{"to be sent again, released", []did{first, {undo.opt, "ok", undo.rows}}, plan.Options{Batch: "a", Resend: plan.Resend{Released: true}}, one(aRow(1, "")), "RELEASED client.Released 1 | send 1"},
		{"released", []did{first, {undo.opt, "ok", undo.rows}}, plain, one(aRow(1, "")), "RELEASED client.Released 1 | settled 1"},
		{"to be sent again, unknown", []did{{plain, "lost", one(aRow(1, ""))}}, plan.Options{Batch: "a", Resend: plan.Resend{Unknown: true}}, one(aRow(1, "")), "UNKNOWN client.Timeout | send 1"},
		{"to be sent again, unknown on an X", []did{{plain, "lost", one(aRow(1, xOf(9)))}}, plan.Options{Batch: "a", Resend: plan.Resend{Unknown: true}}, one(aRow(1, xOf(9))), "UNKNOWN client.Timeout | send 1"},
		// Several rows and several bindings in one place.
		{"two rows to renew one", []did{first}, renew, both(later(aRow(1, "")), later(aRow(1, ",,o"))), "PENDING, INVALID client.SamePlace | send 1, renew 1"},
		{"two rows to renew one, allowed", []did{first}, renewDup, both(later(aRow(1, "")), later(aRow(1, ",,o"))), "HELD client.StillBound, HELD client.StillBound | warnings 1"},
		{"two rows, one equal to what is there", []did{first}, allowed, both(later(aRow(1, "")), aRow(1, "")), "PENDING, BOUND client.AlreadyBound 1 | send 1, taken 1, warnings 1"},
		{"two rows, one has it", []did{first}, twoA, both(aRow(1, ""), later(aRow(1, ""))), "BOUND OK 1, PENDING | send 1, settled 1"},
		{"two rows, none has it", []did{first}, allowed, both(later(aRow(1, "")), later(aRow(1, ",,o"))), "HELD client.StillBound, HELD client.StillBound | warnings 1"},
		{"two of two, by their values", []did{pair}, allowed, both(aRow(1, ",13900139001"), aRow(1, ",13900139000")), "BOUND client.AlreadyBound 2, BOUND client.AlreadyBound 1 | taken 2, warnings 1"},
		{"one of two, by its values", []did{pair}, plan.Options{}, one(aRow(1, ",13900139001")), "BOUND client.AlreadyBound 2 | taken 1"},
		{"one of two, by its B", []did{pair}, renew, one(later(aRow(1, ",13900139001"))), "PENDING | send 1, renew 1"},
		{"one of two, by its B, skip", []did{pair}, skip, one(later(aRow(1, ",13900139001"))), "BOUND client.AlreadyBound 2 | taken 1"},
		{"one of two, by its B, and nobody said so", []did{pair}, plan.Options{}, one(later(aRow(1, ",13900139001"))), "HELD client.StillBound | "},
		{"one of two, by its X", []did{pair}, renew, one(later(aRow(1, xOf(2)+",13900139000"))), "PENDING | send 1, renew 1"},
		{"one of two, by an X that neither has", []did{pair}, renew, one(later(aRow(1, xOf(9)+",13900139000"))), "HELD client.StillBound | "},
		{"one of two, by nothing", []did{pair}, renew, one(later(aRow(1, ",13900139002"))), "HELD client.StillBound | "},
		{"two of two, by B", []did{pair}, renewDup, both(later(aRow(1, ",13900139001")), later(aRow(1, ",13900139000"))), "PENDING, PENDING | send 2, renew 2, warnings 1"},
		{"two of two, by one B", []did{pair}, renewDup, both(later(aRow(1, ",13900139001,o")), later(aRow(1, ",13900139001,p"))), "HELD client.StillBound, HELD client.StillBound | warnings 1"},
		{"two of two, the one that names its X first", []did{pair}, renewDup, both(later(aRow(1, ",13900139000,o")), later(aRow(1, xOf(1)+",13900139000,p"))), "HELD client.StillBound, PENDING | send 1, renew 1, warnings 1"},
		{"two with one B", []did{{twoA, "ok", both(aRow(1, ",13900139000,o"), aRow(1, ",13900139000,p"))}}, renew, one(later(aRow(1, ",13900139000"))), "HELD client.StillBound | "},
		{"three rows for two", []did{pair}, allowed, []string{aRow(1, ",13900139001"), aRow(1, ",13900139000"), aRow(1, ",13900139002")}, "BOUND client.AlreadyBound 2, BOUND client.AlreadyBound 1, PENDING | send 1, taken 2, warnings 2"},
		{"three rows for two, not allowed", []did{pair}, plan.Options{}, []string{aRow(1, ",13900139001"), aRow(1, ",13900139000"), aRow(1, ",13900139002")}, "BOUND client.AlreadyBound 2, INVALID client.SamePlace, INVALID client.SamePlace | taken 1"},
		{"of two, one in doubt", []did{{twoA, "ok lost", both(aRow(1, ",13900139000"), aRow(1, ",13900139001"))}}, plan.Options{}, one(aRow(1, ",13900139000")), "HELD client.StillBound | "},
		{"of two, one in doubt, with the row in doubt", []did{{twoA, "ok lost", both(aRow(1, ",13900139000"), aRow(1, ",13900139001"))}}, twoA, []string{aRow(1, ",13900139000"), aRow(1, ",13900139001"), aRow(1, ",13900139002")}, "BOUND OK 1, UNKNOWN client.Timeout, PENDING | send 1, settled 2"},
		{"two rows beside a doubt of its own", []did{{plain, "lost", one(aRow(1, ""))}}, twoA, both(aRow(1, ""), aRow(1, ",,o")), "UNKNOWN client.Timeout, PENDING | send 1, settled 1"},
		// Rows that cannot be sent, and what they were.
		{"a cell was masked", []did{first}, plain, one(strings.Replace(aRow(1, ""), "13800138001", "138****8001", 1)), "INVALID isv.MOBILE_NUMBER_ILLEGAL 1 | "},
		{"an end was mistyped", []did{first}, plain, one(strings.Replace(aRow(1, ""), endsLate, "soon", 1)), "INVALID isv.EXPIRE_DATE_ILLEGAL 1 | "},
		{"an end was mistyped, of two rows there", []did{first}, plain, both(strings.Replace(aRow(1, ""), endsLate, "soon", 1), strings.Replace(aRow(1, ""), endsLate, "late", 1)), "INVALID isv.EXPIRE_DATE_ILLEGAL 1, INVALID isv.EXPIRE_DATE_ILLEGAL | "},
		{"an end was mistyped, beside the row", []did{first}, plain, both(strings.Replace(aRow(1, ""), endsLate, "soon", 1), aRow(1, "")), "INVALID isv.EXPIRE_DATE_ILLEGAL, BOUND OK 1 | settled 1"},
		{"an end was mistyped, beside another's", []did{first}, plan.Options{}, one(strings.Replace(aRow(1, ""), endsLate, "soon", 1)), "INVALID isv.EXPIRE_DATE_ILLEGAL 1 | "},
		{"a cell was masked, on another line", []did{{plain, "ok", both(aRow(1, ""), aRow(2, ""))}}, plain, one(strings.Replace(aRow(2, ""), "13800138002", "138****8002", 1)), "INVALID isv.MOBILE_NUMBER_ILLEGAL | gone 2"},
		{"a cell was masked of a row in doubt", []did{{plain, "lost", one(aRow(1, ""))}}, plain, one(strings.Replace(aRow(1, ""), "13800138001", "138****8001", 1)), "INVALID isv.MOBILE_NUMBER_ILLEGAL | gone 1, gone unknown 1"},
	})
}

// TestReleases says which bindings a release ends, whichever way its rows name them, and
// whose it leaves alone.
func TestReleases(t *testing.T) {
	const refused, timeout = "isv.MOBILE_NUMBER_ILLEGAL", aliyun.CodeTimeout
	plain, b := plan.Options{Batch: "a"}, plan.Options{Batch: "b"}
	undo := plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{}}
	undoB := plan.Options{Batch: "undo", Of: "b", Operation: &plan.Release{}}
	renewedB := plan.Options{Batch: "undo", Of: "b", Operation: &plan.Release{Renewed: true}}
	foreignA := plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{Foreign: true}}
	list := plan.Options{Batch: "undo", Operation: &plan.Release{}}
	foreign := plan.Options{Batch: "undo", Operation: &plan.Release{Foreign: true}}
	some := plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{Select: func(r *input.Row) bool { return r.Fields[field.PhoneNoA] == "13800138001" }}}
	renewB := plan.Options{Batch: "b", WhenBound: plan.RenewWhenBound}
	first := did{plain, "ok", one(aRow(1, ""))}
	pair := did{plain, "ok", both(aRow(1, ""), aRow(2, ""))}
	twice := did{plan.Options{Batch: "a", AllowDuplicates: true}, "ok", both(aRow(1, ""), aRow(1, ""))}
	carried := did{plain, "ok", one(rowOf(1, "", 7))} // from a file: nobody is known to have made it
	renewed := did{renewB, "ok", one(later(aRow(1, "")))}
	renewing := did{renewB, "lost", one(later(aRow(1, "")))}
	move := did{plan.Options{Batch: "moves", Of: "a", Operation: &plan.Update{Changes: []aliyun.Operate{aliyun.UpdateGroup}}}, "ok", one(strings.Replace(rowOf(1, "", 1), ",7,", ",8,", 1))}
	done := did{undo, "ok", one(rowOf(1, "", 1))}
	swap := func(row, cell, by string) []string { return one(strings.Replace(row, cell, by, 1)) }
	play(t, "releases.txt", 0, []scene{
		{"a batch", []did{pair}, undo, both(rowOf(1, "", 1), rowOf(2, "", 2)), "PENDING 1, PENDING 2 | send 2"},
		{"some of it", []did{pair}, some, both(rowOf(1, "", 1), rowOf(2, "", 2)), "PENDING 1 | send 1"},
		{"some of it, and the rest cannot be", []did{first}, some, both(rowOf(1, "", 1), rowOf(2, "", 0)), "PENDING 1 | send 1"},
		{"a row twice", []did{first}, undo, both(rowOf(1, "", 1), rowOf(1, "", 1)), "PENDING 1, PENDING 1 | send 1, settled 1"},
		{"a row as it was before it was bound", []did{first}, undo, one(told(aRow(1, ""), 2, "PENDING", "", 0)), "PENDING 1 | send 1"},
		{"a row that nobody sent", []did{first}, undo, one(told(aRow(3, ""), 2, "PENDING", "", 0)), " | "},
		{"a row that another batch bound", []did{first}, undoB, one(rowOf(1, "", 1)), "HELD client.OtherBatch 1 | "},
		{"a row that it took", []did{first}, undoB, one(told(aRow(1, ""), 2, "BOUND", aliyun.CodeAlreadyBound, 1)), "HELD client.OtherBatch 1 | "},
		{"of no journal", nil, undo, one(rowOf(1, "", 1)), "HELD client.OtherBatch 1 | "},
		{"of no journal, to be proven", nil, foreignA, one(rowOf(1, "", 1)), "PENDING 1 | send 1"},
		{"of no journal, its id rounded", nil, foreignA, swap(rowOf(1, "", 1), subsOf(1), "1.00000E+15"), "INVALID client.SubsIdDamaged 1.00000E+15 | "},
		{"of no journal, without an X", nil, foreignA, swap(rowOf(1, "", 1), xOf(1), ""), "INVALID client.NoBinding 1 | "},
		{"of no journal, without an id", nil, foreignA, swap(rowOf(1, "", 1), subsOf(1), ""), "INVALID client.NoBinding | "},
		{"its id rounded", []did{first}, undo, swap(rowOf(1, "", 1), subsOf(1), "1.00000E+15"), "PENDING 1 | send 1"},
		{"its id rounded from another", []did{first}, undo, swap(rowOf(1, "", 1), subsOf(1), "2.00000E+15"), "INVALID client.OtherBinding 2.00000E+15 | "},
		{"its id rounded to zeros", []did{first}, undo, swap(rowOf(1, "", 1), subsOf(1), "1000000000000000"), "PENDING 1 | send 1"},
		{"without an id", []did{first}, undo, swap(rowOf(1, "", 1), subsOf(1), ""), "PENDING 1 | send 1"},
		{"its id rounded, of two equal rows", []did{twice}, undo, swap(rowOf(1, "", 1), subsOf(1), "1.00000E+15"), "INVALID client.OtherBinding 1.00000E+15 | "},
		{"the second of two equal rows", []did{twice}, undo, one(rowOf(1, "", 2)), "PENDING 2 | send 1"},
		{"both of two equal rows", []did{twice}, undo, both(rowOf(1, "", 2), rowOf(1, "", 1)), "PENDING 2, PENDING 1 | send 2"},
		{"another's id", []did{pair}, undo, one(rowOf(1, "", 2)), "INVALID client.OtherBinding 2 | "},
		{"another X", []did{first}, undo, swap(rowOf(1, "", 1), xOf(1), xOf(9)), "INVALID client.OtherBinding 1 | "},
		{"an X with a zero before it", []did{first}, undo, swap(rowOf(1, "", 1), xOf(1), "0"+xOf(1)), "PENDING 1 | send 1"},
		{"another A", []did{first}, undo, one(rowOf(3, "", 1)), "INVALID client.OtherBinding 1 | "},
		{"another group", []did{first}, undo, swap(rowOf(1, "", 1), ",7,", ",8,"), "INVALID client.OtherBinding 1 | "},
		{"another group, where it is now", []did{first, move}, undo, swap(rowOf(1, "", 1), ",7,", ",8,"), "PENDING 1 | send 1"},
		{"the group where it was", []did{first, move}, undo, one(rowOf(1, "", 1)), "PENDING 1 | send 1"},
		{"the group where it was, by a list", []did{first, move}, list, one(listed(aRow(1, ""), 1)), "INVALID client.OtherBinding 1 | "},
		{"a row with other values since", []did{first}, undo, one(rowOf(1, ",,o", 1)), "PENDING 1 | send 1"},
		{"a row with other values since, its id rounded", []did{first}, undo, swap(rowOf(1, ",,o", 1), subsOf(1), "1.00000E+15"), "INVALID client.SubsIdDamaged 1.00000E+15 | "},
		{"in doubt", []did{{plain, "lost", one(aRow(1, ""))}}, undo, one(told(aRow(1, ""), 2, "UNKNOWN", timeout, 0)), "UNKNOWN client.Timeout | "},
		{"in doubt, and names what is in its way", []did{{plain, "ok lost", both(aRow(1, ""), aRow(2, ""))}}, undo, one(told(aRow(2, ""), 3, "UNKNOWN", timeout, 1)), "UNKNOWN client.Timeout 1 | "},
		{"in doubt by a file, and names what lives", []did{first}, undo, one(told(aRow(1, ",,o"), 3, "UNKNOWN", timeout, 1)), " | "},
		{"refused, and names what is in its way", []did{{plain, "ok " + aliyun.CodeBindConflict, both(aRow(1, ""), aRow(2, ""))}}, undo, one(told(aRow(2, ""), 3, "FAILED", aliyun.CodeBindConflict, 1)), " | "},
		{"held back for it", []did{first}, undo, one(told(aRow(1, ",,o"), 2, "HELD", aliyun.CodeEditedAfterSend, 1)), "PENDING 1 | send 1"},
		{"held back for another batch's", []did{first}, undoB, one(told(aRow(1, ",,o"), 2, "HELD", aliyun.CodeStillBound, 1)), " | "},
		{"a status that nobody can read", []did{first}, undo, one(told(aRow(1, ""), 2, "bond", "OK", 1)), "PENDING 1 | send 1"},
		{"a status that nobody can read, of nothing known", []did{first}, undo, one(told(aRow(3, ""), 2, "bond", "OK", 9)), "HELD client.UnprovenVerdict 9 | unproven 1"},
		{"released", []did{first, done}, undo, one(rowOf(1, "", 1)), "RELEASED OK 1 | settled 1"},
		{"released, and the file says so", []did{first, done}, undo, one(told(aRow(1, ""), 2, "RELEASED", aliyun.CodeReleased, 1)), "RELEASED OK 1 | settled 1"},
		{"released, and another release", []did{first, done}, plan.Options{Batch: "again", Of: "a", Operation: &plan.Release{}}, one(rowOf(1, "", 1)), "RELEASED client.Released 1 | settled 1"},
		{"released, and a file says so that nobody wrote", []did{first}, undo, one(told(aRow(1, ""), 2, "RELEASED", aliyun.CodeReleased, 1)), " | "},
		{"released of no journal, by its file", nil, undo, one(told(aRow(1, ""), 2, "RELEASED", aliyun.CodeReleased, 1)), " | "},
		{"released and not wanted", []did{first, done}, plan.Options{Batch: "again", Of: "a", Operation: &plan.Release{Select: func(*input.Row) bool { return false }}}, one(rowOf(1, "", 1)), " | "},
		{"released and bound anew", []did{first, done, {plan.Options{Batch: "a", Resend: plan.Resend{Released: true}}, "ok", one(aRow(1, ""))}}, undo, one(rowOf(1, "", 2)), "PENDING 2 | send 1"},
		{"released and bound anew, by its old id", []did{first, done, {plan.Options{Batch: "a", Resend: plan.Resend{Released: true}}, "ok", one(aRow(1, ""))}}, undo, one(rowOf(1, "", 1)), "INVALID client.OtherBinding 1 | "},
		{"begun", []did{first, {undo, killed, one(rowOf(1, "", 1))}}, undo, one(rowOf(1, "", 1)), "PENDING client.ReleaseBegun 1 | send 1"},
		{"lost", []did{first, {undo, "lost", one(rowOf(1, "", 1))}}, undo, one(rowOf(1, "", 1)), "PENDING client.Timeout 1 | send 1"},
		{"refused", []did{first, {undo, refused, one(rowOf(1, "", 1))}}, undo, one(rowOf(1, "", 1)), "FAILED isv.MOBILE_NUMBER_ILLEGAL 1 | settled 1"},
		{"refused, again", []did{first, {undo, refused, one(rowOf(1, "", 1))}}, plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{}, Resend: plan.Resend{Failed: true}}, one(rowOf(1, "", 1)), "FAILED isv.MOBILE_NUMBER_ILLEGAL 1 | send 1"},
		{"only looked at", []did{first}, plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{}, LookOnly: true}, one(rowOf(1, "", 1)), "PENDING 1 | "},
		// Whose it is.
		{"renewed by another batch", []did{pair, renewed}, undo, both(rowOf(1, "", 1), rowOf(2, "", 2)), "HELD client.OtherBatch 1, PENDING 2 | send 1"},
		{"renewed from another batch", []did{first, renewed}, undoB, one(later(rowOf(1, "", 1))), "HELD client.OtherBatch 1 | "},
		{"renewed from another batch, as that is said", []did{first, renewed}, renewedB, one(later(rowOf(1, "", 1))), "PENDING 1 | send 1"},
		{"a renewal by another batch is in doubt", []did{first, renewing}, undo, one(rowOf(1, "", 1)), "HELD client.OtherBatch 1 | "},
		{"a renewal of another's is in doubt", []did{first, renewing}, renewedB, one(later(told(aRow(1, ""), 2, "PENDING", timeout, 1))), " | "},
		{"by nobody known", []did{carried}, undo, one(rowOf(1, "", 7)), "HELD client.OtherBatch 7 | "},
		{"by nobody known, as that is said", []did{carried}, foreignA, one(rowOf(1, "", 7)), "PENDING 7 | send 1"},
		{"by nobody known, renewed by another", []did{carried, renewed}, undo, one(rowOf(1, "", 7)), "HELD client.OtherBatch 7 | "},
		{"by nobody known, renewed", []did{carried, renewed}, undoB, one(later(rowOf(1, "", 7))), "HELD client.OtherBatch 7 | "},
		{"renewed by a row of its own since", []did{first, {plan.Options{Batch: "a", WhenBound: plan.RenewWhenBound}, "ok", one(later(aRow(1, "")))}}, undo, one(rowOf(1, "", 1)), "HELD client.OtherBatch 1 | "},
		{"renewed by a row of its own, by that", []did{first, {plan.Options{Batch: "a", WhenBound: plan.RenewWhenBound}, "ok", one(later(aRow(1, "")))}}, undo, one(later(rowOf(1, "", 1))), "PENDING 1 | send 1"},
		// Lists.
		{"a list, by ids", []did{pair}, list, both(listed(aRow(1, ""), 1), listed(aRow(2, ""), 2)), "PENDING 1, PENDING 2 | send 2"},
		{"a list, by ids alone", []did{first}, list, one(",,,,,," + xOf(1) + "," + subsOf(1)), "PENDING 1 | send 1"},
		{"a list, by places", []did{pair}, list, both(listed(aRow(1, ""), 0), listed(aRow(2, ""), 0)), "PENDING 1, PENDING 2 | send 2"},
		{"a list, by a place of two", []did{twice}, list, one(listed(aRow(1, ""), 0)), "INVALID client.NoBinding | "},
		{"a list, by a place of none", []did{first}, list, one(listed(aRow(3, ""), 0)), "INVALID client.NoBinding | "},
		{"a list, by a place that may have one", []did{{plain, "lost", one(aRow(1, ""))}}, list, one(listed(aRow(1, ""), 0)), "INVALID client.NoBinding | "},
		{"a list, by a place and another X", []did{first}, list, one(aRow(1, "") + "," + xOf(9) + ","), "INVALID client.OtherBinding | "},
		{"a list, by a place to which one moves", []did{first, {plan.Options{Batch: "moves", Of: "a", Operation: &plan.Update{Changes: []aliyun.Operate{aliyun.UpdateGroup}}}, "lost", move.rows}}, list, one(listed(aRow(1, ""), 0)), "INVALID client.NoBinding | "},
		{"a list, by a place where it released one", []did{first, {list, "ok", one(listed(aRow(1, ""), 0))}}, list, one(listed(aRow(1, ""), 0)), "RELEASED OK 1 | settled 1"},
		{"a list, by a place where it released two", []did{twice, {list, "ok", both(listed(aRow(1, ""), 1), listed(aRow(1, ""), 2))}}, list, one(listed(aRow(1, ""), 0)), "INVALID client.NoBinding | "},
		{"a list, by a place where it released one after another", []did{first, {list, "ok", one(listed(aRow(1, ""), 0))}, {b, "ok", one(aRow(1, ""))}, {list, "ok", one(listed(aRow(1, ""), 0))}}, list, one(listed(aRow(1, ""), 0)), "RELEASED OK 2 | settled 1"},
		{"a list, by a place where another list released one", []did{first, {list, "ok", one(listed(aRow(1, ""), 0))}}, plan.Options{Batch: "other", Operation: &plan.Release{}}, one(listed(aRow(1, ""), 0)), "INVALID client.NoBinding | "},
		{"a list, of nobody's", []did{carried}, list, one(listed(aRow(1, ""), 7)), "HELD client.OtherBatch 7 | "},
		{"a list, of nobody's, as that is said", []did{carried}, foreign, one(listed(aRow(1, ""), 7)), "PENDING 7 | send 1"},
		{"a list, of nothing known", nil, list, one(listed(aRow(1, ""), 1)), "HELD client.OtherBatch 1 | "},
		{"a list, of nothing known, as that is said", nil, foreign, one(listed(aRow(1, ""), 1)), "PENDING 1 | send 1"},
		{"a list, of nothing known, twice", nil, foreign, both(listed(aRow(1, ""), 1), listed(aRow(1, ""), 1)), "PENDING 1, PENDING 1 | send 1, settled 1"},
		{"a list, of what a row took", nil, list, one(told(aRow(1, ""), 2, "BOUND", aliyun.CodeAlreadyBound, 1)), "HELD client.OtherBatch 1 | "},
		{"a list, of a batch's results", []did{first}, list, one(rowOf(1, "", 1)), "PENDING 1 | send 1"},
	})
}

// TestUpdates says which bindings an update changes, what it changes of them, and whose it
// leaves alone.
func TestUpdates(t *testing.T) {
	const refused, timeout = "isv.MOBILE_NUMBER_ILLEGAL", aliyun.CodeTimeout
	plain := plan.Options{Batch: "a"}
	update := func(of string, changes ...aliyun.Operate) plan.Options {
		return plan.Options{Batch: "up", Of: of, Operation: &plan.Update{Changes: changes}}
	}
	foreign := func(of string, changes ...aliyun.Operate) plan.Options {
		return plan.Options{Batch: "up", Of: of, Operation: &plan.Update{Changes: changes, Foreign: true}}
	}
	again := func(o plan.Options) plan.Options {
		o.Resend = plan.Resend{Failed: true}
		return o
	}
	outID, group, end, b := aliyun.UpdateOutID, aliyun.UpdateGroup, aliyun.UpdateExpire, aliyun.UpdateNoB
	all := []aliyun.Operate{end, b, group, outID}
	first := did{plain, "ok", one(aRow(1, ""))}
	pair := did{plain, "ok", both(aRow(1, ""), aRow(2, ""))}
	carried := did{plain, "ok", one(rowOf(1, "", 7))}
	renewed := did{plan.Options{Batch: "b", WhenBound: plan.RenewWhenBound}, "ok", one(later(aRow(1, "")))}
	undo := func(end string) did {
		return did{plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{}}, end, one(rowOf(1, "", 1))}
	}
	moved := func(row string) string { return strings.Replace(row, ",7,", ",8,", 1) }
	asked := func(row, request string) string { return strings.Replace(row, ",R-1,", ","+request+",", 1) }
	up := func(o plan.Options, end string, rows ...string) did { return did{o, end, rows} }
	play(t, "updates.txt", 0, []scene{
		{"an OutId", []did{first}, update("a", outID), one(rowOf(1, ",,o", 1)), "PENDING 1 | send 1"},
		{"no OutId", []did{first}, update("a", outID), one(rowOf(1, "", 1)), "INVALID client.NoBinding 1 | "},
		{"no OutId, and a B", []did{first}, update("a", outID, b), one(rowOf(1, ",13900139000", 1)), "PENDING 1 | send 1"},
		{"all", []did{first}, update("a", all...), one(moved(later(rowOf(1, ",13900139000,o", 1)))), "PENDING 1 | send 1"},
		{"an end", []did{first}, update("a", end), one(later(rowOf(1, "", 1))), "PENDING 1 | send 1"},
		{"an earlier end", []did{first}, update("a", end), one(strings.Replace(rowOf(1, "", 1), endsLate, "2001-01-30 23:59:59", 1)), "PENDING 1 | send 1"},
		{"an earlier end, of a row that does not know the last call", []did{first}, update("a", end), one(asked(strings.Replace(rowOf(1, "", 1), endsLate, "2001-01-30 23:59:59", 1), "R-9")), "HELD client.OlderFile 1 | "},
		{"an end that cannot be", []did{first}, update("a", end), one(strings.Replace(rowOf(1, "", 1), endsLate, "1999-01-31 23:59:59", 1)), "INVALID isv.EXPIRE_DATE_ILLEGAL 1 | "},
		{"an end that cannot be, and is not to change", []did{first}, update("a", outID), one(strings.Replace(rowOf(1, ",,o", 1), endsLate, "1999-01-31 23:59:59", 1)), "PENDING 1 | send 1"},
		{"two rows of one", []did{first}, update("a", outID), both(rowOf(1, ",,o", 1), rowOf(1, ",,p", 1)), "PENDING 1, INVALID client.Duplicate 1 | send 1"},
		{"two equal rows of one", []did{first}, update("a", outID), both(rowOf(1, ",,o", 1), rowOf(1, ",,o", 1)), "PENDING 1, INVALID client.Duplicate 1 | send 1"},
		{"its id rounded", []did{first}, update("a", outID), one(strings.Replace(rowOf(1, ",,o", 1), subsOf(1), "1.00000E+15", 1)), "INVALID client.NoBinding 1.00000E+15 | "},
		{"another X", []did{first}, update("a", outID), one(strings.Replace(rowOf(1, ",,o", 1), xOf(1), xOf(9), 1)), "INVALID client.OtherBinding 1 | "},
		{"an X that is none", []did{first}, update("a", outID), one(strings.Replace(rowOf(1, ",,o", 1), xOf(1), "x", 1)), "INVALID client.NoBinding 1 | "},
		{"another A", []did{first}, update("a", outID), one(rowOf(3, ",,o", 1)), "INVALID client.OtherBinding 1 | "},
		{"another group", []did{first}, update("a", outID), one(moved(rowOf(1, ",,o", 1))), "INVALID client.OtherBinding 1 | "},
		{"of nothing known", nil, update("a", outID), one(rowOf(1, ",,o", 1)), "HELD client.OtherBatch 1 | "},
		{"of nothing known, to be proven", nil, foreign("a", outID), one(rowOf(1, ",,o", 1)), "PENDING 1 | send 1"},
		{"of nothing known, without an X", nil, foreign("a", outID), one(strings.Replace(rowOf(1, ",,o", 1), xOf(1), "", 1)), "INVALID client.NoBinding 1 | "},
		{"what is in its way", []did{first}, update("a", outID), one(told(aRow(1, ",,o"), 2, "UNKNOWN", timeout, 1)), "INVALID client.NoBinding 1 | "},
		{"released", []did{first, undo("ok")}, update("a", outID), one(rowOf(1, ",,o", 1)), "INVALID client.NoBinding 1 | "},
		{"being released", []did{first, undo("lost")}, update("a", outID), one(rowOf(1, ",,o", 1)), "PENDING 1 | send 1"},
		{"done", []did{first, up(update("a", outID), "ok", rowOf(1, ",,o", 1))}, update("a", outID), one(rowOf(1, ",,o", 1)), "BOUND OK 1 | settled 1"},
		{"done, and released since", []did{first, up(update("a", outID), "ok", rowOf(1, ",,o", 1)), undo("ok")}, update("a", outID), one(rowOf(1, ",,o", 1)), "RELEASED client.Released 1 | settled 1"},
		{"done, and being released since", []did{first, up(update("a", outID), "ok", rowOf(1, ",,o", 1)), undo("lost")}, update("a", outID), one(rowOf(1, ",,o", 1)), "UNKNOWN client.ReleaseBegun 1 | send 1"},
		{"done, and another value since", []did{first, up(update("a", outID), "ok", rowOf(1, ",,o", 1)), up(update("a", outID), "ok", rowOf(1, ",,p", 1))}, update("a", outID), one(rowOf(1, ",,o", 1)), "BOUND OK 1 | send 1"},
		{"done, and another value wanted besides", []did{first, up(update("a", outID), "ok", rowOf(1, ",,o", 1))}, update("a", outID), both(rowOf(1, ",,p", 1), rowOf(1, ",,o", 1)), "PENDING 1, INVALID client.Duplicate 1 | send 1"},
		{"done, and another value wanted behind it", []did{first, up(update("a", outID), "ok", rowOf(1, ",,o", 1))}, update("a", outID), both(rowOf(1, ",,o", 1), rowOf(1, ",,p", 1)), "BOUND OK 1, INVALID client.Duplicate 1 | settled 1"},
		{"as it was sent, and changed since", []did{first, up(update("a", outID), "ok", rowOf(1, ",,o", 1))}, update("a", outID, end), one(rowOf(1, "", 1)), "PENDING 1 | send 1"},
		{"back, as it was sent", []did{first, up(update("a", end), "ok", later(rowOf(1, "", 1)))}, update("a", end), one(rowOf(1, "", 1)), "HELD client.OlderFile 1 | "},
		{"back, as it was sent, by a list", []did{first, up(update("a", end), "ok", later(rowOf(1, "", 1)))}, update("", end), one(listed(aRow(1, ""), 1)), "HELD client.OlderFile 1 | "},
		{"back to an earlier end, by a list", []did{first, up(update("a", end), "ok", later(rowOf(1, "", 1)))}, update("", end), one(listed(strings.Replace(aRow(1, ""), endsLate, "2001-01-30 23:59:59", 1), 1)), "PENDING 1 | send 1"},
		{"begun", []did{first, up(update("a", outID), killed, rowOf(1, ",,o", 1))}, update("a", outID), one(rowOf(1, ",,o", 1)), "PENDING client.Interrupted 1 | send 1"},
		{"begun, and another value wanted", []did{first, up(update("a", outID), killed, rowOf(1, ",,o", 1))}, update("a", outID), one(rowOf(1, ",,p", 1)), "PENDING 1 | send 1"},
		{"lost", []did{first, up(update("a", outID), "lost", rowOf(1, ",,o", 1))}, update("a", outID), one(rowOf(1, ",,o", 1)), "PENDING client.Timeout 1 | send 1"},
		{"refused", []did{first, up(update("a", outID), refused, rowOf(1, ",,o", 1))}, update("a", outID), one(rowOf(1, ",,o", 1)), "FAILED isv.MOBILE_NUMBER_ILLEGAL 1 | settled 1"},
		{"refused, again", []did{first, up(update("a", outID), refused, rowOf(1, ",,o", 1))}, again(update("a", outID)), one(rowOf(1, ",,o", 1)), "FAILED isv.MOBILE_NUMBER_ILLEGAL 1 | send 1"},
		{"refused as gone", []did{first, up(update("a", outID), aliyun.CodeSubsNotExist, rowOf(1, ",,o", 1))}, update("a", outID), one(rowOf(1, ",,o", 1)), "FAILED isv.SUBS_NOT_EXIST 1 | settled 1"},
		{"only looked at", []did{first}, plan.Options{Batch: "up", Of: "a", Operation: &plan.Update{Changes: []aliyun.Operate{outID}}, LookOnly: true}, one(rowOf(1, ",,o", 1)), "PENDING 1 | "},
		// Whose it is.
		{"another batch's", []did{first}, update("b", outID), one(rowOf(1, ",,o", 1)), "HELD client.OtherBatch 1 | "},
		{"renewed by another batch", []did{first, renewed}, update("a", outID), one(rowOf(1, ",,o", 1)), "HELD client.OtherBatch 1 | "},
		{"renewed from another batch", []did{first, renewed}, update("b", outID), one(later(rowOf(1, ",,o", 1))), "PENDING 1 | send 1"},
		{"by nobody known", []did{carried}, update("a", outID), one(rowOf(1, ",,o", 7)), "PENDING 7 | send 1"},
		{"by nobody known, for another batch", []did{carried}, update("b", outID), one(rowOf(1, ",,o", 7)), "HELD client.OtherBatch 7 | "},
		{"a row that took it", []did{first}, update("", outID), one(told(aRow(1, ",,o"), 2, "BOUND", aliyun.CodeAlreadyBound, 1)), "HELD client.OtherBatch 1 | "},
		{"a row that took it, to be proven", []did{first}, foreign("", outID), one(told(aRow(1, ",,o"), 2, "BOUND", aliyun.CodeAlreadyBound, 1)), "PENDING 1 | send 1"},
		// To another group.
		{"moved", []did{first}, update("a", group), one(moved(rowOf(1, "", 1))), "PENDING 1 | send 1"},
		{"moved to where it is", []did{first}, update("a", group), one(rowOf(1, "", 1)), "PENDING 1 | send 1"},
		{"moved to where another is", []did{first, {plan.Options{Batch: "c"}, "ok", one(moved(aRow(1, "")))}}, update("a", group), one(moved(rowOf(1, "", 1))), "HELD client.StillBound 1 | "},
		{"moved to where its batch has another", []did{{plain, "ok", both(aRow(1, ""), moved(aRow(1, "")))}}, update("a", group), one(moved(rowOf(1, "", 1))), "HELD client.StillBound 1 | "},
		{"moved to where another may be", []did{first, {plan.Options{Batch: "c"}, "lost", one(moved(aRow(1, "")))}}, update("a", group), one(moved(rowOf(1, "", 1))), "HELD client.StillBound 1 | "},
		{"moved to where one has ended", []did{first, {plan.Options{Batch: "c"}, "ok", one(strings.Replace(moved(aRow(1, "")), endsLate, "2000-01-01 10:00:00", 1))}}, update("a", group), one(moved(rowOf(1, "", 1))), "HELD client.StillBound 1 | "},
		{"two moved to one place", []did{{plain, "ok", both(aRow(1, ""), strings.Replace(aRow(1, ""), ",7,", ",9,", 1))}}, update("a", group), both(moved(rowOf(1, "", 1)), moved(rowOf(1, "", 2))), "PENDING 1, INVALID client.SamePlace 2 | send 1"},
		{"moved, and A is not known", nil, foreign("", group), one(",8,,,,," + xOf(1) + "," + subsOf(1)), "PENDING 1 | send 1"},
		{"moved, of nothing known", nil, foreign("", group), one(moved(listed(aRow(1, ""), 1))), "PENDING 1 | send 1"},
		{"moved, of nothing known, to where another is", []did{{plan.Options{Batch: "c"}, "ok", one(moved(aRow(1, "")))}}, foreign("", group), one(moved(listed(aRow(1, ""), 5))), "HELD client.StillBound 5 | "},
		{"moved to a blank group", []did{first}, update("a", group, outID), one(strings.Replace(rowOf(1, ",,o", 1), ",7,", ",,", 1)), "INVALID isv.ILLEGAL_ARGUMENT 1 | "},
		// Lists.
		{"a list, by ids", []did{pair}, update("", outID), both(listed(aRow(1, ",,o"), 1), listed(aRow(2, ",,o"), 2)), "PENDING 1, PENDING 2 | send 2"},
		{"a list, by places", []did{pair}, update("", outID), both(listed(aRow(1, ",,o"), 0), listed(aRow(2, ",,o"), 0)), "PENDING 1, PENDING 2 | send 2"},
		{"a list, by a place of two", []did{{plan.Options{Batch: "a", AllowDuplicates: true}, "ok", both(aRow(1, ""), aRow(1, ""))}}, update("", outID), one(listed(aRow(1, ",,o"), 0)), "INVALID client.NoBinding | "},
		{"a list, by a place of none", []did{pair}, update("", outID), one(listed(aRow(3, ",,o"), 0)), "INVALID client.NoBinding | "},
		{"a list, by a place, to another group", []did{first}, update("", group), one(moved(listed(aRow(1, ""), 0))), "INVALID client.NoBinding | "},
		{"a list, by a place, done", []did{first, up(update("", outID), "ok", listed(aRow(1, ",,o"), 0))}, update("", outID), one(listed(aRow(1, ",,o"), 0)), "BOUND OK 1 | settled 1"},
		{"a list, by a place, begun", []did{first, up(update("", outID), killed, listed(aRow(1, ",,o"), 0))}, update("", outID), one(listed(aRow(1, ",,o"), 0)), "PENDING client.Interrupted 1 | send 1"},
		{"a list, by a place, done, and another is there too", []did{first, up(update("", outID), "ok", listed(aRow(1, ",,o"), 0)), {plan.Options{Batch: "b", Another: true}, "ok", one(aRow(1, ""))}}, update("", outID), one(listed(aRow(1, ",,o"), 0)), "INVALID client.NoBinding | "},
		{"a list, by a place, done, and another is there now", []did{first, up(update("", outID), "ok", listed(aRow(1, ",,o"), 0)), undo("ok"), {plan.Options{Batch: "b"}, "ok", one(aRow(1, ""))}}, update("", outID), one(listed(aRow(1, ",,o"), 0)), "PENDING 2 | send 1"},
		{"a list, by a place, refused, and another is there now", []did{first, up(update("", outID), refused, listed(aRow(1, ",,o"), 0)), undo("ok"), {plan.Options{Batch: "b"}, "ok", one(aRow(1, ""))}}, update("", outID), one(listed(aRow(1, ",,o"), 0)), "PENDING 2 | send 1"},
		{"a list, of nobody's", []did{carried}, update("", outID), one(listed(aRow(1, ",,o"), 7)), "PENDING 7 | send 1"},
		{"a list, of nothing known", nil, update("", outID), one(listed(aRow(1, ",,o"), 1)), "HELD client.OtherBatch 1 | "},
		{"a list, of nothing known, as that is said", nil, foreign("", outID), one(listed(aRow(1, ",,o"), 1)), "PENDING 1 | send 1"},
	})
}

// TestCounted says what becomes of rows whose Expiration counts from when they are sent.
func TestCounted(t *testing.T) {
	const month = 30 * 24 * time.Hour
	const refused = "isv.MOBILE_NUMBER_ILLEGAL"
	open := func(a int, rest string) string { return strings.Replace(aRow(a, rest), endsLate, "", 1) }
	plain := plan.Options{Batch: "a"}
	renew := plan.Options{Batch: "a", WhenBound: plan.RenewWhenBound}
	first := did{plain, "ok", one(open(1, ""))}
	in := func(after time.Duration, o plan.Options) plan.Options {
		o.Now = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(after)
		return o
	}
	play(t, "counted.txt", month, []scene{
		{"bound", []did{first}, plain, one(open(1, "")), "BOUND OK 1 | settled 1"},
		{"bound, as it was sent", []did{first}, plan.Options{Batch: "a", AsSent: true, WhenBound: plan.RenewWhenBound}, one(open(1, "")), "BOUND OK 1 | settled 1"},
		{"bound, to renew", []did{first}, renew, one(open(1, "")), "BOUND OK 1 | send 1, renew 1"},
		{"bound, to renew, only looked at", []did{first}, plan.Options{Batch: "a", LookOnly: true, WhenBound: plan.RenewWhenBound}, one(open(1, "")), "BOUND OK 1 | settled 1"},
		{"bound, to renew when it is near", []did{first}, plan.Options{Batch: "a", WhenBound: plan.RenewWhenBound, RenewBefore: 24 * time.Hour}, one(open(1, "")), "BOUND OK 1 | settled 1"},
		{"bound, to renew, and it is near", []did{first}, in(month-23*time.Hour, plan.Options{Batch: "a", WhenBound: plan.RenewWhenBound, RenewBefore: 24 * time.Hour}), one(open(1, "")), "BOUND OK 1 | send 1, renew 1"},
		{"just lapsed", []did{first}, in(month, plain), one(open(1, "")), "HELD client.StillBound 1 | "},
		{"just lapsed, to renew", []did{first}, in(month, renew), one(open(1, "")), "HELD client.StillBound 1 | "},
		{"just lapsed, another", []did{first}, in(month, plan.Options{Batch: "a", Another: true}), one(open(1, "")), "PENDING | send 1"},
		{"just lapsed, as it was sent", []did{first}, in(month, plan.Options{Batch: "a", AsSent: true}), one(open(1, "")), "BOUND OK 1 | settled 1"},
		{"long lapsed", []did{first}, in(month+25*time.Hour, plain), one(open(1, "")), "PENDING | send 1"},
		{"long lapsed, as it was sent", []did{first}, in(month+25*time.Hour, plan.Options{Batch: "a", AsSent: true}), one(open(1, "")), "BOUND OK 1 | settled 1"},
		{"long lapsed, and refused since", []did{first, {in(month+25*time.Hour, plain), refused, one(open(1, ""))}}, in(month+26*time.Hour, plain), one(open(1, "")), "FAILED isv.MOBILE_NUMBER_ILLEGAL 1 | settled 1"},
		{"long lapsed, and refused since, again", []did{first, {in(month+25*time.Hour, plain), refused, one(open(1, ""))}}, in(month+26*time.Hour, plan.Options{Batch: "a", Resend: plan.Resend{Failed: true}}), one(open(1, "")), "FAILED isv.MOBILE_NUMBER_ILLEGAL | send 1"},
		{"long lapsed, and refused since, as it was sent", []did{first, {in(month+25*time.Hour, plain), refused, one(open(1, ""))}}, in(month+26*time.Hour, plan.Options{Batch: "a", AsSent: true}), one(open(1, "")), "FAILED isv.MOBILE_NUMBER_ILLEGAL 1 | settled 1"},
		{"renewed and refused", []did{first, {renew, refused, one(open(1, ""))}}, plain, one(open(1, "")), "FAILED isv.MOBILE_NUMBER_ILLEGAL 1 | settled 1"},
		{"renewed and lost", []did{first, {renew, "lost", one(open(1, ""))}}, plain, one(open(1, "")), "PENDING client.Timeout | send 1, renew 1"},
		{"another batch's", []did{first}, plan.Options{}, one(open(1, "")), "HELD client.StillBound | "},
		{"another batch's, skip", []did{first}, plan.Options{WhenBound: plan.SkipWhenBound}, one(open(1, "")), "BOUND client.AlreadyBound 1 | taken 1"},
		{"another batch's, to renew", []did{first}, plan.Options{WhenBound: plan.RenewWhenBound}, one(open(1, "")), "PENDING | send 1, renew 1"},
		{"in doubt", []did{{plain, "lost", one(open(1, ""))}}, plain, one(open(1, "")), "UNKNOWN client.Timeout | settled 1"},
		{"in doubt on an X", []did{{plain, "lost", one(open(1, xOf(9)))}}, plain, one(open(1, xOf(9))), "UNKNOWN client.Timeout | look 1"},
		{"refused", []did{{plain, refused, one(open(1, ""))}}, plain, one(open(1, "")), "FAILED isv.MOBILE_NUMBER_ILLEGAL | settled 1"},
		{"from a file", nil, plain, one(strings.Replace(rowOf(1, "", 1), endsLate, "", 1)), "BOUND OK 1 | settled 1"},
		{"carried from a file", []did{{plain, "ok", one(strings.Replace(rowOf(1, "", 7), endsLate, "", 1))}}, plain, one(open(1, "")), "BOUND OK 7 | settled 1"},
	})
}
