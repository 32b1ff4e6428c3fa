package batch_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/history"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"
)

// release is one unbind: of a job's results, or of any file.
type release struct {
	job     string // id of the batch; blank: the input is a list
	batch   string // id of the unbind's own; blank: unbound.csv
	input   string
	journal *disk // nil: the night's
	opt     plan.Release
	resend  plan.Resend
	client  batch.Unbinder // nil: the night's
}

// releases makes one run of it. Records are those of its results.
func (n *night) releases(t *testing.T, ctx context.Context, r release) (records []report.Record, made *plan.Plan, err error) {
	t.Helper()
	r.batch = cmp.Or(r.batch, "unbound.csv")
	s := n.session(r.input, r.batch)
	if r.journal != nil {
		s.place, s.text = placed(r.journal), r.journal.kept
	}
	s.read.Bindings = true
	s.plan = plan.Options{Operation: &r.opt, Resend: r.resend}
	s.start = books.RunStart{Run: "u", Batch: r.batch, Of: r.job, Command: "unbind"}
	records, made, err = s.do(t, func(_ *books.Journal, made *plan.Plan) (books.Stop, error) {
		run, err := batch.NewRun(made, batch.Unbind{Client: cmp.Or[batch.Unbinder](r.client, n.client)}, batch.Options{
			Rate: 100, Timeout: aliyun.DefaultTimeout, Retries: 5, Explain: func(m batch.Message) { n.calls = append(n.calls, m) },
		})
		if err == nil {
			_, err = run.Do(ctx)
		}
		return books.StopNone, err
	})
	if err != nil {
		return nil, nil, err
	}
	sum := 0
	for _, n := range made.Counts() {
		sum += n
	}
	if sum != made.Rows || len(records) != made.Rows {
		t.Errorf("%d rows, %d counted, %d in the results", made.Rows, sum, len(records))
	}
	return records, made, nil
}

// mustRelease is releases of what must work.
func (n *night) mustRelease(t *testing.T, r release) ([]report.Record, *plan.Plan) {
	t.Helper()
	records, plan, err := n.releases(t, t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return records, plan
}

// resultsText is a results file of records.
func resultsText(t *testing.T, header string, records []report.Record) string {
	t.Helper()
	b := &strings.Builder{}
	w := report.NewWriter(b, strings.Split(header, ","), false)
	for i := range records {
		if err := w.Write(&records[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const nightHead = "PhoneNoA,GroupId,Expiration,PhoneNoB"

// live are the SubsIds of the live bindings.
func (n *night) live() []string {
	var ids []string
	for _, b := range n.service.Bindings() {
		if b.GroupId != controlGroup {
			ids = append(ids, b.SubsId)
		}
	}
	slices.Sort(ids)
	return ids
}

func subsIDs(records []report.Record) []string {
	var ids []string
	for _, r := range records {
		ids = append(ids, r.SubsID)
	}
	slices.Sort(ids)
	return ids
}

// TestUnbind releases a job in two parts, and nothing else: the bindings of
// another job stand, a released row is not bound again by a plain run, and is by
// one that says so; then it is another binding, which can be released too.
func TestUnbind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 100, Latency: 10 * time.Millisecond})
		defer n.close()
		n.results = "other.csv"
		other, _, _ := n.run(t, t.Context(), nightInput(50, 60, "2099-01-31 23:59:59", "13900000001"))
		n.results = "mine.csv"
		content := nightInput(0, 20, "2099-01-31 23:59:59", "13900000001") + "12,1,2099-01-31 23:59:59,\n"
		mine, _, _ := n.run(t, t.Context(), content)
		file := resultsText(t, nightHead, mine)
		lines, err := input.ParseLines("2-6")
		if err != nil {
			t.Fatal(err)
		}
		part, made := n.mustRelease(t, release{job: "mine.csv", input: file, opt: plan.Release{Select: lines.Has}})
		if made.Rows != 5 || made.Left != 16 || count(part)[report.Released] != 5 || len(n.live()) != 25 {
			t.Fatalf("the first part: %d rows, %d left, %v, %d live", made.Rows, made.Left, count(part), len(n.live()))
		}
		for i, r := range part {
			if r.SubsID != mine[i].SubsID || r.SecretNo != mine[i].SecretNo || r.Code != "OK" || r.Attempts != 1 || r.RequestID == "" ||
				r.RequestID == mine[i].RequestID || !strings.Contains(r.Reason, r.SubsID) {
				t.Errorf("%+v", r)
			}
		}
		all, made := n.mustRelease(t, release{job: "mine.csv", input: file})
		if made.Settled != 5 || made.ToSend != 15 || count(all)[report.Released] != 20 || !slices.Equal(n.live(), subsIDs(other)) {
			t.Fatalf("all: %+v, %v, live %v", made, count(all), n.live())
		}
		if calls := n.service.Stats().Actions["UnbindSubscription"]; calls != 20 {
			t.Errorf("%d calls for 20 bindings", calls)
		}

		again, _, calls := n.run(t, t.Context(), content)
		if got := count(again); got[report.Released] != 20 || got[report.Invalid] != 1 || calls != 0 {
			t.Fatalf("a plain run: %v, %d calls", got, calls)
		}
		if r := again[3]; r.Code != "client.Released" || r.SubsID != mine[3].SubsID || r.Reason == "" || !strings.Contains(r.Action, "--resend released") || r.RequestID != part[3].RequestID {
			t.Errorf("%+v", r)
		}
		// Its results carry that on without the journal, too.
		fresh := &night{service: n.service, door: n.door, client: n.client}
		carried, _, calls := fresh.run(t, t.Context(), resultsText(t, nightHead, again))
		if got := count(carried); got[report.Released] != 20 || calls != 0 {
			t.Errorf("carried: %v, %d calls", got, calls)
		}
		n.resend = plan.Resend{Released: true}
		bound, _, calls := n.run(t, t.Context(), content)
		if count(bound)[report.Bound] != 20 || calls != 20 {
			t.Fatalf("sent again: %v, %d calls", count(bound), calls)
		}
		n.resend = plan.Resend{}
		if stand, _, calls := n.run(t, t.Context(), content); count(stand)[report.Bound] != 20 || calls != 0 {
			t.Errorf("after that: %v, %d calls", count(stand), calls)
		}
		// The old results name bindings that are gone: not those of the new ones.
		stale, _ := n.mustRelease(t, release{job: "mine.csv", input: file})
		if got := count(stale); got[report.Invalid] != 20 || len(n.live()) != 30 || stale[0].Code != "client.OtherBinding" {
			t.Errorf("old results: %v, %d live", got, len(n.live()))
		}
		n.mustRelease(t, release{job: "mine.csv", input: resultsText(t, nightHead, bound)})
		if !slices.Equal(n.live(), subsIDs(other)) {
			t.Errorf("live %v", n.live())
		}
	})
}

