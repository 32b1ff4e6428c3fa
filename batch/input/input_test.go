package input_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/report"

	"github.com/google/go-cmp/cmp"
)

var updateInput = flag.Bool("update-input", false, "rewrite the golden files of the input")

// inputNow is the time at which the tests check rows.
var inputNow = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

// openText opens text as an input and fails the test if it is refused.
func openText(t testing.TB, text string, opt input.Options) *input.Input {
	t.Helper()
	in, err := input.Open(strings.NewReader(text), int64(len(text)), opt)
	if err != nil {
		t.Fatalf("OpenInput: %v", err)
	}
	return in
}

// readAll reads every row.
func readAll(t testing.TB, in *input.Input) []input.Row {
	t.Helper()
	var rows []input.Row
	if err := in.EachRow(func(row *input.Row) error {
		rows = append(rows, *row)
		return nil
	}); err != nil {
		t.Fatalf("EachRow: %v", err)
	}
	return rows
}

func ruleIDs(faults []input.Fault) []string {
	var ids []string
	for _, f := range faults {
		ids = append(ids, f.Rule)
	}
	return ids
}

func TestOpenInput(t *testing.T) {
	text := "\uFEFF" + "PhoneNoA,备注,GroupId,Expiration\n13800138000,甲,1,2027-01-31 23:59:59\n"
	in := openText(t, text, input.Options{Defaults: map[field.Field]string{field.PoolKey: " FC1 "}})
	if got, want := in.Header(), []string{"PhoneNoA", "备注", "GroupId", "Expiration"}; !cmp.Equal(got, want) {
		t.Errorf("Header = %q, want %q", got, want)
	}
	if got, want := in.SHA256(), sha256.Sum256([]byte(text)); got != want {
		t.Errorf("SHA256 = %x, want %x", got, want)
	}
	if in.Encoding() != "utf-8" || in.Delimiter() != ',' || in.IsResults() || in.Prefixed() || !in.HasPool() {
		t.Errorf("encoding %s, delimiter %q, carries %t, prefixed %t, pool %t", in.Encoding(), in.Delimiter(), in.IsResults(), in.Prefixed(), in.HasPool())
	}
	want := []input.Column{{field.PhoneNoA, "PhoneNoA", 1}, {field.GroupID, "GroupId", 3}, {field.Expiration, "Expiration", 4}}
	if diff := cmp.Diff(want, in.Columns()); diff != "" {
		t.Errorf("Columns (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[field.Field]string{field.PoolKey: "FC1"}, in.Defaults()); diff != "" {
		t.Errorf("Defaults (-want +got):\n%s", diff)
	}
	row := readAll(t, in)[0]
	if row.Fields[field.PoolKey] != "FC1" || row.Check(inputNow) != nil {
		t.Errorf("row %q: %v", row.Fields, row.Check(inputNow))
	}
}

func TestDelimiter(t *testing.T) {
	const row = "13800138000|1|2027-01-31 23:59:59|x\n"
	for _, test := range []struct {
		name, header string
		given, want  rune
	}{
		{"comma", "PhoneNoA|GroupId|Expiration|note\n", 0, ','},
		{"tab", "PhoneNoA|GroupId|Expiration|note\n", 0, '\t'},
		{"semicolon", "PhoneNoA|GroupId|Expiration|note\n", 0, ';'},
		{"commas in a quoted semicolon header", "PhoneNoA|GroupId|Expiration|\"a,b,c,d,e,f\"\n", 0, ';'},
		{"given", "PhoneNoA|GroupId|Expiration|note\n", '#', '#'},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.ReplaceAll(test.header+row, "|", string(test.want))
			in := openText(t, text, input.Options{Delimiter: test.given})
			if in.Delimiter() != test.want || len(in.Header()) != 4 {
				t.Fatalf("delimiter %q, header %q", in.Delimiter(), in.Header())
			}
			if rows := readAll(t, in); len(rows) != 1 || rows[0].Check(inputNow) != nil {
				t.Errorf("rows %v", rows)
			}
		})
	}
}

