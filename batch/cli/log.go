package cli

import (
	"io"
	"log/slog"
	"os"

	"axgbind/report"
)

// logs is the log of a run: slog to standard error or to a file. Nothing that
// reaches it holds a full number, a key or a URL.
type logs struct {
	*slog.Logger
	file *os.File
}

func (j *job) openLog() (*logs, error) {
	l := &logs{}
	var w io.Writer = j.console
	level := slog.LevelInfo
	switch {
	case j.flags.verbose:
		level = slog.LevelDebug
	case j.flags.log == "":
		level = slog.LevelWarn // standard error has the sentences already
	}
	if j.flags.log != "" {
		f, err := os.OpenFile(j.flags.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			return nil, refuse(statusUsage, report.ErrWrite, j.flags.log, reasonOf(err))
		}
		l.file, w = f, f
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: plainAttr}
	if j.settings.logFormat == "json" {
		l.Logger = slog.New(slog.NewJSONHandler(w, options))
	} else {
		l.Logger = slog.New(slog.NewTextHandler(w, options))
	}
	return l, nil
}

// plainAttr makes texts that are not ours fit to stand in a log.
func plainAttr(_ []string, a slog.Attr) slog.Attr {
	switch v := a.Value.Any().(type) {
	case string:
		a.Value = slog.StringValue(report.Shown(v))
	case error:
		a.Value = slog.StringValue(report.Shown(v.Error()))
	}
	return a
}

func (l *logs) close() {
	if l.file != nil {
		l.file.Close()
	}
}
