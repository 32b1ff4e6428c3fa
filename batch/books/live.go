package books

import (
	"iter"
	"time"

	"axgbind/batch/ledger"
)

// LiveBinding is a binding that lives, with the values that it has now.
type LiveBinding struct {
	PoolKey, PhoneNoA, PhoneNoB, GroupID, Expiration string
	IsRecordingEnabled, CallRestrict, OutID          string
	SecretNo, SubsID                                 string
	Batch                                            string // id of the one that holds it; blank: none that is known
}

// LiveBindings yields the bindings that were not ended and whose Expiration has not
// passed, in the order in which the journal came to know them: those that a batch
// holds, or with a blank id all. One whose release is in doubt is among them, one of
// which the journal knows no more than a name is not. made adds those that the batch
// made and another holds now. Their values are read back one by one, so that a million
// take no more memory than the journal's own. After an error nothing follows.
func (j *Journal) LiveBindings(batch string, made bool, now time.Time) iter.Seq2[LiveBinding, error] {
	return func(yield func(LiveBinding, error) bool) {
		of := j.Ledger.BatchNumber(batch)
		for n := range j.Ledger.Bindings() {
			maker, holder := j.Ledger.Owners(n)
			if !j.lives(n, now) || batch != "" && holder != of && !(made && maker == of) {
				continue
			}
			b, err := j.liveBinding(n)
			b.Batch = j.Ledger.BatchName(holder)
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// lives reports whether a binding is known to be there.
func (j *Journal) lives(n int, now time.Time) bool {
	b := j.Ledger.Binding(n)
	return b.Life == ledger.Bound && b.OK >= 0 && !Expired(b, now)
}

// liveBinding reads back what a binding is now.
func (j *Journal) liveBinding(n int) (LiveBinding, error) {
	k, err := j.BindingAt(int32(n))
	if err != nil {
		return LiveBinding{}, err
	}
	v := &k.Detail
	return LiveBinding{
		PoolKey: v.PoolKey, PhoneNoA: v.PhoneNoA, PhoneNoB: v.PhoneNoB, GroupID: v.GroupID, Expiration: v.Expiration,
		IsRecordingEnabled: v.Recording, CallRestrict: Restriction(v.Restrict), OutID: v.OutID,
		SecretNo: k.SecretNo, SubsID: k.SubsID,
	}, nil
}