// TestUnbindRows has a row for each way in which a row of a release can end that
// is none of a job: the file alone says what it means, and is asked about.
func TestUnbindRows(t *testing.T) {
	for _, old := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 40, OldUnbind: old})
			defer n.close()
			bound, _, _ := n.run(t, t.Context(), nightInput(0, 8, "2099-01-31 23:59:59", "13900000001"))
			n.unbind(t, bound[1].SubsID, bound[1].SecretNo)
			row := func(subs, x, a string) string { return subs + "," + x + "," + a + "\n" }
			id := func(i int) (string, string) { return bound[i].SubsID, bound[i].SecretNo }
			s0, x0 := id(0)
			s1, x1 := id(1)
			s2, x2 := id(2)
			_, x3 := id(3)
			s4, x4 := id(4)
			s5, x5 := id(5)
			input := "SubsId,SecretNo,PhoneNoA\n" +
				row(s0, x0, "") + // the file says no more
				row(s1, x1, bound[1].Input[0]) + // gone already
				row(s2, x2, bound[2].Input[0]) +
				row(s2, x3, "") + // a pair of two bindings
				row("1.00000000000001E+15", x3, "") + // cut
				row("1000000000000000", x3, "") + // rounded
				row("", x3, "") + row(s4, "", "") + row(s4, "X", "") +
				row(s4, x4, "13800138000") + // of another A
				row(s2, x2, bound[2].Input[0]) + // once more
				row(s5, x5, "")
			own := &disk{}
			records, made := n.mustRelease(t, release{input: input, journal: own, opt: plan.Release{Foreign: true}})
			want := []string{
				"RELEASED OK " + s0, "RELEASED isv.SUBS_NOT_EXIST " + s1, "RELEASED OK " + s2, "INVALID client.OtherBinding " + s2,
				"INVALID client.SubsIdDamaged 1.00000000000001E+15", "INVALID client.SubsIdDamaged 1000000000000000",
				"INVALID client.NoBinding", "INVALID client.NoBinding " + s4, "INVALID client.NoBinding " + s4,
				"INVALID client.OtherBinding " + s4, "RELEASED OK " + s2, "RELEASED OK " + s5,
			}
			if old {
				want[1] = "RELEASED isv.ILLEGAL_ARGUMENT " + s1
			}
			stands(t, records, want...)
			for _, r := range records {
				if r.Reason == "" || r.Status == report.Invalid && r.Action == "" {
					t.Errorf("line %d: %q, %q", r.Line, r.Reason, r.Action)
				}
			}
			if left := len(n.live()); left != 4 || made.ToSend != 7 {
				t.Errorf("%d live, %d to send", left, made.ToSend)
			}
			calls := n.service.Stats().Calls
			again, made := n.mustRelease(t, release{input: input, journal: own, opt: plan.Release{Foreign: true}})
			stands(t, again, want...)
			if made.ToSend != 2 || n.service.Stats().Actions["UnbindSubscription"] != 4 {
				t.Errorf("a further run: %d to send, %d requests", made.ToSend, n.service.Stats().Calls-calls)
			}
			// The journal of the bind knows these bindings.
			after, _, sent := n.run(t, t.Context(), nightInput(0, 8, "2099-01-31 23:59:59", "13900000001"))
			if sent != 0 || count(after)[report.Bound] != 8 {
				t.Errorf("what another journal released: %v, %d calls", count(after), sent)
			}
		})
	}
}

