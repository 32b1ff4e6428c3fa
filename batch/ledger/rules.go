package ledger

// The rule, on one page. A record finds its line by its kind and by the operation
// of the call that it names; the call must be in one of the stages of `from`. A
// record without such a line is an error.
//
//	record     call     before     after      what else
//	---------  -------  ---------  ---------  -----------------------------------------------------
//	intent     any      -          OPEN       the row was tried once more (Check says whether it may)
//	run        any      OPEN       DOUBT      of every call: its process is gone
//	withdrawn  any      OPEN       -          the row was not tried: it stands as it stood
//	ok         bind     OPEN       -          makes a binding that the row holds; passes its other binds
//	ok         renew    OPEN       -          the binding has the values, the row holds it; passes its binds, and the other calls on it
//	ok         update   OPEN       -          the binding has the values; passes the other calls on it
//	ok         release  OPEN       -          the binding is released; passes the other calls on it
//	part       renew    OPEN       DOUBT      the binding may have the values; nothing is under way any more
//	part       update   OPEN       DOUBT      likewise
//	refused    any      OPEN       -          the row is refused
//	notsent    any      OPEN       -          the row is open again
//	lost       any      OPEN       DOUBT
//	found      bind     DOUBT      -          makes a binding that the row holds; passed, if another bind is in doubt there
//	absent     bind     DOUBT      -          the row is open again
//	taken      bind     DOUBT      -          the row is refused
//	looked     bind     DOUBT      DOUBT      an UNKNOWN row shows what was seen
//	gone       -        -          -          the binding is gone: released, if a release of it is in doubt
//
// A change that is done passes earlier ones only if it sets all that they set. A
// call that is passed counts only until it is due; so does one that was found, for
// what was found may be of another call like it, if a person sent more than one. A
// SubsId that is known already makes no binding: that call is in DOUBT. A row that
// has its binding does not show what became of its other binds.
//
// A record is about a row of its run's batch; what became of a call, or a Gone, may
// stand in a run of any. A binding's maker is the batch of the row whose bind made
// it, its holder that of the row which bound or renewed it last. What may be done
// with it in the name of a batch says Claim; what another batch's row may take
// without a word, equals.

// effect is one line of the table: what a record does to a call.
type effect struct {
	kind Kind
	op   Op    // 0: any
	from stage // in which the call may be
	to   stage // settled: it is known no more
	does deeds
}

// deeds are what else a record does.
type deeds uint16

const (
	makes    deeds = 1 << iota // a binding
	changes                    // the binding has the call's values
	holds                      // the row has the binding now
	ends                       // the binding is released
	passes                     // the other calls on the binding and, if the row has it now, the row's other binds
	succeeds                   // the row is done
	refuses                    // the row is refused
	reopens                    // the row may be sent
	unties                     // a row whose binding is no more, or another row's, has none
	denies                     // likewise, and a look-up showed why
	recalls                    // what a look-up showed of an earlier call stays
	lingers                    // the call is passed
	untries                    // the call never was
	expires                    // the call is due
	tells                      // the record tells how the row stands
)

// effects is the table.
func effects() []effect {
	return []effect{
		{Withdrawn, 0, open, settled, untries},
		{OK, Bind, open, settled, makes | passes | succeeds | tells},
		{OK, Renew, open, settled, changes | holds | passes | succeeds | tells},
		{OK, Update, open, settled, changes | passes | succeeds | tells},
		{OK, Release, open, settled, ends | passes | succeeds | tells},
		{Part, Renew, open, doubted, expires | reopens | tells},
		{Part, Update, open, doubted, expires | reopens | tells},
		{Refused, 0, open, settled, refuses | unties | tells},
		{NotSent, 0, open, settled, reopens | recalls | unties | tells},
		{Lost, 0, open, doubted, reopens | tells},
		{Found, Bind, doubted, settled, makes | lingers | succeeds | tells},
		{Absent, Bind, doubted, settled, denies | unties | tells},
		{Taken, Bind, doubted, settled, refuses | unties | tells},
		{Looked, Bind, doubted, doubted, 0},
	}
}

// Reason is why a call may not be made. The zero value says that it may.
type Reason uint8

// The reasons.
const (
	None         Reason = iota
	IsOpen              // a call of the row is under way: a row has one at a time
	IsBound             // the row has its binding (not the one to be renewed, nor one that has lapsed), or a release of that is in doubt
	InDoubt             // a bind of the row may have been executed, or may be still
	WasReleased         // the binding of the row was released
	BindingThere        // a binding lives, or may live, at the place
	BindThere           // a bind of another row may have made a binding at the place, or may make one
	NotLive             // the binding is no more, or has lapsed and is to be renewed
	UnderWay            // another call on the binding may still be executed
	PlaceTaken          // a binding lives, or may come to live, where this one is to be
	NotHeld             // the batch does not hold the binding, or may not any more: see Claim
	NotMade             // the batch did not make the binding: likewise
	reasons
)

// reasonWords are the reasons in a few words, for logs.
var reasonWords = [...]string{
	None:         "none",
	IsOpen:       "?",
	IsBound:      "the row is bound",
	InDoubt:      "a call of the row is in doubt",
	WasReleased:  "the binding of the row was released",
	BindingThere: "a binding is in its place",
	BindThere:    "a call in doubt may have made a binding in its place",
	NotLive:      "the binding is no more",
	UnderWay:     "another call on the binding may still be executed",
	PlaceTaken:   "a binding is where this one is to be",
	NotHeld:      "the batch does not hold the binding",
	NotMade:      "the batch did not make the binding",
}

// String is the reason in a few words.
func (r Reason) String() string { return reasonWords[r] }

// guard is one line of what keeps a call from being made.
type guard struct {
	reason Reason
	ops    []Op
	lifts  Consent // with one of them the guard does not apply
	bars   func(l *Ledger, c *call, clock Clock) bool
}

// guards is the table that Check goes through, from the top. A call may be made
// if none of them bars it.
func guards() []guard {
	bind, row := []Op{Bind}, []Op{Bind, Renew}
	binding, moving := []Op{Renew, Update, Release}, []Op{Renew, Update}
	return []guard{
		{IsOpen, row, 0, (*Ledger).isOpen},
		{IsBound, row, 0, (*Ledger).isBound},
		{InDoubt, row, ResendUnknown, (*Ledger).inDoubt},
		{WasReleased, bind, ResendReleased, (*Ledger).wasReleased},
		{BindingThere, bind, Duplicates | Another, (*Ledger).bindingThere},
		{BindThere, bind, Duplicates | Another, (*Ledger).bindThere},
		{NotLive, binding, 0, (*Ledger).notLive},
		{UnderWay, binding, 0, (*Ledger).underWay},
		{PlaceTaken, moving, 0, (*Ledger).placeTaken},
	}
}
