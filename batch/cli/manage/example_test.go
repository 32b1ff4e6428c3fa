package manage_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"axgbind/batch/cli/command"
	"axgbind/batch/cli/manage"
)

// A journal is begun once, in a folder that lasts. From then on every batch uses it, and
// status tells what it knows.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	var stdout bytes.Buffer
	a := command.New(nil, []string{"AXGBIND_JOURNAL=" + dir}, nil, &stdout, io.Discard)
	a.SystemFolder, a.Passing = "", func(string) string { return "" } // this machine's own do not matter here

	init, status := manage.Journal(a), manage.Status(a)
	init.SetArgs([]string{"init"})
	status.SetArgs([]string{"--json"})
	for _, err := range []error{init.Execute(), status.Execute()} {
		if err != nil {
			fmt.Println(err)
		}
	}
	var told struct {
		Running bool `json:"running"`
		Live    int  `json:"live"`
	}
	if err := json.Unmarshal(stdout.Bytes(), &told); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%+v\n", told)
	// Output:
	// {Running:false Live:0}
}