// refusedInputs are files that are refused as a whole. Their messages are in
// testdata/input/refusals.golden.
var refusedInputs = []struct {
	name, kind, text string
	opt              input.Options
}{
	{name: "empty file", kind: "empty"},
	{name: "blank lines", kind: "empty", text: "\uFEFF\r\n\n"},
	{name: "header only", kind: "header-only", text: "PhoneNoA,GroupId,Expiration\n\n"},
	{name: "xlsx", kind: "xlsx", text: "PK\x03\x04\x14\x00\x06\x00"},
	{name: "xlsx by its first part", kind: "xlsx", text: "PK\x03\x04" + strings.Repeat("\x00", 22) + "\x13\x00\x00\x00[Content_Types].xml"},
	{name: "zip", kind: "archive", text: "PK\x03\x04" + strings.Repeat("\x00", 22) + "\x08\x00\x00\x00july.csv"},
	{name: "rar", kind: "archive", text: "Rar!\x1A\x07"},
	{name: "xls", kind: "xls", text: "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"},
	{name: "HTML by the name of .xls", kind: "html", text: "\uFEFF\r\n <HTML xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>A号码"},
	{name: "XML workbook", kind: "html", text: "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>"},
	{name: "gzip", kind: "gzip", text: "\x1F\x8B\x08\x00"},
	{name: "bzip2", kind: "archive", text: "BZh91AY&SY"},
	{name: "json", kind: "json", text: "[\n  {\"PhoneNoA\": \"13800138000\"}\n]\n"},
	{name: "json lines", kind: "json", text: "{\"PhoneNoA\":\"13800138000\"}\n"},
	{name: "pdf", kind: "pdf", text: "%PDF-1.7\n"},
	{name: "rtf", kind: "rich-text", text: "{\\rtf1\\ansi"},
	{name: "NUL bytes in the header", kind: "nul-bytes", text: "PhoneNoA,Group\x00Id,Expiration\n13800138000,1,2027-01-31 23:59:59\n"},
	{name: "only blank lines below the header", kind: "header-only", text: "PhoneNoA,GroupId,Expiration\n" + strings.Repeat("\r\n", 1<<16)},
	{name: "no number A", kind: "missing-columns", text: "GroupId,Expiration,客户\n1,2,3\n"},
	{name: "headers that are nearly right", kind: "missing-columns", text: "姓名,主叫电话,G组ID（必填）,Expiraton\na,13800138000,1,2\n"},
	{name: "the wrong delimiter", kind: "delimiter-wrong", text: "A号码,G组ID,过期时间\n1,2,3\n", opt: input.Options{Delimiter: ';'}},
	{name: "no text", kind: "missing-columns", text: "\x1b[31m\x07\xff\x80,x\n1,2\n"},
	{name: "the wrong delimiter, and bars", kind: "delimiter-wrong", text: "A号码|G组ID|过期时间\n1|2|3\n", opt: input.Options{Delimiter: ';'}},
	{name: "two delimiters", kind: "delimiters-mixed", text: "A号码，G组ID,过期时间\n13800138000，1,2027-01-31 23:59:59\n"},
	{name: "titles and no header", kind: "header-not-found", text: "2027年1月号码绑定清单,,\n制表人,张三,\n13800138000,1,2027-01-31 23:59:59\n"},
	{name: "a title above most of a header", kind: "missing-columns", text: "号码绑定清单,,\nA号码,分组ID,结束\n13800138000,1,2027-01-31 23:59:59\n"},
	{name: "a row above the header", kind: "rows-above-header", text: "13800138000,1,2027-01-31 23:59:59\nA号码,分组ID,过期时间\n13800138001,1,2027-01-31 23:59:59\n"},
	{name: "a number in a title", kind: "rows-above-header", text: "联系电话,13800138000,\nA号码,分组ID,过期时间\n13800138001,1,2027-01-31 23:59:59\n"},
	{name: "two headers that differ", kind: "two-headers", text: "清单,,\nA号码,分组ID,过期时间\n分组ID,A号码,过期时间\n13800138001,1,2027-01-31 23:59:59\n"},
	{name: "a results header below one that is padded", kind: "two-headers", text: "A号码,分组ID,过期时间,,\nA号码,分组ID,过期时间,Status,SubsId\n13800138001,1,2027-01-31 23:59:59,UNKNOWN,\n"},
	{name: "a header in two levels", kind: "two-headers", text: "A号码,分组ID,过期时间,选填,\n,,,B号码,城市\n13800138000,1,2027-01-31 23:59:59,13900139000,北京\n"},
	{name: "a second header that knows more", kind: "two-headers", text: "A号码,分组ID,过期时间,客户,地区\nPhoneNoA,GroupId,Expiration,PhoneNoB,ExpectCity\n13800138000,1,2027-01-31 23:59:59,13900139000,北京\n"},
	{name: "a second header with A and B swapped", kind: "two-headers", text: "A,B,C\nB号码,A号码,备注\n13900139000,13800138000,x\n", opt: input.Options{Defaults: map[field.Field]string{field.GroupID: "1", field.Expiration: "2099-01-31 23:59:59"}}},
	{name: "results with marks, cut short", kind: "results-cut", text: "A号码*,分组ID*,过期时间*,Line*,Code*,Message*,Reason*,Action*,SecretNo*,SubsId*\n13800138001,1,2027-01-31 23:59:59,2,OK,,,,17000000000,5\n"},
	{name: "rows that lost digits above the header", kind: "rows-above-header", text: "1.38E+10,1,x\nA号码,分组ID,过期时间\n13800138001,1,2027-01-31 23:59:59\n"},
	{name: "tildes", kind: "delimiter-unknown", text: "A号码~分组ID~过期时间\n13800138001~1~2027-01-31 23:59:59\n"},
	{name: "a header in quotation marks with delimiters behind", kind: "header-in-quotes", text: "\"A号码,分组ID,过期时间\",,\n\"13800138001,1,2027-01-31 23:59:59\",,\n"},
	{name: "two numbers a line", kind: "no-number-column", text: "17100000001,17100000002\n", opt: input.Options{Numbers: true}},
	{name: "a title above a results file cut short", kind: "results-cut", text: "清单\nA号码,分组ID,过期时间,Line,Code,Message,Reason,Action,SecretNo,SubsId\n13800138001,1,2027-01-31 23:59:59,2,OK,,,,17000000000,5\n"},
	{name: "results under other headers", kind: "results-renamed", text: "A号码,分组ID,过期时间,行,情况,中间号码,绑定编号,请求编号\n13800138000,1,2027-01-31 23:59:59,2,失败,,,\n13800138001,1,2027-01-31 23:59:59,3,已绑定,17000000000,1000000000000001,4BC0F5B1-7D2C-4F0A-9E37-2A1F63D8C501\n"},
	{name: "a broken title", kind: "header-quotes", text: "\"清单\"2027,,\n"},
	{name: "only empty cells below the header", kind: "header-only", text: "A号码,分组ID,过期时间\n,,\n\" \",\"\",　\n\x1a"},
	{name: "a list without numbers", kind: "no-number-column", text: "Name,City\nfoo,bar\n", opt: input.Options{Numbers: true}},
	{name: "nothing known", kind: "missing-columns", text: "foo|bar\n1|2\n"},
	{name: "no header", kind: "no-header", text: "13800138000,1,2027-01-31 23:59:59\n13800138001,1,2027-01-31 23:59:59\n"},
	{name: "bare number", kind: "ambiguous-number", text: "姓名,手机号,G组ID,过期时间\na,13800138000,1,2\n"},
	{name: "bare telephone", kind: "ambiguous-number", text: "电话,G组ID,过期时间\n13800138000,1,2\n"},
	{name: "two columns", kind: "two-columns", text: "A号码,G组ID,PhoneNoA,过期时间\n1,2,3,4\n"},
	{name: "same column twice", kind: "column-twice", text: "A号码,G组ID,A号码,过期时间\n1,2,3,4\n", opt: input.Options{Map: map[string]field.Field{"A号码": field.PhoneNoA}}},
	{name: "map to nowhere", kind: "map-absent", text: "A号码,G组ID,过期时间\n1,2,3\n", opt: input.Options{Map: map[string]field.Field{"乙号码": field.PhoneNoB}}},
	{name: "map with a slip", kind: "map-absent", text: "A号码,乙方号码,G组ID,过期时间\n1,2,3,4\n", opt: input.Options{Map: map[string]field.Field{"乙方号吗": field.PhoneNoB}}},
	{name: "map to two fields", kind: "map-twice", text: "A号码,G组ID,过期时间\n1,2,3\n", opt: input.Options{Map: map[string]field.Field{"A 号码": field.PhoneNoB, "A号码": field.PhoneNoB, "a_号码": field.PhoneNoX}}},
	{name: "quotes in the header", kind: "header-quotes", text: "A\"号码,G组ID,过期时间\n1,2,3\n"},
	{name: "one line of numbers", kind: "too-many-columns", text: strings.Repeat("13800138000,", 50000)},
	{name: "nothing but delimiters", kind: "missing-columns", text: strings.Repeat(",", 100000)},
	{name: "very wide", kind: "too-many-columns", text: "A号码,G组ID,过期时间" + strings.Repeat(",", 1100) + "\n1,2,3\n"},
	{name: "unknown encoding", kind: "encoding-unknown", text: "A\n1\n", opt: input.Options{Encoding: "big5"}},
	{name: "unusable delimiter", kind: "delimiter-unusable", text: "A\n1\n", opt: input.Options{Delimiter: '"'}},
}