// TestUnbindDamaged gives a job's results as spreadsheets leave them: with the
// journal, every row ends its own binding or is refused, and never another's.
func TestUnbindDamaged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 2000})
		defer n.close()
		n.results, n.twice = "j.csv", true
		const rows = 300
		content := nightInput(0, rows, "2099-01-31 23:59:59", "13900000001") +
			"13800138000,1,2099-01-31 23:59:59,13900000002\n13800138000,1,2099-01-31 23:59:59,13900000003\n"
		bound, _, _ := n.run(t, t.Context(), content)
		if count(bound)[report.Bound] != rows+2 {
			t.Fatal(count(bound))
		}
		all := n.live()
		random := rand.New(rand.NewPCG(3, 4))
		damage := []func(id string) string{
			func(id string) string { return id[:15] + strings.Repeat("0", len(id)-15) },             // rounded down by Excel
			func(id string) string { return id[:1] + "." + id[1:6] + "E+" + fmt.Sprint(len(id)-1) }, // shown in short
			func(id string) string { return id[:1] + "." + id[1:15] + "E+" + fmt.Sprint(len(id)-1) },
			func(string) string { return "" },
			func(string) string { return "#N/A" },
			func(id string) string { return id },
			func(string) string { return bound[random.IntN(rows)].SubsID }, // columns sorted apart
		}
		hurt := slices.Clone(bound)
		kind := make([]int, len(hurt))
		for i := range hurt {
			kind[i] = random.IntN(len(damage))
			hurt[i].SubsID = damage[kind[i]](hurt[i].SubsID)
		}
		lines, _ := input.ParseLines(fmt.Sprintf("2-%d", 1+rows/2))
		file := resultsText(t, nightHead, hurt)
		records, plan := n.mustRelease(t, release{job: "j.csv", input: file, opt: plan.Release{Select: lines.Has}})
		if plan.Rows != rows/2 {
			t.Fatalf("%d rows", plan.Rows)
		}
		alive := map[string]bool{}
		for _, id := range n.live() {
			alive[id] = true
		}
		refused := 0
		for i, r := range records {
			own := bound[i].SubsID
			switch r.Status {
			case report.Released:
				if r.SubsID != own || alive[own] {
					t.Errorf("line %d, damage %d: released %s, its own is %s (lives: %v)", r.Line, kind[i], r.SubsID, own, alive[own])
				}
			case report.Invalid:
				if refused++; !alive[own] {
					t.Errorf("line %d, damage %d: refused, and its binding is gone", r.Line, kind[i])
				}
				if kind[i] < 4 || kind[i] == 5 {
					t.Errorf("line %d, damage %d: refused %s, though the journal knows it", r.Line, kind[i], r.Code)
				}
			default:
				t.Errorf("line %d: %s", r.Line, r.Status)
			}
		}
		for _, r := range bound[rows/2:] { // not selected: whatever their cells say, they live
			if !alive[r.SubsID] {
				t.Errorf("line %d was not selected, and its binding is gone", r.Line)
			}
		}
		if got := len(all) - len(n.live()); got != rows/2-refused || refused == 0 {
			t.Errorf("%d released, %d refused, of %d", got, refused, rows/2)
		}
	})
}

// TestUnbindNights: what a later night renewed is that night's, which says so to get
// it released. A later file of the same A and group is bound anew once the binding is
// gone.
func TestUnbindNights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 100})
		defer n.close()
		n.results = "1.csv"
		first, _, _ := n.run(t, t.Context(), nightInput(0, 10, "2099-01-31 23:59:59", "13900000001"))
		n.results, n.whenBound = "2.csv", plan.RenewWhenBound
		later := nightInput(0, 4, "2099-12-31 23:59:59", "13900000001")
		second, _, _ := n.run(t, t.Context(), later)
		if !slices.Equal(subsIDs(second), subsIDs(first[:4])) {
			t.Fatal("not renewed")
		}
		n.whenBound = plan.RefuseWhenBound
		got, made := n.mustRelease(t, release{job: "1.csv", input: resultsText(t, nightHead, first)})
		if made.Rows != 10 || made.Left != 0 || count(got)[report.Released] != 6 || count(got)[report.Held] != 4 || !slices.Equal(n.live(), subsIDs(second)) {
			t.Fatalf("night 1: %d rows, %d left, %v, live %v", made.Rows, made.Left, count(got), n.live())
		}
		if got, _ = n.mustRelease(t, release{job: "2.csv", input: resultsText(t, nightHead, second)}); count(got)[report.Held] != 4 || len(n.live()) != 4 {
			t.Fatalf("night 2, without a word: %v, live %v", count(got), n.live())
		}
		got, _ = n.mustRelease(t, release{job: "2.csv", input: resultsText(t, nightHead, second), opt: plan.Release{Renewed: true}})
		if count(got)[report.Released] != 4 || len(n.live()) != 0 {
			t.Fatalf("night 2: %v, live %v", count(got), n.live())
		}
		for name, input := range map[string]string{"1.csv": nightInput(0, 10, "2099-01-31 23:59:59", "13900000001"), "2.csv": later} {
			n.results = name
			if rows, _, calls := n.run(t, t.Context(), input); calls != 0 || count(rows)[report.Released] != len(rows) {
				t.Errorf("%s again: %v, %d calls", name, count(rows), calls)
			}
		}
		n.results, n.whenBound = "3.csv", plan.RenewWhenBound
		if rows, _, calls := n.run(t, t.Context(), nightInput(0, 10, "2099-06-30 23:59:59", "13900000001")); calls != 10 || count(rows)[report.Bound] != 10 {
			t.Errorf("night 3: %v, %d calls", count(rows), calls)
		}
	})
}

