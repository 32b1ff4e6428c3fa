package books

import (
	"strings"

	"axgbind/batch/ledger"
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
// batch, by its id, and that are still there and no row's, whatever became of the
// rows' own, in the order in which the rows were sent first.
func (j *Journal) Duplicates(id string) (list []Duplicate, err error) {
	batch := j.Ledger.BatchNumber(id)
	for n := range j.Ledger.Len() {
		info := j.Ledger.Info(n)
		if info.Op != ledger.Bind && info.Op != ledger.Renew || info.Binding < 0 || info.Key.Batch != batch {
			continue
		}
		k, err := j.BindingAt(int32(info.Binding))
		if err != nil {
			return nil, err
		}
		found, err := j.DetailAt(info.Last)
		if err != nil {
			return nil, err
		}
		sent := k.Detail
		if found.Look != Ours.String() {
			continue
		}
		for _, more := range j.Strays(found.More) {
			subs, x, _ := strings.Cut(more, " ")
			list = append(list, Duplicate{
				Line: sent.Line, PoolKey: sent.PoolKey, PhoneNoA: sent.PhoneNoA, GroupID: sent.GroupID,
				SecretNo: x, SubsID: subs, Beside: found.SubsID,
			})
		}
	}
	return list, nil
}

// Strays are those of bindings, each its SubsId and X, that were not ended and that
// no row has.
func (j *Journal) Strays(bindings []string) (left []string) {
	for _, b := range bindings {
		subs, _, _ := strings.Cut(b, " ")
		stray := true
		j.Asks(func(l *ledger.Ledger) {
			if n, ok := l.BindingOf(ledger.ParseSubsID(subs)); ok {
				known := l.Binding(n)
				stray = known.Life == ledger.Bound && known.Holder < 0
			}
		})
		if stray {
			left = append(left, b)
		}
	}
	return left
}
