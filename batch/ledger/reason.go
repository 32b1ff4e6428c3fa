package ledger

// String is the reason in a few words, for logs.
func (r Reason) String() string {
	switch r {
	case None:
		return "none"
	case IsBound:
		return "the row is bound"
	case InDoubt:
		return "a call of the row is in doubt"
	case WasReleased:
		return "the binding of the row was released"
	case BindingThere:
		return "a binding is in its place"
	case BindThere:
		return "a call in doubt may have made a binding in its place"
	case NotLive:
		return "the binding is no more"
	case UnderWay:
		return "another call on the binding may still be executed"
	case PlaceTaken:
		return "a binding is where this one is to be"
	case NotHeld:
		return "the batch does not hold the binding"
	case NotMade:
		return "the batch did not make the binding"
	}
	return "?"
}

// Key is the key of row n.
func (l *Ledger) Key(n int) Key {
	r := &l.rows[n]
	return Key{r.id, r.nth, l.batch(r)}
}
