package csvtext_test

import (
	"fmt"
	"strings"

	"axgbind/batch/csvtext"
)

// A file is looked at once, and then cut into parts of whole records.
func ExampleCutter() {
	const text = "PhoneNoA,OutId\n13800138000,\"two\nlines\"\n13800138001,one\n"
	file := strings.NewReader(text)
	survey, err := csvtext.NewSurvey(file, file.Size(), "auto")
	if err != nil {
		fmt.Println(err)
		return
	}
	source := csvtext.Source{
		Src: file, Size: file.Size(), Survey: survey, Delimiter: ',', PartSize: csvtext.PartSize,
		Scanner: csvtext.NewRecordScanner(',', survey.Ends), Start: int64(len("PhoneNoA,OutId\n")), StartLine: 2,
	}
	fmt.Println(survey.Encoding, survey.Lines, "lines")
	cut := source.NewCutter()
	for {
		var part csvtext.Part
		more, err := cut.Next(&part)
		if err != nil || !more {
			break
		}
		fmt.Printf("line %d: %q\n", part.Line, part.Raw)
	}
	// Output:
	// utf-8 4 lines
	// line 2: "13800138000,\"two\nlines\"\n13800138001,one\n"
}
