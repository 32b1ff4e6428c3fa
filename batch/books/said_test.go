package books_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"axgbind/aliyun"
	"axgbind/aliyun/netcause"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/rules"
	"axgbind/report"
	"axgbind/report/reporttest"
)

// both is a sentence as a run of each language writes it.
type both [2]string

func inBoth(said interface{ In(report.Lang) string }) both {
	return both{said.In(report.EN), said.In(report.ZH)}
}

// each calls do with a sentence in each language, and what it is in the other.
func (b both) each(do func(lang report.Lang, text, want string)) {
	do(report.ZH, b[report.EN], b[report.ZH])
	do(report.EN, b[report.ZH], b[report.EN])
}

var verb = regexp.MustCompile(`%(?:\[(\d)\])?([a-z])`)

// samples are arguments for a sentence: numbers by their positions, and texts.
func samples(t report.Text, texts ...string) []any {
	var args []any
	next := 1
	for _, m := range verb.FindAllStringSubmatch(t.EN, -1) {
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		for len(args) < next {
			args = append(args, report.Whole(texts[len(args)%len(texts)]))
		}
		if m[2] == "d" {
			args[next-1] = 40 + next
		}
		next++
	}
	return args
}

// sentences returns whatever can stand in a Reason, in both languages, with a name of each.
func sentences(t testing.TB) map[string]both {
	all := map[string]both{}
	codes := map[string]func(lang report.Lang) string{}
	for _, e := range aliyun.Entries() {
		codes[e.Code] = func(lang report.Lang) string { return books.Sentence(lang, e.Meaning, e.Cause) }
	}
	taken := aliyun.Lookup(aliyun.CodeReleased).Meaning
	all["taken back"] = both{taken.EN, taken.ZH}
	for _, c := range netcause.All() {
		for _, f := range []netcause.Fault{{Cause: c, Where: "dyplsapi.aliyuncs.com"}, {Cause: c, Where: "127.0.0.1:443", Proxy: "[::1]:3128", Detail: "a certificate (of 1); and more"}} {
			codes[f.String()] = func(lang report.Lang) string {
				what, _ := books.Network(lang, f)
				return report.ReasonUnreached.In(lang, report.Whole(what))
			}
		}
	}
	for name, in := range codes {
		all[name] = both{in(report.EN), in(report.ZH)}
		for lang := range all[name] {
			l := report.Lang(lang)
			unresolved, refused := all[name+" unresolved"], all[name+" not renewed"]
			unresolved[l] = report.ReasonUnresolved.In(l, report.Whole(in(l)))
			refused[l] = report.ReasonNotRenewed.In(l, report.Whole("1000000000000001"), "2099-01-31 23:59:59", report.Whole(in(l)))
			all[name+" unresolved"], all[name+" not renewed"] = unresolved, refused
		}
	}
	for _, s := range stops {
		for _, code := range []string{"", aliyun.CodeTokenExpired, "InvalidTimeStamp.Expired"} {
			why := s.After(code)
			all["stopped: "+why.EN] = inBoth(report.Say(report.ReasonStopped, why))
		}
	}
	for _, s := range reporttest.Sentences(t) {
		switch {
		case s.File != "words_rows.go" || !strings.HasPrefix(s.Name, "Reason") && !strings.HasPrefix(s.Name, "Found"):
		case s.Text == report.ReasonStopped, s.Text == report.ReasonUnresolved, s.Text == report.ReasonNotRenewed: // above
		case s.Text == report.ReasonEnded, s.Text == report.FoundOurs:
			all[s.Name] = inBoth(report.Say(s.Text, "2099-01-31 23:59:59"))
		case s.Text == report.ReasonOthersHold, s.Text == report.ReasonOthersMay, s.Text == report.ReasonOthersMade:
			all[s.Name] = inBoth(report.Say(s.Text, report.Whole("1000000000000001"), "b1x2y3", "/a/night (1); new.results.csv"))
		default:
			all[s.Name] = inBoth(report.Say(s.Text, samples(s.Text, "-", "1000000000000001", "BOUND", "/a/night (1); new.results.csv", "b1x2y3", "2099-01-31 23:59:59")...))
		}
	}
	return all
}

