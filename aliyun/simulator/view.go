package simulator

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// LookupForm says how QuerySubscriptionDetail shows what it knows: the names of
// forms, joined by commas, which hold all at once. "" shows everything as it was
// made. The look-ups of other actions have no forms.
type LookupForm string

// The forms. At most one of the first three can hold.
const (
	FormA86    LookupForm = "a86"    // PhoneNoA and PhoneNoB as 86138...
	FormPlus86 LookupForm = "plus86" // as +86138...
	Form0086   LookupForm = "0086"   // as 0086138...
	FormMasked LookupForm = "masked" // as 138****8000
	FormUTC    LookupForm = "utc"    // ExpireDate and GmtCreate in UTC
)

var lookupForms = [...]LookupForm{FormA86, FormPlus86, Form0086, FormMasked, FormUTC}

// view is what the look-ups of bindings show. It does not change but for its
// count.
type view struct {
	forms []LookupForm
	most  int64 // look-ups answered before they show nothing; 0: no end, -1: none
	done  atomic.Int64
}

// newView reads the forms; diesAfter is as in Options.
func newView(form LookupForm, diesAfter int) (*view, error) {
	v := &view{most: int64(max(diesAfter, -1))}
	if form == "" {
		return v, nil
	}
	prefixes := 0
	for name := range strings.SplitSeq(string(form), ",") {
		f := LookupForm(strings.TrimSpace(name))
		at := slices.Index(lookupForms[:], f)
		if at < 0 {
			return nil, fmt.Errorf("look-up form %q: unknown form %q, want some of %s", form, f, formNames())
		}
		if at < 3 && !v.has(f) {
			prefixes++
		}
		v.forms = append(v.forms, f)
	}
	if prefixes > 1 {
		return nil, fmt.Errorf("look-up form %q: want one of %s, %s and %s at most", form, FormA86, FormPlus86, Form0086)
	}
	return v, nil
}

func formNames() string {
	var b strings.Builder
	for i, f := range lookupForms {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(f))
	}
	return b.String()
}

func (v *view) has(f LookupForm) bool { return slices.Contains(v.forms, f) }

// dead counts a look-up and reports whether it shows nothing.
func (v *view) dead() bool {
	return v.most != 0 && v.done.Add(1) > max(v.most, 0)
}

// time puts a time into form.
func (v *view) time(t time.Time) string {
	if v.has(FormUTC) {
		return t.UTC().Format(dateTime)
	}
	return beijing(t)
}

// phone puts a number into form. One of fewer than eight digits has nothing to mask.
func (v *view) phone(s string) string {
	if s == "" {
		return s
	}
	if n := len(s); n >= 8 && v.has(FormMasked) {
		s = s[:3] + strings.Repeat("*", n-7) + s[n-4:]
	}
	switch {
	case v.has(FormA86):
		return "86" + s
	case v.has(FormPlus86):
		return "+86" + s
	case v.has(Form0086):
		return "0086" + s
	}
	return s
}

// SetLookups replaces Options.LookupForm and Options.LookupDiesAfter from the next
// look-up on, and counts anew. It refuses what New would.
func (s *Service) SetLookups(form LookupForm, diesAfter int) error {
	v, err := newView(form, diesAfter)
	if err != nil {
		return err
	}
	s.view.Store(v)
	return nil
}
