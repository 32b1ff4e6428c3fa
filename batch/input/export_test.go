package input

// ReadInPartsOf makes the input be read in parts of some n bytes.
func (in *Input) ReadInPartsOf(n int) { in.text.PartSize = n }
