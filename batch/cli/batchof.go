package cli

import (
	"axgbind/batch"
	"axgbind/report"
)

// chooseBatch finds out which batch this run works on. A path proposes a batch: the
// one whose results stand there, or whose results are the input. Its rows confirm
// it: if the input has none of them, a new batch begins.
func (j *job) chooseBatch(journal *batch.Journal) error {
	at, known := journal.BatchAt(j.resultsPath())
	if known && at.First.Command != j.verb {
		return refuse(statusUsage, report.ErrOutOther, j.shown(j.results), at.First.Command)
	}
	if j.settings.input.Bindings {
		if j.batch = at.ID; !known {
			j.batch = journal.NewBatch(j.start)
		}
		return j.chooseSubject(journal)
	}
	if j.input.Carries() {
		id, err := journal.Recognise(j.input)
		if err != nil {
			return refuse(statusInput, report.ErrInputRead, j.source.path, reasonOf(err))
		}
		if b, ok := journal.Batch(id); ok && b.First.Command == j.verb {
			j.batch = id
			return nil
		}
	}
	if !known { // results that were moved with their folder
		old, closeOld, err := j.oldResults()
		if err != nil {
			return err
		}
		if old != nil {
			id, err := journal.Recognise(old)
			closeOld()
			if err == nil {
				at, known = journal.Batch(id)
				known = known && at.First.Command == j.verb
			}
		}
	}
	if known {
		shares, err := journal.Shares(j.input, at.ID)
		if err != nil {
			return refuse(statusInput, report.ErrInputRead, j.source.path, reasonOf(err))
		}
		if shares {
			j.batch = at.ID
			return nil
		}
		pending := 0
		if at.End != nil {
			pending = at.End.Counts[report.Pending.String()]
		}
		j.say(report.SayNewBatch, j.shown(j.results), at.ID, pending, journal.Stands()[at.ID][report.Unknown])
	}
	j.batch = journal.NewBatch(j.start)
	return nil
}

// chooseSubject finds out whose bindings an update or unbind is about: those of the
// batch whose results the input is; else it is a list.
func (j *job) chooseSubject(journal *batch.Journal) error {
	b, known := journal.Batch(j.subject)
	if path, err := absolute(j.source.path); err == nil && !known && j.source.path != "-" {
		b, known = journal.BatchAt(path)
	}
	if !known {
		id, err := journal.Recognise(j.input)
		if err != nil {
			return refuse(statusInput, report.ErrInputRead, j.source.path, reasonOf(err))
		}
		b, known = journal.Batch(id)
	}
	switch {
	case !known:
	case b.First.Command == "bind":
		j.of = b.ID
	default: // results of an update are about what that was about
		j.of = b.Last.Of
	}
	j.settings.plan.Of = j.of
	return nil
}

// resultsPath is the absolute path of the results, by which runs know them.
func (j *job) resultsPath() string {
	path, err := absolute(j.results)
	if err != nil {
		return j.results
	}
	return path
}
