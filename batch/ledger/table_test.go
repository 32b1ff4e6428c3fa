package ledger

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the tables of RULES.md")

// TestTable holds the comment of rules.go equal to effects: each line of one is a
// line of the other.
func TestTable(t *testing.T) {
	source, err := os.ReadFile("rules.go")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	started := false
	for line := range strings.Lines(string(source)) {
		cells := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "//"))
		if len(cells) > 0 && strings.HasPrefix(cells[0], "---") {
			started = true
			continue
		}
		if !started {
			continue
		}
		if len(cells) == 0 {
			break
		}
		told = append(told, strings.Join(cells[:4], " "))
	}
	want := []string{"intent any - OPEN", "run any OPEN DOUBT"}
	for _, e := range effects() {
		want = append(want, fmt.Sprintf("%s %s %s %s", e.kind, opName(e.op), stageNames[e.from], stageNames[e.to]))
	}
	want = append(want, "gone - - -")
	slices.Sort(told)
	slices.Sort(want)
	if !slices.Equal(told, want) {
		t.Errorf("rules.go tells\n%s\nand does\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
}

func opName(o Op) string {
	if o == 0 {
		return "any"
	}
	return o.String()
}

var stageNames = map[stage]string{settled: "-", open: "OPEN", doubted: "DOUBT"}

// TestStages applies every record to a call of every operation in every stage: it
// is taken if, and only if, the table has its line.
func TestStages(t *testing.T) {
	for k := Kind(0); k <= kinds; k++ {
		for op := Bind; op < Ops; op++ {
			for _, at := range []stage{open, doubted, settled} {
				if k == Run || k == End || k == Intent || k == Known || k == Doubt || k == Gone {
					continue
				}
				l := New(0)
				must(l.Apply(&Record{Kind: Run}))
				intent := Record{Kind: Intent, Op: op, Call: 5, Row: Key{Occurrence: 1}, Place: 1, Due: 10, At: 1}
				if op != Bind {
					intent.Binding = 9
				}
				must(l.Apply(&intent))
				if at != open {
					must(l.Apply(&Record{Kind: Lost, Call: 5}))
				}
				if at == settled {
					l.dropCall(l.byNumber[5])
				}
				has := slices.ContainsFunc(effects(), func(e effect) bool { return e.kind == k && (e.op == 0 || e.op == op) && e.from&at != 0 })
				r := Record{Kind: k, Call: 5, At: 20}
				if op == Bind && (k == OK || k == Found) {
					r.Binding = 7
				}
				if err := l.Apply(&r); (err == nil) != has {
					t.Errorf("%s of a %s in stage %s: error %v, a line %v", k, op, stageNames[at], err, has)
				} else if err != nil && !strings.HasPrefix(err.Error(), "a record of kind "+k.String()+": ") {
					t.Errorf("%s: %v", k, err)
				}
			}
		}
	}
}

// TestRefused applies records that cannot be.
func TestRefused(t *testing.T) {
	row, other := Key{Occurrence: 1}, Key{Occurrence: 2}
	for _, c := range []struct {
		name string
		r    Record
		want string
	}{
		{"number 0", Record{Kind: Intent, Op: Bind, Row: other}, "call 0 is no new one"},
		{"a number twice", Record{Kind: Intent, Op: Bind, Row: other, Call: 5}, "call 5 is no new one"},
		{"an older number", Record{Kind: Intent, Op: Bind, Row: other, Call: 4}, "call 4 is no new one"},
		{"a doubt twice", Record{Kind: Doubt, Op: Bind, Row: other, Call: 5}, "call 5 is no new one"},
		{"no operation", Record{Kind: Intent, Row: other, Call: 6}, "operation - with binding 0"},
		{"an operation beyond", Record{Kind: Intent, Op: Ops, Row: other, Call: 6, Binding: 3}, "operation - with binding 3"},
		{"a bind of a binding", Record{Kind: Intent, Op: Bind, Row: other, Call: 6, Binding: 3}, "operation bind with binding 3"},
		{"a release of none", Record{Kind: Doubt, Op: Release, Row: other, Call: 6}, "operation release with binding 0"},
		{"an unknown call", Record{Kind: OK, Call: 6}, "call 6 is not known, or was settled"},
		{"gone of none", Record{Kind: Gone, Binding: 3}, "no live binding 3"},
		{"gone twice", Record{Kind: Gone, Binding: 2}, "no live binding 2"},
		{"known of no operation", Record{Kind: Known, Row: other}, "no operation"},
		{"known of an operation beyond", Record{Kind: Known, Row: other, Op: Ops}, "no operation"},
		{"an intent of an earlier run", Record{Kind: Intent, Op: Bind, Row: other, Call: 6, Ago: 1}, "no run 1 runs ago"},
		{"known of a run that never was", Record{Kind: Known, Row: other, Op: Bind, State: Failed, Ago: 2}, "no run 2 runs ago"},
		{"known of a run to come", Record{Kind: Known, Row: other, Op: Bind, State: Failed, Ago: -1}, "no run -1 runs ago"},
		{"a doubt of a run that never was", Record{Kind: Doubt, Op: Bind, Row: other, Call: 6, Ago: 2}, "no run 2 runs ago"},
		{"bound to nothing", Record{Kind: Known, Row: other, Op: Bind, State: Bound}, "bound to nothing"},
		{"a binding known twice", Record{Kind: Known, Row: other, Op: Bind, State: Bound, Binding: 1}, "binding 1 is known already"},
		{"a row known twice", Record{Kind: Known, Row: row, Op: Bind, State: Failed}, "is known already"},
		{"a row known twice, by an update", Record{Kind: Known, Row: row, Op: Update, State: Bound, Binding: 1}, "is known already"},
		{"superseded by nobody", Record{Kind: Known, Row: other, Op: Bind, State: Superseded, Binding: 3}, "no row has binding 3"},
		{"an update that is superseded", Record{Kind: Known, Row: other, Op: Update, State: Superseded, Binding: 1}, "no row has binding 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := New(0)
			must(l.Apply(&Record{Kind: Run}))
			must(l.Apply(&Record{Kind: Known, Op: Bind, Row: row, State: Bound, Binding: 1, Place: 1}))
			must(l.Apply(&Record{Kind: Known, Op: Bind, Row: Key{Occurrence: 3}, State: Bound, Binding: 2, Place: 2}))
			must(l.Apply(&Record{Kind: Gone, Binding: 2}))
			must(l.Apply(&Record{Kind: Intent, Op: Bind, Row: Key{Occurrence: 4}, Call: 5, Place: 3}))
			if err := l.Apply(&c.r); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one about %q", err, c.want)
			}
			if n, ok := l.Row(other); ok {
				t.Errorf("row %d was begun", n)
			}
		})
	}
}

