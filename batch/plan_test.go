package batch_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"
)

// answers is an operation that gives each A the answer of a code.
func answers(codes map[string]string) operation {
	return operation{call: func(_ context.Context, row *plan.Row) batch.Answer {
		a := row.Fields[field.PhoneNoA]
		code := codes[a]
		if code == "" {
			code = "OK"
		}
		answer := classAnswer(code)
		if code == "OK" {
			answer.SubsID, answer.SecretNo = "S"+a[7:], "X"+a[7:]
		}
		return answer
	}}
}

// matched is how an input stands against the journal of a rig, before sending.
type matched struct {
	plan    *plan.Plan
	rows    []string // "status code" of each, and subs id
	actions []string
}

// match matches text against what the rig's journal holds; nothing is sent.
func (r *rig) match(text string, opt plan.Options) matched {
	r.t.Helper()
	j, _ := bookstest.Open(r.t, r.disk.text)
	defer bookstest.Close(r.t, j)
	if opt.Now.IsZero() {
		opt.Now = time.Now()
	}
	if opt.Batch == "" {
		opt.Batch = "a.results.csv"
	}
	j.Hear(opt.Now)
	in := bookstest.Input(r.t, text, input.Options{Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey}})
	plan, err := plan.New(in, j, opt)
	if err != nil {
		r.t.Fatal(err)
	}
	m := matched{plan: plan}
	standsAsWritten(r.t, plan)
	err = plan.Results(report.EN, "", func(rec *report.Record) error {
		m.rows = append(m.rows, strings.TrimSpace(fmt.Sprintf("%s %s %s", rec.Status, rec.Code, rec.SubsID)))
		m.actions = append(m.actions, rec.Reason+" "+rec.Action)
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	total := 0
	for _, n := range plan.Counts() {
		total += n
	}
	if total != plan.Rows || len(m.rows) != plan.Rows {
		r.t.Errorf("%v add up to %d of %d rows", plan.Counts(), total, plan.Rows)
	}
	return m
}

func TestMatching(t *testing.T) {
	row := func(i int, rest string) string { return phone(i) + ",1,2001-01-01 00:00:00," + rest + "\n" }
	base := header + row(0, ",") + row(1, "北京,") + row(2, ",") + row(3, ",")
	// The first night: 0 and 1 bound, 2 unknown, 3 refused.
	codes := map[string]string{phone(2): "client.Timeout", phone(3): "isv.MOBILE_NUMBER_ILLEGAL"}
	const (
		bound0, bound1 = "BOUND OK S0000", "BOUND OK S0001"
		unknown, bad   = "UNKNOWN client.Timeout", "FAILED isv.MOBILE_NUMBER_ILLEGAL"
		already1, held = "BOUND client.AlreadyBound S0001", "HELD client.StillBound" // in another batch
	)
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(base)
	if err != nil {
		t.Fatal(err)
	}
	resend := func(failed, unknown bool, codes ...string) plan.Options {
		m := map[string]bool{}
		for _, c := range codes {
			m[c] = true
		}
		return plan.Options{Resend: plan.Resend{Failed: failed, Unknown: unknown, Codes: m}}
	}
	type sums struct{ ToSend, Settled, Held, Gone int }
	for _, test := range []struct {
		name string
		text string
		opt  plan.Options
		want []string
		sums sums
		say  string // in reason or action of the last row
	}{
		{"the same", base, plan.Options{}, []string{bound0, bound1, unknown, bad}, sums{0, 4, 0, 0}, ""},
		{"sorted", header + row(3, ",") + row(2, ",") + row(1, "北京,") + row(0, ","), plan.Options{}, []string{bad, unknown, bound1, bound0}, sums{0, 4, 0, 0}, ""},
		{"shortened", header + row(1, "北京,"), plan.Options{}, []string{bound1}, sums{0, 1, 0, 2}, ""},
		{"extended", base + row(4, ","), plan.Options{}, []string{bound0, bound1, unknown, bad, "PENDING"}, sums{1, 4, 0, 0}, ""},
		{"re-encoded", gbk, plan.Options{}, []string{bound0, bound1, unknown, bad}, sums{0, 4, 0, 0}, ""},
		{"other columns and order", "备注,过期时间,G组,A号码,城市\n" +
			"x,2001-01-01 00:00:00,1," + phone(0) + ",\ny,2001-01-01 00:00:00,1," + phone(1) + ",北京市\nz,2001-01-01 00:00:00,1," + phone(2) + ",\nz,2001-01-01 00:00:00,1," + phone(3) + ",\n",
			plan.Options{}, []string{bound0, bound1, unknown, bad}, sums{0, 4, 0, 0}, ""},
		{"a bound row edited", header + row(1, "北京,") + row(2, ",") + row(3, ",") + row(0, ",edited"), plan.Options{},
			[]string{bound1, unknown, bad, "HELD client.EditedAfterSend S0000"}, sums{0, 3, 1, 0}, "S0000"},
		{"the same, another night", header + row(1, "北京,") + row(2, ",") + row(3, ",") + row(0, ",edited"), plan.Options{Batch: "b.results.csv"},
			[]string{already1, held, "PENDING", held}, sums{1, 0, 2, 0}, "S0000"},
		{"the same, taken as bound", header + row(1, "北京,") + row(2, ",") + row(3, ",") + row(0, ",edited"), plan.Options{Batch: "b.results.csv", WhenBound: plan.SkipWhenBound},
			[]string{already1, held, "PENDING", "BOUND client.AlreadyBound S0000"}, sums{1, 0, 1, 0}, ""},
		{"an unknown row edited", header + row(2, ",edited"), plan.Options{}, []string{"HELD client.EditedAfterSend"}, sums{0, 0, 1, 3}, "UNKNOWN"},
		{"an unknown row is not skipped", header + row(2, ",edited"), plan.Options{WhenBound: plan.SkipWhenBound, Batch: "b.results.csv"}, []string{held}, sums{0, 0, 1, 0}, "UNKNOWN"},
		{"nor by --resend unknown", header + row(2, ",edited"), resend(false, true), []string{"HELD client.EditedAfterSend"}, sums{0, 0, 1, 3}, "UNKNOWN"},
		{"a refused row corrected", header + row(3, ",corrected"), plan.Options{}, []string{"PENDING"}, sums{1, 0, 0, 3}, ""},
		{"two rows for one gone binding", header + row(0, ",a") + row(0, ",b"), plan.Options{AllowDuplicates: true}, []string{"HELD client.EditedAfterSend S0000", "HELD client.EditedAfterSend"}, sums{0, 0, 2, 2}, "S0000"},
		{"X named afterwards", strings.Replace(header, "OutId", "PhoneNoX", 1) + row(0, ",17100000000"), plan.Options{}, []string{"HELD client.EditedAfterSend S0000"}, sums{0, 0, 1, 2}, ""},
		{"a second binding beside the first", header + row(0, ",") + row(0, ",other"), plan.Options{}, []string{bound0, "INVALID client.SamePlace"}, sums{0, 1, 0, 2}, ""},
		{"the same, allowed", header + row(0, ",") + row(0, ",other"), plan.Options{AllowDuplicates: true}, []string{bound0, "PENDING"}, sums{1, 1, 0, 2}, ""},
		{"another group", header + strings.Replace(row(0, ","), ",1,", ",2,", 1), plan.Options{}, []string{"PENDING"}, sums{1, 0, 0, 3}, ""},
		{"an expired binding holds nothing", header + strings.Replace(row(0, ","), "2001", "2003", 1), plan.Options{Now: time.Date(2002, 1, 1, 0, 0, 0, 0, time.UTC)}, []string{"PENDING"}, sums{1, 0, 0, 3}, ""},
		{"an edited row with a fault of its own", header + strings.Replace(row(0, ","), "2001", "1999", 1), plan.Options{}, []string{"INVALID isv.EXPIRE_DATE_ILLEGAL S0000"}, sums{0, 0, 0, 2}, "S0000"},
		{"duplicate of a bound row", base + row(0, ","), plan.Options{}, []string{bound0, bound1, unknown, bad, "INVALID client.Duplicate"}, sums{0, 4, 0, 0}, "2"},
		{"duplicate allowed", base + row(0, ","), plan.Options{AllowDuplicates: true}, []string{bound0, bound1, unknown, bad, "PENDING"}, sums{1, 4, 0, 0}, ""},
		{"duplicates of a new row", header + row(7, ",") + row(7, ",") + row(7, ","), plan.Options{}, []string{"PENDING", "INVALID client.Duplicate", "INVALID client.Duplicate"}, sums{1, 0, 0, 3}, ""},
		{"--resend failed", base, resend(true, false), []string{bound0, bound1, unknown, bad}, sums{1, 3, 0, 0}, ""},
		{"--resend unknown", base, resend(false, true), []string{bound0, bound1, unknown, bad}, sums{1, 3, 0, 0}, ""},
		{"--resend a code", base, resend(false, false, "isv.MOBILE_NUMBER_ILLEGAL"), []string{bound0, bound1, unknown, bad}, sums{1, 3, 0, 0}, ""},
		{"--resend the code of an UNKNOWN row", base, resend(true, false, "client.Timeout"), []string{bound0, bound1, unknown, bad}, sums{1, 3, 0, 0}, ""},
		{"--resend OK sends no bound row", base, resend(true, true, "OK"), []string{bound0, bound1, unknown, bad}, sums{2, 2, 0, 0}, ""},
		{"INVALID rows are judged afresh", header + "1,1,2001-01-01 00:00:00,,\n" + row(9, ","), plan.Options{}, []string{"INVALID isv.MOBILE_NUMBER_ILLEGAL", "PENDING"}, sums{1, 0, 0, 3}, ""},
		{"resending an unknown row whose time has passed", base, plan.Options{Now: time.Date(2002, 1, 1, 0, 0, 0, 0, time.UTC), Resend: plan.Resend{Unknown: true, Failed: true}},
			[]string{bound0, bound1, unknown, "INVALID isv.EXPIRE_DATE_ILLEGAL"}, sums{0, 3, 0, 0}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
				r.runQuiet(base, job{op: answers(codes)})
				m := r.match(test.text, test.opt)
				if diff := cmp.Diff(test.want, m.rows); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
				p := m.plan
				if got := (sums{p.ToSend, p.Settled, p.Counts()[report.Held], p.Gone}); got != test.sums {
					t.Errorf("sums %+v, want %+v", got, test.sums)
				}
				if last := m.actions[len(m.actions)-1]; !strings.Contains(last, test.say) {
					t.Errorf("it says %q, want something of %q", last, test.say)
				}
			})
		})
	}
}

