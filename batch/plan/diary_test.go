package plan_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/plan"
	"axgbind/report"
)

// diary is a journal of runs whose calls end as a test says. No service is asked.
type diary struct {
	t   testing.TB
	j   *books.Journal
	m   *bookstest.Memory
	opt plan.Options // of the latest plan
	ids int          // SubsIds that were given, from 1

	hears time.Time     // which time the service tells; zero: that of the plan
	ahead time.Duration // of an Expiration that rows without one get when they are sent; 0: none
}

func newDiary(t testing.TB) *diary {
	d := &diary{t: t}
	d.j, d.m = bookstest.Create(t)
	t.Cleanup(func() { bookstest.Close(t, d.j) })
	return d
}

const (
	inputHead   = "PhoneNoA,GroupId,Expiration,PhoneNoX,PhoneNoB,OutId"
	listHead    = inputHead + ",SecretNo,SubsId"
	resultsHead = inputHead + ",Line,Status,Code,Message,Reason,Action,SecretNo,SubsId,RequestId,Attempts,LatencyMs,FinishedAt"
	endsLate    = "2001-01-31 23:59:59"
	finished    = "1999-12-31T23:00:00+08:00"
)

// aRow is a row under inputHead: A by its last digit, and the cells behind Expiration.
func aRow(a int, rest string) string {
	return fmt.Sprintf("1380013800%d,7,%s,%s%s", a, endsLate, rest, strings.Repeat(",", 2-strings.Count(rest, ",")))
}

// told is a row of results under resultsHead: what stands behind its own cells. id numbers
// its SubsId and X; 0: it names none.
func told(row string, line int, status, code string, id int) string {
	x, subs, request := "", "", ""
	if id > 0 {
		x, subs, request = xOf(id), subsOf(id), fmt.Sprint("R-", id)
	}
	return fmt.Sprintf("%s,%d,%s,%s,,,,%s,%s,%s,1,40,%s", row, line, status, code, x, subs, request, finished)
}

func subsOf(n int) string { return fmt.Sprintf("10000000000000%02d", n) }
func xOf(n int) string    { return fmt.Sprintf("171000000%02d", n) }

// listed is a row of a list of bindings; id as in told.
func listed(row string, id int) string {
	if id == 0 {
		return row + ",,"
	}
	return row + "," + xOf(id) + "," + subsOf(id)
}

