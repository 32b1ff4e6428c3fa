package journal

// lockFlags are none: pipes stand in no folder on Windows, and no flag there keeps
// a link from being followed.
const lockFlags = 0
