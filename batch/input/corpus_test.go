package input_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/batch/rules"
	"axgbind/report"

	"github.com/google/go-cmp/cmp"
)

var updateCorpus = flag.Bool("update-corpus", false, "rewrite the golden findings of the corpus")

// corpusFile returns an input of testdata/corpus. {x * 1000000} in it stands
// for a million x.
func corpusFile(t testing.TB, rule string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "corpus", rule+".csv"))
	if err != nil {
		t.Fatalf("every rule has a file that breaks it: %v", err)
	}
	return regexp.MustCompile(`\{(.) \* (\d+)\}`).ReplaceAllStringFunc(string(text), func(s string) string {
		n, _ := strconv.Atoi(s[5 : len(s)-1])
		return strings.Repeat(s[1:2], n)
	})
}

// found is a finding and where it was found.
type found struct {
	row, line int
	fault     input.Fault
}

// planFindings makes a plan of an input and returns what it finds. Rows have
// their turn every 10 seconds.
func planFindings(t testing.TB, in *input.Input, twice bool) (*plan.Plan, []found) {
	t.Helper()
	var all []found
	plan, err := plan.New(in, nil, plan.Options{Now: inputNow, Rate: 0.1, AllowDuplicates: twice, Finding: func(row, line int, f *input.Fault) {
		all = append(all, found{row, line, *f})
	}})
	if err != nil {
		t.Fatal(err)
	}
	return plan, all
}

// remarksOf are what is said of the file as a whole.
func remarksOf(in *input.Input, plan *plan.Plan) []input.Remark {
	remarks := append(in.Remarks(), in.Unread()...)
	if blank, ok := plan.Blank.Remark(); ok {
		remarks = append(remarks, blank)
	}
	return remarks
}

// goldenFindings is everything that is said of an input: for people and for
// programs, in both languages.
func goldenFindings(t testing.TB, remarks []input.Remark, plan *plan.Plan, all []found) string {
	t.Helper()
	b := &bytes.Buffer{}
	var tally input.Findings
	for i := range all {
		tally.Add(all[i].row, all[i].line, &all[i].fault)
	}
	for _, lang := range []report.Lang{report.EN, report.ZH} {
		for i := range remarks {
			fmt.Fprintln(b, remarks[i].Sentence(lang))
		}
		if err := report.WriteFindings(b, lang, tally.Groups(lang), report.TerminalSize{}); err != nil {
			t.Fatal(err)
		}
		w, _ := report.NewFindingWriter(b, "golden.jsonl", "")
		for i := range remarks {
			finding := remarks[i].Finding(lang)
			if err := w.Write(&finding); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range all {
			finding := f.fault.Finding(f.row, f.line, lang)
			if err := w.Write(&finding); err != nil {
				t.Fatal(err)
			}
		}
	}
	invalid := plan.Counts()[report.Invalid]
	fmt.Fprintf(b, "%d rows, %d invalid, %d repaired, %d with warnings\n", plan.Rows, invalid, plan.Repaired, plan.Warnings)
	return b.String()
}

// unbound are the rules of rows to release, which TestUnbindRows breaks, and that
// of the header, which TestUnread does.
var unbound = map[string]bool{"subsid-other": true, "no-binding": true, "column-not-read": true}

// TestCorpus reads one file for each rule: some of its rows break the rule,
// and others do not. A rule without a file fails.
func TestCorpus(t *testing.T) {
	known := map[string]bool{}
	for _, rule := range rules.All() {
		if unbound[rule.ID] {
			continue
		}
		known[rule.ID] = true
		t.Run(rule.ID, func(t *testing.T) {
			options := input.Options{}
			text := corpusFile(t, rule.ID)
			if !strings.Contains(strings.SplitN(text, "\n", 2)[0], "号池") {
				options.Defaults = map[field.Field]string{field.PoolKey: "FC1"}
			}
			in := openText(t, text, options)
			plan, all := planFindings(t, in, rule.ID == "near-duplicate")
			rows := map[int]bool{}
			remarks := remarksOf(in, plan)
			for i := range remarks {
				if remarks[i].Rule == rule.ID {
					rows[0] = true
				}
			}
			for _, f := range all {
				if f.fault.Rule == rule.ID {
					rows[f.row] = true
				}
			}
			if len(rows) == 0 || len(rows) == plan.Rows {
				t.Errorf("%d of %d rows break the rule, want some but not all", len(rows), plan.Rows)
			}
			path := filepath.Join("testdata", "corpus", rule.ID+".golden")
			got := goldenFindings(t, remarks, plan, all)
			if *updateCorpus {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("findings (-want +got); -update-corpus rewrites them:\n%s", diff)
			}
		})
	}
	files, err := filepath.Glob(filepath.Join("testdata", "corpus", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		if !known[strings.TrimSuffix(name, filepath.Ext(name))] {
			t.Errorf("%s is the file of no rule", name)
		}
	}
}
