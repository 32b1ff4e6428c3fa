package city

import (
	"slices"
	"strings"
	"sync"
)

// Known reports whether a city, without 市, is in the table. Every row asks.
func Known(s string) bool {
	_, ok := set()[s]
	return ok
}

// set returns the table for looking up.
var set = sync.OnceValue(func() map[string]struct{} {
	m := make(map[string]struct{}, len(names))
	for _, name := range names {
		m[name] = struct{}{}
	}
	return m
})

// Nearest returns the city that was most likely meant: one whose name
// stands in the text, as in 浙江省杭州, or is one character away. Only a single
// candidate is a guess worth making; otherwise it returns "".
func Nearest(s string) string {
	within := ""
	for _, name := range names {
		if strings.Contains(s, name) && len(name) > len(within) {
			within = name
		}
	}
	if within != "" {
		return within
	}
	// A name is seldom wrong in its first character.
	var same, others []string
	wanted := []rune(s)
	for _, name := range names {
		if near := []rune(name); oneSlip(wanted, near) {
			if near[0] == wanted[0] {
				same = append(same, name)
			} else if len(near) > 2 {
				others = append(others, name)
			}
		}
	}
	if len(same) == 0 {
		same = others
	}
	if len(same) == 1 {
		return same[0]
	}
	return ""
}

// oneSlip reports whether one character replaced, left out or added makes one
// text of the other.
func oneSlip(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || len(b) < 2 {
		return false
	}
	same := 0
	for same < len(a) && a[same] == b[same] {
		same++
	}
	if len(a) == len(b) {
		return same < len(a) && slices.Equal(a[same+1:], b[same+1:])
	}
	return slices.Equal(a[same:], b[same+1:])
}

