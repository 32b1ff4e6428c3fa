package about_test

import (
	"fmt"

	"axgbind/batch/cli/about"
	"axgbind/report"
)

// What the results and the summary say of a code.
func ExampleCode() {
	meaning, who := about.Code(report.EN)(report.Failed, "isv.NO_NOT_EXIST")
	fmt.Println(meaning)
	fmt.Println(who)
	// Output:
	// The X number does not exist in this account.
	// data owner
}