// TestUnbindUpdated: bindings that an update changed are released by their job.
func TestUnbindUpdated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 100})
		defer n.close()
		n.results = "1.csv"
		input := nightInput(0, 6, "2099-01-31 23:59:59", "13900000001")
		first, _, _ := n.run(t, t.Context(), input)
		changed := "SecretNo,SubsId,Expiration,GroupId\n"
		for _, r := range first {
			changed += r.SecretNo + "," + r.SubsID + ",2099-12-31 23:59:59,7\n"
		}
		d := &disk{text: n.journal.Text(), durable: n.journal.Len()}
		if _, err := n.updates(t, t.Context(), d, changed, "Expiration", "GroupId"); err != nil {
			t.Fatal(err)
		}
		records, _ := n.mustRelease(t, release{job: "1.csv", input: resultsText(t, nightHead, first), journal: d})
		if count(records)[report.Released] != 6 || len(n.live()) != 0 {
			t.Errorf("%v, live %v", count(records), n.live())
		}
		groups := map[string]bool{}
		for _, line := range strings.Split(string(d.text), "\n") {
			if strings.Contains(line, " op=release ") {
				groups[line[strings.Index(line, `"g":`):strings.Index(line, `"g":`)+7]] = true
			}
		}
		if !groups[`"g":"7"`] || len(groups) != 1 {
			t.Errorf("the journal says of what was released: %v", groups)
		}
	})
}

// TestUnbindReleased: a row whose binding its batch has released since is RELEASED, by
// whatever file names it: the results, those of an update from before a later one, or a
// list; also once its number is forgotten. Cells that are another row's are told.
func TestUnbindReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		const job = "1.csv"
		n.results = job
		bound, _, _ := n.run(t, t.Context(), safetyHead+"13800138000,1,2099-01-31 23:59:59,,,\n13800138001,1,2099-01-31 23:59:59,,,\n")
		const head = "SecretNo,SubsId,PhoneNoA,GroupId,Expiration\n"
		in := func(group string, a ...string) string {
			list := head
			for i, r := range bound {
				list += r.SecretNo + "," + r.SubsID + "," + a[i] + "," + group + ",2099-01-31 23:59:59\n"
			}
			return list
		}
		numbers := []string{"13800138000", "13800138001"}
		results := resultsText(t, safetyHead, bound)
		second := resultsText(t, head, n.paperUpdate(t, in("2", numbers...), "GroupId"))
		third := resultsText(t, head, n.paperUpdate(t, in("3", numbers...), "GroupId"))
		if got, _, err := n.releases(t, t.Context(), release{job: job, input: results}); err != nil || count(got)[report.Released] != 2 {
			t.Fatalf("%v %v", got, err)
		}
		calls := n.service.Stats().Actions["UnbindSubscription"]
		whose := func(when string) {
			t.Helper()
			for name, r := range map[string]release{
				"results":                   {job: job, input: results},
				"updated":                   {job: job, input: third},
				"updated before":            {job: job, input: second},
				"updated, as a list":        {input: third},
				"updated before, as a list": {input: second},
				"list":                      {input: in("2", numbers...)},
				"list of another group":     {input: in("9", numbers...)},
			} {
				r.batch = when + name
				got, _, err := n.releases(t, t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				for i, rec := range got {
					if len(got) != 2 || rec.Status != report.Released || rec.Code != aliyun.CodeReleased || rec.SubsID != bound[i].SubsID || rec.Reason == "" {
						t.Errorf("%s%s: %s %s %s: %s", when, name, rec.Status, rec.Code, rec.SubsID, rec.Reason)
					}
				}
			}
			got, _, err := n.releases(t, t.Context(), release{batch: when + "apart", input: in("2", numbers[1], numbers[0])})
			if err != nil {
				t.Fatal(err)
			}
			stands(t, got, "INVALID client.OtherBinding "+bound[0].SubsID, "INVALID client.OtherBinding "+bound[1].SubsID)
		}
		whose("")
		time.Sleep(time.Minute) // no call is on its way
		f, without := bookstest.Forget(t, n.journal.Text(), numbers[0])
		if len(f.Needed) > 0 {
			t.Fatalf("needed: %v", f.Needed)
		}
		n.journal.Set(without)
		whose("forgotten ")
		if more := n.service.Stats().Actions["UnbindSubscription"] - calls; more != 0 {
			t.Errorf("%d calls more", more)
		}
	})
}