// Equal rows are told apart by their place, also when they are resumed.
func TestOccurrences(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		text := header + rowText(0, "") + rowText(1, "") + rowText(0, "") + rowText(0, "")
		allow := plan.Options{AllowDuplicates: true}
		var n atomic.Int32
		op := operation{call: func(context.Context, *plan.Row) batch.Answer {
			return batch.Answer{Class: aliyun.Done, Code: "OK", SubsID: fmt.Sprint("S", n.Add(1))}
		}}
		e := r.runQuiet(text, job{op: op, plan: allow, options: batch.Options{Limit: 2}})
		if e.counts[report.Bound] != 2 || e.Stop != books.StopLimit {
			t.Errorf("%v", e.counts)
		}
		e = r.runQuiet(text, job{op: op, plan: allow})
		if e.counts[report.Bound] != 4 || n.Load() != 4 {
			t.Errorf("%v after %d calls", e.counts, n.Load())
		}
		subs := map[string]bool{}
		for _, rec := range e.records {
			subs[rec.SubsID] = true
		}
		if len(subs) != 4 {
			t.Errorf("%d bindings of 4", len(subs))
		}
		if e = r.runQuiet(text, job{op: op}); e.counts[report.Bound] != 4 || n.Load() != 4 {
			t.Errorf("without the flag: %v after %d calls", e.counts, n.Load())
		}
	})
}

