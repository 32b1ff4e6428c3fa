package input_test

import (
	"fmt"
	"strings"
	"testing"

	"axgbind/batch/field"
	"axgbind/batch/input"

	"github.com/google/go-cmp/cmp"
)

const plainFile = "A号码,B号码,分组ID,过期时间,城市,是否录音,外部ID,备注\n" +
	"13800138000,13900139000,1,2027-01-31 23:59:59,北京,是,客户1,甲\n" +
	"13800138001,,1,2027-01-31 23:59:59,,,客户2,\n"

// kindsOfFiles are ways in which the plain file comes. Each is read as that file is, with
// the rules that are said of it as a whole.
var kindsOfFiles = []struct {
	name    string
	change  func(string) string
	remarks string
}{
	{"as it is", func(s string) string { return s }, ""},
	{"a line sep=,", func(s string) string { return "sep=,\r\n" + s }, ""},
	{"a line sep=; behind a BOM, quoted", func(s string) string { return "\uFEFF\"SEP=;\"\n" + strings.ReplaceAll(s, ",", ";") }, ""},
	{"a line sep=| with cells behind it", func(s string) string { return "sep=|||||||\n" + strings.ReplaceAll(s, ",", "|") }, ""},
	{"a line sep=; that a spreadsheet kept", func(s string) string { return "sep=;,,,,,,,\n" + s }, ""},
	{"bars", func(s string) string { return strings.ReplaceAll(s, ",", "|") }, "delimiter-unusual"},
	{"full-width commas", func(s string) string { return strings.ReplaceAll(s, ",", "，") }, "delimiter-unusual"},
	{"full-width semicolons", func(s string) string { return strings.ReplaceAll(s, ",", "；") }, "delimiter-unusual"},
	{"titles", func(s string) string { return "2027年1月号码绑定清单,,,,,,,\n\n制表人：张三,\n" + s }, "header-below"},
	{"a title with wrong quotation marks", func(s string) string { return "\"绑定\"清单\n" + s }, "header-below"},
	{"a title with a header's name", func(s string) string { return "号码,,,\n" + s }, "header-below"},
	{"a title above a line sep=,", func(s string) string { return "sep=,\n清单\n" + s }, "header-below"},
	{"a closing Ctrl-Z", func(s string) string { return s + "\x1a" }, ""},
	{"Ctrl-Z to the end of a block", func(s string) string { return s + strings.Repeat("\x1a", 100) + "\r\n" }, ""},
	{"whole lines in quotation marks", func(s string) string {
		lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
		return "\"" + strings.Join(lines, "\"\r\n\"") + "\"\r\n"
	}, ""},
	{"rows in quotation marks", func(s string) string {
		header, rows, _ := strings.Cut(strings.TrimSuffix(s, "\n"), "\n")
		return header + "\n\"" + strings.ReplaceAll(rows, "\n", "\"\n\"") + "\"\n"
	}, ""},
	{"empty cells between and behind", func(s string) string {
		header, rows, _ := strings.Cut(s, "\n")
		return header + "\n,,,,,,,\n" + rows + "\"\",\" \",\t,,,,,\n\u3000,\n"
	}, "rows-empty"},
	{"apostrophes", func(s string) string {
		header, rows, _ := strings.Cut(s, "\n")
		return "'" + strings.ReplaceAll(header, ",", ",'") + "\n" + rows
	}, ""},
	{"formulas", func(s string) string {
		header, rows, _ := strings.Cut(s, "\n")
		return "\"=\"\"" + strings.ReplaceAll(header, ",", "\"\"\",\"=\"\"") + "\"\"\"\n" + rows
	}, ""},
	{"marks around headers", func(s string) string {
		return strings.NewReplacer("A号码", "*A号码", "B号码", "B号码（选填，11位）", "分组ID", "\"分组ID\n（必填）\"", "过期时间", "过期时间(yyyy-MM-dd HH:mm:ss)", "城市", "城市 [可选]", "是否录音", "是否录音(是/否)", "外部ID", "外部ID：").Replace(s)
	}, ""},
	{"a header in raw formulas, and rows", func(s string) string {
		lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
		for i, l := range lines {
			lines[i] = `="` + strings.ReplaceAll(l, ",", `",="`) + `"`
		}
		return strings.Join(lines, "\n")
	}, ""},
	{"blanks before quotation marks", func(s string) string {
		lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
		for i, l := range lines {
			lines[i] = `"` + strings.ReplaceAll(l, ",", `" , "`) + `"`
		}
		return strings.Join(lines, "\n")
	}, ""},
	{"a tab behind each cell", func(s string) string { return strings.NewReplacer(",", "\t,", "\n", "\t\n").Replace(s) }, ""},
	{"a delimiter behind the header only", func(s string) string { return strings.Replace(s, "\n", ",\n", 1) }, ""},
	{"marks with full-width commas", func(s string) string {
		return strings.Replace(strings.Replace(s, "B号码", "B号码，选填", 1), "城市", "城市，可空", 1)
	}, ""},
	{"apostrophes in rows", func(s string) string {
		header, rows, _ := strings.Cut(s, "\n")
		return header + "\n'" + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSuffix(rows, "\n"), ",", ",'"), "\n", "\n'")
	}, ""},
	{"words for no value", func(s string) string {
		return strings.ReplaceAll(s, "13800138001,,1,2027-01-31 23:59:59,,,", "13800138001,无,1,2027-01-31 23:59:59,NULL,\\N,")
	}, ""},
}

// TestKinds: however a file comes, its rows are the same, and what is said of it is known.
func TestKinds(t *testing.T) {
	fields := func(text string) (got [][field.NumFields]string, in *input.Input) {
		in = openText(t, text, input.Options{Defaults: map[field.Field]string{field.PoolKey: "FC1"}})
		for _, row := range readAll(t, in) {
			for _, f := range row.Check(inputNow) {
				if f.IsError() {
					t.Errorf("line %d: %s", row.Line, f.Rule)
				}
			}
			got = append(got, row.Fields)
		}
		return got, in
	}
	want, _ := fields(plainFile)
	for _, kind := range kindsOfFiles {
		for name, form := range textForms {
			t.Run(fmt.Sprint(kind.name, ", ", name), func(t *testing.T) {
				text, err := form.NewEncoder().String(kind.change(plainFile))
				if err != nil {
					t.Fatal(err)
				}
				if kind.change("\uFEFF")[0] == 0xEF && name == "utf-8 bom" {
					text = strings.TrimPrefix(text, "\uFEFF")
				}
				got, in := fields(text)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
				plan, _ := planFindings(t, in, false)
				var said []string
				for _, r := range remarksOf(in, plan) {
					said = append(said, r.Rule)
				}
				if got := strings.Join(said, " "); got != kind.remarks {
					t.Errorf("said %q, want %q", got, kind.remarks)
				}
			})
		}
	}
}
