package rules_test

import (
	"fmt"

	"axgbind/batch/rules"
	"axgbind/report"
)

func Example() {
	r := rules.ByID(rules.MobileLength)
	fmt.Println(r.Severity, r.Code)
	fmt.Println(r.Cause.In(report.EN, 10))
	fmt.Println(r.Cure.In(report.EN))
	// Output:
	// error isv.MOBILE_NUMBER_ILLEGAL
	// 10 digits, a mobile number has 11
	// look for a lost or doubled digit
}
