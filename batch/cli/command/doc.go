// Package command is what each command of the program works with: what was typed and
// when, the three streams, the language, the variables, and where this machine and its
// person keep journals.
//
// An Invocation says sentences, prints faults with their cures, and writes outputs
// where they may stand. It is the only way of the commands to the world outside, so that
// a test that makes one has all of it in its hands. It knows no command, no row and no
// batch.
package command