// TestRulesPage holds the tables of RULES.md equal to the rules.
func TestRulesPage(t *testing.T) {
	const page, from, to = "RULES.md", "<!-- records -->\n", "<!-- end of records -->\n"
	var b strings.Builder
	b.WriteString("\n| record | of a call | that is | leaves it | and then |\n|---|---|---|---|---|\n")
	stages := map[stage]string{settled: "settled", open: "under way", doubted: "in doubt"}
	for _, e := range effects() {
		var does []string
		for i, name := range deedTexts {
			if e.does&(1<<i) != 0 && name != "" {
				does = append(does, name)
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", e.kind, opName(e.op), stages[e.from], stages[e.to], strings.Join(does, "; "))
	}
	b.WriteString("\n| a call is not made when | calls | a person's word that lifts it |\n|---|---|---|\n")
	for _, g := range guards() {
		var names []string
		for _, o := range g.ops {
			names = append(names, o.String())
		}
		var words []string
		for _, w := range consentWords {
			if g.lifts&w.consent != 0 {
				words = append(words, "`"+w.flag+"`")
			}
		}
		if len(words) == 0 {
			words = []string{"none"}
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", reasonTexts[g.reason], strings.Join(names, ", "), strings.Join(words, ", "))
	}
	fmt.Fprintf(&b, "| %s | update, release | none |\n", reasonTexts[NotHeld]) // TestClaim holds these two
	fmt.Fprintf(&b, "| %s | release | `--renewed` |\n", reasonTexts[NotMade])
	b.WriteString("\n")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), from)
	section, after, ended := strings.Cut(rest, to)
	if !ok || !ended {
		t.Fatalf("%s has no section between %q and %q", page, from, to)
	}
	if *update {
		if err := os.WriteFile(page, []byte(before+from+b.String()+to+after), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if section != b.String() {
		t.Errorf("the section of %s differs; it should be\n%s", page, b.String())
	}
}

var consentWords = []struct {
	consent Consent
	flag    string
}{
	{ResendUnknown, "--resend unknown"}, {ResendReleased, "--resend released"},
	{Duplicates, "--allow-duplicates"}, {Another, "--when-bound another"},
}

var deedTexts = []string{
	"it made a binding that the row has", "the binding has its values", "the row has the binding", "the binding is released",
	"earlier calls count only until they are due", "the row is done", "the row is FAILED", "the row may be sent",
	"a row whose binding is no more has none", "the row may be sent: it was shown not to be bound",
	"what a look-up showed of an earlier call stays", "the call counts until it is due",
	"the row stands as it stood", "nothing of it is executed any more", "",
}

var reasonTexts = map[Reason]string{
	IsOpen: "a call of the row is under way", IsBound: "the row has a binding", InDoubt: "a bind of the row is in doubt",
	WasReleased: "the row's binding was released", BindingThere: "a binding lives, or may live, at its place",
	BindThere: "another row's bind at its place is in doubt", NotLive: "the binding is no more",
	NotHeld:  "it is made for a batch that does not hold the binding, or whose binding another's renewal in doubt may have taken",
	NotMade:  "it is made for a batch that did not make the binding",
	UnderWay: "another call on the binding may still be executed", PlaceTaken: "a binding lives, or may come to live, where it is to be",
}
