package cli_test

import (
	"strings"
	"testing"
)

// TestExcel: results written for Excel, given as input, are the same job: no
// row is sent again, and the results of that run are those of a plain one.
func TestExcel(t *testing.T) {
	p := newPlace(t)
	in := content(0, 5)
	in[0] = append(in[0], "2026年备注")
	for i, note := range []string{"007", "=1+1", `="x"`, "3-4", "two\nlines"} {
		in[i+1] = append(in[i+1], note)
	}
	p.write("in.csv", in)
	p.bind(0, 5, "in.csv", "--excel")
	out := p.path("in.results.csv")
	excel := read(t, out)
	if !strings.HasPrefix(excel, bom) || strings.Contains(strings.ReplaceAll(excel, "\r\n", ""), "\n") || !strings.Contains(excel, `"=""`+phone(0)+`"""`) {
		t.Errorf("not written for Excel:\n%s", excel)
	}
	got := p.bind(0, 0, "in.results.csv", "-o", p.path("plain.csv"))
	if !strings.Contains(got.stderr, "5 settled, 0 new") {
		t.Errorf("it is another job\n%s", got)
	}
	again := p.bind(0, 0, "in.csv")
	if a, b := read(t, p.path("plain.csv")), read(t, out); a != b {
		t.Errorf("fed back:\n%s\nfrom the input itself:\n%s%s", a, b, again)
	}
	p.bind(0, 0, "in.csv", "--excel")

	// Without its journal the verdicts come from the file alone.
	vars := map[string]string{"AXGBIND_JOURNAL": newFolder(t)}
	axgbindWith(t, vars, "", p.sim.bind(out, "-o", p.path("carried.csv"))...).want(t, 0)
	if n := p.sim.calls(); n != 5 {
		t.Errorf("%d calls for 5 rows", n)
	}
	wantCounts(t, results(t, p.path("carried.csv")), "BOUND 5")
}

// TestExcelFailed: rows to correct, written for Excel in Chinese, corrected and
// fed back.
func TestExcelFailed(t *testing.T) {
	p := newPlace(t)
	in := content(0, 4)
	in[2][0] = "1380013800x"
	p.write("in.csv", in)
	p.bind(3, 3, "in.csv", "--excel", "--failed", p.path("fix.csv"), "--lang", "zh")
	fix := read(t, p.path("fix.csv"))
	if !strings.Contains(fix, `"=""行号""",状态,错误码,原因,处理办法,axgbind-`) {
		t.Errorf("header of the rows to correct:\n%s", fix)
	}
	write(t, p.path("fixed.csv"), strings.Replace(fix, `1380013800x`, "13800138001", 1))
	p.bind(0, 1, "fixed.csv")
	wantCounts(t, results(t, p.path("fixed.results.csv")), "BOUND 1")
}
