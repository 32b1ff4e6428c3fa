package input

import (
	"cmp"
	"maps"
	"runtime"
	"slices"
	"strings"
	"unicode"

	"axgbind/batch/field"
	"axgbind/report"
)

// layout says what each column of one input is for. It does not change after
// Open.
type layout struct {
	header   []string                     // every column of the file, as it stands
	own      []int                        // the file columns that are the input's own
	ownNames []string                     // their headers
	column   [field.NumFields]int         // the file column that fills a field, or -1
	order    [field.NumFields]field.Field // fields in column order, those without a column last
	filled   int                          // how many fields have a column
	line     string                       // a header line with as many cells as the file's

	fieldNames []string // by file column: the name of the field it fills, or ""
	verdict    verdictPlaces
	bindings   bool     // rows name live bindings in these columns:
	secretNo   int      // -1: none
	subsID     int      // likewise: pool, A and group name them
	isResults  bool     // verdict is filled; a column that is not there is -1
	cut        string   // the column that a results file lacks to be known as one
	maybe      *remnant // of the columns of a results file; nil: none
	failed     bool     // it is a file of rows to mend, with how they stand in this column:
	standing   int
	prefixed   bool
	excel      bool                    // cells are written as report.ExcelText does
	defaults   [field.NumFields]string // normalised
	relative   string                  // the text of a default Expiration that counts from when a row is sent; blank: it does not
	encoding   string
	headerLine int
	numbers    bool // it is a list of X numbers
}

// newLayout finds out what the columns of header are for, or refuses the file
// with an *Error. title says that the record is hardly a header.
func newLayout(header []string, title bool, opt Options) (*layout, error) {
	if len(header) > maxColumns {
		return nil, &Error{Kind: "too-many-columns", args: []any{len(header), maxColumns}}
	}
	l := &layout{header: slices.Clone(header)}
	keys, marked := make([]string, len(header)), make([]string, len(header))
	for i, h := range header {
		keys[i], marked[i] = field.Key(h), field.Unmarked(h)
	}
	ours := l.strip(marked)
	if l.cut != "" && !opt.Bindings {
		return nil, l.refuse("results-cut", l.cut)
	}
	for i := range header {
		if !ours[i] {
			l.own = append(l.own, i)
			l.ownNames = append(l.ownNames, l.header[i])
			l.prefixed = l.prefixed || slices.ContainsFunc(VerdictColumns, func(n string) bool { return field.Key(n) == keys[i] })
		}
	}
	l.relative = opt.Relative
	for f, v := range opt.Defaults {
		if f < field.NumFields {
			l.defaults[f] = Normalise(f, v)
		}
	}
	if err := l.assign(keys, title, opt); err != nil {
		return nil, err
	}
	l.fieldNames = make([]string, len(header))
	for f, i := range l.column {
		if i >= 0 {
			l.fieldNames[i] = field.Field(f).String()
		}
	}
	for i := range l.order {
		l.order[i] = field.Field(i)
		if l.column[i] >= 0 {
			l.filled++
		}
	}
	slices.SortStableFunc(l.order[:], func(a, b field.Field) int { // no column, -1, is the greatest
		return cmp.Compare(uint(l.column[a]), uint(l.column[b]))
	})
	return l, nil
}

// strip recognises the columns that axgbind itself appended to an earlier
// input: those of a file of rows to mend, or of a results file, prefixed or not.
// Of two columns with the same name the later one is ours.
func (l *layout) strip(keys []string) (ours []bool) {
	ours = make([]bool, len(keys))
	if !l.stripFailed(ours, keys) {
		l.stripVerdict(ours, keys)
	}
	return ours
}

