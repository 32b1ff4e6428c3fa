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
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/report"
)

// paths are the files of a run: its input, its results, what else it writes, and where
// its journal is.
type paths struct {
	*request
	source *files.Source
	made   bool         // the source was made of what the journal knows of a batch; its path is the batch's id
	input  *input.Input // nil if vacant
	vacant bool         // the input has a header and no rows, which is allowed

	results     string      // resolved
	place       store.Place // of the journal
	journalPath string      // of its file, or of the simulator's beside it
	simulated   bool        // nothing is bound at the real service
	instance    string      // of the simulator that answers; blank: none, or the embedded one
	warned      bool        // of the journal that is looked at
}

// outputs are those of a run besides the results and its log.
func (p *paths) outputs() []output.File {
	v, of := p.flags, p.about()
	return []output.File{
		{Flag: "--failed", Path: v.Failed, Kind: output.Failed, Mode: files.ModeIn(filepath.Dir(v.Failed)), Of: fromFolderOf(v.Failed, of)},
		{Flag: "--findings", Path: v.Findings, Kind: output.Findings, Mode: 0o600, Of: fromFolderOf(v.Findings, of)},
		{Flag: "--summary", Path: v.Summary, Kind: output.Summary, Mode: 0o600}, // of the last run, whichever batch it was of
		ending.MetricsOutput(v.Metrics),
	}
}

// output is the one of that kind.
func (p *paths) output(kind output.Kind) output.File {
	all := p.outputs()
	return all[slices.IndexFunc(all, func(o output.File) bool { return o.Kind == kind })]
}

// resultsOutput is the results as an output.
func (p *paths) resultsOutput() output.File {
	return output.File{Flag: "--out", Path: p.results, Kind: output.Results, Mode: files.ModeIn(filepath.Dir(p.results))}
}

// about names what the rows to correct and the findings are about: the input,
// whether it or a file made of it is given. A pipe has no name that lasts, so
// there the results name it.
func (p *paths) about() string {
	path := p.source.Path
	if path == "-" || files.IsDevice(path) {
		path = p.results
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
func (p *paths) choosePaths() error {
	v := p.flags
	if v.Simulate {
		p.simulated = true
	} else if p.journalPath == "" {
		if err := p.findPlace(); err != nil {
			return err
		}
	}
	if err := p.chooseResults(); err != nil {
		return err
	}
	if p.journalPath == "" {
		if err := p.embeddedPlace(); err != nil {
			return err
		}
	}
	if !p.simulated && !p.vacant {
		simulated, err := p.input.Simulated()
		if err != nil {
			return exit.Refuse(exit.Input, report.ErrInputRead, p.source.Path, exit.Reason(err))
		}
		if simulated {
			return exit.Refuse(exit.Usage, report.ErrSimInput, p.source.Path)
		}
	}
	return p.distinct()
}

// chooseResults decides where the results stand.
func (p *paths) chooseResults() error {
	v := p.flags
	out := v.Out
	switch {
	case out == "-":
		return exit.Refuse(exit.Usage, report.ErrOutStdout)
	case out == "" && v.Simulate:
		out = p.source.Base() + simulatedInfix + p.ending
	case out == "":
		out = p.source.Base() + p.ending
	}
	if files.Same(out, p.source.Path) {
		return exit.Refuse(exit.Usage, report.ErrOutEqual, out)
	}
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		return exit.Refuse(exit.Usage, report.ErrOutDir, out)
	}
	var err error
	if p.results, err = files.Resolve(out); err != nil {
		return exit.Refuse(exit.Usage, report.ErrOutWrite, out, exit.Reason(err))
	}
	return nil
}

// embeddedPlace decides where the journal of the embedded simulator stands: it lasts as
// long as its results.
func (p *paths) embeddedPlace() (err error) {
	v := p.flags
	p.journalPath = p.results + store.Ending
	// A variable names the journal of real runs, and so does a folder.
	if v.Journal != "" && v.Journal != p.Getenv(store.Variable) && store.NamesFile(v.Journal) {
		p.journalPath = v.Journal
	}
	if p.journalPath, err = files.Resolve(p.journalPath); err != nil {
		return exit.Refuse(exit.Usage, report.ErrJournal, p.journalPath, exit.Reason(err))
	}
	p.place = store.Place{Path: p.journalPath}
	return nil
}

// distinct refuses paths of which two name one file.
func (p *paths) distinct() error {
	v := p.flags
	return command.Distinct([]command.Named{
		{"INPUT", p.source.Path}, {"--out", p.results}, {"--journal", p.journalPath}, {"--failed", v.Failed},
		{"--findings", v.Findings}, {"--summary", v.Summary}, {"--metrics", v.Metrics}, {"--log", v.Log}, {"--x-numbers", v.XNumbers},
		{"--journal", p.journalPath + journal.LockEnding}, {"--journal", p.journalPath + store.ReserveEnding},
	})
}

// distinctFrom is distinct for a batch that was begun: its results are the input.
func (p *paths) distinctFrom() error {
	v := p.flags
	return command.Distinct([]command.Named{
		{"RESULTS", p.results}, {"--journal", p.journalPath}, {"--x-numbers", v.XNumbers}, {"--findings", v.Findings}, {"--summary", v.Summary},
		{"--log", v.Log}, {"--journal", p.journalPath + journal.LockEnding}, {"--journal", p.journalPath + store.ReserveEnding},
	})
}

// writable tries, before anything is sent, whether the files besides the
// results can be written, and whether that would cost nobody anything.
func (p *paths) writable() error {
	for _, o := range p.outputs() {
		if err := p.Try(o); err != nil {
			return err
		}
	}
	return nil
}

// replaceable tries, before anything is sent, whether the results can be
// replaced, and whether that is what stands there.
func (p *paths) replaceable() error {
	if err := files.Replaceable(p.results); err != nil {
		return exit.Refuse(exit.Usage, report.ErrOutWrite, p.Shown(p.results), exit.Reason(err))
	}
	return p.Allow(p.resultsOutput())
}
