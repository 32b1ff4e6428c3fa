package input_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"axgbind/batch/field"
	"axgbind/batch/input"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// injected is a change to the cells of a clean row that breaks one rule.
type injected struct {
	rule   string
	change func(t *rapid.T, cells []string)
}

// put returns a change that sets a cell of injectHeader to one of some texts.
func put(column int, texts ...string) func(*rapid.T, []string) {
	return func(t *rapid.T, cells []string) { cells[column] = rapid.SampledFrom(texts).Draw(t, "text") }
}

// around returns a change that puts one of some texts around a cell.
func around(column int, forms ...string) func(*rapid.T, []string) {
	return func(t *rapid.T, cells []string) {
		cells[column] = strings.ReplaceAll(rapid.SampledFrom(forms).Draw(t, "form"), "@", cells[column])
	}
}

const (
	colA = iota
	colB
	colGroup
	colEnd
	colCity
	colRecord
	colOut
	colNote
)

var injectHeader = []string{"A号码", "B号码", "分组ID", "过期时间", "城市", "是否录音", "外部ID", "备注"}

var injections = []injected{
	{"phone-empty", put(colA, "", " ", "\u3000")},
	{"phone-scientific", put(colA, "1.38E+10", "1.38001e+10")},
	{"phone-several", around(colA, "@/13900139000", "057188992688、@")},
	{"phone-extension", around(colA, "@-801", "@转8")},
	{"phone-foreign", put(colA, "+85291234567")},
	{"phone-not-digits", put(colA, "待定", "1380013800O")},
	{"phone-separators", around(colA, "(@)", "-@")},
	{"phone-country-code", around(colA, "+86@", "0086@", "86@")},
	{"phone-decimal", around(colA, "@.0")},
	{"phone-zero-lost", put(colB, "57188992688", "1082345678")},
	{"mobile-zero", put(colB, "013800138000")},
	{"mobile-length", put(colB, "1380013800", "138001380001")},
	{"mobile-prefix", put(colB, "12800138000")},
	{"landline-area-code", put(colB, "88992688")},
	{"landline-unusual", put(colB, "057118992688")},
	{"service-number", put(colB, "4008123123", "95188")},
	{"phone-shape", put(colB, "12")},
	{"a-equals-b", func(_ *rapid.T, c []string) { c[colB] = c[colA] }},
	{"group-id-empty", put(colGroup, "")},
	{"group-id", put(colGroup, "0", "9223372036854775808", "组一")},
	{"group-id-scientific", put(colGroup, "2E+12", "2.00000E+12")},
	{"group-id-rounded", put(colGroup, "12345678901234500")},
	{"group-id-notation", around(colGroup, "@.0")},
	{"number-zeros", around(colGroup, "00@")},
	{"expiration-empty", put(colEnd, "")},
	{"expiration-format", put(colEnd, "长期", "2027")},
	{"expiration-date-only", put(colEnd, "2027-01-31", "46418", "2027年1月31日")},
	{"expiration-day-order", put(colEnd, "1/31/2027 12:00")},
	{"expiration-no-such-time", put(colEnd, "2027-02-29 12:00:00", "2027/2/30 12:00")},
	{"expiration-past", put(colEnd, "2020-01-31 12:00:00", "2020/1/31 12:00")},
	{"expiration-far", put(colEnd, "2199-01-31 12:00:00")},
	{"expiration-notation", put(colEnd, "2027/1/31 12:00:00", "2027-01-31T12:00:00")},
	{"expiration-seconds", put(colEnd, "2027/1/31 12:00")},
	{"expiration-zone", put(colEnd, "2027-01-31T12:00:00Z")},
	{"expiration-serial", put(colEnd, "46418.5")},
	{"city-unknown", put(colCity, "火星", "杭洲")},
	{"city-suffix", put(colCity, "杭州市")},
	{"boolean", put(colRecord, "开", "2")},
	{"out-id-long", put(colOut, strings.Repeat("长", 65))},
	{"id-scientific", put(colOut, "2.1E+17")},
	{"id-rounded", put(colOut, "202701310000010000")},
	{"id-notation", put(colOut, `="202701310000010001"`, "'20270131", "20270131.0")},
	{"cell-spaces", around(colGroup, " @", "@\t")},
	{"cell-invisible", around(colOut, "\u200b@")},
	{"cell-full-width", put(colGroup, "２０００")},
	{"cell-apostrophe", around(colGroup, "'@")},
	{"cell-formula", around(colGroup, `="@"`)},
	{"cell-spreadsheet-error", put(colA, "#N/A", "####")},
	{"cell-spreadsheet-error", put(colOut, "#REF!", "#name?", "Err:502")},
	{"cell-spreadsheet-error", put(colCity, "#N/A", "#VALUE!")},
	{"cell-null", put(colB, "NULL", "无", "-", "/", "n/a")},
	{"cell-null", put(colCity, `\N`, "nan", "——", "暂无")},
	{"cell-null", put(colOut, "NULL", `\N`, "None")},
	{"cell-null-word", put(colOut, "-", "无", "n/a")},
	{"cell-invisible", around(colGroup, "\u2066@\u2069", "\u00ad@", "@\ufe0f", "\u206a@")},
	{"cell-invisible", func(t *rapid.T, c []string) {
		r := rapid.SampledFrom([]rune{0x061C, 0x180E, 0x2066, 0x206F, 0x034F, 0x115F, 0x3164, 0xE0020}).Draw(t, "character")
		c[colA] = c[colA][:5] + string(r) + c[colA][5:]
	}},
	{"row-header", func(_ *rapid.T, c []string) { copy(c, injectHeader) }},
	{"row-header", func(_ *rapid.T, c []string) {
		copy(c, []string{"PhoneNoA", "PhoneNoB", "GroupId", "Expiration", "", "", "OutId", ""})
	}},
	{"row-total", func(t *rapid.T, c []string) {
		clear(c)
		c[rapid.IntRange(0, colNote).Draw(t, "where")] = rapid.SampledFrom([]string{"合计", "总计：2", "Total", "小计（条）"}).Draw(t, "total")
		c[colGroup] = "2"
		if c[colA] == "" && c[colB] == "" && c[colEnd] == "" && c[colCity] == "" && c[colRecord] == "" && c[colOut] == "" && c[colNote] == "" {
			c[colA] = "合计"
		}
	}},
	{"row-hint", func(_ *rapid.T, c []string) {
		copy(c, []string{"必填，11位手机号", "选填", "必填", "格式：yyyy-MM-dd HH:mm:ss", "选填", "是/否", "", ""})
	}},
	{"row-hint", func(_ *rapid.T, c []string) { clear(c); c[colA] = "说明：每行一个绑定" }},
}

