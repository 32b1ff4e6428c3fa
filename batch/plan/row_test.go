package plan_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/plan"
	"axgbind/report"
)

// TestRow: a row asks for its own X, or for the one that was chosen for it; it is late once
// its end is not far enough ahead.
func TestRow(t *testing.T) {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	row := &plan.Row{Target: &plan.Target{SecretNo: "17100000001", SubsID: "1"}}
	row.Record = []string{"of the reader"}
	f := &row.Fields
	f[field.PoolKey], f[field.PhoneNoA], f[field.PhoneNoB], f[field.GroupID], f[field.OutID] = "FC1", "13800138000", "13900139000", "7", "o"
	f[field.Expiration], f[field.IsRecordingEnabled] = "2026-11-24 17:00:00", "true"
	if row.X() != "" || row.Request().PhoneNoX != "" {
		t.Errorf("no X is %q", row.X())
	}
	f[field.PhoneNoX] = "17100000002"
	if row.X() != "17100000002" || row.Request().PhoneNoX != "17100000002" {
		t.Errorf("its own X is %q", row.X())
	}
	if row.Chosen = "17100000003"; row.X() != "17100000003" || row.Request().PhoneNoX != "17100000003" || row.Request().PhoneNoA != "13800138000" {
		t.Errorf("the chosen X is %q, %+v", row.X(), row.Request())
	}
	ends := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for at, late := range map[time.Time]bool{now: false, ends.Add(-input.SendAhead - 1): false, ends.Add(-input.SendAhead): true, ends: true} {
		if row.Late(at) != late {
			t.Errorf("at %v it is late: %v", at, !late)
		}
	}
	kept := row.ForKeeps()
	if kept.Record != nil || row.Record == nil || kept.X() != row.X() {
		t.Errorf("%+v", kept)
	}
	want := aliyun.UpdateRequest{
		PoolKey: "FC1", SubsID: "1", PhoneNoX: "17100000001", Operate: aliyun.UpdateNoB, PhoneNoB: "13900139000",
		CallRestrict: books.ClearRestrict, IsRecordingEnabled: true, OutID: "o", GroupID: 7, Expiration: ends,
	}
	got := row.Update(aliyun.UpdateNoB)
	same(t, "an update", fmt.Sprintf("%+v", inUTC(got)), fmt.Sprintf("%+v", want))
	f[field.CallRestrict], f[field.IsRecordingEnabled], f[field.Expiration] = "CONTROL_AX_DISABLE", "", "soon"
	if got := row.Update(aliyun.UpdateNoB); got.CallRestrict != "CONTROL_AX_DISABLE" || got.IsRecordingEnabled || !got.Expiration.IsZero() {
		t.Errorf("%+v", got)
	}
	if !row.Late(now) {
		t.Error("an end that cannot be read is ahead")
	}
}

func inUTC(r aliyun.UpdateRequest) aliyun.UpdateRequest {
	r.Expiration = r.Expiration.UTC()
	return r
}

// TestReleaseGroups counts what a release would end by pool, group and day, as bindings are
// now where the journal knows that.
func TestReleaseGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t)
		d.run(plan.Options{Batch: "a"}, []string{"ok"}, aRow(1, ""), aRow(2, ""), later(aRow(3, "")))
		for _, look := range []bool{false, true} {
			p := d.match(plan.Options{Batch: "undo", LookOnly: look, Operation: &plan.Release{Foreign: true}},
				listed(later(aRow(3, "")), 3), listed(later(aRow(1, "")), 1), listed(aRow(2, ""), 2), listed(aRow(2, ""), 9), listed(aRow(9, ""), 3),
				",8,soon,,,,"+xOf(8)+","+subsOf(8))
			groups, err := p.Releases()
			if err != nil {
				t.Fatal(err)
			}
			same(t, "groups", groups, []plan.ReleaseGroup{
				{PoolKey: "FC1", GroupID: "7", Ends: "2001-01-31", Bindings: 3}, {PoolKey: "FC1", GroupID: "7", Ends: "2001-12-31", Bindings: 1}, {PoolKey: "FC1", GroupID: "8", Bindings: 1},
			})
		}
	})
}

