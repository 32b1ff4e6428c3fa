package input_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// form is one way to write a table to a file.
type form struct {
	encoding  string
	mark      bool // with a byte order mark
	delimiter rune
	ends      string // LF, CRLF, CR or mixed
}

func (f form) String() string {
	return fmt.Sprintf("%s,bom=%t,%q,%s", f.encoding, f.mark, f.delimiter, f.ends)
}

// forms are all of them.
func forms() (all []form) {
	for _, e := range []string{"utf-8", "gb18030", "utf-16le", "utf-16be"} {
		for _, mark := range []bool{false, true} {
			for _, d := range []rune{',', '\t', ';'} {
				for _, ends := range []string{"LF", "CRLF", "CR", "mixed"} {
					all = append(all, form{e, mark, d, ends})
				}
			}
		}
	}
	return all
}

// write makes a file of records whose cells hold LF as line ends. Cells stand as
// given, but for those that need quotation marks; bare ones begin with raw.
func (f form) write(t testing.TB, records [][]string, r *rand.Rand) string {
	t.Helper()
	end := map[string]string{"LF": "\n", "CRLF": "\r\n", "CR": "\r"}[f.ends]
	var b strings.Builder
	for i, record := range records {
		for j, cell := range record {
			if j > 0 {
				b.WriteRune(f.delimiter)
			}
			bare, isRaw := strings.CutPrefix(cell, raw)
			switch {
			case isRaw:
				cell = bare
			case strings.ContainsAny(cell, "\"\r\n"+string(f.delimiter)) || len(record) == 1 && cell == "" || r.IntN(8) == 0:
				if end != "" {
					cell = strings.ReplaceAll(cell, "\n", end)
				}
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b.WriteString(cell)
		}
		switch {
		case i == len(records)-1 && r.IntN(2) == 0: // no line end behind the last
		case end != "":
			b.WriteString(end)
		default:
			b.WriteString([]string{"\n", "\r\n", "\r"}[(i+r.IntN(2))%3])
		}
	}
	text := b.String()
	if f.mark {
		text = "\uFEFF" + text
	}
	var e encoding.Encoding
	switch f.encoding {
	case "utf-8":
		return text
	case "gb18030":
		e = simplifiedchinese.GB18030
	case "utf-16le":
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case "utf-16be":
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	text, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const raw = "\x00raw:"

// The same table gives the same findings and the same identities, however it is
// written: in every encoding, with every delimiter and line end.
func TestSameTableInEveryForm(t *testing.T) {
	row := func(a, group, note string) []string {
		return []string{a, group, "2027-01-31 23:59:59", "杭州", note}
	}
	table := [][]string{
		{"A号码", "G组ID", "过期时间", "城市", "外部ID"},
		row("13800138000", "1", "张三, VIP; 老客户"),
		row("1380013800", "1", "ten digits"),
		row("13800138001", "1", "two\nlines and \"marks\""),
		row("13800138002", "x", "no group"),
		{"13800138003", "1"},
		row("１３８００１３８００４", "1", "full width"),
		row("13800138005", "1", raw+`a"b`),
		row("13800138006", "1", raw+`"never closed`),
		row("13800138007", "1", "two\nlines again\n"),
		row("13800138000", "1", "张三, VIP; 老客户"),
		row("13800138008", "1", "𠮷 is a long character"),
		row("1380013800", "1", "the last, with a fault"),
	}
	seen := func(t *testing.T, f form, seed uint64) (findings, rows []string) {
		text := f.write(t, table, rand.New(rand.NewPCG(seed, 1)))
		in := openText(t, text, input.Options{Defaults: map[field.Field]string{field.PoolKey: "FC1"}})
		if in.Encoding() != f.encoding || in.Delimiter() != f.delimiter {
			t.Fatalf("read as %s, %q", in.Encoding(), in.Delimiter())
		}
		_, err := plan.New(in, nil, plan.Options{Now: inputNow, Finding: func(row, line int, f *input.Fault) {
			findings = append(findings, fmt.Sprintf("row %d line %d %s %s: %s", row, line, f.Letter(), f.Rule, f.Reason(report.ZH)))
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range readAll(t, in) {
			rows = append(rows, fmt.Sprintf("%d %x %q", r.Line, input.Identify(&r.Fields), r.Record))
		}
		return findings, rows
	}
	wantFindings, wantRows := seen(t, form{"utf-8", false, ',', "LF"}, 1)
	if len(wantRows) != len(table)-1 || len(wantFindings) < 8 {
		t.Fatalf("%d rows, findings:\n%s", len(wantRows), strings.Join(wantFindings, "\n"))
	}
	for i, f := range forms() {
		t.Run(f.String(), func(t *testing.T) {
			findings, rows := seen(t, f, uint64(i))
			if diff := cmp.Diff(wantRows, rows); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(wantFindings, findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// Records written at random, in a form taken at random, are read as they were
// written, wherever the input is cut.
func TestRandomTables(t *testing.T) {
	alphabet := []string{"a", "7", " ", ",", ";", "\t", `"`, `""`, "\n", "\n\n", "张", "三丰", "é", "𠮷", "😀", "　", "。", "x=1", "'"}
	all := forms()
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		f := all[r.IntN(len(all))]
		columns := r.IntN(4)
		header := []string{"A号码", "G组ID", "过期时间"}
		for i := range columns {
			header = append(header, fmt.Sprintf("备注%d", i))
		}
		table := [][]string{header}
		for range 1 + r.IntN(40) {
			record := []string{"13800138000", "1", "2027-01-31 23:59:59"}
			for range columns {
				var cell strings.Builder
				for range r.IntN(9) {
					cell.WriteString(alphabet[r.IntN(len(alphabet))])
				}
				record = append(record, cell.String())
			}
			table = append(table, record)
		}
		text := f.write(t, table, r)
		in, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{})
		if err != nil {
			t.Fatalf("seed %d, %v: %v\n%q", seed, f, err, text)
		}
		for _, size := range []int{0, 1 + r.IntN(200)} {
			if size > 0 {
				in.ReadInPartsOf(size)
			}
			line := 2
			rows := readAll(t, in)
			for i, row := range rows {
				if i+1 < len(table) && !slices.Equal(row.Record, table[i+1]) || row.Line != line {
					t.Fatalf("seed %d, %v, parts of %d: row %d at line %d, want line %d:\n%q\n%q", seed, f, size, i, row.Line, line, row.Record, table[min(i+1, len(table)-1)])
				}
				line += 1 + strings.Count(strings.Join(row.Record, ""), "\n")
			}
			if len(rows) != len(table)-1 {
				t.Fatalf("seed %d, %v, parts of %d: %d rows, want %d", seed, f, size, len(rows), len(table)-1)
			}
		}
	}
}
