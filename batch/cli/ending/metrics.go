package ending

import (
	"io"
	"path/filepath"
	"strings"
	"time"

	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
	"axgbind/report"
)

// metricsEnding is what node_exporter's textfile collector looks for.
const metricsEnding = ".prom"

// metricsMode lets node_exporter, another user, read the file. Nothing in it
// tells of a person.
const metricsMode = 0o644

// CheckMetrics refuses a path that node_exporter would not read, or where
// something else stands.
func CheckMetrics(a *command.Invocation, path string) error {
	if path == "" {
		return nil
	}
	if !strings.HasSuffix(path, metricsEnding) || filepath.Base(path) == metricsEnding {
		return exit.Refuse(exit.Usage, report.ErrMetricsName, path)
	}
	return a.Allow(MetricsOutput(path))
}

// MetricsOutput is the metrics as an output.
func MetricsOutput(path string) output.File {
	return output.File{Flag: "--metrics", Path: path, Kind: output.Metrics, Mode: metricsMode}
}

// WriteMetrics replaces the metrics at path, if they are wanted. When the last
// success was is taken over from the old ones unless this run is one.
func WriteMetrics(a *command.Invocation, path string, s *report.Summary) error {
	if path == "" {
		return nil
	}
	success := s.Finished
	if s.ExitStatus != exit.OK || s.Simulated {
		success = lastSuccess(path)
	}
	task := strings.TrimSuffix(filepath.Base(path), metricsEnding)
	_, err := a.Write(MetricsOutput(path), func(w io.Writer) error { return s.WriteMetrics(w, task, success) })
	return err
}

// refusedEnding ends the name of the metrics of a run that was refused because another one
// had the journal, beside those of the task.
const refusedEnding = ".refused" + metricsEnding

// writeRefusal writes the metrics of a run that was refused before its first call. Those of
// the task are replaced, unless a run has the journal: it may be one of the same task, and
// says itself how it ended.
func writeRefusal(a *command.Invocation, path string, s *report.Summary) error {
	if s.ExitStatus != exit.Locked || path == "" {
		return WriteMetrics(a, path, s)
	}
	base := strings.TrimSuffix(path, metricsEnding)
	own := MetricsOutput(base + refusedEnding)
	if err := a.Allow(own); err != nil {
		return err
	}
	_, err := a.Write(own, func(w io.Writer) error { return s.WriteRefusal(w, filepath.Base(base)) })
	return err
}

func lastSuccess(path string) time.Time {
	f, err := files.OpenRegular(path)
	if err != nil {
		return time.Time{}
	}
	defer f.Close()
	return report.ReadLastSuccess(f)
}