// TestUnbindBegun: as long as nobody knows whether a release was done, its row is
// UNKNOWN, nothing takes the binding for granted, and no second X is taken.
func TestUnbindBegun(t *testing.T) {
	for _, fault := range []string{"drop-before@UnbindSubscription=1", "drop-after@UnbindSubscription=1"} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 20})
			defer n.close()
			n.results = "1.csv"
			input := nightInput(0, 3, "2099-01-31 23:59:59", "13900000001")
			bound, _, _ := n.run(t, t.Context(), input)
			file := resultsText(t, nightHead, bound)
			records := n.halfReleased(t, fault, release{job: "1.csv", input: file})
			if got := count(records); got[report.Pending] != 3 {
				t.Fatalf("%v", got)
			}
			for _, when := range []plan.WhenBound{plan.RefuseWhenBound, plan.SkipWhenBound, plan.RenewWhenBound} {
				n.whenBound, n.results, n.resend = when, "1.csv", plan.Resend{Failed: true, Unknown: true, Released: true}
				rows, _, calls := n.run(t, t.Context(), input)
				if got := count(rows); got[report.Unknown] != 3 || calls != 0 || rows[0].Code != "client.ReleaseBegun" || rows[0].SubsID != bound[0].SubsID {
					t.Errorf("%d: %v %s, %d calls", when, got, rows[0].Code, calls)
				}
				n.results, n.resend = "2.csv", plan.Resend{}
				rows, _, calls = n.run(t, t.Context(), nightInput(0, 3, "2099-12-31 23:59:59", "13900000001"))
				if got := count(rows); got[report.Held] != 3 || calls != 0 {
					t.Errorf("%d, a later night: %v, %d calls", when, got, calls)
				}
			}
			n.whenBound, n.results = plan.RefuseWhenBound, "1.csv"
			records, _ = n.mustRelease(t, release{job: "1.csv", input: file})
			if count(records)[report.Released] != 3 || len(n.live()) != 0 {
				t.Errorf("in the end %v, live %v", count(records), n.live())
			}
			if rows, _, calls := n.run(t, t.Context(), input); count(rows)[report.Released] != 3 || calls != 0 {
				t.Errorf("then %v, %d calls", count(rows), calls)
			}
		})
	}
}

// TestUnbindNotBegun: a release that surely was not executed leaves its row BOUND.
func TestUnbindNotBegun(t *testing.T) {
	for _, fault := range []string{"throttling@UnbindSubscription=1", "flow-limit@UnbindSubscription=1", "ram-deny@UnbindSubscription=1", "code:isv.INVALID_PARAMETERS@UnbindSubscription=1"} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 20, Faults: faults(t, fault)})
			defer n.close()
			n.results = "1.csv"
			input := nightInput(0, 3, "2099-01-31 23:59:59", "13900000001")
			bound, _, _ := n.run(t, t.Context(), input)
			ctx, cancel := context.WithTimeoutCause(t.Context(), 500*time.Millisecond, books.StopInterrupt)
			defer cancel()
			records, _, err := n.releases(t, ctx, release{job: "1.csv", input: resultsText(t, nightHead, bound)})
			if err != nil || count(records)[report.Released] != 0 || len(n.live()) != 3 {
				t.Fatalf("%v, %v, live %v", err, count(records), n.live())
			}
			if rows, _, calls := n.run(t, t.Context(), input); count(rows)[report.Bound] != 3 || calls != 0 {
				t.Errorf("%s: %v, %d calls", fault, count(rows), calls)
			}
		})
	}
}

