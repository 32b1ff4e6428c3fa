package input_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var updateIdentity = flag.Bool("update-identity", false, "rewrite the golden file of identities; every journal there is would become unreadable")

// identityRows are rows whose identity must stay for ever what it was in v1.
func identityRows() (names []string, rows [][field.NumFields]string) {
	add := func(name string, set ...string) {
		var f [field.NumFields]string
		for i := 0; i < len(set); i += 2 {
			for field := range field.NumFields {
				if field.String() == set[i] {
					f[field] = set[i+1]
				}
			}
		}
		names, rows = append(names, name), append(rows, f)
	}
	base := []string{"PoolKey", "FC100000000000001", "PhoneNoA", "13800138000", "GroupId", "1", "Expiration", "2027-01-31 23:59:59"}
	add("blank")
	add("required", base...)
	for field := range field.NumFields {
		add("with "+field.String(), append(base[:len(base):len(base)], field.String(), "7")...)
		add("only "+field.String(), field.String(), "7")
	}
	add("Chinese", append(base[:len(base):len(base)], "ExpectCity", "呼和浩特", "OutId", "订单,\"1\"\n")...)
	add("long", append(base[:len(base):len(base)], "RingConfig", `{"AXGRing_A":"`+strings.Repeat("1", 700)+`"}`)...)
	return names, rows
}

func TestIdentityGolden(t *testing.T) {
	var got bytes.Buffer
	names, rows := identityRows()
	for i, row := range rows {
		fmt.Fprintf(&got, "%x %s", input.Identify(&row), names[i])
		for f, v := range row {
			if v != "" {
				fmt.Fprintf(&got, " %s=%q", field.Field(f), v)
			}
		}
		got.WriteByte('\n')
	}
	path := filepath.Join("testdata", "identity", "v1.golden")
	if *updateIdentity {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("identities of version %d changed (-want +got): no journal written so far could be resumed. Keep v1, or count the version up.\n%s",
			input.IdentityVersion, diff)
	}
}

func TestIdentityTellsFieldsApart(t *testing.T) {
	names, rows := identityRows()
	seen := map[ledger.Identity]int{}
	for i, row := range rows {
		// "with PoolKey" and the like overwrite a required field, so all differ.
		id := input.Identify(&row)
		if j, ok := seen[id]; ok {
			t.Errorf("%s and %s have the same identity", names[i], names[j])
		}
		seen[id] = i
	}
}

func drawFields(t *rapid.T) (f [field.NumFields]string) {
	for i := range f {
		f[i] = rapid.SampledFrom([]string{"", "0", "1", "11", "a", "ab", "\x00", "\x01a", "北京"}).Draw(t, "field")
	}
	return f
}

func TestIdentityProperties(t *testing.T) {
	t.Run("one field changed", rapid.MakeCheck(func(t *rapid.T) {
		f := drawFields(t)
		g := f
		i := rapid.IntRange(0, len(f)-1).Draw(t, "which")
		g[i] = rapid.String().Draw(t, "value")
		if (input.Identify(&f) == input.Identify(&g)) != (f == g) {
			t.Fatalf("%q and %q", f, g)
		}
	}))
	t.Run("text moved to another field", rapid.MakeCheck(func(t *rapid.T) {
		f := drawFields(t)
		i, j := rapid.IntRange(0, len(f)-1).Draw(t, "from"), rapid.IntRange(0, len(f)-1).Draw(t, "to")
		n := rapid.IntRange(0, len(f[i])).Draw(t, "bytes")
		g := f
		moved := g[i][n:]
		g[i] = g[i][:n]
		g[j] = moved + g[j]
		if (input.Identify(&f) == input.Identify(&g)) != (f == g) {
			t.Fatalf("%q and %q", f, g)
		}
	}))
}

// A check tells rows apart as Identify does.
func TestQuickIdentity(t *testing.T) {
	var fields []field.Field
	for f := range field.NumFields {
		fields = append(fields, f)
	}
	q := input.NewQuickIdentity(fields)
	var rows []*input.Row
	for _, texts := range [][2]string{{"", ""}, {"a", ""}, {"", "a"}, {"ab", "c"}, {"a", "bc"}, {"a", "b"}, {"b", "a"}, {"a\x00", ""}, {"a", "\x00"}, {strings.Repeat("a", 130), ""}, {strings.Repeat("a", 131), ""}} {
		for f := range field.NumFields - 1 {
			row := &input.Row{}
			row.Fields[f], row.Fields[f+1] = texts[0], texts[1]
			rows = append(rows, row)
		}
	}
	for i := range rows {
		for j := range rows {
			if quick, slow := q.Of(rows[i]) == q.Of(rows[j]), rows[i].Identity() == rows[j].Identity(); quick != slow {
				t.Errorf("%q and %q: equal %t, by Identify %t", rows[i].Fields, rows[j].Fields, quick, slow)
			}
		}
	}
}

// TestPlace: what is at one place, whatever the case of its pool's key, and what is not.
func TestPlace(t *testing.T) {
	t.Parallel()
	const pool, a, group = "FC100000000000001", "13800138000", "2000000000001"
	is := input.PlaceOf(pool, a, group)
	if got := fmt.Sprintf("%016x", uint64(is)); got != "4adbd1138e53cd44" {
		t.Errorf("%s: journals have it otherwise", got)
	}
	for _, test := range []struct {
		pool, a, group string
		same           bool
	}{
		{"fc100000000000001", a, group, true},
		{"Fc100000000000001", a, group, true},
		{"FC100000000000002", a, group, false},
		{pool, "13800138001", group, false},
		{pool, a, "2000000000002", false},
		{pool, a + "2", "000000000001", false},
	} {
		if got := input.PlaceOf(test.pool, test.a, test.group); (got == is) != test.same {
			t.Errorf("%+v: %x, %x", test, got, is)
		}
	}
}
