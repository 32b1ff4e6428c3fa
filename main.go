// Axgbind binds phone numbers to middle numbers in bulk. See README.md.
package main

import (
	"os"

	"axgbind/batch/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}
