package cli

import (
	"context"
	"errors"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/explain"
	"axgbind/report"
)

const (
	// anyX is asked about when a file names no X. Whatever the service says of
	// it, it says after it has judged key, clock and pool.
	anyX = "17000000000"
	// somePool is named where none is known; it is none.
	somePool = "FC"
	// clockWarn is from when on a difference of clocks is worth a word: the
	// service refuses 15 minutes (dyplsapi.md section 2.4).
	clockWarn = time.Minute
)

// online asks the service one thing that changes nothing, and says what can be
// told from the answer and what cannot. It returns the status that follows.
func (j *job) online(ctx context.Context) (int, error) {
	if err := j.connect(ctx); err != nil {
		return 0, err
	}
	j.Say(report.OnlineKey, j.settings.Endpoint, j.keyID)
	pool := j.settings.PoolOption
	if pool == "" {
		j.Say(report.OnlineNoPool)
		pool = somePool
	}
	probed, err := j.client.Probe(ctx, pool, anyX)
	if probed.Dated {
		ahead := probed.Ahead
		switch {
		case ahead > clockWarn:
			j.Say(report.OnlineAhead, ahead.String())
		case ahead < -clockWarn:
			j.Say(report.OnlineBehind, (-ahead).String())
		default:
			j.Say(report.OnlineClock)
		}
	}
	status, e := exit.OK, (*aliyun.Error)(nil)
	switch {
	case !errors.As(err, &e), e.Class() == aliyun.RowRefused:
		j.Say(report.OnlineFine)
	case j.settings.PoolOption == "" && aliyun.UnknownPool(e.Code): // none was asked about
		j.Say(report.OnlineFine)
	default:
		meaning, who := explain.Code(j.Lang)(report.Pending, e.Code)
		j.Say(report.OnlineRefused, e.Code, meaning, who)
		status = exit.Pending
		if e.Class() == aliyun.AccountRefused || e.Class() == aliyun.Stale {
			status = exit.Account
		}
	}
	j.Say(report.OnlineUntold)
	return status, nil
}
