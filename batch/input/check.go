package input

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"axgbind/aliyun"
	"axgbind/batch/city"
	"axgbind/batch/field"
	"axgbind/batch/rules"
	"axgbind/report"
)

// Check returns everything found wrong with the row or put right in it, not only
// the first: what is said of the record, then of its cells in column order; nil
// if there is nothing. Of a malformed record no repairs are told, and of one that is no row at all nothing else. The row may be sent unless one of them is an error. It
// depends on nothing but the row, its Record included, and now. It may be called
// again later: an Expiration that was far enough ahead when the file was read
// may not be so when the call is sent.
func (r *Row) Check(now time.Time) []Fault {
	faults := slices.Clone(r.Faults)
	if r.skipCells {
		return faults
	}
	malformed := slices.ContainsFunc(faults, Fault.IsError)
	for i := range field.NumFields {
		f := i
		if r.layout != nil {
			f = r.layout.order[i]
		}
		if r.good>>f&1 == 1 || r.Fields[f] == "" && !r.wanted(f) && r.nulled>>f&1 == 0 || r.Faults != nil && r.explained(f) {
			continue
		}
		before := len(faults)
		if raw := r.cell(f); raw != r.Fields[f] && raw != "" && !malformed {
			faults = r.repaired(f, raw, faults)
		}
		mended := len(faults)
		faults = r.checkField(f, now.Unix(), faults)
		if mended > before && slices.ContainsFunc(faults[mended:], Fault.IsError) {
			faults = slices.Delete(faults, before, mended) // put right, and wrong all the same
		}
	}
	if len(faults) > 1 {
		slices.SortStableFunc(faults, func(a, b Fault) int { return placing(a) - placing(b) })
	}
	return faults
}

// cell returns the field's own text in the record, "" if it has none.
func (r *Row) cell(f field.Field) string {
	l := r.layout
	if l == nil || l.column[f] < 0 {
		return ""
	}
	i := l.column[f]
	if i >= len(l.own) || l.own[i] != i { // columns of ours stand before it
		i, _ = slices.BinarySearch(l.own, i)
	}
	if i >= len(r.Record) {
		return ""
	}
	return r.Record[i]
}

// repaired appends what was put right in a cell.
func (r *Row) repaired(f field.Field, raw string, faults []Fault) []Fault {
	if (f == field.IsRecordingEnabled || f == field.ASRStatus) && boolean(raw) == r.Fields[f] {
		return faults
	}
	normal, done := repair(f, raw)
	if normal == "" {
		done &= repairedNull // blanks are nothing to tell of
	} else if normal != r.Fields[f] {
		return faults // the default took its place
	}
	done.rules(f, func(rule string) {
		fault := r.layout.fieldFault(rule, f, raw)
		if fault.became = normal; rule == rules.CellNull { // a word, no number: it may be shown
			fault.value, fault.args = "", []any{strconv.Quote(trim(raw))}
		}
		faults = append(faults, fault)
	})
	return faults
}

// wanted reports whether the field must have a value.
func (r *Row) wanted(f field.Field) bool {
	return fieldChecks[f].empty != "" && (f != field.PoolKey || r.layout != nil && r.layout.gives(field.PoolKey))
}

// explained reports whether a fault of the record already says why the field
// has no proper value: its cell is missing or has lost characters.
func (r *Row) explained(f field.Field) bool {
	if r.missing > 0 && r.Fields[f] == "" && r.layout.column[f] >= len(r.layout.header)-r.missing {
		return true
	}
	return slices.ContainsFunc(r.Faults, func(g Fault) bool { return g.Field == f })
}

// placing is what faults are ordered by: the record, the columns, the rest.
func placing(f Fault) int {
	if f.number == 0 && f.Field < field.NumFields {
		return 1 << 20
	}
	return f.number
}

