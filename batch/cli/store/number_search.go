package store

import (
	"io"
	"strings"

	"axgbind/batch/cli/files"
)

// HoldsNumber looks for phone numbers in a file, whatever it is.
func HoldsNumber(path string, numbers []string) (found bool, err error) {
	f, err := files.OpenRegular(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	err = newNumberSearch(numbers).read(f, func([]int64) bool {
		found = true
		return false
	})
	return found, err
}

// NumberIn reports whether a text holds one of the numbers.
func NumberIn(text []byte, numbers []string) bool { return newNumberSearch(numbers).in(text) }

// mostDigits is more than a phone number has (books.ParseNumber).
const mostDigits = 32

// numberSearch finds phone numbers in a text that comes in parts: digits are the same
// bytes in UTF-8 and GBK, and have a zero beside them in UTF-16. Between them may stand
// a sign or two, as people write them.
type numberSearch struct {
	numbers  []string
	fallback [][]int           // Knuth, Morris and Pratt: how much of a number is left after a wrong digit
	matched  []int             // digits of each number
	between  int               // signs since the last digit
	seen     int64             // bytes
	digits   [mostDigits]int64 // where the last ones stand
}

func newNumberSearch(numbers []string) *numberSearch {
	s := &numberSearch{matched: make([]int, len(numbers))}
	for _, number := range numbers {
		number = strings.TrimPrefix(number, "0") // which a country code drops
		table := make([]int, len(number)+1)
		for i, k := 1, 0; i < len(number); i++ {
			for k > 0 && number[i] != number[k] {
				k = table[k]
			}
			if number[i] == number[k] {
				k++
			}
			table[i+1] = k
		}
		s.numbers, s.fallback = append(s.numbers, number), append(s.fallback, table)
	}
	return s
}

// read calls do as each does, for all of a text, until do returns false.
func (s *numberSearch) read(r io.Reader, do func(at []int64) bool) error {
	part := make([]byte, 1<<20)
	for {
		n, err := r.Read(part)
		if !s.each(part[:n], do) || err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// in reports whether a number ends in the next part.
func (s *numberSearch) in(part []byte) bool {
	return !s.each(part, func([]int64) bool { return false })
}

// each calls do for each number that ends in the next part, with where its digits
// stand in the text, until do returns false; then it does too.
func (s *numberSearch) each(part []byte, do func(at []int64) bool) bool {
	for _, c := range part {
		at := s.seen
		s.seen++
		switch {
		case c >= '0' && c <= '9':
			s.between = 0
			copy(s.digits[:], s.digits[1:])
			s.digits[len(s.digits)-1] = at
			for i, number := range s.numbers {
				if s.match(i, c) && !do(s.digits[len(s.digits)-len(number):]) {
					return false
				}
			}
		case c == 0: // the other half of a character in UTF-16
		case s.between < 2 && strings.IndexByte(" -.()_", c) >= 0:
			s.between++
		default:
			clear(s.matched)
		}
	}
	return true
}

// match takes the next digit for number i, and reports whether the number ends with it.
func (s *numberSearch) match(i int, c byte) bool {
	number, k := s.numbers[i], s.matched[i]
	for k > 0 && number[k] != c {
		k = s.fallback[i][k]
	}
	if number[k] == c {
		k++
	}
	whole := k == len(number)
	if whole {
		k = s.fallback[i][k]
	}
	s.matched[i] = k
	return whole
}
