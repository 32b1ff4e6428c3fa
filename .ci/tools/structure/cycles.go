package main

// cycles are the groups of a graph in which each node reaches each by arrows, without
// the nodes that do not reach themselves (Tarjan's algorithm).
func cycles[N comparable](arrows map[N][]N) [][]N {
	s := search[N]{arrows: arrows, order: map[N]int{}, low: map[N]int{}}
	for n := range arrows {
		if s.order[n] == 0 {
			s.from(n)
		}
	}
	return s.groups
}

// search is the state of one.
type search[N comparable] struct {
	arrows     map[N][]N
	order, low map[N]int // when a node was met, from 1; the earliest that it reaches
	open       []N       // nodes whose group is not known yet
	groups     [][]N
}

// done is the low of a node whose group is known.
const done = int(^uint(0) >> 1)

func (s *search[N]) from(n N) {
	s.order[n] = len(s.order) + 1
	at := s.order[n]
	s.low[n] = at
	base := len(s.open)
	s.open = append(s.open, n)
	self := false
	for _, next := range s.arrows[n] {
		self = self || next == n
		if s.order[next] == 0 {
			s.from(next)
		}
		s.low[n] = min(s.low[n], s.low[next])
	}
	if s.low[n] != at {
		return
	}
	group := append([]N(nil), s.open[base:]...)
	s.open = s.open[:base]
	for _, member := range group {
		s.low[member] = done
	}
	if len(group) > 1 || self {
		s.groups = append(s.groups, group)
	}
}
