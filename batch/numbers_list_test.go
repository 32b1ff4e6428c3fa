package batch_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"axgbind/batch"
	"axgbind/report"
)

func TestReadNumbers(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("中间号,城市\n17100000000,杭州市\n")
	if err != nil {
		t.Fatal(err)
	}
	x := func(no, pool, city string) batch.Number {
		return batch.Number{SecretNo: no, PoolKey: pool, City: city}
	}
	for _, test := range []struct {
		name, text, pool string
		want             []batch.Number
		err              string
	}{
		{"a column", "SecretNo\n17100000000\n17100000001\n", "P", []batch.Number{x("17100000000", "P", ""), x("17100000001", "P", "")}, ""},
		{"BOM, city and pool", "\uFEFF城市,SecretNo,号池\n杭州,17100000000,Q\n,17100000001,\n", "P", []batch.Number{x("17100000000", "Q", "杭州"), x("17100000001", "P", "")}, ""},
		{"tabs", "X\tCity\r\n17100000000\t北京\r\n", "P", []batch.Number{x("17100000000", "P", "北京")}, ""},
		{"semicolons", "X;City\n17100000000;北京\n", "P", []batch.Number{x("17100000000", "P", "北京")}, ""},
		{"GBK", gbk, "P", []batch.Number{x("17100000000", "P", "杭州")}, ""},
		{"one a line", "17100000000\n\n 17100000001\n", "P", []batch.Number{x("17100000000", "P", ""), x("17100000001", "P", "")}, ""},
		{"twice", "17100000000\n17100000000\n", "P", []batch.Number{x("17100000000", "P", "")}, ""},
		{"one number in two pools", "X,PoolKey\n17100000000,P\n17100000000,Q\n", "", []batch.Number{x("17100000000", "P", ""), x("17100000000", "Q", "")}, ""},
		{"JSON", `[{"SecretNo":"17100000000","City":"杭州","State":"free"}]`, "P", []batch.Number{x("17100000000", "P", "杭州")}, ""},
		{"a short line", "City,X\n北京\n上海,17100000000\n", "P", []batch.Number{x("17100000000", "P", "上海")}, ""},
		{"a title, marks, empty cells and Ctrl-Z", "中间号清单,\n*中间号（必填）|城市（选填）\n\u206617100000000|杭\u00ad州市\n|\n'17100000001|NULL\n\x1a", "P", []batch.Number{x("17100000000", "P", "杭州"), x("17100000001", "P", "")}, ""},
		{"sep, whole lines in quotation marks", "sep=;\n\"SecretNo;City\"\n\"17100000000;北京\"\n", "P", []batch.Number{x("17100000000", "P", "北京")}, ""},
		{"one a line, in quotation marks", "\"17100000000\"\n\"\"\n17100000001\n", "P", []batch.Number{x("17100000000", "P", ""), x("17100000001", "P", "")}, ""},
		{"notes that are no hints, a header again and a total", "SecretNo,备注\n17100000000,产品说明\nSecretNo,备注\n合计,1\n17100000001,合计组\n", "P", []batch.Number{x("17100000000", "P", ""), x("17100000001", "P", "")}, ""},
		{"two numbers a line", "17100000000,17100000001\n", "P", nil, "no column with the X numbers"},
		{"the service's words", "号码,归属地\n17100000000,北京\n", "P", []batch.Number{x("17100000000", "P", "北京")}, ""},
		{"empty", "", "P", nil, "no numbers"},
		{"header only", "SecretNo\n", "P", nil, "no numbers"},
		{"no such column", "Name,City\n17100000000,\n", "P", nil, "no column with the X numbers"},
		{"scientific", "X\n17100000000\n1.71E+10\n", "P", nil, "line 3: not an X number"},
		{"no pool", "X\n17100000000\n", "", nil, "line 2: no pool"},
		{"quotes", "X\n\"1\"7\n", "P", nil, "line 2: column A (X): a quotation mark"},
		{"broken JSON", `[{"SecretNo":1}]`, "P", nil, "begins like JSON"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, _, err := batch.ReadNumbers(strings.NewReader(test.text), test.pool)
			if test.err != "" {
				e, ok := err.(*batch.ListError)
				if !ok || !strings.Contains(e.Reason(report.EN), test.err) || e.Reason(report.ZH) == e.Reason(report.EN) || got != nil {
					t.Errorf("%v, error %v, want %q", got, err, test.err)
				}
				return
			}
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func FuzzReadNumbers(f *testing.F) {
	for _, s := range []string{"SecretNo,City\n17100000000,杭州\n", "17100000000\n", `[{"SecretNo":"17100000000"}]`, "\uFEFFX;Y\n\"1", "\xff\xfe1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		numbers, _, err := batch.ReadNumbers(strings.NewReader(text), "FC1")
		if (err == nil) != (len(numbers) > 0) {
			t.Fatalf("%d numbers, error %v", len(numbers), err)
		}
		for _, x := range numbers {
			if x.SecretNo == "" || x.PoolKey == "" || strings.Trim(x.SecretNo, "0123456789") != "" {
				t.Fatalf("%+v", x)
			}
		}
	})
}
