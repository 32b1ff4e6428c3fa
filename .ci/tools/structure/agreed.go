package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Kinds of sizes that have a limit.
const (
	ofFiles    = "files"    // of a package
	ofLines    = "lines"    // of a package
	ofFunction = "function" // its complexity
)

// limits are the largest sizes that need no agreement.
var limits = map[string]int{ofFiles: 30, ofLines: 5000, ofFunction: 20}

// thing is what has a size: a package or a function, and the kind of it.
type thing struct{ kind, name string }

// agreed is what may be larger than its limit, and how large.
type agreed map[thing]int

// readAgreed reads a list of lines of kind, name and figure. No file is an empty list.
func readAgreed(path string) (agreed, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return agreed{}, nil
	}
	if err != nil {
		return nil, err
	}
	a := agreed{}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) != 3 || limits[fields[0]] == 0 {
			return nil, fmt.Errorf("structure.agreed, line %d: want files, lines or function, a name, and a figure", number)
		}
		t := thing{fields[0], fields[1]}
		if _, twice := a[t]; twice {
			return nil, fmt.Errorf("structure.agreed, line %d: %s %s stands here twice", number, t.kind, t.name)
		}
		if a[t], err = strconv.Atoi(fields[2]); err != nil {
			return nil, fmt.Errorf("structure.agreed, line %d: %s is no figure", number, fields[2])
		}
	}
	return a, nil
}

// compare says what is larger than it may be, and which figures are larger than they
// need to be.
func (a agreed) compare(sizes map[thing]int) (faults, loose []string) {
	for _, t := range sorted(sizes) {
		have, limit := sizes[t], limits[t.kind]
		if most, ok := a[t]; !ok && have > limit {
			faults = append(faults, fmt.Sprintf("%s %s: %d, at most %d", t.kind, t.name, have, limit))
		} else if ok && have > max(most, limit) {
			faults = append(faults, fmt.Sprintf("%s %s: %d, agreed %d", t.kind, t.name, have, most))
		}
	}
	for _, t := range sorted(a) {
		if have := sizes[t]; have <= limits[t.kind] {
			loose = append(loose, fmt.Sprintf("%s %s: needs no agreement", t.kind, t.name))
		} else if have < a[t] {
			loose = append(loose, fmt.Sprintf("%s %s: %d, agreed %d", t.kind, t.name, have, a[t]))
		}
	}
	return faults, loose
}

// tightened is the list with the smaller figures of today. It takes nothing new.
func (a agreed) tightened(sizes map[thing]int) agreed {
	tight := agreed{}
	for t, most := range a {
		if have := sizes[t]; have > limits[t.kind] {
			tight[t] = min(most, have)
		}
	}
	return tight
}

// text is the list as its file has it.
func (a agreed) text() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# What .ci/structure finds larger than its limits (%d files and %d lines a package, a\n"+
		"# complexity of %d a function), with what was agreed: it may shrink, but not grow.\n"+
		"# After it shrank: .ci/structure --tighten\n", limits[ofFiles], limits[ofLines], limits[ofFunction])
	for _, t := range sorted(a) {
		fmt.Fprintf(&b, "%s %s %d\n", t.kind, t.name, a[t])
	}
	return b.Bytes()
}

func sorted(m map[thing]int) []thing {
	return slices.SortedFunc(maps.Keys(m), func(a, b thing) int {
		return strings.Compare(a.kind+" "+a.name, b.kind+" "+b.name)
	})
}
