package field

// Field is a request field of BindAxg that an input column can fill.
type Field uint8

// The fields, in the order in which a template shows them. PhoneNoA, GroupID
// and Expiration are required.
const (
	PhoneNoA Field = iota
	PhoneNoB
	GroupID
	Expiration
	PhoneNoX
	ExpectCity
	IsRecordingEnabled
	OutID
	OutOrderID
	CallDisplayType
	CallRestrict
	ASRStatus
	ASRModelID
	RingConfig
	PoolKey

	NumFields // how many there are; no field itself
)

// names are the API's own names.
var names = [NumFields]string{
	"PhoneNoA", "PhoneNoB", "GroupId", "Expiration", "PhoneNoX", "ExpectCity", "IsRecordingEnabled",
	"OutId", "OutOrderId", "CallDisplayType", "CallRestrict", "ASRStatus", "ASRModelId", "RingConfig", "PoolKey",
}

// String returns the API's name of the field, such as GroupId.
func (f Field) String() string {
	if f < NumFields {
		return names[f]
	}
	return "unknown field"
}
