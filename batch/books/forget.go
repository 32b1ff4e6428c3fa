package books

import (
	"encoding/json"
	"io"
	"slices"
	"sort"
	"strings"
	"time"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/batch/rules"
	"axgbind/report"
)

// ParseNumber gives a phone number the form in which a journal holds it; ok is false
// for a text that is none.
func ParseNumber(text string) (number string, ok bool) {
	number = input.Normalise(field.PhoneNoA, text)
	rule, _ := input.JudgePhone(number)
	return number, number != "" && (rule == "" || rule == rules.ServiceNumber)
}

// Forgetting is what it takes to write a journal anew without some phone numbers.
type Forgetting struct {
	Records int    // that hold one of them
	Needed  []Need // why it cannot be; none: it can

	journal *Journal
	size    int64
	numbers []string
	lines   int               // behind the header
	runs    []int64           // where their beginnings stand
	values  map[int64]string  // number by Ref, of records in which it is an A, a B or an X
	calls   map[uint64]string // by number of a call, of all records about it
}

// Need is a binding that lives or may live, or a call in doubt, which nobody could
// tell or end without its number.
type Need struct {
	Number string
	SubsID string
	Batch  string    // that holds it, or sent the call; blank if nobody knows
	Line   int       // in the input of that batch; 0 if nobody knows
	Ends   time.Time // Expiration; zero if nobody knows
	Doubt  bool      // a call, not a binding
	// Untold: the binding has lapsed by this machine's clock, and no answer of the service
	// has told that its time has come so far.
	Untold bool
}

// Forget looks where a journal of a size holds phone numbers that ParseNumber
// returned. It changes nothing.
func (j *Journal) Forget(size int64, numbers []string) (*Forgetting, error) {
	f := &Forgetting{journal: j, size: size, numbers: numbers, values: map[int64]string{}, calls: map[uint64]string{}}
	if _, _, err := journal.Read(j.text, size, nil, f.look); err != nil {
		return nil, err
	}
	clock := j.Clock()
	clock.Service = j.leastServiceTime(time.Now()).UnixMilli() // if it is only looked at, too: so that a plan says what will be done
	for n := range j.Ledger.Bindings() {
		if err := f.binding(n, clock); err != nil {
			return nil, err
		}
	}
	for n := range j.Ledger.Len() {
		for _, c := range j.Ledger.Calls(n) {
			if err := f.call(&c, clock); err != nil {
				return nil, err
			}
		}
	}
	return f, nil
}

// Write writes the journal anew: each record as it is, but for the numbers, in whose
// place their masked form stands. Identities, places and ids stay, so what was
// written knows the same. No record may be on its way meanwhile.
func (f *Forgetting) Write(w io.Writer) error {
	out := journal.Rewrite(w, f.journal.Header, f.journal.mark(), f.lines)
	if _, _, err := journal.Read(f.journal.text, f.size, nil, func(l *journal.Line) error {
		text, _ := MaskJSON(l.Detail, f.numbers)
		if l.Record.Kind == 0 {
			return out.Note(text)
		}
		return out.Record(&l.Record, text)
	}); err != nil {
		return err
	}
	return out.Flush()
}

// look notes where the numbers stand.
func (f *Forgetting) look(l *journal.Line) error {
	f.lines++
	if l.Record.Kind == ledger.Run {
		f.runs = append(f.runs, l.Record.Ref)
	}
	if _, changed := MaskJSON(l.Detail, f.numbers); !changed {
		return nil
	}
	f.Records++
	if l.Record.Kind == ledger.Run || l.Record.Kind == ledger.End || l.Record.Kind == 0 {
		return nil
	}
	d, err := DecodeDetail(l)
	if err != nil {
		return err
	}
	for _, number := range f.numbers {
		in := func(value string) bool { return report.MaskNumber(value, number) != value }
		if slices.ContainsFunc([]string{d.PhoneNoA, d.PhoneNoB, d.PhoneNoX, d.SecretNo}, in) {
			f.values[l.Record.Ref] = number
		}
		if _, changed := MaskJSON(l.Detail, []string{number}); changed && l.Record.Call > 0 {
			f.calls[l.Record.Call] = number
		}
	}
	return nil
}

