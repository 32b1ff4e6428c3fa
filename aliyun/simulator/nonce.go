package simulator

import (
	"hash/maphash"
	"sync"
	"time"
)

// nonceMemory is how long a nonce is remembered; vendor words quoted in
// acmesh-official/acme.sh#1639.
const nonceMemory = 15 * time.Minute

// maxNonces is how many nonces are remembered at most: 15 minutes at the
// documented 5,000 calls a second, and a little more. Above that rate the
// oldest are forgotten early.
const maxNonces = 5_000_000

// nonces remembers the nonces of verified requests for nonceMemory and forgets
// them after it. It keeps 64-bit hashes, at most 60 bytes each with their order:
// among 5 million the chance that a fresh nonce meets a stranger's hash is 1
// in 4 million million.
type nonces struct {
	seed   maphash.Seed
	start  time.Time
	most   int // in one shard
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

func newNonces(most int) *nonces {
	n := &nonces{seed: maphash.MakeSeed(), start: time.Now()}
	n.most = most / len(n.shards)
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
	if len(s.known) >= n.most {
		s.forget(s.oldest.used[s.oldest.first].at) // at least one
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
