package cli_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"axgbind/aliyun/simulator"
)

// The tests of this file feed results back whose cells were damaged, shifted, copied or
// taken out: no row that may be bound is sent, and no row is called BOUND as another's
// binding, whether or not the journal knows them.

// ward is a place with results of rows in every state.
type ward struct {
	*front
	t     *testing.T
	dir   string
	vars  map[string]string // of the journal in use
	clean table             // the results as they were written
	mu    sync.Mutex
	sent  []string // A and group of each BindAxg since
}

const wardGroup = "2000000000001"

// newWard binds a file so that its rows end in every state: lines 2 to 5 are BOUND, 6 and
// 7 UNKNOWN (the first is bound), 8 FAILED, 9 and 10 INVALID beside lines 2 and 3, 11
// INVALID by itself, 12 PENDING with a code, 13 HELD, 14 PENDING and never reached.
func newWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{front: newFront(t, simulator.Options{Numbers: 100}), t: t, dir: newFolder(t)}
	there := content(9, 1)
	axgbind(t, w.bind(write(t, filepath.Join(w.dir, "there.csv"), there.String()))...).want(t, 0)
	rows := table{{"PhoneNoA", "GroupId", "Expiration", "PhoneNoB", "OutId"}}
	add := func(a, b int, out string) {
		rows = append(rows, []string{phone(a), wardGroup, expiration, phone(b + 500), out})
	}
	for i := range 7 {
		add(i, i, fmt.Sprint("o", i))
	}
	add(0, 0, "o0")
	add(1, 77, "o1")
	rows = append(rows, []string{"12", wardGroup, expiration, "", ""})
	add(7, 7, "o7")
	add(9, 9, "o9")
	add(8, 8, "o8")
	w.answers(func(_ int, action string, rw http.ResponseWriter, r *http.Request) bool {
		if action != "BindAxg" {
			return false
		}
		switch r.URL.Query().Get("PhoneNoA") {
		case phone(4):
			w.played.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case phone(5):
			panic(http.ErrAbortHandler)
		case phone(6):
			refuses(rw, "isv.NO_NOT_EXIST")
		case phone(7):
			refuses(rw, "isv.NO_AVAILABLE_NUMBER")
		default:
			return false
		}
		return true
	})
	axgbind(t, w.bind(write(t, filepath.Join(w.dir, "in.csv"), rows.String()), "--limit", "8", "--max-inflight", "1", "--max-failures", "100%")...).want(t, 4)
	wantCounts(t, results(t, filepath.Join(w.dir, "in.results.csv")), "BOUND 4, FAILED 1, INVALID 3, HELD 1, UNKNOWN 2, PENDING 2")
	w.clean = tableOf(t, read(t, filepath.Join(w.dir, "in.results.csv")))
	w.answers(func(_ int, action string, rw http.ResponseWriter, r *http.Request) bool {
		if action != "BindAxg" {
			return false
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.sent = append(w.sent, r.URL.Query().Get("PhoneNoA"))
		refuses(rw, "isv.NO_AVAILABLE_NUMBER")
		return true
	})
	return w
}

