// Package lookup judges what the service shows of a binding: whose it is, and whether that
// can be believed.
//
// The service cannot be asked what became of a call, only what an X number is bound to. So
// Compare holds what is shown against what the row's call asked for. An answer that shows
// nothing, or something else, proves nothing by itself: a service may show bindings late,
// in another form, or to nobody for a while. Controls are bindings of which the answer is
// known beforehand; a look-up counts if one of its pool was shown as it is known, before
// and after it.
//
// It promises: look-ups of a pool are trusted only while a control of it is shown as it is
// known, and never again in a run once they contradicted themselves; how far they lag is
// measured before nothing shown may mean that nothing was made (Controls.From); numbers
// and times are read in each form in which services are known to show them.
//
// It refuses to guess: where A is hidden the verdict is Masked, and what no rule covers is
// Odd.
//
// It sends nothing that changes a binding, and records nothing. Which row is looked up,
// when, at what pace, and what becomes of it is for its caller and the ledger to say.
package lookup
