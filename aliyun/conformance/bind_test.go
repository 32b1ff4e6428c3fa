package conformance_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/dyplsapi"
)

// forEachDoor runs f over HTTP and HTTPS, with a lasting and a temporary key.
func forEachDoor(t *testing.T, f func(t *testing.T, st *stage, key aliyun.Credential)) {
	for name, useTLS := range map[string]bool{"http": false, "https": true} {
		for kind, key := range map[string]aliyun.Credential{"key": lasting, "sts": temporary} {
			t.Run(name+"/"+kind, func(t *testing.T) { f(t, newStage(t, simulator.Options{Numbers: 20}, useTLS), key) })
		}
	}
}

const (
	numberA, numberB = "13900001111", "057188992688"
	outID            = "row-1*~(a) + 北京/%&="
)

// one fails unless the service holds just one binding, the one described.
func one(t *testing.T, st *stage, subsID, secretNo, a, group, expiration, out string) {
	t.Helper()
	b := st.Bindings()
	if len(b) != 1 || b[0].SubsId != subsID || b[0].SecretNo != secretNo || b[0].PhoneNoA != a || b[0].PhoneNoB != numberB ||
		b[0].GroupId != group || b[0].Expiration != expiration || b[0].OutId != out || b[0].RequestId == "" {
		t.Fatalf("bindings %+v, want one of %s on %s by %s", b, subsID, secretNo, a)
	}
}

// TestGenericSDK takes the generic SDK through every action.
func TestGenericSDK(t *testing.T) {
	for version, v1 := range map[string]bool{"V3": false, "V1": true} {
		t.Run(version, func(t *testing.T) {
			forEachDoor(t, func(t *testing.T, st *stage, key aliyun.Credential) {
				for _, method := range []string{"POST", "GET"} {
					for _, form := range []bool{false, true} {
						if form && method == "GET" {
							continue
						}
						genericLife(t, st, newGeneric(t, st, genericOptions{v1: v1, key: key}), method, form)
					}
				}
			})
		})
	}
}

func genericLife(t *testing.T, st *stage, g *generic, method string, form bool) {
	t.Helper()
	call := func(action string, p map[string]string) map[string]any {
		t.Helper()
		p["PoolKey"] = simulator.PoolKey
		c := genericCall{action: action, method: method, query: p}
		if form {
			c.query, c.form = nil, p
		}
		body, err := g.call(c)
		if err != nil {
			t.Fatalf("%s %s: %v", method, action, err)
		}
		if body["Code"] != "OK" || body["RequestId"] == "" {
			t.Fatalf("%s %s: %v", method, action, body)
		}
		return body
	}
	expiration := inBeijing(time.Now().Add(time.Hour))
	group := fmt.Sprint(call("CreateAxgGroup", map[string]string{"Name": "客服"})["GroupId"])
	if body, err := g.call(genericCall{action: "BindAxg", method: method, query: map[string]string{
		"PoolKey": simulator.PoolKey, "PhoneNoA": numberA, "GroupId": group, "Expiration": expiration}}); err != nil || body["Code"] != "isv.ILLEGAL_ARGUMENT" {
		t.Fatalf("binding to an empty group: %v %v", body, err)
	}
	call("OperateAxgGroup", map[string]string{"GroupId": group, "OperateType": "addNumbers", "Numbers": "13700000000,13700000001"})
	bound, _ := call("BindAxg", map[string]string{"PhoneNoA": numberA, "PhoneNoB": numberB, "GroupId": group, "Expiration": expiration,
		"ExpectCity": "上海", "OutId": outID, "RingConfig": `{"AXGRing_AB":"100000001"}`})["SecretBindDTO"].(map[string]any)
	subs, _ := bound["SubsId"].(string)
	no, _ := bound["SecretNo"].(string)
	one(t, st, subs, no, numberA, group, expiration, outID)

	if got := call("QuerySubsId", map[string]string{"PhoneNoX": no})["SubsId"]; got != subs {
		t.Errorf("QuerySubsId: %v, want %s", got, subs)
	}
	later := inBeijing(time.Now().Add(2 * time.Hour))
	call("UpdateSubscription", map[string]string{"SubsId": subs, "PhoneNoX": no, "OperateType": "updateExpire", "Expiration": later})
	one(t, st, subs, no, numberA, group, later, outID)
	d, _ := call("QuerySubscriptionDetail", map[string]string{"SubsId": subs, "PhoneNoX": no})["SecretBindDetailDTO"].(map[string]any)
	if d["PhoneNoA"] != numberA || d["PhoneNoX"] != no || d["ExpireDate"] != later || d["Status"] != json.Number("1") || d["GroupId"] != json.Number(group) {
		t.Errorf("QuerySubscriptionDetail: %v", d)
	}
	if i, _ := call("QuerySecretNoDetail", map[string]string{"SecretNo": no})["SecretNoInfoDTO"].(map[string]any); i["SecretStatus"] != json.Number("1") || i["City"] != "上海" {
		t.Errorf("QuerySecretNoDetail: %v", i)
	}
	call("UnbindSubscription", map[string]string{"SubsId": subs, "SecretNo": no})
	if n := len(st.Bindings()); n != 0 {
		t.Errorf("%d bindings after the unbinding", n)
	}
}