// fieldChecks say what is asked of each field.
var fieldChecks = [field.NumFields]struct {
	empty  string                                                         // the rule that a field without value breaks; "": it need not have one
	masked string                                                         // the rule that a masked text breaks; "": the customer may keep such texts on purpose
	check  func(r *Row, f field.Field, now int64, faults []Fault) []Fault // now is in seconds since 1970
}{
	field.PhoneNoA:           {empty: rules.PhoneEmpty, masked: rules.PhoneMasked, check: (*Row).checkPhone},
	field.PhoneNoB:           {masked: rules.PhoneMasked, check: (*Row).checkPhone},
	field.GroupID:            {empty: rules.GroupEmpty, masked: rules.CellMasked, check: (*Row).checkGroup},
	field.Expiration:         {empty: rules.ExpiryEmpty, masked: rules.CellMasked, check: (*Row).checkExpiration},
	field.PhoneNoX:           {masked: rules.PhoneMasked, check: (*Row).checkPhone},
	field.ExpectCity:         {masked: rules.CellMasked, check: (*Row).checkCity},
	field.IsRecordingEnabled: {masked: rules.CellMasked, check: oneOf(rules.Boolean, "true", "false")},
	field.OutID:              {check: (*Row).checkOutID},
	field.OutOrderID:         {check: (*Row).checkLongID},
	field.CallDisplayType:    {masked: rules.CellMasked, check: (*Row).checkDisplay},
	field.CallRestrict:       {masked: rules.CellMasked, check: oneOf(rules.Restrict, "CONTROL_AX_DISABLE", "CONTROL_BX_DISABLE", "CONTROL_CLEAR_DISABLE")},
	field.ASRStatus:          {masked: rules.CellMasked, check: oneOf(rules.Boolean, "true", "false")},
	field.ASRModelID:         {masked: rules.CellMasked, check: (*Row).checkLongID},
	field.RingConfig:         {masked: rules.CellMasked, check: (*Row).checkRing},
	field.PoolKey:            {empty: rules.PoolEmpty, masked: rules.CellMasked, check: (*Row).checkPool},
}

// checkField appends what is wrong with one field.
func (r *Row) checkField(f field.Field, now int64, faults []Fault) []Fault {
	s, want := r.Fields[f], &fieldChecks[f]
	switch {
	case s == "" && want.empty != "":
		return append(faults, r.fault(want.empty, f))
	case s == "":
		return faults
	case (s[0] < '0' || s[0] > '9') && spreadsheetError(s):
		return append(faults, r.layout.fieldFault(rules.CellError, f, "", shortened(s)))
	case want.masked != "" && strings.IndexByte(s, '*') >= 0 && report.Masked(s):
		return append(faults, r.fault(want.masked, f))
	}
	return want.check(r, f, now, faults)
}

// fault is what is wrong with the value of a field.
func (r *Row) fault(rule string, f field.Field, args ...any) Fault {
	return r.layout.fieldFault(rule, f, r.Fields[f], args...)
}

func (r *Row) checkPhone(f field.Field, _ int64, faults []Fault) []Fault {
	s := r.Fields[f]
	if rule, at := JudgePhone(s); rule != "" {
		faults = append(faults, r.fault(rule, f, phoneArgs(s, rule, at)...))
	}
	switch {
	case f == field.PhoneNoA || s != r.Fields[field.PhoneNoA]:
		return faults
	case f == field.PhoneNoB:
		return append(faults, r.fault(rules.AEqualsB, f))
	}
	return append(faults, r.fault(rules.AEqualsX, f))
}

func (r *Row) checkGroup(f field.Field, _ int64, faults []Fault) []Fault {
	s := r.Fields[f]
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 && s[0] != '+' {
		if n := RoundedDigits(s); n > 0 {
			return append(faults, r.fault(rules.GroupRounded, f, n))
		}
		return faults
	}
	if kept, all, ok := Scientific(s); ok && kept < all {
		return append(faults, r.fault(rules.GroupScientific, f, kept, all, all-kept))
	}
	return append(faults, r.fault(rules.Group, f))
}

