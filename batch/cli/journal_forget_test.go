package cli_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

const forgottenNumber = "13800138000"

// written is a journal written by hand.
type written struct {
	t    testing.TB
	text *strings.Builder
	out  *journal.Writer
	call uint64
	at   time.Time
}

const writtenID = "00000000000000ab"

func newWritten(t testing.TB, runs ...books.RunStart) *written {
	return newWrittenAs(t, journal.Header{}, runs...)
}

// newWrittenAs is newWritten with what else its header says.
func newWrittenAs(t testing.TB, h journal.Header, runs ...books.RunStart) *written {
	w := &written{t: t, text: &strings.Builder{}, at: time.Now().Add(-time.Hour)}
	h.ID, h.Identity, h.Created = writtenID, input.IdentityVersion, w.at
	w.out = journal.Write(w.text, h)
	for _, r := range runs {
		w.add(ledger.Record{Kind: ledger.Run, Batch: r.Batch}, r)
	}
	return w
}

func (w *written) add(r ledger.Record, detail any) {
	w.t.Helper()
	if s, ok := detail.(string); ok {
		detail = []byte(s)
	}
	if err := w.out.Record(&r, detail); err != nil {
		w.t.Fatal(err)
	}
}

// sent is a call of a bind for a number, and its end.
func (w *written) sent(number string, end ledger.Kind, detail string) {
	w.t.Helper()
	w.call++
	key := ledger.Key{ID: ledger.Identity(binary.BigEndian.AppendUint64(make([]byte, 8), w.call))}
	at := w.at.UnixMilli()
	w.add(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: w.call, Row: key, Place: ledger.Place(w.call), Ends: w.at.AddDate(0, 0, 9).Unix(), At: at, Due: at + 1},
		fmt.Sprintf(`{"t":%d,"line":%d,"pool":"%s","a":"%s","g":"1","exp":"2099-01-31 23:59:59"}`, at, w.call+1, testPool, number))
	r := ledger.Record{Kind: end, Call: w.call, Code: "isv.X", At: at}
	if end == ledger.OK {
		r.Binding, r.Code = ledger.ParseSubsID(fmt.Sprint(9_000_000_000_000_000+w.call)), "OK"
		detail = fmt.Sprintf(`{"no":"17100000000","subs":"%d"}`, 9_000_000_000_000_000+w.call)
	}
	w.add(r, detail)
}

func (w *written) String() string {
	if err := w.out.Flush(); err != nil {
		w.t.Fatal(err)
	}
	return w.text.String()
}

