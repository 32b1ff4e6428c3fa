package input_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const goodRow = "13800138000,1,2027-01-31 23:59:59,"

func TestReadLines(t *testing.T) {
	text := "\n\"A\n号码\",G组ID,过期时间,备注\r\n" + // lines 1 to 3
		goodRow + "one\r\n" +
		"\r\n\n" +
		goodRow + "\"two\r\nthree\n\nfour\"\n" + // lines 7 to 10
		goodRow + "five"
	rows := readAll(t, openText(t, text, input.Options{}))
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%d %d %q", r.Index, r.Line, r.Record[3]))
	}
	want := []string{`0 4 "one"`, `1 7 "two\nthree\n\nfour"`, `2 11 "five"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestReadMalformed(t *testing.T) {
	const header = "A号码,G组ID,过期时间,备注\n"
	type row struct {
		Line   int
		Cells  string // joined with |
		Faults []string
	}
	good := func(line int, note string) row {
		return row{line, "13800138000|1|2027-01-31 23:59:59|" + note, nil}
	}
	const stray = "column D (备注): a quotation mark inside the cell is not doubled, or text follows the closing one"
	open := func(line int, column string) string {
		return fmt.Sprintf("%s: the quotation mark that opens the cell on line %d is not closed", column, line)
	}
	bad := func(line int, cells, reason string) row { return row{line, cells, []string{reason}} }
	for _, test := range []struct {
		name, text string
		want       []row
	}{
		{"too few cells", "13800138000,1,2027-01-31 23:59:59\n" + goodRow + "b\n", []row{
			bad(2, "13800138000|1|2027-01-31 23:59:59|", "the row has 3 cells, the header has 4"), good(3, "b"),
		}},
		{"a required cell is missing", "13800138000,1\n", []row{bad(2, "13800138000|1||", "the row has 2 cells, the header has 4")}},
		{"too many cells", goodRow + "a,b,\n\n" + goodRow + "b\n", []row{
			bad(2, "13800138000|1|2027-01-31 23:59:59|a", "the row has 5 cells, the header has 4"), good(4, "b"),
		}},
		{"empty cells in excess", goodRow + "a,,  ,\n" + goodRow + "b\n", []row{good(2, "a"), good(3, "b")}},
		{"quotation mark in a bare cell", "\n" + goodRow + "5\" pipe\n" + goodRow + "b\n", []row{
			bad(3, "13800138000|1|2027-01-31 23:59:59|5\" pipe", stray), good(4, "b"),
		}},
		{"text behind a closing mark", goodRow + "\"x\" y\n" + goodRow + "b\n", []row{
			bad(2, "13800138000|1|2027-01-31 23:59:59|x\" y", stray), good(3, "b"),
		}},
		{"never closed", goodRow + "a\n" + goodRow + "\"open\n" + goodRow + "b\n" + goodRow + "c", []row{
			good(2, "a"), bad(3, "13800138000|1|2027-01-31 23:59:59|open", open(3, "column D (备注)")), good(4, "b"), good(5, "c"),
		}},
		{"never closed behind a cell of two lines", goodRow + "a\n\n\"13800138000\n\",1,\"2027-01-31 23:59:59,\n" + goodRow + "b\n", []row{
			good(2, "a"), bad(4, "13800138000\n|1|2027-01-31 23:59:59,|", open(5, "column C (过期时间)")), good(6, "b"),
		}},
		{"never closed in the last line", goodRow + "\"open", []row{
			bad(2, "13800138000|1|2027-01-31 23:59:59|open", open(2, "column D (备注)")),
		}},
		{"never closed twice", goodRow + "\"open\n" + goodRow + "\"open", []row{
			bad(2, "13800138000|1|2027-01-31 23:59:59|open", open(2, "column D (备注)")),
			bad(3, "13800138000|1|2027-01-31 23:59:59|open", open(3, "column D (备注)")),
		}},
		{"never closed before rows with quoted cells", goodRow + "\"open\n" + goodRow + "\"a, b\"\n" + goodRow + "c\n" + goodRow + "\"d\ne\"\n" + goodRow + "f\n", []row{
			bad(2, "13800138000|1|2027-01-31 23:59:59|open", open(2, "column D (备注)")),
			good(3, "a, b"), good(4, "c"), good(5, "d\ne"), good(7, "f"),
		}},
		{"never closed within a column of the request", "13800138000,\"1,2027-01-31 23:59:59,x\n" + goodRow + "b\n", []row{
			bad(2, "13800138000|1,2027-01-31 23:59:59,x||", open(2, "column B (G组ID)")), good(3, "b"),
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []row
			for _, r := range readAll(t, openText(t, header+test.text, input.Options{})) {
				g := row{Line: r.Line, Cells: strings.Join(r.Record, "|")}
				faults := slices.DeleteFunc(r.Check(inputNow), func(f input.Fault) bool { return f.Severity != report.Error })
				for _, f := range faults[:min(1, len(faults))] {
					g.Faults = append(g.Faults, f.Reason(report.EN))
					if f.Code() != "isv.ILLEGAL_ARGUMENT" {
						t.Errorf("fault of a record: %+v", f)
					}
				}
				got = append(got, g)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// Rows come in blocks or one by one; the faults around which that changes must
// not show in what is read.
func TestReadBlocks(t *testing.T) {
	const header = "A号码,G组ID,过期时间,备注\n"
	var text strings.Builder
	text.WriteString(header)
	var want []string
	line := 2
	for i := range 60000 {
		cell, lines, fault := fmt.Sprintf("note %d", i), 1, ""
		switch {
		case i%9973 == 0:
			cell, fault = "5\" pipe", "row-quotes"
		case i%7919 == 0:
			cell, fault = "a,b", "row-columns"
		case i%7 == 0:
			cell, lines = "\"two\r\n\"\"lines\"\"\"", 2
		}
		if i%1000 == 999 {
			text.WriteString("\r\n")
			line++
		}
		fmt.Fprintf(&text, "1%010d,1,2027-01-31 23:59:59,%s\n", 3800000000+i, cell)
		want = append(want, fmt.Sprintf("%d line %d: %d %s", i, line, 13800000000+i, fault))
		line += lines
	}
	for _, data := range []string{text.String(), gb18030(t, text.String())} {
		n := 0
		for i, r := range readAll(t, openText(t, data, input.Options{})) {
			got := fmt.Sprintf("%d line %d: %s %s", r.Index, r.Line, r.Record[0], strings.Join(ruleIDs(r.Check(inputNow)), " "))
			if i >= len(want) || got != want[i] {
				t.Fatalf("row %s, want %s", got, want[min(i, len(want)-1)])
			}
			n++
		}
		if n != len(want) {
			t.Errorf("%d rows, want %d", n, len(want))
		}
	}
}

// A cell that is never closed must not hold the rest of a large file in memory,
// nor hide it.
func TestReadEndless(t *testing.T) {
	const header = "A号码,G组ID,过期时间,备注\n"
	many := strings.Repeat(goodRow+"x\n", 60000) // over 2 MiB
	for _, test := range []struct {
		name, text string
		rows       int
		line       int
		rule       string
	}{
		{"open quotation mark", header + goodRow + "\"open\n" + many, 60001, 2, "quote-not-closed"},
		{"open quotation mark at the end", header + many + goodRow + "\"open\n", 60001, 60002, "quote-not-closed"},
		{"one long line", header + goodRow + strings.Repeat("x", 3<<20) + "\n" + many, 60001, 2, "row-too-long"},
		{"one long line and a mark", header + goodRow + "\"" + strings.Repeat("x", 3<<20) + "\n" + many, 60001, 2, "quote-not-closed"},
		{"one long line at the end", header + many + goodRow + strings.Repeat("x", 3<<20), 60001, 60002, "row-too-long"},
		{"blank lines", header + goodRow + "x\n" + strings.Repeat("\r\n", 1<<20) + goodRow + "\n1\n", 3, 2 + 1<<20 + 2, "row-columns"},
	} {
		t.Run(test.name, func(t *testing.T) {
			rows := readAll(t, openText(t, test.text, input.Options{}))
			if len(rows) != test.rows {
				t.Errorf("%d rows, want %d", len(rows), test.rows)
			}
			for i, r := range rows {
				if f := r.Check(inputNow); (f != nil) != (r.Line == test.line) || f != nil && f[0].Rule != test.rule {
					t.Fatalf("row %d, line %d: %v", i, r.Line, f)
				}
			}
			if last := rows[len(rows)-1]; test.rows > 3 && last.Line != 60002 {
				t.Errorf("last line %d", last.Line)
			}
		})
	}
}

// endless is a file of 100 MB that takes no room: a header, a line of x after what
// begins it, and a good row.
type endless struct{ begin, end string }

const endlessSize = 100 << 20

func (e endless) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for ; n < len(p) && off < endlessSize; n++ {
		switch from := endlessSize - int64(len(e.end)); {
		case off < int64(len(e.begin)):
			p[n] = e.begin[off]
		case off >= from:
			p[n] = e.end[off-from]
		default: // all of one kind, up to the end of it
			m := copy(p[n:], exes[:min(int64(len(exes)), from-off)])
			n, off = n+m-1, off+int64(m)-1
		}
		off++
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

var exes = bytes.Repeat([]byte("x"), 1<<20)

// A line of 100 MB takes little memory, and hides nothing behind it.
func TestReadHugeLine(t *testing.T) {
	for _, test := range []struct{ name, begin, rule string }{
		{"a cell", goodRow, "row-too-long"},
		{"a cell that is never closed", goodRow + `"`, "quote-not-closed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := endless{"A号码,G组ID,过期时间,备注\n" + test.begin, "\n13800138001,1,2027-01-31 23:59:59,good\n"}
			in, err := input.Open(file, endlessSize, input.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var found []string
			plan, err := plan.New(in, nil, plan.Options{Now: inputNow, Finding: func(row, line int, f *input.Fault) {
				found = append(found, fmt.Sprintf("%d %d %s", row, line, f.Rule))
			}})
			runtime.ReadMemStats(&after)
			if err != nil || plan.Rows != 2 || !slices.Equal(found, []string{"1 2 " + test.rule}) {
				t.Fatalf("%+v, %v, %v", plan, found, err)
			}
			if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 30 {
				t.Errorf("%d MiB were allocated", mib)
			}
		})
	}
}

