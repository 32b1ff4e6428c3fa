// Package manage has the commands that send nothing and work on no input: those that
// tell of batches and runs (status, report), and those that look after the journal
// (journal init, check and copy, forget). A file is a command.
//
// What only tells reads the journal without its lock, as far as it went when the command
// began, and changes nothing. What changes a journal holds its lock, and leaves it as it
// was if the change cannot be made as a whole. Numbers are masked, but for the list of
// status --bindings, which is for unbind and update.
package manage
