package ledger_test

import (
	"strings"
	"testing"

	"axgbind/batch/ledger"
)

const id = "00112233445566778899aabbccddeeff"

func TestParseKey(t *testing.T) {
	for _, text := range []string{id, id + ".1", id + ".4294967295", strings.Repeat("0", 32)} {
		k, err := ledger.ParseKey(text)
		if err != nil || k.String() != text {
			t.Errorf("%q is %v (%v)", text, k, err)
		}
	}
	k, err := ledger.ParseKey(id + ".7")
	if want := (ledger.Key{ID: ledger.Identity{0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}, Occurrence: 7}); k != want {
		t.Errorf("%v, want %v (%v)", k, want, err)
	}
	if got := string(k.Append([]byte("key "))); got != "key "+id+".7" {
		t.Errorf("appended: %q", got)
	}
	for text, why := range map[string]string{
		"":                               "0 hexadecimal digits",
		id[1:]:                           "31 hexadecimal digits",
		id + "0":                         "33 hexadecimal digits",
		strings.ToUpper(id):              "capital letter 'A'",
		strings.Replace(id, "f", "F", 1): "capital letter 'F'",
		strings.Replace(id, "f", "g", 1): "invalid byte",
		id + ".":                         `occurrence ""`,
		id + ".0":                        `occurrence "0"`,
		id + ".01":                       `occurrence "01"`,
		id + ".+1":                       `occurrence "+1"`,
		id + ".-1":                       `occurrence "-1"`,
		id + ".4294967296":               `occurrence "4294967296"`,
		id + ".1.2":                      `occurrence "1.2"`,
	} {
		if k, err := ledger.ParseKey(text); err == nil || !strings.Contains(err.Error(), why) || k != (ledger.Key{}) {
			t.Errorf("%q is %v, error %v, want one about %s", text, k, err, why)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	f.Add(id)
	f.Add(id + ".12")
	f.Fuzz(func(t *testing.T, text string) {
		if k, err := ledger.ParseKey(text); err == nil && k.String() != text {
			t.Errorf("%q reads as %q", text, k)
		}
	})
}

func TestParseSubsID(t *testing.T) {
	for text, want := range map[string]ledger.SubsID{
		"": 0, "0": 1, "000": 1, "1": 2, "0017": 18, "999999999999999999": 1_000_000_000_000_000_000,
		"000999999999999999999": 1_000_000_000_000_000_000,
	} {
		if got := ledger.ParseSubsID(text); got != want || ledger.ParseSubsID([]byte(text)) != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
	seen := map[ledger.SubsID]string{}
	for _, text := range []string{"1000000000000000000", "10000000000000000000", "12a", "a12", " 1", "-1", "1/", "1:"} {
		got := ledger.ParseSubsID(text)
		if got < 1<<63 {
			t.Errorf("%q is %d, want one of the upper half", text, got)
		}
		if other, ok := seen[got]; ok {
			t.Errorf("%q and %q are both %d", text, other, got)
		}
		seen[got] = text
	}
	if ledger.ParseSubsID("0012a") != ledger.ParseSubsID("12a") {
		t.Error("zeros before an id make another id")
	}
}