func (r *Row) checkExpiration(f field.Field, now int64, faults []Fault) []Fault {
	end, rule := ExpirationUnix(r.Fields[f])
	ahead := end - now
	switch {
	case rule == rules.ExpiryFormat:
		rule, arg := judgeMoment(r.Fields[f])
		return append(faults, r.fault(rule, f, arg))
	case rule != "":
		return append(faults, r.fault(rule, f))
	case ahead <= int64(SendAhead/time.Second):
		return append(faults, r.fault(rules.ExpiryPast, f, time.Unix(now, 0).In(report.Beijing).Format(time.DateTime)))
	case ahead > farAhead:
		return append(faults, r.fault(rules.ExpiryFar, f, ahead/year))
	}
	return faults
}

func (r *Row) checkCity(f field.Field, _ int64, faults []Fault) []Fault {
	if !city.Known(r.Fields[f]) {
		return append(faults, r.fault(rules.CityUnknown, f))
	}
	return faults
}

// oneOf asks for one of a few words.
func oneOf(rule string, words ...string) func(*Row, field.Field, int64, []Fault) []Fault {
	return func(r *Row, f field.Field, _ int64, faults []Fault) []Fault {
		if slices.Contains(words, r.Fields[f]) {
			return faults
		}
		return append(faults, r.fault(rule, f))
	}
}

func (r *Row) checkDisplay(f field.Field, _ int64, faults []Fault) []Fault {
	switch r.Fields[f] {
	case "1":
		return faults
	case "2", "3":
		return append(faults, r.fault(rules.DisplayRetired, f))
	}
	return append(faults, r.fault(rules.Display, f))
}

func (r *Row) checkRing(f field.Field, _ int64, faults []Fault) []Fault {
	keys, ok := ringKeys(r.Fields[f])
	if !ok {
		return append(faults, r.fault(rules.Ring, f))
	}
	for _, k := range keys {
		if k != "AXGRing_AB" && k != "AXGRing_A" && k != "AXGRing_G" {
			faults = append(faults, r.fault(rules.RingKey, f, shownValue(f, k)))
		}
	}
	return faults
}

func (r *Row) checkOutID(f field.Field, now int64, faults []Fault) []Fault {
	if s := r.Fields[f]; len(s) > 64 {
		if n := utf8.RuneCountInString(s); n > 64 {
			faults = append(faults, r.fault(rules.OutIDLong, f, n))
		}
	}
	return r.checkLongID(f, now, faults)
}

func (r *Row) checkLongID(f field.Field, _ int64, faults []Fault) []Fault {
	s := r.Fields[f]
	if nullWord(f, s) == mayStandForNothing {
		return append(faults, r.fault(rules.CellNullWord, f))
	}
	if kept, all, ok := Scientific(s); ok && kept < all {
		return append(faults, r.fault(rules.IDScientific, f, kept, all))
	}
	if n := RoundedDigits(s); n > 0 {
		return append(faults, r.fault(rules.IDRounded, f, n))
	}
	if writtenAsNumber(s) {
		return append(faults, r.fault(rules.IDNotation, f))
	}
	return faults
}

// writtenAsNumber reports whether an id is as spreadsheets and programs write a number: ="2027",
// '2027, 202701.0. A short one may well end in .0.
func writtenAsNumber(s string) bool {
	whole, zeros, point := strings.Cut(s, ".")
	return s[0] == '\'' || strings.HasPrefix(s, `="`) || point && len(whole) > 5 && Digits(whole) && zeros == "0"
}

func (r *Row) checkPool(f field.Field, _ int64, faults []Fault) []Fault {
	s := r.Fields[f]
	at := keyLetters(s)
	if at == len(s) {
		return faults
	}
	c, _ := utf8.DecodeRuneInString(s[at:])
	return append(faults, r.fault(rules.Pool, f, position(s, at), strconv.QuoteRune(c)))
}