// TestUnbindResumes: a release under every fault that loses an answer, killed
// again and again, ends with nothing of the job live and all of another's.
func TestUnbindResumes(t *testing.T) {
	t.Parallel()
	seed := *crashSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-crash-seed %d", seed)
	kills := 0
	for job := range max(*crashJobs/2, 2) {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 400, Latency: 50 * time.Millisecond, Jitter: 40 * time.Millisecond, Seed: int64(seed%1e9) + int64(job)})
			defer n.close()
			const rows = 80
			n.results = "other.csv"
			other, _, _ := n.run(t, t.Context(), nightInput(200, 230, "2099-01-31 23:59:59", "13900000001"))
			n.results = "mine.csv"
			input := nightInput(0, rows, "2099-01-31 23:59:59", "13900000001")
			mine, _, _ := n.run(t, t.Context(), input)
			file := resultsText(t, nightHead, mine)
			n.service.SetFaults(faults(t, "drop-before@*=0.08", "drop-after@*=0.08", "drop-late@UnbindSubscription=0.05", "http-503-executed@*=0.08", "throttling@*=0.08", "system-error@*=0.05"))
			random := rand.New(rand.NewPCG(seed, uint64(job)))
			d := &disk{text: n.journal.Text(), durable: n.journal.Len()}
			for range 8 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+random.IntN(500))*time.Millisecond)
				process := &disk{text: slices.Clone(d.text), durable: len(d.text), syncTime: time.Millisecond}
				done := make(chan struct{})
				go func() {
					defer close(done)
					_, _, _ = n.releases(t, ctx, release{job: "mine.csv", input: file, journal: process})
				}()
				<-ctx.Done()
				process.set(func() {
					process.badWrite, process.badSync = errDead, errDead
					left := process.durable + random.IntN(len(process.text)-process.durable+1)
					d = &disk{text: slices.Clone(process.text[:left]), durable: left}
				})
				kills++
				cancel()
				<-done
			}
			ended := false
			for range 20 {
				records, _, err := n.releases(t, t.Context(), release{job: "mine.csv", input: file, journal: d})
				if err != nil {
					t.Fatal(err)
				}
				got := count(records)
				if got[report.Failed]+got[report.Invalid]+got[report.Unknown] > 0 {
					t.Fatalf("%v", got)
				}
				if ended = got[report.Released] == rows; ended {
					break
				}
			}
			if !ended || !slices.Equal(n.live(), subsIDs(other)) {
				t.Errorf("ended: %v; live %d, want %d", ended, len(n.live()), len(other))
			}
			n.journal.Set(d.text)
			if again, _, calls := n.run(t, t.Context(), input); count(again)[report.Released] != rows || calls != 0 {
				t.Errorf("a plain run: %v, %d calls", count(again), calls)
			}
		})
	}
	t.Logf("%d kills", kills)
}

// TestUnbindDuplicates releases what reconcile named, and not the row's own.
func TestUnbindDuplicates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30, Faults: faults(t, "drop-after@BindAxg=1")})
		defer n.close()
		n.results = "r.csv"
		input := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-31 23:59:59\n"
		n.run(t, t.Context(), input)
		n.service.SetFaults(nil)
		for range 2 {
			at, _ := time.Parse(time.DateTime, "2099-01-31 15:59:59")
			if _, err := n.client.BindAxg(t.Context(), &aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: "13800138000", GroupID: 1, Expiration: at}); err != nil {
				t.Fatal(err)
			}
		}
		_, after, _ := n.sweep(t, input, n.everyNumber(), false)
		duplicates := func() (list []books.Duplicate) {
			j, err := books.Read(&n.journal, int64(n.journal.Len()), nil)
			if err != nil {
				t.Fatal(err)
			}
			if list, err = j.Duplicates("r.csv"); err != nil {
				t.Fatal(err)
			}
			if more, err := j.Duplicates("another.csv"); err != nil || len(more) != 0 {
				t.Errorf("of another job: %v, %v", more, err)
			}
			return list
		}
		list := duplicates()
		if len(list) != 2 || list[0].Beside != after[0].SubsID || list[0].PhoneNoA != "13800138000" || list[0].Line != 2 {
			t.Fatalf("%+v", list)
		}
		text := "PoolKey,PhoneNoA,GroupId,SecretNo,SubsId,BesideSubsId\n"
		for _, d := range list {
			text += strings.Join([]string{d.PoolKey, d.PhoneNoA, d.GroupID, d.SecretNo, d.SubsID, d.Beside}, ",") + "\n"
		}
		text += simulator.PoolKey + ",13800138000,1," + after[0].SecretNo + "," + after[0].SubsID + ",\n" // the row's own
		records, plan := n.mustRelease(t, release{input: text})
		if count(records)[report.Released] != 2 || plan.Left != 1 || !slices.Equal(n.live(), subsIDs(after)) {
			t.Errorf("%v, %d left, live %v", count(records), plan.Left, n.live())
		}
		if left := duplicates(); len(left) != 0 {
			t.Errorf("still %v", left)
		}
		if again, _, calls := n.run(t, t.Context(), input); calls != 0 || strings.Contains(again[0].Reason, "TWICE") || again[0].Status != report.Bound {
			t.Errorf("%+v, %d calls", again[0], calls)
		}
	})
}

// TestUnbindBarred: where the service lets nobody look, rows of which only the
// file tells the ids stay PENDING, and those that the journal knows are released.
func TestUnbindBarred(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30, Faults: faults(t, "ram-deny@QuerySubscriptionDetail=1", "ram-deny@QuerySubsId=1")})
		defer n.close()
		n.results = "r.csv"
		bound, _, _ := n.run(t, t.Context(), nightInput(0, 4, "2099-01-31 23:59:59", "13900000001"))
		file := resultsText(t, nightHead, bound)
		records, _ := n.mustRelease(t, release{job: "r.csv", input: file, journal: &disk{}, opt: plan.Release{Foreign: true}})
		if got := count(records); got[report.Pending] != 4 || len(n.live()) != 4 {
			t.Errorf("without journal: %v, %d live", got, len(n.live()))
		}
		if !slices.ContainsFunc(n.calls, func(m batch.Message) bool { return m.Event == batch.EventLookBarred }) {
			t.Error("nobody said why")
		}
		records, _ = n.mustRelease(t, release{job: "r.csv", input: file})
		if got := count(records); got[report.Released] != 4 || len(n.live()) != 0 {
			t.Errorf("with journal: %v, %d live", got, len(n.live()))
		}
	})
}

