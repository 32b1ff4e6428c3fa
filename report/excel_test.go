package report_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"axgbind/report"
)

func TestExcelText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		// What spreadsheets leave alone stays as it is.
		{"", ""},
		{"OK", "OK"},
		{"isv.BIND_CONFLICT", "isv.BIND_CONFLICT"},
		{"杭州", "杭州"},
		{"备注, 一", "备注, 一"},
		{"two\nlines", "two\nlines"},
		{"order-1", "order-1"},
		{"Decoder", "Decoder"},
		{"第 4 列（过期时间）：未晚于当前北京时间 2026-11-26 08:29:33", "第 4 列（过期时间）：未晚于当前北京时间 2026-11-26 08:29:33"},
		{"0", "0"},
		{"7", "7"},
		{"123456789", "123456789"},
		// Numbers that would lose digits, zeros or their form.
		{"1234567890", `="1234567890"`},
		{"13800138000", `="13800138000"`},
		{"1000000763890000", `="1000000763890000"`},
		{"057188992688", `="057188992688"`},
		{"007", `="007"`},
		{"1.50", `="1.50"`},
		{"1E5", `="1E5"`},
		{"1-2", `="1-2"`},
		{"5%", `="5%"`},
		{"(5)", `="(5)"`},
		{"￥5", `="￥5"`},
		{"2099-01-31 23:59:59", `="2099-01-31 23:59:59"`},
		{"true", `="true"`},
		{"False", `="False"`},
		{"Mar 3", `="Mar 3"`},
		{"上午9:30", `="上午9:30"`},
		{" 7", `=" 7"`},
		// What would run.
		{"=1+1", `="=1+1"`},
		{"+86", `="+86"`},
		{"-1", `="-1"`},
		{"@SUM(A1)", `="@SUM(A1)"`},
		{"＝1+1", `="＝1+1"`},
		{"'=1", `="'=1"`},
		{`="x"`, `="=""x"""`},
		{"\t=1", `=CHAR(9)&"=1"`},
		{"-a\nb", `="-a"&CHAR(10)&"b"`},
		{"a\rb", `="a"&CHAR(13)&"b"`},
		{"-" + strings.Repeat("x", 200), `="-` + strings.Repeat("x", 124) + `"&"` + strings.Repeat("x", 76) + `"`},
	} {
		if got := report.ExcelText(c.in); got != c.want {
			t.Errorf("ExcelText(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if got := report.ExcelText("=" + strings.Repeat("x", 9000)); !strings.HasPrefix(got, "'=x") {
		t.Errorf("a cell that no formula can hold begins %q", got[:5])
	}
}

// TestExcelWriter: every line ends as Excel writes it, no cell begins as a
// formula that is not a text, and the first of our columns is marked.
func TestExcelWriter(t *testing.T) {
	var b bytes.Buffer
	w := report.NewWriter(&b, []string{"A号码", "=备注"}, false)
	w.Excel = true
	for _, r := range records() {
		if err := w.Write(&r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	golden(t, "excel.csv", b.Bytes())
	if bare := strings.ReplaceAll(b.String(), "\r\n", ""); strings.ContainsAny(bare, "\r\n") {
		t.Error("a line does not end in CRLF")
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), report.BOM))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][2] != report.ExcelMark("Line") {
		t.Errorf("header %q", rows[0])
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.ContainsAny(cell[:min(len(cell), 1)], "+-@\t\r") || strings.HasPrefix(cell, "=") && !strings.HasPrefix(cell, `="`) {
				t.Errorf("cell %q", cell)
			}
		}
	}
}

// FuzzExcelText: whatever a cell holds, what is written for a spreadsheet reads
// back as it was.
func FuzzExcelText(f *testing.F) {
	for _, s := range []string{
		"", "13800138000", "=1+1", `="13800138000"`, `say "hi"`, `-"`, `=""`, `"`, "'", "''", "'=x", "=CHAR(9)", "\t", "\r\n", "-a\nb&\"c", "2099-01-31 23:59:59",
		"-\xff\xfe", "\x00", "-" + strings.Repeat("中", 600), "=" + strings.Repeat(`"`, 5000), "Mar 3",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := report.ExcelText(s)
		if got := report.ExcelPlain(text); got != s {
			t.Errorf("%q is written as %q and reads back as %q", s, text, got)
		}
	})
}

// FuzzExcelPlain: no cell of a file that was edited makes the reading fail, and
// what is not in the form stays as it is.
func FuzzExcelPlain(f *testing.F) {
	for _, s := range []string{`="a"`, `="a`, `="a"&`, `="a"&CHAR(10)&"b"`, `=CHAR(32)`, `=CHAR(`, `=CHAR(-1)`, `=SUM(A1)`, `="a"b`, `=`, "'x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := report.ExcelPlain(s); got != s && !strings.HasPrefix(s, "'") && !strings.HasPrefix(s, `="`) && !strings.HasPrefix(s, `=CHAR(`) {
			t.Errorf("%q became %q", s, got)
		}
	})
}