// TestEvidence says in words what a look-up of a row showed, or what binding an answer named.
func TestEvidence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := &golden{t: t}
		for _, c := range []struct {
			name string
			kind ledger.Kind
			code string
			d    books.Detail
		}{
			{"named", ledger.Lost, aliyun.CodeBadAnswer, books.Detail{Named: "9 17100000009"}},
			{"named twice", ledger.Lost, aliyun.CodeIDTwice, books.Detail{Named: "9 17100000009", Other: 3}},
			{"named twice, of another batch", ledger.Lost, aliyun.CodeIDTwice, books.Detail{Named: "9 17100000009", Other: 3, OtherBatch: "z"}},
			{"named twice, of a batch with results", ledger.Lost, aliyun.CodeIDTwice, books.Detail{Named: "9 17100000009", Other: 3, OtherBatch: "a"}},
			{"told at once", ledger.Lost, aliyun.CodeIDTwice, books.Detail{SubsID: "9", SecretNo: "17100000009"}},
			{"ours", ledger.Found, aliyun.CodeOK, books.Detail{Look: books.Ours.String(), Created: "2000-01-01 08:00:00", SubsID: subsOf(5), SecretNo: xOf(5)}},
			{"ours, and more", ledger.Found, aliyun.CodeOK, books.Detail{Look: books.Ours.String(), Created: "2000-01-01 08:00:00", SubsID: subsOf(5), SecretNo: xOf(5), More: []string{"6 17100000006", subsOf(1) + " " + xOf(1), "7 17100000007"}}},
			{"ours, and what has a row", ledger.Found, aliyun.CodeOK, books.Detail{Look: books.Ours.String(), Created: "2000-01-01 08:00:00", SubsID: subsOf(5), SecretNo: xOf(5), More: []string{subsOf(1) + " " + xOf(1)}}},
			{"unfound", ledger.Looked, aliyun.CodeTimeout, books.Detail{Look: books.Unfound.String(), Swept: 12}},
			{"unlike", ledger.Looked, aliyun.CodeTimeout, books.Detail{Look: books.Unfound.String(), Swept: 12, More: []string{"6 17100000006", "7 17100000007"}}},
			{"blind", ledger.Looked, aliyun.CodeTimeout, books.Detail{Look: books.Blind.String()}},
			{"unclear", ledger.Looked, aliyun.CodeTimeout, books.Detail{Look: books.Unclear.String()}},
			{"masked", ledger.Looked, aliyun.CodeTimeout, books.Detail{Look: books.Masked.String()}},
			{"unproven", ledger.Looked, aliyun.CodeTimeout, books.Detail{Look: books.Unproven.String()}},
			{"distrusted", ledger.Looked, aliyun.CodeTimeout, books.Detail{Look: books.Distrusted.String()}},
			{"foreign", ledger.Looked, aliyun.CodeTimeout, books.Detail{Look: books.Foreign.String(), SubsID: "8"}},
			{"older", ledger.Looked, aliyun.CodeTimeout, books.Detail{Look: books.Older.String(), SubsID: "8", Created: "1999-01-01 08:00:00"}},
			{"odd", ledger.Looked, aliyun.CodeTimeout, books.Detail{Look: books.Odd.String(), SubsID: "8"}},
			{"absent", ledger.Absent, "", books.Detail{Look: books.Absent.String(), PhoneNoX: xOf(9)}},
			{"of no kind", ledger.Looked, aliyun.CodeTimeout, books.Detail{Look: "some day"}},
		} {
			d := newDiary(t)
			d.run(plan.Options{Batch: "a"}, []string{"ok"}, aRow(1, ""))
			d.run(plan.Options{Batch: "b"}, []string{"lost"}, aRow(2, ""))
			doubt := d.j.Calls(int32(d.j.Ledger.Len() - 1))[0]
			if c.kind == ledger.Lost {
				d.run(plan.Options{Batch: "b"}, []string{"open"}, aRow(3, ""))
				doubt = d.j.Calls(int32(d.j.Ledger.Len() - 1))[0]
			}
			if c.kind == ledger.Absent {
				time.Sleep(time.Hour)
			}
			r := ledger.Record{Kind: c.kind, Call: doubt.Number, Code: c.code}
			if c.kind == ledger.Found {
				r.Binding = ledger.ParseSubsID(c.d.SubsID)
			}
			c.d.T = time.Now().UnixMilli()
			if err := d.j.EndCall(r, &c.d); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			p := d.match(plan.Options{Batch: "b"}, aRow(2, ""), aRow(3, ""))
			said.add(t, c.name, p, books.StopNone)
			d.targets(p, said)
		}
		said.check("evidence.txt")
	})
}