// headerMarks are what forms put around a header.
var headerMarks = []string{"@", "@", "@（选填）", "*@", "@(必填)", "'@", "@\n（必填）", "@ [可选]", "@：", "\u2066@\u2069"}

// otherEncoding stands for Chinese in UTF-8, whatever the encoding of the file.
const otherEncoding = "other encoding"

// textForms are the encodings in which a file is written.
var textForms = map[string]encoding.Encoding{
	"utf-8":     unicode.UTF8,
	"utf-8 bom": unicode.UTF8BOM,
	"gb18030":   simplifiedchinese.GB18030,
}

// generated is a file with faults of which everything is known.
type generated struct {
	text        string
	rules       map[int]string // the one rule that the row on a line breaks
	rows, blank int
	remarks     string // rules that are said of the file as a whole
}

// generate writes a file with up to 40 rows, in an encoding, with a delimiter
// and with line ends that are drawn, some of whose rows break one rule each.
func generate(t *rapid.T) generated {
	delimiter := rapid.SampledFrom([]string{",", "\t", ";", "|", "，"}).Draw(t, "delimiter")
	ends := rapid.SampledFrom([][]string{{"\n"}, {"\r\n"}, {"\n", "\r\n"}}).Draw(t, "line ends")
	g := generated{rules: map[int]string{}, rows: rapid.IntRange(1, 40).Draw(t, "rows")}
	b, line := &strings.Builder{}, 1
	end := func() {
		b.WriteString(rapid.SampledFrom(ends).Draw(t, "end"))
		line++
	}
	quoted := func(s string) string {
		if strings.ContainsAny(s, delimiter+"\"\r\n") || rapid.IntRange(0, 9).Draw(t, "quoted") == 0 {
			return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		return s
	}
	write := func(cells []string) {
		for i, s := range cells {
			if i > 0 {
				b.WriteString(delimiter)
			}
			b.WriteString(quoted(s))
			line += strings.Count(s, "\n")
		}
	}
	named := rapid.IntRange(0, 9).Draw(t, "sep") == 0
	if named {
		b.WriteString("sep=" + delimiter)
		end()
	}
	titled := rapid.IntRange(0, 9).Draw(t, "titled") == 0
	for range map[bool]int{true: rapid.IntRange(1, 3).Draw(t, "titles")}[titled] {
		write([]string{rapid.SampledFrom([]string{"2027年1月号码绑定清单", "制表人：张三", `"绑定"清单`}).Draw(t, "title"), "", ""})
		end()
	}
	if titled {
		g.remarks = "header-below"
	}
	if (delimiter == "|" || delimiter == "，") && !named {
		g.remarks = strings.TrimSpace(g.remarks + " delimiter-unusual")
	}
	header := slices.Clone(injectHeader)
	for i := range header {
		header[i] = strings.Replace(rapid.SampledFrom(headerMarks).Draw(t, "mark"), "@", header[i], 1)
	}
	write(header)
	end()
	empty := func() {
		for range rapid.IntRange(0, 2).Draw(t, "empty records") / 2 {
			write([]string{rapid.SampledFrom([]string{"", " ", "\u3000"}).Draw(t, "empty"), "", "", ""}[:rapid.IntRange(2, 4).Draw(t, "cells")])
			g.blank++
			end()
		}
	}
	mixed := false
	var clean [][]string
	for i := range g.rows {
		if rapid.IntRange(0, 19).Draw(t, "blank line") == 0 {
			end()
		}
		empty()
		cells := []string{
			fmt.Sprintf("138%08d", 1000+i), rapid.SampledFrom([]string{"", "057188992688", "13900139000"}).Draw(t, "B"), "2000000000001",
			"2027-01-31 23:59:59", rapid.SampledFrom([]string{"", "杭州", "北京"}).Draw(t, "city"), rapid.SampledFrom([]string{"", "是", "false"}).Draw(t, "record"),
			fmt.Sprint("客户", i), rapid.SampledFrom([]string{"", "甲", "x" + delimiter + "y", "two\nlines", `a "b"`}).Draw(t, "note"),
		}
		at := line
		switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); {
		case kind < 5:
			clean = append(clean, cells)
			write(cells)
		case kind < 8:
			fault := rapid.SampledFrom(injections).Draw(t, "fault")
			g.rules[at] = fault.rule
			fault.change(t, cells)
			write(cells)
		case kind == 8 && len(clean) > 0:
			g.rules[at] = "duplicate"
			copied := slices.Clone(rapid.SampledFrom(clean).Draw(t, "earlier"))
			copied[colNote] = "again" // is not sent
			write(copied)
		default:
			switch rapid.IntRange(0, 4).Draw(t, "broken") {
			case 3:
				g.rules[at] = "row-in-quotes"
				line += strings.Count(strings.Join(cells, ""), "\n")
				for i, s := range cells {
					if strings.ContainsAny(s, delimiter+"\"\r\n") {
						cells[i] = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
					}
				}
				b.WriteString(`"` + strings.ReplaceAll(strings.Join(cells, delimiter), `"`, `""`) + `"`)
			case 4:
				if !mixed {
					mixed = true
					g.rules[at] = "encoding-mixed"
					write([]string{cells[colA], "", cells[colGroup], cells[colEnd], "", "", "mixed", otherEncoding})
				} else {
					write(cells)
				}
			case 0:
				g.rules[at] = "row-columns"
				write(cells[:colOut])
			case 1:
				g.rules[at] = "row-columns"
				write(append(cells, "more"))
			case 2:
				g.rules[at] = "row-quotes"
				cells[colNote] = ""
				write(cells)
				b.WriteString(`5" pipe`)
			}
		}
		end()
	}
	empty()
	if rapid.IntRange(0, 9).Draw(t, "Ctrl-Z") == 0 {
		b.WriteString("\x1a")
	}
	form := rapid.SampledFrom(slices.Sorted(maps.Keys(textForms))).Draw(t, "encoding")
	text, err := textForms[form].NewEncoder().String(b.String())
	if err != nil {
		t.Fatalf("%s: %v", form, err)
	}
	if form != "gb18030" || delimiter == "，" { // then the line is in UTF-8, or not Chinese throughout
		maps.DeleteFunc(g.rules, func(_ int, rule string) bool { return rule == "encoding-mixed" })
	}
	if form != "gb18030" || delimiter != "，" {
		text = strings.ReplaceAll(text, otherEncoding, "杭州客户张三")
	}
	if g.blank > 0 {
		g.remarks = strings.TrimSpace(g.remarks + " rows-empty")
	}
	g.text = text
	return g
}

