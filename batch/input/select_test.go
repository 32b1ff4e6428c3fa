package input_test

import (
	"fmt"
	"testing"

	"axgbind/batch/input"
)

func TestParseLines(t *testing.T) {
	for text, want := range map[string]string{"2-11,40": "[[2 11] [40 40]]", " 7 , 8-8": "[[7 7] [8 8]]", "": "", "0": "", "5-2": "", "2-": "", "-3": "", "a": "", "1,,2": ""} {
		got, err := input.ParseLines(text)
		if (err != nil) != (want == "") || err == nil && fmt.Sprint(got) != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}
