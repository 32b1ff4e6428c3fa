package cli

import "os"

// syncDir does nothing: Windows has no sync of directories, and NTFS journals
// renames by itself.
func syncDir(string) error { return nil }

// ignorePipe does nothing: Windows has no SIGPIPE.
func ignorePipe() {}

// notifyStatus does nothing: Windows has no SIGUSR1.
func notifyStatus(chan<- os.Signal) {}
