package reporttest_test

import (
	"fmt"
	"testing"

	"axgbind/report/reporttest"
)

// A test looks at every sentence that is said, in both languages.
func Example() {
	for _, s := range reporttest.Sentences(&testing.T{}) {
		if s.Name == "Between" {
			fmt.Printf("%s: %q, %q\n", s.File, s.EN, s.ZH)
		}
	}
	// Output: words_rows.go: "; ", "；"
}
