package batch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/plan"
	"axgbind/report"
)

// The tests of this file are of rows that meet what other batches of the same
// journal did: the rules of "How rows meet the ledger".

const batchHead = "PhoneNoA,GroupId,Expiration,PhoneNoB,PhoneNoX,IsRecordingEnabled,CallRestrict,OutId,OutOrderId,ExpectCity,CallDisplayType,ASRStatus,ASRModelId,RingConfig\n"

// batchRow is a row under batchHead: A, group, Expiration, and the cells behind
// those.
func batchRow(a int, end, rest string) string {
	return fmt.Sprintf("1380013%04d,1,%s,%s%s\n", a, end, rest, strings.Repeat(",", 10-strings.Count(rest, ",")))
}

const (
	soonEnd, laterEnd = "2099-01-31 23:59:59", "2099-12-31 23:59:59"
	held              = "HELD client.StillBound"
	edited            = "HELD client.EditedAfterSend"
	already           = "BOUND client.AlreadyBound"
	boundOK           = "BOUND OK"
)

// turn is one run of a batch, and what it comes to.
type turn struct {
	of    string // the batch
	rows  string // under batchHead
	fault string // of the service, for calls that do not end: the run is stopped then
	set   func(n *night)
	want  []string // status and code of each row
	binds int      // BindAxg calls
	live  int      // bindings at the service then
}

// take carries one turn out.
func (n *night) take(t *testing.T, w turn) []report.Record {
	t.Helper()
	n.results, n.whenBound, n.another, n.twice, n.resend = w.of, plan.RefuseWhenBound, false, false, plan.Resend{}
	if w.set != nil {
		w.set(n)
	}
	before := n.service.Stats().Actions["BindAxg"]
	var rows []report.Record
	if w.fault != "" {
		rows = n.stopped(t, w.fault, batchHead+w.rows)
	} else {
		rows, _, _ = n.run(t, t.Context(), batchHead+w.rows)
	}
	var got []string
	for _, r := range rows {
		got = append(got, strings.TrimSpace(r.Status.String()+" "+r.Code))
	}
	if !slices.Equal(got, w.want) {
		t.Errorf("%s: rows %q, want %q; the first says %q", w.of, got, w.want, rows[0].Reason)
	}
	if binds := int(n.service.Stats().Actions["BindAxg"] - before); binds != w.binds || len(n.live()) != w.live {
		t.Errorf("%s: %d BindAxg calls, want %d; %d bindings live, want %d", w.of, binds, w.binds, len(n.live()), w.live)
	}
	return rows
}

func skip(n *night)       { n.whenBound = plan.SkipWhenBound }
func renew(n *night)      { n.whenBound = plan.RenewWhenBound }
func another(n *night)    { n.another = true }
func duplicates(n *night) { n.twice = true }

