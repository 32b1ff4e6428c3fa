package cli

import (
	"path/filepath"
	"slices"
	"strings"

	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
)

// outputs are those of a job besides its results and its log.
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
