package input_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/report"
)

// Rows are read one after another, and each tells everything that is wrong with it.
func ExampleOpen() {
	const text = "A号码,分组ID,过期时间,号池Key\n" +
		"13800138000,2000000000001,2099-01-31 23:59:59,FC100000000000001\n" +
		"1380013800,2000000000001,31.01.2099,FC100000000000001\n"
	in, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{})
	if refused, is := errors.AsType[*input.Error](err); is {
		fmt.Println(refused, refused.Cure(report.EN))
		return
	}
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	err = in.EachRow(func(row *input.Row) error {
		faults := row.Check(now)
		fmt.Printf("line %d: group %s, %d faults\n", row.Line, row.Fields[field.GroupID], len(faults))
		for _, f := range faults {
			fmt.Printf("  %s: %s\n", f.Rule, f.Reason(report.EN))
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// line 2: group 2000000000001, 0 faults
	// line 3: group 2000000000001, 2 faults
	//   mobile-length: column A (A号码): 10 digits, a mobile number has 11 (138****3800)
	//   expiration-day-order: column C (过期时间): the year does not come first with four digits, so day, month and year cannot be told apart for certain ("31.01.2099")
}

// An input that cannot be worked with is refused as a whole, with the cure.
func ExampleError() {
	const text = "name,city\nWang,Hangzhou\n"
	_, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{})
	if refused, is := errors.AsType[*input.Error](err); is {
		fmt.Println(refused.Kind)
	}
	// Output: missing-columns
}
