package cli

import (
	"context"
	"fmt"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/aliyun/simulator"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/terminal"
	"axgbind/batch/pace"
	"axgbind/report"
)

func (a *app) simulateCommand() *cobra.Command {
	var (
		options simulator.Options
		listen  string
		useTLS  bool
		cities  string
		faults  []string
		assumes []string
		forms   []string
		dies    int
	)
	c := &cobra.Command{
		Use:     "simulate",
		Short:   report.HelpSimulate.In(a.lang),
		Long:    report.HelpSimulateLong.In(a.lang),
		Example: report.HelpSimulateExample.In(a.lang),
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := fromEnvironment(c, a.getenv); err != nil {
				return err
			}
			var err error
			if cities != "" {
				if options.Cities, err = simulator.ParseCities(cities); err != nil {
					return exit.Refuse(exit.Usage, report.ErrSimulator, report.Say(report.WhySimulator, err.Error()))
				}
				if !c.Flags().Changed("numbers") {
					options.Numbers = 0 // the sum of the cities
				}
			}
			for _, text := range faults {
				fault, err := simulator.ParseFault(text)
				if err != nil {
					return exit.Refuse(exit.Usage, report.ErrSimulator, report.Say(report.WhySimulator, err.Error()))
				}
				options.Faults = append(options.Faults, fault)
			}
			for _, text := range assumes {
				if err := options.Assume(text); err != nil {
					return exit.Refuse(exit.Usage, report.ErrSimulator, report.Say(report.WhySimulator, err.Error()))
				}
			}
			options.LookupForm = simulator.LookupForm(strings.Join(forms, ","))
			if options.LookupDiesAfter = dies; dies == 0 && c.Flags().Changed("lookup-dies-after") {
				options.LookupDiesAfter = -1 // none is answered
			}
			options.SubsIDOffset = freshSubsIDs()
			service, err := simulator.New(options)
			if err != nil {
				return exit.Refuse(exit.Usage, report.ErrSimulator, report.Say(report.WhySimulator, err.Error()))
			}
			defer service.Close()
			server, err := simulator.Listen(service, listen, useTLS)
			if err != nil {
				return exit.Refuse(exit.Usage, report.ErrListen, report.Say(report.WhyListen, err.Error()))
			}
			defer server.Close()
			return a.serve(server)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	say := func(p report.Phrase) string { return p.In(a.lang) }
	f.StringVar(&listen, "listen", "127.0.0.1:0", say(report.FlagSimListen))
	f.BoolVar(&useTLS, "tls", false, say(report.FlagSimTLS))
	f.IntVar(&options.Numbers, "numbers", simulator.DefaultNumbers, say(report.FlagSimNumbers))
	f.StringVar(&cities, "cities", "", say(report.FlagSimCities))
	f.BoolVar(&options.StrictCity, "strict-city", false, say(report.FlagSimStrictCity))
	f.DurationVar(&options.Latency, "latency", 0, say(report.FlagSimLatency))
	f.DurationVar(&options.Jitter, "jitter", 0, say(report.FlagSimJitter))
	f.IntVar(&options.QPS, "qps", pace.MaxRate, say(report.FlagSimQPS))
	f.StringArrayVar(&faults, "fault", nil, say(report.FlagSimFault))
	f.DurationVar(&options.VisibilityLag, "visibility-lag", 0, say(report.FlagSimLag))
	f.StringSliceVar(&forms, "lookup-form", nil, say(report.FlagSimForm))
	f.IntVar(&dies, "lookup-dies-after", 0, say(report.FlagSimDies))
	f.StringArrayVar(&assumes, "assume", nil, say(report.FlagSimAssume))
	f.DurationVar(&options.Clock, "clock", 0, say(report.FlagSimClock))
	f.Int64Var(&options.Seed, "seed", 1, say(report.FlagSimSeed))
	a.completeFlags(c)
	return c
}

// serve prints the one line that says the server is ready, and waits for a signal.
func (a *app) serve(server *simulator.Server) error {
	ctx, stop := signal.NotifyContext(context.Background(), terminal.Endings()...) // before anybody knows that it serves
	defer stop()
	if cert := server.CertFile(); cert != "" {
		a.say(report.SayCertificate, cert)
	}
	if _, err := fmt.Fprintf(a.stdout, "listening on %s\n", server.URL()); err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
	}
	<-ctx.Done()
	return nil
}
