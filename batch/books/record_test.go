package books_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// TestRenewal says what must change of a binding for it to be what a row asks for, and
// whether it has all that the row says already.
func TestRenewal(t *testing.T) {
	const x = "17100000001"
	set := func(pairs ...any) *[field.NumFields]string {
		f := &[field.NumFields]string{}
		f[field.Expiration], f[field.PhoneNoB], f[field.GroupID], f[field.OutID], f[field.ExpectCity] = "2099-01-31 23:59:59", "13900139000", "7", "o", "北京"
		for i := 0; i < len(pairs); i += 2 {
			f[pairs[i].(field.Field)] = pairs[i+1].(string)
		}
		return f
	}
	for _, c := range []struct {
		name string
		old  func(d *books.Detail)
		row  *[field.NumFields]string
		want []aliyun.Operate
		can  bool
		has  bool
	}{
		{"nothing", nil, set(), nil, true, true},
		{"its X named", nil, set(field.PhoneNoX, x), nil, true, true},
		{"another X", nil, set(field.PhoneNoX, "17100000002"), nil, false, false},
		{"the end", nil, set(field.Expiration, "2099-12-31 23:59:59"), []aliyun.Operate{aliyun.UpdateExpire}, true, false},
		{"B", nil, set(field.PhoneNoB, "13900139001"), []aliyun.Operate{aliyun.UpdateNoB}, true, false},
		{"no B", nil, set(field.PhoneNoB, ""), nil, false, false},
		{"a B where none was", func(d *books.Detail) { d.PhoneNoB = "" }, set(), []aliyun.Operate{aliyun.UpdateNoB}, true, false},
		{"no B where none was", func(d *books.Detail) { d.PhoneNoB = "" }, set(field.PhoneNoB, ""), nil, true, true},
		{"a group, which is its place", nil, set(field.GroupID, "8"), nil, true, true},
		{"recording", nil, set(field.IsRecordingEnabled, "true"), []aliyun.Operate{aliyun.UpdateRecording}, true, false},
		{"no recording", func(d *books.Detail) { d.Recording = "true" }, set(field.IsRecordingEnabled, "false"), []aliyun.Operate{aliyun.UpdateRecording}, true, false},
		{"no recording, in other words", func(d *books.Detail) { d.Recording = "false" }, set(), nil, true, true},
		{"a restriction", nil, set(field.CallRestrict, "CONTROL_AX_DISABLE"), []aliyun.Operate{aliyun.UpdateCallRestrict}, true, false},
		{"no restriction", func(d *books.Detail) { d.Restrict = "CONTROL_AX_DISABLE" }, set(), []aliyun.Operate{aliyun.UpdateCallRestrict}, true, false},
		{"no restriction, in other words", func(d *books.Detail) { d.Restrict = books.ClearRestrict }, set(), nil, true, true},
		{"an OutId", nil, set(field.OutID, "p"), []aliyun.Operate{aliyun.UpdateOutID}, true, false},
		{"no OutId, which cannot be", nil, set(field.OutID, ""), nil, true, false},
		{"a city, which stays", nil, set(field.ExpectCity, "上海"), nil, true, false},
		{"no city, which stays", nil, set(field.ExpectCity, ""), nil, true, false},
		{"all", nil, set(field.OutID, "p", field.Expiration, "2099-12-31 23:59:59", field.IsRecordingEnabled, "true", field.PhoneNoB, "13900139001"),
			[]aliyun.Operate{aliyun.UpdateExpire, aliyun.UpdateNoB, aliyun.UpdateRecording, aliyun.UpdateOutID}, true, false},
	} {
		d := books.Detail{Expiration: "2099-01-31 23:59:59", PhoneNoB: "13900139000", GroupID: "7", OutID: "o", Fixed: books.FixedOf(set())}
		if c.old != nil {
			c.old(&d)
		}
		changes, can := books.Renewal(&d, x, c.row)
		if diff := cmp.Diff(c.want, changes); diff != "" || can != c.can || d.Has(x, c.row) != c.has {
			t.Errorf("%s: can %v, has all %v; want %v, %v; changes (-want +got):\n%s", c.name, can, d.Has(x, c.row), c.can, c.has, diff)
		}
		if got := d.Differs(aliyun.UpdateGroup, c.row); got != (c.row[field.GroupID] == "8") {
			t.Errorf("%s: another group: %v", c.name, got)
		}
	}
	if books.FixedOf(&[field.NumFields]string{}) != "" || len(books.FixedOf(set())) != 16 || books.FixedOf(set()) == books.FixedOf(set(field.ExpectCity, "", field.OutOrderID, "北京")) {
		t.Errorf("fixed: %q, %q", books.FixedOf(&[field.NumFields]string{}), books.FixedOf(set()))
	}
}

