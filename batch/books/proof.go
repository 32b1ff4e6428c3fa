package books

import "axgbind/batch/ledger"

// Proof is what a look-up shows of a row whose call may have been executed.
type Proof uint8

const (
	// Unclear is the zero value: the look-up itself failed. It may be repeated.
	Unclear Proof = iota
	// Ours: the binding exists, and it is this row's.
	Ours
	// Foreign: the X belongs to another A or group.
	Foreign
	// Older: the X has this row's binding, but from long before its first call.
	Older
	// Absent: there is no binding now. It says nothing about a call that is
	// still under way.
	Absent
	// Odd: the service shows something that no rule covers.
	Odd
	// Barred: the service does not let us look.
	Barred
	// Unfound: a sweep of a list did not find it, and cannot show that it is
	// not there.
	Unfound
	// Blind: X is not bound to the row, but the lost answer named a binding on
	// another X.
	Blind
	// Masked: the binding of X is shown without its whole A, so nobody can tell whose
	// it is.
	Masked
	// Unproven: what was shown would settle the row if it could be believed, but no
	// binding is known that could be a control (see package lookup), or none young enough.
	Unproven
	// Distrusted: likewise, but no control was shown as it is known before and after, or
	// the look-ups contradict each other.
	Distrusted
)

// proofWords are the names of the verdicts in the journal.
var proofWords = [...]string{
	Unclear:    "unclear",
	Ours:       "ours",
	Foreign:    "foreign",
	Older:      "older",
	Absent:     "absent",
	Odd:        "odd",
	Barred:     "barred",
	Unfound:    "unfound",
	Blind:      "blind",
	Masked:     "masked",
	Unproven:   "unproven",
	Distrusted: "distrusted",
}

// String is the verdict's name in the journal.
func (v Proof) String() string { return proofWords[v] }

// Shown is what a finding about a bind's X is to the rule for look-ups.
func (v Proof) Shown() ledger.Shown {
	switch v {
	case Ours:
		return ledger.ShownEqual
	case Absent:
		return ledger.ShownNone
	case Foreign, Older:
		return ledger.ShownOther
	}
	return ledger.ShownNothing
}