// match matches rows with what is known.
func (d *diary) match(opt plan.Options, rows ...string) *plan.Plan {
	d.t.Helper()
	in := d.open(opt, rows...)
	p, err := plan.New(in, d.j, d.opt)
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

// open opens rows, under the header that they have columns for, as an input of a plan whose
// options are then those of the diary.
func (d *diary) open(opt plan.Options, rows ...string) *input.Input {
	d.t.Helper()
	if opt.Now.IsZero() {
		opt.Now = time.Now()
	}
	read := input.Options{Defaults: map[field.Field]string{field.PoolKey: "FC1"}, Bindings: opt.Operation != nil}
	if d.ahead != 0 {
		read.Defaults[field.Expiration], read.Relative = opt.Now.Add(d.ahead).In(report.Beijing).Format(time.DateTime), "+"+d.ahead.String()
	}
	if u, is := opt.Operation.(*plan.Update); is {
		for _, c := range u.Changes {
			read.Required = append(read.Required, books.FieldOf(c))
		}
	}
	head := map[int]string{5: inputHead, 7: listHead, 17: resultsHead}[strings.Count(rows[0], ",")]
	in := bookstest.Input(d.t, head+"\n"+strings.Join(rows, "\n")+"\n", read)
	if d.j.Hear(opt.Now); !d.hears.IsZero() {
		d.j.Hear(d.hears)
	}
	d.opt = opt
	return in
}

// run is one run of a batch. Its calls end, in their order, as ends says, and those behind
// as the last of it: ok, lost, open (the process is killed), or with the code that refuses
// the row. It returns the plan, as the rows stand then.
func (d *diary) run(opt plan.Options, ends []string, rows ...string) *plan.Plan {
	d.t.Helper()
	time.Sleep(time.Until(opt.Now))
	p := d.match(opt, rows...)
	if err := d.j.Begin(books.RunStart{Run: "r", Batch: opt.Batch, Input: "/in/" + opt.Batch + ".csv", Results: "/data/" + opt.Batch, Path: books.PathID("/data/" + opt.Batch), Of: opt.Of, Command: "bind"}); err != nil {
		d.t.Fatal(err)
	}
	if err := p.Carry(); err != nil {
		d.t.Fatal(err)
	}
	err := p.EachRow(func(i int, row *plan.Row) error {
		if !p.Entries[i].Fate.Goes() {
			return nil
		}
		end := ends[0]
		if len(ends) > 1 {
			ends = ends[1:]
		}
		return d.call(p, i, row, end)
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

// call makes one call.
func (d *diary) call(p *plan.Plan, i int, row *plan.Row, end string) (err error) {
	sent := plan.DetailOf(&row.Row)
	sent.T = time.Now().UnixMilli()
	r := ledger.Record{Op: ledger.Bind, Place: row.Place(), Ends: plan.EndOf(sent.Expiration), Named: sent.PhoneNoX != ""}
	op, err := d.aim(p, i, row)
	if err != nil {
		return err
	}
	if op != ledger.Bind {
		row.Target.Complete(&sent)
		r = row.Target.Intent(op, row, &sent)
	}
	r.Row, r.Consent = p.Key(i), p.Entries[i].Consent(p.Second)
	call, err := d.j.Intend(r, 30*time.Second, &sent)
	if err != nil {
		return err
	}
	said := &books.Detail{T: time.Now().UnixMilli(), RequestID: fmt.Sprint("R-", d.ids+1)}
	switch end {
	case "open":
		return nil
	case "lost":
		return d.j.EndCall(ledger.Record{Kind: ledger.Lost, Call: call, Code: aliyun.CodeTimeout}, said)
	case "ok":
		ok := ledger.Record{Kind: ledger.OK, Call: call, Code: aliyun.CodeOK}
		if r.Op == ledger.Bind {
			d.ids++
			said.SecretNo, said.SubsID = xOf(d.ids), subsOf(d.ids)
			ok.Binding = ledger.ParseSubsID(said.SubsID)
		} else {
			said.SecretNo, said.SubsID = row.Target.SecretNo, row.Target.SubsID
		}
		return d.j.EndCall(ok, said)
	}
	return d.j.EndCall(ledger.Record{Kind: ledger.Refused, Call: call, Code: end}, said)
}

// aim gives row i of a plan the binding that its call is about, and tells what that does.
func (d *diary) aim(p *plan.Plan, i int, row *plan.Row) (op ledger.Op, err error) {
	switch d.opt.Operation.(type) {
	case *plan.Update:
		op = ledger.Update
		row.Target, err = p.UpdateTarget(i, row)
	case *plan.Release:
		op = ledger.Release
		row.Target, row.Fields[field.PoolKey], err = p.ReleaseTarget(i, row)
	default:
		if op = ledger.Bind; p.Entries[i].Fate == plan.FateRenew {
			op = ledger.Renew
			row.Target, err = p.RenewalOf(i, row)
		}
	}
	return op, err
}

// stands are the status, the code and the SubsId of each row.
func stands(t testing.TB, p *plan.Plan) (list []string) {
	t.Helper()
	err := p.Results(report.EN, books.StopNone, func(r *report.Record) error {
		subs, _ := strings.CutPrefix(r.SubsID, "1000000000000")
		list = append(list, strings.Join(strings.Fields(fmt.Sprint(r.Status, " ", r.Code, " ", strings.TrimLeft(subs, "0"))), " "))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// golden collects what plans say of their rows in words, which a file keeps.
type golden struct {
	strings.Builder
	t *testing.T
}

// add adds all that results of a plan would say, but for the cells of the input.
func (g *golden) add(t *testing.T, name string, p *plan.Plan, stop books.Stop) {
	t.Helper()
	fmt.Fprintf(g, "# %s\n", name)
	err := p.Results(report.EN, stop, func(r *report.Record) error {
		at := ""
		if !r.FinishedAt.IsZero() {
			at = r.FinishedAt.UTC().Format(time.DateTime)
		}
		fmt.Fprintf(g, "%d %s %s; %q %q %q; %d calls, %d ms, %s\n  %s\n", r.Line, r.Status, r.Code, r.SecretNo, r.SubsID, r.RequestID, r.Attempts, r.LatencyMs, at,
			strings.TrimSpace(strings.Join([]string{r.Reason, r.Action, r.Message}, " | ")))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// check compares it with the file of a name in testdata.
func (g *golden) check(name string) {
	g.t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(g.String()), 0o666); err != nil {
			g.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		g.t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), g.String()); diff != "" && !g.t.Failed() {
		g.t.Errorf("%s (-want +got; go test ./batch/plan -update writes it anew):\n%s", file, diff)
	}
}

var update = flag.Bool("update", false, "write the golden files in testdata anew")

// same compares lists.
func same(t *testing.T, what string, got any, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
