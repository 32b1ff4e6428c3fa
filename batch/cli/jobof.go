package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"axgbind/batch"
	"axgbind/report"
)

// newJobOf opens a job that was begun: its results file is the input, read as
// the job's last run read its own. Flags of this command count more.
func (a *app) newJobOf(c *cobra.Command, v *flags, args []string) (*job, error) {
	if len(args) != 1 {
		return nil, refuse(statusUsage, report.ErrArgs, c.Name(), len(args))
	}
	if err := fromEnvironment(c, a.getenv); err != nil {
		return nil, err
	}
	j := &job{app: a, verb: c.Name(), flags: v, set: c.Flags(), start: time.Now(), defaults: map[string]string{}}
	var err error
	if j.settings, err = v.settings(c, j.start); err != nil {
		return nil, err
	}
	if v.quiet {
		a.console.hold()
	}
	if j.results, err = resolve(args[0]); err != nil {
		return nil, refuse(statusUsage, report.ErrNoJob, args[0])
	}
	if err := j.findJournal(); err != nil {
		return nil, err
	}
	if j.source, err = a.openSource(j.results); err != nil {
		return nil, err
	}
	j.later(j.source.close)
	if err := j.openInput(nil); err != nil {
		j.close()
		return nil, err
	}
	if !j.input.Carries() {
		j.close()
		return nil, refuse(statusUsage, report.ErrNotResults, args[0])
	}
	return j, nil
}

// findJournal finds the journal of the job and takes over how its last run read
// the input: the same row must get the same identity.
func (j *job) findJournal() error {
	path := j.flags.journal
	if path == "" {
		path = j.journalOf(j.results)
	}
	f, err := openRegular(path)
	if errors.Is(err, fs.ErrNotExist) {
		return refuse(statusUsage, report.ErrNoJob, path)
	}
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
	}
	defer f.Close()
	if j.journalPath, err = resolve(path); err != nil {
		return refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
	}
	_, runs, err := batch.ReadRuns(f)
	if err != nil {
		return journalFault(path, err)
	}
	for i := len(runs) - 1; i >= 0; i-- {
		if runs[i].Results == filepath.Base(j.results) {
			if verb := runs[i].Verb(); verb == "unbind" || verb == "update" && j.verb == "reconcile" {
				return refuse(statusUsage, report.ErrNotBind, j.shown(j.results), verb)
			}
			return j.readAs(&runs[i])
		}
	}
	return refuse(statusUsage, report.ErrNotItsJournal, path, filepath.Base(j.results))
}

// journalOf is the journal that stands beside a file, or else the one in its
// folder whose runs wrote the file. If there is neither, it is the name that the
// first would have.
func (a *app) journalOf(path string) string {
	beside := path + journalEnding
	if _, err := os.Stat(beside); err == nil {
		return beside
	}
	found := ""
	files, _ := os.ReadDir(filepath.Dir(path))
	for _, file := range files {
		name := filepath.Join(filepath.Dir(path), file.Name())
		if !file.Type().IsRegular() || name == path {
			continue
		}
		if !wrote(name, path) {
			continue
		}
		if found != "" {
			return beside // which of the two, nobody can tell
		}
		found = name
	}
	if found == "" {
		return beside
	}
	a.say(report.SayJournalFound, a.shown(found))
	return found
}

// wrote reports whether a file is a journal with a run whose results are those at
// path.
func wrote(journal, path string) bool {
	f, err := openRegular(journal)
	if err != nil {
		return false
	}
	defer f.Close()
	_, runs, err := batch.ReadRuns(f)
	return err == nil && slices.ContainsFunc(runs, func(r batch.RunStart) bool { return r.Results == filepath.Base(path) })
}

// readAs takes over defaults and column names of a run, where no flag says
// otherwise.
func (j *job) readAs(run *batch.RunStart) error {
	in := &j.settings.input
	for name, value := range run.Fields {
		field, err := batch.ParseField(name)
		if err != nil {
			return refuse(statusUsage, report.ErrNewer, j.journalPath, err.Error())
		}
		if _, given := in.Defaults[field]; !given {
			in.Defaults[field] = value
		}
	}
	for column, name := range run.Columns {
		field, err := batch.ParseField(name)
		if err != nil {
			return refuse(statusUsage, report.ErrNewer, j.journalPath, err.Error())
		}
		if _, given := in.Map[column]; !given {
			in.Map[column] = field
		}
	}
	j.settings.poolOption = in.Defaults[batch.PoolKey]
	return nil
}