// TestBatchesMeet has a case for each way in which rows of one batch meet what
// another did. Every case ends with the last turn once more, without a word of the
// user: what is settled stays, and no call is made.
func TestBatchesMeet(t *testing.T) {
	row := func(a int, rest string) string { return batchRow(a, soonEnd, rest) }
	first := turn{of: "1.csv", rows: row(0, "") + row(1, ""), want: []string{boundOK, boundOK}, binds: 2, live: 2}
	lost := turn{of: "1.csv", rows: row(0, ""), fault: "drop-after@BindAxg=1", want: []string{"UNKNOWN client.ConnectionLost"}, binds: 1, live: 1}
	for name, c := range map[string]struct {
		turns []turn
		again []string // of the further run; nil: what the last turn came to
	}{
		"the same file, another path": {[]turn{first, {of: "2.csv", rows: row(0, "") + row(1, ""), want: []string{already, already}, live: 2}}, nil},
		"one row more":                {[]turn{first, {of: "2.csv", rows: row(0, "") + row(1, "") + row(2, ""), want: []string{already, already, boundOK}, binds: 1, live: 3}}, nil},
		"and a third batch with all":  {[]turn{first, {of: "2.csv", rows: row(2, ""), want: []string{boundOK}, binds: 1, live: 3}, {of: "3.csv", rows: row(2, "") + row(1, "") + row(0, ""), want: []string{already, already, already}, live: 3}}, nil},
		"an edited row of its own":    {[]turn{first, {of: "1.csv", rows: row(0, "13900000001") + row(1, ""), want: []string{edited, boundOK}, live: 2}}, nil},
		"an edited row, another path": {[]turn{first, {of: "2.csv", rows: row(0, "13900000001") + row(1, ""), want: []string{held, already}, live: 2}}, nil},
		"edited, skip":                {[]turn{first, {of: "2.csv", rows: row(0, "13900000001"), set: skip, want: []string{already}, live: 2}}, []string{held}},
		"edited, renew":               {[]turn{first, {of: "2.csv", rows: row(0, "13900000001"), set: renew, want: []string{boundOK}, live: 2}}, nil},
		"edited, another":             {[]turn{first, {of: "2.csv", rows: row(0, "13900000001"), set: another, want: []string{boundOK}, binds: 1, live: 3}}, nil},
		"equal, another":              {[]turn{first, {of: "2.csv", rows: row(0, ""), set: another, want: []string{boundOK}, binds: 1, live: 3}}, nil},
		"another, twice":              {[]turn{first, {of: "2.csv", rows: row(0, ""), set: another, want: []string{boundOK}, binds: 1, live: 3}, {of: "2.csv", rows: row(0, ""), set: another, want: []string{boundOK}, live: 3}}, nil},
		"another, and a further row":  {[]turn{first, {of: "2.csv", rows: row(0, ""), set: another, want: []string{boundOK}, binds: 1, live: 3}, {of: "2.csv", rows: row(0, "") + row(2, ""), want: []string{boundOK, boundOK}, binds: 1, live: 4}}, nil},
		"the first after another":     {[]turn{first, {of: "2.csv", rows: row(0, ""), set: another, want: []string{boundOK}, binds: 1, live: 3}, {of: "1.csv", rows: row(0, "") + row(1, ""), want: []string{boundOK, boundOK}, live: 3}}, nil},
		"a third after another":       {[]turn{first, {of: "2.csv", rows: row(0, ""), set: another, want: []string{boundOK}, binds: 1, live: 3}, {of: "3.csv", rows: row(0, ""), want: []string{already}, live: 3}}, nil},
		"the first after a renewal": {[]turn{first, {of: "2.csv", rows: row(0, "13900000001"), set: renew, want: []string{boundOK}, live: 2},
			{of: "1.csv", rows: row(0, "") + row(1, ""), want: []string{held, boundOK}, live: 2}}, nil},
		"FAILED there holds nothing": {[]turn{
			{of: "1.csv", rows: row(0, ""), fault: "code:isv.MOBILE_NUMBER_ILLEGAL@BindAxg=1", want: []string{"FAILED isv.MOBILE_NUMBER_ILLEGAL"}, binds: 1},
			{of: "2.csv", rows: row(0, ""), want: []string{boundOK}, binds: 1, live: 1}}, nil},
		"but its own waits for a word": {[]turn{
			{of: "1.csv", rows: row(0, ""), fault: "code:isv.MOBILE_NUMBER_ILLEGAL@BindAxg=1", want: []string{"FAILED isv.MOBILE_NUMBER_ILLEGAL"}, binds: 1},
			{of: "1.csv", rows: row(0, ""), want: []string{"FAILED isv.MOBILE_NUMBER_ILLEGAL"}}}, nil},
		"PENDING there holds nothing": {[]turn{
			{of: "1.csv", rows: row(0, ""), fault: "code:isv.NO_AVAILABLE_NUMBER@BindAxg=1", want: []string{"PENDING isv.NO_AVAILABLE_NUMBER"}, binds: 1},
			{of: "2.csv", rows: row(0, ""), want: []string{boundOK}, binds: 1, live: 1}}, nil},
		"UNKNOWN there holds":           {[]turn{lost, {of: "2.csv", rows: row(0, ""), want: []string{held}, live: 1}}, nil},
		"UNKNOWN there, skip":           {[]turn{lost, {of: "2.csv", rows: row(0, ""), set: skip, want: []string{held}, live: 1}}, nil},
		"UNKNOWN there, renew":          {[]turn{lost, {of: "2.csv", rows: row(0, ""), set: renew, want: []string{held}, live: 1}}, nil},
		"UNKNOWN there, resend unknown": {[]turn{lost, {of: "2.csv", rows: row(0, ""), set: func(n *night) { n.resend.Unknown = true }, want: []string{held}, live: 1}}, nil},
		"UNKNOWN there, another":        {[]turn{lost, {of: "2.csv", rows: row(0, ""), set: another, want: []string{boundOK}, binds: 1, live: 2}}, nil},
		"two rows for one binding": {[]turn{first, {of: "2.csv", rows: row(0, "") + row(0, "13900000001"),
			want: []string{already, "INVALID client.SamePlace"}, live: 2}}, nil},
		"two equal rows for one binding": {[]turn{first, {of: "2.csv", rows: row(0, "") + row(0, ""), want: []string{already, "INVALID client.Duplicate"}, live: 2}}, nil},
		"two rows for one binding, allowed": {[]turn{first, {of: "2.csv", rows: row(0, "13900000001") + row(0, ""), set: duplicates,
			want: []string{boundOK, already}, binds: 1, live: 3}}, nil},
		"two equal rows for two bindings, allowed": {[]turn{
			{of: "1.csv", rows: row(0, "") + row(0, ""), set: duplicates, want: []string{boundOK, boundOK}, binds: 2, live: 2},
			{of: "2.csv", rows: row(0, "") + row(0, ""), set: duplicates, want: []string{already, already}, live: 2}}, nil},
		"three equal rows for two bindings, allowed": {[]turn{
			{of: "1.csv", rows: row(0, "") + row(0, ""), set: duplicates, want: []string{boundOK, boundOK}, binds: 2, live: 2},
			{of: "2.csv", rows: row(0, "") + row(0, "") + row(0, ""), set: duplicates, want: []string{already, already, boundOK}, binds: 1, live: 3}}, nil},
		"one row for two bindings": {[]turn{
			{of: "1.csv", rows: row(0, "") + row(0, "13900000001"), set: duplicates, want: []string{boundOK, boundOK}, binds: 2, live: 2},
			{of: "2.csv", rows: row(0, "13900000001"), want: []string{already}, live: 2}}, nil},
		"allowed duplicates are of one file": {[]turn{first, {of: "2.csv", rows: row(0, "13900000001"), set: duplicates, want: []string{held}, live: 2}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 20})
				defer n.close()
				var last turn
				for _, w := range c.turns {
					n.take(t, w)
					last = w
				}
				last.binds, last.set, last.fault = 0, nil, ""
				if strings.Contains(name, "allowed") {
					last.set = duplicates
				}
				if c.again != nil {
					last.want = c.again
				}
				n.take(t, last)
			})
		})
	}
}

