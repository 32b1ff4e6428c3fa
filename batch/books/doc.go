// Package books keeps a journal and the ledger that its records come to as one: the books
// of what was recorded, and of what it means.
//
// It says what a record of a run, of a call and of a binding holds (RunStart, RunEnd,
// Detail), writes such records as a run goes on (Create, Open), and reads them for those
// who only look (Read). It tells of batches and their runs, of the bindings that live, and
// of which batch a results file is, whose sentences it knows in every language (Reasons,
// Messages); and it writes the books anew, with less in them: without what ended long ago
// (Compact), or without a person's number (Forget).
//
// It promises: a record changes the ledger once it is durable, in the order of the file,
// so that what a run knows is what anybody reads back later. A call is known before it may
// leave. What lives, or may live, stays whatever is left out.
//
// It refuses an intent that the ledger forbids (ForbiddenError), a journal that is damaged
// anywhere but at its end, one of a newer version, and to forget a number that a binding or
// a call in doubt still needs.
//
// It makes no call and plans none, knows nothing of pace, and opens no file: where a
// journal lies is a journal.Place.
package books