// utf16le is a text as Windows programs write it.
func utf16le(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// TestForget: nothing in the journal's folder holds the number, but what is somebody
// else's and is listed; so are the files of the runs.
func TestForget(t *testing.T) {
	t.Parallel()
	dir, work := newFolder(t), newFolder(t)
	path := filepath.Join(dir, "axgbind.journal")
	in := func(name, text string) string { return write(t, filepath.Join(work, name), text) }
	input, results := in("客户"+forgottenNumber+".csv", "nothing\n"), in("out.csv", utf16le("PhoneNoA\n"+forgottenNumber+"\n"))
	holders := []string{
		input, results, in("out.csv.new.csv", "x,138-0013-8000\n"),
		in("failed.csv", "\xc8\xcb+86 138 0013 8000\n"), // GBK
		in("log.txt", "call 008613800138000 failed\n"),
		write(t, filepath.Join(dir, "notes.txt"), strings.Repeat("x", 1<<20-5)+forgottenNumber+"\n"), // somebody's
	}
	in("findings.csv", "13800138001,1380013,8000,138001380 0x0\n")
	in("other.csv", forgottenNumber+"\n") // nobody knows of it
	w := newWritten(t, books.RunStart{
		Batch: "b1", Input: filepath.Join(work, "客户138****8000.csv"), Results: results,
		Flags: []string{"bind", "--failed=failed.csv", "--log", "log.txt", "--findings", "findings.csv", "--only", "A=" + forgottenNumber, "--summary", "gone.json"},
	})
	w.sent(forgottenNumber, ledger.Refused, `{"t":1,"msg":"bad number 138-0013-8000"}`)
	w.sent("13800138001", ledger.Refused, `{"t":1,"msg":"bad number"}`)
	old := w.String()
	write(t, path, old)
	lock := lockOf(t, old, "/out/"+forgottenNumber+".csv")
	write(t, path+".lock", lock)
	write(t, filepath.Join(dir, ".axgbind.journal.axgbind-"+strings.Repeat("0", 32)+".tmp"), forgottenNumber) // of a run that was killed

	forget := func(more ...string) outcome {
		return axgbind(t, append([]string{"journal", "forget", "+86 138 0013 8000", "--journal", path}, more...)...).want(t, 0)
	}
	listed := func(o outcome) []string {
		var names []string
		for line := range strings.Lines(o.stdout) {
			names = append(names, filepath.Base(strings.TrimSpace(line)))
		}
		slices.Sort(names)
		return names
	}
	var want []string
	for _, h := range holders {
		want = append(want, strings.ReplaceAll(filepath.Base(h), forgottenNumber, "138****8000"))
	}
	slices.Sort(want)
	dry := forget("--dry-run")
	if read(t, path) != old || read(t, path+".lock") != lock {
		t.Error("a dry run changed something")
	}
	if got := listed(dry); !slices.Equal(got, want) || !strings.Contains(dry.stderr, "3 records") {
		t.Errorf("a dry run lists %q\n%s", got, dry)
	}
	done := forget()
	if got := listed(done); !slices.Equal(got, want) || !strings.Contains(done.stderr, "3 records") {
		t.Errorf("lists %q, want %q\n%s", got, want, done)
	}
	if strings.Contains(done.String(), forgottenNumber) || strings.Contains(dry.String(), forgottenNumber) {
		t.Errorf("the number is told:\n%s", done)
	}
	for _, name := range files(t, dir) {
		if text := read(t, filepath.Join(dir, name)); strings.Contains(text, forgottenNumber) && name != "notes.txt" {
			t.Errorf("%s holds the number:\n%s", name, text)
		}
	}
	if text := read(t, path); strings.Contains(text, "138-0013") || strings.Count(text, "\n") != strings.Count(old, "\n") || !strings.Contains(text, "13800138001") {
		t.Errorf("what was written anew:\n%s", text)
	}
	if again := forget(); !strings.Contains(again.stderr, "no record of the journal holds the number") {
		t.Errorf("forgotten already:\n%s", again)
	}
}

// TestForgetCopies: a number is in no old copy and in no simulated journal of the
// journal's folder either, whatever they say of it: one that can be read is written anew,
// one that cannot keeps each byte but the number's. Another real journal is left alone.
func TestForgetCopies(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in := func(name, text string) string { return write(t, filepath.Join(dir, name), text) }
	real := newWritten(t, books.RunStart{Batch: "b1", Input: "in.csv", Results: "out.csv"})
	real.sent("13900139000", ledger.OK, "")
	path := in("axgbind.journal", real.String())
	lives := func(h journal.Header) string { // the number is needed, by this one
		w := newWrittenAs(t, h, books.RunStart{Batch: "b1", Input: "in.csv", Results: filepath.Join(dir, "results.csv")})
		w.sent(forgottenNumber, ledger.OK, "")
		return w.String()
	}
	old, simulated := lives(journal.Header{}), lives(journal.Header{Simulated: true, Instance: "00000000000000cd"})
	readable := []string{
		in("axgbind.journal.moved", old),
		in("axgbind.journal.kept.123", old+"12345678 intent torn "+forgottenNumber),
		in("simulated-00000000000000cd.journal", simulated),
		in("simulated-00000000000000cd.journal.kept.7", simulated),
		in("rehearsal.journal", simulated),
	}
	broken := strings.Replace(old, `"a":"13800138000"`, `"a":"138-0013 8000"`, 1)
	damaged := map[string]string{
		in("axgbind.journal.damaged", broken+"\x00"+old):       "",
		in("axgbind.journal.damaged2", "+86"+forgottenNumber):  "+86138****8000",
		in("simulated-00000000000000ce.journal", broken):       strings.Replace(broken, "138-0013 8000", "138-**** 8000", 1),
		in("simulated-00000000000000ce.journal.moved", broken): strings.Replace(broken, "138-0013 8000", "138-**** 8000", 1),
	}
	was := map[string]string{}
	for name := range damaged {
		was[name] = read(t, name)
	}
	lock := in("simulated-00000000000000cd.journal.lock", lockOf(t, simulated, "/out/"+forgottenNumber+".csv"))
	in(".axgbind.journal.damaged.axgbind-"+strings.Repeat("0", 32)+".tmp", forgottenNumber)
	in("results.csv", forgottenNumber+"\n")
	another := in("another.journal", lives(journal.Header{}))
	strangers := []string{"another.journal", "axgbind.journal.bak", "results.csv"}
	in("axgbind.journal.bak", old)
	all := func() map[string]string {
		texts := map[string]string{}
		for _, name := range files(t, dir) {
			texts[name] = read(t, filepath.Join(dir, name))
		}
		return texts
	}
	before := all()
	args := []string{"journal", "forget", forgottenNumber, "--journal", path}
	listed := func(o outcome) (names []string) {
		for line := range strings.Lines(o.stdout) {
			names = append(names, filepath.Base(strings.TrimSpace(line)))
		}
		slices.Sort(names)
		return names
	}
	f, err := os.OpenFile(readable[2], os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if held, err := journal.TryLock(f); err == nil && held {
		axgbind(t, args...).want(t, 11)
		if diff := cmp.Diff(before, all()); diff != "" {
			t.Errorf("a run has one of them, and yet:\n%s", diff)
		}
	}
	f.Close()
	dry := axgbind(t, append(args, "--dry-run")...).want(t, 0)
	if got := listed(dry); !slices.Equal(got, strangers) || !strings.Contains(dry.stderr, "9 hold the number") {
		t.Errorf("a dry run lists %q\n%s", got, dry)
	}
	if diff := cmp.Diff(before, all()); diff != "" {
		t.Errorf("a dry run:\n%s", diff)
	}
	done := axgbind(t, args...).want(t, 0)
	if got := listed(done); !slices.Equal(got, strangers) || !strings.Contains(done.stderr, "9 held the number") {
		t.Errorf("lists %q\n%s", got, done)
	}
	after := all()
	for name, text := range after {
		if strings.Contains(text, forgottenNumber) && !slices.Contains(strangers, name) {
			t.Errorf("%s holds the number:\n%s", name, text)
		}
	}
	gone := len(before) + 1 - len(after) // and there is one that says how far the simulated journal had come
	if after["another.journal"] != before["another.journal"] || gone != 1 {
		t.Errorf("%s changed, or not only the temporary file is gone: %q", another, files(t, dir))
	}
	for _, name := range readable {
		axgbind(t, "journal", "check", name).want(t, 0)
	}
	for name, want := range damaged {
		text := read(t, name)
		if want != "" && text != want || len(text) != len(was[name]) || strings.Contains(text, "138-0013 8000") {
			t.Errorf("%s: %d bytes, was %d:\n%s", name, len(text), len(was[name]), text)
		}
	}
	if text := read(t, lock); !strings.Contains(text, "138****8000.csv") {
		t.Errorf("lock file: %s", text)
	}
	if again := axgbind(t, args...).want(t, 0); !slices.Equal(listed(again), strangers) || strings.Contains(again.stderr, "beside it") {
		t.Errorf("forgotten already:\n%s", again)
	}
}

// TestForgetRefused: a number that is needed stays, and nothing changes.
func TestForgetRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end     ledger.Kind
		numbers []string
		says    []string
	}{
		"a live binding":    {ledger.OK, []string{forgottenNumber}, []string{"138****8000 is still needed", "binding 9000000000000001 of batch b1", "axgbind status b1 --bindings --journal ", " > b1.csv", "axgbind unbind b1.csv --only SubsId=9000000000000001 --journal "}},
		"one of several":    {ledger.OK, []string{"13900139000", forgottenNumber}, []string{"138****8000 is still needed"}},
		"a call in doubt":   {ledger.Lost, []string{forgottenNumber}, []string{"line 2, is in doubt", "axgbind reconcile b1 --journal "}},
		"no number":         {ledger.Refused, []string{"138****8000"}, []string{"masked"}},
		"no number, either": {ledger.Refused, []string{"1380013800"}, []string{"no phone number"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(newFolder(t), "axgbind.journal")
			w := newWritten(t, books.RunStart{Batch: "b1", Input: "in.csv", Results: "out.csv"})
			w.sent(forgottenNumber, c.end, "")
			old := w.String()
			write(t, path, old)
			for _, more := range [][]string{{"--dry-run"}, nil} {
				o := axgbind(t, append(append([]string{"journal", "forget", "--journal", path}, c.numbers...), more...)...).want(t, 10)
				for _, text := range c.says {
					if !strings.Contains(o.stderr, text) {
						t.Errorf("does not say %q:\n%s", text, o)
					}
				}
			}
			if read(t, path) != old {
				t.Error("the journal changed")
			}
		})
	}
	path := filepath.Join(newFolder(t), "axgbind.journal")
	axgbind(t, "journal", "forget", "--journal", path, forgottenNumber).want(t, 10)
	write(t, path, newWritten(t).String())
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if held, err := journal.TryLock(f); err != nil || !held {
		t.Skip("no locks here")
	}
	axgbind(t, "journal", "forget", "--journal", path, forgottenNumber).want(t, 11)
}