func refuses(w http.ResponseWriter, code string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"Code":"`+code+`","Message":"refused","RequestId":"8A1D3B5C-0000-4000-8000-000000000001"}`)
}

func tableOf(t testing.TB, text string) table {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, bom))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// at is the number of a column.
func (rows table) at(column string) int { return slices.Index(rows[0], column) }

// feed runs bind on a file of the ward's folder.
func (w *ward) feed(name string, flags ...string) (outcome, []row) {
	w.t.Helper()
	w.sent = nil
	out := filepath.Join(w.dir, strings.TrimSuffix(name, ".csv")+".results.csv")
	got := axgbindWith(w.t, w.vars, "", w.bind(filepath.Join(w.dir, name), flags...)...)
	if got.status == 6 || got.status == 10 {
		return got, nil
	}
	return got, results(w.t, out)
}

// spared checks that no row was sent which may be bound, and that a journal that knows
// them calls no row BOUND as another's binding, and gives no two one.
func (w *ward) spared(got outcome, rows []row) {
	w.t.Helper()
	for i := range 6 {
		if slices.Contains(w.sent, phone(i)) {
			w.t.Errorf("row %d was sent again\n%s", i, got)
		}
	}
	if slices.Contains(w.sent, phone(9)) {
		w.t.Errorf("the row that was held back was sent\n%s", got)
	}
	live := map[string]binding{}
	for _, b := range w.bindings() {
		live[b.SubsId] = b
	}
	has := map[string]string{}
	for _, r := range rows {
		for _, id := range []string{r.own("SubsId"), r.own("SecretNo")} {
			if line, twice := has[id]; r.status() == "BOUND" && id != "" && twice {
				w.t.Errorf("lines %s and %s are BOUND as %s", line, r.own("Line"), id)
			}
			if r.status() == "BOUND" {
				has[id] = r.own("Line")
			}
		}
		if b := live[r.own("SubsId")]; r.status() == "BOUND" && w.vars == nil && (b.PhoneNoA != r["PhoneNoA"] || b.SecretNo != r.own("SecretNo") || b.GroupId != r["GroupId"]) {
			w.t.Errorf("line %s is BOUND %s as %s %s, the service has %+v for it", r.own("Line"), r.own("Code"), r.own("SubsId"), r.own("SecretNo"), b)
		}
		if s := r.status(); s != "BOUND" && s != "RELEASED" && r.own("Action") == "" && !(s == "PENDING" && r.own("Code") != "") {
			w.t.Errorf("line %s is %s %s without a cure", r.own("Line"), s, r.own("Code"))
		}
	}
}

// each feeds results as change leaves them, to the journal that knows them and to one that
// does not, and what comes of that again.
func eachWard(t *testing.T, name string, change func(rows table) table, check func(t *testing.T, w *ward, known bool, got outcome, rows []row)) {
	t.Helper()
	for _, known := range []bool{true, false} {
		t.Run(fmt.Sprintf("%s, known %v", name, known), func(t *testing.T) {
			t.Parallel()
			w := newWard(t)
			if !known {
				w.vars = map[string]string{"AXGBIND_JOURNAL": newFolder(t)}
			}
			rows := change(w.clean.clone())
			write(t, filepath.Join(w.dir, "in.results.csv"), rows.String())
			got, out := w.feed("in.results.csv")
			w.spared(got, out)
			if check != nil {
				check(t, w, known, got, out)
			}
			if out != nil {
				again, rows := w.feed("in.results.results.csv")
				w.spared(again, rows)
			}
			if w.vars != nil {
				got, out = w.feed("in.csv")
				w.spared(got, out)
			}
		})
	}
}

// set changes the cells of a column in all rows.
func set(column string, to func(cell string) string) func(table) table {
	return func(rows table) table {
		for _, r := range rows[1:] {
			r[rows.at(column)] = to(r[rows.at(column)])
		}
		return rows
	}
}

// always is what makes of each cell the same.
func always(s string) func(string) string { return func(string) string { return s } }

// change are changes one after the other.
func change(list ...func(table) table) func(table) table {
	return func(rows table) table {
		for _, c := range list {
			rows = c(rows)
		}
		return rows
	}
}

// shift moves the cells of columns up by a row, on lines 3 to 6.
func shift(columns ...string) func(table) table {
	return func(rows table) table {
		for _, c := range columns {
			at := rows.at(c)
			first := rows[2][at]
			for i := 2; i < 5; i++ {
				rows[i][at] = rows[i+1][at]
			}
			rows[5][at] = first
		}
		return rows
	}
}

// What becomes of the rows of a ward whose verdicts can be read, by a journal that knows
// them and by one that does not.
const (
	wardKnown = "BOUND 4, FAILED 1, INVALID 3, HELD 1, UNKNOWN 2, PENDING 2"
	wardFresh = "BOUND 4, INVALID 3, HELD 1, UNKNOWN 2, PENDING 3"
)

// counts checks the rows' statuses.
func counts(known, fresh string) func(*testing.T, *ward, bool, outcome, []row) {
	return func(t *testing.T, w *ward, isKnown bool, got outcome, rows []row) {
		t.Helper()
		want := fresh
		if isKnown {
			want = known
		}
		if wantCounts(t, rows, want); t.Failed() {
			for _, r := range rows {
				t.Logf("line %s %s %s %s", r.own("Line"), r.status(), r.own("Code"), r.own("SubsId"))
			}
		}
	}
}

// TestStatusCells: a status is read without regard to case, width, quotation marks and
// language. One that cannot be read holds its row, where other cells tell of a call.
func TestStatusCells(t *testing.T) {
	t.Parallel()
	chinese := func(long bool) func(string) string {
		return func(s string) string {
			zh := map[string]string{"BOUND": "已绑定", "UNKNOWN": "未知", "FAILED": "失败", "HELD": "暂不发送", "INVALID": "无效", "PENDING": "未发送"}[s]
			if long {
				return "结果" + zh + "（" + s + "）"
			}
			return zh
		}
	}
	for name, to := range map[string]func(string) string{
		"as written": func(s string) string { return s },
		"lower":      strings.ToLower,
		"title":      func(s string) string { return " " + s[:1] + strings.ToLower(s[1:]) + " " },
		"apostrophe": func(s string) string { return "'" + s },
		"formula":    func(s string) string { return `="` + s + `"` },
		"wide":       func(s string) string { return strings.Map(func(r rune) rune { return r - 'A' + 'Ａ' }, s) },
		"Chinese":    chinese(false),
	} {
		eachWard(t, name, set("Status", to), counts(wardKnown, wardFresh))
	}
	const held = "HELD 10, UNKNOWN 2, PENDING 1" // the code of the two tells that they are UNKNOWN
	unread := strings.NewReplacer("INVALID 3", "INVALID 2", "HELD 1", "HELD 2").Replace(wardKnown)
	for name, c := range map[string]func(table) table{
		"garbage":           set("Status", always("done")),
		"two":               set("Status", always("BOUND UNKNOWN")),
		"blank":             set("Status", always("")),
		"blank, id damaged": change(set("Status", always("")), set("SubsId", func(s string) string { return map[bool]string{true: "1E+15"}[s != ""] })),
		"blank, id too":     change(set("Status", always("")), set("SubsId", always(""))),
	} {
		eachWard(t, name, c, counts(unread, held))
	}
	eachWard(t, "blank, code and id too", change(set("Status", always("")), set("SubsId", always("")), set("Code", func(s string) string {
		if strings.HasPrefix(s, "client.St") { // only its code tells that the row was held back
			return s
		}
		return ""
	})), counts(wardKnown, "INVALID 3, HELD 9, PENDING 1"))
	// Nor is a status believed that the code contradicts.
	eachWard(t, "code says OK", func(rows table) table {
		for i := 1; i < 5; i++ {
			rows[i][rows.at("Status")], rows[i][rows.at("SubsId")] = []string{"PENDING", "FAILED", "INVALID", "HELD"}[i-1], ""
		}
		return rows
	}, counts(wardKnown, "INVALID 3, HELD 5, UNKNOWN 2, PENDING 3"))
	eachWard(t, "code says UNKNOWN", func(rows table) table {
		rows[5][rows.at("Status")], rows[6][rows.at("Status")] = "INVALID", "BOUND"
		return rows
	}, counts(wardKnown, wardFresh))
}

// TestStatusCures: a row that was held back for its status goes on once the cell is
// written back or, as the Action says, its result cells are emptied.
func TestStatusCures(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.vars = map[string]string{"AXGBIND_JOURNAL": newFolder(t)}
	rows := set("Status", always("x"))(w.clean.clone())
	write(t, filepath.Join(w.dir, "fed.csv"), rows.String())
	got, held := w.feed("fed.csv")
	got.want(t, 4).says(t, "tells of calls that the journal does not know")
	for _, r := range held[:4] {
		if r.status() != "HELD" || r["Code"] != "client.UnprovenVerdict" || r["RequestId"] == "" || r["SubsId"] == "" || !strings.Contains(r["Action"], "from Status to FinishedAt") {
			t.Errorf("%v", r)
		}
	}
	// The input itself tells of no call: it is not sent over these results.
	write(t, filepath.Join(w.dir, "plain.csv"), read(t, filepath.Join(w.dir, "in.csv")))
	w.spared(axgbindWith(t, w.vars, "", w.bind(filepath.Join(w.dir, "plain.csv"), "-o", filepath.Join(w.dir, "fed.results.csv"))...).want(t, 10), nil)
	for i, r := range rows[1:] {
		switch i {
		case 0, 1, 2, 3:
			r[rows.at("Status")] = "bound"
		case 6: // it is surely not bound
			for at := rows.at("Status"); at <= rows.at("FinishedAt"); at++ {
				r[at] = ""
			}
		}
	}
	write(t, filepath.Join(w.dir, "fed.csv"), rows.String())
	got, out := w.feed("fed.csv")
	w.spared(got, out)
	if !slices.Contains(w.sent, phone(6)) {
		t.Errorf("the row whose cells were emptied was not sent\n%s", got)
	}
	wantCounts(t, out, "BOUND 4, HELD 5, UNKNOWN 2, PENDING 2")
}

// TestResultsOutOfOrder: all verdicts are placed before any row is sent, in whatever
// order the rows stand, and once for each of several copies.
func TestResultsOutOfOrder(t *testing.T) {
	t.Parallel()
	reverse := func(rows table) table { slices.Reverse(rows[1:]); return rows }
	twice := func(rows table) table { return append(rows, rows[1:].clone()...) }
	header := func(rows table) table { return append(rows, rows.clone()...) }
	eachWard(t, "reversed", reverse, counts(wardKnown, wardFresh))
	for name, c := range map[string]func(table) table{"twice": twice, "twice, reversed": change(twice, reverse)} {
		eachWard(t, name, c, counts("BOUND 4, FAILED 1, INVALID 16, HELD 1, UNKNOWN 2, PENDING 2", "BOUND 4, INVALID 15, HELD 2, UNKNOWN 2, PENDING 3"))
	}
	eachWard(t, "twice, with the header", header, counts("BOUND 4, FAILED 1, INVALID 17, HELD 1, UNKNOWN 2, PENDING 2", "BOUND 4, INVALID 16, HELD 2, UNKNOWN 2, PENDING 3"))
	// A row that is to be sent stands before the one that may be bound in its place.
	for _, status := range []string{"PENDING", "FAILED", "INVALID", "HELD"} {
		eachWard(t, status+" first", func(rows table) table {
			var before table
			for _, i := range []int{1, 5, 12} {
				r := slices.Clone(rows[i])
				for at := rows.at("Status"); at <= rows.at("FinishedAt"); at++ {
					r[at] = ""
				}
				r[rows.at("Status")], r[rows.at("OutId")] = status, "other"
				before = append(before, r)
			}
			return slices.Concat(rows[:1], before, rows[1:])
		}, nil)
	}
}

// TestCellsOfOtherRows: whatever cells of results came to stand in other rows, the
// journal's word counts; what does not fit a binding that it knows is refused. Where it
// knows none, no two rows have one binding, or one X.
func TestCellsOfOtherRows(t *testing.T) {
	t.Parallel()
	other := func(known, fresh int) func(*testing.T, *ward, bool, outcome, []row) {
		return func(t *testing.T, w *ward, isKnown bool, got outcome, rows []row) {
			n, want := 0, fresh
			if isKnown {
				want = known
			}
			for _, r := range rows {
				if r.own("Code") == "client.OtherBinding" {
					n++
				}
			}
			if n != want {
				t.Errorf("%d rows are refused, want %d\n%s", n, want, got)
			}
		}
	}
	same := func(columns ...string) func(table) table {
		return func(rows table) table {
			for _, c := range columns {
				for i := 2; i < 5; i++ {
					rows[i][rows.at(c)] = rows[1][rows.at(c)]
				}
			}
			return rows
		}
	}
	eachWard(t, "A shifted", shift("PhoneNoA"), other(3, 0))
	eachWard(t, "one SubsId", same("SubsId"), other(0, 4))
	eachWard(t, "one X", same("SecretNo"), other(0, 4))
	eachWard(t, "one binding", same("SubsId", "SecretNo"), other(0, 4))
	eachWard(t, "one A", func(rows table) table { rows[4][0] = rows[3][0]; return rows }, other(1, 0))
	for _, c := range [][]string{{"SubsId"}, {"SecretNo"}, {"SubsId", "SecretNo"}, {"PhoneNoB"}, {"OutId"}, {"Code"}, {"Status"}, {"Status", "Code", "SubsId", "SecretNo", "RequestId", "Attempts", "FinishedAt"}} {
		eachWard(t, strings.Join(c, " ")+" shifted", shift(c...), other(0, 0))
	}
	eachWard(t, "edited", set("OutId", func(s string) string { return s + "x" }), counts("INVALID 3, HELD 7, PENDING 3", wardFresh))
	eachWard(t, "RELEASED by hand", func(rows table) table {
		for i := 3; i < 5; i++ {
			rows[i][rows.at("Status")], rows[i][rows.at("OutId")] = "RELEASED", "edited"
		}
		return rows
	}, counts("BOUND 2, FAILED 1, INVALID 3, HELD 3, UNKNOWN 2, PENDING 2", "BOUND 2, INVALID 3, HELD 1, UNKNOWN 2, PENDING 3, RELEASED 2"))
	eachWard(t, "RELEASED by hand, with another's id", func(rows table) table {
		rows[1][rows.at("Status")], rows[1][rows.at("OutId")], rows[1][rows.at("SubsId")] = "RELEASED", "edited", rows[2][rows.at("SubsId")]
		return rows
	}, other(1, 2))
}

// TestResultsJoined: the results of two batches, one behind the other in one file, are
// sent by neither, whichever stands first and whichever has more rows; a row that both
// have has one binding.
func TestResultsJoined(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{true, false} {
		for _, shared := range []int{0, 1} {
			for _, order := range [][]string{{"a", "b"}, {"b", "a"}} {
				t.Run(fmt.Sprint(known, shared, order), func(t *testing.T) {
					t.Parallel()
					d := newDesk(t)
					d.binds("a.csv", content(0, 3))
					d.binds("b.csv", content(3-shared, 2+shared))
					joined := read(t, d.path(order[0]+".results.csv")) + strings.TrimPrefix(read(t, d.path(order[1]+".results.csv")), bom)
					write(t, d.path("joined.csv"), joined)
					vars := map[string]string{}
					if !known {
						vars["AXGBIND_JOURNAL"] = newFolder(t)
					}
					calls := d.calls()
					got := axgbindWith(t, vars, "", d.command("bind", "joined.csv")...).want(t, 3)
					if now := d.calls(); now != calls || len(d.bindings()) != 5 {
						t.Errorf("%d calls\n%s", now-calls, got)
					}
					wantCounts(t, results(t, d.path("joined.results.csv")), fmt.Sprint("BOUND 5, INVALID ", 1+shared))
				})
			}
		}
	}
}

// TestReleasedResent: a RELEASED row that a person wants sent again goes, though it names
// the binding of another, and sends no row but itself.
func TestReleasedResent(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.vars = map[string]string{"AXGBIND_JOURNAL": newFolder(t)}
	rows := w.clean.clone()
	rows[1][rows.at("Status")], rows[1][rows.at("SubsId")] = "RELEASED", rows[2][rows.at("SubsId")]
	write(t, filepath.Join(w.dir, "fed.csv"), rows.String())
	got, out := w.feed("fed.csv", "--resend", "released")
	slices.Sort(w.sent)
	if want := []string{phone(0), phone(6), phone(7), phone(8)}; !slices.Equal(w.sent, want) {
		t.Errorf("sent %v, want %v\n%s", w.sent, want, got)
	}
	if out[1].status() != "INVALID" || out[1]["Code"] != "client.OtherBinding" {
		t.Errorf("%v", out[1])
	}
}
