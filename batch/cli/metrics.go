package cli

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"axgbind/report"
)

// metricsEnding is what node_exporter's textfile collector looks for.
const metricsEnding = ".prom"

// metricsMode lets node_exporter, another user, read the file. Nothing in it
// tells of a person.
const metricsMode = 0o644

// checkMetrics refuses a path that node_exporter would not read, or where
// something else stands.
func checkMetrics(path string) error {
	if path == "" {
		return nil
	}
	if !strings.HasSuffix(path, metricsEnding) || filepath.Base(path) == metricsEnding {
		return refuse(statusUsage, report.ErrMetricsName, path)
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return refuse(statusUsage, report.ErrWrite, path, reasonOf(err))
	}
	defer f.Close()
	first, err := bufio.NewReader(f).ReadString('\n')
	if first != "" && !strings.HasPrefix(first, "# HELP axgbind_") {
		return refuse(statusUsage, report.ErrMetricsForeign, path)
	}
	if err != nil && err != io.EOF {
		return refuse(statusUsage, report.ErrWrite, path, reasonOf(err))
	}
	return nil
}

// writeSummary writes the summary, if it is wanted.
func (j *job) writeSummary(s *report.Summary) {
	if j.flags.summary == "" {
		return
	}
	if err := writeFile(j.flags.summary, 0o600, s.WriteJSON); err != nil {
		j.fail(s)
		j.sayUnwritten(j.flags.summary, err)
	}
}

// writeMetrics writes the metrics of a run that went as far as its end. Its
// failure is an I/O error of the run, as that of every file asked for.
func (j *job) writeMetrics(s *report.Summary) {
	if err := writeMetrics(j.flags.metrics, s); err != nil {
		j.fail(s)
		j.sayUnwritten(j.flags.metrics, err)
	}
}

// writeMetrics replaces the metrics at path, if they are wanted. When the last
// success was is taken over from the old ones unless this run is one.
func writeMetrics(path string, s *report.Summary) error {
	if path == "" {
		return nil
	}
	success := s.Finished
	if s.ExitStatus != statusOK || s.Simulated {
		success = lastSuccess(path)
	}
	task := strings.TrimSuffix(filepath.Base(path), metricsEnding)
	return writeFile(path, metricsMode, func(w io.Writer) error { return s.WriteMetrics(w, task, success) })
}

func lastSuccess(path string) time.Time {
	f, err := os.Open(path)
	if err != nil {
		return time.Time{}
	}
	defer f.Close()
	return report.ReadLastSuccess(f)
}
