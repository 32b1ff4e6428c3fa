package batch_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

var (
	crashJobs = flag.Int("crash-jobs", 4, "jobs of TestCrashPinned, each killed dozens of times")
	crashSeed = flag.Uint64("crash-seed", 0, "seed of TestCrashPinned; 0: from the clock")
)

// TestCrashPinned kills the process of a job whose rows all name their X at
// random moments, most of them with calls or look-ups on the way, under every
// fault that loses an answer and with look-ups that lag. Nothing is sent twice
// while it may be bound, and in the end every row is BOUND, once. One of which a call
// was lost again long after all others were bound may stay UNKNOWN, for want of a
// control. The clock is not real, so that the half minutes which an absence
// must wait for cost nothing.
func TestCrashPinned(t *testing.T) {
	t.Parallel()
	seed := *crashSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-crash-seed %d", seed)
	kills, open := 0, 0
	for job := range *crashJobs {
		chosen := job%2 == 1 // by the program, from a list, for rows that name none
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, uint64(job)))
			n := newNight(t, simulator.Options{
				Numbers: 1000, Latency: 80 * time.Millisecond, Jitter: 60 * time.Millisecond, Seed: int64(seed%1e9) + int64(job),
				VisibilityLag: time.Duration(random.IntN(3000)) * time.Millisecond,
				Faults: faults(t, "drop-before=0.03", "drop-after=0.03", "drop-late=0.02", "system-error-executed=0.03", "http-503=0.03",
					"http-503-executed=0.03", "throttling=0.05", "slow=0.01", "drop-after@QuerySubsId=0.05",
					"http-503@QuerySubscriptionDetail=0.05", "drop-after@QuerySecretNoDetail=0.02"),
			})
			defer n.close()
			const rows = 150
			m := mortal{t: t, night: n, input: pinned(rows), random: random}
			if chosen {
				m.input, m.list = unpinned(rows), listOf(rows+40)
			}
			for range 40 {
				if m.live(m.moment()) {
					break
				}
				kills++
				open += m.open
			}
			if !m.live(0) {
				t.Error("the job did not end")
			}
			n.journal.Set(m.disk.text)
			records, _, calls := n.run(t, t.Context(), m.input)
			left := 0
			for _, r := range records {
				if r.Status == report.Bound {
					continue
				}
				lines := linesOf(m.disk.text, r.Input[0])
				if left++; !regexp.MustCompile(`"look":"(unproven|distrusted)"\}\n$`).MatchString(lines) || left > 2 { // nothing was bound lately that could be a control: so it stays as it is
					t.Errorf("%s %s after %d calls: %s\n%s", r.Status, r.Code, r.Attempts, r.Reason, lines)
				}
			}
			if calls != 0 {
				t.Errorf("job %d: %v, and %d calls in a further run", job, count(records), calls)
			}
			assertOnce(t, n.service, records)
		})
	}
	t.Logf("%d kills in %d jobs, %d intents open at them", kills, *crashJobs, open)
	if kills < *crashJobs || open == 0 || *crashJobs >= 50 && open < kills/4 { // of few jobs, one may die in its waits only
		t.Errorf("%d kills with %d open intents: the suite does not test what it should", kills, open)
	}
}

// mortal is a job whose process is killed again and again.
type mortal struct {
	t       *testing.T
	night   *night
	input   string
	results string         // the job's name
	list    []batch.Number // to choose from
	random  *rand.Rand
	disk    *disk // what the last death left
	open    int   // intents without an end, of those
}

// moment is when the next process dies after its start: while it sends, as the
// first does, or while it waits for look-ups.
func (m *mortal) moment() time.Duration {
	early := 1
	if m.list != nil {
		early = 500 // most of it goes into asking which numbers are free
	}
	switch {
	case m.disk == nil:
		return time.Duration(early+250+m.random.IntN(750)) * time.Millisecond
	case m.random.IntN(3) == 0:
		return time.Duration(m.random.IntN(40_000))*time.Millisecond + 1
	}
	return time.Duration(early+m.random.IntN(1500)) * time.Millisecond
}

