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
	err = j.foundMore(j.Ledger.BatchNumber(id), func(info *ledger.RowInfo, found *Detail) error {
		more := j.Strays(found.More)
		if len(more) == 0 {
			return nil
		}
		k, err := j.BindingAt(int32(info.Binding))
		sent := k.Detail
		for _, b := range more {
			subs, x, _ := strings.Cut(b, " ")
			list = append(list, Duplicate{
				Line: sent.Line, PoolKey: sent.PoolKey, PhoneNoA: sent.PhoneNoA, GroupID: sent.GroupID,
				SecretNo: x, SubsID: subs, Beside: found.SubsID,
			})
		}
		return err
	})
	return list, err
}

// Surplus are the SubsIds that reconcile named as one too many for the rows of any batch.
func (j *Journal) Surplus() (map[string]bool, error) {
	named := map[string]bool{}
	err := j.foundMore(0, func(_ *ledger.RowInfo, found *Detail) error {
		for _, b := range found.More {
			subs, _, _ := strings.Cut(b, " ")
			named[subs] = true
		}
		return nil
	})
	return named, err
}

// foundMore calls each for the rows of a batch, 0 for all, whose binding a look-up found
// among others.
func (j *Journal) foundMore(batch uint32, each func(*ledger.RowInfo, *Detail) error) error {
	for n := range j.Ledger.Len() {
		info := j.Ledger.Info(n)
		if info.Op != ledger.Bind && info.Op != ledger.Renew || info.Binding < 0 || batch != 0 && info.Key.Batch != batch {
			continue
		}
		found, err := j.DetailAt(info.Last)
		if err == nil && found.Look == Ours.String() && len(found.More) > 0 {
			err = each(&info, &found)
		}
		if err != nil {
			return err
		}
	}
	return nil
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
