package simulator

import (
	"net/http"
	"strings"
)

// Codes of the product. They come with HTTP 200 (Options.BusinessStatus).
const (
	codeOK                 = "OK"
	codeFlowLimit          = "isv.FLOW_LIMIT"
	codeSystemError        = "isp.SYSTEM_ERROR"
	codeRAMPermissionDeny  = "isp.RAM_PERMISSION_DENY"
	codeBindConflict       = "isv.BIND_CONFLICT"
	codeExpireDateIllegal  = "isv.EXPIRE_DATE_ILLEGAL"
	codeForbiddenAction    = "isv.FORBIDDEN_ACTION"
	codeIllegalArgument    = "isv.ILLEGAL_ARGUMENT"
	codeInvalidParameters  = "isv.INVALID_PARAMETERS"
	codeMobileNumberBad    = "isv.MOBILE_NUMBER_ILLEGAL"
	codeNoAvailableNumber  = "isv.NO_AVAILABLE_NUMBER"
	codeNoNotExist         = "isv.NO_NOT_EXIST"
	codePoolKeyNotExists   = "isv.POOLKEY_NOT_EXISTS"
	codeSubsNotExist       = "isv.SUBS_NOT_EXIST"
	codeUpdateConflict     = "isv.UPDATE_CONFLICT"
	codePoolKeyNotExist400 = "POOLKEY_NOT_EXIST" // QuerySubsId only, HTTP 400
	codeFlowLimited400     = "FlowLimited"       // QuerySecretNoDetail only, HTTP 400
)

// Codes of the gateway in front of the product.
const (
	codeIncompleteSignature   = "IncompleteSignature"
	codeInternalError         = "InternalError"
	codeInvalidAccessKey      = "InvalidAccessKeyId.NotFound"
	codeInvalidAPI            = "InvalidApi.NotFound"
	codeInvalidFormat         = "InvalidParameter.Format"
	codeInvalidMethod         = "InvalidSignatureMethod"
	codeInvalidSigVersion     = "InvalidSignatureVersion"
	codeInvalidVersion        = "InvalidVersion"
	codeMissingToken          = "MissingSecurityToken"
	codeNeedTLS               = "InvalidProtocol.NeedSsl"
	codeRequestTooLarge       = "RequestEntityTooLarge"
	codeServiceUnavailable    = "ServiceUnavailable"
	codeSignatureDoesNotMatch = "SignatureDoesNotMatch"
	codeSignatureNonceUsed    = "SignatureNonceUsed"
	codeThrottlingUser        = "Throttling.User"
	codeTimestampExpired      = "InvalidTimeStamp.Expired"
	codeTimestampFormat       = "InvalidTimeStamp.Format"
	codeTokenExpired          = "InvalidSecurityToken.Expired"
	codeTokenMalformed        = "InvalidSecurityToken.Malformed"
	codeTokenMismatch         = "InvalidSecurityToken.MismatchWithAccessKey"
	codeUnsupportedMethod     = "UnsupportedHTTPMethod"
)

// refusal is a request turned away by the gateway.
type refusal struct {
	status  int
	code    string
	message string
}

func refuse(status int, code, message string) *refusal {
	return &refusal{status: status, code: code, message: message}
}

// missing is the refusal of a request without a mandatory parameter.
func missing(param string) *refusal {
	return refuse(http.StatusBadRequest, "Missing"+param, param+" is mandatory for this action.")
}

// usualStatus is the HTTP status with which a code comes according to the
// published lists, 400 where they say nothing.
func usualStatus(code string) int {
	switch {
	case isBusiness(code):
		return http.StatusOK
	case code == codeInvalidAccessKey || code == codeInvalidAPI:
		return http.StatusNotFound
	case strings.HasPrefix(code, "Forbidden.") || code == "NoPermission":
		return http.StatusForbidden
	case code == codeInternalError || code == "UnknownError":
		return http.StatusInternalServerError
	case code == codeServiceUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

func isBusiness(code string) bool {
	return code == codeOK || strings.HasPrefix(code, "isv.") || strings.HasPrefix(code, "isp.")
}

// messageOf is the Message of a code that has no text of its own. The
// service's own Message often repeats the code.
func messageOf(code string) string {
	switch code {
	case codeOK:
		return "OK"
	case codeThrottlingUser, "Throttling":
		return "Request was denied due to user flow control."
	case "Throttling.Api":
		return "Request was denied due to api flow control."
	case codeServiceUnavailable:
		return "The request has failed due to a temporary failure of the server."
	case codeInternalError, "UnknownError":
		return "The request processing has failed due to some unknown error."
	case codeTokenExpired:
		return "Specified SecurityToken is expired."
	case codeFlowLimit:
		return "业务流控"
	case codeSystemError:
		return "系统错误"
	case codeRAMPermissionDeny:
		return "RAM权限DENY"
	case "isv.OUT_OF_SERVICE":
		return "业务停机"
	case "isp.DAO_EXCEPTION":
		return "数据库异常"
	case "isv.VENDOR_BIND_FAILED":
		return "运营商绑定失败"
	case codeNoAvailableNumber:
		return "无可用号码"
	case codeNoNotExist:
		return "号码不存在"
	case codePoolKeyNotExists, codePoolKeyNotExist400:
		return "号池不存在"
	case codeSubsNotExist:
		return "绑定关系不存在"
	case codeUpdateConflict:
		return "更新绑定关系冲突"
	case codeForbiddenAction:
		return "无权操作"
	case codeFlowLimited400:
		return "业务流控"
	case "InvalidAccessKeyId.Inactive", "Forbidden.AccessKeyDisabled":
		return "Specified access key is disabled."
	case "Forbidden.RAM", "NoPermission":
		return "User not authorized to operate on the specified resource, or this API does not support RAM."
	case "Forbidden.RiskControl":
		return "This operation is forbidden by risk control system."
	}
	return code
}
