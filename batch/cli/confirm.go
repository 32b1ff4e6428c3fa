package cli

import (
	"bufio"
	"context"
	"strings"
	"time"

	"axgbind/report"
)

// confirm asks before a real run if a person sits there: standard input and
// standard error are terminals. Jobs without a terminal are not asked.
func (j *job) confirm(ctx context.Context) error {
	if _, _, ok := terminalOf(j.stdin); !ok {
		return nil
	}
	if _, _, ok := j.console.terminal(); !ok {
		return nil
	}
	if j.console.holding() { // a question has to be heard
		j.console.release()
		defer j.console.hold()
	}
	calls := j.plan.ToSend + j.plan.ToLook
	if limit := j.flags.limit; limit > 0 {
		calls = min(calls, limit)
	}
	duration := time.Duration(float64(calls) / j.flags.rate * float64(time.Second)).Round(time.Second)
	j.asking.Store(true)
	defer j.asking.Store(false)
	j.say(report.AskRun, calls, duration)
	if soonest := j.plan.Soonest; !soonest.IsZero() && soonest.Before(time.Now().Add(duration+time.Minute)) {
		j.say(report.AskLate, soonest.In(report.Beijing).Format(time.DateTime))
	}
	_, _ = j.console.Write([]byte(report.AskGo.In(j.lang)))
	switch strings.ToLower(strings.TrimSpace(j.answer(ctx))) {
	case "y", "yes", "是":
		return nil
	}
	if stopped := unsent(ctx); stopped != nil {
		j.console.println("") // behind the question
		return refuse(stopped.status, report.AskStopped)
	}
	return refuse(statusUsage, report.AskRefused)
}

// hungUpWithin is how long a signal may be behind the end of input that its cause
// makes: a terminal that hangs up gives both.
const hungUpWithin = 300 * time.Millisecond

// answer reads a line from standard input; it is blank once ctx ends. The reading
// cannot be ended, only left: the process ends soon, and with it the reading.
func (j *job) answer(ctx context.Context) string {
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(j.stdin).ReadString('\n')
		line <- text
	}()
	select {
	case text := <-line:
		if strings.HasSuffix(text, "\n") {
			return text
		}
		select {
		case <-ctx.Done():
		case <-time.After(hungUpWithin):
		}
	case <-ctx.Done():
	}
	return ""
}
