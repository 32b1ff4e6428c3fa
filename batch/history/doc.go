// Package history tells the history of one batch out of a journal: its runs second by
// second, where its rows stood before and after each, and what they ended with, beside the
// codes of the night before. It fills the page that package report/page draws.
//
// It reads records in their order and asks the ledger what they mean, as a run does; so
// what it tells of a row is what the next run will know of it. A results file adds what no
// journal has: the rows that were never sent.
//
// It promises: no byte of the journal changes, and another process may be writing to it;
// sums are exact; a long history is drawn with fewer points, without
// holes; what compaction took away is said to be missing, and not drawn as nothing.
//
// It refuses a damaged journal, one of a newer version, and a batch that the journal does
// not have (ErrNoRun). A record torn off at the end is no damage: a run may be writing it.
//
// It knows no service and no file, and decides nothing.
package history
