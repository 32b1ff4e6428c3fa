package aliyun

// Where the rows of the table come from.
const (
	srcProduct = "help.aliyun.com/document_detail/109196.htm (error codes of the product)"
	srcManual  = "github.com/chuangyeshuo/dypls (copy of the product manual of 2019)"
	srcBindAxg = "help.aliyun.com/document_detail/110249.html (BindAxg)"
	srcSubsID  = "help.aliyun.com/zh/pnp/developer-reference/api-dyplsapi-2017-05-25-querysubsid"
	srcNumber  = "help.aliyun.com/document_detail/400495.htm (QuerySecretNoDetail)"
	srcGateway = "help.aliyun.com/document_detail/25490.htm (errors common to RPC products)"
	srcNonce   = "github.com/aliyun/alibaba-cloud-sdk-go/issues/39"
	srcClock   = "developer.aliyun.com/ask/278265; help.aliyun.com/document_detail/25490.htm"
	srcAsked   = "developer.aliyun.com/ask/651350"
	srcClient  = "help.aliyun.com/document_detail/51132.html (client errors, as another product of this gateway lists them)"
	srcDNS     = "help.aliyun.com/document_detail/30137.htm (client errors, as another product of this gateway lists them)"
	srcOurs    = "axgbind"
)

// Sentences that several rows share.
var (
	// cureUnknown never says "try again", for a second call could take a second
	// number: it names the way that sends nothing first.
	cureUnknown = Text{
		"The row is UNKNOWN. Run axgbind reconcile on the results: it finds out whether the binding was made, by the row's X, or on a list of the pool's X numbers for a row that has none. If it cannot tell, look in the console whether number A has a binding with this group, made at the time of the call; only if it surely has none, run again with --resend unknown.",
		"该行结果未知（UNKNOWN）。请先对结果文件运行 axgbind reconcile 对账：指定了中间号的行按中间号查询，没有指定的行按号码池的中间号清单查找。仍无法判定时，再到控制台核对 A 号码在该 G 组下是否已有此次产生的绑定；确认没有之后，才加 --resend unknown 重新运行。",
	}
	cureThrottled = Text{
		"Nothing to do: the run slows down and sends the row again. If it happens often, lower --rate; the whole main account shares the quota of 5,000 calls a second.",
		"无需处理：程序会自动降速并重发该行。如持续出现，请调低 --rate；每秒 5000 次的配额由整个主账号共用。",
	}
	cureArrears = Text{
		"Have the account owner settle overdue bills and check the product's state in the console, then run again; the rows left are PENDING.",
		"请账号管理员结清欠费并在控制台确认产品状态正常，然后重新运行；其余行记为未发送（PENDING）。",
	}
	cureActivate = Text{
		"Have the account owner activate Phone Number Protection for the account this AccessKey belongs to, or use a key of the right account; then run again.",
		"请账号管理员为该 AccessKey 所属账号开通号码隐私保护，或改用正确账号的 AccessKey，然后重新运行。",
	}
	cureRAM = Text{
		"Have the account owner grant dypls:BindAxg (and dypls:QuerySubsId, dypls:QuerySubscriptionDetail for look-ups) to the RAM user or role, then run again.",
		"请账号管理员给该 RAM 用户或角色授予 dypls:BindAxg 权限（查询核对还需 dypls:QuerySubsId、dypls:QuerySubscriptionDetail），然后重新运行。",
	}
	curePool = Text{
		"Check PoolKey (--pool-key or the PoolKey column) against the pool list in the console, and that the AccessKey belongs to the account that owns the pool; then run again.",
		"请对照控制台的号码池列表检查 PoolKey（--pool-key 或 PoolKey 列），并确认 AccessKey 属于该号码池所在账号，然后重新运行。",
	}
	cureKey = Text{
		"Check the AccessKey that the credential chain finds (environment, profile, file or role) against the RAM console, correct or replace it, then run again.",
		"请在 RAM 控制台核对凭证链取到的 AccessKey（环境变量、配置、密钥文件或角色），更正或更换后重新运行。",
	}
	cureToken = Text{
		"Set AccessKey id, secret and security token anew from one and the same issue, all three together, then run again.",
		"请把同一次签发的 AccessKey ID、Secret 和 SecurityToken 三项一起重新配置，然后重新运行。",
	}
	cureClock = Text{
		"Set this machine's clock by NTP (15 minutes off are refused), then run again.",
		"请用 NTP 校准本机时钟（偏差超过 15 分钟会被拒绝），然后重新运行。",
	}
	cureReport = Text{
		"Check --endpoint and any proxy in between; if both are right, report the code and the RequestId as a fault of this program. Nothing was executed; the rows left are PENDING.",
		"请检查 --endpoint 和中间的代理；如无问题，请把错误码和 RequestId 反馈给本程序的维护者。请求未被执行，其余行记为未发送（PENDING）。",
	}
	cureArgument = Text{
		"Read the Message, correct the row's value in the input, and run again.",
		"请查看 Message，更正输入文件中该行对应的值，然后重新运行。",
	}
	causeInside = Text{
		"The failure lies inside the service or at the carrier, so the binding may have been made before it.",
		"故障发生在服务端内部或运营商侧，绑定可能在故障之前已经成功。",
	}
	causeQuota = Text{
		"More calls arrived than the quota allows; it is shared by all users and programs of the main account. The call was refused before it was executed.",
		"调用次数超过配额；配额由主账号下所有用户和程序共用。请求在执行之前已被拒绝。",
	}
	causeProgram = Text{
		"The request was not built or not carried as the gateway wants it. It was refused before it was executed.",
		"请求的构造或传输方式不符合网关要求，执行之前已被拒绝。",
	}
)

