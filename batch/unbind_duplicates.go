package batch

import (
	"strings"

	"axgbind/report"
)

// Duplicate is a binding that reconcile found to be one too many: it fits a row
// that is BOUND to another.
type Duplicate struct {
	Line             int // of the row, where its input had it
	PoolKey          string
	PhoneNoA         string
	GroupID          string
	SecretNo, SubsID string
	Beside           string // SubsId of the binding that the row is BOUND to
}

// Duplicates returns the bindings that reconcile named for the BOUND rows of a
// job and that were not released since, whatever became of the rows' own, in the
// order in which the rows were sent first.
func (j *Journal) Duplicates(results string) (list []Duplicate, err error) {
	for i := range j.entries {
		e := &j.entries[i]
		if e.update || e.outcome < 0 || e.status != report.Bound && e.status != report.Released || int(e.run) >= len(j.Runs) || j.Runs[e.run].Results != results {
			continue
		}
		end, err := j.recordAt(e.outcome)
		if err != nil {
			return nil, err
		}
		if end.kind != kindLook {
			continue
		}
		found, err := end.decode()
		if err != nil {
			return nil, err
		}
		if found.Look != Ours.String() {
			continue
		}
		sent, err := j.detailAt(e.last)
		if err != nil {
			return nil, err
		}
		for _, more := range j.notReleased(sent.PoolKey, found.More) {
			subs, x, _ := strings.Cut(more, " ")
			list = append(list, Duplicate{
				Line: sent.Line, PoolKey: sent.PoolKey, PhoneNoA: sent.PhoneNoA, GroupID: sent.GroupID,
				SecretNo: x, SubsID: subs, Beside: found.SubsID,
			})
		}
	}
	return list, nil
}

// notReleased leaves out of bindings, each its SubsId and X, those of a pool that
// were released.
func (j *Journal) notReleased(pool string, bindings []string) (left []string) {
	for _, b := range bindings {
		subs, x, _ := strings.Cut(b, " ")
		if at, ok := j.index[releaseKey(pool, x, subs)]; !ok || j.entries[at].status != report.Released {
			left = append(left, b)
		}
	}
	return left
}
