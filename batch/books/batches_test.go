package books_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// TestBindWords is what it takes to type a bind again.
func TestBindWords(t *testing.T) {
	for _, c := range []struct {
		name  string
		run   books.RunStart
		input string
		want  []string
		ok    bool
	}{
		{"plain", books.RunStart{}, "a.csv", []string{"axgbind", "bind", "a.csv", "-o", "r.csv"}, true},
		{"with a pool", books.RunStart{Pool: "FC1", Fields: map[string]string{"PoolKey": "FC1"}}, "a.csv", []string{"axgbind", "bind", "--pool-key", "FC1", "a.csv", "-o", "r.csv"}, true},
		{"with defaults", books.RunStart{Fields: map[string]string{"GroupId": "7", "Expiration": "+59d"}}, "a.csv",
			[]string{"axgbind", "bind", "--default", "Expiration=+59d", "--default", "GroupId=7", "a.csv", "-o", "r.csv"}, true},
		{"with columns", books.RunStart{Columns: map[string]string{"b": "GroupId", "a": "PhoneNoA"}}, "a.csv",
			[]string{"axgbind", "bind", "--map", "a=PhoneNoA", "--map", "b=GroupId", "a.csv", "-o", "r.csv"}, true},
		{"masked", books.RunStart{}, "138****8000.csv", nil, false},
		{"a masked default before what can be typed", books.RunStart{Fields: map[string]string{"PhoneNoB": "138****8000"}}, "a.csv", nil, false},
	} {
		words, ok := c.run.BindWords(c.input, "r.csv")
		if ok != c.ok || ok && !slices.Equal(words, c.want) {
			t.Errorf("%s: %q, %v; want %q, %v", c.name, words, ok, c.want, c.ok)
		}
	}
}

// TestLastBind is the last bind of a batch with an input of its own.
func TestLastBind(t *testing.T) {
	bind := func(batch, input string) books.RunStart {
		return books.RunStart{Run: batch + input, Batch: batch, Command: "bind", Input: input, Results: "r.csv"}
	}
	sweep := bind("a", "3.csv")
	sweep.Command = "reconcile"
	for _, c := range []struct {
		name string
		runs []books.RunStart
		want string
	}{
		{"none", nil, ""},
		{"another batch's", []books.RunStart{bind("b", "1.csv")}, ""},
		{"the last of two", []books.RunStart{bind("a", "1.csv"), bind("a", "2.csv"), bind("b", "4.csv")}, "a2.csv"},
		{"no bind", []books.RunStart{bind("a", "1.csv"), sweep}, "a1.csv"},
		{"of its results since", []books.RunStart{bind("a", "1.csv"), bind("a", "r.csv")}, "a1.csv"},
		{"of results alone", []books.RunStart{bind("a", "r.csv")}, "ar.csv"},
		{"of results first", []books.RunStart{bind("a", "r.csv"), bind("a", "1.csv"), bind("a", "r.csv")}, "a1.csv"},
	} {
		if got := books.LastBind(c.runs, "a"); got.Run != c.want {
			t.Errorf("%s: %q, want %q", c.name, got.Run, c.want)
		}
	}
}

// TestNewBatch: ids are of the time, and of no batch that is there.
func TestNewBatch(t *testing.T) {
	at := time.UnixMilli(36*36 + 1)
	s := bookstest.NewWriter()
	if id := bookstest.Read(t, s.Text).NewBatch(at); id != "b101" {
		t.Errorf("%q", id)
	}
	s.Begin("b101", 1)
	s.Begin("b102", 1)
	if id := bookstest.Read(t, s.Text).NewBatch(at); id != "b103" {
		t.Errorf("%q where two are there", id)
	}
}

// TestUnsettledOf counts the UNKNOWN rows of a batch of which no binding is known.
func TestUnsettledOf(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 5)
	s.Bind(1, ledger.OK, "OK", 1)
	s.Bind(2, ledger.Lost, "client.Timeout", 1)
	s.Bind(3, ledger.Refused, "isv.X", 1)
	s.Bind(4, ledger.Lost, "client.Timeout", 1)
	s.Begin("undo", 1)
	s.Intend(9, ledger.Record{Op: ledger.Release, Binding: ledger.ParseSubsID("1")})
	s.Record(ledger.Record{Kind: ledger.Lost, Call: s.Call, Code: "client.Timeout", At: s.Now.UnixMilli()}, nil)
	s.Begin("b.csv", 1)
	s.Bind(5, ledger.Lost, "client.Timeout", 1)
	j := bookstest.Read(t, s.Text)
	for id, want := range map[string]int{"a.csv": 2, "b.csv": 1, "undo": 0, "none": 0} {
		if got := j.Unsettled(id); got != want {
			t.Errorf("%s: %d, want %d", id, got, want)
		}
	}
	if got := j.Stands()["a.csv"]; got[report.Unknown] != 3 || got[report.Failed] != 1 || got[report.Bound] != 0 {
		t.Errorf("a.csv stands at %v", got)
	}
	for run, want := range map[int]string{-1: "", 0: "a.csv", 2: "b.csv", 3: ""} {
		if got := j.Ledger.Batch(run); got != want {
			t.Errorf("run %d is of %q, want %q", run, got, want)
		}
	}
}

// TestPassedOn: a binding that another batch holds is passed on; one that nobody holds, or
// the batch itself, is not.
func TestPassedOn(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 2)
	s.Bind(1, ledger.OK, "OK", 1)
	s.Bind(2, ledger.OK, "OK", 1)
	s.Begin("b.csv", 1)
	s.Intend(3, ledger.Record{Op: ledger.Renew, Binding: ledger.ParseSubsID("1")})
	s.Record(ledger.Record{Kind: ledger.OK, Call: s.Call, Code: "OK", At: s.Now.UnixMilli()}, nil)
	j := bookstest.Read(t, s.Text)
	for n, want := range []bool{true, false} {
		info := j.Row(int32(n))
		if got := books.PassedOn(j.Ledger, &info); got != want {
			t.Errorf("row %d: %v, want %v", n, got, want)
		}
	}
}

// TestParseChanges puts changes in the order of their calls, and refuses what no call
// changes.
func TestParseChanges(t *testing.T) {
	changes, fields, err := books.ParseChanges([]string{"OutId", "PhoneNoB", "Expiration", "OutId"})
	if got := fmt.Sprint(changes, fields, err); got != fmt.Sprint([]any{books.Updatable[0].What, books.Updatable[1].What, books.Updatable[5].What}, []field.Field{field.Expiration, field.PhoneNoB, field.OutID}, nil) {
		t.Error(got)
	}
	for _, name := range []string{"PhoneNoA", "none"} {
		if _, _, err := books.ParseChanges([]string{"OutId", name}); err == nil {
			t.Errorf("%s can be changed", name)
		}
	}
	if got := books.FieldOf("none"); got != field.NumFields {
		t.Errorf("a change of nothing is of %v", got)
	}
	for _, u := range books.Updatable {
		if books.FieldOf(u.What) == field.NumFields {
			t.Errorf("%s is of no field", u.What)
		}
	}
}
