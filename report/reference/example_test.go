package reference_test

import (
	"fmt"

	"axgbind/report"
	"axgbind/report/reference"
)

// What axgbind help lists, and what axgbind help unknown begins with.
func Example() {
	for _, t := range reference.Topics() {
		fmt.Printf("%-10s %s\n", t.Name, t.Title(report.EN))
	}
	t, _ := reference.Find("unknown")
	fmt.Println(t.Page(report.EN)[:10])
	// Output:
	// input      Input
	// keys       Keys, the first real call, and privacy
	// rerun      Running again
	// results    Results and states
	// settling   Settling: rows that nobody knows about
	// changes    Changing and undoing
	// nights     Nights
	// guarantees The journal and its guarantees
	// # Settling
}
