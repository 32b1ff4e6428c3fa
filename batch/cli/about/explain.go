package about

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/aliyun"
	"axgbind/aliyun/netcause"
	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/batch/rules"
	"axgbind/report"
)

// Explain is the command that explains codes and rules.
func Explain(a *command.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:         "explain [CODE|RULE]",
		Short:       report.HelpExplain.In(a.Lang),
		Annotations: flags.Tells,
		Long:        report.HelpExplainLong.In(a.Lang),
		Example:     report.HelpExplainExample.In(a.Lang),
		Args:        cobra.MaximumNArgs(1),

		ValidArgsFunction: completeCodes(a.Lang),

		RunE: func(_ *cobra.Command, args []string) error {
			text := explainAll(a)
			if len(args) == 1 {
				var err error
				if text, err = explainOne(a, args[0]); err != nil {
					return err
				}
			}
			if _, err := fmt.Fprint(a.Stdout, text); err != nil {
				return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
			}
			return nil
		},
	}
}

// explainAll is the whole table: a line for each code and rule.
func explainAll(a *command.Invocation) string {
	b := &strings.Builder{}
	entries, rules := aliyun.Entries(), rules.All()
	width := 0
	for _, e := range entries {
		width = max(width, len(e.Code))
	}
	fmt.Fprintln(b, report.ExplainCodes.In(a.Lang))
	for _, e := range entries {
		fmt.Fprintf(b, "  %-*s  %s  %s\n", width, e.Code, report.Pad(classWords(e.Class).In(a.Lang), 10), Text(a.Lang, e.Meaning))
	}
	fmt.Fprintf(b, "\n%s\n", report.ExplainRules.In(a.Lang))
	for _, r := range rules {
		fmt.Fprintf(b, "  %-*s  %s  %s\n", width, r.ID, report.Pad(severity(a, r), 10), r.Meaning.In(a.Lang))
	}
	return b.String()
}

func severity(a *command.Invocation, r rules.Rule) string {
	switch r.Severity {
	case report.Error:
		return report.Invalid.String()
	case report.Warning:
		return report.ClassWarning.In(a.Lang)
	}
	return r.Severity.In(a.Lang)
}

// explainOne tells all that is known of a code or a rule.
func explainOne(a *command.Invocation, name string) (string, error) {
	for _, r := range rules.All() {
		if strings.EqualFold(r.ID, name) {
			return explainRule(a, r), nil
		}
	}
	for _, e := range aliyun.Entries() {
		if strings.EqualFold(e.Code, name) {
			return explainEntry(a, e), nil
		}
	}
	if s, ok := report.ParseStatus(strings.ToUpper(name)); ok {
		b := &strings.Builder{}
		fmt.Fprintln(b, s.Label(a.Lang))
		explainLine(a, b, report.ExplainMeaning, s.Meaning().In(a.Lang))
		fmt.Fprintln(b, report.HelpTopic.In(a.Lang, "results"))
		return b.String(), nil
	}
	// A code of a family, such as MissingPhoneNoA, or one that nobody has
	// documented: what axgbind does with it is known all the same.
	if near := nearest(name); len(near) > 0 {
		return "", exit.Refuse(exit.Usage, report.ErrNoCode, name, strings.Join(near, ", "))
	}
	e := aliyun.Lookup(name)
	if strings.HasPrefix(strings.ToLower(name), "client.") || strings.ContainsAny(name, " \t") || len(name) < 4 || !strings.ContainsAny(name, ".ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		return "", exit.Refuse(exit.Usage, report.ErrNoCode, name, "isv.BIND_CONFLICT, mobile-length, …")
	}
	return explainEntry(a, e), nil
}

// explainEntry describes a code.
func explainEntry(a *command.Invocation, e aliyun.Entry) string {
	b := &strings.Builder{}
	fmt.Fprintln(b, report.Shown(e.Code)) // as it was typed, if nobody knows it
	explainLine(a, b, report.ExplainMeaning, Text(a.Lang, e.Meaning))
	explainLine(a, b, report.ExplainClass, classWords(e.Class).In(a.Lang))
	explainLine(a, b, report.ExplainDoes, consequence(a, e).In(a.Lang))
	explainLine(a, b, report.ExplainCause, Text(a.Lang, e.Cause))
	explainLine(a, b, report.ExplainCure, Text(a.Lang, e.Cure))
	explainLine(a, b, report.ExplainWho, Text(a.Lang, e.Actor.Text()))
	if e.Code == aliyun.CodeNotSent {
		explainCauses(a, b)
	}
	source := e.Source
	if a.Lang == report.ZH { // what stands in brackets behind an address is English
		source, _, _ = strings.Cut(source, " (")
	}
	explainLine(a, b, report.ExplainSource, source)
	return b.String()
}