var stops = []books.Stop{
	books.StopLimit, books.StopUntil, books.StopInterrupt, books.StopTerminate, books.StopHangup, books.StopAccount, books.StopMaxFailures, books.StopAllAlike, books.StopTrouble,
	books.StopJournal, books.StopInput, books.StopInternal, books.StopNetwork, books.StopLookups, books.StopThrottled, books.StopCapacity,
}

// TestReasons: whatever a run of one language writes as the Reason of a row can be said
// as a run of the other would have, and back.
func TestReasons(t *testing.T) {
	reasons, all := books.Reasons(), sentences(t)
	if len(all) < 300 {
		t.Fatalf("only %d sentences", len(all))
	}
	for name, s := range all {
		s.each(func(lang report.Lang, text, want string) {
			if got := reasons.In(lang, text); got != want {
				t.Errorf("%s\n%s\nis said as %s\n      want %s", name, text, got, want)
			}
			if got := reasons.In(lang, want); got != want {
				t.Errorf("%s\n%s\nis in that language, and is said as %s", name, want, got)
			}
		})
	}
}

// TestReasonsTogether: several sentences in one Reason.
func TestReasonsTogether(t *testing.T) {
	reasons, all := books.Reasons(), sentences(t)
	for _, names := range [][]string{
		{"ReasonEdited", "ReasonEnded"}, {"ReasonOwnEnded", "ReasonEnded"}, {"FoundOurs", "FoundMore"}, {"ReasonLate", "ReasonKept"},
	} {
		both{
			all[names[0]][report.EN] + report.Between.EN + all[names[1]][report.EN],
			all[names[0]][report.ZH] + report.Between.ZH + all[names[1]][report.ZH],
		}.each(func(lang report.Lang, text, want string) {
			if got := reasons.In(lang, text); got != want {
				t.Errorf("%s\nis said as %s\n      want %s", text, got, want)
			}
		})
	}
	both{
		report.ReasonReleaseGone.EN + report.Between.EN + report.StopLookups.EN, report.ReasonReleaseGone.ZH + report.Between.ZH + report.StopLookups.ZH,
	}.each(func(lang report.Lang, text, want string) {
		if got := reasons.In(lang, text); got != want {
			t.Errorf("%s\nis said as %s", text, got)
		}
	})
}

// faulty is an input whose number A has a header, and no PoolKey a column.
func faulty(t testing.TB, header string) *input.Input {
	cell := `"` + strings.ReplaceAll(header, `"`, `""`) + `"`
	text := cell + ",GroupId,Expiration\n13800138000,7,2099-01-31 23:59:59\n"
	in, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{
		Map: map[string]field.Field{header: field.PhoneNoA}, Defaults: map[field.Field]string{field.PoolKey: "FC1"},
	})
	if err != nil {
		t.Skip(err)
	}
	return in
}

// TestReasonsOfFaults: every rule for which a row is INVALID, with every place that it
// can name and every form of a value, alone and after another.
func TestReasonsOfFaults(t *testing.T) {
	reasons, in := books.Reasons(), faulty(t, "号码; a (x): y")
	for _, r := range rules.All() {
		if r.Severity != report.Error {
			continue
		}
		args := samples(r.Cause, `' '`, "GB18030")
		var said both
		for _, f := range []input.Fault{
			input.RowFault(r.ID, args...),
			in.FieldFault(r.ID, field.PhoneNoA, "1380013800x", args...),
			in.FieldFault(r.ID, field.PhoneNoA, "", args...),
			in.FieldFault(r.ID, field.GroupID, `2; "E" (x): y`, args...),
			in.FieldFault(r.ID, field.PoolKey, "FC-1", args...),
			in.FieldFault(r.ID, field.OutID, strings.Repeat("长", 50), args...),
		} {
			for lang := range said {
				if said[lang] != "" {
					said[lang] += report.Between.In(report.Lang(lang))
				}
				said[lang] += f.Reason(report.Lang(lang))
			}
			for _, s := range []both{{f.Reason(report.EN), f.Reason(report.ZH)}, said} {
				s.each(func(lang report.Lang, text, want string) {
					if got := reasons.In(lang, text); got != want {
						t.Errorf("%s\n%s\nis said as %s\n      want %s", r.ID, text, got, want)
					}
				})
			}
		}
	}
}

