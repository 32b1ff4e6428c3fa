package cli

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/aliyun"
	"axgbind/batch/cli/exit"
	"axgbind/batch/input"
	"axgbind/report"
)

// completionCommand writes what makes a shell complete commands, flags and
// their values. cobra has such a command of its own, in English only.
func (a *app) completionCommand(root *cobra.Command) *cobra.Command {
	scripts := map[string]func(io.Writer) error{
		"bash":       func(w io.Writer) error { return root.GenBashCompletionV2(w, true) },
		"zsh":        root.GenZshCompletion,
		"fish":       func(w io.Writer) error { return root.GenFishCompletion(w, true) },
		"powershell": root.GenPowerShellCompletionWithDesc,
	}
	return &cobra.Command{
		Use:       "completion bash|zsh|fish|powershell",
		Hidden:    true, // it is typed once, and stands in the README
		Short:     report.HelpCompletion.In(a.lang),
		Long:      report.HelpCompletionLong.In(a.lang),
		Example:   report.HelpCompletionExample.In(a.lang),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(_ *cobra.Command, args []string) error {
			script, ok := scripts[strings.Join(args, " ")]
			if !ok {
				return exit.Refuse(exit.Usage, report.ErrShell, strings.Join(args, " "))
			}
			b := &strings.Builder{}
			err := script(b)
			if err == nil {
				_, err = io.WriteString(a.stdout, b.String())
			}
			if err != nil {
				return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
			}
			return nil
		},
	}
}

// flagValues are the values of flags that take one of a few. They are offered
// by shells; settings is what judges them.
var flagValues = map[string][]string{
	"adaptive":     {"true", "false"},
	"field":        {"Expiration", "PhoneNoB", "GroupId", "IsRecordingEnabled", "CallRestrict", "OutId"},
	"delimiter":    {"auto", "comma", "tab", "semicolon"},
	"encoding":     {"auto", "utf-8", "gb18030", "gbk", "utf-16", "utf-16le", "utf-16be"},
	"lang":         {"en", "zh"},
	"lookup-form":  {"a86", "plus86", "0086", "masked", "utc"},
	"max-failures": {"50%"},
	"max-inflight": {"auto"},
	"progress":     {"auto", "bar", "plain", "none"},
	"when-bound":   {"refuse", "skip", "renew", "another"},
}

// fileFlags are the flags that name a file, by the endings to offer; none: all.
var fileFlags = map[string][]string{
	"failed": {"csv"}, "findings": {"csv", "jsonl"}, "journal": {"journal"}, "log": nil, "metrics": {"prom"}, "out": {"csv"}, "summary": {"json"},
	"x-numbers": {"csv", "txt", "json"},
}

// completeFlags tells shells what values the flags of a command take. A flag
// that takes anything offers nothing, rather than the files of the folder.
func (a *app) completeFlags(c *cobra.Command) {
	offer := func(name string, values func() []string, directive cobra.ShellCompDirective) {
		if c.Flag(name) == nil {
			return
		}
		if _, said := c.GetFlagCompletionFunc(name); said { // by the command itself
			return
		}
		_ = c.RegisterFlagCompletionFunc(name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return values(), directive
		}) // fails only for a flag that is not there, or twice
	}
	for name, values := range flagValues {
		offer(name, func() []string { return values }, cobra.ShellCompDirectiveNoFileComp)
	}
	for name, endings := range fileFlags {
		directive := cobra.ShellCompDirectiveFilterFileExt
		if endings == nil {
			directive = cobra.ShellCompDirectiveDefault
		}
		offer(name, func() []string { return endings }, directive)
	}
	for _, name := range []string{
		"rate", "timeout", "retries", "limit", "trial", "until", "wait", "endpoint", "map", "pool-key", "only", "lines",
		"at-most", "renew-before", "listen", "numbers", "cities", "latency", "jitter", "qps", "fault", "visibility-lag", "lookup-dies-after", "assume", "clock", "seed",
	} {
		offer(name, func() []string { return nil }, cobra.ShellCompDirectiveNoFileComp)
	}
}

// completeBind tells shells about a command that takes an input.
func (a *app) completeBind(c *cobra.Command) {
	c.ValidArgsFunction = oneFile
	_ = c.RegisterFlagCompletionFunc("default", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var fields []string
		for f := range input.NumFields {
			fields = append(fields, f.String()+"=")
		}
		return fields, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
	_ = c.RegisterFlagCompletionFunc("resend", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		kinds := []string{"failed", "unknown", "released"}
		for _, e := range aliyun.Entries() {
			if e.Class == aliyun.RowRefused && !strings.HasPrefix(e.Code, "client.") {
				kinds = append(kinds, a.described(e.Code, textIn(a.lang, e.Meaning)))
			}
		}
		return kinds, cobra.ShellCompDirectiveNoFileComp
	})
	a.completeFlags(c)
}

// oneFile offers CSV files for the one argument of a command.
func oneFile(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"csv"}, cobra.ShellCompDirectiveFilterFileExt
}

// completeCodes offers what explain explains.
func (a *app) completeCodes(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, e := range aliyun.Entries() {
		names = append(names, a.described(e.Code, textIn(a.lang, e.Meaning)))
	}
	for _, r := range input.Rules() {
		names = append(names, a.described(r.ID, r.Meaning.In(a.lang)))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// described is a value with what shells show beside it.
func (a *app) described(value, text string) string {
	return cobra.CompletionWithDesc(value, exit.FirstLine(text))
}

// incompletable reports whether a shell asks to complete words that hold what
// cannot be seen: cobra puts them on the process's standard error as they are.
func incompletable(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) &&
		slices.ContainsFunc(args, func(arg string) bool { return report.Plain(arg) != arg })
}
