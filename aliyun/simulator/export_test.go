package simulator

// Nonces returns a memory of at most so many nonces: a function that uses one
// and one that counts those remembered.
func Nonces(most int) (use func(string) bool, size func() int) {
	n := newNonces(most)
	return n.use, func() int {
		sum := 0
		for i := range n.shards {
			sum += len(n.shards[i].known)
		}
		return sum
	}
}

// MaxNonces is how many nonces a Service remembers at most.
const MaxNonces = maxNonces
