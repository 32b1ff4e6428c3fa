package files

import "syscall"

// Network reports whether dir lies on a network file system, by the magic
// numbers of statfs(2).
func Network(dir string) bool {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return false
	}
	switch uint32(s.Type) {
	case 0x6969, // NFS
		0x517b, 0xff534d42, 0xfe534d42, // SMB, CIFS, SMB2
		0x01021997, // 9P
		0x00c36400, // CephFS
		0x5346414f: // AFS
		return true
	}
	return false
}

// Steady reports whether a file in a folder keeps its number for as long as it
// lives: some servers behind these file systems give it a new one.
func Steady(dir string) bool {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return false
	}
	switch uint32(s.Type) {
	case 0x65735546, // FUSE
		0x01021997,                     // 9P
		0x517b, 0xff534d42, 0xfe534d42, // SMB, CIFS, SMB2
		0x5346414f,         // AFS
		0x4d44, 0x2011bab0, // FAT, exFAT
		0x786f4256: // VirtualBox
		return false
	}
	return true
}

// Passing is the kind of file system that a folder lies on, if what is written there
// goes with the container or the power; else it is blank.
func Passing(dir string) string {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return ""
	}
	switch uint32(s.Type) {
	case 0x794c7630:
		return "overlay"
	case 0x01021994:
		return "tmpfs"
	case 0x858458f6:
		return "ramfs"
	}
	return ""
}