// explainCauses tells the causes apart that keep calls from the service, each with its cure.
func explainCauses(a *command.Invocation, b *strings.Builder) {
	for _, c := range netcause.All() {
		what, cure := books.Network(a.Lang, netcause.Fault{Cause: c, Where: "HOST:PORT", Detail: "…"})
		fmt.Fprintf(b, "    %s\n", c)
		fmt.Fprintf(b, "      %s%s%s\n", what, report.Between.In(a.Lang), cure)
	}
}

// classWords is a class in words.
func classWords(c aliyun.Class) report.Text {
	switch c {
	case aliyun.Done:
		return report.ClassDone
	case aliyun.Throttled:
		return report.ClassThrottled
	case aliyun.NotSent:
		return report.ClassNotSent
	case aliyun.Stale:
		return report.ClassStale
	case aliyun.RowRefused:
		return report.ClassRow
	case aliyun.Capacity:
		return report.ClassCapacity
	case aliyun.AccountRefused:
		return report.ClassAccount
	}
	return report.ClassAmbiguous
}

// consequence is what axgbind does after a code.
func consequence(a *command.Invocation, e aliyun.Entry) report.Text {
	switch e.Code { // verdicts without a call
	case aliyun.CodeEditedAfterSend, aliyun.CodeStillBound, aliyun.CodeUnproven, aliyun.CodeOlderFile, aliyun.CodeOtherBatch:
		return report.DoesHold
	case aliyun.CodeNoBinding, aliyun.CodeDuplicate, aliyun.CodeSamePlace,
		aliyun.CodeSubsIDDamaged, aliyun.CodeOtherBinding, aliyun.CodeReleaseBegun, aliyun.CodeReleased:
		return report.DoesInvalid
	case aliyun.CodeAlreadyBound:
		return report.DoesTake
	case aliyun.CodePoolStopped, aliyun.CodeNoFreeNumber:
		return report.DoesLeave
	}
	switch e.Class {
	case aliyun.Done:
		return report.DoesDone
	case aliyun.Throttled:
		return report.DoesThrottled
	case aliyun.NotSent:
		return report.DoesNotSent
	case aliyun.Stale:
		if aliyun.ClockRefused(e.Code) {
			return report.DoesStaleClock
		}
		return report.DoesStale
	case aliyun.RowRefused:
		return report.DoesRow
	case aliyun.Capacity:
		return report.DoesCapacity
	case aliyun.AccountRefused:
		return report.DoesAccount
	}
	return report.DoesAmbiguous
}

var verb = regexp.MustCompile(`%(\[\d+\])?[a-z]`)

// explainRule describes a rule. What a finding fills in is shown as dots.
func explainRule(a *command.Invocation, r rules.Rule) string {
	b := &strings.Builder{}
	fmt.Fprintln(b, r.ID)
	explainLine(a, b, report.ExplainMeaning, r.Meaning.In(a.Lang))
	explainLine(a, b, report.ExplainClass, strings.TrimSuffix(severity(a, r)+" ("+r.Code+")", " ()"))
	does := report.DoesInvalid
	switch r.Severity {
	case report.Warning:
		does = report.DoesWarn
	case report.Repaired:
		does = report.DoesRepair
	}
	explainLine(a, b, report.ExplainDoes, does.In(a.Lang))
	explainLine(a, b, report.ExplainCause, verb.ReplaceAllString(r.Cause.In(a.Lang), "…"))
	explainLine(a, b, report.ExplainCure, r.Cure.In(a.Lang))
	explainLine(a, b, report.ExplainWho, Text(a.Lang, aliyun.DataOwner.Text()))
	return b.String()
}

func explainLine(a *command.Invocation, b *strings.Builder, label report.Text, text string) {
	fmt.Fprintf(b, "  %s%s\n", report.Pad(label.In(a.Lang), 9), text)
}

// nearest names the codes and rules that are one or two slips away, or that
// contain what was typed.
func nearest(name string) []string {
	type candidate struct {
		name string
		far  int
	}
	var found []candidate
	low := strings.ToLower(name)
	add := func(known string) {
		text := strings.ToLower(known)
		far := distance(low, text)
		if _, tail, ok := strings.Cut(text, "."); ok { // the prefix left out
			far = min(far, distance(low, tail)+1)
		}
		if len(low) >= 4 && strings.Contains(text, low) {
			far = min(far, 2)
		}
		if far <= max(1, len(low)/4) {
			found = append(found, candidate{known, far})
		}
	}
	for _, e := range aliyun.Entries() {
		add(e.Code)
	}
	for _, r := range rules.All() {
		add(r.ID)
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.far - b.far })
	names := make([]string, 0, 5)
	for _, c := range found[:min(len(found), 5)] {
		names = append(names, c.name)
	}
	return names
}

// distance is the Levenshtein distance in bytes: the fewest insertions,
// deletions and replacements that turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// completeCodes offers what explain explains.
func completeCodes(lang report.Lang) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var names []string
		for _, e := range aliyun.Entries() {
			names = append(names, flags.Described(e.Code, Text(lang, e.Meaning)))
		}
		for _, r := range rules.All() {
			names = append(names, flags.Described(r.ID, r.Meaning.In(lang)))
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}
