// Package input reads a CSV of rows to bind, change or release, and judges it.
//
// A file comes as people have it: in UTF-8, GB18030 or UTF-16, with commas, tabs or
// semicolons, with Chinese or English headers in any order, saved by a spreadsheet or
// written by a database. Open finds out how to read it, or refuses it as a whole with an
// *Error that says why and what to do. Input.EachRow and Scan then give its rows, in order.
//
// It promises: every record of the file becomes one Row, a malformed one too; nothing is
// read into a cell that is not there; what can be read in one way only is put right and
// told as repaired; whatever else is wrong Row.Check tells, everything at once, with the
// column, the rule and the cure. Memory does not grow with the file.
//
// A results file is an input as well: its rows bring a Verdict, what an earlier run said
// of them. A row has a name, its Identity, by which a journal knows it again, and a
// Place, where its binding is.
//
// It knows no journal and no service, and decides nothing: whether a row goes is for the
// ledger to say.
package input
