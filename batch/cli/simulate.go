package cli

import (
	"context"
	"fmt"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/aliyun/simulator"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/terminal"
	"axgbind/report"
)

func (a *app) simulateCommand() *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:     "simulate",
		Short:   report.HelpSimulate.In(a.Lang),
		Long:    report.HelpSimulateLong.In(a.Lang),
		Example: report.HelpSimulateExample.In(a.Lang),
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := flags.FromEnvironment(c, a.Getenv); err != nil {
				return err
			}
			options, err := simulatorOptions(v, c.Flags().Changed)
			if err == nil {
				options.SubsIDOffset = freshSubsIDs()
			}
			var service *simulator.Service
			if err == nil {
				service, err = simulator.New(options)
			}
			if err != nil {
				return exit.Refuse(exit.Usage, report.ErrSimulator, report.Say(report.WhySimulator, err.Error()))
			}
			defer service.Close()
			server, err := simulator.Listen(service, v.Listen, v.TLS)
			if err != nil {
				return exit.Refuse(exit.Usage, report.ErrListen, report.Say(report.WhyListen, err.Error()))
			}
			defer server.Close()
			return a.serve(server)
		},
	}
	flags.Add(c, flags.Simulate, v, a.Lang)
	return c
}

// simulatorOptions are the flags of a simulator, the rest of them parsed.
func simulatorOptions(v *flags.Values, given func(flag string) bool) (o simulator.Options, err error) {
	o = v.Simulator
	if v.Cities != "" {
		if o.Cities, err = simulator.ParseCities(v.Cities); err != nil {
			return o, err
		}
		if !given("numbers") {
			o.Numbers = 0 // the sum of the cities
		}
	}
	for _, text := range v.Faults {
		fault, err := simulator.ParseFault(text)
		if err != nil {
			return o, err
		}
		o.Faults = append(o.Faults, fault)
	}
	for _, text := range v.Assumes {
		if err := o.Assume(text); err != nil {
			return o, err
		}
	}
	o.LookupForm = simulator.LookupForm(strings.Join(v.LookupForms, ","))
	if o.LookupDiesAfter = v.LookupDies; v.LookupDies == 0 && given("lookup-dies-after") {
		o.LookupDiesAfter = -1 // none is answered
	}
	return o, nil
}

// serve prints the one line that says the server is ready, and waits for a signal.
func (a *app) serve(server *simulator.Server) error {
	ctx, stop := signal.NotifyContext(context.Background(), terminal.Endings()...) // before anybody knows that it serves
	defer stop()
	if cert := server.CertFile(); cert != "" {
		a.Say(report.SayCertificate, cert)
	}
	if _, err := fmt.Fprintf(a.Stdout, "listening on %s\n", server.URL()); err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
	}
	<-ctx.Done()
	return nil
}
