//go:build race

package batch_test

// raced scales tests down: the race detector makes processes several times slower.
const raced = true