// TestForgetKilled kills the command while it writes the journal anew: what stands at
// its path is the old journal or the new one, to the byte, and the next time it is done.
func TestForgetKilled(t *testing.T) {
	t.Parallel()
	kills := 6
	if testing.Short() || raced {
		kills = 3
	}
	dir := newFolder(t)
	path := filepath.Join(dir, "axgbind.journal")
	w := newWritten(t, books.RunStart{Batch: "b1", Input: "in.csv", Results: "out.csv"})
	padding := `{"t":1,"msg":"` + strings.Repeat("padding ", 500) + `"}`
	for i := range 1500 {
		w.sent(fmt.Sprintf("138%08d", 138000+i), ledger.Refused, padding)
	}
	old := w.String()
	args := []string{"journal", "forget", "--journal", path, "13800138000"}
	temporary := func() bool {
		return slices.ContainsFunc(files(t, dir), func(name string) bool { return strings.HasSuffix(name, ".tmp") })
	}
	writeJournal(t, path, old)
	p := spawn(t, dir, args...)
	began := time.Now()
	if p.sooner(temporary) {
		began = time.Now()
	}
	p.wait().want(t, 0)
	took := time.Since(began)
	forgotten := read(t, path)
	if strings.Contains(forgotten, "13800138000") || len(forgotten) < len(old)-100 {
		t.Fatalf("%d bytes become %d", len(old), len(forgotten))
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	kept, replaced := 0, 0
	for range kills {
		writeJournal(t, path, old)
		p := spawn(t, dir, args...)
		if p.sooner(temporary) {
			after(p, time.Duration(random.Int64N(int64(took)*3/2)))
		}
		p.kill()
		p.wait()
		switch text := read(t, path); text {
		case old:
			kept++
		case forgotten:
			replaced++
		default:
			t.Fatalf("neither the old journal nor the new one: %d bytes", len(text))
		}
		axgbind(t, args...).want(t, 0)
		if read(t, path) != forgotten || temporary() {
			t.Fatalf("after a run in good order: %d bytes, %q", size(path), files(t, dir))
		}
	}
	t.Logf("%d kills in %v: old journal %d, new journal %d", kills, took, kept, replaced)
}

// TestForgetReleased: a row whose number was forgotten is still the row of its binding.
func TestForgetReleased(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(in)...).want(t, 0)
	unbind := []string{"unbind", out, "--endpoint", sim.url, "--lines", "2", "--yes"}
	axgbind(t, unbind...).want(t, 0)
	rows := results(t, out)
	axgbind(t, "journal", "forget", phone(0), rows[0]["SecretNo"]).want(t, 0)
	axgbind(t, unbind...).want(t, 0).says(t, "0 to release, 1 released already", "released=1")
	// Another number is not taken for it, though what is known of it agrees.
	other := "138" + "9999" + phone(0)[7:]
	another := rows[1]["SubsId"]
	if strings.HasSuffix(another, "0") { // it could be what a spreadsheet makes of the one before it
		another = rows[2]["SubsId"]
	}
	write(t, out, strings.Replace(read(t, out), rows[0]["SubsId"], another, 1))
	axgbind(t, unbind...).want(t, 3)
	write(t, out, strings.Replace(strings.Replace(read(t, out), another, rows[0]["SubsId"], 1), phone(0), other, 1))
	axgbind(t, unbind...).want(t, 0)
	if n := len(sim.bound()); n != 2 {
		t.Errorf("%d bindings live", n)
	}
}

