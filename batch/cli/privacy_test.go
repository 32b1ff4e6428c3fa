package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// witness collects everything that is printed and logged.
type witness struct {
	t    *testing.T
	dir  string
	n    int
	text map[string]string // by where it was found
}

// note takes the output of a command, and its log and summary.
func (w *witness) note(what string, o outcome, paths ...string) {
	w.n++
	w.text[what+", standard output"] = o.stdout
	w.text[what+", standard error"] = o.stderr
	for _, path := range paths {
		if text, err := os.ReadFile(path); err == nil {
			w.text[what+", "+filepath.Base(path)] = string(text)
		}
	}
}

// faulty is an input with numbers wherever people put them by mistake, and the
// numbers in it that nobody may read elsewhere.
func faulty() (table, []string) {
	rows := table{{
		"PhoneNoA", "PhoneNoB", "PhoneNoX", "GroupId", "Expiration", "ExpectCity", "OutId", "CallRestrict", "CallDisplayType",
		"IsRecordingEnabled", "ASRStatus", "RingConfig", "PoolKey", "备注",
	}}
	var secret []string
	number := func(s string) string { secret = append(secret, s); return s }
	add := func(cells map[string]string) {
		r := make([]string, len(rows[0]))
		for i, name := range rows[0] {
			switch name {
			case "PhoneNoA":
				r[i] = number(phone(7000 + len(rows)))
			case "GroupId":
				r[i] = "2000000000001"
			case "Expiration":
				r[i] = expiration
			case "PoolKey":
				r[i] = testPool
			}
			if v, ok := cells[name]; ok {
				r[i] = v
			}
		}
		rows = append(rows, r)
	}
	add(nil)
	add(map[string]string{"PhoneNoB": number("13511112222")})
	add(map[string]string{"PhoneNoB": number("057188776655"), "备注": "call " + number("13522223333")})
	add(map[string]string{"PhoneNoX": number("17099998888")}) // not of the pool
	add(map[string]string{"PhoneNoA": number("138004438001")})
	add(map[string]string{"PhoneNoA": number("1380443800") + "x"})
	add(map[string]string{"PhoneNoA": number("1390013900") + "O"})
	add(map[string]string{"PhoneNoA": "+86" + number("13344445555") + "0"})
	add(map[string]string{"PhoneNoA": "tel " + number("13355556666")})
	add(map[string]string{"PhoneNoA": number("13366667777") + "/" + number("13377778888")})
	add(map[string]string{"PhoneNoA": "1.38E+10"})
	add(map[string]string{"PhoneNoA": number("12012345678")})
	add(map[string]string{"PhoneNoA": number("4001234567")})
	add(map[string]string{"PhoneNoB": number("13811112222333")})
	add(map[string]string{"PhoneNoB": number("1381111") + " " + number("2222444")})
	add(map[string]string{"PhoneNoX": number("1711111222") + "a"})
	same := number("13699990000")
	add(map[string]string{"PhoneNoA": same, "PhoneNoB": same})
	add(map[string]string{"PhoneNoA": same, "PhoneNoX": same})
	add(map[string]string{"GroupId": number("13611110001") + "x"})
	add(map[string]string{"Expiration": number("13611110002")})
	add(map[string]string{"ExpectCity": number("13611110003")})
	add(map[string]string{"ExpectCity": number("136-1111-0012")})
	add(map[string]string{"PhoneNoA": number("139 0044 8001"), "PhoneNoB": number("+86 139-0044-8002")})
	add(map[string]string{"PhoneNoA": "=" + `"` + number("13900448003") + `"`, "Expiration": number("136 1111 0013")})
	add(map[string]string{"PhoneNoA": number("5718877665") + ".0", "PhoneNoB": number("13900448004") + "-801"})
	add(map[string]string{"CallRestrict": number("13611110004")})
	add(map[string]string{"CallDisplayType": number("13611110005")})
	add(map[string]string{"IsRecordingEnabled": number("13611110006")})
	add(map[string]string{"ASRStatus": number("13611110007")})
	add(map[string]string{"RingConfig": `{"AXGRing_AB":"` + number("13611110008") + `"}`})
	add(map[string]string{"RingConfig": number("13611110009")})
	add(map[string]string{"RingConfig": `{"` + number("13611110010") + `":"x"}`})
	add(map[string]string{"PoolKey": number("13611110010") + "-"})
	add(map[string]string{"OutId": strings.Repeat(number("13611110011"), 9)})
	add(map[string]string{"PhoneNoA": "", "Expiration": "2020-01-01 00:00:00"})
	rows = append(rows, slices.Clone(rows[1]))                        // a duplicate
	rows = append(rows, append([]string{number("13711110001")}, "x")) // cells missing
	return rows, secret
}