var errDead = errors.New("the process is dead")

// live starts a process and kills it after a time, 0 being never. It reports
// whether the process had ended by itself before. Of what was written but not
// synced, a part survives, torn anywhere. Calls that were on the wire go on;
// the next process does not wait for them.
func (m *mortal) live(life time.Duration) (ended bool) {
	if m.disk == nil {
		m.disk = &disk{}
	}
	mine := &disk{syncTime: time.Millisecond, text: append([]byte(nil), m.disk.text...), durable: len(m.disk.text)}
	ctx, cancel := context.WithCancel(m.t.Context())
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := m.process(ctx, mine); err != nil && !errors.Is(err, errDead) {
			m.t.Error(err)
		}
	}()
	if life == 0 {
		<-done
	} else {
		select {
		case <-done:
		case <-time.After(life):
		}
	}
	select {
	case <-done:
		m.disk = mine
		return true
	default:
	}
	mine.set(func() { // from here on nothing becomes durable, so no further call leaves
		mine.badWrite, mine.badSync = errDead, errDead
		left := mine.durable + m.random.IntN(len(mine.text)-mine.durable+1)
		m.disk = &disk{text: append([]byte(nil), mine.text[:left]...), durable: left}
	})
	cancel()
	m.open = openIntents(m.disk.text)
	return false
}

// process is one run of the job, which may die in it.
func (m *mortal) process(ctx context.Context, d *disk) error {
	client := m.night.client
	in, err := input.Open(strings.NewReader(m.input), int64(len(m.input)), input.Options{
		Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey},
	})
	if err != nil {
		return err
	}
	var j *books.Journal
	if bytes.IndexByte(d.text, '\n') < 0 { // died before its header was whole
		d.text, d.durable = nil, 0
		j, err = books.Create(placed(d), journal.Header{}, journal.Options{})
	} else {
		j, err = books.Open(placed(d), journal.Options{}, 0)
	}
	if err != nil {
		return err
	}
	defer j.Close()
	plan, err := plan.New(in, j, plan.Options{Now: time.Now(), Batch: m.results, WhenBound: plan.RenewWhenBound})
	if err != nil {
		return err
	}
	if err := j.Begin(books.RunStart{Run: "r", Batch: m.results}); err != nil {
		return err
	}
	options := batch.Options{Rate: 100, Timeout: aliyun.DefaultTimeout, Retries: 5, Renew: batch.Renew{Update: batch.Update{Client: client}}}
	if m.list != nil {
		asker, err := batch.NewAsker(pace.MaxRate)
		if err != nil {
			return err
		}
		free, err := batch.FindFree(ctx, plan, client, asker, m.list)
		if err != nil {
			if ctx.Err() != nil {
				return errDead
			}
			return err
		}
		options.Numbers = free.Numbers
	}
	run, err := batch.NewRun(plan, batch.Bind{Client: client}, options)
	if err != nil {
		return err
	}
	_, err = run.Do(ctx)
	return err
}

// linesOf is what a journal says of the row with an A.
func linesOf(journal []byte, a string) string {
	calls, b := map[string]bool{}, &strings.Builder{}
	for l := range strings.Lines(string(journal)) {
		words := strings.Fields(l)
		if len(words) > 2 && words[1] == "intent" && strings.Contains(l, `"a":"`+a+`"`) {
			calls[words[2]] = true
		}
		if len(words) > 2 && calls[words[2]] {
			b.WriteString(l)
		}
	}
	return b.String()
}

// openIntents counts the attempts of a journal that have no end.
func openIntents(journal []byte) int {
	open := map[string]bool{}
	for l := range strings.Lines(string(journal)) {
		words := strings.Fields(l)
		if len(words) < 3 {
			continue
		}
		switch words[1] {
		case "intent":
			open[words[2]] = true
		case "ok", "part", "refused", "notsent", "lost", "withdrawn":
			delete(open, words[2])
		}
	}
	return len(open)
}
