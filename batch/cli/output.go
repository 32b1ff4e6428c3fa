package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"axgbind/aliyun"
	"axgbind/report"
)

// output is a file that a command writes whole. What stands at its path may be
// somebody's work: it is replaced only if it is of the same kind and, where
// people work in such files, as it was written.
type output struct {
	flag string // by which it was named
	path string
	kind content
	mode fs.FileMode
	of   string // whose rows it is about: the name of the batch, for kinds that tell
}

// policy is how an output of a kind treats what stands at its path.
type policy struct {
	stamped bool // it tells whether it was changed
	beside  bool // a foreign file is kept and the new one written beside it; otherwise the command is refused
	devices bool
}

// What programs look for under one name is refused where something foreign
// stands, for they would go on reading that; what people read goes beside it.
func (o *output) policy() policy {
	switch o.kind {
	case contentFailed, contentFindings:
		return policy{stamped: true, beside: true}
	case contentSummary:
		return policy{stamped: true, beside: true, devices: true}
	case contentLog:
		return policy{devices: true}
	}
	return policy{}
}

// stamp is what the file has to tell, "" if it tells nothing.
func (o *output) stamp() string {
	if !o.policy().stamped {
		return ""
	}
	return report.Stamp(o.of)
}

// verdict is what becomes of an output, for what stands at a path.
type verdict int

const (
	fits    verdict = iota // nothing is lost there
	keeps                  // what is there is kept; the output goes beside it
	refuses                // nothing of the kind may be written there
)

// judge says whether the output may take the place of what stands at path. The
// error is why it may not.
func (o *output) judge(path string) (verdict, error) {
	if slices.ContainsFunc(aliyun.CredentialFiles(), func(keys string) bool { return sameFile(keys, path) }) {
		return refuses, worded{report.Say(report.WhyIsKeys)}
	}
	if temporaryName(path) {
		return refuses, worded{report.Say(report.WhyIsTemporary)}
	}
	p := o.policy()
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fits, nil
	case err != nil:
		return refuses, err
	case info.IsDir():
		return refuses, worded{report.Say(report.WhyDirectory, "is a directory")}
	case !info.Mode().IsRegular() && p.devices:
		return fits, nil
	case !info.Mode().IsRegular():
		return refuses, worded{report.Say(report.WhyDevice)}
	}
	f, err := openRegular(path)
	if err != nil {
		return refuses, err
	}
	defer f.Close()
	have, err := contentOf(f, info.Size())
	switch {
	case err != nil:
		return refuses, err
	case have == contentNone:
		return fits, nil
	case have == o.kind && !p.stamped:
		return fits, nil
	case have == o.kind:
		unchanged, own, err := report.ReadStamp(f, info.Size(), o.of)
		switch {
		case err != nil:
			return refuses, err
		case !unchanged:
			return keeps, worded{report.Say(report.WhyEdited)}
		case !own:
			return refuses, worded{report.Say(report.WhyOtherBatch)}
		}
		return fits, nil
	case have == contentForeign && p.beside:
		return keeps, worded{report.Say(report.WhyForeign)}
	case !p.beside && (have == contentForeign || have == contentInput):
		return refuses, worded{report.Say(o.kind.foreign())}
	}
	return refuses, worded{report.Say(have.phrase())}
}

// mostBeside is how many files may gather beside one that is kept.
const mostBeside = 99

// beside is the first name beside path that the output may have.
func (o *output) beside(path string) (string, error) {
	ext := filepath.Ext(path)
	for n := 1; n <= mostBeside; n++ {
		name := path + ".new" + ext
		if n > 1 {
			name = path + ".new" + strconv.Itoa(n) + ext
		}
		if v, _ := o.judge(name); v == fits && !isDevice(name) {
			return name, nil
		}
	}
	return "", worded{report.Say(report.WhyManyBeside, mostBeside)}
}