// TestPrivacy runs everything that can go wrong and looks at every word that
// was printed and logged: no number, no key, no request.
func TestPrivacy(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	w := &witness{t: t, dir: dir, text: map[string]string{}}
	cells, secret := faulty()
	faults := []string{
		"", "flow-limit=0.3", "throttling=0.3", "system-error=0.5", "system-error-executed=0.5", "http-503=0.5", "http-503-executed=0.5",
		"drop-before=0.5", "drop-after=0.5", "drop-late=0.5", "slow=0.4", "ram-deny=0.2",
		"code:isv.MOBILE_NUMBER_ILLEGAL=0.5", "code:isv.NO_AVAILABLE_NUMBER=0.5", "code:isv.BIND_CONFLICT=0.5", "code:InvalidAccessKeyId.NotFound:404=1",
		"code:SignatureDoesNotMatch:400=1", "code:InvalidTimeStamp.Expired:400=1", "code:isv.NEVER_HEARD_OF=1", "code:InternalError:500=1",
	}
	if testing.Short() || raced {
		faults = []string{"", "http-503=0.5", "drop-after=0.5", "slow=0.4", "code:SignatureDoesNotMatch:400=1"}
	}
	for i, fault := range faults {
		flags := []string{"--seed", fmt.Sprint(i + 1)}
		if fault != "" {
			flags = append(flags, "--fault", fault)
		}
		sim := simulate(t, flags...)
		name := filepath.Join(dir, fmt.Sprint("in", i))
		in, log, sum := write(t, name+".csv", cells.String()), name+[]string{".log", ".jsonl", ".jsonl", ".log"}[i%4], name+".json"
		lang := []string{"en", "zh"}[i%2]
		args := sim.bind(in, "-v", "--summary", sum, "--lang", lang, "--timeout", "300ms", "--rate", "200",
			"--max-failures", "100%", "--failed", name+".fix.csv",
			"--default", "PhoneNoB=13500009999", "--until", "800ms", "--findings", name+".found.csv")
		w.note(fault+" first run", axgbind(t, append(args, "--log", log)...), log, sum, name+".found.csv")
		w.note(fault+" page", axgbind(t, "report", name+".results.csv", "-o", "-", "--lang", lang))
		w.note(fault+" report", axgbind(t, "report", name+".results.csv", "--lang", lang))
		if i%3 > 0 {
			continue
		}
		w.note(fault+" second run", axgbind(t, append(args, "--progress", "plain")...), log, sum)
		if i == 0 { // edited after they were bound
			edited := cells.clone()
			for _, r := range edited[1 : len(edited)-1] {
				r[6] = "edited"
			}
			write(t, in, edited.String())
			w.note("edited", axgbind(t, args...), sum)
			w.note("edited, skipped", axgbind(t, append(args, "--when-bound", "skip")...), sum)
			for _, b := range sim.bindings() {
				secret = append(secret, b.SecretNo)
			}
			// A row that names its X: taken by others, and its loss looked up.
			named := content(9000, 3)
			named[0] = append(named[0], "PhoneNoX")
			for k := range named[1:] {
				named[k+1] = append(named[k+1], secret[len(secret)-1])
				secret = append(secret, named[k+1][0])
			}
			x := write(t, filepath.Join(dir, "named.csv"), named.String())
			w.note("named X", axgbind(t, sim.bind(x, "-v", "--failed", filepath.Join(dir, "named.fix.csv"))...))
			w.note("status", axgbind(t, "status", name+".results.csv"))
		}
		if i < 2 {
			w.note("check", axgbind(t, "check", in, "--lang", lang, "--summary", sum, "--findings", name+".jsonl"), sum, name+".jsonl")
			w.note("strict", axgbind(t, "check", in, "--lang", lang, "--strict"))
		}
	}
	secret = append(secret, "13500009999")

	// Refusals that could repeat what they refuse.
	const number = "13855554444"
	secret = append(secret, number, "hunter2hunter2")
	one := write(t, filepath.Join(dir, "one.csv"), content(1, 1).String())
	for _, args := range [][]string{
		{"bind", write(t, filepath.Join(dir, "headless.csv"), number+",2000000000001,"+expiration+"\n")},
		{"bind", write(t, filepath.Join(dir, "shift.csv"), "A,"+number+",Expiration\n1,2,3\n")},
		{"bind", one, "--endpoint", "https://me:hunter2hunter2@127.0.0.1"},
		{"bind", one, "--endpoint", "http://127.0.0.1/?PhoneNoA=" + number + "&Signature=abc"},
		{"bind", one, "--default", "PhoneNoB:" + number},
		{"bind", one, "--default", "PhoneNoB=" + number, "--default", "PhoneNoB=13855554445"},
		{"bind", one, "--default", "PhoneNoB=" + number + "x", "--simulate", "-v"},
		{"bind", one, "--pool-key", testPool, "--endpoint", "http://127.0.0.1:" + noDial(t), "--until", "300ms", "--retries", "0", "-v"},
	} {
		for _, lang := range []string{"en", "zh"} {
			got := axgbind(t, append(slices.Clone(args), "--lang", lang)...)
			w.note(fmt.Sprint("refusal ", args[2:], lang), got)
		}
	}

	for what, text := range w.text {
		for _, s := range append(secret, testSecret, testKey, "Signature=", "Signature%3D", "PhoneNoA=", "PoolKey=FC", "AccessKeySecret=", "ACS3-HMAC") {
			if s == "" || !strings.Contains(text, s) {
				continue
			}
			i := strings.Index(text, s)
			t.Errorf("%s: %q is in\n…%s…", what, s, text[max(i-150, 0):min(i+len(s)+80, len(text))])
		}
	}
	if len(w.text) < 20 {
		t.Errorf("only %d texts were looked at", len(w.text))
	}
	// The very same numbers do stand where they belong: the test can find them.
	if !strings.Contains(read(t, filepath.Join(dir, "in0.results.csv")), secret[0]) {
		t.Error("the numbers are not in the results")
	}
}
