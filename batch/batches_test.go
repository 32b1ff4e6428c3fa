package batch_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/journal"
	"axgbind/batch/plan"
	"axgbind/report"
)

// opened has something asked of the journal of a night.
func (n *night) opened(t *testing.T, ask func(j *books.Journal)) {
	t.Helper()
	j, err := books.Open(&n.journal, journal.Options{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer bookstest.Close(t, j)
	ask(j)
}

// twoBatches is a night with 1.csv, which bound rows 0 to 4, and 2.csv, which bound
// row 5 and one more at the place of row 0, found 1 and 2 bound, and left 6 UNKNOWN;
// and the results of both.
func twoBatches(t *testing.T) (n *night, first, second []report.Record) {
	n = newNight(t, simulator.Options{Numbers: 50})
	n.results = "1.csv"
	first, _, _ = n.run(t, t.Context(), nightInput(0, 5, soonEnd, ""))
	n.results, n.another = "2.csv", true
	n.run(t, t.Context(), nightInput(0, 1, soonEnd, ""))
	n.another = false
	later := nightInput(0, 3, soonEnd, "") + rowsOf(nightInput(5, 7, soonEnd, ""))
	n.run(t, t.Context(), nightInput(0, 3, soonEnd, "")+rowsOf(nightInput(5, 6, soonEnd, "")))
	n.binder = deaf{n.client, "none"}
	second, _, _ = n.run(t, t.Context(), later)
	n.binder = nil
	if got := count(first); got[report.Bound] != 5 {
		t.Fatalf("1.csv: %v", got)
	}
	if got := count(second); got[report.Bound] != 4 || got[report.Unknown] != 1 {
		t.Fatalf("2.csv: %v", got)
	}
	return n, first, second
}

// rowsOf is an input without its header.
func rowsOf(input string) string {
	_, rows, _ := strings.Cut(input, "\n")
	return rows
}

// TestBatchAt: the batch that wrote last to a path, by that path alone.
func TestBatchAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _, _ := twoBatches(t)
		defer n.close()
		n.opened(t, func(j *books.Journal) {
			for path, want := range map[string]string{"/night/1.csv": "1.csv", "/night/2.csv": "2.csv", "/night/3.csv": "", "1.csv": "", "/elsewhere/1.csv": ""} {
				if b, ok := j.BatchAt(path); b.ID != want || ok != (want != "") {
					t.Errorf("at %s is %q, want %q", path, b.ID, want)
				}
			}
			// A new batch takes the path over.
			if err := j.Begin(books.RunStart{Run: "x", Batch: "new", Path: books.PathID("/night/1.csv")}); err != nil {
				t.Fatal(err)
			}
			if b, _ := j.BatchAt("/night/1.csv"); b.ID != "new" || b.Runs != 1 {
				t.Errorf("then %+v", b)
			}
		})
	})
}

// TestBatches: batches in the order of their first runs, each with its runs, also
// when those of two alternate.
func TestBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 50})
		defer n.close()
		for _, n.results = range []string{"b.csv", "a.csv", "b.csv"} {
			n.run(t, t.Context(), nightInput(0, 1, soonEnd, ""))
		}
		n.opened(t, func(j *books.Journal) {
			var got []string
			for _, b := range j.Batches() {
				got = append(got, fmt.Sprint(b.ID, " ", b.Runs, " ", b.Last.Results))
			}
			if want := []string{"b.csv 2 /night/b.csv", "a.csv 1 /night/a.csv"}; !slices.Equal(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
			now := time.Now()
			id := j.NewBatch(now)
			if err := j.Begin(books.RunStart{Run: "x", Batch: id}); err != nil {
				t.Fatal(err)
			}
			if other := j.NewBatch(now); other == id || id[0] != 'b' {
				t.Errorf("two batches are %q and %q", id, other)
			}
			if _, ok := j.Batch("none"); ok {
				t.Error("a batch that nobody began")
			}
		})
	})
}

// TestBatchGoesOn: the end of a batch's run before is not that of the one that goes on.
func TestBatchGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 50})
		defer n.close()
		n.run(t, t.Context(), nightInput(0, 1, soonEnd, ""))
		begin := func(j *books.Journal, run string) {
			if err := j.Begin(books.RunStart{Run: run, Batch: "r.csv"}); err != nil {
				t.Fatal(err)
			}
		}
		n.opened(t, func(j *books.Journal) {
			begin(j, "ended")
			if err := j.End(books.RunEnd{Run: "ended", Status: 5}); err != nil {
				t.Fatal(err)
			}
		})
		n.opened(t, func(j *books.Journal) {
			if b, _ := j.Batch("r.csv"); b.End == nil || b.End.Status != 5 || b.Last.Run != "ended" {
				t.Errorf("%+v", b)
			}
			begin(j, "goes on")
			for _, b := range append(j.Batches(), j.Standing(time.Now()).Batches[0].BatchInfo) {
				if b.End != nil || b.Last.Run != "goes on" || b.Runs != 3 {
					t.Errorf("%+v", b)
				}
			}
		})
	})
}

