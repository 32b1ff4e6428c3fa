package simulator

import "math/bits"

// random is the randomness of one request: the splitmix64 generator of Steele,
// Lea and Flood (2014), started from the seed and the request's place in the
// order of arrival. A stream of its own for each request means that requests
// served at the same time do not disturb each other's draws, and needs no lock.
type random struct{ state uint64 }

func newRandom(seed int64, arrival uint64) random {
	r := random{state: uint64(seed)}
	r.state = r.next() ^ arrival
	r.state = r.next()
	return r
}

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// fraction returns an even draw from [0, 1).
func (r *random) fraction() float64 { return float64(r.next()>>11) / (1 << 53) }

// below returns an even draw from [0, n), n > 0; the bias of the
// multiplication is below n/2^64.
func (r *random) below(n int) int {
	hi, _ := bits.Mul64(r.next(), uint64(n))
	return int(hi)
}

const upperHex = "0123456789ABCDEF"

// requestID returns a version 4 UUID in the capitals the service uses.
func (r *random) requestID() string {
	hi, lo := r.next(), r.next()
	hi = hi&^0xf000 | 0x4000
	lo = lo&^(3<<62) | 1<<63
	var b [36]byte
	at := 0
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			b[at] = '-'
			at++
		}
		v := hi
		if i >= 16 {
			v = lo
		}
		b[at] = upperHex[v>>(60-4*(i%16))&15]
		at++
	}
	return string(b[:])
}
