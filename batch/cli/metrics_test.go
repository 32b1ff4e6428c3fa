package cli_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"axgbind/batch/journal"
)

// gauges are the series of a metrics file without their label task, which is
// the same in all.
func gauges(t *testing.T, path, task string) map[string]float64 {
	t.Helper()
	list := map[string]float64{}
	for line := range strings.Lines(read(t, path)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, value, _ := strings.Cut(strings.TrimSpace(line), "} ")
		v, err := strconv.ParseFloat(value, 64)
		if err != nil || !strings.Contains(name, `{task="`+task+`"`) {
			t.Fatalf("%q: %v", line, err)
		}
		list[strings.Replace(name, `{task="`+task+`"`, "", 1)] = v
	}
	return list
}

// TestMetricsFile: every end of a run replaces the metrics, also one before the
// first call; the last success survives the runs that are none.
func TestMetricsFile(t *testing.T) {
	p := newPlace(t)
	p.sim.real()
	prom := p.path("night.prom")
	vars := map[string]string{"AXGBIND_METRICS": prom}
	const last = "axgbind_last_success_timestamp_seconds"
	series := 0
	check := func(what string, status int, want map[string]float64) map[string]float64 {
		t.Helper()
		got := gauges(t, prom, "night")
		want["axgbind_run_exit_status"] = float64(status)
		for name, v := range want {
			if got[name] != v {
				t.Errorf("%s: %s is %v, want %v", what, name, got[name], v)
			}
		}
		if age := float64(time.Now().Unix()) - got["axgbind_last_completion_timestamp_seconds"]; age < -1 || age > patience.Seconds() {
			t.Errorf("%s: completed %v s ago", what, age)
		}
		if series == 0 {
			series = len(got)
		}
		if len(got) != series || series != 17 {
			t.Errorf("%s: %d series", what, len(got))
		}
		return got
	}

	p.write("in.csv", content(0, 3))
	axgbindWith(t, vars, "", "bind", p.path("none.csv")).want(t, 6)
	check("no input", 6, map[string]float64{last: 0, `axgbind_rows,state="bound"`: 0})
	axgbindWith(t, vars, "", "bind", "--simulate", p.path("in.csv")).want(t, 0)
	check("rehearsal", 0, map[string]float64{last: 0, "axgbind_run_simulated": 1, `axgbind_rows,state="bound"`: 3})
	p.bind(5, 2, "in.csv", "--limit", "2", "--metrics", prom)
	check("canary", 5, map[string]float64{last: 0, "axgbind_run_calls": 2, `axgbind_rows,state="bound"`: 2, `axgbind_rows,state="pending"`: 1})
	p.bind(0, 1, "in.csv", "--metrics", prom)
	success := check("success", 0, map[string]float64{"axgbind_run_calls": 1, "axgbind_run_simulated": 0, `axgbind_rows,state="bound"`: 3})[last]
	if age := float64(time.Now().Unix()) - success; age < -1 || age > patience.Seconds() {
		t.Errorf("succeeded %v s ago", age)
	}
	if info, err := os.Stat(prom); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o644 {
		t.Errorf("%v, %v", info.Mode(), err)
	}

	for _, c := range []struct {
		status int
		args   []string
	}{
		{10, []string{p.path("in.csv")}},
		{10, []string{p.path("in.csv"), "--no-such-flag"}},
		{6, []string{p.path("none.csv"), "--simulate"}},
		{0, []string{p.path("in.csv"), "--simulate"}},
	} {
		axgbindWith(t, vars, "", append([]string{"bind"}, c.args...)...).want(t, c.status)
		check(strings.Join(c.args, " "), c.status, map[string]float64{last: success})
	}
	before := read(t, prom)
	axgbindWith(t, vars, "", "check", p.path("in.csv")).want(t, 0)
	axgbindWith(t, vars, "", "bind", "--dry-run", "--pool-key", testPool, p.path("in.csv")).want(t, 0)
	if read(t, prom) != before {
		t.Error("a check wrote metrics")
	}
}

