package files

import "os"

// spareHandles is what a run needs at its end: results and rows to correct with
// their temporary files, and the folder or journal that is opened meanwhile.
const spareHandles = 4

// callHandles is what the first call needs: a connection, and what finds out the
// address of its host. With fewer no call would ever leave.
const callHandles = 3

// Handles are open files that stand for those needed later. Calls take every
// handle there is; the results must not be what finds none left.
type Handles []*os.File

// KeepHandles opens some, or says why there are too few for them and a call.
func KeepHandles() (Handles, error) {
	var kept Handles
	for range spareHandles + callHandles {
		f, err := os.Open(os.DevNull)
		if err != nil {
			kept.Close()
			return nil, err
		}
		kept = append(kept, f)
	}
	kept[spareHandles:].Close()
	return kept[:spareHandles], nil
}

// Close gives them back.
func (h Handles) Close() {
	for _, f := range h {
		f.Close()
	}
}