// stripVerdict finds the columns of a results file. It is one as long as it says
// how its rows stand and which bindings they have, under whichever of our two names,
// and whatever other column somebody took out or added.
func (l *layout) stripVerdict(ours []bool, keys []string) {
	find := verdictFinder(keys)
	for _, names := range [][]string{{report.Prefix}, {""}, {report.Prefix, ""}} {
		if at, _ := find(names...); at[report.ColumnStatus] >= 0 && at[report.ColumnSubsID] >= 0 {
			l.isResults, l.verdict = true, at
			for _, i := range at {
				if i >= 0 {
					ours[i] = true
				}
			}
			return
		}
	}
	for _, prefix := range []string{report.Prefix, ""} {
		at, there := find(prefix)
		l.noteRemnant(prefix, at, there)
	}
}

// verdictPlaces are the file columns of the VerdictColumns; -1: not there.
type verdictPlaces [report.NumColumns]int

// verdictFinder returns what finds the VerdictColumns under any of some prefixes, and
// says how many are there.
func verdictFinder(keys []string) func(prefixes ...string) (at verdictPlaces, there int) {
	last := make(map[string]int, len(keys))
	for i, k := range keys {
		last[k] = i
	}
	return func(prefixes ...string) (at verdictPlaces, there int) {
		for i, n := range VerdictColumns {
			at[i] = -1
			for _, prefix := range prefixes {
				if column, ok := last[field.Key(prefix+n)]; ok && at[i] < 0 {
					at[i] = column
					there++
				}
			}
		}
		return at, there
	}
}

// stripFailed finds the columns of a file of rows to mend, which are its last.
func (l *layout) stripFailed(ours []bool, keys []string) bool {
	for i, h := range l.header {
		if report.IsStamp(strings.Trim(h, "*'\" ")) { // it ends the columns of a row to mend
			ours[i], keys = true, keys[:i]
			break
		}
	}
	from := len(keys) - len(failedColumns[0])
	if from < 0 {
		return false
	}
	for _, names := range failedColumns {
		if slices.EqualFunc(keys[from:], names, func(key, name string) bool { return key == field.Key(name) }) {
			l.failed, l.standing = true, from+1
			for i := from; i < len(keys); i++ {
				ours[i] = true
			}
		}
	}
	return l.failed
}

// assign fills l.column. A column named by --map takes its field whatever the
// aliases say, and a column that an alias would give the same field is then
// passed through: this is how one of two columns is chosen.
func (l *layout) assign(keys []string, title bool, opt Options) error {
	for f := range l.column {
		l.column[f] = -1
	}
	mapped, err := l.mapped(keys, opt.Map)
	if err != nil {
		return err
	}
	if err := l.takeColumns(keys, mapped); err != nil {
		return err
	}
	required := []field.Field{field.PhoneNoA, field.GroupID, field.Expiration}
	if opt.Numbers {
		required = []field.Field{field.PhoneNoX}
		l.takeListed()
		l.numbers = true
	} else if opt.Bindings {
		required = opt.Required
		err = l.findBindings(opt.Required)
	} else if l.column[field.PhoneNoA] < 0 {
		err = l.refuseBareNumber(keys, mapped)
	}
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(slices.Clone(required), l.gives)
	if len(missing) == 0 {
		return nil
	}
	if opt.Numbers {
		return l.refuse("no-number-column")
	}
	if likeRow(l.header) {
		return l.refuse("no-header")
	}
	return l.refuseMissing(missing, title, opt.Delimiter)
}

// mapped returns the fields that --map gives to columns, by header key.
func (l *layout) mapped(keys []string, fields map[string]field.Field) (map[string]field.Field, error) {
	mapped := make(map[string]field.Field, len(fields))
	var absent []string
	for _, text := range slices.Sorted(maps.Keys(fields)) {
		k, f := field.Key(text), fields[text]
		if other, ok := mapped[k]; ok && other != f {
			return nil, l.refuse("map-twice", shownHeader(text))
		}
		mapped[k] = f
		if !slices.ContainsFunc(l.own, func(i int) bool { return keys[i] == k }) {
			absent = append(absent, text)
		}
	}
	if len(absent) == 0 {
		return mapped, nil
	}
	near := report.Text{EN: "no header is like it", ZH: "没有相近的表头"}
	if i := l.nearestHeader(absent[0]); i >= 0 {
		flag := l.mapFlag(i, fields[absent[0]])
		near = report.Text{EN: "the nearest is " + ColumnLetter(i+1) + ": " + flag, ZH: "最接近的是 " + ColumnLetter(i+1) + " 列：" + flag}
	}
	return nil, l.refuse("map-absent", strings.Join(shownHeaders(absent), ", "), near)
}

