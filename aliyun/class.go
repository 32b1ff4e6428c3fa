package aliyun

// Class says how an attempt ended and so what may follow. It is the one
// property on which money hangs: only a class that proves the call was not
// executed may lead to a second call.
type Class uint8

const (
	// Ambiguous is the zero value and the cautious answer: the service may
	// have executed the call. Never re-sent blindly.
	Ambiguous Class = iota
	// Done: the service confirmed that it executed the call, or there is nothing to call for.
	Done
	// Throttled: refused before execution because too many calls arrived.
	Throttled
	// NotSent: no byte of the request left, so the service cannot have it.
	NotSent
	// Stale: refused before execution because the security token or the
	// timestamp was out of date; may go again once with fresh ones.
	Stale
	// RowRefused: the service refused this row for what it says.
	RowRefused
	// Capacity: the pool, or the pool's city, has no X number left for it.
	Capacity
	// AccountRefused: every row would be refused alike: key, permission,
	// arrears, product, pool.
	AccountRefused
)

// String returns the class in the words of the documentation.
func (c Class) String() string {
	switch c {
	case Done:
		return "done"
	case Throttled:
		return "throttled"
	case NotSent:
		return "not sent"
	case Stale:
		return "stale"
	case RowRefused:
		return "row"
	case Capacity:
		return "capacity"
	case AccountRefused:
		return "account"
	}
	return "ambiguous"
}
