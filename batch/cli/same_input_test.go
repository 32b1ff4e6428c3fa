package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestSameInput: yesterday's file given again leaves nothing to do, and that its bytes are
// those of an earlier day's is said, in the plan, the summary and the metrics. A file of
// other bytes, of the same day, or with something left to send is no such.
func TestSameInput(t *testing.T) {
	t.Parallel()
	const says, asks = "the input has the same bytes as on 2000-01-01 08:00 (Beijing time, batch ", "is it yesterday's file?"
	for _, c := range []struct {
		name   string
		flags  []string // of the run of the day before
		wait   time.Duration
		file   string // of the second run
		more   string // at the end of that
		status int
		said   bool
	}{
		{"a copy", nil, night, "copy.csv", "", 0, true},
		{"the same file", nil, night, "in.csv", "", 0, true},
		{"weeks later", nil, 20 * night, "in.csv", "", 0, true},
		{"the same day", nil, 15 * time.Hour, "in.csv", "", 0, false},
		{"past midnight in Beijing", nil, 17 * time.Hour, "in.csv", "", 0, true},
		{"other bytes", nil, night, "in.csv", "\n", 0, false},
		{"not finished", []string{"--limit", "2"}, night, "in.csv", "", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inFakeTime(t, func(n *nightly) {
				text := content(0, 3).String()
				run := func(file string, more ...string) outcome {
					return n.run(append([]string{"bind", n.file(file), "--pool-key", testPool, "--summary", n.file("sum.json"), "--metrics", n.file("night.prom")}, more...)...)
				}
				write(n.t, n.file("in.csv"), text)
				first := run("in.csv", c.flags...)
				if strings.Contains(first.stderr, asks) {
					n.t.Errorf("the first time: %s", first)
				}
				time.Sleep(c.wait)
				write(n.t, n.file(c.file), text+c.more)
				if plan := run(c.file, "--dry-run"); strings.Contains(plan.stderr, says) != c.said {
					n.t.Errorf("the plan: %s", plan)
				}
				got := run(c.file).want(n.t, c.status)
				times := 0
				if c.said {
					times = 2 // in the plan, and in the summary
				}
				if strings.Count(got.stderr, says) != times || strings.Count(got.stderr, asks) != times {
					n.t.Errorf("%s", got)
				}
				var s struct {
					SameInput *struct {
						Started    time.Time
						Batch, Run string
					} `json:"same_input"`
				}
				if err := json.Unmarshal([]byte(read(n.t, n.file("sum.json"))), &s); err != nil {
					n.t.Fatal(err)
				}
				if (s.SameInput != nil) != c.said || c.said && (s.SameInput.Started.Unix() != 946684800 || s.SameInput.Batch == "" || s.SameInput.Run == "") {
					n.t.Errorf("the summary: %+v", s.SameInput)
				}
				for _, f := range summarySchema(n.t).check("summary", object(n.t, n.file("sum.json"))) {
					n.t.Error(f)
				}
				want := `axgbind_run_same_input_timestamp_seconds{task="night"} 0` + "\n"
				if c.said {
					want = `axgbind_run_same_input_timestamp_seconds{task="night"} 946684800` + "\n"
				}
				if text := read(n.t, n.file("night.prom")); !strings.Contains(text, want) {
					n.t.Errorf("the metrics: %s", text)
				}
				if !c.said {
					return
				}
				if zh := n.run("bind", n.file(c.file), "--pool-key", testPool, "--lang", "zh"); strings.Count(zh.stderr, "逐字节相同") != 2 {
					n.t.Errorf("%s", zh)
				}
			})
		})
	}
}
