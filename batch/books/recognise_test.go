package books_test

import (
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
)

// TestLoses says which rows of results must not get lost where the journal knows none of
// them.
func TestLoses(t *testing.T) {
	const head = "PhoneNoA,GroupId,Expiration,PoolKey,Status,Code,SecretNo,SubsId\n"
	row := func(end, verdict string) string { return head + "13800138000,7," + end + ",FC1," + verdict + "\n" }
	const ahead, over = "2099-01-31 23:59:59", "2020-01-31 23:59:59"
	for _, c := range []struct {
		name string
		text string
		want bool
	}{
		{"bound", row(ahead, "BOUND,OK,17100000001,1"), true},
		{"bound, and over", row(over, "BOUND,OK,17100000001,1"), false},
		{"bound, and nobody can read its end", row("soon", "BOUND,OK,17100000001,1"), true},
		{"unknown", row(ahead, "UNKNOWN,client.Timeout,,"), true},
		{"a status that nobody can read", row(ahead, "bond,OK,17100000001,1"), true},
		{"held, for a binding of the place", row(ahead, "HELD,"+aliyun.CodeStillBound+",,"), true},
		{"held, for what a file told", row(ahead, "HELD,"+aliyun.CodeUnproven+",,"), true},
		{"held, for what a file told, and over", row(over, "HELD,"+aliyun.CodeUnproven+",,"), false},
		{"held, and names a binding", row(ahead, "HELD,"+aliyun.CodeStillBound+",17100000001,1"), true},
		{"held by a limit", row(ahead, "HELD,"+aliyun.CodeOtherBatch+",,"), false},
		{"refused", row(ahead, "FAILED,isv.NO_AVAILABLE_NUMBER,,"), false},
		{"refused, and names a binding", row(ahead, "FAILED,isv.X,17100000001,1"), true},
		{"in conflict with another's", row(ahead, "FAILED,"+aliyun.CodeBindConflict+",17100000001,1"), false},
		{"not sent", row(ahead, "PENDING,,,"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			j, _ := bookstest.Create(t)
			defer bookstest.Close(t, j)
			ended := func(at time.Time) bool { return at.Before(time.Now()) }
			got, err := j.Loses(bookstest.Input(t, c.text, input.Options{}), nil, ended)
			if err != nil || got != c.want {
				t.Errorf("%v, %v; want %v", got, err, c.want)
			}
			// What brings carries counts as known.
			if again, err := j.Loses(bookstest.Input(t, c.text, input.Options{}), bookstest.Input(t, c.text, input.Options{}), ended); again && c.name != "a status that nobody can read" || err != nil {
				t.Errorf("brought by the run itself: %v, %v", again, err)
			}
		})
	}
}

// TestRescueLine: whatever a service sends, a rescue line stays one line of words.
func TestRescueLine(t *testing.T) {
	for _, c := range []struct{ code, subs, request, want string }{
		{"OK", "1", "R-1", "rescue: line=7 end=ok code=OK subs_id=1 request_id=R-1"},
		{"", "", "", "rescue: line=7 end=ok code=- subs_id=- request_id=-"},
		{"a b\tc\nd\x7f", "1 2", "\x00", "rescue: line=7 end=ok code=a_b_c_d_ subs_id=1_2 request_id=_"},
	} {
		if got := books.RescueLine(7, ledger.OK, c.code, c.subs, c.request); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	for id, want := range map[ledger.SubsID]string{ledger.ParseSubsID("1000000000000001"): "1000000000000001", ledger.ParseSubsID("0"): "0", 0: "", ledger.ParseSubsID("x-1"): ""} {
		if got := books.IDText(id); got != want {
			t.Errorf("%d is %q, want %q", id, got, want)
		}
	}
}
