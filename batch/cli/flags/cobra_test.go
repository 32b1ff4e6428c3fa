package flags_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/report"
)

// A command takes its flags from the table. What they say is judged before anything is
// opened.
func ExampleAdd() {
	c, v := &cobra.Command{Use: "bind"}, flags.New()
	flags.Add(c, flags.Bind, v, report.EN)
	fmt.Println(v.Rate, v.WhenBound)
	for _, args := range [][]string{{"--rate", "20"}, {"--rate", "20", "--when-bound", "never"}} {
		if err := c.ParseFlags(args); err != nil {
			fmt.Println(err)
		}
		s, err := v.Settings(c, time.Now())
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(s.Run.Rate)
	}
	// Output:
	// 100 refuse
	// 20
	// --when-bound: "never", expected refuse | skip | renew | another
	// correct the value; see --help
}

// What a person is to type next has the flags that were typed, but those that were
// decided for one run. It is shown only if it does what it should as it stands.
func ExampleLine() {
	c, v := &cobra.Command{Use: "bind"}, flags.New()
	flags.Add(c, flags.Bind, v, report.EN)
	if err := c.ParseFlags([]string{"--limit", "100", "--pool-key", "FC1"}); err != nil {
		fmt.Println(err)
	}
	line := flags.Begin("bind")
	line.Again(c.Flags(), nil)
	line.AddPath("july 31.csv")
	fmt.Println(line.Or(report.Say(report.WordsSame)))

	line = flags.Begin("unbind")
	line.AddPath("-") // nobody can type what came through a pipe
	fmt.Println(line.Or(report.Say(report.WordsSame)).(report.Said).In(report.EN))
	// Output:
	// axgbind bind --pool-key FC1 'july 31.csv'
	// the same command
}

// TestAdd: each command takes its flags, and no two of one name.
func TestAdd(t *testing.T) {
	for of := flags.Root; of <= flags.Forget; of <<= 1 {
		c, v := &cobra.Command{Use: "x"}, flags.New()
		flags.Add(c, of, v, report.ZH)
		if c.LocalFlags().HasFlags() {
			continue
		}
		t.Errorf("command %b has none", of)
	}
}

// TestTypedOnly: what gives up a guard, or says what one command prints, comes from no
// variable; one that would have no effect is refused.
func TestTypedOnly(t *testing.T) {
	for _, name := range []string{"ACCEPT", "ANOTHER", "BACKUP", "BINDINGS", "HELP", "JSON", "LIST_IS_COMPLETE", "REPAIR", "RESEND", "TRIAL", "YES"} {
		err := flags.NewEnvironment([]string{"AXGBIND_" + name + "=true"}).CheckVariables()
		if f, ok := exit.FaultOf(err); !ok || f.Says != report.ErrEnvFlagOnly {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, variable := range []string{"AXGBIND_RATE=20", "AXGBIND_LANG=zh", "AXGBIND_QPS=5", "AXGBIND_KEEP=30d"} {
		if err := flags.NewEnvironment([]string{variable}).CheckVariables(); err != nil {
			t.Errorf("%s: %v", variable, err)
		}
	}
}

// TestHelpGroups: many flags stand in groups, each flag once; few do not.
func TestHelpGroups(t *testing.T) {
	for of, headings := range map[flags.Command]int{flags.Bind: 4, flags.Reconcile: 4, flags.Verify: 0, flags.Simulate: 0} {
		c := &cobra.Command{Use: "x"}
		flags.Add(c, of, flags.New(), report.EN)
		help := flags.Help(c.Flags(), report.EN)
		if got := strings.Count(help, ":\n"); got != headings {
			t.Errorf("%d headings, want %d:\n%s", got, headings, help)
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if n := len(regexp.MustCompile(`(?m)^ +(-., )?--`+f.Name+" ").FindAllString(help, -1)); n != 1 {
				t.Errorf("--%s:\n%s", f.Name, help)
			}
		})
	}
}
