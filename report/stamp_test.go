package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"axgbind/report"
)

// stampedFile is a file with the stamp of a batch, finished.
func stampedFile(t *testing.T, batch, before, behind string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte(before+report.Stamp(batch)+behind), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if err := report.FinishStamp(f, info.Size()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestStamp: a finished file is unchanged and of its batch; one byte more, less
// or other is a change, wherever it is.
func TestStamp(t *testing.T) {
	long := strings.Repeat("13800138000,2000000000001\n", 20_000)
	text := stampedFile(t, "july", "\ufeffPhoneNoA,GroupId,", "\n"+long)
	read := func(text []byte, batch string) (unchanged, own bool) {
		t.Helper()
		unchanged, own, err := report.ReadStamp(bytes.NewReader(text), int64(len(text)), batch)
		if err != nil {
			t.Fatal(err)
		}
		return unchanged, own
	}
	if unchanged, own := read(text, "july"); !unchanged || !own {
		t.Errorf("unchanged %v, own %v", unchanged, own)
	}
	if unchanged, own := read(text, "june"); !unchanged || own {
		t.Errorf("of another batch: unchanged %v, own %v", unchanged, own)
	}
	for _, at := range []int{0, 5, 20, 25, 40, 60, len(text) / 2, len(text) - 1} {
		changed := bytes.Clone(text)
		changed[at] ^= 1
		if unchanged, _ := read(changed, "july"); unchanged {
			t.Errorf("byte %d was changed, and nobody saw it", at)
		}
	}
	for name, changed := range map[string][]byte{
		"shorter": text[:len(text)-1], "longer": append(bytes.Clone(text), '\n'), "empty": nil, "no stamp": []byte("PhoneNoA\n"),
		"never finished": []byte("a," + report.Stamp("july") + "\n"), "cut in its stamp": text[:40],
	} {
		if unchanged, _ := read(changed, "july"); unchanged {
			t.Errorf("%s: taken for unchanged", name)
		}
	}
}

// TestStampBesideAnother: what looks like a stamp in the file's own cells is none.
func TestStampBesideAnother(t *testing.T) {
	old := "axgbind-0123abcd-0123456789abcdef,"
	text := stampedFile(t, "", old, ","+old+"\n")
	unchanged, own, err := report.ReadStamp(bytes.NewReader(text), int64(len(text)), "")
	if err != nil || !unchanged || !own {
		t.Errorf("unchanged %v, own %v, %v", unchanged, own, err)
	}
	for header, want := range map[string]bool{report.Stamp("x"): true, "axgbind-0123abcd-0123456789abcdef": true, old: false, "axgbind": false, "": false} {
		if report.IsStamp(header) != want {
			t.Errorf("IsStamp(%q) is %v", header, !want)
		}
	}
}
