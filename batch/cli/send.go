package cli

import (
	"context"
	"strings"
	"sync"
	"time"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/cli/about"
	"axgbind/batch/cli/exit"
	"axgbind/report"
)

// learnedFor is how long what a run learned of the service's limit is worth
// something to a later one. If the limit has risen since, finding out takes a
// minute; if it has not, not knowing it costs some hundred throttled calls.
const learnedFor = 7 * 24 * time.Hour

// sayAsked is from how long on a wait that the service asks for is said, and not in the
// log alone.
const sayAsked = 5 * time.Second

// learned is the rate at which the last run of the journal was throttled, if it
// was, lately, and below what is asked for now.
func (j *job) learned(o batch.Options) float64 {
	last := j.journal.Last
	age := j.start.Sub(time.UnixMilli(last.T))
	if !o.Adaptive || last.Ceiling <= 0 || last.Ceiling >= o.Rate || age > learnedFor || age < 0 {
		return 0
	}
	j.Say(report.StartLearned, last.Ceiling)
	return last.Ceiling
}

// send runs the plan under the signals, times and progress of this invocation.
func (j *job) send(ctx context.Context) (batch.Result, batch.Snapshot, error) {
	if !j.settings.StopAt.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadlineCause(ctx, j.settings.StopAt, books.StopUntil)
		defer cancel()
	}
	options := j.settings.Run
	options.Log = j.log.Logger
	options.Explain = j.explain
	options.Rescue = j.rescue
	options.Learned = j.learned(options)
	options.LookOnly = j.settings.Plan.LookOnly
	options.Renew = batch.Renew{Update: batch.Update{Client: j.client}}
	options.Service = j.client.ServiceTime
	options.Probe = func(ctx context.Context, pool, x string) error {
		_, err := j.client.Probe(ctx, pool, x)
		return err
	}
	run, err := batch.NewRun(j.plan, j.operation(), options)
	if err != nil {
		return batch.Result{}, batch.Snapshot{}, err
	}
	stopProgress := j.startProgress(run)
	stopTelling := j.tellOthers(run)
	result, err := run.Do(ctx)
	stopTelling()
	stopProgress()
	return result, run.Status(), err
}

// tellOthers keeps the lock file up with how many rows are left and how fast they
// go, for runs that find the journal taken.
func (j *job) tellOthers(run *batch.Run) (stop func()) {
	j.journal.Left(j.plan.ToSend+j.plan.ToLook, j.settings.Run.Rate)
	ended := make(chan struct{})
	var telling sync.WaitGroup
	telling.Go(func() {
		every := time.NewTicker(time.Second)
		defer every.Stop()
		for {
			select {
			case <-ended:
				return
			case <-every.C:
				s := run.Status()
				j.journal.Left(int(s.Left), min(s.Average, s.Limit))
			}
		}
	})
	return func() {
		close(ended)
		telling.Wait()
	}
}

// explain says what the run tells of while it goes.
func (r *request) explain(m batch.Message) {
	switch m.Event {
	case batch.EventPaused:
		r.Say(report.SayPaused)
	case batch.EventProbeFailed:
		if m.Of == 0 {
			r.Say(report.SayProbeFirst, m.N)
			break
		}
		r.Say(report.SayProbe, m.N, m.Of)
	case batch.EventResumed:
		r.Say(report.SayResumed)
	case batch.EventFirstLost:
		r.Say(report.SayFirstLost, m.Code)
	case batch.EventLookRefused:
		e := aliyun.Lookup(m.Code)
		r.Say(report.SayLookRefused, m.Code, report.Whole(about.Text(r.Lang, e.Meaning)), report.Whole(about.Text(r.Lang, e.Cure)))
	case batch.EventRetryAfter:
		r.log.Info("waits", "asked_by", "service", "code", m.Code, "seconds", m.Wait.Seconds())
		if m.Wait >= sayAsked {
			r.Say(report.SayRetryAfter, m.Wait.Round(time.Second), m.Code)
		}
	case batch.EventWaits:
		r.Say(report.SayWaitsCalls, m.Wait.Round(time.Second))
	case batch.EventStale:
		if aliyun.ClockRefused(m.Code) {
			r.Say(report.SayStaleClock, m.Code)
			break
		}
		r.Say(report.SayStale, m.Code)
	case batch.EventRate:
		r.Say(report.SayRateCut, m.Rate, 100*m.Share)
	case batch.EventRateBack:
		r.Say(report.SayRateBack, m.Rate, 100*m.Share)
	case batch.EventLookBarred:
		r.Say(report.SayLookBarred, m.Code)
	case batch.EventLookUnproven:
		r.Say(report.SayLookUnproven, m.Place)
	case batch.EventLookDistrusted:
		r.Say(report.SayLookDistrusted, m.Place)
	case batch.EventLookLags:
		r.Say(report.SayLookLags, m.Place, m.Wait.Round(time.Second))
	case batch.EventLookMasked:
		r.Say(report.SayLookMasked, m.Place)
	case batch.EventPlaceStopped:
		r.Say(report.SayPlace, strings.TrimSpace(m.Place))
	}
}

// rescueLost prints what the journal had of this run's rows and has no more, if it is so,
// and what can be done: why is how that came out.
func (j *job) rescueLost(why error) {
	first := true
	n := j.plan.Unrecorded(func(line string) {
		if first {
			j.Console.Aloud(report.ErrRescueLost.In(j.Lang))
			first = false
		}
		j.Console.Aloud(line)
	})
	if j.lost = n > 0; j.lost {
		j.SayFault(report.ErrRunLost, exit.WholeReason(why))
	}
}

// rescue prints what the journal could not take.
func (j *job) rescue(line string) {
	j.rescued.Do(func() { j.Console.Aloud(report.ErrRescue.In(j.Lang)) })
	j.Console.Aloud(line)
}