// TestCodesSay: which codes leave a change perhaps done, and which say that the binding is
// no more.
func TestCodesSay(t *testing.T) {
	for _, c := range []struct {
		status    report.Status
		code      string
		may, gone bool
	}{
		{report.Pending, "", false, false},
		{report.Pending, aliyun.CodeTimeout, true, false},
		{report.Pending, aliyun.CodeReleaseBegun, true, false},
		{report.Pending, "isv.FLOW_LIMIT", false, false},
		{report.Unknown, aliyun.CodeTimeout, false, false},
		{report.Failed, aliyun.CodeSubsNotExist, false, true},
		{report.Failed, aliyun.CodeForbiddenAction, false, true},
	} {
		if may, gone := books.MayBeDone(c.status, c.code), books.SaysGone(c.code); may != c.may || gone != c.gone {
			t.Errorf("%s %s: may be done %v, gone %v", c.status, c.code, may, gone)
		}
	}
	a, b := aliyun.Text{EN: "One.", ZH: "一。"}, aliyun.Text{EN: "Two.", ZH: "二。"}
	for lang, want := range map[report.Lang]string{report.EN: "One. Two.", report.ZH: "一。二。"} {
		if got := books.Sentence(lang, a, aliyun.Text{}, b); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestProofs: each verdict of a look-up has its own name, and few settle anything.
func TestProofs(t *testing.T) {
	shows := map[books.Proof]ledger.Shown{
		books.Ours: ledger.ShownEqual, books.Absent: ledger.ShownNone, books.Foreign: ledger.ShownOther, books.Older: ledger.ShownOther,
	}
	names := map[string]books.Proof{}
	for p := books.Unclear; p <= books.Distrusted; p++ {
		if other, twice := names[p.String()]; twice {
			t.Errorf("%d and %d are both %s", p, other, p)
		}
		names[p.String()] = p
		want, settles := shows[p]
		if !settles {
			want = ledger.ShownNothing
		}
		if p.Shown() != want {
			t.Errorf("%s shows %v, want %v", p, p.Shown(), want)
		}
	}
	for name, want := range map[string]books.Proof{"ours": books.Ours, "unclear": books.Unclear, "distrusted": books.Distrusted, "unproven": books.Unproven, "masked": books.Masked} {
		if names[name] != want {
			t.Errorf("%s is %d", name, names[name])
		}
	}
}

// TestDuplicates: what a look-up found beside the binding of a row is told of that row, as
// long as it lives and no row has it.
func TestDuplicates(t *testing.T) {
	s := bookstest.NewWriter()
	found := func(n int, more ...string) {
		s.Sent(n)
		s.Record(ledger.Record{Kind: ledger.Lost, Call: s.Call}, nil)
		s.Subs++
		s.Record(ledger.Record{Kind: ledger.Found, Call: s.Call, Binding: ledger.ParseSubsID(fmt.Sprint(s.Subs)), Code: "OK"},
			books.Detail{Look: books.Ours.String(), SubsID: fmt.Sprint(s.Subs), SecretNo: "17100000001", More: more})
	}
	s.Begin("a", 9)
	s.Bind(0, ledger.OK, "OK", 1) // 1, of the first row
	found(1, "71 17100000071", "1 17100000009", "72 17100000072")
	found(2)
	found(3, "73 17100000073")
	s.Bind(4, ledger.Lost, "client.Timeout", 1)
	s.Begin("b", 1)
	found(5, "74 17100000074")
	s.Begin("undo", 1)
	for _, id := range []string{"72", "73"} { // 72 is released, and 73 being so
		s.Intend(10, ledger.Record{Op: ledger.Release, Binding: ledger.ParseSubsID(id)})
		if id == "72" {
			s.Record(ledger.Record{Kind: ledger.OK, Call: s.Call, Code: "OK"}, nil)
		}
	}
	j := bookstest.Read(t, s.Text)
	of := func(n int, id, beside string) books.Duplicate {
		return books.Duplicate{Line: n, PoolKey: "FC1", PhoneNoA: fmt.Sprintf("138%08d", n), GroupID: "7", SecretNo: "171000000" + id, SubsID: id, Beside: beside}
	}
	for id, want := range map[string][]books.Duplicate{"a": {of(1, "71", "2"), of(3, "73", "4")}, "b": {of(5, "74", "5")}, "undo": nil} {
		got, err := j.Duplicates(id)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("of %s: %v (-want +got):\n%s", id, err, diff)
		}
	}
	named, err := j.Surplus()
	if diff := cmp.Diff(map[string]bool{"71": true, "1": true, "72": true, "73": true, "74": true}, named); diff != "" || err != nil {
		t.Errorf("named by anybody: %v (-want +got):\n%s", err, diff)
	}
	if got := j.Strays([]string{"1 17100000001", "72", "99 17100000099", "73 17100000073"}); len(got) != 2 || got[0] != "99 17100000099" {
		t.Errorf("strays: %q", got)
	}
}