func TestRefusals(t *testing.T) {
	var golden bytes.Buffer
	for _, test := range refusedInputs {
		in, err := input.Open(strings.NewReader(test.text), int64(len(test.text)), test.opt)
		var refused *input.Error
		if !errors.As(err, &refused) {
			t.Errorf("%s: input %v, error %v; want an InputError", test.name, in, err)
			continue
		}
		if in != nil || refused.Kind != test.kind {
			t.Errorf("%s: input %v, kind %s, want %s", test.name, in, refused.Kind, test.kind)
		}
		if refused.Error() != refused.Reason(report.EN) {
			t.Errorf("%s: Error is not the English reason", test.name)
		}
		fmt.Fprintf(&golden, "%s [%s]\n", test.name, refused.Kind)
		for _, lang := range []report.Lang{report.EN, report.ZH} {
			reason, cure := refused.Reason(lang), refused.Cure(lang)
			if reason == "" || cure == "" || strings.Contains(reason+cure, "%!") {
				t.Errorf("%s: reason %q, cure %q", test.name, reason, cure)
			}
			if strings.Contains(reason+cure, "13800138000") && !strings.Contains(cure, "13800138000") {
				t.Errorf("%s: a number is not masked: %s", test.name, reason)
			}
			fmt.Fprintf(&golden, "  %s\n  > %s\n", reason, cure)
		}
	}
	path := filepath.Join("testdata", "input", "refusals.golden")
	if *updateInput {
		if err := os.WriteFile(path, golden.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), golden.String()); diff != "" {
		t.Errorf("messages differ from %s (-want +got); run with -update-input to accept:\n%s", path, diff)
	}
}

// brokenFile fails after some bytes.
type brokenFile struct{ good string }

func (b brokenFile) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(b.good)) {
		return 0, errors.New("disk on fire")
	}
	return copy(p, b.good[off:]), nil
}

func TestOpenInputReadError(t *testing.T) {
	_, err := input.Open(brokenFile{"PhoneNoA,GroupId"}, 100, input.Options{})
	var refused *input.Error
	if err == nil || errors.As(err, &refused) {
		t.Errorf("error %v, want that of the file", err)
	}
}