// table explains every code. The product's own codes come first, in the order
// of its error page, then the gateway's, ours and the families.
//
// Classes are the cautious reading: a code not proven to precede execution is
// ambiguous.
var table = [...]Entry{
	{
		Code: CodeOK, Class: Done, Actor: Nobody,
		Meaning: Text{"The binding was made.", "绑定成功。"},
		Cause:   Text{"The service confirmed it with X number and SubsId.", "服务端已确认，并返回中间号和 SubsId。"},
		Cure:    Text{"Nothing to do; keep SecretNo and SubsId, they are needed to change or release the binding.", "无需处理；请保存 SecretNo 和 SubsId，变更、续期或解绑时需要。"},
		Source:  srcBindAxg,
	},
	{
		Code: "isp.RAM_PERMISSION_DENY", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The RAM user or role may not make this call.", "RAM 用户或角色没有调用权限。"},
		Cause:   Text{"The permission for BindAxg was not granted to the identity behind the AccessKey.", "AccessKey 对应的身份没有被授予 BindAxg 权限。"},
		Cure:    cureRAM,
		Source:  srcProduct,
	},
	{
		Code: "isv.OUT_OF_SERVICE", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The service is suspended for the account.", "账号的业务已停机。"},
		Cause:   Text{"Usually an overdue bill.", "通常是账号欠费。"},
		Cure:    cureArrears,
		Source:  srcProduct,
	},
	{
		Code: "isv.PRODUCT_UN_SUBSCRIPT", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The account has no active cloud communication product.", "账号未开通云通信产品。"},
		Cause:   Text{"The product was never activated, or the AccessKey is of another account.", "产品从未开通，或 AccessKey 属于其他账号。"},
		Cure:    cureActivate,
		Source:  srcProduct,
	},
	{
		Code: "isv.PRODUCT_UNSUBSCRIBE", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"Phone Number Protection is not activated.", "号码隐私保护产品未开通。"},
		Cause:   Text{"The product was never activated or was cancelled, or the AccessKey is of another account.", "产品从未开通或已退订，或 AccessKey 属于其他账号。"},
		Cure:    cureActivate,
		Source:  srcProduct,
	},
	{
		Code: "isv.ACCOUNT_NOT_EXISTS", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The account does not exist.", "账号不存在。"},
		Cause:   Text{"The AccessKey's account is not known to the product.", "产品侧查不到该 AccessKey 所属账号。"},
		Cure:    cureActivate,
		Source:  srcProduct,
	},
	{
		Code: "isv.ACCOUNT_ABNORMAL", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The account is in an abnormal state.", "账号异常。"},
		Cause:   Text{"Usually an overdue bill or a blocked account; rarely a passing fault.", "通常是账号欠费或被限制，偶尔是暂时性故障。"},
		Cure:    cureArrears,
		Source:  srcProduct,
	},
	{
		Code: "isp.SYSTEM_ERROR", Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The service had an internal error; whether the binding was made is unknown.", "服务端系统错误，绑定结果未知。"},
		Cause:   causeInside,
		Cure:    cureUnknown,
		Source:  srcProduct,
	},
	{
		Code: "isp.UNKNOWN_ERR_CODE", Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The carrier answered with an unknown error; whether the binding was made is unknown.", "运营商返回未知错误，绑定结果未知。"},
		Cause:   Text{"The carrier had already been asked when the error came.", "出错时请求已经到达运营商。"},
		Cure:    cureUnknown,
		Source:  srcProduct,
	},
	{
		Code: "isv.PARTNER_NOT_EXIST", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The partner behind the pool is unknown.", "号码池对应的合作伙伴（partner）未知。"},
		Cause:   Text{"The account or the pool is not fully set up on the service's side.", "账号或号码池在服务端没有配置完整。"},
		Cure:    Text{"Check PoolKey and account; if both are right, have the account owner open a ticket with Aliyun, naming the RequestId. Then run again.", "请检查 PoolKey 和账号；如都正确，请账号管理员提交阿里云工单并附上 RequestId，处理后重新运行。"},
		Source:  srcProduct,
	},
	{
		Code: "isv.NO_NOT_EXIST", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The X number does not exist in this account.", "本账号下不存在该中间号。"},
		Cause:   Text{"The X named in PhoneNoX was not bought by this account, or was given back.", "PhoneNoX 指定的中间号不是本账号购买的，或已退订。"},
		Cure:    Text{"Correct PhoneNoX, or leave it empty so that the service picks one, and run again.", "请更正 PhoneNoX，或留空由服务端分配，然后重新运行。"},
		Source:  srcProduct,
	},
	{
		Code: "isv.ILLEGAL_ARGUMENT", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"A parameter is not legal.", "参数非法。"},
		Cause:   Text{"A value of the row is wrong. If all rows get it: the pool is of another type than AXG, or GroupId does not belong to the pool.", "该行某个值有误。若所有行都报此错，多半是号码池不是 AXG 类型，或 GroupId 不属于该号码池。"},
		Cure:    Text{"Read the Message and check GroupId, numbers and RingConfig of the row; if all rows get it, check PoolKey and the pool's type. Then correct the input and run again.", "请查看 Message，检查该行的 GroupId、号码和 RingConfig；若所有行都报此错，请检查 PoolKey 和号码池类型。更正后重新运行。"},
		Source:  srcProduct,
	},
	{
		Code: "isp.DAO_EXCEPTION", Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The service's database failed; whether the binding was made is unknown.", "服务端数据库异常，绑定结果未知。"},
		Cause:   Text{"The record may have failed after the carrier had made the binding.", "可能是运营商侧绑定成功之后，服务端写库失败。"},
		Cure:    cureUnknown,
		Source:  srcProduct,
	},
	{
		Code: "isv.NO_AVAILABLE_NUMBER", Class: Capacity, Actor: PoolOwner,
		Meaning: Text{"The pool has no X number left for this row.", "号码池没有可用的中间号。"},
		Cause:   Text{"All X numbers of the pool (or of the city, if the pool matches cities strictly) are bound, or this number A is already bound to those that are free.", "号码池（严格匹配城市时为该城市）的中间号已全部被绑定，或该 A 号码已与剩余的中间号绑定。"},
		Cure:    Text{"Buy X numbers for the pool or city, or release bindings no longer needed, then run again; the rows are PENDING. If it is only this A, look whether it already has bindings.", "请为号码池或该城市购买中间号，或解绑不再需要的绑定，然后重新运行；这些行记为未发送（PENDING）。若只有该 A 号码如此，请核对它是否已有绑定。"},
		Source:  srcProduct,
	},
	{
		Code: "isp.VENDOR_UNAVAILABLE", Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The carrier's side is degraded; whether the binding was made is unknown.", "运营商降级，绑定结果未知。"},
		Cause:   Text{"Probably refused before it reached the carrier, but that is not documented.", "多半在到达运营商之前就被拒绝，但文档没有说明。"},
		Cure:    cureUnknown,
		Source:  srcManual,
	},
	{
		Code: "isv.FLOW_LIMIT", Class: Throttled, Actor: Operator,
		Meaning: Text{"The product throttles the calls.", "触发业务限流。"},
		Cause:   causeQuota,
		Cure:    cureThrottled,
		Source:  srcProduct,
	},
	{
		Code: "isv.PARTNER_IS_CLOSED", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The partner behind the account or pool was closed.", "合作伙伴（partner）已被关停。"},
		Cause:   Text{"The service closed the account's or pool's partner, for debts or for breach of rules.", "服务端关停了该账号或号码池的 partner，原因可能是欠费或违规。"},
		Cure:    Text{"Have the account owner open a ticket with Aliyun, naming the RequestId; then run again.", "请账号管理员提交阿里云工单并附上 RequestId，恢复后重新运行。"},
		Source:  srcManual,
	},
	{
		Code: "isv.FORBIDDEN_ACTION", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The action is not allowed on this number or pool.", "无权对该号码或号码池进行此操作。"},
		Cause:   Text{"The X named in PhoneNoX does not belong to this pool. If all rows get it: the pool is not an AXG pool.", "PhoneNoX 指定的中间号不属于该号码池。若所有行都报此错，说明号码池不是 AXG 类型。"},
		Cure:    Text{"Read the Message; correct PhoneNoX or leave it empty, or choose an AXG pool by --pool-key. Then run again.", "请查看 Message，更正 PhoneNoX 或留空，或用 --pool-key 改用 AXG 号码池，然后重新运行。"},
		Source:  srcProduct,
	},
	{
		Code: "isv.NO_USED_BY_OTHERS", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The X number is used by another party.", "中间号被其他业务方占用。"},
		Cause:   Text{"The X named in PhoneNoX is taken.", "PhoneNoX 指定的中间号已被占用。"},
		Cure:    Text{"Choose another PhoneNoX, or leave it empty so that the service picks one, and run again.", "请更换 PhoneNoX，或留空由服务端分配，然后重新运行。"},
		Source:  srcManual,
	},
	{
		Code: "isv.VENDOR_BIND_FAILED", Class: Ambiguous, Actor: Operator,
		Meaning: Text{"Binding failed at the carrier; whether a part of it was made is unknown.", "运营商侧绑定失败，绑定结果未知。"},
		Cause:   Text{"The carrier was asked and failed, so half of the binding may exist.", "请求已到达运营商但失败，绑定可能部分存在。"},
		Cure:    cureUnknown,
		Source:  srcManual,
	},
	{
		Code: "isv.EXPIRE_DATE_ILLEGAL", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The expiration is not legal.", "过期时间非法。"},
		Cause:   Text{"Expiration is not of the form yyyy-MM-dd HH:mm:ss, or was less than 1 minute ahead (Beijing time) when the call arrived.", "Expiration 格式不是 yyyy-MM-dd HH:mm:ss，或请求到达时距过期不足 1 分钟（北京时间）。"},
		Cure:    Text{"Set Expiration later in the input and run again.", "请把输入文件中的 Expiration 改为更晚的时间，然后重新运行。"},
		Source:  srcProduct,
	},
	{
		Code: "isv.MOBILE_NUMBER_ILLEGAL", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"A phone number is not legal.", "号码格式非法。"},
		Cause:   Text{"PhoneNoA, PhoneNoB or PhoneNoX has a wrong length or holds something else than digits; landlines are area code and number without a hyphen.", "PhoneNoA、PhoneNoB 或 PhoneNoX 长度不对，或含有数字以外的字符；固话须为区号加号码，不带连字符。"},
		Cure:    Text{"Correct the number in the input and run again.", "请更正输入文件中的号码，然后重新运行。"},
		Source:  srcProduct,
	},
	{
		Code: "isv.BIND_CONFLICT", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"Another binding with this X number is in the way.", "与该中间号的已有绑定冲突。"},
		Cause:   Text{"Number A or B already has a binding with this X, or X is bound. After an attempt whose result was lost it can be this row's own binding.", "A 或 B 号码与该中间号已有绑定，或该中间号已被绑定。若此前有结果未知的请求，也可能就是本行自己的绑定。"},
		Cure:    Text{"Look the X number up in the console. If it holds this row's binding, nothing is to be done; else choose another PhoneNoX or release the old binding, then run again (an unchanged row needs --resend failed).", "请在控制台查询该中间号：若就是本行的绑定，无需处理；否则更换 PhoneNoX，或解绑旧绑定后重新运行（内容未改的行需加 --resend failed）。"},
		Source:  srcProduct,
	},
	{
		Code: "isv.SUBS_NOT_EXIST", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The binding does not exist.", "绑定关系不存在。"},
		Cause:   Text{"The binding has expired or was released, or SubsId, X and pool do not belong together.", "绑定已过期或已解绑，或 SubsId、中间号与号码池不匹配。"},
		Cure:    Text{"Check SubsId, X number and PoolKey of the row; a binding already gone needs no release.", "请检查该行的 SubsId、中间号和 PoolKey；绑定若已不存在，则无需解绑。"},
		Source:  srcProduct,
	},
	{
		Code: "isv.SUBS_NOT_BELONG", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The binding or the pool belongs to another account.", "绑定关系或号码池不属于该账号。"},
		Cause:   Text{"The AccessKey in use is of another account than the pool, often one of a main account and the other of a sub-account; or another account's key made the binding.", "当前 AccessKey 与号码池不属于同一账号，常见于主账号与子账号混用；或该绑定由其他账号的密钥建立。"},
		Cure:    Text{"Use an AccessKey of the account that owns the pool and made the binding, then run again.", "请改用拥有该号码池、建立该绑定的账号的 AccessKey，然后重新运行。"},
		Source:  srcAsked,
	},
	{
		Code: "isv.POOLKEY_NOT_EXISTS", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The pool does not exist.", "号码池不存在。"},
		Cause:   Text{"PoolKey is mistyped or belongs to another account.", "PoolKey 写错，或属于其他账号。"},
		Cure:    curePool,
		Source:  srcProduct,
	},
	{
		Code: "POOLKEY_NOT_EXIST", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The pool does not exist.", "号码池不存在。"},
		Cause:   Text{"PoolKey is mistyped or belongs to another account; look-ups spell the code so.", "PoolKey 写错，或属于其他账号（查询类接口使用此错误码）。"},
		Cure:    curePool,
		Source:  srcSubsID,
	},
	{
		Code: "PoolKeyNotFound", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The pool does not exist.", "号码池不存在。"},
		Cause:   Text{"PoolKey is mistyped or belongs to another account; sibling calls spell the code so.", "PoolKey 写错，或属于其他账号（同类产品接口使用此错误码）。"},
		Cure:    curePool,
		Source:  srcProduct,
	},
	{
		Code: "isv.INVALID_PARAMETERS", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"A parameter has the wrong form.", "参数格式不正确。"},
		Cause:   Text{"A value of the row is not of the form its column wants, often RingConfig.", "该行某个值的格式不符合要求，常见于 RingConfig。"},
		Cure:    cureArgument,
		Source:  srcProduct,
	},
	{
		Code: "isv.UPDATE_CONFLICT", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The change conflicts with another binding.", "更新绑定关系冲突。"},
		Cause:   Text{"Another binding already holds what this one was to be changed to.", "变更后的内容与另一条绑定冲突。"},
		Cure:    Text{"Look the X number up in the console, correct the row, and run again.", "请在控制台查询该中间号的绑定，更正该行后重新运行。"},
		Source:  srcProduct,
	},
	{
		Code: "isv.BUY_NUM_OVER_LIMIT", Class: RowRefused, Actor: PoolOwner,
		Meaning: Text{"Too many numbers were bought at once.", "购买数量超过上限。"},
		Cause:   Text{"At most 10,000 numbers can be bought in one order; binding does not give this code.", "单次最多购买 10000 个号码；绑定操作不会返回此错误码。"},
		Cure:    Text{"Buy the numbers in smaller orders.", "请分多次购买。"},
		Source:  srcProduct,
	},
	{
		Code: "isp.GATEWAY_ERROR", Class: Ambiguous, Actor: Operator,
		Meaning: Text{"A call between the service's own modules failed; whether the binding was made is unknown.", "服务端内部模块调用失败，绑定结果未知。"},
		Cause:   causeInside,
		Cure:    cureUnknown,
		Source:  srcProduct,
	},
	{
		Code: "FlowLimited", Class: Throttled, Actor: Operator,
		Meaning: Text{"The service throttles the calls.", "触发限流。"},
		Cause:   causeQuota,
		Cure:    cureThrottled,
		Source:  srcNumber,
	},
	{
		Code: "ProductUnsubscribe", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The product is not activated.", "产品未开通。"},
		Cause:   Text{"The product was never activated or was cancelled; sibling calls spell the code so.", "产品从未开通或已退订（同类产品接口使用此错误码）。"},
		Cure:    cureActivate,
		Source:  srcProduct,
	},

	// The gateway, alike for all products of this style.
	{
		Code: "Throttling", Class: Throttled, Actor: Operator,
		Meaning: Text{"The gateway throttles the calls.", "触发网关限流。"},
		Cause:   causeQuota,
		Cure:    cureThrottled,
		Source:  srcGateway,
	},
	{
		Code: "Throttling.User", Class: Throttled, Actor: Operator,
		Meaning: Text{"The gateway throttles the calls of this user.", "触发网关的用户级限流。"},
		Cause:   causeQuota,
		Cure:    cureThrottled,
		Source:  srcGateway,
	},
	{
		Code: "Throttling.Api", Class: Throttled, Actor: Operator,
		Meaning: Text{"The gateway throttles the calls of this operation.", "触发网关的接口级限流。"},
		Cause:   causeQuota,
		Cure:    cureThrottled,
		Source:  srcGateway,
	},
	{
		Code: "ServiceUnavailable", Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The service was unavailable; whether the binding was made is unknown.", "服务暂时不可用，绑定结果未知。"},
		Cause:   Text{"Some hop behind the gateway failed; it does not say whether before or after the binding.", "网关之后的某一环节失败，无法判断发生在绑定之前还是之后。"},
		Cure:    cureUnknown,
		Source:  srcGateway,
	},
	{
		Code: "InternalError", Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The gateway had an internal error; whether the binding was made is unknown.", "网关内部错误，绑定结果未知。"},
		Cause:   causeInside,
		Cure:    cureUnknown,
		Source:  srcGateway,
	},
	{
		Code: "UnknownError", Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The gateway had an unknown error; whether the binding was made is unknown.", "网关未知错误，绑定结果未知。"},
		Cause:   causeInside,
		Cure:    cureUnknown,
		Source:  srcGateway,
	},
	{
		Code: "SignatureDoesNotMatch", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The signature is not the one the gateway computed.", "签名与网关计算的不一致。"},
		Cause:   Text{"Usually the AccessKey secret is wrong or does not belong to the id; else a proxy changed the request.", "通常是 AccessKey Secret 有误或与 ID 不匹配，也可能是中间代理改动了请求。"},
		Cure:    cureKey,
		Source:  srcGateway,
	},
	{
		Code: "IncompleteSignature", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"Parts of the signature are missing.", "签名不完整。"},
		Cause:   causeProgram,
		Cure:    cureReport,
		Source:  srcGateway,
	},
	{
		Code: "InvalidSignatureMethod", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The signature method is not supported.", "不支持该签名方法。"},
		Cause:   causeProgram,
		Cure:    cureReport,
		Source:  srcGateway,
	},
	{
		Code: "SignatureNonceUsed", Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The gateway has seen this very request before; what became of the first copy is unknown.", "网关此前已收到过同一个请求，第一次请求的绑定结果未知。"},
		Cause:   Text{"Each call has a fresh 128-bit nonce, so something on the way, such as a proxy, sent it twice.", "每次请求都使用新的 128 位随机数，因此是途中某个环节（如代理）把请求重复发送了。"},
		Cure: Text{
			"The row is UNKNOWN. Find what re-sends requests on the way (a proxy or gateway of yours) and switch that off. Then run axgbind reconcile on the results; if it cannot tell, look in the console whether number A has a binding with this group, and only if it surely has none, run again with --resend unknown.",
			"该行结果未知（UNKNOWN）。请先查明途中哪个环节（自己的代理或网关）重复发送请求并关闭该功能，再对结果文件运行 axgbind reconcile 对账；仍无法判定时，到控制台核对 A 号码在该 G 组下是否已有绑定，确认没有之后，才加 --resend unknown 重新运行。",
		},
		Source: srcNonce,
	},
	{
		Code: codeTimeExpired, Class: Stale, Actor: Operator,
		Meaning: Text{"The request's time is too far from the gateway's.", "请求时间与网关时间相差过大。"},
		Cause:   Text{"This machine's clock is off, or the request waited on the way for too long. It was refused before it was executed.", "本机时钟不准，或请求在途中滞留过久。请求在执行之前已被拒绝。"},
		Cure:    cureClock,
		Source:  srcClock,
	},
	{
		Code: "InvalidTimeStamp.Format", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The request's time is not of the right form.", "请求时间格式不正确。"},
		Cause:   causeProgram,
		Cure:    cureReport,
		Source:  srcGateway,
	},
	{
		Code: "IllegalTimestamp", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The request's time is not legal.", "请求时间非法。"},
		Cause:   Text{"This machine's clock is far off, or the form of the time is wrong. It was refused before it was executed.", "本机时钟严重不准，或时间格式有误。请求在执行之前已被拒绝。"},
		Cure:    cureClock,
		Source:  srcGateway,
	},
	{
		Code: "InvalidAccessKeyId.NotFound", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The AccessKey does not exist.", "AccessKey 不存在。"},
		Cause:   Text{"The AccessKey id is mistyped, was deleted, or is a temporary one sent without its security token.", "AccessKey ID 写错或已被删除，或使用临时 AccessKey 时没有带 SecurityToken。"},
		Cure:    cureKey,
		Source:  srcGateway,
	},
	{
		Code: "InvalidAccessKeyId.Inactive", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The AccessKey is disabled.", "AccessKey 已被禁用。"},
		Cause:   Text{"Somebody disabled it in the RAM console, or Aliyun did after a leak.", "有人在 RAM 控制台禁用了它，或因泄露被阿里云禁用。"},
		Cure:    cureKey,
		Source:  srcGateway,
	},
	{
		Code: "Forbidden.AccessKeyDisabled", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The AccessKey is disabled.", "AccessKey 已被禁用。"},
		Cause:   Text{"Somebody disabled it in the RAM console, or Aliyun did after a leak.", "有人在 RAM 控制台禁用了它，或因泄露被阿里云禁用。"},
		Cure:    cureKey,
		Source:  srcGateway,
	},
	{
		Code: CodeTokenExpired, Class: Stale, Actor: Operator,
		Meaning: Text{"The temporary key has expired.", "临时凭证（SecurityToken）已过期。"},
		Cause:   Text{"The security token outlived its term; a token set by hand in the environment is not renewed. The call was refused before it was executed.", "SecurityToken 超过有效期；手工写入环境变量的令牌不会自动更新。请求在执行之前已被拒绝。"},
		Cure:    Text{"A role or profile is renewed by itself, and the row is sent again. If this happens again, set a fresh key, secret and token, or use a RAM role, then run again.", "使用角色或配置文件时凭证会自动更新，该行随后重发。如仍出现，请重新配置 AccessKey、Secret 和 SecurityToken，或改用 RAM 角色，然后重新运行。"},
		Source:  srcGateway,
	},
	{
		Code: "InvalidSecurityToken.Malformed", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The security token is not a token.", "SecurityToken 格式错误。"},
		Cause:   Text{"The token was cut off or altered when it was copied.", "令牌在复制时被截断或改动。"},
		Cure:    cureToken,
		Source:  srcGateway,
	},
	{
		Code: "InvalidSecurityToken.MismatchWithAccessKey", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The security token belongs to another AccessKey.", "SecurityToken 与 AccessKey 不匹配。"},
		Cause:   Text{"AccessKey and token were not issued together, for example after only one of them was replaced.", "AccessKey 和令牌不是同一次签发的，例如只更换了其中一项。"},
		Cure:    cureToken,
		Source:  srcGateway,
	},
	{
		Code: "MissingSecurityToken", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The temporary AccessKey came without its security token.", "临时 AccessKey 缺少 SecurityToken。"},
		Cause:   Text{"Id and secret of a temporary key were set, but not ALIBABA_CLOUD_SECURITY_TOKEN.", "配置了临时凭证的 ID 和 Secret，却没有配置 ALIBABA_CLOUD_SECURITY_TOKEN。"},
		Cure:    cureToken,
		Source:  srcGateway,
	},
	{
		Code: "InvalidParameter.Format", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"A parameter has the wrong form.", "参数格式错误。"},
		Cause:   Text{"A value of the row is not of the type its column wants. It was refused before it was executed.", "该行某个值的类型不符合要求，执行之前已被拒绝。"},
		Cure:    cureArgument,
		Source:  srcGateway,
	},
	{
		Code: "InvalidVersion", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The gateway does not know this version of the interface.", "网关不支持该接口版本。"},
		Cause:   causeProgram,
		Cure:    cureReport,
		Source:  srcGateway,
	},
	{
		Code: "NoSuchVersion", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The gateway does not know this version of the interface.", "网关不支持该接口版本。"},
		Cause:   causeProgram,
		Cure:    cureReport,
		Source:  srcGateway,
	},
	{
		Code: "InvalidApi.NotFound", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The gateway does not know this operation.", "网关找不到该接口。"},
		Cause:   Text{"The endpoint is that of another product, or the operation was withdrawn.", "Endpoint 属于其他产品，或该接口已下线。"},
		Cure:    cureReport,
		Source:  srcGateway,
	},
	{
		Code: "UnsupportedHTTPMethod", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The gateway does not take this HTTP method.", "网关不支持该 HTTP 方法。"},
		Cause:   causeProgram,
		Cure:    cureReport,
		Source:  srcGateway,
	},
	{
		Code: "InvalidProtocol.NeedSsl", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The gateway wants HTTPS.", "网关要求使用 HTTPS。"},
		Cause:   Text{"The call arrived over plain HTTP.", "请求通过明文 HTTP 到达。"},
		Cure:    Text{"Give an https:// address to --endpoint, or leave the flag out; then run again.", "请把 --endpoint 改为 https:// 地址，或不使用该参数，然后重新运行。"},
		Source:  srcGateway,
	},
	{
		Code: "Forbidden.RAM", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The RAM user or role may not make this call.", "RAM 用户或角色没有调用权限。"},
		Cause:   Text{"The permission is missing, or a condition such as the source IP excludes this machine.", "缺少授权，或授权条件（如来源 IP）不包含本机。"},
		Cure:    cureRAM,
		Source:  srcGateway,
	},
	{
		Code: "NoPermission", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The identity behind the AccessKey may not make this call.", "AccessKey 对应的身份没有调用权限。"},
		Cause:   Text{"The permission is missing, or a condition such as the source IP excludes this machine.", "缺少授权，或授权条件（如来源 IP）不包含本机。"},
		Cure:    cureRAM,
		Source:  srcGateway,
	},
	{
		Code: "Forbidden.RiskControl", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"Aliyun's risk control blocks the account.", "账号被阿里云风控拦截。"},
		Cause:   Text{"The account's or the key's behaviour was judged suspicious.", "账号或 AccessKey 的行为被判定为异常。"},
		Cure:    Text{"Have the account owner open a ticket with Aliyun, naming the RequestId; run again when the block is lifted.", "请账号管理员提交阿里云工单并附上 RequestId，解除后重新运行。"},
		Source:  srcGateway,
	},
	{
		Code: "Forbidden", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The identity behind the AccessKey may not make this call.", "AccessKey 对应的身份没有调用权限。"},
		Cause:   Text{"The permission is missing, or a condition such as the source IP excludes this machine.", "缺少授权，或授权条件（如来源 IP）不包含本机。"},
		Cure:    cureRAM,
		Source:  srcDNS,
	},
	{
		Code: "Forbidden.UserVerification", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The account has not passed real-name verification.", "账号未完成实名认证。"},
		Cause:   Text{"The account is new, or its verification lapsed.", "账号是新建的，或实名认证已失效。"},
		Cure:    Text{"Have the account owner complete the verification in the console, then run again.", "请账号管理员在控制台完成实名认证，然后重新运行。"},
		Source:  srcDNS,
	},
	{
		Code: "ActionUnauthorized", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The call is not available to the account.", "该账号不能使用此接口。"},
		Cause:   Text{"The product or this operation was not opened to the account, or the AccessKey is of another account.", "产品或该接口没有向此账号开放，或 AccessKey 属于其他账号。"},
		Cure:    cureActivate,
		Source:  srcClient,
	},
	{
		Code: "InsufficientBalance", Class: AccountRefused, Actor: AccountOwner,
		Meaning: Text{"The account's balance is too low.", "账号余额不足。"},
		Cause:   Text{"Prepaid credit is used up, or a bill is overdue.", "预付费用已用完，或账单逾期。"},
		Cure:    cureArrears,
		Source:  srcClient,
	},
	{
		Code: "UnsupportedOperation", Class: AccountRefused, Actor: Operator,
		Meaning: Text{"The gateway does not know this operation.", "网关不支持该操作。"},
		Cause:   causeProgram,
		Cure:    cureReport,
		Source:  srcDNS,
	},
	{
		Code: "UnsupportedParameter", Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"A parameter is not supported.", "不支持某个参数。"},
		Cause:   Text{"A column of the row is sent that the service does not take; the Message names it. It was refused before it was executed.", "该行发送了服务端不支持的参数，Message 中有名称。执行之前已被拒绝。"},
		Cure:    Text{"Read the Message, empty the column in the row or take it out of the input, and run again.", "请查看 Message，清空该行的这一列，或从输入文件中去掉该列，然后重新运行。"},
		Source:  srcClient,
	},

	// How a call ends without a code of the service.
	{
		Code: CodeNotSent, Class: NotSent, Actor: Operator,
		Meaning: Text{"The call was not sent: no byte of it left this machine.", "请求未发送：没有任何字节离开本机。"},
		Cause:   Text{"No connection (refused, name not resolved, TLS failed), no credentials, or the run ended before the call's turn.", "无法建立连接（被拒绝、域名解析失败、TLS 失败），取不到凭证，或程序在发送之前已停止。"},
		Cure:    Text{"Nothing was executed; the row is PENDING. Check network, proxy, --endpoint and credentials, then run again.", "请求未被执行，该行记为未发送（PENDING）。请检查网络、代理、--endpoint 和凭证，然后重新运行。"},
		Source:  srcOurs,
	},
	{
		Code: CodeTimeout, Class: Ambiguous, Actor: Operator,
		Meaning: Text{"No answer came in time; whether the binding was made is unknown.", "请求超时未收到应答，绑定结果未知。"},
		Cause:   Text{"The request was written, but service or network was slower than --timeout.", "请求已发出，但服务端或网络的耗时超过了 --timeout。"},
		Cure:    cureUnknown,
		Source:  srcOurs,
	},
	{
		Code: CodeConnectionLost, Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The connection broke before the answer; whether the binding was made is unknown.", "收到应答之前连接中断，绑定结果未知。"},
		Cause:   Text{"The service, a proxy or the network cut the connection, or the run was stopped, after the request had been written.", "请求发出之后，服务端、代理或网络断开了连接，或程序被停止。"},
		Cure:    cureUnknown,
		Source:  srcOurs,
	},
	{
		Code: CodeBadAnswer, Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The answer says nothing certain; whether the binding was made is unknown.", "应答无法识别，绑定结果未知。"},
		Cause:   Text{"Something in between answered (an error page, a redirect), or the answer was empty, cut off, too large, without a Code or SubsId, or contradicts itself: a key twice or misspelt, a refusal that names a binding, a code that does not fit its HTTP status. What it said is in the Message.", "可能是中间环节代为应答（错误页、重定向），或应答为空、被截断、过大、缺少 Code 或 SubsId，或自相矛盾：字段重复或拼写不同、拒绝中却带有绑定、错误码与 HTTP 状态不符。应答内容见 Message。"},
		Cure:    cureUnknown,
		Source:  srcOurs,
	},
	{
		Code: CodeIDTwice, Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The answer says OK with the SubsId of another row's binding; what this row is bound to is unknown.", "应答为 OK，但 SubsId 与另一行的绑定相同；该行绑定到哪个中间号未知。"},
		Cause:   Text{"Something between here and the service mixed up or repeated answers, or the service gave an id twice. Of the two rows only one can have the binding of that id.", "中间环节弄混或重复了应答，或服务端重复给出了同一个 ID。两行中只有一行能拥有该 ID 的绑定。"},
		Cure: Text{
			"The row is UNKNOWN. Run axgbind verify on the results: it shows whether the other row has that binding. Then run axgbind reconcile, with a list of the pool's X numbers for a row that has none: it finds the binding of this row. If it cannot tell, look in the console whether number A has a binding with this group; only if it surely has none, run again with --resend unknown.",
			"该行结果未知（UNKNOWN）。请先对结果文件运行 axgbind verify，核对另一行是否拥有该绑定；再运行 axgbind reconcile 对账（没有中间号的行需提供号码池的中间号清单）查找本行的绑定。仍无法判定时，再到控制台核对 A 号码在该 G 组下是否已有绑定；确认没有之后，才加 --resend unknown 重新运行。",
		},
		Source: srcOurs,
	},

	// Verdicts on rows without a call of their own.
	{
		Code: CodeDuplicate, Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The row equals an earlier one in every field that is sent; it was not sent.", "该行与前面某行的请求字段完全相同，未发送。"},
		Cause:   Text{"The same binding is listed twice; sending both could take two X numbers.", "同一绑定列了两次；两行都发送可能占用两个中间号。"},
		Cure:    Text{"Delete one of the rows; if both are wanted, run again with --allow-duplicates.", "请删除其中一行；如确需两条绑定，请加 --allow-duplicates 重新运行。"},
		Source:  srcOurs,
	},
	{
		Code: CodeSamePlace, Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The row has the pool, number A and group of an earlier row; it was not sent.", "该行与前面某行的号码池、A 号码、G 组相同，未发送。"},
		Cause:   Text{"One A in one group has one binding; sending both rows would take two X numbers.", "同一 A 号码在同一 G 组只有一条绑定；两行都发送会占用两个中间号。"},
		Cure:    Text{"Delete the row that is wrong; if both bindings are wanted, run again with --allow-duplicates.", "请删除其中有误的一行；如确需两条绑定，请加 --allow-duplicates 重新运行。"},
		Source:  srcOurs,
	},
	{
		Code: CodeEditedAfterSend, Class: RowRefused, Actor: Operator,
		Meaning: Text{"The row is held back (HELD): it was changed after its earlier form had been sent.", "该行暂不发送（HELD）：它在发送之后被修改过。"},
		Cause:   Text{"This batch bound the pool, number A and group with other values, or the result of that is unknown; sending the row could take a second X number.", "本批次已为该号码池、A 号码和 G 组绑定过其他内容，或其结果未知；再次发送可能占用第二个中间号。"},
		Cure:    Text{"Decide, and run again: --when-bound renew changes the binding to the row, --when-bound skip keeps the binding as it is, --when-bound another takes a second X number; or undo the change. If the earlier form is UNKNOWN, run axgbind reconcile first.", "决定后重新运行：--when-bound renew 按本行续期，--when-bound skip 沿用原绑定，--when-bound another 再占用一个中间号；也可撤销修改。修改前的内容结果未知时，请先运行 axgbind reconcile 对账。"},
		Source:  srcOurs,
	},
	{
		Code: CodeStillBound, Class: RowRefused, Actor: Operator,
		Meaning: Text{"The row is held back (HELD): the journal has a live binding in its place, or may have one.", "该行暂不发送（HELD）：台账（journal）中该位置已有有效绑定，或可能有。"},
		Cause:   Text{"Another batch bound the pool, number A and group with other values, and the binding has not ended; or the result of a call in that place is unknown.", "另一批次已为该号码池、A 号码和 G 组绑定过其他内容，尚未结束；或该位置有结果未知的请求。"},
		Cure:    Text{"Decide, and run again: --when-bound renew changes the binding to the row, --when-bound skip takes it as this row's, --when-bound another takes a second X number; or wait until it ends, or release it. If the Reason says UNKNOWN, run axgbind reconcile on the batch it names first.", "决定后重新运行：--when-bound renew 按本行续期，--when-bound skip 沿用该绑定，--when-bound another 再占用一个中间号；也可等它到期，或先解绑。Reason 列提到结果未知（UNKNOWN）时，请先用 axgbind reconcile 对所指批次对账。"},
		Source:  srcOurs,
	},
	{
		Code: CodeUnproven, Class: RowRefused, Actor: Operator,
		Meaning: Text{"The row is held back (HELD): the results file given as INPUT shows, or may show, that the row was sent, and the journal does not know that.", "该行暂不发送（HELD）：作为输入的结果文件表明（或可能表明）该行已发送过，而台账（journal）没有记录。"},
		Cause:   Text{"The cell Status was emptied, edited or damaged, while SubsId, Code, RequestId or other cells show that the row was sent; or the row names a binding, or was held back, by a journal that is not here.", "Status 单元格被清空、改动或损坏，而 SubsId、Code、RequestId 等列表明已发送过；或该行带有绑定、曾被暂不发送，但相应的台账（journal）不在此处。"},
		Cure:    Text{"Run again with the journal of the batch that wrote the file (--journal), or with the results as axgbind wrote them last, or write in Status what the row was (BOUND, UNKNOWN). Only if the console shows that number A has no binding with this group, empty the row's result cells (Status to FinishedAt): it is then sent as new.", "请用写出该文件的批次所用的台账重新运行（--journal），或改用 axgbind 最后写出的结果文件，或在 Status 列写回该行原来的状态（BOUND、UNKNOWN）。只有在控制台确认 A 号码在该 G 组下没有绑定时，才清空该行的结果列（Status 至 FinishedAt），随后会作为新行发送。"},
		Source:  srcOurs,
	},
	{
		Code: CodeOlderFile, Class: RowRefused, Actor: Operator,
		Meaning: Text{"The row of an update is held back (HELD): its file is older than the last change of the binding, and the row would undo that change.", "更新中的该行暂不发送（HELD）：所在文件早于该绑定的最近一次变更，执行会把变更撤回。"},
		Cause:   Text{"The results file was written before the binding was renewed or updated, and its cells were not changed since; or it makes Expiration earlier and its RequestId is not that of the last call on the binding.", "结果文件写出之后绑定又有续期或更新，而本行单元格没有改过；或本行把过期时间改早，但其 RequestId 不是该绑定最近一次请求的。"},
		Cure:    Text{"Nothing to do if the binding is right as it is. If the value is meant all the same, run axgbind update with a list that has nothing but SubsId and the new value.", "绑定现状正确则无需处理。确需改成该值时，请用只含 SubsId 和新值的清单运行 axgbind update。"},
		Source:  srcOurs,
	},
	{
		Code: CodeAlreadyBound, Class: Done, Actor: Nobody,
		Meaning: Text{"The row uses an earlier live binding; no call was made.", "沿用此前的有效绑定，没有发送请求。"},
		Cause:   Text{"Pool, number A and group have a live binding with all values of the row, or with others and --when-bound skip was given.", "同一号码池、A 号码和 G 组已有内容完全相同的有效绑定；或内容不同，但指定了 --when-bound skip。"},
		Cure:    Text{"Nothing to do; SecretNo and SubsId are the earlier binding's, and so is its expiration. If the binding was to become what the row says, run again with --when-bound renew.", "无需处理；SecretNo、SubsId 和过期时间均为此前绑定的。如需按本行续期，请加 --when-bound renew 重新运行。"},
		Source:  srcOurs,
	},
	{
		Code: CodeOtherBatch, Class: RowRefused, Actor: Operator,
		Meaning: Text{"The row is held back (HELD): it was selected, but its binding is not this batch's to release or change.", "该行暂不发送（HELD）：已选中，但其绑定不归本批次解绑或更新。"},
		Cause:   Text{"Another batch made the binding or renewed it since, or the journal does not know who made it.", "该绑定由另一批次建立或后来续期，或台账（journal）不知道由谁建立。"},
		Cure:    Text{"Use the other batch's own unbind or update, which the Action names; --renewed also releases what this batch only renewed, --foreign what the journal does not know.", "请用 Action 列所指批次自己的 unbind 或 update；--renewed 可解绑本批次只续期过的绑定，--foreign 可解绑台账不知道来历的绑定。"},
		Source:  srcOurs,
	},
	{
		Code: CodeInterrupted, Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The run was killed while the call of this row was under way; whether the binding was made is unknown.", "程序在该行请求途中被强制终止，绑定结果未知。"},
		Cause:   Text{"Each call is recorded before it is sent; the journal has this record but no outcome: a kill, a crash or a power cut.", "先登记再发送：台账（journal）中登记了该请求但没有结果，原因是进程被强制终止、崩溃或断电。"},
		Cure:    cureUnknown,
		Source:  srcOurs,
	},
	{
		Code: CodePoolStopped, Class: Capacity, Actor: PoolOwner,
		Meaning: Text{"The row was not sent: its pool or city has no X numbers left.", "该行未发送：号码池或该城市已无可用中间号。"},
		Cause:   Text{"Many rows before it got isv.NO_AVAILABLE_NUMBER in a row, so the pool or city was stopped.", "此前连续多行返回 isv.NO_AVAILABLE_NUMBER，该号码池或城市已停止发送。"},
		Cure:    Text{"Buy X numbers for the pool or city, or release bindings no longer needed, then run again; the row is PENDING.", "请为号码池或该城市购买中间号，或解绑不再需要的绑定，然后重新运行；该行记为未发送（PENDING）。"},
		Source:  srcOurs,
	},
	{
		Code: CodeNoBinding, Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The row names no binding that could be updated or released; it was not sent.", "该行没有指明可更新或解绑的绑定，未发送。"},
		Cause:   Text{"SubsId, SecretNo or PoolKey is missing or not all digits, or the row of an update has no new value.", "SubsId、SecretNo 或 PoolKey 缺失，或不全是数字；或要更新的行没有新的值。"},
		Cure:    Text{"Take SubsId and SecretNo from the results file as axgbind wrote it, and run again.", "请使用 axgbind 写出的结果文件中的 SubsId 和 SecretNo，然后重新运行。"},
		Source:  srcOurs,
	},
	{
		Code: CodeSubsIDDamaged, Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The id of the row's binding was damaged by a spreadsheet; the row was not sent.", "该行的绑定关系 ID 已被表格软件损坏，未发送。"},
		Cause:   Text{"SubsId was rounded (its end is zeros) or turned into scientific notation: digits are lost for good, and with those left another binding could be hit.", "SubsId 被舍入（末尾为零）或变成科学计数法：丢失的数字无法恢复，用剩下的数字可能误操作其他绑定。"},
		Cure:    Text{"Give the results file as axgbind wrote it (bind --excel writes one that spreadsheets keep whole), or name with --journal the journal of the batch that bound the row: it knows the ids.", "请使用 axgbind 写出的结果文件（bind --excel 写出的文件不会被表格软件改动），或用 --journal 指定绑定该行的批次所用的台账（journal）：其中有完整的 ID。"},
		Source:  srcOurs,
	},
	{
		Code: CodeOtherBinding, Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The binding that the row names is not the row's; nothing was done to it.", "该行指明的绑定不属于该行，未作任何操作。"},
		Cause:   Text{"SubsId, SecretNo, PoolKey, PhoneNoA and GroupId of the row do not belong together, by the journal or by the service; columns may have been sorted apart, or the file is older than its journal.", "该行的 SubsId、SecretNo、PoolKey、PhoneNoA 和 GroupId 与台账（journal）或服务端的记录不符：可能某些列被单独排序，或文件比台账旧。"},
		Cure:    Text{"Give the results file as axgbind wrote it last.", "请使用 axgbind 最后写出的结果文件。"},
		Source:  srcOurs,
	},
	{
		Code: CodeReleased, Class: Done, Actor: Nobody,
		Meaning: Text{"The row was bound, and its binding was released by unbind; it is not bound again.", "该行曾绑定，之后已由 unbind 解绑；不会再次绑定。"},
		Cause:   Text{"Somebody released the binding.", "有人解绑了该绑定。"},
		Cure:    Text{"Nothing to do; bind --resend released binds such rows again, each to a new X number.", "无需处理；bind --resend released 会重新绑定这些行，每行占用一个新的中间号。"},
		Source:  srcOurs,
	},
	{
		Code: CodeReleaseBegun, Class: RowRefused, Actor: Operator,
		Meaning: Text{"An unbind of the row's binding was begun and not confirmed; the row is not sent.", "该行的解绑已开始但未确认完成；该行不会发送。"},
		Cause:   Text{"The unbind was stopped or killed, or its answer was lost: the binding lives, or is gone.", "unbind 被中断或强制终止，或应答丢失：绑定可能仍有效，也可能已解绑。"},
		Cure:    Text{"Run the same unbind again: it asks for the release once more, which does no harm.", "请再次运行同一 unbind 命令：重复解绑没有影响。"},
		Source:  srcOurs,
	},
	{
		Code: CodeNoFreeNumber, Class: Capacity, Actor: PoolOwner,
		Meaning: Text{"The row was not sent: the list of X numbers has no free one left for it.", "该行未发送：中间号清单中已没有可用于该行的空闲号码。"},
		Cause:   Text{"All numbers of the list, or of the city that the row names, are bound or were given to other rows.", "清单中的号码（或该行指定城市的号码）都已绑定，或已分配给其他行。"},
		Cure:    Text{"Add free X numbers to the list of --x-numbers, or release bindings no longer needed, then run again; the row is PENDING.", "请在 --x-numbers 的清单中补充空闲中间号，或解绑不再需要的绑定，然后重新运行；该行记为未发送（PENDING）。"},
		Source:  srcOurs,
	},

	// Families: codes without a row of their own.
	{
		Code: familyThrottling, Class: Throttled, Actor: Operator,
		Meaning: Text{"The service throttles the calls.", "触发限流。"},
		Cause:   causeQuota,
		Cure:    cureThrottled,
		Source:  srcGateway,
	},
	{
		Code: familyMissing, Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"A parameter is missing.", "缺少参数。"},
		Cause:   Text{"The column the code names is empty in this row. It was refused before it was executed.", "错误码所指的列在该行为空，执行之前已被拒绝。"},
		Cure:    Text{"Fill in the column, or give it a value for all rows by --default; then run again.", "请补全该列，或用 --default 为所有行指定默认值，然后重新运行。"},
		Source:  srcGateway,
	},
	{
		Code: familyMissingCommon, Class: AccountRefused, Actor: Operator,
		Meaning: Text{"A parameter that every call carries is missing.", "缺少公共参数。"},
		Cause:   causeProgram,
		Cure:    cureReport,
		Source:  srcGateway,
	},
	{
		Code: familyInvalid, Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"A parameter's value is not valid.", "参数值无效。"},
		Cause:   Text{"The value in the column the code names is not accepted. It was refused before it was executed.", "错误码所指列的值不被接受，执行之前已被拒绝。"},
		Cure:    cureArgument,
		Source:  srcGateway,
	},
	{
		Code: familyInvalidCommon, Class: AccountRefused, Actor: Operator,
		Meaning: Text{"A parameter that every call carries is not valid.", "公共参数无效。"},
		Cause:   Text{"Key, token, time, signature or version was not accepted. It was refused before it was executed.", "凭证、令牌、时间、签名或版本不被接受，执行之前已被拒绝。"},
		Cure:    Text{"Check the AccessKey and this machine's clock; if both are right, report the code and the RequestId as a fault of this program. Then run again; the rows left are PENDING.", "请检查 AccessKey 和本机时钟；如无问题，请把错误码和 RequestId 反馈给本程序的维护者。之后重新运行，其余行记为未发送（PENDING）。"},
		Source:  srcGateway,
	},
	{
		Code: familyISP, Class: Ambiguous, Actor: Operator,
		Meaning: Text{"The platform or the carrier failed; whether the binding was made is unknown.", "平台或运营商侧出错，绑定结果未知。"},
		Cause:   Text{"A code of the platform that is not in this table; such codes do not say whether the call was executed.", "该错误码属于平台侧，但不在表中；此类错误码无法说明请求是否已被执行。"},
		Cure:    cureUnknown,
		Source:  srcOurs,
	},
	{
		Code: familyISV, Class: RowRefused, Actor: DataOwner,
		Meaning: Text{"The service refuses the row.", "服务端拒绝了该行。"},
		Cause:   Text{"A code for faults on the caller's side that is not in this table.", "该错误码属于调用方问题，但不在表中。"},
		Cure:    Text{"Read the Message, look the code up in the product's error list, correct the row, and run again.", "请查看 Message，并在产品错误码列表中查询该错误码，更正该行后重新运行。"},
		Source:  srcOurs,
	},
	{
		Code: familyUnknown, Class: Ambiguous, Actor: Operator,
		Meaning: Text{"Nothing is known of this code; whether the binding was made is unknown.", "未知错误码，绑定结果未知。"},
		Cause:   Text{"Neither the service's nor the gateway's documents list it, so nothing proves that the call was not executed.", "产品和网关文档均未列出该错误码，无法证明请求未被执行。"},
		Cure:    cureUnknown,
		Source:  srcOurs,
	},
}
