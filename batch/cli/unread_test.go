package cli_test

import (
	"encoding/csv"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// almost is an input whose optional columns are under almost-known headers.
func almost(from int) table {
	rows := table{{"A号码", "B号码（备用）", "G组ID", "过期时间", "所在城市", "通话录音\n(是/否)", "备注", "Department"}}
	return append(rows, []string{phone(from), phone(from + 500), "2000000000001", expiration, "", "否", "x", "y"})
}

// TestUnreadColumns: columns that were hardly meant to be left out are told by name
// before anything is sent, with what to type; typed, it has them read.
func TestUnreadColumns(t *testing.T) {
	p := newPlace(t)
	in := p.write("in.csv", almost(0))
	flags := []string{"--map 'B号码（备用）=PhoneNoB'", "--map '所在城市=ExpectCity'", "--map '通话录音 (是/否)=IsRecordingEnabled'"}
	for lang, says := range map[string]string{"en": "warning: column B (B号码（备用）) is not read", "zh": "警告：B 列（B号码（备用））不会被读取"} {
		for _, args := range [][]string{{"check", in}, {"bind", in, "--dry-run", "--pool-key", testPool}, {"bind", in, "--simulate"}, p.sim.bind(in)} {
			got := axgbind(t, append(args, "--lang", lang)...)
			if got.status != 0 || !strings.Contains(got.stderr, says) {
				t.Errorf("%q: %s", args, got)
			}
			for _, flag := range flags {
				if !strings.Contains(got.stderr, flag) {
					t.Errorf("%q: no %s\n%s", args, flag, got)
				}
			}
			if n := strings.Count(got.stderr, "--map "); n != len(flags) {
				t.Errorf("%q: %d columns\n%s", args, n, got)
			}
		}
	}
	// A shell reads the flags as they are printed.
	words, err := exec.Command("sh", "-c", `printf '%s\n' `+strings.Join(flags, " ")).Output()
	if err != nil {
		t.Skip(err)
	}
	other := p.write("other.csv", almost(1))
	typed := strings.Split(strings.TrimSpace(string(words)), "\n")
	got := axgbind(t, p.sim.bind(other, typed...)...).want(t, 0)
	if strings.Contains(got.stderr, "is not read") {
		t.Errorf("%s", got)
	}
	if !slices.ContainsFunc(p.sim.bindings(), func(b binding) bool { return b.PhoneNoA == phone(1) && b.PhoneNoB == phone(501) }) {
		t.Errorf("bound as %+v", p.sim.bindings())
	}
	// A faulty row does not hide the columns, nor does --quiet then.
	wrong := almost(2)
	wrong[1][0] = "12"
	got = axgbind(t, "check", p.write("wrong.csv", wrong), "--quiet").want(t, 3)
	if !strings.Contains(got.stderr, flags[0]) {
		t.Errorf("%s", got)
	}
	silent := content(9, 1)
	silent[0] = append(silent[0], "备注", "Remark", "CityManager")
	silent[1] = append(silent[1], "", "", "")
	if got := axgbind(t, "check", p.write("silent.csv", silent)).want(t, 0); strings.Contains(got.stderr, "warning") {
		t.Errorf("a false alarm: %s", got)
	}
}

// TestUnreadFindings: the list of findings has the columns too, and explain knows
// the rule.
func TestUnreadFindings(t *testing.T) {
	p := newPlace(t)
	in := p.write("in.csv", almost(0))
	list := p.path("findings.csv")
	axgbind(t, "check", in, "--findings", list, "--lang", "en").want(t, 0)
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(read(t, list), bom))).ReadAll()
	if err != nil || len(all) != 4 {
		t.Fatalf("%d records, %v", len(all), err)
	}
	want := []string{"warning", "column-not-read", "0", "1", "B", "B号码（备用）", "PhoneNoB"}
	for i, cell := range want {
		if all[1][i] != cell {
			t.Errorf("%s is %q, want %q", all[0][i], all[1][i], cell)
		}
	}
	if cure := all[1][slices.Index(all[0], "Action")]; !strings.Contains(cure, "--map 'B号码（备用）=PhoneNoB'") {
		t.Errorf("the cure is %q", cure)
	}
	axgbind(t, p.sim.bind(in, "--findings", p.path("findings.jsonl"))...).want(t, 0)
	if text := read(t, p.path("findings.jsonl")); strings.Count(text, `"rule":"column-not-read"`) != 3 {
		t.Errorf("%s", text)
	}
	for _, lang := range []string{"en", "zh"} {
		if got := axgbind(t, "explain", "column-not-read", "--lang", lang).want(t, 0); !strings.Contains(got.stdout, "--map") {
			t.Errorf("%s", got)
		}
	}
}