// Whatever the encoding, the delimiter and the line ends: the lines found
// faulty are those whose rows were made so, each for its own fault and no other.
func TestFindsWhatWasInjected(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := generate(rt)
		in, err := input.Open(strings.NewReader(g.text), int64(len(g.text)), input.Options{Defaults: map[field.Field]string{field.PoolKey: "FC1"}})
		if err != nil {
			rt.Fatalf("refused: %v\n%q", err, g.text)
		}
		plan, all := planFindings(t, in, false)
		got := map[int]string{}
		for _, f := range all {
			if got[f.line] != "" && got[f.line] != f.fault.Rule {
				got[f.line] += " " + f.fault.Rule
				continue
			}
			got[f.line] = f.fault.Rule
		}
		if diff := cmp.Diff(g.rules, got); diff != "" {
			rt.Fatalf("rules by line (-injected +found):\n%s\n%q", diff, g.text)
		}
		if plan.Rows != g.rows || plan.Blank.Records != g.blank {
			rt.Fatalf("%d rows and %d empty records, want %d and %d\n%q", plan.Rows, plan.Blank.Records, g.rows, g.blank, g.text)
		}
		var said []string
		for _, r := range remarksOf(in, plan) {
			said = append(said, r.Rule)
		}
		if got := strings.Join(said, " "); got != g.remarks {
			rt.Fatalf("said %q, want %q\n%q", got, g.remarks, g.text)
		}
	})
}