// TestFates says how rows stand whose turn came and that were not sent all the same.
func TestFates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := &golden{t: t}
		for _, fate := range []plan.Fate{plan.FateLate, plan.FatePoolStop, plan.FateNoNumber, plan.FateSend} {
			d := newDiary(t)
			d.run(plan.Options{Batch: "a"}, []string{"lost", "isv.MOBILE_NUMBER_ILLEGAL"}, aRow(1, ""), aRow(2, ""))
			p := d.match(plan.Options{Batch: "a", Resend: plan.Resend{Unknown: true, Failed: true}}, aRow(1, ""), aRow(2, ""), aRow(3, ""))
			for i := range p.Entries {
				p.Entries[i].Fate = fate
			}
			for _, stop := range []books.Stop{books.StopNone, books.StopAccount} {
				p.StopCode = aliyun.CodeTokenExpired
				said.add(t, fmt.Sprintf("fate %d, stop %q", fate, stop), p, stop)
			}
		}
		said.check("fates.txt")
	})
}

// TestOthersCommand is the command that goes on with another batch's binding: by its
// results, or by its input while it wrote none, or by its id.
func TestOthersCommand(t *testing.T) {
	said := &golden{t: t}
	end := func(d *diary, digest string) {
		if err := d.j.End(books.RunEnd{Run: "r", Digest: digest}); err != nil {
			t.Fatal(err)
		}
	}
	begin := func(d *diary, r books.RunStart) {
		r.Run, r.Command = "x", "bind"
		if err := d.j.Begin(r); err != nil {
			t.Fatal(err)
		}
	}
	path := func(batch string) books.RunStart {
		return books.RunStart{Batch: batch, Results: "/data/" + batch, Path: books.PathID("/data/" + batch), Input: "/in/" + batch + ".csv", Pool: "FC1"}
	}
	at := func(batch, file string) books.RunStart {
		r := path(batch)
		r.Results, r.Path = "/data/"+file, books.PathID("/data/"+file)
		return r
	}
	for _, c := range []struct {
		name string
		tell func(d *diary)
	}{
		{"it goes on", func(*diary) {}},
		{"it was killed", func(d *diary) { begin(d, path("z")) }},
		{"it wrote its results", func(d *diary) { end(d, "aa"); begin(d, path("z")) }},
		{"it wrote none", func(d *diary) { end(d, ""); begin(d, path("z")); end(d, "") }},
		{"another batch wrote there since", func(d *diary) { end(d, "aa"); begin(d, at("z", "b")); end(d, "bb") }},
		{"another batch wrote there, and it elsewhere", func(d *diary) {
			end(d, "aa")
			begin(d, at("z", "b"))
			end(d, "bb")
			begin(d, at("b", "other"))
			end(d, "cc")
			begin(d, path("z"))
		}},
		{"it wrote none, with an input", func(d *diary) { end(d, ""); begin(d, path("b")); end(d, "") }},
		{"it wrote none, from standard input", func(d *diary) {
			end(d, "")
			r := path("b")
			r.Input = "-"
			begin(d, r)
			end(d, "")
		}},
		{"it wrote none, and another was to write there", func(d *diary) { end(d, ""); begin(d, path("b")); end(d, ""); begin(d, at("z", "b")); end(d, "") }},
		{"its pool", func(d *diary) { end(d, "aa"); begin(d, path("b")); end(d, "bb") }},
		{"its input masked", func(d *diary) {
			end(d, "")
			r := path("b")
			r.Input = "/in/138****8000.csv"
			begin(d, r)
			end(d, "")
		}},
		{"its results masked", func(d *diary) {
			end(d, "aa")
			r := at("b", "138****8000.csv")
			begin(d, r)
			end(d, "bb")
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := newDiary(t)
			d.run(plan.Options{Batch: "a"}, []string{"ok"}, aRow(1, ""), aRow(2, ""))
			end(d, "00")
			d.run(plan.Options{Batch: "b", WhenBound: plan.RenewWhenBound}, []string{"lost", "ok"}, later(aRow(1, "")), later(aRow(2, "")))
			c.tell(d)
			text := d.m.Text()
			first := d.j
			d.j, _ = bookstest.Open(t, text)
			defer bookstest.Close(t, d.j)
			p := d.match(plan.Options{Batch: "undo", Of: "a", Operation: &plan.Release{}, Path: "/data/a"}, rowOf(1, "", 1), rowOf(2, "", 2))
			said.add(t, c.name, p, books.StopNone)
			for _, o := range p.Owners() {
				fmt.Fprintf(said, "  owner: %s\n", o.Say(report.EN, "unbind"))
			}
			p = d.match(plan.Options{Batch: "c"}, aRow(1, ",,o"), aRow(2, ",,o"))
			said.add(t, c.name+", and a bind", p, books.StopNone)
			d.j = first
		})
	}
	said.check("others.txt")
}
