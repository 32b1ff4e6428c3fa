package trial_test

import (
	"context"
	"fmt"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch/trial"
	"axgbind/report"
)

// A binding is made, and looked at in every way. What was not tried yet is not seen.
func Example() {
	service, err := simulator.New(simulator.Options{Numbers: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer service.Close()
	door := simulator.NewInProcess(service)
	defer door.Close()
	witness := new(trial.Witness)
	client, err := aliyun.New(aliyun.Options{
		Endpoint:    door.URL(),
		DialContext: door.DialContext,
		Credentials: aliyun.Static(aliyun.Credential{AccessKeyID: "testid", AccessKeySecret: "testsecret"}),
		Heard:       witness.Hear,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	ctx := context.Background()
	end := time.Now().Add(24 * time.Hour).Truncate(time.Second)
	bound, err := client.BindAxg(ctx, &aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: "13800138000", GroupID: 7, Expiration: end})
	if err != nil {
		fmt.Println(err)
		return
	}
	t := &trial.Trial{
		Client: client, Witness: witness, UnknownX: "17000000000",
		Pay: func(ctx context.Context) error { return ctx.Err() },
		Of: trial.Binding{
			PoolKey: simulator.PoolKey, PhoneNoA: "13800138000", GroupID: "7", Expiration: end,
			SecretNo: bound.SecretNo, SubsID: bound.SubsID,
		},
	}
	t.Bound(ctx)
	for _, l := range t.Table() {
		switch l.Name {
		case "subsid-form", "listed", "detail-names", "number-bound", "wrong-id", "release":
			fmt.Printf("%s: %s: %s\n", l.Verdict.Words().In(report.EN), l.Says.In(report.EN), l.Seen.In(report.EN))
		}
	}
	// Output:
	// holds: BindAxg gives a SubsId of 16 digits, as text: a text of 16 characters
	// holds: QuerySubsId names the SubsId that BindAxg gave, and no other: the same
	// holds: QuerySubscriptionDetail shows the binding that was asked about: the same
	// holds: QuerySecretNoDetail shows SecretStatus 1 for an X that has a binding: 1
	// holds: a look-up of a SubsId that is not of this X is isv.SUBS_NOT_EXIST: isv.SUBS_NOT_EXIST
	// not seen: UnbindSubscription ends the binding: there was no answer to tell it
}
