package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"axgbind/batch/cli/command"
	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
	"axgbind/batch/cli/store"
	"axgbind/batch/journal"
	"axgbind/report"
)

// outputs are those of a run besides the results and its log.
func (j *job) outputs() []output.File {
	v, of := j.flags, j.about()
	return []output.File{
		{Flag: "--failed", Path: v.Failed, Kind: output.Failed, Mode: files.ModeIn(filepath.Dir(v.Failed)), Of: fromFolderOf(v.Failed, of)},
		{Flag: "--findings", Path: v.Findings, Kind: output.Findings, Mode: 0o600, Of: fromFolderOf(v.Findings, of)},
		{Flag: "--summary", Path: v.Summary, Kind: output.Summary, Mode: 0o600}, // of the last run, whichever batch it was of
		ending.MetricsOutput(v.Metrics),
	}
}

// output is the one of that kind.
func (j *job) output(kind output.Kind) output.File {
	all := j.outputs()
	return all[slices.IndexFunc(all, func(o output.File) bool { return o.Kind == kind })]
}

// resultsOutput is the results as an output.
func (j *job) resultsOutput() output.File {
	return output.File{Flag: "--out", Path: j.results, Kind: output.Results, Mode: files.ModeIn(filepath.Dir(j.results))}
}

// about names what the rows to correct and the findings are about: the input,
// whether it or a file made of it is given. A pipe has no name that lasts, so
// there the results name it.
func (j *job) about() string {
	path := j.source.Path
	if path == "-" || files.IsDevice(path) {
		path = j.results
	}
	if resolved, err := files.Resolve(path); err == nil {
		path = resolved
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	endings := []string{".csv", ".results", ".updated", ".unbound", ".duplicates"}
	for again := true; again; {
		again = false
		for _, ending := range endings {
			if short, cut := strings.CutSuffix(path, ending); cut {
				path, again = short, true
			}
		}
	}
	return path
}

// fromFolderOf is a batch as seen from the folder of a file about it, so that
// both can be moved.
func fromFolderOf(path, batch string) string {
	if path, err := files.Resolve(path); err == nil {
		if abs, err := filepath.Abs(path); err == nil {
			if rel, err := filepath.Rel(filepath.Dir(abs), batch); err == nil {
				return filepath.ToSlash(rel)
			}
		}
	}
	return batch
}

// resultsEnding follows the input's name without its ending; simulatedInfix stands
// before an ending for a simulator in this process.
const (
	resultsEnding  = ".results.csv"
	simulatedInfix = ".simulated"
)

// choosePaths decides where results and journal stand, and refuses paths that
// cannot work together.
func (j *job) choosePaths() error {
	v := j.flags
	if v.Simulate {
		j.simulated = true
	} else if j.journalPath == "" {
		if err := j.findPlace(); err != nil {
			return err
		}
	}
	if err := j.chooseResults(); err != nil {
		return err
	}
	if j.journalPath == "" {
		if err := j.embeddedPlace(); err != nil {
			return err
		}
	}
	if !j.simulated && !j.vacant {
		simulated, err := j.input.Simulated()
		if err != nil {
			return exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
		}
		if simulated {
			return exit.Refuse(exit.Usage, report.ErrSimInput, j.source.Path)
		}
	}
	return j.distinct()
}

// chooseResults decides where the results stand.
func (j *job) chooseResults() error {
	v := j.flags
	out := v.Out
	switch {
	case out == "-":
		return exit.Refuse(exit.Usage, report.ErrOutStdout)
	case out == "" && v.Simulate:
		out = j.source.Base() + simulatedInfix + j.ending
	case out == "":
		out = j.source.Base() + j.ending
	}
	if files.Same(out, j.source.Path) {
		return exit.Refuse(exit.Usage, report.ErrOutEqual, out)
	}
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		return exit.Refuse(exit.Usage, report.ErrOutDir, out)
	}
	var err error
	if j.results, err = files.Resolve(out); err != nil {
		return exit.Refuse(exit.Usage, report.ErrOutWrite, out, exit.Reason(err))
	}
	return nil
}

// embeddedPlace decides where the journal of the embedded simulator stands: it lasts as
// long as its results.
func (j *job) embeddedPlace() (err error) {
	v := j.flags
	j.journalPath = j.results + store.Ending
	// A variable names the journal of real runs, and so does a folder.
	if v.Journal != "" && v.Journal != j.Getenv(store.Variable) && store.NamesFile(v.Journal) {
		j.journalPath = v.Journal
	}
	if j.journalPath, err = files.Resolve(j.journalPath); err != nil {
		return exit.Refuse(exit.Usage, report.ErrJournal, j.journalPath, exit.Reason(err))
	}
	j.place = store.Place{Path: j.journalPath}
	return nil
}

// distinct refuses paths of which two name one file.
func (j *job) distinct() error {
	v := j.flags
	return command.Distinct([]command.Named{
		{"INPUT", j.source.Path}, {"--out", j.results}, {"--journal", j.journalPath}, {"--failed", v.Failed},
		{"--findings", v.Findings}, {"--summary", v.Summary}, {"--metrics", v.Metrics}, {"--log", v.Log}, {"--x-numbers", v.XNumbers},
		{"--journal", j.journalPath + journal.LockEnding}, {"--journal", j.journalPath + store.ReserveEnding},
	})
}

// distinctFrom is distinct for a batch that was begun: its results are the input.
func (j *job) distinctFrom() error {
	v := j.flags
	return command.Distinct([]command.Named{
		{"RESULTS", j.results}, {"--journal", j.journalPath}, {"--x-numbers", v.XNumbers}, {"--findings", v.Findings}, {"--summary", v.Summary},
		{"--log", v.Log}, {"--journal", j.journalPath + journal.LockEnding}, {"--journal", j.journalPath + store.ReserveEnding},
	})
}

// writable tries, before anything is sent, whether the files besides the
// results can be written, and whether that would cost nobody anything.
func (j *job) writable() error {
	for _, o := range j.outputs() {
		if err := j.Try(o); err != nil {
			return err
		}
	}
	return nil
}

// replaceable tries, before anything is sent, whether the results can be
// replaced, and whether that is what stands there.
func (j *job) replaceable() error {
	if err := files.Replaceable(j.results); err != nil {
		return exit.Refuse(exit.Usage, report.ErrOutWrite, j.Shown(j.results), exit.Reason(err))
	}
	return j.Allow(j.resultsOutput())
}