// TestTypedSDK binds, looks, updates and unbinds with the product's own old
// SDK, in JSON and XML: its types are an independent list of our fields.
func TestTypedSDK(t *testing.T) {
	forEachDoor(t, func(t *testing.T, st *stage, key aliyun.Credential) {
		for _, format := range []string{"JSON", "XML"} {
			c := newTyped(t, st, key)
			expiration := inBeijing(time.Now().Add(time.Hour))
			group := dyplsapi.CreateCreateAxgGroupRequest()
			group.AcceptFormat, group.PoolKey, group.Numbers = format, simulator.PoolKey, "13700000000"
			made, err := c.CreateAxgGroup(group)
			if err != nil || made.Code != "OK" || made.GroupId <= 0 {
				t.Fatalf("%s CreateAxgGroup: %+v %v", format, made, err)
			}
			operate := dyplsapi.CreateOperateAxgGroupRequest()
			operate.AcceptFormat, operate.PoolKey, operate.GroupId = format, simulator.PoolKey, requests.NewInteger64(made.GroupId)
			operate.OperateType, operate.Numbers = "overwriteNumbers", "13700000001"
			if a, err := c.OperateAxgGroup(operate); err != nil || a.Code != "OK" {
				t.Fatalf("%s OperateAxgGroup: %+v %v", format, a, err)
			}

			bind := dyplsapi.CreateBindAxgRequest()
			bind.AcceptFormat = format
			bind.PoolKey, bind.PhoneNoA, bind.PhoneNoB, bind.GroupId = simulator.PoolKey, numberA, numberB, fmt.Sprint(made.GroupId)
			bind.Expiration, bind.ExpectCity, bind.OutId = expiration, "北京", outID
			bind.IsRecordingEnabled, bind.CallRestrict = requests.NewBoolean(true), "CONTROL_AX_DISABLE"
			bound, err := c.BindAxg(bind)
			if err != nil || bound.Code != "OK" || bound.RequestId == "" {
				t.Fatalf("%s BindAxg: %+v %v", format, bound, err)
			}
			subs, no := bound.SecretBindDTO.SubsId, bound.SecretBindDTO.SecretNo
			one(t, st, subs, no, numberA, fmt.Sprint(made.GroupId), expiration, outID)

			detail := dyplsapi.CreateQuerySubscriptionDetailRequest()
			detail.AcceptFormat, detail.PoolKey, detail.SubsId, detail.PhoneNoX = format, simulator.PoolKey, subs, no
			d, err := c.QuerySubscriptionDetail(detail)
			if err != nil || d.Code != "OK" || d.SecretBindDetailDTO.PhoneNoA != numberA || d.SecretBindDetailDTO.PhoneNoB != numberB ||
				d.SecretBindDetailDTO.PhoneNoX != no || d.SecretBindDetailDTO.GroupId != made.GroupId || d.SecretBindDetailDTO.ExpireDate != expiration ||
				d.SecretBindDetailDTO.Status != 1 || !d.SecretBindDetailDTO.NeedRecord || d.SecretBindDetailDTO.CallRestrict != "CONTROL_AX_DISABLE" ||
				d.SecretBindDetailDTO.GmtCreate == "" {
				t.Errorf("%s QuerySubscriptionDetail: %+v %v", format, d, err)
			}
			id := dyplsapi.CreateQuerySubsIdRequest()
			id.AcceptFormat, id.PoolKey, id.PhoneNoX = format, simulator.PoolKey, no
			if a, err := c.QuerySubsId(id); err != nil || a.SubsId != subs {
				t.Errorf("%s QuerySubsId: %+v %v", format, a, err)
			}
			number := dyplsapi.CreateQuerySecretNoDetailRequest()
			number.AcceptFormat, number.PoolKey, number.SecretNo = format, simulator.PoolKey, no
			if a, err := c.QuerySecretNoDetail(number); err != nil || a.SecretNoInfoDTO.SecretStatus != 1 || a.SecretNoInfoDTO.City != "北京" {
				t.Errorf("%s QuerySecretNoDetail: %+v %v", format, a, err)
			}
			update := dyplsapi.CreateUpdateSubscriptionRequest()
			update.AcceptFormat, update.PoolKey, update.SubsId, update.PhoneNoX = format, simulator.PoolKey, subs, no
			update.OperateType, update.OutId = "updateOutId", "<later> & 后"
			if a, err := c.UpdateSubscription(update); err != nil || a.Code != "OK" {
				t.Errorf("%s UpdateSubscription: %+v %v", format, a, err)
			}
			one(t, st, subs, no, numberA, fmt.Sprint(made.GroupId), expiration, "<later> & 后")

			unbind := dyplsapi.CreateUnbindSubscriptionRequest()
			unbind.AcceptFormat, unbind.PoolKey, unbind.SubsId, unbind.SecretNo = format, simulator.PoolKey, subs, no
			if a, err := c.UnbindSubscription(unbind); err != nil || a.Code != "OK" {
				t.Errorf("%s UnbindSubscription: %+v %v", format, a, err)
			}
			if n := len(st.Bindings()); n != 0 {
				t.Errorf("%s: %d bindings after the unbinding", format, n)
			}
			if a, err := c.UnbindSubscription(unbind); err != nil || a.Code != "isv.SUBS_NOT_EXIST" || a.Message == "" {
				t.Errorf("%s second UnbindSubscription: %+v %v", format, a, err)
			}
			refused := dyplsapi.CreateBindAxgRequest() // the SDK reads refusals by the gateway as JSON only
			refused.PoolKey, refused.GroupId, refused.Expiration = simulator.PoolKey, "1", expiration
			_, err = c.BindAxg(refused)
			if code, status := end(nil, err); code != "MissingPhoneNoA" || status != 400 {
				t.Errorf("without A: %s %d", code, status)
			}
		}
	})
}
