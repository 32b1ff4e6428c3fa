package chat_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"axgbind/report"
	"axgbind/report/chat"
)

// A group is told of a run. Its robot refuses the message with HTTP's success.
func Example() {
	hook, err := url.Parse("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k")
	if err != nil {
		fmt.Println(err)
		return
	}
	robot, wrong := chat.RobotOf(hook)
	if wrong != (report.Text{}) {
		fmt.Println(wrong.In(report.EN))
		return
	}
	s := report.NewSummary()
	s.Input, s.Rows, s.User, s.Results = "*monday*.csv", 2, "ops@night", "monday.results.csv"
	s.Started = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	s.Finished = s.Started.Add(time.Minute)
	s.Add(&report.Record{Line: 2, Status: report.Bound, Code: "OK"}, nil)
	s.Add(&report.Record{Line: 3, Status: report.Pending}, nil)
	message := chat.MessageOf(s, report.EN, "rows are left", "")
	address, body, err := robot.Request(hook, "", message, s.Finished)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(message.Title)
	fmt.Println("a POST to", address, "with JSON:", json.Valid(body))
	fmt.Println(robot.Answer([]byte(`{"errcode":45009,"errmsg":"api freq out of limit"}`)))
	// Output:
	// axgbind status 0: ＊monday＊.csv
	// a POST to https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k with JSON: true
	// error 45009: api freq out of limit
}
