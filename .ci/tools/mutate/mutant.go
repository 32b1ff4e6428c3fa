package main

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// mutant is one change of one file.
type mutant struct {
	file       string // its path, from the top of the tree
	line       int    // where the change begins; from 1
	start, end int    // the bytes that are replaced
	text       string // what stands there then
	was, is    string // what a person is shown
}

// apply returns the source with the change in it.
func (m mutant) apply(src []byte) []byte {
	changed := make([]byte, 0, len(src)+len(m.text))
	changed = append(changed, src[:m.start]...)
	changed = append(changed, m.text...)
	return append(changed, src[m.end:]...)
}

func (m mutant) String() string {
	was, is := abridged(m.was, m.is)
	return fmt.Sprintf("%s:%d  %s -> %s", m.file, m.line, was, is)
}

// nothing stands for a statement that was taken out.
const nothing = "(nothing)"

// around is how many characters of a change's surroundings are shown.
const around = 36

// abridged cuts two texts to one line, and to what differs with a little of what
// stands around it.
func abridged(was, is string) (string, string) {
	was, is = strings.Join(strings.Fields(was), " "), strings.Join(strings.Fields(is), " ")
	if is == nothing {
		return window(was, 0, min(len(was), around)), is
	}
	from := 0
	for from < min(len(was), len(is)) && was[from] == is[from] {
		from++
	}
	same := 0
	for same < min(len(was), len(is))-from && was[len(was)-1-same] == is[len(is)-1-same] {
		same++
	}
	return window(was, from, len(was)-same), window(is, from, len(is)-same)
}

// window is the text from one byte to another with its surroundings. What was left
// out is an ellipsis; a change that is long itself loses its middle.
func window(s string, from, to int) string {
	whole := func(i int) int { // the begin of the character at i
		for i > 0 && i < len(s) && !utf8.RuneStart(s[i]) {
			i--
		}
		return i
	}
	begin, end := whole(max(0, from-around)), whole(min(len(s), to+around))
	middle := s[begin:end]
	if to-from > 2*around {
		middle = s[begin:whole(from+around)] + "…" + s[whole(to-around):end]
	}
	if begin > 0 {
		middle = "…" + middle
	}
	if end < len(s) {
		middle += "…"
	}
	return middle
}

// drawn returns all mutants of a package in an order that seed, path and source
// decide; which packages are asked about beside it does not matter.
func drawn(p *pkg, seed uint64) []mutant {
	h := fnv.New64a()
	h.Write([]byte(p.path))
	all := p.mutants()
	rand.New(rand.NewPCG(seed, h.Sum64())).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}
