package journal

// ShareRun asks whether a run goes on, and goes on asking until the file is closed.
var ShareRun = shareRun
