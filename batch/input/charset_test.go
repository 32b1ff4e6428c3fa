package input_test

import (
	"strings"
	"testing"

	"axgbind/batch/input"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func gb18030(t testing.TB, s string) string {
	t.Helper()
	s, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEncoding(t *testing.T) {
	const (
		english = "PhoneNoA,GroupId,Expiration,note\n"
		chinese = "A号码,G组ID,过期时间,备注\n"
		row     = "13800138000,1,2027-01-31 23:59:59,"
	)
	plain := strings.Repeat(row+"vip\n", 20000) // longer than what is read at once
	for _, test := range []struct {
		name, text string
		opt        string
		want       string
		last       string // the last cell of the last row
	}{
		{"ASCII", english + row + "vip\n", "", "utf-8", "vip"},
		{"UTF-8", chinese + row + "张三\n", "", "utf-8", "张三"},
		{"UTF-8 with BOM", "\uFEFF" + chinese + row + "张三\n", "", "utf-8", "张三"},
		{"UTF-8 with BOM and quoted header", "\uFEFF\"A号码\",G组ID,过期时间,备注\n" + row + "张三\n", "", "utf-8", "张三"},
		{"GB18030", gb18030(t, chinese+row+"张三\n"), "", "gb18030", "张三"},
		{"GB18030 with BOM", gb18030(t, "\uFEFF\"A号码\",G组ID,过期时间,备注\n"+row+"张三𠮷\n"), "", "gb18030", "张三𠮷"},
		{"one Chinese cell in UTF-8 at the end", english + plain + row + "张三丰\n", "", "utf-8", "张三丰"},
		{"one Chinese cell in GB18030 at the end", english + plain + gb18030(t, row+"张三丰\n"), "", "gb18030", "张三丰"},
		{"a header in GB18030 only", gb18030(t, chinese) + plain, "", "gb18030", "vip"},
		{"named", gb18030(t, chinese+row+"张三\n"), "GBK", "gb18030", "张三"},
		{"auto", gb18030(t, chinese+row+"张三\n"), "auto", "gb18030", "张三"},
		{"UTF-8 with a damaged byte", chinese + row + "张三\n" + row + "\xe5\xbc\n", "", "utf-8", "\uFFFD"},
		{"GB18030 with a damaged byte", gb18030(t, chinese+row+"张三\n"+row+"李四李四\n"+row) + "\xff\n", "", "gb18030", "\uFFFD"},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := openText(t, test.text, input.Options{Encoding: test.opt})
			if in.Encoding() != test.want {
				t.Errorf("encoding %s, want %s", in.Encoding(), test.want)
			}
			rows := readAll(t, in)
			last := rows[len(rows)-1]
			if got := last.Record[3]; got != test.last {
				t.Errorf("last cell %q, want %q", got, test.last)
			}
			damaged := strings.Contains(test.last, "\uFFFD")
			if faults := last.Check(inputNow); damaged != (len(faults) == 1 && faults[0].Rule == "undecodable-bytes") {
				t.Errorf("faults %v", faults)
			}
		})
	}
}

// A file ending inside a character, and characters across the borders of what
// is read at once.
func TestEncodingAtBorders(t *testing.T) {
	const header = "A号码,G组ID,过期时间,备注\n"
	for pad := range 4 {
		text := header + "13800138000,1,2027-01-31 23:59:59," + strings.Repeat("x", pad) + strings.Repeat("汉", 200<<10/3) + "\n" +
			strings.Repeat("13800138000,1,2027-01-31 23:59:59,汉字汉字汉字\n", 20000)
		in := openText(t, text, input.Options{})
		if in.Encoding() != "utf-8" {
			t.Errorf("padding %d: encoding %s", pad, in.Encoding())
		}
		for _, row := range readAll(t, in) {
			if row.Check(inputNow) != nil {
				t.Fatalf("padding %d, line %d: %v", pad, row.Line, row.Check(inputNow))
			}
		}
	}
	in := openText(t, header+"13800138000,1,2027-01-31 23:59:59,汉字汉\xe6\xb1", input.Options{})
	rows := readAll(t, in)
	if got := ruleIDs(rows[0].Check(inputNow)); len(got) != 1 || got[0] != "undecodable-bytes" {
		t.Errorf("a character cut at the end: %v", got)
	}
}