// phoneArgs returns what the sentence of a number's fault wants.
func phoneArgs(s, rule string, at int) []any {
	switch rule {
	case rules.PhoneDigits:
		c, _ := utf8.DecodeRuneInString(s[at:])
		return []any{position(s, at), strconv.QuoteRune(c)}
	case rules.PhoneSeveral:
		return []any{position(s, at)}
	case rules.PhoneExtension:
		return []any{utf8.RuneCountInString(s[:at])}
	case rules.PhoneScientific:
		kept, all, _ := Scientific(s)
		return []any{kept, all, all - kept}
	case rules.MobilePrefix, rules.ServiceNumber:
		return []any{s[:2]}
	}
	return []any{len(s)}
}

// SendAhead is how far ahead Expiration must lie when the call is sent (help
// page of BindAxg: more than 1 minute).
const SendAhead = time.Minute

// A year, and how far ahead an Expiration is taken for a slip, in seconds.
const (
	year     = 365*24*60*60 + 6*60*60
	farAhead = 80 * year
)

// ringKeys returns the keys of a JSON object whose values are strings, sorted.
func ringKeys(s string) (keys []string, ok bool) {
	var m map[string]any
	if json.Unmarshal([]byte(s), &m) != nil || m == nil {
		return nil, false
	}
	for k, v := range m {
		if _, ok := v.(string); !ok {
			return nil, false
		}
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys, true
}

// ExpirationUnix reads yyyy-MM-dd HH:mm:ss in Beijing time, in seconds since
// 1970, or names the rule that s breaks. time.Parse is not used: it takes
// shorter forms too, and fractions.
func ExpirationUnix(s string) (unix int64, rule string) {
	const form = "0000-00-00 00:00:00"
	if len(s) != len(form) {
		return 0, rules.ExpiryFormat
	}
	for i := range len(form) {
		if form[i] != '0' && s[i] != form[i] || form[i] == '0' && (s[i] < '0' || s[i] > '9') {
			return 0, rules.ExpiryFormat
		}
	}
	two := func(at int) int { return int(s[at]-'0')*10 + int(s[at+1]-'0') }
	year, month, day := two(0)*100+two(2), two(5), two(8)
	hour, minute, second := two(11), two(14), two(17)
	at := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if at.Day() != day || int(at.Month()) != month || hour > 23 || minute > 59 || second > 59 {
		return 0, rules.ExpiryDay
	}
	return at.Unix() - 8*60*60, ""
}

// ParseExpiration reads yyyy-MM-dd HH:mm:ss in Beijing time.
func ParseExpiration(s string) (time.Time, error) {
	unix, rule := ExpirationUnix(s)
	if rule != "" {
		return time.Time{}, errors.New("expiration: " + rules.ByID(rule).Cause.EN)
	}
	return time.Unix(unix, 0).In(report.Beijing), nil
}

// Request returns what the row asks of the service. It is meaningful only for a
// row whose Check finds nothing but warnings.
func (r *Row) Request() aliyun.BindAxgRequest {
	f := &r.Fields
	req := aliyun.BindAxgRequest{
		PoolKey:            f[field.PoolKey],
		PhoneNoA:           f[field.PhoneNoA],
		PhoneNoB:           f[field.PhoneNoB],
		PhoneNoX:           f[field.PhoneNoX],
		ExpectCity:         f[field.ExpectCity],
		IsRecordingEnabled: truth(f[field.IsRecordingEnabled]),
		OutID:              f[field.OutID],
		OutOrderID:         f[field.OutOrderID],
		CallRestrict:       f[field.CallRestrict],
		ASRStatus:          truth(f[field.ASRStatus]),
		ASRModelID:         f[field.ASRModelID],
		RingConfig:         f[field.RingConfig],
	}
	req.GroupID, _ = strconv.ParseInt(f[field.GroupID], 10, 64)
	req.CallDisplayType, _ = strconv.Atoi(f[field.CallDisplayType])
	req.Expiration, _ = ParseExpiration(f[field.Expiration])
	return req
}

// truth returns what a normalised yes-or-no field says, nil for nothing.
func truth(s string) *bool {
	if s == "" {
		return nil
	}
	b := s == "true"
	return &b
}
