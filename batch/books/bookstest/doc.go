// Package bookstest makes journals for tests and examples: in memory (Memory), written
// by hand at chosen times (Writer), opened, looked at, compacted and closed with a test's
// own complaint about what goes wrong.
//
// A Writer writes what a run would have written, and whatever no run would: it asks no
// ledger whether a call is allowed. It knows no plan and no service. Only tests import
// this package; nothing of it is in the program.
package bookstest
