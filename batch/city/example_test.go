package city_test

import (
	"fmt"

	"axgbind/batch/city"
)

func Example() {
	fmt.Println(city.Known("杭州"), city.Known("杭洲"), city.Nearest("杭洲"), city.Nearest("浙江省杭州"))
	// Output: true false 杭州 杭州
}
