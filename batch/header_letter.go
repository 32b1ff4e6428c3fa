package batch

// ColumnLetter names a column as a spreadsheet does: A for 1, Z for 26, AA for
// 27, XFD for 16384. It returns "" below 1.
func ColumnLetter(n int) string {
	var room [16]byte
	at := len(room)
	for ; n > 0; n = (n - 1) / 26 {
		at--
		room[at] = byte('A' + (n-1)%26)
	}
	return string(room[at:])
}
