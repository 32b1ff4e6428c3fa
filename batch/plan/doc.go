// Package plan matches an input against the books: for each row, where it stands, whether
// it goes in this run, and why not if it does not.
//
// New reads the whole input once. What may be bound, renewed, changed or released the
// ledger decides; a plan finds for each row what it has to do with: the row of an earlier
// run, an equal row of the input, the binding at its place, the call that is in doubt.
// EachRow reads the rows once more, as a run sends them, and Results is the record of each
// row as it stands at that moment.
//
// It promises: the counts add up to the rows, at any time; a settled row is not sent again
// unless a person names it (Resend); no two rows of a plan take one binding; an entry is
// small enough for ten million rows.
//
// It refuses an input that changed since it was planned (ErrInputChanged), and a journal
// whose records cannot be read back (ErrUnread). A row that is wrong is no error: it stands
// in the plan as INVALID or HELD, with its reason.
//
// It makes no call, waits for nothing, and writes nothing but the verdicts that an input
// brings along (Carry).
package plan
