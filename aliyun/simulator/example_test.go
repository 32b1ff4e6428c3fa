package simulator_test

import (
	"fmt"
	"io"
	"net/http"

	"axgbind/aliyun/simulator"
)

// A service with three numbers in two cities, looked at through its socket.
func Example() {
	cities, err := simulator.ParseCities("北京=1,上海=2")
	if err != nil {
		fmt.Println(err)
		return
	}
	service, err := simulator.New(simulator.Options{Cities: cities, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := simulator.Listen(service, "127.0.0.1:0", false)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(server.URL() + "/simulator/numbers")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	fmt.Print(string(text))
	// Output:
	// [{"SecretNo":"17100000000","City":"北京","State":"free"}
	// ,{"SecretNo":"17100000001","City":"上海","State":"free"}
	// ,{"SecretNo":"17100000002","City":"上海","State":"free"}
	// ]
}