// TestMessages: what a Message says of ours can be said as a run of the other language
// would have; the service's own words stay.
func TestMessages(t *testing.T) {
	messages := books.Messages()
	check := func(code, text string) {
		t.Helper()
		for _, mark := range []string{"", input.SimulatedMark + " "} {
			both{mark + books.Message(report.EN, code, text), mark + books.Message(report.ZH, code, text)}.each(func(lang report.Lang, text, want string) {
				if got := messages.In(lang, text); got != want {
					t.Errorf("%s\nis said as %s\n      want %s", text, got, want)
				}
			})
		}
	}
	for _, c := range netcause.All() {
		check(aliyun.CodeNotSent, netcause.Fault{Cause: c, Where: "dyplsapi.aliyuncs.com:443", Proxy: "proxy:3128", Detail: "CA; x"}.String())
	}
	check(aliyun.CodeBadAnswer, aliyun.OddAnswer{Status: 502, Type: "text/html", Begins: `<p>"; x`}.String())
	check(aliyun.CodeBadAnswer, aliyun.OddAnswer{Status: 200}.String())
	for _, text := range []string{"", "OK", "[simulated] OK", "未找到", "empty", "The number is in use, empty; try later", "HTTP 502, text/html, begins"} {
		for _, lang := range []report.Lang{report.EN, report.ZH} {
			if got := messages.In(lang, text); got != text {
				t.Errorf("%q becomes %q", text, got)
			}
		}
	}
}

// FuzzReasons: a text that is not ours stays, and what is changed can be changed back.
func FuzzReasons(f *testing.F) {
	for _, s := range sentences(f) {
		f.Add(s[report.EN])
		f.Add(s[report.ZH] + " ")
	}
	reasons := books.Reasons()
	f.Fuzz(func(t *testing.T, text string) {
		for _, lang := range []report.Lang{report.EN, report.ZH} {
			said := reasons.In(lang, text)
			if back := reasons.In(report.ZH-lang, said); said != text && back != text {
				t.Errorf("%q is said as %q, and back as %q", text, said, back)
			}
		}
	})
}

// FuzzReasonsOfOthers: whatever words of others stand in a Reason, it is said as a run of
// the other language would have, or it stays.
func FuzzReasonsOfOthers(f *testing.F) {
	for _, s := range []string{"1", "x; not sent yet", "尚未发送", "a (b): c", `") "`, "C (x): the cell has no value; column D", "；", "BOUND, SubsId 2) has", "not sent yet"} {
		f.Add(s, "x")
		f.Add("x", s)
	}
	reasons := books.Reasons()
	f.Fuzz(func(t *testing.T, a, b string) {
		check := func(s both) {
			s.each(func(lang report.Lang, text, want string) {
				if got := reasons.In(lang, text); got != want && got != text {
					t.Errorf("%q is said as %q, want %q", text, got, want)
				}
			})
		}
		for _, text := range []report.Text{
			report.ReasonKept, report.ReasonRenewCannot, report.ReasonMayBeBound, report.ReasonUnread, report.FoundNamed, report.FoundOlder, report.FoundTwiceThere, report.FoundMore,
		} {
			check(inBoth(report.Say(text, samples(text, a, b)...)))
		}
		check(inBoth(report.Say(report.ReasonOthersHold, a, "b1", b)))
		check(inBoth(report.Say(report.ReasonStillBound, 7, a, "BOUND", b)))
		for _, fault := range []input.Fault{faulty(t, a).FieldFault(rules.MobileLength, field.PhoneNoA, b, 10), faulty(t, a).FieldFault(rules.PhoneDigits, field.GroupID, b, 10, a)} {
			check(both{fault.Reason(report.EN), fault.Reason(report.ZH)})
		}
	})
}
