package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/report"
)

// dressHelp gives every command help in the run's language, with examples
// before flags: an example is what most people look for.
func (a *app) dressHelp(root *cobra.Command) {
	root.SetHelpCommand(&cobra.Command{
		Use: "help [command]", Short: report.HelpHelp.In(a.lang),
		RunE: func(_ *cobra.Command, args []string) error {
			c, _, err := root.Find(args)
			if err != nil {
				return err
			}
			return c.Help()
		},
	})
	for _, c := range append(root.Commands(), root) {
		c.InitDefaultHelpFlag()
		if f := c.Flags().Lookup("help"); f != nil {
			f.Usage = report.FlagHelp.In(a.lang)
		}
	}
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		fmt.Fprint(c.OutOrStdout(), a.help(c))
	})
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
	part(report.HelpUsage, "  "+c.UseLine())
	part(report.HelpExamples, c.Example)
	if !c.HasParent() {
		list := &strings.Builder{}
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(list, "  %-10s %s\n", sub.Name(), sub.Short)
			}
		}
		part(report.HelpCommands, list.String())
	}
	part(report.HelpFlags, c.LocalFlags().FlagUsages())
	if c.HasParent() {
		part(report.HelpGlobalFlags, c.InheritedFlags().FlagUsages())
	}
	if name := c.Name(); name == "bind" || name == "check" || !c.HasParent() {
		part(report.HelpStatuses, report.HelpStatusList.In(a.lang))
	}
	if !c.HasParent() {
		fmt.Fprintf(b, "\n%s\n", report.HelpMore.In(a.lang, "COMMAND"))
	}
	return b.String()
}
