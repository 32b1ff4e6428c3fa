package ledger

import "slices"

// Kind is what a record tells.
type Kind uint8

// The kinds of records. Which call each needs and where it leaves that call and
// its binding is the table of rules.go.
const (
	Run       Kind = iota + 1 // a run begins: calls that are still open lost their process
	End                       // a run ended
	Intent                    // a call is about to leave
	Withdrawn                 // that call never left
	OK                        // the service did it
	Part                      // the service did it, and the row takes further calls for the same change
	Refused                   // the service refused the row
	NotSent                   // the call was surely not executed: throttled, not connected, no capacity
	Lost                      // nobody knows whether it was executed, now or later
	Found                     // a look-up shows what a lost bind made
	Absent                    // look-ups show that a lost bind made nothing
	Taken                     // look-ups show that the X of a lost bind is another's: the row is refused
	Gone                      // look-ups show that a binding is no more
	Looked                    // a look-up that settles nothing
	Known                     // what is known of a row in one line: from a results file, or at compaction
	Doubt                     // likewise of a call that is in doubt
	kinds
)

// Op is what a call does.
type Op uint8

// The operations. Renew is an update that gives the binding to the row it is
// made for; Update leaves it with the row that holds it.
const (
	Bind Op = iota + 1
	Renew
	Update
	Release
	Ops // how many there are, and one; no operation
)

// MayRepeat reports whether a call may be made twice, because twice is the same as once:
// a change or a release of a binding. BindAxg takes an X number each time it is executed,
// and has no idempotency token.
func (o Op) MayRepeat() bool { return o != Bind }

// Consent is a person's word that stands in the intent which it allowed. The zero
// value is none; consents add up.
type Consent uint8

// The consents: to send a row of which a call is in doubt, to send one whose
// binding was released, to have as many bindings at a place as rows of one input
// name it, and to have another one beside whatever is there.
const (
	ResendUnknown Consent = 1 << iota
	ResendReleased
	Duplicates
	Another
)

// Record is one thing that became known, and the only way in which anything
// becomes known. Which fields count, its Kind says; the others are zero.
type Record struct {
	Kind Kind
	Op   Op // Intent, Doubt; Known: of the row's last call

	Call uint64 // number of the call: of Intent and Doubt a new one above 0, else that of an earlier record
	Row  Key    // Intent, Known, Doubt; its batch is that of the run, whatever stands in it

	// Binding is the binding that an Intent or Doubt of other than Bind is about,
	// that an OK of a Bind or a Found made, that is Gone, or that a Known row has.
	Binding SubsID

	Place   Place   // Intent, Doubt: where the binding is then; Known
	From    Place   // Intent of other than Bind: where the binding is, in case it is not known yet
	Ends    int64   // Intent, Doubt, Known: Expiration, Unix seconds; 0 if not known
	At      int64   // Unix milliseconds
	Due     int64   // Intent, Doubt: At plus the time after which the call, given up, can no longer be executed
	Elapsed int64   // for how long the process that writes it knows the ledger, milliseconds; of one that is read back 0
	Consent Consent // Intent, Doubt
	Named   bool    // Intent, Doubt: the call names an X

	Elsewhere bool   // Lost, Doubt: the answer named a binding on another X than the call, which tells nothing any more
	Passed    bool   // Doubt: a later call was done, so that this one counts only until it is due; OK, Found: what it passes is due, see PassesDue
	Ago       int    // Known, Doubt: how many runs ago the row, which is of that run's batch, was touched last; 0: in this one
	Absent    bool   // Known: a look-up showed that the last call was not executed
	Code      string // how the call ended, or what a look-up came to; blank if nothing says
	State     State  // Known
	Attempts  int    // Known, Doubt: calls made before; for a Doubt with this one
	Last      bool   // Known: the binding still has the row's values, or those that the row's Update gave it

	// Sets has a bit for each thing that an Intent or Doubt of a Renew or Update sets,
	// besides its place, which is set if Place is not 0. What the bits mean is the
	// caller's. A call that is done settles earlier ones that set nothing else.
	Sets uint16

	// Of Known: the runs that made the binding and that hold it, counted from 0 in
	// the order of their Run records; -1 for one that is not known.
	Maker, Holder int

	Batch string // Run: the batch that the run works on

	// Ref is where the particulars of the record stand. The ledger keeps it and gives
	// it back, and knows no more of it.
	Ref int64
}

// kindWords are the words of the kinds in the journal.
var kindWords = [...]string{
	"?",
	Run:       "run",
	End:       "end",
	Intent:    "intent",
	Withdrawn: "withdrawn",
	OK:        "ok",
	Part:      "part",
	Refused:   "refused",
	NotSent:   "notsent",
	Lost:      "lost",
	Found:     "found",
	Absent:    "absent",
	Taken:     "taken",
	Gone:      "gone",
	Looked:    "looked",
	Known:     "known",
	Doubt:     "doubt",
}

// String is the kind's word in the journal.
func (k Kind) String() string { return wordAt(kindWords[:], int(k)) }

// KindOf is the kind of a word; 0 if there is none.
func KindOf(word []byte) Kind { return Kind(max(slices.Index(kindWords[:], string(word)), 0)) }

// opWords are the words of the operations in the journal.
var opWords = [...]string{"-", Bind: "bind", Renew: "renew", Update: "update", Release: "release"}

// String is the operation's word in the journal.
func (o Op) String() string { return wordAt(opWords[:], int(o)) }

// OpOf is the operation of a word; 0 if there is none.
func OpOf(word []byte) Op { return Op(max(slices.Index(opWords[:], string(word)), 0)) }

// wordAt is a word of a list; the first is for what has none.
func wordAt(words []string, i int) string {
	if i >= len(words) {
		i = 0
	}
	return words[i]
}
