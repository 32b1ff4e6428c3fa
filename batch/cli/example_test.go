package cli_test

import (
	"fmt"
	"io"
	"os"
	"strings"

	"axgbind/batch/cli"
)

// The whole command with everything that it touches: arguments, environment, the three
// streams, and the exit status. Here a file is checked whose second row
// has two faults; the summary, on standard error, is left out.
func ExampleRun() {
	input := "PoolKey,PhoneNoA,GroupId,Expiration\n" +
		"FC100000000000001,13800138000,7,2099-01-31 23:59:59\n" +
		"FC100000000000001,1380013800,7,2099-01-31\n"
	status := cli.Run([]string{"check", "-"}, []string{"LANG=C"}, strings.NewReader(input), os.Stdout, io.Discard)
	fmt.Println("status", status)
	// Output:
	// error: column B (PhoneNoA) does not have 11 digits, 1 row (line 3) [mobile-length]
	//   line 3: 10 digits, a mobile number has 11 (138****3800)
	//   cure: look for a lost or doubled digit
	// error: column D (Expiration) has no time of day, 1 row (line 3) [expiration-date-only]
	//   line 3: a date without a time: 00:00:00 and 23:59:59 of 2099-01-31 lie a day apart, and axgbind does not guess ("2099-01-31")
	//   cure: add the time: 23:59:59 if the binding is to last through that day, as in 2027-01-31 23:59:59
	// 2 rows read = 1 valid + 1 invalid; of the valid, 0 repaired and 0 with warnings
	// status 3
}
