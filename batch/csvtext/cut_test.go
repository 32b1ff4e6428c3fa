package csvtext_test

import (
	"bytes"
	"strings"
	"testing"

	"axgbind/batch/csvtext"
)

// TestShortLines: a part of lines that are nearly empty holds few enough of them for what
// is made of a row to have room, and the parts together are the file.
func TestShortLines(t *testing.T) {
	const lines = 100_000
	text := strings.Repeat("1\n", lines)
	file := strings.NewReader(text)
	survey, err := csvtext.NewSurvey(file, file.Size(), "auto")
	if err != nil {
		t.Fatal(err)
	}
	source := csvtext.Source{
		Src: file, Size: file.Size(), Survey: survey, Delimiter: ',', PartSize: csvtext.PartSize,
		Scanner: csvtext.NewRecordScanner(',', survey.Ends), StartLine: 1,
	}
	var part csvtext.Part
	var read []byte
	for cut := source.NewCutter(); ; {
		more, err := cut.Next(&part)
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			break
		}
		if n := bytes.Count(part.Raw, []byte{'\n'}); n > 10_000 {
			t.Errorf("line %d begins a part of %d lines", part.Line, n)
		}
		read = append(read, part.Raw...)
	}
	if string(read) != text {
		t.Errorf("%d bytes of %d are in the parts", len(read), len(text))
	}
}
