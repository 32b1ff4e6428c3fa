package report

// What a chat robot and a metrics file say, and what is wrong with them.
var (
	// 1 status 2 input
	NotifyTitle          = Text{"axgbind status %d: %s", "axgbind 状态 %d：%s"}
	NotifyTitleSimulated = Text{"axgbind rehearsal, status %d: %s", "axgbind 演练，状态 %d：%s"}
	// 1 rows 2 counts
	NotifyRows = Text{"%d rows = %s", "共 %d 行 = %s"}
	// 1 calls 2 duration 3 retries 4 throttled
	NotifyCalls = Text{"calls %d in %s, retries %d, throttled %d", "调用 %d 次，用时 %s，重试 %d，限流 %d"}
	// 1 why
	NotifyStop = Text{"stopped: %s", "停止原因：%s"}
	// 1 count 2 status 3 code 4 meaning 5 lines, in words 6 who
	NotifyFailure = Text{"%d %s %s: %s (%s) → %s", "%d 行%s %s：%s（%s）→ %s"}
	// 1 n
	NotifyMore = Text{"… and %d more codes, see the results", "……另有 %d 种错误码，见结果文件"}
	// 1 path
	NotifyResults = Text{"results: %s", "结果：%s"}
	NotifyNext    = Text{"next: what to type stands at the end of what the run printed", "下一步：要运行的命令见本次运行输出的末尾"}
	// 1 cure
	NotifyCure = Text{"cure: %s", "办法：%s"}
	// 1 user@host 2 when
	NotifySender  = Text{"from %s at %s, Beijing time", "来自 %s，北京时间 %s"}
	NotifyNoURL   = Text{"it is not a URL", "不是有效的网址"}
	NotifyPlain   = Text{"it must begin with https:// (plain http only on loopback)", "必须以 https:// 开头（http 只限本机回环）"}
	NotifyUnknown = Text{"its path is not that of a robot that axgbind knows: /robot/send is DingTalk, /cgi-bin/webhook/send is WeCom, /open-apis/bot/v2/hook/TOKEN is Feishu", "路径不属于已支持的机器人：/robot/send 为钉钉，/cgi-bin/webhook/send 为企业微信，/open-apis/bot/v2/hook/TOKEN 为飞书"}
	NotifyNoToken = Text{"it lacks the robot's token (DingTalk: access_token=, WeCom: key=, Feishu: behind hook/)", "缺少机器人的 token（钉钉：access_token=，企业微信：key=，飞书：hook/ 之后）"}
	// 1 seconds
	NotifyLate   = Text{"no answer within %d s", "%d 秒内没有应答"}
	NotifyOdd    = Text{"the answer is not a robot's", "应答不是机器人的格式"}
	NotifyNoHost = Text{"its host cannot be found", "找不到其主机"}
	NotifyClosed = Text{"its host refuses connections", "其主机拒绝连接"}
	NotifyTLS    = Text{"the certificate of its host is not trusted", "其主机的证书不受信任"}
	// 1 why
	NotifyLost = Text{"the call failed (%s)", "调用失败（%s）"}
	// 1 HTTP status
	NotifyHTTP = Text{"its host answers with HTTP status %d", "其主机返回 HTTP 状态 %d"}
	// 1 code 2 its words
	NotifyRefused = Text{"the robot refused the message with error %d: %s", "机器人拒绝了消息，错误码 %d：%s"}
	// 1 why
	SayNotify = Text{"the chat robot was not told: %s; the run is not affected; check AXGBIND_NOTIFY_URL and AXGBIND_NOTIFY_SECRET", "未能通知群机器人：%s；不影响本次运行；请检查 AXGBIND_NOTIFY_URL 和 AXGBIND_NOTIFY_SECRET"}
	// 1 why
	ErrNotifyURL    = Text{"environment variable AXGBIND_NOTIFY_URL: %s\ncopy the webhook address from the robot's settings, or unset the variable to run without a robot", "环境变量 AXGBIND_NOTIFY_URL：%s\n从机器人设置中复制 Webhook 地址；不需要通知时清除该变量"}
	ErrNotifySecret = Text{"AXGBIND_NOTIFY_SECRET is set, but a WeCom robot takes no signature\nunset AXGBIND_NOTIFY_SECRET", "设置了 AXGBIND_NOTIFY_SECRET，但企业微信机器人不使用签名\n请清除 AXGBIND_NOTIFY_SECRET"}
	// 1 what asks for it
	ErrNotifyNothing = Text{"%s is set, but there is no robot to tell\nset AXGBIND_NOTIFY_URL to the robot's webhook address, or leave it out", "设置了 %s，但没有可通知的机器人\n把 AXGBIND_NOTIFY_URL 设为机器人的 Webhook 地址，或去掉该设置"}
	// 1 path
	ErrMetricsName = Text{"--metrics %s: node_exporter reads only names that end in .prom\ngive a name such as axgbind.prom, the same every night", "--metrics %s：node_exporter 只读取以 .prom 结尾的文件\n请使用 axgbind.prom 这样的文件名，每晚相同"}
	FlagMetrics    = Text{"write metrics of the run to `FILE`.prom for node_exporter", "把本次运行的指标写入 `FILE`.prom，供 node_exporter 采集"}
)
