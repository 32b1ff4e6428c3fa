package ledger

import "testing"

// axioms are what the rule takes for granted of the service, of look-ups and of
// where it is kept. Each can be taken away; then something falls.
var axioms = []struct {
	text    string
	without breaches
}{
	{"an X has one living binding", twoAnX},
	{"no call is executed after it is due", afterDue},
	{"a look-up between two controls of its pool is true", liesBetween},
	{"what a call made is shown within three times the longest lag that was seen", showsLate},
	{"there is one ledger", twoMemories},
	{"look-ups settle a call as not executed only once it is due", settlesEarly},
	{"this machine's clock does not say when a call can no longer be executed", clockTells},
	{"the service takes no call whose time is far from its own", unsigned},
	{"a call made again settles nothing until it is done", forgets},
}

// TestAxioms prints the axioms, and for each the shortest way in which things go
// wrong without it.
func TestAxioms(t *testing.T) {
	for _, a := range axioms {
		m := mutant{lets: a.without}
		if found := m.find(); found == "" {
			t.Errorf("without the axiom %q nothing falls", a.text)
		} else {
			t.Logf("axiom: %s. Without it, %s", a.text, found)
		}
	}
}