// TestAlreadyBoundValues: a row takes the binding of another batch without a word
// only if that has all its values, whichever of them differs.
func TestAlreadyBoundValues(t *testing.T) {
	const full = `13900000001,17100000000,true,CONTROL_AX_DISABLE,o1,order1,杭州,1,true,m1,"{""AXGRing_A"":""r1""}"`
	for name, c := range map[string]struct{ end, rest, want string }{
		"equal":                {soonEnd, full, already},
		"no X named":           {soonEnd, strings.Replace(full, "17100000000", "", 1), already},
		"another X":            {soonEnd, strings.Replace(full, "17100000000", "17100000001", 1), held},
		"a later end":          {laterEnd, full, held},
		"an earlier end":       {"2098-01-31 23:59:59", full, held},
		"another B":            {soonEnd, strings.Replace(full, "13900000001", "13900000002", 1), held},
		"no B":                 {soonEnd, strings.Replace(full, "13900000001", "", 1), held},
		"no recording":         {soonEnd, strings.Replace(full, "true,CONTROL", "false,CONTROL", 1), held},
		"another restriction":  {soonEnd, strings.Replace(full, "AX_DISABLE", "BX_DISABLE", 1), held},
		"no restriction":       {soonEnd, strings.Replace(full, "CONTROL_AX_DISABLE", "", 1), held},
		"another OutId":        {soonEnd, strings.Replace(full, "o1", "o2", 1), held},
		"no OutId":             {soonEnd, strings.Replace(full, "o1", "", 1), held},
		"another order":        {soonEnd, strings.Replace(full, "order1", "order2", 1), held},
		"another city":         {soonEnd, strings.Replace(full, "杭州", "北京", 1), held},
		"no city":              {soonEnd, strings.Replace(full, "杭州", "", 1), held},
		"another display":      {soonEnd, strings.Replace(full, ",1,true", ",2,true", 1), held},
		"no speech":            {soonEnd, strings.Replace(full, ",1,true", ",1,false", 1), held},
		"another speech model": {soonEnd, strings.Replace(full, "m1", "m2", 1), held},
		"another tone":         {soonEnd, strings.Replace(full, "r1", "r2", 1), held},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Cities: []simulator.CityNumbers{{City: "杭州", N: 2}}})
				defer n.close()
				mine := n.take(t, turn{of: "1.csv", rows: batchRow(0, soonEnd, full), want: []string{boundOK}, binds: 1, live: 1})
				rows := n.take(t, turn{of: "2.csv", rows: batchRow(0, c.end, c.rest), want: []string{c.want}, live: 1})
				if c.want == already && rows[0].SubsID != mine[0].SubsID {
					t.Errorf("it took %s, not %s", rows[0].SubsID, mine[0].SubsID)
				}
				// What was renewed keeps what no call changes: a third batch finds that.
				if c.end == laterEnd {
					n.take(t, turn{of: "2.csv", rows: batchRow(0, laterEnd, full), set: renew, want: []string{boundOK}, live: 1})
					n.take(t, turn{of: "3.csv", rows: batchRow(0, laterEnd, full), want: []string{already}, live: 1})
					n.take(t, turn{of: "3.csv", rows: batchRow(0, laterEnd, strings.Replace(full, "r1", "r2", 1)), want: []string{held}, live: 1})
					shorter, _ := bookstest.Compacted(t, n.journal.Text(), time.Now())
					n.journal.Set(shorter)
					n.take(t, turn{of: "3.csv", rows: batchRow(0, laterEnd, strings.Replace(full, "17100000000", "", 1)), want: []string{already}, live: 1})
					n.take(t, turn{of: "3.csv", rows: batchRow(0, laterEnd, strings.Replace(full, "r1", "r2", 1)), want: []string{held}, live: 1})
				}
			})
		})
	}
}

