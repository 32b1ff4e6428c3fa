package journal

import "math"

// parseUint reads what strconv.AppendUint writes in base 10, and nothing else.
func parseUint(b []byte) (n uint64, ok bool) {
	if len(b) == 0 || b[0] == '0' && len(b) > 1 {
		return 0, false
	}
	for _, c := range b {
		digit := uint64(c - '0')
		if c < '0' || c > '9' || n > (math.MaxUint64-digit)/10 {
			return 0, false
		}
		n = 10*n + digit
	}
	return n, true
}

// parseInt reads what strconv.AppendInt writes in base 10, and nothing else.
func parseInt(b []byte) (int64, bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	n, ok := parseUint(b)
	switch {
	case !ok || negative && n == 0:
		return 0, false
	case negative:
		return -int64(n), n <= -math.MinInt64
	}
	return int64(n), n <= math.MaxInt64
}

// appendHex adds 16 hexadecimal digits.
func appendHex(b []byte, n uint64) []byte {
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[n>>shift&15])
	}
	return b
}

// parseHex reads what appendHex adds, and nothing else.
func parseHex(b []byte) (n uint64, ok bool) {
	if len(b) != 16 {
		return 0, false
	}
	for _, c := range b {
		digit, ok := hexDigit(c)
		if !ok {
			return 0, false
		}
		n = n<<4 | uint64(digit)
	}
	return n, true
}