// A results file given as input brings its verdicts along.
func TestCarry(t *testing.T) {
	const results = "PhoneNoA,GroupId,Expiration,Line,Status,Code,Message,Reason,Action,SecretNo,SubsId,RequestId,Attempts,LatencyMs,FinishedAt\n"
	line := func(i int, verdict string) string { return phone(i) + ",1,2001-01-01 00:00:00," + verdict + "\n" }
	text := results +
		line(0, "2,BOUND,OK,well,,,17100000001,S7,R7,2,80,2000-01-01T08:00:00+08:00") +
		line(1, "3,UNKNOWN,client.Timeout,,,,,,,3,10000,2000-01-01T08:00:00+08:00") +
		line(2, "4,FAILED,isv.MOBILE_NUMBER_ILLEGAL,,,,,,,1,80,") +
		line(3, "5,PENDING,,,,,,,,0,,") +
		line(4, ",,,,,,,,,,,") +
		line(5, "7,INVALID,client.Duplicate,,,,,,,0,,")
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		if e := r.runQuiet(text, job{op: answers(nil)}); e.counts[report.Bound] != 5 || e.counts[report.Unknown] != 1 || e.plan.ToSend != 4 {
			t.Errorf("%v, %d to send", e.counts, e.plan.ToSend)
		}
		// They hold from now on, whatever becomes of that file.
		plain := "PhoneNoA,GroupId,Expiration\n"
		for i := range 6 {
			plain += line(i, "x")[:len(line(i, ""))-2] + "\n"
		}
		e := r.runQuiet(plain, job{op: answers(nil)})
		if e.plan.ToSend != 0 || e.plan.Settled != 6 {
			t.Errorf("%d to send, %d settled", e.plan.ToSend, e.plan.Settled)
		}
		want := report.Record{
			Input: []string{phone(0), "1", "2001-01-01 00:00:00"}, Line: 2, Status: report.Bound, Code: "OK", Message: "[simulated] well",
			SecretNo: "17100000001", SubsID: "S7", RequestID: "R7", Attempts: 2, LatencyMs: 80, FinishedAt: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		}
		if diff := cmp.Diff(want, e.records[0]); diff != "" {
			t.Errorf("carried (-want +got):\n%s", diff)
		}
		if got := e.records[1]; got.Status != report.Unknown || got.Code != "client.Timeout" || got.Attempts != 3 {
			t.Errorf("carried %+v", got)
		}
		e = r.runQuiet(plain, job{op: answers(map[string]string{phone(1): "isv.BIND_CONFLICT"}), plan: plan.Options{Resend: plan.Resend{Unknown: true}}})
		if got := e.records[1]; got.Status != report.Unknown || got.Attempts != 4 {
			t.Errorf("sent again and refused: %+v", got)
		}
	})
	// A check journals nothing, and tells the same.
	plan, err := plan.New(bookstest.Input(t, text, input.Options{Defaults: map[field.Field]string{field.PoolKey: "FC1"}}), nil,
		plan.Options{Now: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	var subs []string
	if err := plan.Results(report.EN, "", func(rec *report.Record) error { subs = append(subs, rec.Status.String()+rec.SubsID); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"BOUNDS7", "UNKNOWN", "PENDING", "PENDING", "PENDING", "PENDING"}, subs); diff != "" {
		t.Errorf("check (-want +got):\n%s", diff)
	}
}

// Whatever journals hold and inputs bring, the counts add up, a settled row
// keeps its state, and nothing is bound twice.
func TestPlanProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		type night struct {
			text string
			opt  plan.Options
			code map[string]string
		}
		var nights []night
		for n := range rapid.IntRange(1, 4).Draw(rt, "nights") {
			text, code := header, map[string]string{}
			for range rapid.IntRange(1, 15).Draw(rt, "rows") {
				i := rapid.IntRange(0, 9).Draw(rt, "a")
				a := rapid.SampledFrom([]string{phone(i), phone(i), phone(i), "12"}).Draw(rt, "phone")
				text += fmt.Sprintf("%s,%d,%s,,%s\n", a, rapid.IntRange(1, 2).Draw(rt, "group"),
					rapid.SampledFrom([]string{"2001-01-01 00:00:00", "2002-01-01 00:00:00", "1999-01-01 00:00:00"}).Draw(rt, "expiration"),
					rapid.SampledFrom([]string{"", "", "o"}).Draw(rt, "out"))
				code[phone(i)] = rapid.SampledFrom([]string{"OK", "OK", "client.Timeout", "isv.MOBILE_NUMBER_ILLEGAL", "isv.NO_AVAILABLE_NUMBER"}).Draw(rt, "code")
			}
			nights = append(nights, night{text, plan.Options{
				Batch: fmt.Sprint(n / 2), AllowDuplicates: rapid.Bool().Draw(rt, "duplicates"),
				WhenBound: plan.WhenBound(rapid.IntRange(0, 1).Draw(rt, "when bound")),
				Resend:    plan.Resend{Failed: rapid.Bool().Draw(rt, "failed"), Unknown: rapid.Bool().Draw(rt, "unknown")},
			}, code})
		}
		var broken string
		synctest.Test(t, func(t *testing.T) {
			r := &rig{t: t, disk: &disk{}, calls: map[string]int{}}
			defer r.close()
			r.serve(simulator.Options{Numbers: 1})
			for _, n := range nights {
				before := r.statusByRow(n.text, n.opt)
				e := r.runQuiet(n.text, job{op: answers(n.code), plan: n.opt, options: batch.Options{Rate: 1000}})
				for i, was := range before {
					now := e.records[i].Status
					settled := was == report.Bound || was == report.Failed && !n.opt.Resend.Failed || was == report.Invalid
					if settled && now != was || was == report.Unknown && now != report.Unknown && now != report.Bound {
						r.fail("row %d was %s, is %s", i, was, now)
					}
				}
				if e.plan.ToSend+e.plan.Settled+e.plan.Counts()[report.Held] > e.plan.Rows || e.plan.Gone < 0 {
					r.fail("sums %+v", e.plan)
				}
			}
			broken = strings.Join(r.broken, "\n")
		})
		if broken != "" {
			rt.Fatal(broken)
		}
	})
}

func (r *rig) statusByRow(text string, opt plan.Options) (list []report.Status) {
	if len(r.disk.text) == 0 {
		return nil
	}
	for _, s := range r.match(text, opt).rows {
		word, _, _ := strings.Cut(s, " ")
		status, _ := report.ParseStatus(word)
		list = append(list, status)
	}
	return list
}
