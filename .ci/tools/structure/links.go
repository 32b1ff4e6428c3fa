package main

import "go/types"

// links is who refers to whom among the files of a package, for one system: from the
// first file to the second so many references.
type links map[[2]string]int

// links counts the uses of what another file of the package declares: names of the
// package, fields, and methods.
func (p *pkg) links() links {
	l := links{}
	for id, object := range p.TypesInfo.Uses {
		if object.Pkg() != p.Types {
			continue
		}
		if _, ok := object.(*types.PkgName); ok {
			continue
		}
		from, to := p.Fset.File(id.Pos()).Name(), p.Fset.File(object.Pos()).Name()
		if from != to {
			l[[2]string{from, to}]++
		}
	}
	return l
}

// upwards are the pairs of files that refer to each other, and the references in the
// direction that has fewer: those that would have to go for the pair to have an order.
func (l links) upwards() (pairs, references int) {
	for pair, there := range l {
		back := l[[2]string{pair[1], pair[0]}]
		if pair[0] < pair[1] && back > 0 {
			pairs++
			references += min(there, back)
		}
	}
	return pairs, references
}

// cycle is the size of the largest group of files of which each reaches each.
func (l links) cycle() int {
	arrows := map[string][]string{}
	for pair := range l {
		arrows[pair[0]] = append(arrows[pair[0]], pair[1])
	}
	largest := 0
	for _, group := range cycles(arrows) {
		largest = max(largest, len(group))
	}
	return largest
}
