package cli

import (
	"context"
	"errors"
	"os"
	"strings"

	"axgbind/batch"
	"axgbind/batch/cli/about"
	"axgbind/batch/cli/exit"
	"axgbind/batch/lookup"
	"axgbind/report"
)

// readNumbers reads the list of X numbers, before anything is asked or sent.
func (j *job) readNumbers() error {
	path := j.flags.XNumbers
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return exit.Refuse(exit.Usage, report.ErrNumbers, path, exit.Reason(err))
	}
	defer f.Close()
	numbers, remarks, err := batch.ReadNumbers(f, j.settings.PoolOption)
	if wrong, ok := errors.AsType[*batch.ListError](err); ok {
		return exit.Refuse(exit.Usage, report.ErrNumbers, path, wrong.Reason(j.Lang))
	}
	if err != nil {
		return exit.Refuse(exit.Usage, report.ErrNumbers, path, exit.Reason(err))
	}
	for i := range remarks {
		j.Console.Println(remarks[i].Sentence(j.Lang))
	}
	j.numbers = numbers
	return nil
}

// asker makes what paces and repeats requests that change nothing.
func (r *request) asker() (*batch.Asker, error) {
	return batch.NewAsker(r.settings.Run.Rate)
}

// chooseNumbers asks which numbers of the list are free, and says what is
// missing before the first call.
func (j *job) chooseNumbers(ctx context.Context) (*batch.Numbers, error) {
	if len(j.numbers) == 0 || j.plan.ToSend == 0 || j.over() {
		return nil, nil
	}
	asker, err := j.asker()
	if err != nil {
		return nil, err
	}
	j.Say(report.SayAskFree, len(j.numbers))
	free, err := batch.FindFree(ctx, j.plan, j.client, asker, j.numbers)
	if err != nil {
		return nil, j.unasked(ctx, err)
	}
	n, _ := asker.Asked()
	short := 0
	for _, s := range free.Short {
		short += s.Rows - s.Free
	}
	j.Say(report.SayFree, free.Wanted-short, free.Wanted, n)
	if free.Lost > 0 {
		j.Say(report.SayFreeLost, free.Lost)
	}
	for i, s := range free.Short {
		if i == mostShortages {
			j.Say(report.SayMoreShort, len(free.Short)-i)
			break
		}
		j.Say(report.SayShort, strings.TrimSpace(s.PoolKey+" "+s.City), s.Rows, s.Free)
	}
	return free.Numbers, nil
}

// mostShortages is how many cities without enough numbers are named.
const mostShortages = 5

// unasked is the fault that ended requests which change nothing, before
// anything was sent.
func (s *service) unasked(ctx context.Context, err error) error {
	if stopped := exit.Unsent(ctx); stopped != nil {
		return stopped
	}
	if f := s.network.ended(ctx, err); f != nil {
		return f
	}
	status, code := exit.Pending, ""
	if _, c, ok := lookup.ClassOf(err); ok {
		code = c
		if lookup.RefusesAll(err) {
			status = exit.Account
		}
	}
	if code == "" {
		return exit.Refuse(status, report.ErrAsk, exit.Reason(err))
	}
	meaning, _ := about.Code(s.Lang)(report.Pending, code)
	return exit.Refuse(status, report.ErrAsk, code+": "+meaning)
}
