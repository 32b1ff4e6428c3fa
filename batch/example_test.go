package batch_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/plan"
	"axgbind/report"
)

// Three rows are sent, one of which is wrong; the same again sends nothing, for the
// journal knows what was done.
func Example() {
	service, err := simulator.New(simulator.Options{Numbers: 10, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer service.Close()
	door := simulator.NewInProcess(service)
	defer door.Close()
	client, err := aliyun.New(aliyun.Options{
		Endpoint: door.URL(), DialContext: door.DialContext,
		Credentials: aliyun.Static(aliyun.Credential{AccessKeyID: simulator.AccessKeyID, AccessKeySecret: simulator.AccessKeySecret}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	j, err := books.Create(new(bookstest.Memory), journal.Header{Simulated: true}, journal.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer j.Close()

	const text = "PhoneNoA,GroupId,Expiration\n" +
		"13800138000,2000000000001,2099-01-31 23:59:59\n" +
		"1380013800,2000000000001,2099-01-31 23:59:59\n" +
		"13800138001,2000000000001,2099-01-31 23:59:59\n"
	for range 2 {
		in, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey}})
		if err != nil {
			fmt.Println(err)
			return
		}
		p, err := plan.New(in, j, plan.Options{Now: time.Now(), Batch: "monday"})
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := j.Begin(books.RunStart{Run: "r", Batch: "monday", Rows: p.Rows}); err != nil {
			fmt.Println(err)
			return
		}
		run, err := batch.NewRun(p, batch.Bind{Client: client}, batch.Options{Rate: 100, Timeout: aliyun.DefaultTimeout})
		if err != nil {
			fmt.Println(err)
			return
		}
		result, err := run.Do(context.Background())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(run.Status().Calls, "calls")
		err = p.Results(report.EN, result.Stop, func(r *report.Record) error {
			fmt.Println(r.Line, r.Status, r.Code)
			return nil
		})
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	// Output:
	// 2 calls
	// 2 BOUND OK
	// 3 INVALID isv.MOBILE_NUMBER_ILLEGAL
	// 4 BOUND OK
	// 0 calls
	// 2 BOUND OK
	// 3 INVALID isv.MOBILE_NUMBER_ILLEGAL
	// 4 BOUND OK
}