// TestStandsRenewed: a row whose binding another batch renewed stands nowhere in its own.
func TestStandsRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _, _ := twoNights(t, 3, plan.RenewWhenBound)
		defer n.close()
		n.results = night1
		n.run(t, t.Context(), nightInput(3, 4, soonEnd, ""))
		n.opened(t, func(j *books.Journal) {
			want := map[string]map[report.Status]int{night1: {report.Bound: 1}, night2: {report.Bound: 3}}
			if got := j.Stands(); !maps.EqualFunc(got, want, maps.Equal) {
				t.Errorf("%v, want %v", got, want)
			}
		})
	})
}

// TestRecogniseWithoutIDs: ids that are blank, in a file or in the journal, tell of no
// batch; of batches that sent as many of the rows it is the later one.
func TestRecogniseWithoutIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 50})
		defer n.close()
		input := nightInput(0, 3, soonEnd, "")
		n.service.SetFaults(faults(t, "code:isv.MOBILE_NUMBER_ILLEGAL=1"))
		n.results = "1.csv"
		first, _, _ := n.run(t, t.Context(), input)
		n.results = "2.csv"
		second, _, _ := n.run(t, t.Context(), input)
		n.results = "3.csv"
		third, _, _ := n.run(t, t.Context(), nightInput(0, 2, soonEnd, ""))
		n.service.SetFaults(faults(t, "drop-before=1"))
		n.results, n.binder = "4.csv", deaf{n.client, "none"}
		lost, _, _ := n.run(t, t.Context(), nightInput(1, 3, soonEnd, ""))
		blank := func(r report.Record) report.Record {
			r.SubsID, r.RequestID = "", ""
			return r
		}
		if count(first)[report.Failed] != 3 || count(second)[report.Failed] != 3 || count(third)[report.Failed] != 2 || count(lost)[report.Unknown] != 2 {
			t.Fatalf("%v\n%v\n%v\n%v", first, second, third, lost)
		}
		n.opened(t, func(j *books.Journal) {
			for name, c := range map[string]struct {
				rows []report.Record
				want string
			}{
				"a RequestId beside no SubsId":             {first[:1], "1.csv"},
				"one RequestId among rows without":         {[]report.Record{first[0], blank(first[1]), blank(first[2])}, "1.csv"},
				"none, of rows that two batches sent best": {[]report.Record{blank(first[0]), blank(first[1]), blank(first[2])}, "2.csv"},
			} {
				if got, err := j.BatchOfResults(bookstest.Input(t, resultsText(t, nightHead, c.rows), n.options())); got != c.want || err != nil {
					t.Errorf("%s: %q, want %q; %v", name, got, c.want, err)
				}
			}
		})
	})
}

// TestStands: where the rows of each batch stand; what one took of the other is not
// its own.
func TestStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _, _ := twoBatches(t)
		defer n.close()
		n.opened(t, func(j *books.Journal) {
			stands := j.Stands()
			for id, want := range map[string]map[report.Status]int{
				"1.csv": {report.Bound: 5}, "2.csv": {report.Bound: 2, report.Unknown: 1}, "none": {},
			} {
				if got := stands[id]; !maps.Equal(got, want) {
					t.Errorf("%s: %v, want %v", id, got, want)
				}
			}
		})
	})
}

// TestShares: an input shares a row with a batch that sent one of its rows, or has
// or may have a binding in the place of one.
func TestShares(t *testing.T) {
	const other = "2099-06-30 23:59:59" // no row has this end
	synctest.Test(t, func(t *testing.T) {
		n, _, _ := twoBatches(t)
		defer n.close()
		n.opened(t, func(j *books.Journal) {
			if err := j.Begin(books.RunStart{Run: "x", Batch: "fresh"}); err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				what, of, input string
				want            bool
			}{
				{"a row", "1.csv", nightInput(4, 9, soonEnd, ""), true},
				{"the last row of many", "1.csv", nightInput(1000, 3000, soonEnd, "") + rowsOf(nightInput(4, 5, soonEnd, "")), true},
				{"a place", "1.csv", nightInput(4, 5, other, "13900000009"), true},
				{"a place that may be bound", "2.csv", nightInput(6, 7, other, ""), true},
				{"a place that the other has", "2.csv", nightInput(3, 5, other, ""), false},
				{"what it took of the other", "2.csv", nightInput(1, 3, soonEnd, ""), false},
				{"a row of the other", "1.csv", nightInput(5, 6, soonEnd, ""), false},
				{"no row", "1.csv", nightInput(20, 30, soonEnd, ""), false},
				{"INVALID rows alone", "1.csv", nightHead + "\n12,1," + soonEnd + ",\n,,,\n", false},
				{"anything, with a batch that sent nothing", "fresh", nightInput(20, 30, soonEnd, ""), true},
			} {
				got, err := j.Shares(bookstest.Input(t, c.input, n.options()), c.of)
				if err != nil || got != c.want {
					t.Errorf("%s with %s: %v, %v", c.what, c.of, got, err)
				}
			}
		})
	})
}

