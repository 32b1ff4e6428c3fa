package cli_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// TestRunRecords: what the journal keeps of runs holds no phone number, wherever
// people wrote one.
func TestRunRecords(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := func(name string) string { return filepath.Join(dir, name) }
	rows := table{{"PhoneNoA", "GroupId", "Expiration", "外部号13800138006"}, {phone(1), "2000000000001", expiration, "x"}}
	write(t, in("客户13800138000.csv"), rows.String())
	args := append(sim.bind(in("客户13800138000.csv"), "--journal", dir, "-o", in("结果 138-0013-8001.csv"), "--failed="+in("8613800138002.csv"), "--log", in("+86 138 0013 8003.txt"),
		"--default", "PhoneNoB=13800138004", "--default=OutId=13800138005", "--map", "外部号13800138006=OutOrderId"), "--summary", in("１３８００１３８００７.json"))
	axgbind(t, args...).want(t, 0)
	axgbind(t, args...).want(t, 0)
	axgbind(t, "unbind", in("结果 138-0013-8001.csv"), "--journal", dir, "--only", "PhoneNoA=13800138008", "--endpoint", sim.url, "--yes", "--default", "PhoneNoB=13800138004")
	again := []string{"reconcile", in("结果 138-0013-8001.csv"), "--journal", dir, "--endpoint", sim.url}
	for _, given := range [][]string{
		{"--default", "PhoneNoB=13800138004"}, {"--default", "OutId=13800138005"}, {"--map", "外部号13800138006=OutOrderId"}, nil,
	} {
		if given == nil {
			axgbind(t, again...).want(t, 0)
			break
		}
		if o := axgbind(t, again...).want(t, 10); !strings.Contains(o.stderr, "give it again: --") {
			t.Errorf("the rows cannot be read without %q:\n%s", given, o)
		}
		again = append(again, given...)
	}
	records := 0
	text := []byte(read(t, simulatedJournal(t, dir)))
	if _, _, err := journal.Read(bytes.NewReader(text), int64(len(text)), nil, func(l *journal.Line) error {
		if l.Record.Kind != ledger.Run && l.Record.Kind != ledger.End {
			return nil
		}
		records++
		for _, form := range []string{"1380013800", "138-0013-800", "138 0013 800", "１３８００１３８００７"} {
			if at := strings.Index(string(l.Detail), form); at >= 0 {
				t.Errorf("record %d, %s, holds a number: …%.60s…", records, l.Word, l.Detail[max(at-30, 0):])
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if records < 4 {
		t.Errorf("%d records of runs, want 4", records)
	}
}
