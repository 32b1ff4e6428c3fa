package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"axgbind/report"
)

// dressHelp gives every command help in the run's language, with examples
// before flags: an example is what most people look for.
func (a *app) dressHelp(root *cobra.Command) {
	help := &cobra.Command{
		Use: "help [command]", Short: report.HelpHelp.In(a.lang),
		RunE: func(_ *cobra.Command, args []string) error {
			c, _, err := root.Find(args)
			if err != nil {
				return err
			}
			return c.Help()
		},
	}
	root.SetHelpCommand(help)
	for _, c := range append(allCommands(root), help) {
		c.InitDefaultHelpFlag()
		if f := c.Flags().Lookup("help"); f != nil {
			f.Usage = report.FlagHelp.In(a.lang)
		}
	}
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		fmt.Fprint(c.OutOrStdout(), a.help(c))
	})
}

// allCommands are a command and those below it.
func allCommands(c *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		list = append(list, allCommands(sub)...)
	}
	return list
}

// help is the help of one command.
func (a *app) help(c *cobra.Command) string {
	b := &strings.Builder{}
	part := func(p report.Phrase, text string) {
		if text = strings.TrimRight(text, "\n"); text != "" {
			fmt.Fprintf(b, "\n%s\n%s\n", p.In(a.lang), text)
		}
	}
	long := c.Long
	if long == "" {
		long = c.Short
	}
	fmt.Fprintln(b, long)
	part(report.HelpUsage, "  "+strings.Replace(c.UseLine(), "[flags]", report.HelpAnyFlags.In(a.lang), 1))
	part(report.HelpExamples, c.Example)
	if c.HasSubCommands() {
		list := &strings.Builder{}
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(list, "  %-10s %s\n", sub.Name(), sub.Short)
			}
		}
		part(report.HelpCommands, list.String())
	}
	part(report.HelpFlags, a.flagTable(c.LocalFlags()))
	if c.HasParent() {
		part(report.HelpGlobalFlags, a.flagTable(c.InheritedFlags()))
	}
	if name := strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" "); name == "bind" || name == "check" || !c.HasParent() {
		part(report.HelpStatuses, report.HelpStatusList.In(a.lang))
	}
	if c.HasSubCommands() {
		command := "COMMAND"
		if c.HasParent() {
			command = c.Name() + " " + command
		}
		fmt.Fprintf(b, "\n%s\n", report.HelpMore.In(a.lang, command))
	}
	return b.String()
}

// flagTable lists flags one a line, as pflag does, but in the run's language
// and with wide characters aligned.
func (a *app) flagTable(set *pflag.FlagSet) string {
	type line struct{ flag, usage string }
	var lines []line
	width := 0
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		l := line{flag: "      --" + f.Name}
		if f.Shorthand != "" {
			l.flag = "  -" + f.Shorthand + ", --" + f.Name
		}
		var kind string
		kind, l.usage = pflag.UnquoteUsage(f)
		switch kind {
		case "":
		case "string", "stringArray":
			kind = report.HelpText.In(a.lang)
		case "float":
			kind = report.HelpNumber.In(a.lang)
		case "int":
			kind = report.HelpInteger.In(a.lang)
		case "duration":
			kind = report.HelpDuration.In(a.lang)
		}
		if kind != "" {
			l.flag += " " + kind
		}
		switch f.DefValue {
		case "", "false", "0", "0s", "[]":
		default:
			l.usage += report.HelpDefault.In(a.lang, f.DefValue)
		}
		width = max(width, report.Columns(l.flag)+3)
		lines = append(lines, l)
	})
	b := &strings.Builder{}
	for _, l := range lines {
		fmt.Fprintf(b, "%s%s\n", report.Pad(l.flag, width), l.usage)
	}
	return b.String()
}
