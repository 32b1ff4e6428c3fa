package about

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/report"
	"axgbind/report/reference"
)

// ListsStatuses is the annotation of a command whose help lists the exit statuses.
const ListsStatuses = "statuses"

// Help gives every command below root help in the run's language, with examples before
// flags: an example is what most people look for. It adds the command that shows the
// help of any, and the pages of the reference.
func Help(a *command.Invocation, root *cobra.Command) {
	help := &cobra.Command{
		Use: "help [COMMAND|TOPIC]", Short: report.HelpHelp.In(a.Lang), Annotations: flags.Tells,
		ValidArgsFunction: completeHelp(root, a.Lang),

		RunE: func(_ *cobra.Command, args []string) error {
			c, _, err := root.Find(args)
			if err == nil && (c != root || len(args) == 0) {
				return c.Help()
			}
			topic, ok := reference.Find(strings.ToLower(strings.Join(args, " ")))
			if !ok {
				return exit.Refuse(exit.Usage, report.ErrNoTopic, strings.Join(args, " "))
			}
			if _, err := fmt.Fprint(a.Stdout, topic.Page(a.Lang)); err != nil {
				return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
			}
			return nil
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
		fmt.Fprint(c.OutOrStdout(), helpOf(c, a.Lang))
	})
}

// completeHelp offers commands and topics.
func completeHelp(root *cobra.Command, lang report.Lang) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) (list []cobra.Completion, _ cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		for _, c := range root.Commands() {
			if !c.Hidden {
				list = append(list, cobra.CompletionWithDesc(c.Name(), c.Short))
			}
		}
		for _, t := range reference.Topics() {
			list = append(list, cobra.CompletionWithDesc(t.Name, t.Title(lang)))
		}
		return list, cobra.ShellCompDirectiveNoFileComp
	}
}

// allCommands are a command and those below it.
func allCommands(c *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		list = append(list, allCommands(sub)...)
	}
	return list
}

// helpOf is the help of one command.
func helpOf(c *cobra.Command, lang report.Lang) string {
	b := &strings.Builder{}
	part := func(p report.Text, text string) {
		if text = strings.TrimRight(text, "\n"); text != "" {
			fmt.Fprintf(b, "\n%s\n%s\n", p.In(lang), text)
		}
	}
	fmt.Fprintln(b, cmp.Or(c.Long, c.Short))
	for _, t := range reference.Topics() {
		if slices.Contains(t.Commands, c.Name()) && c.Parent() == c.Root() {
			fmt.Fprintln(b, report.HelpTopic.In(lang, t.Name))
		}
	}
	part(report.HelpUsage, "  "+strings.Replace(c.UseLine(), "[flags]", report.HelpAnyFlags.In(lang), 1))
	part(report.HelpExamples, c.Example)
	part(report.HelpCommands, listCommands(c))
	if !c.HasParent() || c.Name() == "help" {
		part(report.HelpTopics, listTopics(lang))
	}
	part(report.HelpFlags, flags.Help(c.LocalFlags(), lang))
	if c.HasParent() {
		part(report.HelpGlobalFlags, flags.Help(c.InheritedFlags(), lang))
	}
	if _, lists := c.Annotations[ListsStatuses]; lists || !c.HasParent() {
		part(report.HelpStatuses, report.HelpStatusList.In(lang))
	}
	if c.HasSubCommands() {
		command := "COMMAND"
		if c.HasParent() {
			command = c.Name() + " " + command
		}
		fmt.Fprintf(b, "\n%s\n", report.HelpMore.In(lang, command))
	}
	return b.String()
}

// listCommands is a line for each command below c.
func listCommands(c *cobra.Command) string {
	list := &strings.Builder{}
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			fmt.Fprintf(list, "  %-10s %s\n", sub.Name(), sub.Short)
		}
	}
	return list.String()
}

// listTopics is a line for each page of the reference.
func listTopics(lang report.Lang) string {
	list := &strings.Builder{}
	for _, t := range reference.Topics() {
		fmt.Fprintf(list, "  %-10s %s\n", t.Name, t.Title(lang))
	}
	return list.String()
}
