package cli_test

import (
	"encoding/json"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch/rules"
	"axgbind/report"
)

// spoilt is a file as it comes out of a spreadsheet. sent is what the service
// is to get of each row, "A B GroupId Expiration"; "" for a row that is not fit
// to be sent.
var spoilt = []struct{ cells, sent string }{
	{`13800138000,057188992600,2000000000001,2099-01-31 23:59:59,a`, "13800138000 057188992600 2000000000001 2099-01-31 23:59:59"},
	{`138-0013-8001,(0571) 8899 2601,2000000000001.0,2099/1/31 23:59,b`, "13800138001 057188992601 2000000000001 2099-01-31 23:59:00"},
	{`+8613800138002,57188992602,"2,000,000,000,001",2099年1月31日 8:05,c`, "13800138002 057188992602 2000000000001 2099-01-31 08:05:00"},
	{`１３８００１３８００３,+86 571 8899 2603,'2000000000001,2099-01-31T15:59:59Z,d`, "13800138003 057188992603 2000000000001 2099-01-31 23:59:59"},
	{` 13800138004.0 ,,0002000000000001,72716.5,e`, "13800138004  2000000000001 2099-01-31 12:00:00"},
	{`"=""13800138005""",,2.000000000001E+12,20990131235959,f`, "13800138005  2000000000001 2099-01-31 23:59:59"},
	{"138\u200b00138006,1082345678,2000000000001\u00a0,2099-01-31 23:59:59.000,g", "13800138006 01082345678 2000000000001 2099-01-31 23:59:59"},
	{`1.38E+10,,2000000000001,2099-01-31 23:59:59,h`, ""},
	{`13800138007,,2E+12,2099-01-31 23:59:59,i`, ""},
	{`13800138008,,2000000000001,2099-01-31,j`, ""},
	{`13800138009,,2000000000001,1/31/2099 12:00,k`, ""},
	{`13800138010-1,,2000000000001,2099-01-31 23:59:59,l`, ""},
	{`13800138011/13800138012,,2000000000001,2099-01-31 23:59:59,m`, ""},
	{`1380013801,,2000000000001,2099-01-31 23:59:59,n`, ""},
	{`138 0013 8000,0571 8899 2600,2000000000001,2099-01-31 23:59:59,a`, ""}, // equals the first
}

func spoiltFile() string {
	text := "A号码,B号码,分组ID,过期时间,外部ID\r\n"
	for _, r := range spoilt {
		text += r.cells + "\r\n"
	}
	return text
}

// findingsOf reads a list of findings.
func findingsOf(t testing.TB, path string) (list []report.Finding) {
	t.Helper()
	for line := range strings.Lines(read(t, path)) {
		var f report.Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		list = append(list, f)
	}
	return list
}

// What check calls valid is what bind sends, in the form that was put right.
// The results keep the input's own text.
func TestBindSendsWhatCheckCalledValid(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	sim := simulate(t)
	in := write(t, filepath.Join(dir, "in.csv"), spoiltFile())
	checked := axgbind(t, "check", in, "--pool-key", testPool, "--findings", filepath.Join(dir, "check.jsonl")).want(t, 3)
	invalid := map[int]bool{}
	for _, f := range findingsOf(t, filepath.Join(dir, "check.jsonl")) {
		if f.Severity == "error" {
			invalid[f.Row] = true
		}
	}
	var want []string
	for i, r := range spoilt {
		if invalid[i+1] != (r.sent == "") {
			t.Errorf("row %d, %s: invalid is %t", i+1, r.cells, invalid[i+1])
		}
		if r.sent != "" {
			want = append(want, r.sent)
		}
	}
	if says := fmt.Sprintf("%d rows read = %d valid + %d invalid; of the valid, %d repaired", len(spoilt), len(want), len(invalid), len(want)-1); !strings.Contains(checked.stdout, says) {
		t.Errorf("want %q in\n%s", says, checked)
	}
	axgbind(t, sim.bind(in, "--findings", filepath.Join(dir, "bind.jsonl"))...).want(t, 3)
	var got []string
	for _, b := range sim.bindings() {
		got = append(got, strings.Join([]string{b.PhoneNoA, b.PhoneNoB, b.GroupId, b.Expiration}, " "))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bindings (-check +bind):\n%s", diff)
	}
	if diff := cmp.Diff(read(t, filepath.Join(dir, "check.jsonl")), read(t, filepath.Join(dir, "bind.jsonl"))); diff != "" {
		t.Errorf("findings (-check +bind):\n%s", diff)
	}
	results := read(t, filepath.Join(dir, "in.results.csv"))
	for _, r := range spoilt {
		if own := strings.Trim(strings.Split(r.cells, ",")[0], `"`); !strings.Contains(results, own) {
			t.Errorf("the results have lost %s", own)
		}
	}
	// Once more, nothing is left to send.
	n := sim.calls()
	axgbind(t, sim.bind(in)...).want(t, 3)
	if c := sim.calls() - n; c != 0 {
		t.Errorf("%d calls in the second run", c)
	}
}