// binding notes a binding whose number is needed.
func (f *Forgetting) binding(n int, clock ledger.Clock) error {
	l := f.journal.Ledger
	info := l.Binding(n)
	number, held := f.values[info.Values]
	if x, ok := f.values[info.OK]; ok {
		number, held = x, true
	}
	if !held || !l.MayLive(n, clock) {
		return nil
	}
	k, err := f.journal.BindingAt(int32(n))
	if err != nil {
		return err
	}
	need := Need{Number: number, SubsID: k.SubsID, Ends: instant(info.Ends)}
	clock.Service = clock.Now
	need.Untold = !l.MayLive(n, clock)
	_, holder := l.Owners(n)
	need.Batch = l.BatchName(holder)
	if batch, err := f.batchAt(info.Values); err != nil {
		return err
	} else if batch == need.Batch { // else the line is one of a list
		need.Line = k.Detail.Line
	}
	f.Needed = append(f.Needed, need)
	return nil
}

// call notes a call in doubt whose number is needed.
func (f *Forgetting) call(c *ledger.CallInfo, clock ledger.Clock) error {
	number, held := f.calls[c.Number]
	if !held || c.Passed && f.journal.Ledger.DueIn(c.Number, clock) <= 0 {
		return nil
	}
	d, err := f.journal.DetailAt(c.Ref)
	if err != nil {
		return err
	}
	l := f.journal.Ledger
	f.Needed = append(f.Needed, Need{
		Number: number, Batch: l.BatchName(l.Key(c.Row).Batch), Line: d.Line, Ends: instant(c.Ends), Doubt: true,
	})
	return nil
}

// batchAt is the batch of the row that the record at a Ref is about.
func (f *Forgetting) batchAt(ref int64) (string, error) {
	if ref < 0 {
		return "", nil
	}
	l, err := journal.At(f.journal.text, ref)
	if err != nil {
		return "", err
	}
	before := sort.Search(len(f.runs), func(i int) bool { return f.runs[i] > ref })
	return f.journal.Ledger.Batch(before - 1 - l.Record.Ago), nil
}

func instant(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// idNames are the names of values of the journal that are ids and hashes, not texts in
// which somebody may have written a number.
var idNames = map[string]bool{
	"run": true, "batch": true, "of": true, "other_batch": true, "path": true, "sha256": true, "results_sha256": true, "input_sha256": true, "commit": true,
	"pool": true, "g": true, "subs": true, "req": true,
}

// MaskJSON masks phone numbers in the texts of a JSON text, and keeps all others as
// they are. changed is false if there was none.
func MaskJSON(text []byte, numbers []string) (masked []byte, changed bool) {
	name, done := "", 0
	for at := 0; at < len(text); {
		if text[at] != '"' {
			at++
			continue
		}
		end := at + 1
		for end < len(text) && text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end+1, len(text))
		was := string(text[at+1 : max(end-1, at+1)])
		if strings.Contains(was, `\`) && json.Unmarshal(text[at:end], &was) != nil {
			return text, false // no JSON
		}
		key := end < len(text) && text[end] == ':'
		if key {
			name = ""
		}
		if is := maskText(name, was, numbers); is != was {
			now, _ := json.Marshal(is) // a string
			masked = append(append(masked, text[done:at]...), now...)
			done, changed = end, true
		}
		if key {
			name = was
		}
		at = end
	}
	if !changed {
		return text, false
	}
	return append(masked, text[done:]...), true
}

// maskText masks numbers in a value of a name, or in a name.
func maskText(name, value string, numbers []string) string {
	switch {
	case idNames[name] || len(value) < 5:
	case name == "named" || name == "more": // SubsId and X
		if id, x, both := strings.Cut(value, " "); both {
			return id + " " + maskText("", x, numbers)
		} else if slices.Contains(numbers, value) {
			return report.Mask(value)
		}
	default:
		for _, number := range numbers {
			value = report.MaskNumber(value, number)
		}
	}
	return value
}