// TestForgetNeededMoved: what ends the binding of a number that is needed is typed as it
// is told, and releases that binding alone, though its line is another row's since.
func TestForgetNeededMoved(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	dir := newFolder(t)
	in := filepath.Join(dir, "in.csv")
	for from, n := range []int{3, 2} { // row 0 leaves the input
		write(t, in, content(from, n).String())
		axgbind(t, sim.bind(in)...).want(t, 0)
	}
	told := axgbind(t, "journal", "forget", phone(0)).want(t, 10).stderr
	typed := regexp.MustCompile(`axgbind status (\S+) --bindings > (\S+); axgbind unbind (\S+) --only (SubsId=\d+)`).FindStringSubmatch(told)
	if typed == nil || typed[2] != typed[3] {
		t.Fatal(told)
	}
	list := write(t, filepath.Join(dir, typed[2]), axgbind(t, "status", typed[1], "--bindings").want(t, 0).stdout)
	axgbind(t, "unbind", list, "--only", typed[4], "--endpoint", sim.url, "--yes").want(t, 0).says(t, "released=1")
	for _, b := range sim.bindings() {
		if b.PhoneNoA == phone(0) {
			t.Error("it still lives")
		}
	}
	if n := len(sim.bindings()); n != 2 {
		t.Errorf("%d bindings live", n)
	}
	axgbind(t, "journal", "forget", phone(0)).want(t, 0)
}