// check opens no connection, whatever it is told of endpoints, proxies and
// credentials; bind, told the same, does.
func TestCheckNeedsNoNetwork(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var seen atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			seen.Add(1)
			c.Close()
		}
	}()
	defer func() { l.Close(); <-done }()
	url := "http://" + l.Addr().String()
	vars := map[string]string{
		"AXGBIND_ENDPOINT": url, "HTTP_PROXY": url, "HTTPS_PROXY": url, "ALL_PROXY": url, "ALIBABA_CLOUD_CREDENTIALS_URI": url,
		"AXGBIND_POOL_KEY": testPool, "ALIBABA_CLOUD_ACCESS_KEY_ID": testKey, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": testSecret,
	}
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), spoiltFile())
	keyless := map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ""}
	for name, value := range vars {
		if _, ok := keyless[name]; !ok {
			keyless[name] = value
		}
	}
	for _, args := range [][]string{{"check", in}, {"check", in, "--findings", filepath.Join(dir, "f.csv"), "--failed", filepath.Join(dir, "fix.csv")}} {
		for _, env := range []map[string]string{vars, keyless} {
			if got := spawnWith(t, dir, env, nil, args...).wait(); got.status != 3 {
				t.Errorf("%v: %s", args, got)
			}
		}
	}
	if n := seen.Load(); n != 0 {
		t.Errorf("%d connections", n)
	}
	// A plan wants to know whose journal it is to read, and no key.
	spawnWith(t, dir, keyless, nil, "bind", "--dry-run", in).wait().want(t, 3)
	if n := seen.Swap(0); n > 1 {
		t.Errorf("a plan made %d connections", n)
	}
	spawnWith(t, dir, vars, nil, "bind", in, "--yes", "--retries", "0", "--limit", "1", "--until", "1s").wait()
	if seen.Load() == 0 {
		t.Error("bind did not connect either: the test cannot tell")
	}
}

