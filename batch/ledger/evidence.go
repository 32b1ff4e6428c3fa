package ledger

// Shown is what a look-up shows of a bind in doubt, or of a binding.
type Shown uint8

// What may be shown.
const (
	ShownNothing Shown = iota // the look-up failed, shows too little, or shows what no rule covers
	ShownEqual                // a live binding that is all that the bind asked for, made when its call was
	ShownNone                 // its X, or each X of a complete list, has no binding that could be the bind's
	ShownOther                // its X has a binding that is another's, or was made long before
	ShownEnded                // of a binding: it has ended, or there is none of its SubsId
)

// Evidence is what else is known when a look-up is judged.
type Evidence struct {
	// Before and After: a control of the same pool, a binding of which the ids and
	// values are known, came back as it is known before and after the look-up. Between
	// two such answers a look-up is taken for true; the axioms say so.
	Before, After bool
	// Late: the call may still be executed, or what it made may not be shown yet; of an
	// end, what the binding's own bind made may not.
	Late bool
	// Rivals: what is shown may as well be what another call in doubt made, or is a
	// binding that is known already.
	Rivals bool
}

// Controlled reports whether what is shown settles something only between two controls:
// a service that shows nothing to anybody, or everything in another form, shows the same.
func (s Shown) Controlled() bool { return s == ShownNone || s == ShownOther || s == ShownEnded }

// Settles is the rule for look-ups: the record that one comes to. [Looked] settles
// nothing.
func Settles(s Shown, e Evidence) Kind {
	proven := e.Before && e.After
	switch {
	case s == ShownEqual && !e.Rivals:
		return Found
	case s == ShownNone && proven && !e.Late:
		return Absent
	case s == ShownOther && proven && !e.Late:
		return Taken
	case s == ShownEnded && proven && !e.Late:
		return Gone
	}
	return Looked
}
