package command

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

// Log is the log of a run: slog to standard error or to a file, whose ending says
// whether it is JSON. Nothing that reaches it holds a full number, a key or a URL.
type Log struct {
	*slog.Logger
	file    *os.File
	created bool  // by this run
	began   int64 // its size behind the first line
}

// OpenLog begins the log of a command, if only of what standard error does not have
// already.
func OpenLog(a *Invocation, command, path string, verbose bool) (*Log, error) {
	l := &Log{}
	var w io.Writer = a.Console
	level := slog.LevelInfo
	switch {
	case verbose:
		level = slog.LevelDebug
	case path == "":
		level = slog.LevelWarn // standard error has the sentences already
	}
	if path != "" {
		if err := a.Allow(output.File{Flag: "--log", Path: path, Kind: output.Log}); err != nil {
			return nil, err
		}
		_, serr := os.Stat(path)
		l.created = errors.Is(serr, fs.ErrNotExist)
		f, err := files.OpenAppend(path, 0o600)
		if err != nil {
			return nil, exit.Refuse(exit.Usage, report.ErrWrite, path, exit.Reason(err))
		}
		l.file, w = f, f
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: plainAttr}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json", ".jsonl":
		l.Logger = slog.New(slog.NewJSONHandler(w, options))
	default:
		l.Logger = slog.New(slog.NewTextHandler(w, options))
	}
	if l.file != nil {
		l.Info("started", "program", "axgbind", "command", command) // by its first line a log is known to be one of ours
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

// Close ends the log. A new log that holds nothing but its first line is taken
// away again: the run was refused.
func (l *Log) Close() {
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
