package cli

import (
	"io"
	"path/filepath"
	"strings"
	"time"

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

// checkMetrics refuses a path that node_exporter would not read, or where
// something else stands.
func (a *app) checkMetrics(path string) error {
	if path == "" {
		return nil
	}
	if !strings.HasSuffix(path, metricsEnding) || filepath.Base(path) == metricsEnding {
		return exit.Refuse(exit.Usage, report.ErrMetricsName, path)
	}
	return a.Allow(metricsOutput(path))
}

func metricsOutput(path string) output.File {
	return output.File{Flag: "--metrics", Path: path, Kind: output.Metrics, Mode: metricsMode}
}

// writeSummary writes the summary of a run that went as far as its end.
func (j *job) writeSummary(s *report.Summary) {
	if err := j.putSummary(s); err != nil {
		j.fail(s)
		j.sayUnwritten(j.flags.Summary, err)
	}
}

// putSummary writes the summary, if it is wanted.
func (j *job) putSummary(s *report.Summary) error {
	out := j.output(output.Summary)
	if out.Path == "" {
		return nil
	}
	s.Stamp = out.Stamp()
	_, err := j.Write(out, s.WriteJSON)
	return err
}

// writeMetrics writes the metrics of a run that went as far as its end. Its
// failure is an I/O error of the run, as that of every file asked for.
func (j *job) writeMetrics(s *report.Summary) {
	if err := j.replaceMetrics(j.flags.Metrics, s); err != nil {
		j.fail(s)
		j.sayUnwritten(j.flags.Metrics, err)
	}
}

// replaceMetrics replaces the metrics at path, if they are wanted. When the last
// success was is taken over from the old ones unless this run is one.
func (a *app) replaceMetrics(path string, s *report.Summary) error {
	if path == "" {
		return nil
	}
	success := s.Finished
	if s.ExitStatus != exit.OK || s.Simulated {
		success = lastSuccess(path)
	}
	task := strings.TrimSuffix(filepath.Base(path), metricsEnding)
	_, err := a.Write(metricsOutput(path), func(w io.Writer) error { return s.WriteMetrics(w, task, success) })
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
