package night_test

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// TestMetrics: what --metrics writes is read by the parser that node_exporter
// reads it with, keeps the naming rules of Prometheus, and has the same series
// after a run and after a refusal.
func TestMetrics(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "axgbind.exe")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	prom := filepath.Join(dir, "night.prom")
	run := func(status int, input string) map[string]*dto.MetricFamily {
		t.Helper()
		c := exec.Command(program, "bind", "--simulate", "--metrics", prom, "--out", filepath.Join(dir, "out.csv"), input)
		out, err := c.CombinedOutput()
		if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok || ok && exit.ExitCode() != status || err == nil && status != 0 {
			t.Fatalf("%v\n%s", err, out)
		}
		text := file(t, prom)
		parser := expfmt.NewTextParser(model.LegacyValidation)
		families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		problems, err := promlint.New(bytes.NewReader(text)).Lint()
		if err != nil || len(problems) > 0 {
			t.Errorf("%v %v", problems, err)
		}
		if got := families["axgbind_run_exit_status"].Metric[0].GetGauge().GetValue(); got != float64(status) {
			t.Errorf("status %d in the metrics, want %d", int(got), status)
		}
		return families
	}
	names := func(families map[string]*dto.MetricFamily) (list []string) {
		for name, family := range families {
			if family.GetType() != dto.MetricType_GAUGE || family.GetHelp() == "" {
				t.Errorf("%s: %s, help %q", name, family.GetType(), family.GetHelp())
			}
			for _, m := range family.Metric {
				series := name
				for _, l := range m.Label {
					series += " " + l.GetName() + "=" + l.GetValue()
				}
				list = append(list, series)
			}
		}
		slices.Sort(list)
		return list
	}
	refused := names(run(6, filepath.Join(dir, "none.csv")))
	done := run(0, filepath.Join("..", "bindings.csv"))
	if ran := names(done); !slices.Equal(refused, ran) || len(ran) != 17 {
		t.Errorf("series after a refusal: %v\nafter a run: %v", refused, ran)
	}
	bound := 0.0
	for _, m := range done["axgbind_rows"].Metric {
		for _, l := range m.Label {
			if l.GetName() == "state" && l.GetValue() == "bound" {
				bound = m.GetGauge().GetValue()
			}
		}
	}
	if bound != 50 {
		t.Errorf("%v rows bound", bound)
	}
}