// TestRecogniseResults: which batch a results file is of, wherever it was moved and
// whatever became of its rows.
func TestRecogniseResults(t *testing.T) {
	reversed := func(rows []report.Record) []report.Record {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
		return rows
	}
	edit := func(rows []report.Record, change func(r *report.Record)) []report.Record {
		rows = slices.Clone(rows)
		for i := range rows {
			rows[i].Input = slices.Clone(rows[i].Input)
			change(&rows[i])
		}
		return rows
	}
	synctest.Test(t, func(t *testing.T) {
		n, first, second := twoBatches(t)
		defer n.close()
		cases := map[string]struct {
			rows []report.Record
			want string
		}{
			"as it was":             {first, "1.csv"},
			"the other's":           {second, "2.csv"},
			"shuffled":              {reversed(first), "1.csv"},
			"the other's, shuffled": {reversed(second), "2.csv"},
			"a row that both sent": { // the ids tell
				first[:1], "1.csv"},
			"the other's such row":         {second[:1], "2.csv"},
			"an UNKNOWN row":               {second[4:], "2.csv"},
			"every row edited":             {edit(first, func(r *report.Record) { r.Input[3] = "13900000009" }), "1.csv"},
			"SubsId emptied":               {edit(first, func(r *report.Record) { r.SubsID = "" }), "1.csv"},
			"SubsId and RequestId emptied": {edit(first[1:], func(r *report.Record) { r.SubsID, r.RequestID = "", "" }), "1.csv"},
			"rounded by a spreadsheet":     {edit(first, func(r *report.Record) { r.SubsID = "1E+15" }), "1.csv"},
			"only rows that it took":       {second[1:3], ""},
			"only INVALID rows": {edit(first, func(r *report.Record) {
				*r = report.Record{Input: r.Input, Line: r.Line, Status: report.Invalid, Code: "client.Duplicate"}
			}), ""},
			"of another journal": {edit(first, func(r *report.Record) {
				r.Input[0], r.SubsID, r.RequestID = strings.Replace(r.Input[0], "1380013", "1390013", 1), "77"+r.SubsID[2:], "other"
			}), ""},
		}
		n.opened(t, func(j *books.Journal) {
			for what, c := range cases {
				got, err := j.BatchOfResults(bookstest.Input(t, resultsText(t, nightHead, c.rows), n.options()))
				if err != nil || got != c.want {
					t.Errorf("%s: %q, want %q; %v", what, got, c.want, err)
				}
			}
			if got, err := j.BatchOfResults(bookstest.Input(t, nightInput(0, 5, soonEnd, ""), n.options())); got != "" || err != nil {
				t.Errorf("an input that is no results file: %q, %v", got, err)
			}
		})
		// The bytes tell where no row does.
		took := bookstest.Input(t, resultsText(t, nightHead, second[1:3]), n.options())
		n.opened(t, func(j *books.Journal) {
			err := errors.Join(j.Begin(books.RunStart{Run: "x", Batch: "2.csv"}), j.End(books.RunEnd{Run: "x", Digest: fmt.Sprintf("%x", took.SHA256())}))
			if err != nil {
				t.Fatal(err)
			}
		})
		n.opened(t, func(j *books.Journal) {
			if got, err := j.BatchOfResults(took); got != "2.csv" || err != nil {
				t.Errorf("by its bytes: %q, %v", got, err)
			}
		})
	})
}

