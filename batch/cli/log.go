package cli

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
	"axgbind/report"
)

// logs is the log of a run: slog to standard error or to a file, whose ending says
// whether it is JSON. Nothing that reaches it holds a full number, a key or a URL.
type logs struct {
	*slog.Logger
	file    *os.File
	created bool  // by this run
	began   int64 // its size behind the first line
}

func (j *job) openLog() (*logs, error) {
	l := &logs{}
	var w io.Writer = j.Console
	level := slog.LevelInfo
	switch {
	case j.flags.Verbose:
		level = slog.LevelDebug
	case j.flags.Log == "":
		level = slog.LevelWarn // standard error has the sentences already
	}
	if j.flags.Log != "" {
		if err := j.Allow(output.File{Flag: "--log", Path: j.flags.Log, Kind: output.Log}); err != nil {
			return nil, err
		}
		_, serr := os.Stat(j.flags.Log)
		l.created = errors.Is(serr, fs.ErrNotExist)
		f, err := files.OpenAppend(j.flags.Log, 0o600)
		if err != nil {
			return nil, exit.Refuse(exit.Usage, report.ErrWrite, j.flags.Log, exit.Reason(err))
		}
		l.file, w = f, f
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: plainAttr}
	switch strings.ToLower(filepath.Ext(j.flags.Log)) {
	case ".json", ".jsonl":
		l.Logger = slog.New(slog.NewJSONHandler(w, options))
	default:
		l.Logger = slog.New(slog.NewTextHandler(w, options))
	}
	if l.file != nil {
		l.Info("started", "program", "axgbind", "command", j.verb) // by its first line a log is known to be one of ours
		if info, err := l.file.Stat(); err == nil {
			l.began = info.Size()
		}
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

// close ends the log. A new log that holds nothing but its first line is taken
// away again: the run was refused.
func (l *logs) close() {
	if l.file == nil {
		return
	}
	info, err := l.file.Stat()
	l.file.Close()
	if err == nil && l.created && info.Size() == l.began {
		if path, err := filepath.EvalSymlinks(l.file.Name()); err == nil { // a link that was there stays
			os.Remove(path)
		}
	}
}