// takeColumns gives fields the columns that are mapped to them, and to the others those
// that are called so.
func (l *layout) takeColumns(keys []string, mapped map[string]field.Field) error {
	for _, i := range l.own {
		if f, ok := mapped[keys[i]]; ok && f < field.NumFields {
			if err := l.take(keys, i, f); err != nil {
				return err
			}
		}
	}
	settled := l.column
	for _, i := range l.own {
		f, ok := field.Of(l.header[i])
		if _, mine := mapped[keys[i]]; mine || !ok || settled[f] >= 0 {
			continue
		}
		if err := l.take(keys, i, f); err != nil {
			return err
		}
	}
	return nil
}

// takeListed gives the columns of a list of X numbers their fields.
func (l *layout) takeListed() {
	for _, i := range l.own {
		if f, ok := listedField(l.header[i]); ok && l.column[f] < 0 {
			l.column[f] = i
		}
	}
}

// listedField is the field that a header means in a list of X numbers only, where no other
// number can be meant.
func listedField(header string) (field.Field, bool) {
	switch field.Unmarked(header) {
	case "secretno", "号码", "手机号", "number":
		return field.PhoneNoX, true
	case "city":
		return field.ExpectCity, true
	}
	return field.NumFields, false
}

// take gives a field a column, or refuses the second one for it.
func (l *layout) take(keys []string, i int, f field.Field) error {
	first := l.column[f]
	if first < 0 {
		l.column[f] = i
		return nil
	}
	kind := "two-columns"
	if keys[first] == keys[i] {
		kind = "column-twice"
	}
	return l.refuse(kind, f.String(), ColumnLetter(first+1), shownHeader(l.header[first]), ColumnLetter(i+1), shownHeader(l.header[i]),
		l.mapFlag(first, f), l.mapFlag(i, f))
}

// gives reports whether a field has a column or a default.
func (l *layout) gives(f field.Field) bool { return l.column[f] >= 0 || l.defaults[f] != "" }

// refuseBareNumber refuses a header without PhoneNoA that has a column of numbers which
// does not say whose they are.
func (l *layout) refuseBareNumber(keys []string, mapped map[string]field.Field) error {
	for _, i := range l.own {
		if _, mine := mapped[keys[i]]; !mine && field.BareNumber(l.header[i]) {
			return l.refuse("ambiguous-number", ColumnLetter(i+1), shownHeader(l.header[i]),
				l.mapFlag(i, field.PhoneNoA), l.mapFlag(i, field.PhoneNoB), l.mapFlag(i, field.PhoneNoX))
		}
	}
	return nil
}

// findBindings finds the columns that name a row's binding: SubsId, or else PhoneNoA
// and GroupId, unless the group is what is to change.
func (l *layout) findBindings(changed []field.Field) error {
	l.bindings = true
	called := func(name string) int {
		return slices.IndexFunc(l.header, func(h string) bool { return field.Unmarked(h) == field.Key(name) })
	}
	l.secretNo, l.subsID = called("SecretNo"), called("SubsId")
	if l.isResults {
		l.secretNo, l.subsID = l.verdict[report.ColumnSecretNo], l.verdict[report.ColumnSubsID]
	}
	if l.secretNo < 0 {
		l.secretNo = l.column[field.PhoneNoX]
	}
	if l.subsID < 0 && !(l.column[field.PhoneNoA] >= 0 && l.gives(field.GroupID) && !slices.Contains(changed, field.GroupID)) {
		return l.refuse("no-binding")
	}
	return nil
}

