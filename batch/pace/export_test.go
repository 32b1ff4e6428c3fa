package pace

// Preparing is how many turns are open.
func (p *Pace) Preparing() int { return p.ahead.Holders() }
