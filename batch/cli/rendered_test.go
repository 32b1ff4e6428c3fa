package cli_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/report"
)

var languages = []string{report.EN: "en", report.ZH: "zh"}

// stage is a results file, and the pages made of it by the reader's language.
type stage struct {
	rows  []row
	text  string
	pages [2]string
}

// tell reads results and makes their pages.
func tell(t *testing.T, path string) (r stage) {
	t.Helper()
	dir := filepath.Dir(path)
	r.rows, r.text = results(t, path), read(t, path)
	for lang, name := range languages {
		r.pages[lang] = normalise(pageOf(t, path, "--journal", dir, "--lang", name), dir)
	}
	for i, row := range r.rows {
		r.rows[i]["Reason"] = normalise(report.Shown(row["Reason"]), dir)
	}
	return r
}

// mixedNight runs a batch in a language, to rows of every state, looks what became of
// those in doubt, and releases a binding. It tells of the results after each.
func mixedNight(t *testing.T, lang string) (stages []stage) {
	t.Helper()
	dir := newFolder(t)
	played, sim := play(t, simulator.Options{Numbers: 50})
	flags := []string{"--lang", lang, "--journal", dir}
	before, in := filepath.Join(dir, "before (1).csv"), filepath.Join(dir, "in.csv")
	results := func(path, kind string) string { return strings.TrimSuffix(path, ".csv") + "." + kind + ".csv" }
	axgbind(t, sim.bind(write(t, before, content(0, 1).String()), flags...)...).want(t, 0)

	rows := content(0, 12)
	rows[1][2] = soon(60 * 24 * time.Hour) // bound by the other batch until another day
	rows[6][0], rows[7][0], rows[7][1], rows[8] = "1380013", "1380013800x", "E; (x): 7", rows[5]
	for _, fault := range []string{"slow=0", "http-503=1", "drop-before=1", "code:isv.NO_NOT_EXIST=1"} {
		if err := played.SetFaults(faultList(t, []string{fault})); err != nil {
			t.Fatal(err)
		}
		write(t, in, rows.String())
		axgbind(t, sim.bind(in, append(flags, "--max-inflight", "1", "--retries", "0", "--timeout", "500ms", "--limit", "1")...)...)
		rows[2][3] = "another order" // of the row that is bound by now
	}
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	stages = append(stages, tell(t, results(in, "results")))
	wantCounts(t, stages[0].rows, "FAILED 1, INVALID 3, HELD 2, UNKNOWN 2, PENDING 4")

	service := append(flags, "--endpoint", sim.url, "--progress", "none")
	writeJournal(t, journalIn(t, dir), moved(t, read(t, journalIn(t, dir)), 2*time.Minute))
	axgbind(t, append([]string{"reconcile", results(in, "results"), "--x-numbers", write(t, filepath.Join(dir, "x.txt"), sim.numbers())}, service...)...).want(t, 4)
	stages = append(stages, tell(t, results(in, "results")))
	axgbind(t, append([]string{"unbind", results(in, "results"), "--yes"}, service...)...)
	return append(stages, tell(t, results(in, "results.unbound")))
}

// TestReasonsInTheReadersLanguage: a page says each reason as the page of the same run does
// that was made in the reader's language; and a results file that is run again in another
// language, without its journal, says the Message of a row in that.
func TestReasonsInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	var nights [2][]stage
	for lang, name := range languages {
		t.Run(name, func(t *testing.T) { nights[lang] = mixedNight(t, name) })
	}
	if t.Failed() {
		return
	}
	seen := map[string]bool{}
	for lang, own := range nights {
		reader := report.Lang(lang)
		for i, s := range own {
			others := nights[report.ZH-reader][i]
			page := others.pages[reader]
			for k, r := range s.rows {
				e := aliyun.Lookup(r["Code"])
				if r["Reason"] == "" || r["Code"] == "" || r.status() == "RELEASED" || r["Reason"] == books.Sentence(reader, e.Meaning, e.Cause) {
					continue // no page says it
				}
				seen[r.status()] = true
				if !strings.Contains(page, r["Reason"]) || strings.Contains(page, others.rows[k]["Reason"]) {
					t.Errorf("%s, stage %d: the page does not say %q, or says %q", languages[reader], i, r["Reason"], others.rows[k]["Reason"])
				}
			}
			if reader == report.ZH {
				_, body, _ := strings.Cut(page, "<body>")
				body = strings.ReplaceAll(body, "<wbr>", "")
				inChinese(t, "page", regexp.MustCompile(`(?s)<pre>.*?</pre>|<td class="id"[^>]*>.*?</td>|<[^>]*>|DIR/|before \(1\)|SUBSID|E; \(x\): 7`).ReplaceAllString(body, " "))
			}
		}
		again := filepath.Join(newFolder(t), "again.csv")
		_, sim := play(t, simulator.Options{})
		axgbind(t, sim.bind(write(t, again, nights[report.ZH-reader][0].text), "--journal", filepath.Dir(again), "--lang", languages[reader])...)
		for k, r := range results(t, strings.TrimSuffix(again, ".csv")+".results.csv") {
			want := own[0].rows[k]
			if want["Code"] != aliyun.CodeBadAnswer {
				continue
			}
			seen["again"] = true
			if r.own("Code") != want["Code"] || r.own("Message") != want["Message"] {
				t.Errorf("%s: run again, the row is %s: %q, want %q", languages[reader], r.own("Code"), r.own("Message"), want["Message"])
			}
		}
	}
	if len(seen) != 4 {
		t.Errorf("only these were seen: %v", seen)
	}
}