// refuseMissing says what was wanted, and which columns may be meant. delimiter
// is the one that was asked for, 0 if none was. Of a title no column is suggested.
func (l *layout) refuseMissing(missing []field.Field, title bool, delimiter rune) error {
	var wanted []string
	for _, f := range missing {
		names := slices.DeleteFunc(f.Aliases(), func(n string) bool { return len(n) == 1 })
		wanted = append(wanted, f.String()+" ("+strings.Join(names[:min(3, len(names))], ", ")+", ...)")
	}
	if title {
		return l.refuse("header-not-found", earlyRecords, strings.Join(wanted, ", "))
	}
	switch other := l.otherDelimiter(); {
	case other != 0 && delimiter != 0:
		return l.refuse("delimiter-wrong", string(delimiter), typedDelimiter(other))
	case other != 0 && len(l.header) == 1 && !slices.Contains(delimiters, other):
		return l.refuse("delimiter-unknown", string(other), typedDelimiter(other))
	case other != 0 && blankCells(l.header[1:]):
		return l.refuse("header-in-quotes")
	case other != 0:
		return l.refuse("delimiters-mixed", string(other))
	}
	return l.refuse("missing-columns", strings.Join(wanted, ", "), l.suggestion(missing), instead(missing))
}

// suggestion names the columns that may be meant for fields that are missing.
func (l *layout) suggestion(missing []field.Field) report.Text {
	taken := map[int]bool{}
	for _, i := range l.column {
		taken[i] = true
	}
	var flags []string
	for _, f := range missing {
		if i := l.guess(f, taken); i >= 0 {
			taken[i] = true
			flags = append(flags, l.mapFlag(i, f))
		}
	}
	if len(flags) == 0 {
		return report.Text{EN: "if it is there by another name, say so with --map 'COLUMN=Field'", ZH: "如果只是名称不同，请用 --map 'COLUMN=Field' 指明"}
	}
	by := strings.Join(flags, " ")
	return report.Text{EN: "the nearest guess, if it is right: " + by, ZH: "最接近的猜测（请核对）：" + by}
}

// instead are the flags that give all rows what columns are missing for.
func instead(missing []field.Field) report.Text {
	var flags []string
	for _, f := range missing {
		switch f {
		case field.GroupID:
			flags = append(flags, "--default GroupId=ID")
		case field.Expiration:
			flags = append(flags, "--default Expiration=+30d")
		}
	}
	if len(flags) == 0 {
		return report.Text{}
	}
	by := strings.Join(flags, " ")
	return report.Text{EN: "; what is common to all rows can be given instead: " + by, ZH: "；所有行相同的值也可以直接给出：" + by}
}

// otherDelimiter returns what separates headers that were read as one, 0 if there are none.
func (l *layout) otherDelimiter() rune {
	for _, h := range l.header {
		candidates := delimiters
		for _, d := range h {
			if (unicode.IsPunct(d) || unicode.IsSymbol(d)) && usableDelimiter(d) && !slices.Contains(candidates, d) {
				candidates = append(candidates, d)
			}
		}
		for i, d := range candidates {
			least := 1
			if i >= len(delimiters) {
				least = 2
			}
			if parts := strings.Split(h, string(d)); len(parts) > 1 && resolved(parts, Options{}) >= least {
				return d
			}
		}
	}
	return 0
}

// typedDelimiter is a delimiter as --delimiter takes it, ready to be typed.
func typedDelimiter(d rune) string {
	switch d {
	case ',':
		return "comma"
	case '\t':
		return "tab"
	case ';':
		return "semicolon"
	}
	word, _ := report.Quoted(runtime.GOOS, string(d))
	return word
}

func (l *layout) refuse(kind string, args ...any) error {
	return &Error{Kind: kind, Headers: l.header, args: args}
}
