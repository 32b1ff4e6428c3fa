package batch

// ReadInPartsOf makes the input be read in parts of some n bytes.
func (in *Input) ReadInPartsOf(n int) { in.partSize = n }
