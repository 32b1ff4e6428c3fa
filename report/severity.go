package report

// Severity is how much a finding weighs. A greater one weighs less.
type Severity uint8

const (
	Error    Severity = iota // the row is not sent
	Warning                  // the row is sent, and the service decides
	Repaired                 // the row is sent, with a value that was put right
)

var severityNames = [...]string{"error", "warning", "repaired"}

// String returns the key that stands in files: error, warning or repaired.
func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return "unknown"
}

// In returns the word for people.
func (s Severity) In(lang Lang) string {
	switch s {
	case Error:
		return SeverityError.In(lang)
	case Warning:
		return SeverityWarning.In(lang)
	}
	return SeverityRepaired.In(lang)
}
