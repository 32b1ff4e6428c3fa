package field

// bareNumbers could mean A, B or X, with or without a person or a place whose they are.
// Binding the wrong one costs a number, so they are asked about and never guessed.
var bareNumbers = oneOf(
	// 手机号, 联系电话2, 客户电话, 联系人1-电话, 手机号（公司）, 手机号/电话
	`(?:`+personZH+`*(?:手机号码?|手机|移动电话|行动电话|联系电话|联系方式|电话号码?|电话|固定电话|固话|座机号?码?)`+personZH+`?[0-9]?)+`,
	`(?:真实|绑定|用户|客户)?号码[0-9]?`,
	// Phone, Mobile Number, Telephone No. 2, Contact Phone, Phone (Home)
	`(?:`+personEN+`*(?:(?:tele|mobile|cell)?phone|mobile|tel|cell|msisdn)(?:no|nos|num|number|numbers|s)?`+personEN+`?[0-9]?)+`,
	personEN+`*contact(?:no|num|number)[0-9]?`,
)

const (
	personZH = `(?:(?:联系|收货|收件|寄件|发件|发货|下单|预约|申请|负责|经办|报名|购买|取件|提货|委托|代理|监护|本|个)人|` +
		`\p{Han}{1,2}员|经纪人|客户|用户|顾客|买家|卖家|商家|会员|司机|骑手|乘客|车主|房东|租客|租户|业主|员工|家长|学生|老师|医生|患者|顾问|销售|中介|` +
		`公司|单位|办公|家庭|住宅|医院|店铺|门店|` +
		`接收|收货|收件|寄件|发件|绑定|真实|注册|登录|预留|紧急|备用|常用|主要|其他|其它|新|原|[0-9])`
	personEN = `(?:customer|client|contact|person|user|member|buyer|seller|receiver|recipient|consignee|sender|driver|employee|staff|owner|` +
		`patient|doctor|parent|student|landlord|tenant|rider|passenger|guest|agent|salesrep|sales|merchant|shop|store|company|business|office|work|home|hospital|shipping|billing|delivery|` +
		`alt|alternate|alternative|primary|secondary|main|other|emergency|personal|real|s)`
)

// BareNumber reports whether a header says that the column has phone numbers, and not
// which of the three.
func BareNumber(header string) bool {
	matches := false
	for _, drop := range []bool{true, false} {
		key := stripped(header, drop)
		matches = matches || len(key) <= longestKey && bareNumbers.MatchString(key)
	}
	if !matches {
		return false
	}
	_, known := Of(header)
	_, near := Near(header, func(Field) bool { return true })
	return !known && !near
}
