package field_test

import (
	"fmt"

	"axgbind/batch/field"
)

func Example() {
	free := func(field.Field) bool { return true }
	for _, header := range []string{"*分组ID（必填）", "Phone_No_A", "Expect City Name", "备注"} {
		if f, ok := field.Of(header); ok {
			fmt.Println(header, "is", f)
		} else if f, ok := field.Near(header, free); ok {
			fmt.Println(header, "is almost", f)
		} else {
			fmt.Println(header, "is no field")
		}
	}
	// Output:
	// *分组ID（必填） is GroupId
	// Phone_No_A is PhoneNoA
	// Expect City Name is almost ExpectCity
	// 备注 is no field
}
