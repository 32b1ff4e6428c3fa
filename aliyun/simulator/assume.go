package simulator

import (
	"fmt"
	"strconv"
	"strings"
)

// assumption is a switch that Assume knows: its name, and where its value stands in
// Options.
type assumption struct {
	name string
	at   func(*Options) any
}

// assumptions lists the switches that one value sets.
func assumptions() []assumption {
	return []assumption{
		{"free-x", func(o *Options) any { return &o.FreeX }},
		{"unknown-x", func(o *Options) any { return &o.UnknownX }},
		{"ended-detail", func(o *Options) any { return &o.EndedDetail }},
		{"detail-hides", func(o *Options) any { return &o.DetailHides }},
		{"created-utc", func(o *Options) any { return &o.CreatedUTC }},
		{"status-turned", func(o *Options) any { return &o.StatusTurned }},
		{"lapsed-update", func(o *Options) any { return &o.LapsedUpdate }},
		{"old-unbind", func(o *Options) any { return &o.OldUnbind }},
		{"no-date", func(o *Options) any { return &o.NoDate }},
		{"same-a", func(o *Options) any { return &o.SameA }},
		{"strict-groups", func(o *Options) any { return &o.StrictGroups }},
		{"bad-group", func(o *Options) any { return &o.BadGroup }},
		{"short-names", func(o *Options) any { return &o.ShortNames }},
		{"uncertified", func(o *Options) any { return &o.Uncertified }},
		{"need-host", func(o *Options) any { return &o.NeedHost }},
		{"need-tls", func(o *Options) any { return &o.NeedTLS }},
	}
}

// Assume sets the switch that "NAME=VALUE" names: free-x=null is FreeX "null". A name
// alone turns on a switch that is true or false; detail-hides takes fields joined by
// commas. What the value may be, New says.
func (o *Options) Assume(text string) error {
	name, value, given := strings.Cut(text, "=")
	for _, a := range assumptions() {
		if a.name != name {
			continue
		}
		var err error
		switch p := a.at(o).(type) {
		case *bool:
			if *p = true; given {
				*p, err = strconv.ParseBool(value)
			}
			if err != nil {
				return fmt.Errorf("%q: %s is true or false", text, name)
			}
			return nil
		case *string:
			*p = value
		case *SameA:
			*p = SameA(value)
		case *[]string:
			*p = strings.Split(value, ",")
		}
		if value == "" {
			return fmt.Errorf("%q: want %s=VALUE", text, name)
		}
		return nil
	}
	var names []string
	for _, a := range assumptions() {
		names = append(names, a.name)
	}
	return fmt.Errorf("%q: no such switch, want one of %s", text, strings.Join(names, ", "))
}