// TestUnbindBarredLost: where nobody may look, a release whose answer was lost is proven by
// the next one, which the service answers as was to be expected.
func TestUnbindBarredLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30, Faults: faults(t, "drop-after@UnbindSubscription=0.3", "ram-deny@QuerySubscriptionDetail=1", "ram-deny@QuerySubsId=1")})
		defer n.close()
		n.results = "r.csv"
		bound, _, _ := n.run(t, t.Context(), nightInput(0, 12, "2099-01-31 23:59:59", "13900000001"))
		records, _ := n.mustRelease(t, release{job: "r.csv", input: resultsText(t, nightHead, bound)})
		if got := count(records); got[report.Released] != 12 || len(n.live()) != 0 {
			t.Errorf("%v, %d live", got, len(n.live()))
		}
	})
}

// TestUnbindOfAnotherAccount: a key of an account that has neither the bindings nor the
// pool releases nothing, so that no row is bound a second time once the right key is back.
func TestUnbindOfAnotherAccount(t *testing.T) {
	for _, code := range []string{"POOLKEY_NOT_EXIST", "isv.SUBS_NOT_BELONG", "InvalidAccessKeyId.NotFound", "isp.RAM_PERMISSION_DENY", "Forbidden.RAM"} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 30})
			defer n.close()
			n.results = "r.csv"
			bound, _, _ := n.run(t, t.Context(), nightInput(0, 4, "2099-01-31 23:59:59", "13900000001"))
			others := faults(t, "code:isv.SUBS_NOT_EXIST@UnbindSubscription=1", "code:"+code+"@QuerySubscriptionDetail=1", "code:"+code+"@QuerySubsId=1")
			if err := n.service.SetFaults(others); err != nil {
				t.Fatal(err)
			}
			records, _ := n.mustRelease(t, release{job: "r.csv", input: resultsText(t, nightHead, bound)})
			if got := count(records); got[report.Pending] != 4 || len(n.live()) != 4 {
				t.Errorf("%s: %v, %d live", code, got, len(n.live()))
			}
			if err := n.service.SetFaults(nil); err != nil {
				t.Fatal(err)
			}
			if _, _, calls := n.run(t, t.Context(), nightInput(0, 4, "2099-01-31 23:59:59", "13900000001")); calls != 0 || len(n.live()) != 4 {
				t.Errorf("%s: %d calls, %d live", code, calls, len(n.live()))
			}
			records, _ = n.mustRelease(t, release{job: "r.csv", input: resultsText(t, nightHead, bound)})
			if got := count(records); got[report.Released] != 4 || len(n.live()) != 0 {
				t.Errorf("%s, with the right key: %v, %d live", code, got, len(n.live()))
			}
		})
	}
}

// TestUnbindLostThenFalse: releases whose answers were lost are not taken for done on the
// word of a service that does not show the pool's other bindings either, such as that of
// another account: they live, and their places are not free.
func TestUnbindLostThenFalse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		n.results = "r.csv"
		rows := nightInput(0, 4, "2099-01-31 23:59:59", "13900000001")
		bound, _, _ := n.run(t, t.Context(), rows)
		two := release{job: "r.csv", input: resultsText(t, nightHead, bound[:2])}
		serve := func(dies int, specs ...string) {
			if err := errors.Join(n.service.SetFaults(faults(t, specs...)), n.service.SetLookups("", dies)); err != nil {
				t.Fatal(err)
			}
		}
		serve(0, "drop-before@UnbindSubscription=1")
		n.mustRelease(t, two)
		serve(-1, "code:isv.SUBS_NOT_EXIST@UnbindSubscription=1")
		if records, _ := n.mustRelease(t, two); count(records)[report.Released] != 0 {
			t.Errorf("%v, %d live", count(records), len(n.live()))
		}
		serve(0)
		if _, _, calls := n.run(t, t.Context(), rows); calls != 0 || len(n.live()) != 4 {
			t.Errorf("%d calls, %d live", calls, len(n.live()))
		}
		if records, _ := n.mustRelease(t, two); count(records)[report.Released] != 2 || len(n.live()) != 2 {
			t.Errorf("with the right key: %v, %d live", count(records), len(n.live()))
		}
	})
}

// notThere answers as the service of 2019 does of what it does not know: to a key of
// another account, of every binding.
type notThere struct{ batch.Unbinder }

var errNotThere = &aliyun.Error{Code: aliyun.CodeIllegalArgument, Message: "subs not exist", HTTPStatus: 200}

func (notThere) UnbindSubscription(context.Context, *aliyun.UnbindRequest) (*aliyun.UnbindResult, error) {
	return nil, errNotThere
}

func (notThere) QuerySubscriptionDetail(context.Context, string, string, string) (*aliyun.Subscription, error) {
	return nil, errNotThere
}

func (notThere) QuerySubsID(context.Context, string, string) (aliyun.Held, error) {
	return aliyun.HeldBy(), nil
}

