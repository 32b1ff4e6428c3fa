package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/batch/cli/flags"
	"axgbind/report"
)

// dressHelp gives every command help in the run's language, with examples
// before flags: an example is what most people look for.
func (a *app) dressHelp(root *cobra.Command) {
	help := &cobra.Command{
		Use: "help [command]", Short: report.HelpHelp.In(a.Lang), Annotations: flags.Tells,
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
			f.Usage = report.FlagHelp.In(a.Lang)
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

// listsStatuses is the annotation of a command whose help lists the exit statuses.
const listsStatuses = "statuses"

// help is the help of one command.
func (a *app) help(c *cobra.Command) string {
	b := &strings.Builder{}
	part := func(p report.Text, text string) {
		if text = strings.TrimRight(text, "\n"); text != "" {
			fmt.Fprintf(b, "\n%s\n%s\n", p.In(a.Lang), text)
		}
	}
	long := c.Long
	if long == "" {
		long = c.Short
	}
	fmt.Fprintln(b, long)
	part(report.HelpUsage, "  "+strings.Replace(c.UseLine(), "[flags]", report.HelpAnyFlags.In(a.Lang), 1))
	part(report.HelpExamples, c.Example)
	if c.HasSubCommands() {
		list := &strings.Builder{}
		for _, sub := range c.Commands() {
			if !sub.Hidden {
				fmt.Fprintf(list, "  %-10s %s\n", sub.Name(), sub.Short)
			}
		}
		part(report.HelpCommands, list.String())
	}
	part(report.HelpFlags, flags.Help(c.LocalFlags(), a.Lang))
	if c.HasParent() {
		part(report.HelpGlobalFlags, flags.Help(c.InheritedFlags(), a.Lang))
	}
	if _, lists := c.Annotations[listsStatuses]; lists || !c.HasParent() {
		part(report.HelpStatuses, report.HelpStatusList.In(a.Lang))
	}
	if c.HasSubCommands() {
		command := "COMMAND"
		if c.HasParent() {
			command = c.Name() + " " + command
		}
		fmt.Fprintf(b, "\n%s\n", report.HelpMore.In(a.Lang, command))
	}
	return b.String()
}
