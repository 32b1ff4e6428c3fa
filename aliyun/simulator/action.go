package simulator

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

const (
	apiVersion = "2017-05-25"

	actionBindAxg             = "BindAxg"
	actionQuerySecretNoDetail = "QuerySecretNoDetail"
)

// request is a verified call on its way through an action.
type request struct {
	id     string // RequestId
	name   string // of the action
	xml    bool   // the answer's form
	p      params
	random random
	now    time.Time // of its execution
}

// action is one operation of the product.
type action struct {
	name string
	// required names the mandatory parameters; the gateway checks them, in
	// this order, before the product sees the call.
	required []string
	// legacy accepts ProductType in place of PoolKey.
	legacy bool
	lookup bool
	run    func(*Service, *request) answer

	// What follows is filled in by New.
	faults *atomic.Pointer[[]plan]
	limit  int
	window sliding // of the calls accepted; under the meter's lock
}

// actions returns the operations played, fresh for each Service.
func actions() []action {
	return []action{
		{name: actionBindAxg, required: []string{"PoolKey", "PhoneNoA", "GroupId", "Expiration"}, run: bindAxg},
		{name: "QuerySubsId", required: []string{"PoolKey", "PhoneNoX"}, legacy: true, lookup: true, run: querySubsID},
		{name: "QuerySubscriptionDetail", required: []string{"PoolKey", "SubsId", "PhoneNoX"}, legacy: true, lookup: true, run: querySubscriptionDetail},
		{name: actionQuerySecretNoDetail, required: []string{"PoolKey", "SecretNo"}, lookup: true, run: querySecretNoDetail},
		{name: "UnbindSubscription", required: []string{"PoolKey", "SubsId", "SecretNo"}, legacy: true, run: unbindSubscription},
		{name: "UpdateSubscription", required: []string{"PoolKey", "SubsId", "PhoneNoX", "OperateType"}, legacy: true, run: updateSubscription},
		{name: "CreateAxgGroup", required: []string{"PoolKey"}, run: createAxgGroup},
		{name: "OperateAxgGroup", required: []string{"PoolKey", "GroupId", "OperateType", "Numbers"}, run: operateAxgGroup},
		{name: "DeleteAxgGroup", required: []string{"PoolKey", "GroupId"}, run: deleteAxgGroup},
	}
}

func knownAction(name string) bool {
	return slices.ContainsFunc(actions(), func(a action) bool { return a.name == name })
}

func actionNames() string {
	var names []string
	for _, a := range actions() {
		names = append(names, a.name)
	}
	return strings.Join(names, ", ") + " or * for all"
}

// missing returns the gateway's refusal of a call without a mandatory
// parameter. A blank one counts as missing.
func (a *action) missing(p params) *refusal {
	for _, name := range a.required {
		if p.get(name) != "" || a.legacy && name == "PoolKey" && p.get("ProductType") != "" {
			continue
		}
		return missing(name)
	}
	return nil
}