func TestFindingsFlag(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct {
		flag   string
		status int
		says   string
	}{
		{at("f.txt"), 10, "must end in .csv, .jsonl, .ndjson or .json"},
		{at("f"), 10, "must end in .csv"},
		{at("no/f.csv"), 10, "f.csv"},
		{in, 10, "in.csv"},
		{at("in.results.csv"), 10, "in.results.csv"},
		{at("f.csv"), 0, "0 findings listed in"},
		{at("f.JSONL"), 0, "0 findings listed in"},
	} {
		for _, command := range [][]string{{"check", in}, {"bind", "--simulate", in, "-o", at("in.results.csv")}} {
			got := axgbind(t, append(command, "--findings", c.flag)...).want(t, c.status)
			if !strings.Contains(got.stderr, c.says) {
				t.Errorf("%v --findings %s: want %q in\n%s", command, c.flag, c.says, got)
			}
		}
	}
	if got := read(t, at("f.csv")); !strings.HasPrefix(got, bom+strings.Join(report.FindingColumns(), ",")+",axgbind-") || strings.Count(got, "\n") != 1 {
		t.Errorf("no findings: %q", got)
	}
	if read(t, in) != content(0, 3).String() {
		t.Error("the input was written to")
	}
	// Refused before anything is read: the input need not even exist.
	axgbind(t, "check", at("none.csv"), "--findings", at("f.txt")).want(t, 10)

	// --strict refuses the file and still leaves the list of reasons.
	bad := content(0, 3)
	bad[2][0] = "x"
	in = write(t, at("bad.csv"), bad.String())
	axgbind(t, "bind", "--simulate", in, "--strict", "--findings", at("strict.jsonl")).want(t, 6)
	if list := findingsOf(t, at("strict.jsonl")); len(list) != 1 || list[0].Rule != "phone-not-digits" || list[0].Row != 2 || list[0].Line != 3 || list[0].Column != "A" || list[0].Header != "PhoneNoA" {
		t.Errorf("findings %+v", list)
	}
}

// A file in which every row resembles the first is told so, and the list is
// kept short.
func TestManyNearDuplicates(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	rows := content(0, 1501)
	for _, r := range rows[2:] {
		r[0] = rows[1][0]
	}
	in, list := write(t, filepath.Join(dir, "in.csv"), rows.String()), filepath.Join(dir, "f.jsonl")
	got := axgbind(t, "check", in, "--allow-duplicates", "--findings", list).want(t, 0)
	if n := len(findingsOf(t, list)); n != 1000 {
		t.Errorf("%d near duplicates are listed", n)
	}
	for _, says := range []string{", 1500 rows (lines 3, 4, 5, 6, 7 and 1495 more) [near-duplicate]\n", "1501 rows read = 1501 valid + 0 invalid; of the valid, 0 repaired and 1500 with warnings\n"} {
		if !strings.Contains(got.stdout, says) {
			t.Errorf("want %q in\n%s", says, got)
		}
	}
	if says := "lists the first 1000 of 1500 near-duplicate findings"; !strings.Contains(got.stderr, says) {
		t.Errorf("want %q in\n%s", says, got)
	}
}

// Rows that are not sent are counted alike whether the file is read again, for
// --failed, or not.
func TestCheckCountsAlike(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), spoiltFile())
	axgbind(t, "check", in, "--summary", filepath.Join(dir, "a.json")).want(t, 3)
	axgbind(t, "check", in, "--summary", filepath.Join(dir, "b.json"), "--failed", filepath.Join(dir, "fix.csv")).want(t, 3)
	var sums [2]report.Summary
	for i, name := range []string{"a.json", "b.json"} {
		if err := json.Unmarshal([]byte(read(t, filepath.Join(dir, name))), &sums[i]); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(sums[0].Counts, sums[1].Counts); diff != "" {
		t.Errorf("counts:\n%s", diff)
	}
	if diff := cmp.Diff(sums[0].Failures, sums[1].Failures); diff != "" || len(sums[0].Failures) == 0 {
		t.Errorf("failures:\n%s", diff)
	}
}

func TestExplainEveryRule(t *testing.T) {
	for lang, l := range map[string]report.Lang{"en": report.EN, "zh": report.ZH} {
		all := axgbind(t, "explain", "--lang", lang).want(t, 0).stdout
		for _, r := range rules.All() {
			one := axgbind(t, "explain", r.ID, "--lang", lang).want(t, 0).stdout
			for _, says := range []string{r.ID, r.Meaning.In(l), r.Cure.In(l), r.Code} {
				if !strings.Contains(one, says) {
					t.Errorf("explain %s: want %q in\n%s", r.ID, says, one)
				}
			}
			if strings.Contains(one, "%") || !strings.Contains(all, r.ID) || !strings.Contains(all, r.Meaning.In(l)) {
				t.Errorf("explain %s: verbs in it, or not in the list\n%s", r.ID, one)
			}
		}
	}
}