// TestUnbindOldNotThere: an answer that was not believed is no lost release, by which the
// next such answer is believed. The whole batch is released, so nothing proves a look-up.
func TestUnbindOldNotThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		n.results = "r.csv"
		rows := nightInput(0, 4, "2099-01-31 23:59:59", "13900000001")
		bound, _, _ := n.run(t, t.Context(), rows)
		for range 2 {
			records, _ := n.mustRelease(t, release{job: "r.csv", input: resultsText(t, nightHead, bound), client: notThere{n.client}})
			if got := count(records); got[report.Released] != 0 {
				t.Errorf("%v, %d live", got, len(n.live()))
			}
		}
		if _, _, calls := n.run(t, t.Context(), rows); calls != 0 || len(n.live()) != 4 {
			t.Errorf("%d calls, %d live", calls, len(n.live()))
		}
		records, _ := n.mustRelease(t, release{job: "r.csv", input: resultsText(t, nightHead, bound)})
		if got := count(records); got[report.Released] != 4 || len(n.live()) != 0 {
			t.Errorf("with the right key: %v, %d live", got, len(n.live()))
		}
	})
}

// TestUnbindForetold: what a plan says it would release, by pool, group and day.
func TestUnbindForetold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		n.results = "r.csv"
		head := "PhoneNoA,GroupId,Expiration\n"
		bound, _, _ := n.run(t, t.Context(), head+"13800138000,2,2099-01-31 23:59:59\n13800138001,1,2099-01-31 00:00:00\n13800138002,1,2099-01-31 23:00:00\n13800138003,1,2099-02-01 00:00:00\n")
		in, err := input.Open(strings.NewReader(resultsText(t, strings.TrimSpace(head), bound)), int64(len(resultsText(t, strings.TrimSpace(head), bound))), input.Options{
			Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey}, Bindings: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		j, err := books.Read(&n.journal, int64(n.journal.Len()), nil)
		if err != nil {
			t.Fatal(err)
		}
		made, err := plan.New(in, j, plan.Options{Now: time.Now(), Batch: "r.csv", Operation: &plan.Release{}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := made.Releases()
		want := []plan.ReleaseGroup{
			{PoolKey: simulator.PoolKey, GroupID: "1", Ends: "2099-01-31", Bindings: 2}, {PoolKey: simulator.PoolKey, GroupID: "1", Ends: "2099-02-01", Bindings: 1},
			{PoolKey: simulator.PoolKey, GroupID: "2", Ends: "2099-01-31", Bindings: 1},
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// TestUnbindHistory: a row that was bound, released and bound again counts once in
// what a journal alone tells of its job.
func TestUnbindHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		n.results = "r.csv"
		input := nightInput(0, 4, "2099-01-31 23:59:59", "13900000001")
		bound, _, _ := n.run(t, t.Context(), input)
		n.mustRelease(t, release{job: "r.csv", input: resultsText(t, nightHead, bound)})
		n.resend = plan.Resend{Released: true}
		n.run(t, t.Context(), input)
		h, err := history.Read(&n.journal, int64(n.journal.Len()), nil, "r.csv", false)
		if err != nil {
			t.Fatal(err)
		}
		if s := h.Page(report.EN).Summary; s.Count(report.Bound) != 4 || s.Rows != 4 {
			t.Errorf("%d rows, %v", s.Rows, s.Counts)
		}
		if h, err = history.Read(&n.journal, int64(n.journal.Len()), nil, "unbound.csv", false); err != nil {
			t.Fatal(err)
		}
		if s := h.Page(report.EN).Summary; s.Count(report.Released) != 4 || s.Command != "unbind" || s.Made() != 4 {
			t.Errorf("%s: %v, %d calls", s.Command, s.Counts, s.Made())
		}
	})
}

// TestUnbindNoIDs: a row that is BOUND by a results file without its ids names no
// binding that could be released, and nothing is asked about it. Nobody knows who made
// the others' bindings, so that they are asked about.
func TestUnbindNoIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		n.results = "r.csv"
		bound, _, _ := n.run(t, t.Context(), nightInput(0, 2, "2099-01-31 23:59:59", "13900000001"))
		n.journal.Set(nil) // another machine
		id := bound[1].SubsID
		bound[0].SubsID, bound[0].SecretNo = "", ""
		file := resultsText(t, nightHead, bound)
		rows, _, _ := n.run(t, t.Context(), file)
		stands(t, rows, "BOUND OK", "BOUND OK "+id)
		asked := n.service.Stats().Actions["QuerySubscriptionDetail"]
		rows, _ = n.mustRelease(t, release{job: "r.csv", input: file})
		stands(t, rows, "INVALID client.NoBinding", "HELD client.OtherBatch "+id)
		rows, _ = n.mustRelease(t, release{job: "r.csv", input: file, opt: plan.Release{Foreign: true}})
		stands(t, rows, "INVALID client.NoBinding", "RELEASED OK "+id)
		if now := n.service.Stats().Actions["QuerySubscriptionDetail"]; now != asked+1 {
			t.Errorf("%d look-ups", now-asked)
		}
	})
}
