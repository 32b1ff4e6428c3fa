package simulator

import (
	"hash/maphash"
	"sync"
	"time"
)

// nonceMemory is how long a nonce is remembered; vendor words quoted in
// acmesh-official/acme.sh#1639.
const nonceMemory = 15 * time.Minute

// nonces remembers the nonces of verified requests for nonceMemory and forgets
// them after it, so its size is bounded by the rate of calls: about 60 bytes
// for each call of the last 15 minutes. It keeps 64-bit hashes: among the
// 4.5 million nonces of 15 minutes at 5000 a second the chance that a fresh
// nonce meets a stranger's hash is 1 in 4 million million.
type nonces struct {
	seed   maphash.Seed
	start  time.Time
	shards [16]nonceShard
}

type nonceShard struct {
	mu     sync.Mutex
	known  map[uint64]struct{}
	oldest *nonceBlock // a queue in order of arrival, in blocks
	newest *nonceBlock
	_      [32]byte // shards lie on lines of their own
}

type nonceBlock struct {
	used  [512]nonceUse
	first int
	n     int // used[first:n] are in the queue
	next  *nonceBlock
}

type nonceUse struct {
	hash uint64
	at   time.Duration
}

func newNonces() *nonces {
	n := &nonces{seed: maphash.MakeSeed(), start: time.Now()}
	for i := range n.shards {
		n.shards[i].known = map[uint64]struct{}{}
	}
	return n
}

// use remembers the nonce and reports whether it was new.
func (n *nonces) use(nonce string) bool {
	h := maphash.String(n.seed, nonce)
	s := &n.shards[h>>60]
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Since(n.start)
	s.forget(now - nonceMemory)
	if _, ok := s.known[h]; ok {
		return false
	}
	s.known[h] = struct{}{}
	if s.newest == nil || s.newest.n == len(s.newest.used) {
		b := &nonceBlock{}
		if s.newest == nil {
			s.oldest = b
		} else {
			s.newest.next = b
		}
		s.newest = b
	}
	s.newest.used[s.newest.n] = nonceUse{h, now}
	s.newest.n++
	return true
}

func (s *nonceShard) forget(until time.Duration) {
	for b := s.oldest; b != nil; {
		if b.first < b.n {
			if b.used[b.first].at > until {
				return
			}
			delete(s.known, b.used[b.first].hash)
			b.first++
			continue
		}
		if b.n < len(b.used) { // the newest, and it has room
			return
		}
		if b = b.next; b == nil {
			s.newest = nil
		}
		s.oldest = b
	}
}