// TestUnknownResults: whether a results file knows what the journal does not.
func TestUnknownResults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, first, second := twoBatches(t)
		defer n.close()
		with := func(r report.Record, change func(r *report.Record)) []report.Record {
			r.Input = slices.Clone(r.Input)
			change(&r)
			return append(slices.Clone(first), r)
		}
		elsewhere := func(r *report.Record) { r.Input[0] = "13900139000" }
		var empty night
		for what, c := range map[string]struct {
			rows []report.Record
			want bool
		}{
			"its own":                         {first, false},
			"the other's":                     {second, false},
			"a binding that nobody knows":     {with(first[0], func(r *report.Record) { r.SubsID = "1000000000000777" }), true},
			"one that has lapsed":             {with(first[0], func(r *report.Record) { r.SubsID, r.Input[2] = "1000000000000777", "1999-01-01 00:00:00" }), false},
			"a known row, its id rounded":     {with(first[0], func(r *report.Record) { r.SubsID = "1E+15" }), false},
			"another row, its id rounded":     {with(first[0], func(r *report.Record) { elsewhere(r); r.SubsID = "1E+15" }), true},
			"an UNKNOWN row that nobody sent": {with(second[4], elsewhere), true},
			"an UNKNOWN row of the other":     {with(second[4], func(*report.Record) {}), false},
			"a FAILED row that nobody sent":   {with(second[4], func(r *report.Record) { elsewhere(r); r.Status, r.Code = report.Failed, "isv.MOBILE_NUMBER_ILLEGAL" }), false},
			"a conflict with another's": {with(first[0], func(r *report.Record) {
				elsewhere(r)
				r.Status, r.Code, r.SubsID = report.Failed, "isv.BIND_CONFLICT", "1000000000000777"
			}), false},
			"only INVALID rows": {[]report.Record{{Input: first[0].Input, Line: 2, Status: report.Invalid, Code: "client.Duplicate"}}, false},
			"a HELD row that names a binding": {with(first[0], func(r *report.Record) {
				r.Status, r.Code, r.SubsID = report.Held, "client.StillBound", "1000000000000777"
			}), true},
			"a RELEASED row that nobody knows": {with(first[0], func(r *report.Record) { elsewhere(r); r.Status, r.SubsID = report.Released, "1000000000000777" }), true},
		} {
			n.opened(t, func(j *books.Journal) {
				in := bookstest.Input(t, resultsText(t, nightHead, c.rows), n.options())
				if got, err := j.Loses(in, nil, time.Now().After); err != nil || got != c.want {
					t.Errorf("%s: %v, want %v; %v", what, got, c.want, err)
				}
			})
		}
		empty.run0(t)
		empty.opened(t, func(j *books.Journal) { // the journal is new
			in := bookstest.Input(t, resultsText(t, nightHead, first), n.options())
			if got, err := j.Loses(in, nil, time.Now().After); err != nil || !got {
				t.Errorf("of an empty journal: %v, %v", got, err)
			}
		})
	})
}

// run0 begins the journal of a night that has no service.
func (n *night) run0(t *testing.T) {
	t.Helper()
	j, err := books.Create(&n.journal, journal.Header{}, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	bookstest.Close(t, j)
}

// TestGone: rows of the batch that are BOUND or UNKNOWN and left the input are
// counted outside of its rows; those of other batches, and rows that were edited,
// are not. Whoever only looks counts the same.
func TestGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _, _ := twoBatches(t)
		defer n.close()
		for _, look := range []bool{false, true} {
			for _, c := range []struct {
				what, of, input string
				gone, unknown   int
			}{
				{"all are there", "2.csv", nightInput(0, 1, soonEnd, "") + rowsOf(nightInput(5, 7, soonEnd, "")), 0, 0},
				{"the UNKNOWN one left", "2.csv", nightInput(0, 1, soonEnd, "") + rowsOf(nightInput(5, 6, soonEnd, "")), 1, 1},
				{"it was edited", "2.csv", nightInput(0, 1, soonEnd, "") + rowsOf(nightInput(5, 6, soonEnd, "")) + rowsOf(nightInput(6, 7, laterEnd, "")), 1, 1},
				{"all left", "2.csv", nightInput(20, 21, soonEnd, ""), 3, 1},
				{"a BOUND one left", "1.csv", nightInput(0, 4, soonEnd, ""), 1, 0},
				{"a BOUND one was edited", "1.csv", nightInput(0, 4, soonEnd, "") + rowsOf(nightInput(4, 5, laterEnd, "")), 0, 0},
				{"of a batch that is new", "3.csv", nightInput(20, 21, soonEnd, ""), 0, 0},
			} {
				n.opened(t, func(j *books.Journal) {
					plan, err := plan.New(bookstest.Input(t, c.input, n.options()), j, plan.Options{Now: time.Now(), Batch: c.of, LookOnly: look})
					if err != nil {
						t.Fatal(err)
					}
					if plan.Gone != c.gone || plan.GoneUnknown != c.unknown || look && plan.ToSend != 0 {
						t.Errorf("%s, look only %v: %d gone, want %d; %d of them UNKNOWN, want %d; %d to send", c.what, look, plan.Gone, c.gone, plan.GoneUnknown, c.unknown, plan.ToSend)
					}
				})
			}
		}
	})
}
