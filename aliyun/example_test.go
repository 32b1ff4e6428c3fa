package aliyun_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
)

// A pool of one number: the first call binds it, the second is refused, and the class of
// the error says what may follow.
func Example() {
	service, err := simulator.New(simulator.Options{Numbers: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer service.Close()
	door := simulator.NewInProcess(service)
	defer door.Close()
	client, err := aliyun.New(aliyun.Options{
		Endpoint:    door.URL(),
		DialContext: door.DialContext,
		Credentials: aliyun.Static(aliyun.Credential{AccessKeyID: "testid", AccessKeySecret: "testsecret"}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	for _, a := range []string{"13800138000", "13900139000"} {
		bound, err := client.BindAxg(context.Background(), &aliyun.BindAxgRequest{
			PoolKey: simulator.PoolKey, PhoneNoA: a, GroupID: 7, Expiration: time.Now().Add(24 * time.Hour),
		})
		if e, ok := errors.AsType[*aliyun.Error](err); ok {
			fmt.Println(e.Class(), e.Code)
			fmt.Println(e.Entry().Meaning.EN)
			continue
		}
		held, err := client.QuerySubsID(context.Background(), simulator.PoolKey, bound.SecretNo)
		fmt.Println("bound:", bound.SecretNo, err == nil && held.IDs()[0] == bound.SubsID)
	}
	// Output:
	// bound: 17100000000 true
	// capacity isv.NO_AVAILABLE_NUMBER
	// The pool has no X number left for this row.
}