// TestPoolByColumnOrFlag: a row is the same whether a column or a flag names its
// pool.
func TestPoolByColumnOrFlag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.results = "1.csv"
		mine, _, _ := n.run(t, t.Context(), "PhoneNoA,GroupId,Expiration\n13800138000,1,"+soonEnd+"\n")
		n.results = "2.csv"
		rows, _, calls := n.run(t, t.Context(), "PoolKey,PhoneNoA,GroupId,Expiration\n"+simulator.PoolKey+",13800138000,1,"+soonEnd+"\n")
		stands(t, rows, already+" "+mine[0].SubsID)
		if calls != 0 {
			t.Errorf("%d calls", calls)
		}
	})
}

// TestReleasedThere: what another batch had, and was released, holds nothing.
func TestReleasedThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.results = "1.csv"
		released := []report.Record{{Input: []string{"13800138000", "1", soonEnd, ""}, Line: 2, Status: report.Released, Code: "client.Released", SecretNo: "17100000009", SubsID: "1000000000009999", Attempts: 1}}
		rows, _, _ := n.run(t, t.Context(), resultsText(t, nightHead, released))
		stands(t, rows, "RELEASED client.Released 1000000000009999")
		n.results = "2.csv"
		rows, _, calls := n.run(t, t.Context(), nightHead+"\n13800138000,1,"+soonEnd+",\n")
		stands(t, rows, "BOUND OK 1000000000000001")
		if calls != 1 {
			t.Errorf("%d calls", calls)
		}
	})
}

