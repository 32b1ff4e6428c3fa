package cli_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFinishAlready: rows that take an earlier binding as theirs are BOUND, and
// the finish line, the summary, the metrics and the text count them apart.
func TestFinishAlready(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := content(0, 3)
	first := write(t, filepath.Join(dir, "first.csv"), in.String())
	sum, prom := filepath.Join(dir, "sum.json"), filepath.Join(dir, "night.prom")
	told := []string{"--journal", filepath.Join(dir, "all.journal"), "--summary", sum, "--metrics", prom}
	check := func(got outcome, already int, line string) {
		t.Helper()
		if !strings.Contains(got.stderr, line) {
			t.Errorf("no %q in\n%s", line, got)
		}
		var s struct {
			Already     *int `json:"already"`
			GoneUnknown *int `json:"gone_unknown"`
			Counts      map[string]int
		}
		if err := json.Unmarshal([]byte(read(t, sum)), &s); err != nil {
			t.Fatal(err)
		}
		if held, ok := s.Counts["HELD"]; !ok || held != 0 || s.Already == nil || *s.Already != already || s.GoneUnknown == nil || *s.GoneUnknown != 0 {
			t.Errorf("want already %d: %s", already, read(t, sum))
		}
		series := gauges(t, prom, "night")
		if _, ok := series[`axgbind_rows,state="held"`]; !ok || series["axgbind_rows_already"] != float64(already) {
			t.Errorf("want already %d: %v", already, series)
		}
		if said := strings.Contains(got.stderr, "BOUND rows that use the binding of another row or batch: 2"); said != (already > 0) {
			t.Errorf("already %d is said: %v\n%s", already, said, got)
		}
	}
	check(axgbind(t, sim.bind(first, told...)...).want(t, 0), 0, " bound=3 failed=0 invalid=0 held=0 unknown=0 pending=0 already=0 calls=3 ")
	in = append(in[:3], content(7, 1)[1])
	second := write(t, filepath.Join(dir, "second.csv"), strings.ReplaceAll(in.String(), expiration, soon(60*24*time.Hour)))
	check(axgbind(t, sim.bind(second, append(told, "--when-bound", "skip")...)...).want(t, 0), 2,
		" bound=3 failed=0 invalid=0 held=0 unknown=0 pending=0 already=2 calls=1 ")
}