// TestMetricsOfLocked: a run that another one keeps from its turn leaves the metrics of the
// task as they are, and writes its own beside them.
func TestMetricsOfLocked(t *testing.T) {
	t.Parallel()
	sim := simulate(t, "--latency", "50ms").real()
	dir := newFolder(t)
	prom, own := filepath.Join(dir, "night.prom"), filepath.Join(dir, "night.refused.prom")
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 300).String())
	other := write(t, filepath.Join(dir, "other.csv"), content(300, 2).String())
	axgbind(t, sim.bind(other, "--metrics", prom)...).want(t, 0)
	if _, err := os.Stat(own); err == nil {
		t.Error("a run that had its turn wrote that it was refused")
	}
	before := read(t, prom)
	p := spawn(t, dir, sim.bind(in, "--rate", "100", "--metrics", prom)...)
	p.eventually("some rows were sent", func() bool { return sim.stats().Actions["BindAxg"] > 5 })
	for range 2 { // it replaces its own
		axgbind(t, sim.bind(in, "--metrics", prom)...).want(t, 11)
		if got := read(t, prom); got != before {
			t.Errorf("the metrics of the task were changed:\n%s", got)
		}
		got := gauges(t, own, "night")
		if age := float64(time.Now().Unix()) - got["axgbind_refused_timestamp_seconds"]; len(got) != 2 || got["axgbind_refused_exit_status"] != 11 || age < -1 || age > patience.Seconds() {
			t.Errorf("%v", got)
		}
	}
	p.wait().want(t, 0)
	if got := gauges(t, prom, "night"); got["axgbind_run_exit_status"] != 0 || got["axgbind_run_calls"] != 300 || got["axgbind_last_success_timestamp_seconds"] == 0 {
		t.Errorf("of the run that had its turn: %v", got)
	}
	// What stands at its place and is none of ours is kept.
	f := journal.NewFile(filepath.Join(memory(t), "axgbind.journal"), nil)
	if held, err := f.Lock(); err != nil || !held {
		t.Fatalf("held %v, %v", held, err)
	}
	defer f.Close()
	write(t, own, "mine\n")
	if got := axgbind(t, sim.bind(in, "--metrics", prom)...).want(t, 11); read(t, own) != "mine\n" || !strings.Contains(got.stderr, "night.refused.prom") {
		t.Errorf("%q\n%s", read(t, own), got)
	}
}

// TestMetricsRefusals: a path that cannot work is refused, and what stands
// there is kept, by the refusal's own metrics too.
func TestMetricsRefusals(t *testing.T) {
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 1).String())
	other := write(t, filepath.Join(dir, "other.prom"), "# HELP node_up Whether it is up.\n")
	asInput := write(t, filepath.Join(dir, "in.prom"), content(0, 1).String())
	for _, c := range []struct {
		want string
		args []string
	}{
		{"reads only names that end in .prom", []string{in, "--metrics", filepath.Join(dir, "metrics.txt")}},
		{"reads only names that end in .prom", []string{in, "--metrics", filepath.Join(dir, ".prom")}},
		{"is no metrics file of axgbind", []string{in, "--metrics", other}},
		{"is no metrics file of axgbind", []string{asInput, "--metrics", asInput}},
		{"cannot be written", []string{in, "--metrics", filepath.Join(dir, "none", "x.prom")}},
		{"--summary and --metrics are the same file", []string{in, "--metrics", filepath.Join(dir, "x.prom"), "--summary", filepath.Join(dir, "x.prom")}},
	} {
		o := axgbind(t, append([]string{"bind", "--simulate"}, c.args...)...).want(t, 10)
		if !strings.Contains(o.stderr, c.want) || !strings.Contains(o.stderr, "cure: ") {
			t.Errorf("%v: no %q\n%s", c.args, c.want, o)
		}
	}
	if read(t, other) != "# HELP node_up Whether it is up.\n" || read(t, asInput) != read(t, in) {
		t.Error("a file of others was changed")
	}
	for _, name := range []string{"metrics.txt", ".prom", "in.simulated.results.csv"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s was made", name)
		}
	}
}
