package report

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// WriteMetrics writes a run in the text format of Prometheus, for the textfile
// collector of node_exporter. It stands in for prometheus/client_golang, which
// brings nine modules for what is a dozen lines of text.
//
// Every series is there whatever happened, so that an alert never waits for
// one to appear: after a run that was refused, counts are 0. task tells the
// files of one folder apart; it must be the same from run to run. success is
// when a run of the task last ended with status 0, zero if none ever did. The
// texts are English whatever the language of the run: they are for machines,
// and node_exporter wants the same ones in all files.
func (s *Summary) WriteMetrics(w io.Writer, task string, success time.Time) error {
	b := &gauges{label: `{task="` + escapeLabel(task) + `"`}
	gauge := b.gauge
	b.family("rows", "Rows of the input by where they stand after the last run.")
	for _, status := range Statuses {
		fmt.Fprintf(b, "axgbind_rows%s,state=\"%s\"} %d\n", b.label, strings.ToLower(status.String()), s.Count(status))
	}
	gauge("rows_already", "Of the rows that are bound, those that take a binding of another row or batch as theirs.", float64(s.Already))
	gauge("run_calls", "BindAxg calls of the last run.", float64(s.Calls))
	gauge("run_retries", "Calls of the last run for a row that it had tried before.", float64(s.Retries))
	gauge("run_throttled", "Answers of the last run that refused a call for its rate.", float64(s.Throttled))
	gauge("run_duration_seconds", "How long the last run took.", max(s.Finished.Sub(s.Started).Seconds(), 0))
	gauge("run_exit_status", "Exit status of the last run; 0 is success.", float64(s.ExitStatus))
	gauge("run_simulated", "1 if the last run was a rehearsal against the simulator.", flag01(s.Simulated))
	var same time.Time
	if s.SameInput != nil {
		same = s.SameInput.Started
	}
	gauge("run_same_input_timestamp_seconds", "When an earlier run of another day began whose input had the same bytes as that of the last run, if nothing of it was to be sent; 0 if none did.", stamp(same))
	gauge("last_completion_timestamp_seconds", "When the last run ended, whatever its status.", stamp(s.Finished))
	gauge(lastSuccess, "When a run that was no rehearsal last ended with status 0; 0 if none ever did.", stamp(success))
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteRefusal writes, likewise, that a run was refused because another one had the
// journal. It is a file of its own: that of the task tells of the run that goes on, or of
// the last one that had its turn.
func (s *Summary) WriteRefusal(w io.Writer, task string) error {
	b := &gauges{label: `{task="` + escapeLabel(task) + `"`}
	b.gauge("refused_exit_status", "Exit status of the last run that was refused because another one had the journal.", float64(s.ExitStatus))
	b.gauge("refused_timestamp_seconds", "When a run was last refused because another one had the journal.", stamp(s.Finished))
	_, err := io.WriteString(w, b.String())
	return err
}

// gauges are metrics as they are written. The label, without its end, is that of all.
type gauges struct {
	strings.Builder
	label string
}

func (g *gauges) family(name, help string) {
	fmt.Fprintf(g, "# HELP axgbind_%s %s\n# TYPE axgbind_%s gauge\n", name, help, name)
}

func (g *gauges) gauge(name, help string, value float64) {
	g.family(name, help)
	fmt.Fprintf(g, "axgbind_%s%s} %s\n", name, g.label, strconv.FormatFloat(value, 'f', -1, 64))
}

const lastSuccess = "last_success_timestamp_seconds"

// ReadLastSuccess reads from metrics that WriteMetrics wrote when a run last
// succeeded. The zero time is the answer when they do not say.
func ReadLastSuccess(r io.Reader) time.Time {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		rest, ok := strings.CutPrefix(lines.Text(), "axgbind_"+lastSuccess+"{")
		if !ok {
			continue
		}
		value, err := strconv.ParseFloat(rest[strings.LastIndexByte(rest, ' ')+1:], 64)
		if err != nil || !(value > 0) || value > 1<<40 {
			return time.Time{}
		}
		return time.UnixMilli(int64(math.Round(value * 1000)))
	}
	return time.Time{}
}

// stamp is a time as Prometheus has it, to the millisecond.
func stamp(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

func flag01(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// escapeLabel makes a text the value of a label.
func escapeLabel(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(Shown(s))
}