// TestLapsedThere: a binding holds its place for 24 hours beyond its end, in which
// nobody can take or renew it. What lives beside it can be taken.
func TestLapsedThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		end := time.Now().Add(time.Hour).Truncate(time.Second)
		n.take(t, turn{of: "1.csv", rows: batchRow(0, inBeijing(end), "") + batchRow(1, inBeijing(end), ""), want: []string{boundOK, boundOK}, binds: 2, live: 2})
		time.Sleep(time.Until(end.Add(-time.Second)))
		n.take(t, turn{of: "2.csv", rows: batchRow(0, soonEnd, ""), set: skip, want: []string{already}, live: 2})
		for _, wait := range []time.Duration{0, 24*time.Hour - time.Second} {
			time.Sleep(time.Until(end.Add(wait)))
			for _, set := range []func(*night){nil, skip, renew, duplicates} {
				rows := n.take(t, turn{of: "2.csv", rows: batchRow(0, soonEnd, ""), set: set, want: []string{held}})
				if free := inBeijing(end.Add(24 * time.Hour)); !strings.Contains(rows[0].Reason, inBeijing(end)) || !strings.Contains(rows[0].Action, free) {
					t.Errorf("it says %q: %q", rows[0].Reason, rows[0].Action)
				}
			}
			rows := n.take(t, turn{of: "1.csv", rows: batchRow(0, soonEnd, "") + batchRow(1, soonEnd, ""), set: renew, want: []string{edited, edited}})
			if !strings.Contains(rows[1].Action, "--when-bound another") || rows[1].SubsID == "" {
				t.Errorf("%+v", rows[1])
			}
		}
		if n.service.Stats().Actions["UpdateSubscription"] != 0 {
			t.Error("a renewal was tried")
		}
		n.take(t, turn{of: "3.csv", rows: batchRow(0, laterEnd, ""), set: another, want: []string{boundOK}, binds: 1, live: 1})
		n.take(t, turn{of: "4.csv", rows: batchRow(0, soonEnd, ""), set: skip, want: []string{already}, live: 1})
		time.Sleep(time.Until(end.Add(24 * time.Hour)))
		n.take(t, turn{of: "1.csv", rows: batchRow(1, soonEnd, ""), want: []string{boundOK}, binds: 1, live: 2})
	})
}

// TestRenewNeverEarlier: a renewal makes no end earlier; the row is held back and
// says so.
func TestRenewNeverEarlier(t *testing.T) {
	for _, own := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			n.take(t, turn{of: "1.csv", rows: batchRow(0, laterEnd, ""), want: []string{boundOK}, binds: 1, live: 1})
			of, want := "2.csv", held
			if own {
				of, want = "1.csv", edited
			}
			rows := n.take(t, turn{of: of, rows: batchRow(0, soonEnd, ""), set: renew, want: []string{want}, live: 1})
			if !strings.Contains(rows[0].Reason, "until "+laterEnd) || !strings.Contains(rows[0].Action, "axgbind update") {
				t.Errorf("it says %q: %q", rows[0].Reason, rows[0].Action)
			}
			n.take(t, turn{of: of, rows: batchRow(0, laterEnd, "13900000001"), set: renew, want: []string{boundOK}, live: 1}) // an equal end
			if b := n.service.Bindings()[0]; b.Expiration != laterEnd || b.PhoneNoB != "13900000001" {
				t.Errorf("%+v", b)
			}
		})
	}
}

// TestRenewBefore: only a binding that ends within the time is renewed; until then
// it counts as the row's.
func TestRenewBefore(t *testing.T) {
	const before = 7 * 24 * time.Hour
	for name, c := range map[string]struct {
		left time.Duration // until the binding ends, when the second batch runs
		want string
	}{
		"long before":      {30 * 24 * time.Hour, already},
		"a second before":  {before + time.Second, already},
		"exactly":          {before, boundOK},
		"a second after":   {before - time.Second, boundOK},
		"a minute is left": {2 * time.Minute, boundOK},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 10})
				defer n.close()
				end := time.Now().Truncate(time.Second).Add(40 * 24 * time.Hour)
				n.take(t, turn{of: "1.csv", rows: batchRow(0, inBeijing(end), ""), want: []string{boundOK}, binds: 1, live: 1})
				time.Sleep(time.Until(end.Add(-c.left)))
				n.take(t, turn{of: "2.csv", rows: batchRow(0, laterEnd, ""), set: func(n *night) { renew(n); n.before = before }, want: []string{c.want}, live: 1})
				have, want := n.service.Bindings()[0].Expiration, inBeijing(end)
				if c.want == boundOK {
					want = laterEnd
				}
				if have != want {
					t.Errorf("it ends %s, want %s", have, want)
				}
			})
		})
	}
}

