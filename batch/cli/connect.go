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
	"axgbind/report"
)

// connect makes the client of the service.
func (j *job) connect(ctx context.Context) error {
	options := aliyun.Options{DialContext: j.Dial, Timeout: j.flags.Timeout, UserAgent: command.UserAgent()}
	if j.flags.Simulate {
		j.endpoint = "simulator"
		return nil // made when the plan tells how many numbers it needs
	}
	j.endpoint = j.settings.Endpoint
	options.Endpoint = j.endpoint
	chain := keychain.Default()
	context.AfterFunc(ctx, chain.Close) // a second signal does not wait for what stands below
	j.later(chain.Close)
	options.Credentials = chain
	return j.connectWith(ctx, options)
}

func (j *job) connectWith(ctx context.Context, options aliyun.Options) error {
	var err error
	if !j.over() { // else no call is made, and a source of keys may take long
		key, err := options.Credentials.Credential(ctx)
		if err != nil && ctx.Err() != nil {
			return j.unasked(ctx, err)
		}
		if err != nil {
			return j.noKey(err)
		}
		j.keyID = report.Mask(key.AccessKeyID)
	}
	j.credentials = options.Credentials
	witness := j.witness
	options.Unreached, options.Heard = j.network.missed, func(answer aliyun.Raw) {
		j.network.heard()
		if witness != nil {
			witness.Hear(answer)
		}
	}
	if j.client, err = aliyun.New(options); err != nil {
		return exit.Refuse(exit.Usage, report.ErrEndpoint, j.endpoint, report.Say(report.WhyEndpoint, err.Error()))
	}
	j.later(j.client.Close)
	return nil
}

// noKey says which source of keys has none, or one that cannot be right, and why.
// Where nobody set a source up it lists what was asked.
func (j *job) noKey(err error) error {
	var said []string
	for _, fault := range keychain.Faults(err) {
		said = append(said, report.SourceFault.In(j.Lang, about.Text(j.Lang, fault.Source), about.Text(j.Lang, fault.Why)))
	}
	switch faults := strings.Join(said, report.Between.In(j.Lang)); {
	case errors.Is(err, aliyun.ErrKeyForm):
		return exit.Refuse(exit.Usage, report.ErrKeyForm, faults)
	case faults != "":
		return exit.Refuse(exit.Usage, report.ErrSourceFault, faults)
	}
	return exit.Refuse(exit.Usage, report.ErrNoKey, report.Say(report.WhyNoKey, strings.TrimPrefix(err.Error(), aliyun.ErrNoCredentials.Error()+": ")))
}

// embedSimulator serves the simulated service inside this process, with
// numbers enough for every row, and makes the client of it.
func (j *job) embedSimulator(ctx context.Context) error {
	numbers := min(max(simulator.DefaultNumbers, 2*(j.plan.ToSend+j.plan.ToLook)), simulator.MaxNumbers)
	service, err := simulator.New(simulator.Options{Numbers: numbers, QPS: pace.MaxRate, Seed: 1, SubsIDOffset: freshSubsIDs()})
	if err != nil {
		return exit.Refuse(exit.Error, report.ErrSimulator, report.Say(report.WhySimulator, err.Error()))
	}
	door := simulator.NewInProcess(service)
	j.later(func() {
		door.Close()
		service.Close()
	})
	return j.connectWith(ctx, aliyun.Options{
		Endpoint: door.URL(), DialContext: door.DialContext, Timeout: j.flags.Timeout, UserAgent: command.UserAgent(),
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