func TestReadNormalises(t *testing.T) {
	const header = "PhoneNoA,PhoneNoB,GroupId,Expiration,ExpectCity,IsRecordingEnabled,ASRStatus,CallDisplayType,CallRestrict,OutId,OutOrderId,RingConfig,PoolKey,note\n"
	for _, test := range []struct {
		name, row string
		want      map[field.Field]string
	}{
		{"spaces", " 13800138000\t,\u00A0057188992688\u3000,\u200B1\uFEFF, 2027-01-31 23:59:59 , 杭州 ,true, 1, 1, , a b , x ,,FC1, n \n",
			map[field.Field]string{field.PhoneNoA: "13800138000", field.PhoneNoB: "057188992688", field.GroupID: "1", field.Expiration: "2027-01-31 23:59:59", field.ExpectCity: "杭州",
				field.IsRecordingEnabled: "true", field.ASRStatus: "true", field.CallDisplayType: "1", field.OutID: "a b", field.OutOrderID: "x", field.PoolKey: "FC1"}},
		{"full width", "１３８００１３８０００,,００１２,２０２７－０１－３１　２３：５９：５９,北京市,是,Ｎ,１,ｃｏｎｔｒｏｌ_ax_disable,ＡＢ,,,ＦＣ１,\n",
			map[field.Field]string{field.PhoneNoA: "13800138000", field.GroupID: "12", field.Expiration: "2027-01-31 23:59:59", field.ExpectCity: "北京",
				field.IsRecordingEnabled: "true", field.ASRStatus: "false", field.CallDisplayType: "1", field.CallRestrict: "CONTROL_AX_DISABLE", field.OutID: "ＡＢ", field.PoolKey: "FC1"}},
		{"words", "13800138000,,007,2027-01-31 23:59:59,市,No,YES,01,CONTROL_BX_DISABLE,,,\"{\"\"AXGRing_A\"\": \"\"1\"\"} \",FC1,\n",
			map[field.Field]string{field.PhoneNoA: "13800138000", field.GroupID: "7", field.Expiration: "2027-01-31 23:59:59", field.ExpectCity: "市",
				field.IsRecordingEnabled: "false", field.ASRStatus: "true", field.CallDisplayType: "1", field.CallRestrict: "CONTROL_BX_DISABLE", field.RingConfig: `{"AXGRing_A": "1"}`, field.PoolKey: "FC1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			row := readAll(t, openText(t, header+test.row, input.Options{}))[0]
			got := map[field.Field]string{}
			for f, s := range row.Fields {
				if s != "" {
					got[field.Field(f)] = s
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			raw, err := csv.NewReader(strings.NewReader(test.row)).Read()
			if err != nil || !cmp.Equal(raw, row.Record) {
				t.Errorf("Record = %q, want the cells as they stand: %q", row.Record, raw)
			}
			for _, f := range row.Check(inputNow) {
				if f.Severity == report.Error {
					t.Errorf("fault %s: %s", f.Rule, f.Reason(report.EN))
				}
			}
		})
	}
}

func TestReadDefaults(t *testing.T) {
	in := openText(t, "A号码,G组ID,录音\n13800138000, ,\n13800138000,5,否\n", input.Options{Defaults: map[field.Field]string{
		field.Expiration: "2027-01-31 23:59:59", field.GroupID: "009", field.IsRecordingEnabled: "是",
	}})
	rows := readAll(t, in)
	for i, want := range [][3]string{{"9", "true", "2027-01-31 23:59:59"}, {"5", "false", "2027-01-31 23:59:59"}} {
		f := rows[i].Fields
		if got := [3]string{f[field.GroupID], f[field.IsRecordingEnabled], f[field.Expiration]}; got != want {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
		if rows[i].Check(inputNow) != nil {
			t.Errorf("row %d: %v", i, ruleIDs(rows[i].Check(inputNow)))
		}
	}
	if got := rows[0].Record[1]; got != " " {
		t.Errorf("Record holds %q, want the cell as it stands", got)
	}
	if in.HasPool() {
		t.Error("HasPool without column or default")
	}
}

const (
	verdictHeader = "Line,Status,Code,Message,Reason,Action,SecretNo,SubsId,RequestId,Attempts,LatencyMs,FinishedAt"
	verdictCells  = `2,BOUND,OK,"fine, thanks",,,17000000001,1000000000000001,R-1,2,81,2026-11-24T18:00:00+08:00`
)

func TestResultsAsInput(t *testing.T) {
	want := &input.Verdict{Line: 2, Status: "BOUND", Code: "OK", Message: "fine, thanks", SecretNo: "17000000001", SubsID: "1000000000000001",
		RequestID: "R-1", Attempts: 2, LatencyMs: 81, FinishedAt: "2026-11-24T18:00:00+08:00"}
	axg := "Axg" + strings.ReplaceAll(verdictHeader, ",", ",Axg")
	for _, test := range []struct {
		name, header, row string
		own               []string
		cells             []string
		carries, prefixed bool
		verdict           *input.Verdict
	}{
		{"results", "A,GID,有效期,note," + verdictHeader, goodRow + "n," + verdictCells, []string{"A", "GID", "有效期", "note"},
			[]string{"13800138000", "1", "2027-01-31 23:59:59", "n"}, true, false, want},
		{"row added by hand", "A,GID,有效期,note," + verdictHeader, goodRow + "n" + strings.Repeat(",", 12), []string{"A", "GID", "有效期", "note"},
			[]string{"13800138000", "1", "2027-01-31 23:59:59", "n"}, true, false, nil},
		{"prefixed results", "A,GID,有效期,status," + axg, goodRow + "n," + verdictCells, []string{"A", "GID", "有效期", "status"},
			[]string{"13800138000", "1", "2027-01-31 23:59:59", "n"}, true, true, want},
		{"both sets", "A,GID,有效期," + verdictHeader + "," + axg, goodRow + strings.Repeat("u,", 12) + verdictCells,
			strings.Split("A,GID,有效期,"+verdictHeader, ","),
			strings.Split("13800138000,1,2027-01-31 23:59:59"+strings.Repeat(",u", 12), ","), true, true, want},
		{"failed", "A,GID,有效期,note,Line,Status,Code,Reason,Action", goodRow + "n,2,FAILED,isv.BIND_CONFLICT,why,do", []string{"A", "GID", "有效期", "note"},
			[]string{"13800138000", "1", "2027-01-31 23:59:59", "n"}, false, false, nil},
		{"prefixed failed", "A,GID,有效期,code,AxgLine,AxgStatus,AxgCode,AxgReason,AxgAction", goodRow + "n,2,FAILED,isv.BIND_CONFLICT,why,do", []string{"A", "GID", "有效期", "code"},
			[]string{"13800138000", "1", "2027-01-31 23:59:59", "n"}, false, true, nil},
		{"own column of that name", "A,GID,有效期, STATUS ", goodRow + "n", []string{"A", "GID", "有效期", " STATUS "},
			[]string{"13800138000", "1", "2027-01-31 23:59:59", "n"}, false, true, nil},
		{"columns taken out", "A,GID,有效期,n,SubsId,Status,Message", goodRow + "n,20000001,BOUND,OK", []string{"A", "GID", "有效期", "n"},
			[]string{"13800138000", "1", "2027-01-31 23:59:59", "n"}, true, false, &input.Verdict{Status: "BOUND", SubsID: "20000001", Message: "OK"}},
		{"failed of bindings", "A,GID,有效期,SecretNo,SubsId,Line,Status,Code,Reason,Action", goodRow + "17000000001,2,2,FAILED,isv.X,why,do",
			[]string{"A", "GID", "有效期", "SecretNo", "SubsId"}, []string{"13800138000", "1", "2027-01-31 23:59:59", "17000000001", "2"}, false, true, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := openText(t, "\uFEFF"+test.header+"\n"+test.row+"\n", input.Options{})
			if in.IsResults() != test.carries || in.Prefixed() != test.prefixed {
				t.Errorf("carries %t, prefixed %t; want %t, %t", in.IsResults(), in.Prefixed(), test.carries, test.prefixed)
			}
			if diff := cmp.Diff(test.own, in.Header()); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			row := readAll(t, in)[0]
			if diff := cmp.Diff(test.cells, row.Record); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.verdict, row.Verdict); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
			if f := row.Check(inputNow); f != nil {
				t.Errorf("faults %v", ruleIDs(f))
			}
		})
	}
}

// What was read stays as it is, whatever is read next.
func TestReadSurvives(t *testing.T) {
	rows := readAll(t, openText(t, "A,GID,有效期,备注\n"+goodRow+"a\n13900139000,2,bad,\n", input.Options{}))
	if first := rows[0]; first.Fields[field.PhoneNoA] != "13800138000" || first.Record[3] != "a" || first.Check(inputNow) != nil || first.Line != 2 || rows[1].Index != 1 {
		t.Errorf("the first row changed: %q", first.Fields)
	}
}

func TestReadError(t *testing.T) {
	const header = "A,GID,有效期\n"
	good := header + strings.Repeat("13800138000,1,2027-01-31 23:59:59\n", 10000)
	file := &failingLater{good: good}
	in, err := input.Open(file, int64(len(good)), input.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file.fail = true
	n := 0
	err = in.EachRow(func(*input.Row) error { n++; return nil })
	if !errors.Is(err, errBroken) || n < 3000 {
		t.Errorf("error %v after %d rows, want that of the file", err, n)
	}
}

var errBroken = errors.New("broken")

type failingLater struct {
	good string
	fail bool
}

func (f *failingLater) ReadAt(p []byte, off int64) (int, error) {
	if f.fail && off+int64(len(p)) > 100<<10 {
		n := copy(p, f.good[min(off, 100<<10):100<<10])
		return n, errBroken
	}
	return strings.NewReader(f.good).ReadAt(p, off)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("A,GID,有效期,备注\n" + goodRow + "a\n1\n" + goodRow + "\"\n"))
	f.Add([]byte("\uFEFFA;GID;有效期\n;;\n\";\"\";\n"))
	f.Add([]byte("A,GID,有效期," + verdictHeader + "\n13800138000,1,2," + verdictCells + "\n"))
	f.Add([]byte("A\n\xff\n\"\n\"\n\"\r\n"))
	f.Add([]byte("A,GID,有效期,备注\r" + goodRow + "a\r\r" + goodRow + "\"b\nc\"\r\n" + goodRow + "d\n"))
	f.Add([]byte("A,GID,有效期,备注\n" + goodRow + "\"open\n" + goodRow + "\"a\nb\"\n" + goodRow + "5\" pipe\n" + goodRow + "\"x\"\"y\"\n"))
	f.Add([]byte("\xFF\xFEA\x00,\x00G\x00I\x00D\x00\n\x001\x00,\x002\x00\r\x00\n\x00\"\x003\x00\n\x00\"\x00,\x00\x00\xd8\n\x00"))
	f.Add([]byte(gb18030(f, "A号码,G组ID,过期时间\n\"甲,\n乙\"丙,\n")))
	if names, err := filepath.Glob("../samples/*.csv"); err == nil {
		for _, name := range names {
			if b, err := os.ReadFile(name); err == nil && len(b) < 10<<10 {
				f.Add(b)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		opt := input.Options{Defaults: map[field.Field]string{field.GroupID: "1", field.Expiration: "2027-01-31 23:59:59"}}
		in, err := input.Open(bytes.NewReader(data), int64(len(data)), opt)
		if err != nil { // the rows are what matters most
			data = append([]byte("A,GID,有效期,备注\n"), data...)
			in, err = input.Open(bytes.NewReader(data), int64(len(data)), opt)
		}
		if err != nil {
			var refused *input.Error
			if in != nil || !errors.As(err, &refused) || refused.Reason(0) == "" || refused.Cure(1) == "" {
				t.Fatalf("input %v, error %v", in, err)
			}
			return
		}
		first := readAll(t, in)
		line := 1
		for i, r := range first {
			if r.Index != i || r.Line <= line && i > 0 || len(r.Record) != len(in.Header()) {
				t.Fatalf("row %d: index %d, line %d behind %d, %d cells of %d", i, r.Index, r.Line, line, len(r.Record), len(in.Header()))
			}
			line = r.Line
			for _, f := range r.Check(inputNow) {
				if f.Reason(0) == "" || f.Reason(1) == "" || strings.Contains(f.Reason(0)+f.Action(1), "%!") {
					t.Fatalf("row %d: %q", i, f.Reason(0))
				}
			}
		}
		// Where the input is cut must not show.
		for _, size := range []int{1, 7, 64, 1000} {
			in.ReadInPartsOf(size)
			again := readAll(t, in)
			if diff := cmp.Diff(first, again, cmpopts.IgnoreUnexported(input.Row{}, input.Fault{})); diff != "" {
				t.Fatalf("read in parts of %d bytes (-whole +parts):\n%s", size, diff)
			}
			for i := range first {
				if !slices.Equal(ruleIDs(first[i].Check(inputNow)), ruleIDs(again[i].Check(inputNow))) {
					t.Fatalf("row %d: %v, in parts of %d bytes %v", i, ruleIDs(first[i].Check(inputNow)), size, ruleIDs(again[i].Check(inputNow)))
				}
			}
		}
		// What encoding/csv reads without an error is what we read.
		text := bytes.TrimPrefix(data, []byte("\uFEFF"))
		loneCR := bytes.Count(text, []byte("\r")) > bytes.Count(text, []byte("\r\n"))
		if in.Encoding() != "utf-8" || in.IsResults() || loneCR {
			return
		}
		cr := csv.NewReader(bytes.NewReader(text))
		cr.Comma, cr.FieldsPerRecord = in.Delimiter(), -1
		all, err := cr.ReadAll()
		if err != nil || !slices.Equal(all[0], in.Header()) || bytes.IndexByte(text, 0x1A) >= 0 { // titles are above the header; Ctrl-Z may end the file
			return
		}
		all = slices.DeleteFunc(all, func(record []string) bool { // that is no row
			return !slices.ContainsFunc(record, func(s string) bool { return strings.TrimFunc(s, csvtext.Blank) != "" })
		})
		if len(all) != len(first)+1 {
			t.Fatalf("%d rows, encoding/csv has %d", len(first), len(all)-1)
		}
		for i, want := range all[1:] {
			if len(want) == 1 && strings.ContainsRune(want[0], in.Delimiter()) {
				continue // a whole line in quotation marks
			}
			for j, cell := range first[i].Record {
				if j < len(want) && cell != strings.ToValidUTF8(want[j], "\uFFFD") || j >= len(want) && cell != "" {
					t.Fatalf("row %d, cell %d: %q, encoding/csv has %q", i, j, cell, want)
				}
			}
		}
	})
}

// TestResultsCut: a results file that does not say any more how its rows stand, or
// which bindings they have, is no input like any other; a few columns of such names
// make none of an input.
func TestResultsCut(t *testing.T) {
	t.Parallel()
	all := strings.Split(verdictHeader, ",")
	without := func(prefix string, out ...string) string {
		var left []string
		for _, name := range all {
			if !slices.Contains(out, name) {
				left = append(left, prefix+name)
			}
		}
		return strings.Join(left, ",")
	}
	for header, lacks := range map[string]string{
		without("", "Status"): "Status", without("", "SubsId"): "SubsId", without("Axg", "Status"): "AxgStatus", without("Axg", "SubsId"): "AxgSubsId",
		without("", "Status", "SubsId"): "SubsId", "SecretNo,SubsId": "Status", strings.Replace(verdictHeader, "Status", "状态", 1): "Status",
		"Status,Code,Message": "", "SubsId": "", "SecretNo": "", "Line,Status,Code,Message,SecretNo": "",
	} {
		text := "PoolKey,A,GID,有效期," + header + "\nFC1," + goodRow + strings.Repeat(",", strings.Count(header, ",")) + "\n"
		_, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{})
		var refused *input.Error
		switch errors.As(err, &refused); {
		case lacks == "" && err != nil:
			t.Errorf("%s: %v", header, err)
		case lacks != "" && (refused == nil || refused.Kind != "results-cut" || !strings.Contains(refused.Reason(report.EN), "its column "+lacks+":")):
			t.Errorf("%s: %v", header, err)
		}
		if _, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{Bindings: true}); err != nil && slices.Contains(strings.Split(header, ","), "SubsId") && strings.Contains(header, "SecretNo") {
			t.Errorf("%s, whose bindings are named: %v", header, err)
		}
	}
}