// names are the cities that ExpectCity may name, without 市, sorted by
// bytes: the prefecture-level divisions of mainland China, the municipalities
// and the county-level cities that a province governs directly. Prefectures,
// leagues and autonomous prefectures stand under their full and their short
// name.
//
// The names come from provinces.json, cities.json and areas.json of the npm
// package china-division 2.7.0 (MIT licence), which has them from the National
// Bureau of Statistics (2023).
var names = [...]string{
	"七台河", "万宁", "三亚", "三明", "三沙", "三门峡", "上海", "上饶", "东方", "东莞", "东营", "中卫", "中山",
	"临夏", "临夏回族自治州", "临汾", "临沂", "临沧", "临高", "临高县", "丹东", "丽水", "丽江", "乌兰察布",
	"乌海", "乌鲁木齐", "乐东", "乐东黎族自治县", "乐山", "九江", "云浮", "五家渠", "五指山", "亳州", "仙桃",
	"伊春", "伊犁", "伊犁哈萨克自治州", "佛山", "佳木斯", "保亭", "保亭黎族苗族自治县", "保定", "保山", "信阳",
	"儋州", "克孜勒苏", "克孜勒苏柯尔克孜自治州", "克拉玛依", "六安", "六盘水", "兰州", "兴安", "兴安盟", "内江",
	"凉山", "凉山彝族自治州", "包头", "北京", "北屯", "北海", "十堰", "南京", "南充", "南宁", "南平", "南昌",
	"南通", "南阳", "博尔塔拉", "博尔塔拉蒙古自治州", "厦门", "双河", "双鸭山", "可克达拉", "台州", "合肥",
	"吉安", "吉林", "吐鲁番", "吕梁", "吴忠", "周口", "呼伦贝尔", "呼和浩特", "和田", "和田地区", "咸宁", "咸阳",
	"哈密", "哈尔滨", "唐山", "商丘", "商洛", "喀什", "喀什地区", "嘉兴", "嘉峪关", "四平", "固原", "图木舒克",
	"塔城", "塔城地区", "大兴安岭", "大兴安岭地区", "大同", "大庆", "大理", "大理白族自治州", "大连", "天水",
	"天津", "天门", "太原", "威海", "娄底", "孝感", "宁德", "宁波", "安庆", "安康", "安阳", "安顺", "定安",
	"定安县", "定西", "宜宾", "宜昌", "宜春", "宝鸡", "宣城", "宿州", "宿迁", "屯昌", "屯昌县", "山南", "岳阳",
	"崇左", "巴中", "巴彦淖尔", "巴音郭楞", "巴音郭楞蒙古自治州", "常州", "常德", "平凉", "平顶山", "广元",
	"广安", "广州", "庆阳", "廊坊", "延安", "延边", "延边朝鲜族自治州", "开封", "张家口", "张家界", "张掖",
	"徐州", "德宏", "德宏傣族景颇族自治州", "德州", "德阳", "忻州", "怀化", "怒江", "怒江傈僳族自治州", "恩施",
	"恩施土家族苗族自治州", "惠州", "成都", "扬州", "承德", "抚州", "抚顺", "拉萨", "揭阳", "攀枝花", "文山",
	"文山壮族苗族自治州", "文昌", "新乡", "新余", "新星", "无锡", "日喀则", "日照", "昆明", "昆玉", "昌吉",
	"昌吉回族自治州", "昌江", "昌江黎族自治县", "昌都", "昭通", "晋中", "晋城", "普洱", "景德镇", "曲靖", "朔州",
	"朝阳", "本溪", "来宾", "杭州", "松原", "林芝", "果洛", "果洛藏族自治州", "枣庄", "柳州", "株洲", "桂林",
	"梅州", "梧州", "楚雄", "楚雄彝族自治州", "榆林", "武威", "武汉", "毕节", "永州", "汉中", "汕头", "汕尾",
	"江门", "池州", "沈阳", "沧州", "河池", "河源", "泉州", "泰安", "泰州", "泸州", "洛阳", "济南", "济宁",
	"济源", "海东", "海北", "海北藏族自治州", "海南", "海南藏族自治州", "海口", "海西", "海西蒙古族藏族自治州",
	"淄博", "淮北", "淮南", "淮安", "深圳", "清远", "温州", "渭南", "湖州", "湘潭", "湘西",
	"湘西土家族苗族自治州", "湛江", "滁州", "滨州", "漯河", "漳州", "潍坊", "潜江", "潮州", "澄迈", "澄迈县",
	"濮阳", "烟台", "焦作", "牡丹江", "玉林", "玉树", "玉树藏族自治州", "玉溪", "珠海", "琼中",
	"琼中黎族苗族自治县", "琼海", "甘南", "甘南藏族自治州", "甘孜", "甘孜藏族自治州", "白城", "白山", "白杨",
	"白沙", "白沙黎族自治县", "白银", "百色", "益阳", "盐城", "盘锦", "眉山", "石嘴山", "石家庄", "石河子",
	"神农架", "神农架林区", "福州", "秦皇岛", "红河", "红河哈尼族彝族自治州", "绍兴", "绥化", "绵阳", "聊城",
	"肇庆", "胡杨河", "自贡", "舟山", "芜湖", "苏州", "茂名", "荆州", "荆门", "莆田", "菏泽", "萍乡", "营口",
	"葫芦岛", "蚌埠", "衡水", "衡阳", "衢州", "襄阳", "西双版纳", "西双版纳傣族自治州", "西宁", "西安", "许昌",
	"贵港", "贵阳", "贺州", "资阳", "赣州", "赤峰", "辽源", "辽阳", "达州", "运城", "连云港", "迪庆",
	"迪庆藏族自治州", "通化", "通辽", "遂宁", "遵义", "邢台", "那曲", "邯郸", "邵阳", "郑州", "郴州", "鄂尔多斯",
	"鄂州", "酒泉", "重庆", "金华", "金昌", "钦州", "铁岭", "铁门关", "铜仁", "铜川", "铜陵", "银川", "锡林郭勒",
	"锡林郭勒盟", "锦州", "镇江", "长春", "长沙", "长治", "阜新", "阜阳", "防城港", "阳江", "阳泉", "阿克苏",
	"阿克苏地区", "阿勒泰", "阿勒泰地区", "阿坝", "阿坝藏族羌族自治州", "阿拉善", "阿拉善盟", "阿拉尔", "阿里",
	"阿里地区", "陇南", "陵水", "陵水黎族自治县", "随州", "雅安", "青岛", "鞍山", "韶关", "马鞍山", "驻马店",
	"鸡西", "鹤壁", "鹤岗", "鹰潭", "黄冈", "黄南", "黄南藏族自治州", "黄山", "黄石", "黑河", "黔东南",
	"黔东南苗族侗族自治州", "黔南", "黔南布依族苗族自治州", "黔西南", "黔西南布依族苗族自治州", "齐齐哈尔",
	"龙岩",
}
