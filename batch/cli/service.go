package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/keychain"
	"axgbind/aliyun/simulator"
	"axgbind/batch/cli/about"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/pace"
	"axgbind/batch/trial"
	"axgbind/report"
)

// service is the connection to the service, and what is known of it.
type service struct {
	*request
	endpoint    string
	client      *aliyun.Client
	credentials aliyun.Credentials
	keyID       string         // masked
	network     *network       // what keeps calls from the service
	witness     *trial.Witness // of the answers, for a trial; nil: none
	looks       int64          // requests besides those of the run
	untold      bool           // the service was asked for its time, and did not tell it
}

// connect makes the client of the service.
func (s *service) connect(ctx context.Context) error {
	options := aliyun.Options{DialContext: s.Dial, Timeout: s.flags.Timeout, UserAgent: command.UserAgent()}
	if s.flags.Simulate {
		s.endpoint = "simulator"
		return nil // made when the plan tells how many numbers it needs
	}
	s.endpoint = s.settings.Endpoint
	options.Endpoint = s.endpoint
	chain := keychain.Default()
	context.AfterFunc(ctx, chain.Close) // a second signal does not wait for what stands below
	s.later(chain.Close)
	options.Credentials = chain
	return s.connectWith(ctx, options)
}

func (s *service) connectWith(ctx context.Context, options aliyun.Options) error {
	var err error
	if !s.over() { // else no call is made, and a source of keys may take long
		key, err := options.Credentials.Credential(ctx)
		if err != nil && ctx.Err() != nil {
			return s.unasked(ctx, err)
		}
		if err != nil {
			return s.noKey(err)
		}
		s.keyID = report.Mask(key.AccessKeyID)
	}
	s.credentials = options.Credentials
	witness := s.witness
	options.Unreached, options.Heard = s.network.missed, func(answer aliyun.Raw) {
		s.network.heard()
		s.network.page(answer)
		if witness != nil {
			witness.Hear(answer)
		}
	}
	if s.client, err = aliyun.New(options); err != nil {
		return exit.Refuse(exit.Usage, report.ErrEndpoint, s.endpoint, report.Say(report.WhyEndpoint, err.Error()))
	}
	s.later(s.client.Close)
	return nil
}

// noKey says which source of keys has none, or one that cannot be right, and why.
// Where nobody set a source up it lists what was asked.
func (r *request) noKey(err error) error {
	var said []string
	for _, fault := range keychain.Faults(err) {
		said = append(said, report.SourceFault.In(r.Lang, about.Text(r.Lang, fault.Source), about.Text(r.Lang, fault.Why)))
	}
	switch faults := strings.Join(said, report.Between.In(r.Lang)); {
	case errors.Is(err, aliyun.ErrKeyForm):
		return exit.Refuse(exit.Usage, report.ErrKeyForm, faults)
	case faults != "":
		return exit.Refuse(exit.Usage, report.ErrSourceFault, faults)
	}
	return exit.Refuse(exit.Usage, report.ErrNoKey, report.Say(report.WhyNoKey, strings.TrimPrefix(err.Error(), aliyun.ErrNoCredentials.Error()+": ")))
}

// embedSimulator serves the simulated service inside this process, with
// numbers enough for so many rows, and makes the client of it.
func (s *service) embedSimulator(ctx context.Context, rows int) error {
	numbers := min(max(simulator.DefaultNumbers, 2*rows), simulator.MaxNumbers)
	played, err := simulator.New(simulator.Options{Numbers: numbers, QPS: pace.MaxRate, Seed: 1, SubsIDOffset: freshSubsIDs()})
	if err != nil {
		return exit.Refuse(exit.Error, report.ErrSimulator, report.Say(report.WhySimulator, err.Error()))
	}
	server := simulator.NewInProcess(played)
	s.later(func() {
		server.Close()
		played.Close()
	})
	return s.connectWith(ctx, aliyun.Options{
		Endpoint: server.URL(), DialContext: server.DialContext, Timeout: s.flags.Timeout, UserAgent: command.UserAgent(),
		Credentials: aliyun.Static(aliyun.Credential{
			AccessKeyID: simulator.AccessKeyID, AccessKeySecret: simulator.AccessKeySecret,
		}),
	})
}

// freshSubsIDs is where a simulator's SubsIds begin, so that none repeats those of
// one that ended before: time goes faster than any simulator gives ids out.
func freshSubsIDs() uint64 {
	return uint64(max(time.Since(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)).Microseconds(), 0))
}
