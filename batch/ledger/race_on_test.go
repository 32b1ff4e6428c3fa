//go:build race

package ledger

// underRace is whether the race detector watches, which takes ten times as long:
// the ledger has no goroutine of its own, so smaller worlds do.
const underRace = true