// TestHeldSays: a row that is held back names the batch and the line that hold it,
// and the cure, in both languages.
func TestHeldSays(t *testing.T) {
	row := func(rest string) string { return batchRow(1, soonEnd, "") + batchRow(0, soonEnd, rest) }
	lost := "drop-after@BindAxg=1"
	for name, c := range map[string]struct {
		fault, of, rest string
		set             func(*night)
		says            []string
	}{
		"bound there":           {"", "2.csv", "13900000001", nil, []string{"/night/1.csv", "3", "1000000000000002", "--when-bound skip", "renew", "another"}},
		"bound before":          {"", "1.csv", "13900000001", nil, []string{"3", "1000000000000002", "--when-bound renew", "skip", "another"}},
		"unknown there":         {lost, "2.csv", "13900000001", nil, []string{"/night/1.csv", "3", "UNKNOWN", "axgbind reconcile /night/1.csv"}},
		"unknown before":        {lost, "1.csv", "13900000001", nil, []string{"3", "UNKNOWN", "axgbind reconcile /night/1.csv"}},
		"renewed to another X":  {"", "2.csv", ",17100000009", renew, []string{"/night/1.csv", "--when-bound skip", "another", "1000000000000002"}},
		"taken from there":      {"", "2.csv", "", nil, []string{"/night/1.csv", "3", "1000000000000002"}},
		"taken as it is, there": {"", "2.csv", "13900000001", skip, []string{"/night/1.csv", "3", "1000000000000002"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 10})
				defer n.close()
				n.results = "1.csv"
				if c.fault != "" {
					n.run(t, t.Context(), batchHead+batchRow(1, soonEnd, ""))
					n.stopped(t, c.fault, batchHead+row(""))
				} else {
					n.run(t, t.Context(), batchHead+row(""))
				}
				n.results = c.of
				if c.set != nil {
					c.set(n)
				}
				n.run(t, t.Context(), batchHead+row(c.rest))
				for _, lang := range []report.Lang{report.EN, report.ZH} {
					told := false
					err := n.plan.Results(lang, books.StopNone, func(r *report.Record) error {
						told = told || r.Line == 3
						for _, s := range c.says {
							if r.Line == 3 && !strings.Contains(r.Reason+"; "+r.Action, s) {
								t.Errorf("%s %s says %q: %q, and nothing of %q", r.Status, r.Code, r.Reason, r.Action, s)
							}
						}
						return nil
					})
					if err != nil || !told {
						t.Fatalf("line 3 is told: %t; %v", told, err)
					}
				}
			})
		})
	}
}

// TestUpdatedThere: an update by a list changes neither whose a binding is nor which
// line that has; what it changed no row that differs takes without a word.
func TestUpdatedThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		mine := n.take(t, turn{of: "1.csv", rows: batchRow(1, soonEnd, "") + batchRow(0, soonEnd, ""), want: []string{boundOK, boundOK}, binds: 2, live: 2})
		n.paperUpdate(t, "SecretNo,SubsId,PhoneNoB\n"+mine[1].SecretNo+","+mine[1].SubsID+",13900000002\n", "PhoneNoB")
		rows := n.take(t, turn{of: "2.csv", rows: batchRow(0, soonEnd, ""), want: []string{held}, live: 2})
		if !strings.Contains(rows[0].Reason, "line 3 of batch /night/1.csv") {
			t.Errorf("it says %q", rows[0].Reason)
		}
		n.take(t, turn{of: "2.csv", rows: batchRow(0, soonEnd, "13900000002"), want: []string{already}, live: 2})
	})
}

// TestUpdatedOthers: of a binding that others made, only what an update set is known:
// no row takes it without a word.
func TestUpdatedOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		mine := n.take(t, turn{of: "1.csv", rows: batchRow(0, soonEnd, ",,,,,order1"), want: []string{boundOK}, binds: 1, live: 1})
		n.journal.Set(nil) // another machine
		n.take(t, turn{of: "2.csv", rows: batchRow(5, soonEnd, ""), want: []string{boundOK}, binds: 1, live: 2})
		n.paperUpdate(t, "PhoneNoA,GroupId,Expiration,SecretNo,SubsId\n13800130000,1,"+laterEnd+","+mine[0].SecretNo+","+mine[0].SubsID+"\n", "Expiration")
		rows := n.take(t, turn{of: "3.csv", rows: batchRow(0, laterEnd, ""), want: []string{held}, live: 2})
		if !strings.Contains(rows[0].Reason, "no batch of this journal") || !strings.Contains(rows[0].Reason, mine[0].SubsID) {
			t.Errorf("it says %q", rows[0].Reason)
		}
	})
}
