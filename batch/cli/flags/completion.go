package flags

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/aliyun"
	"axgbind/batch/field"
	"axgbind/report"
)

// offer is what shells offer for a flag.
type offer func(lang report.Lang) ([]string, cobra.ShellCompDirective)

// Complete tells shells what values the flags of a command take, and those of the
// commands below it. Cobra keeps what it is told until the process ends, so only a
// process that completes tells it.
func Complete(c *cobra.Command, lang report.Lang) {
	of, _ := strconv.ParseUint(c.Annotations[commandKey], 10, 32)
	for i := range table {
		if f := &table[i]; f.of&Command(of) != 0 {
			f.complete(c, lang)
		}
	}
	for _, sub := range c.Commands() {
		Complete(sub, lang)
	}
}

// complete tells shells what values a flag of a command takes. A flag that takes
// anything offers nothing, rather than the files of the folder.
func (f *flag) complete(c *cobra.Command, lang report.Lang) {
	if _, yes := f.at(new(Values)).(*bool); yes && f.values == nil {
		return
	}
	values, directive := f.values, cobra.ShellCompDirectiveNoFileComp
	switch {
	case f.file == "*":
		directive = cobra.ShellCompDirectiveDefault
	case f.file != "":
		values, directive = strings.Fields(f.file), cobra.ShellCompDirectiveFilterFileExt
	}
	_ = c.RegisterFlagCompletionFunc(f.name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		if f.offer != nil {
			return f.offer(lang)
		}
		return values, directive
	}) // fails only for a flag that is not there, or twice
}

// offerFields offers the fields of an input, to be followed by a value.
func offerFields(report.Lang) (fields []string, _ cobra.ShellCompDirective) {
	for f := range field.NumFields {
		fields = append(fields, f.String()+"=")
	}
	return fields, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// offerResend offers the kinds of rows that can be sent again.
func offerResend(lang report.Lang) ([]string, cobra.ShellCompDirective) {
	kinds := []string{"failed", "unknown", "released"}
	for _, e := range aliyun.Entries() {
		if e.Class == aliyun.RowRefused && !strings.HasPrefix(e.Code, "client.") {
			kinds = append(kinds, Described(e.Code, report.Text{EN: e.Meaning.EN, ZH: e.Meaning.ZH}.In(lang)))
		}
	}
	return kinds, cobra.ShellCompDirectiveNoFileComp
}

// Described is a value with what shells show beside it.
func Described(value, text string) string {
	return cobra.CompletionWithDesc(value, strings.SplitN(text, "\n", 2)[0])
}

// OneFile offers CSV files for the one argument of a command.
func OneFile(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"csv"}, cobra.ShellCompDirectiveFilterFileExt
}

// OnePlace offers files and folders for the one argument of a command.
func OnePlace(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveDefault
}