// TestForgetSwept: a list of X numbers is as complete after one of them was forgotten
// as before: rows that no number of it is bound to are not bound. One that lacks the
// forgotten number still is not complete.
func TestForgetSwept(t *testing.T) {
	t.Parallel()
	played, s := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5})
	sim := s.real()
	dir := newFolder(t)
	first := write(t, filepath.Join(dir, "first.csv"), content(0, 3).String())
	axgbind(t, sim.bind(first)...).want(t, 0)
	axgbind(t, "unbind", filepath.Join(dir, "first.results.csv"), "--endpoint", sim.url, "--lines", "2", "--yes").want(t, 0)
	x := results(t, filepath.Join(dir, "first.results.csv"))[0]["SecretNo"]
	axgbind(t, "journal", "forget", phone(0), x).want(t, 0)

	if err := played.SetFaults(faultList(t, []string{"drop-before=1"})); err != nil {
		t.Fatal(err)
	}
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(3, 2).String()), "--max-failures", "100%")...).want(t, 4)
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	path := memoryOf(t)
	writeJournal(t, path, moved(t, read(t, path), 2*time.Minute))
	all := sim.numbers()
	lacks := strings.Replace(all, x, "17099999999", 1)
	if all == lacks {
		t.Fatalf("%s is not on the list", x)
	}
	for _, c := range []struct {
		list   string
		status int
		rows   string
	}{
		{lacks, 4, "UNKNOWN 2"},
		{all, 5, "PENDING 2"},
	} {
		list := write(t, filepath.Join(dir, "numbers.json"), c.list)
		out := filepath.Join(dir, "in.results.csv")
		axgbind(t, "reconcile", out, "--endpoint", sim.url, "--x-numbers", list, "--list-is-complete").want(t, c.status)
		wantCounts(t, results(t, out), c.rows)
	}
}

// TestForgetNumbered: files in a folder that has the name of a number, which the journal
// keeps only masked, are listed too.
func TestForgetNumbered(t *testing.T) {
	t.Parallel()
	for _, name := range numbered {
		dir, work := newFolder(t), filepath.Join(newFolder(t), name)
		path := filepath.Join(dir, "axgbind.journal")
		if err := os.MkdirAll(filepath.Join(work, "out"), 0o700); err != nil {
			t.Fatal(err)
		}
		masked := strings.NewReplacer("13800138000", "138****8000", "138-0013-8000", "138****8000").Replace(work)
		want := []string{"failed.csv", "in.csv", "r.csv", "r.csv.new.csv"}
		for _, name := range want {
			write(t, filepath.Join(work, "out", name), forgottenNumber+"\n")
		}
		write(t, filepath.Join(work, "out", "other.csv"), forgottenNumber+"\n") // nobody knows of it
		w := newWritten(t, books.RunStart{
			Batch: "b1", Input: filepath.Join(masked, "out", "in.csv"), Results: filepath.Join(masked, "out", "r.csv"),
			Flags: []string{"bind", "--failed", filepath.Join(masked, "out", "failed.csv")},
		})
		w.sent(forgottenNumber, ledger.Refused, "")
		write(t, path, w.String())
		o := axgbind(t, "journal", "forget", forgottenNumber, "--journal", path).want(t, 0)
		var got []string
		for line := range strings.Lines(o.stdout) {
			got = append(got, filepath.Base(strings.TrimSpace(line)))
		}
		if slices.Sort(got); !slices.Equal(got, want) || strings.Contains(o.String(), name) {
			t.Errorf("%s: %q\n%s", name, got, o)
		}
	}
}