// allow refuses an output whose place is not its own.
func (a *app) allow(o output) error {
	if o.path == "" {
		return nil
	}
	v, why := o.judge(o.path)
	if v != refuses {
		return nil
	}
	if _, judged := errors.AsType[worded](why); !judged { // it could not be looked at
		return refuse(statusUsage, report.ErrWrite, o.path, reasonOf(why))
	}
	return refuse(statusUsage, report.ErrOutput, a.shown(o.path), reasonOf(why), o.flag)
}

// try is allow, and tries whether the output can be written.
func (a *app) try(o output) error {
	if err := a.allow(o); err != nil || o.path == "" || o.policy().devices && isDevice(o.path) {
		return err
	}
	path := o.path
	if v, _ := o.judge(path); v == keeps {
		beside, err := o.beside(path)
		if err != nil {
			return refuse(statusUsage, report.ErrWrite, path, reasonOf(err))
		}
		path = beside
	}
	if err := replaceable(path); err != nil {
		return refuse(statusUsage, report.ErrWrite, path, reasonOf(err))
	}
	return nil
}

// write writes the output, and returns where it is: at its path or, if what
// stands there is to be kept, beside it. A device is written to as it is.
func (a *app) write(o output, write func(io.Writer) error) (string, error) {
	if isDevice(o.path) && o.policy().devices {
		f, err := openDevice(o.path)
		if err != nil {
			return "", err
		}
		err = write(f)
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		return o.path, err
	}
	r, err := replace(o.path, o.mode)
	if err != nil {
		return "", err
	}
	if err := write(r); err != nil {
		r.discard()
		return "", err
	}
	return a.put(r, o)
}

// put puts a file that was written to the place of an output.
func (a *app) put(r *replacement, o output) (string, error) {
	if o.policy().stamped {
		info, err := r.file.Stat()
		if err == nil {
			err = report.FinishStamp(r.file, info.Size())
		}
		if err != nil {
			r.discard()
			return "", err
		}
	}
	if err := r.seal(); err != nil {
		return "", err
	}
	at, path := r.path, o.path
	if v, why := o.judge(at); v != fits { // judged anew: a run may take hours
		beside, err := o.beside(at)
		if err != nil {
			r.discard()
			return "", err
		}
		a.say(report.SayKeptBeside, a.shown(at), reasonOf(why), a.shown(beside))
		at, path = beside, a.shown(beside)
	}
	err := r.rename(at)
	if err != nil {
		r.discard()
	}
	return path, err
}

// outputs are those of a job besides its results and its log.
func (j *job) outputs() []output {
	v, of := j.flags, j.about()
	return []output{
		{"--failed", v.failed, contentFailed, j.settings.outMode, fromFolderOf(v.failed, of)},
		{"--findings", v.findings, contentFindings, 0o600, fromFolderOf(v.findings, of)},
		{"--summary", v.summary, contentSummary, 0o600, ""}, // of the last run, whichever batch it was of
		metricsOutput(v.metrics),
		{"--html", v.html, contentPage, pageMode, ""},
	}
}

// output is the one of that kind.
func (j *job) output(kind content) output {
	all := j.outputs()
	return all[slices.IndexFunc(all, func(o output) bool { return o.kind == kind })]
}

// resultsOutput is the results as an output.
func (j *job) resultsOutput() output {
	return output{flag: "--out", path: j.results, kind: contentResults, mode: j.settings.outMode}
}

// about names what the rows to correct and the findings are about: the input,
// whether it or a file made of it is given. A pipe has no name that lasts, so
// there the results name it.
func (j *job) about() string {
	path := j.source.path
	if path == "-" || isDevice(path) {
		path = j.results
	}
	if resolved, err := resolve(path); err == nil {
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
	if path, err := resolve(path); err == nil {
		if abs, err := filepath.Abs(path); err == nil {
			if rel, err := filepath.Rel(filepath.Dir(abs), batch); err == nil {
				return filepath.ToSlash(rel)
			}
		}
	}
	return batch
}
