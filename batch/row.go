package batch

import (
	"axgbind/aliyun"
	"axgbind/batch/input"
)

// Row is a row on its way to the service and back: what the input says of it, and what
// its call is about.
type Row struct {
	input.Row

	chosen   string        // the X that was chosen for the row, which names none
	intent   aliyun.Intent // of its call that is under way
	replaced uint8         // how many were before
	target   *target       // the binding that its call changes; nil if it makes one
}

// Request returns what the row asks of the service, with the X that was chosen for it.
// It is meaningful only for a row whose Check finds nothing but warnings.
func (r *Row) Request() aliyun.BindAxgRequest {
	request := r.Row.Request()
	request.PhoneNoX = r.x()
	return request
}

// x is the X that the row's call names: its own, or one chosen for it.
func (r *Row) x() string {
	if r.chosen != "" {
		return r.chosen
	}
	return r.Fields[input.PhoneNoX]
}

// targetNamed is the binding that a row of an input names, so far as it says.
func targetNamed(r *input.Row) *target { return &target{secretNo: r.SecretNo, subsID: r.SubsID} }
