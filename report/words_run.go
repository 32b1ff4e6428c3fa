package report

// Why a run stopped.
var (
	StopLimit       = Text{"--limit was reached", "已达到 --limit"}
	StopUntil       = Text{"the time of --until has come", "已到 --until 指定的时间"}
	StopInterrupt   = Text{"the run was interrupted (SIGINT)", "运行被中断（SIGINT）"}
	StopTerminate   = Text{"the run was asked to end (SIGTERM)", "运行被要求结束（SIGTERM）"}
	StopHangup      = Text{"the terminal or connection was lost (SIGHUP)", "终端或连接已断开（SIGHUP）"}
	StopAccount     = Text{"the service refuses the account, key or pool; every row would be refused alike", "服务端拒绝了该账号、密钥或号码池，所有行都会同样被拒"}
	StopClock       = Text{"the service refuses the time of the calls, which is this machine's; every row would be refused alike", "服务端拒绝请求的时间（即本机时间），所有行都会同样被拒"}
	StopToken       = Text{"the service refuses the temporary key as expired, also one fetched anew; every row would be refused alike", "服务端认为临时密钥已过期，重新获取后仍是如此；所有行都会同样被拒"}
	StopMaxFailures = Text{"too many rows failed (--max-failures)", "失败的行过多（--max-failures）"}
	StopAllAlike    = Text{"the first 20 rows sent were all refused with the same code", "最先发送的 20 行全部以同一错误码被拒"}
	StopTrouble     = Text{"the service stayed in trouble: the probes failed", "服务端持续异常：多次探测均失败"}
	StopJournal     = Text{"the journal could not be written", "台账（journal）无法写入"}
	StopInput       = Text{"the input changed during the run", "输入文件在运行中被改动"}
	StopInternal    = Text{"internal fault", "程序内部错误"}
	StopCapacity    = Text{"pools ran out of X numbers", "号码池已无可用中间号"}
	StopNetwork     = Text{"calls do not reach the service, and the cause does not go away by itself", "请求无法到达服务端，原因不会自行消失"}
	StopThrottled   = Text{"ten minutes without one success: every call was throttled", "连续十分钟没有一次成功：所有请求都被限流"}
	StopLookups     = Text{"the service refuses look-ups, which show whose a binding is and whether it is gone", "服务端拒绝查询，而绑定属于谁、是否已不存在，都要靠查询核实"}
)

// What keeps calls from the service, and in the second line the cure: 1 where 2 more.
var (
	NetNotTrusted    = Text{"the certificate of %s is signed by an authority that this machine does not trust (%s)\nif a proxy decrypts TLS on purpose, install its authority's certificate here, or name its file in SSL_CERT_FILE; else find out who answers there", "%s 的证书由本机不信任的机构签发（%s）\n如果是代理有意解密 TLS，请在本机安装它的根证书，或用 SSL_CERT_FILE 指定其文件；否则请查明是谁在应答"}
	NetExpired       = Text{"the certificate of %s is not valid now, only from and until %s\nset this machine's clock if it is wrong; else the owner of that host has to renew the certificate", "%s 的证书现在不在有效期内（有效期 %s）\n如本机时钟有误请校准；否则请该主机的负责人为证书续期"}
	NetWrongName     = Text{"the certificate that %s shows is for other hosts (%s)\ncheck --endpoint, DNS and proxy: another host answers there", "%s 出示的证书属于其他主机（%s）\n请检查 --endpoint、DNS 和代理：应答的是另一台主机"}
	NetNoAuthorities = Text{"the certificate of %[1]s cannot be checked: this machine has no certificates of authorities (CA bundle)\ninstall the package ca-certificates, or name a file in SSL_CERT_FILE", "无法核验 %[1]s 的证书：本机没有根证书（CA）\n请安装 ca-certificates 软件包，或用 SSL_CERT_FILE 指定文件"}
	NetHandshake     = Text{"%s and axgbind cannot agree on a TLS version (%s)\nTLS 1.2 or newer is needed: check port and scheme of --endpoint and the proxy, or update what stands between", "与 %s 无法协商 TLS 版本（原文：%s）\n需要 TLS 1.2 或更高版本：请检查 --endpoint 和代理的端口与协议，或升级中间设备"}
	NetProxyPassword = Text{"the proxy %[1]s needs a user and a password, or refuses those given (HTTP 407)\nset HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT", "代理 %[1]s 要求用户名和密码，或拒绝了所给的（HTTP 407）\n请把 HTTPS_PROXY 设为 http://用户名:密码@主机:端口"}
	NetProxyURL      = Text{"%[1]s is not the address of a proxy\nset the variable to http://HOST:PORT, or unset it", "%[1]s 不是代理的地址\n请把该变量设为 http://主机:端口，或清除该变量"}
	NetProxyDown     = Text{"no connection to the proxy %s (%s)\nstart the proxy, or set HTTPS_PROXY to one that runs", "无法连接代理 %s（原文：%s）\n请启动代理，或把 HTTPS_PROXY 设为可用的代理"}
	NetProxyRefuses  = Text{"the proxy %s does not connect to the service (%s)\nhave its owner allow host and port of --endpoint", "代理 %s 不肯连接服务端（%s）\n请代理的负责人放行 --endpoint 的主机和端口"}
	NetName          = Text{"the name of %[1]s is not resolved\ncheck --endpoint and this machine's DNS; if only a proxy leads out, set HTTPS_PROXY", "%[1]s 的域名解析失败\n请检查 --endpoint 和本机 DNS；如只能经代理访问外网，请设置 HTTPS_PROXY"}
	NetRefused       = Text{"%[1]s refuses connections\ncheck --endpoint and firewalls; if only a proxy leads out, set HTTPS_PROXY", "%[1]s 拒绝连接\n请检查 --endpoint 和防火墙；如只能经代理访问外网，请设置 HTTPS_PROXY"}
	NetNoRoute       = Text{"there is no route to %[1]s\ncheck this machine's network; if only a proxy leads out, set HTTPS_PROXY", "没有到 %[1]s 的路由\n请检查本机网络；如只能经代理访问外网，请设置 HTTPS_PROXY"}
	NetTimeout       = Text{"no connection to %[1]s in time\ncheck network and firewalls; if only a proxy leads out, set HTTPS_PROXY", "未能及时连上 %[1]s\n请检查网络和防火墙；如只能经代理访问外网，请设置 HTTPS_PROXY"}
	NetCut           = Text{"connections to %[1]s are closed before they can be used\ncheck --endpoint, the proxy and firewalls", "与 %[1]s 的连接在可用之前就被关闭\n请检查 --endpoint、代理和防火墙"}
	NetOther         = Text{"no connection to %s (%s)\ncheck network and proxy", "无法连接 %s（原文：%s）\n请检查网络和代理"}
	// 1 host 2 proxy
	NetThrough = Text{"%s (through the proxy %s)", "%s（经代理 %s）"}
	// 1 what
	ReasonUnreached = Text{"The call was not sent. No byte of it left this machine: %s.", "请求未发送，没有任何字节离开本机：%s。"}
	// 1 cure
	ActionUnreached = Text{"Nothing was executed; the row is PENDING. Do this, then run again: %s.", "请求未被执行，该行记为未发送（PENDING）。请先处理，再重新运行：%s。"}
	// 1 what 2 cure
	SayNetwork = Text{"network: %s; %s", "网络：%s；%s"}
	// 1 what 2 cure
	SayNetworkWaits = Text{"network: %s; axgbind keeps trying; %s", "网络：%s；axgbind 会继续尝试；%s"}
	// 1 HTTP status
	SayPage        = Text{"network: a web page answers in place of the service (HTTP %d); if it goes on, check --endpoint, the proxy and login pages in between", "网络：应答的是网页，而不是服务端（HTTP %d）；如持续出现，请检查 --endpoint、代理，以及中间的登录页"}
	SayNetworkBack = Text{"network: the service is reached again", "网络：已重新连上服务端"}
	// 1 what 2 cure
	OnlineUnreached = Text{"online: the service cannot be reached: %s; %s", "联机检查：无法到达服务端：%s；%s"}
	// 1 what 2 cure
	ErrUnreached = Text{"the service cannot be reached: %s; nothing was sent\n%s; then run again", "无法到达服务端：%s；未发送任何请求\n%s；然后重新运行"}
	// 1 what 2 cure
	ErrUnreachedLate = Text{"the service cannot be reached any more: %s\n%s; then run again", "已无法到达服务端：%s\n%s；然后重新运行"}
	// 1 status and type 2 the beginning
	OddBegins = Text{"%s, begins \"%s\"", "%s，开头为 \"%s\""}
	// 1 status and type
	OddEmpty = Text{"%s, empty", "%s，内容为空"}
)

// Summary.
var (
	SumSimulated = Text{"simulated: nothing was bound at the real service", "演练：没有在真实服务上绑定任何号码"}
	SumRows      = Text{"rows", "行数"}
	SumShare     = Text{"share", "占比"}
	SumGone      = Text{"%d settled rows of the journal are no longer in the input", "台账（journal）中有 %d 行已有结果，但不在本次输入里"}
	// 1 rows
	SumGoneUnknown = Text{"UNKNOWN rows that left the input, and may be bound: %d (axgbind reconcile)", "已不在输入里、可能已绑定的结果未知（UNKNOWN）的行：%d（请用 axgbind reconcile 对账）"}
	// 1 rows
	SumAlready = Text{"BOUND rows that use the binding of another row or batch: %d", "已绑定（BOUND）的行中沿用其他行或其他批次绑定的：%d"}
	// 1 rows
	SumEnded = Text{"BOUND rows whose binding has ended at its Expiration: %d", "已绑定（BOUND）的行中绑定已到期的：%d"}
	// 1 rows 2 calls
	SumRenewed = Text{"%d rows renewed a live binding (%d UpdateSubscription calls)", "续期 %d 行（调用 UpdateSubscription %d 次）"}
	// 1 rows
	SumChanged = Text{"%d rows changed a live binding", "更新有效绑定 %d 行"}
	// 1 rows
	SumReleased = Text{"%d rows were bound and have been released since", "%d 行曾绑定，之后已解绑"}
	// 1 requests
	SumLooks = Text{"%d look-ups", "查询 %d 次"}
	// 1 calls 2 duration 3 retries 4 throttled 5 average 6 peak 7 limit
	SumCalls = Text{"%d calls in %s, retries %d, throttled %d, average %.1f/s, at most %d in a second, limit %g/s", "调用 %d 次，用时 %s，重试 %d，限流 %d，平均 %.1f 次/秒，任意连续一秒内最多 %d 次，上限 %g 次/秒"}
	// 1 p50 2 p95 3 p99 4 max
	SumLatency  = Text{"p50 %s, p95 %s, p99 %s, max %s", "p50 %s，p95 %s，p99 %s，最大 %s"}
	SumFailures = Text{"what needs attention", "需要关注"}
	// 1 list
	SumLines = Text{"lines %s", "第 %s 行"}
	// 1 line
	SumLine = Text{"line %s", "第 %s 行"}
	// 1 list 2 n
	SumLinesMore = Text{"lines %s and %d more", "第 %s 行，另有 %d 行"}
	// 1 n
	SumWarnings = Text{"%d rows with warnings", "%d 行有警告"}
	SumResults  = Text{"results", "结果"}
	SumFailed   = Text{"to correct", "待更正"}
	// 1 when 2 batch
	SumSameInput = Text{"the input has the same bytes as on %s (Beijing time, batch %s): is it yesterday's file?", "输入与 %s（北京时间，批次 %s）的输入逐字节相同：是不是昨天的文件？"}
	SumJournal   = Text{"journal", "台账"}
	// 1 why
	SumStop = Text{"stopped: %s", "停止原因：%s"}
	// 1 code, behind why
	SumCode = Text{" (%s)", "（%s）"}
	// 1 what keeps calls from the service
	SumCause = Text{"cause: %s", "原因：%s"}
	// 1 rows 2 status 3 code 4 meaning 5 lines 6 who
	SumFailure = Text{"%d %s %s: %s (%s) -> %s", "%d 行%s %s：%s（%s）-> %s"}
	SumValid   = Text{"valid", "有效"}
	// 1 sum 2 rows
	SumUnbalanced = Text{"the counts do not balance: %d rows counted, %d read; please report this", "各状态行数之和不等于总行数：统计 %d 行，读入 %d 行；请反馈此问题"}
	// 1 n
	SumMoreCodes = Text{"… and %d more codes, see the results", "……另有 %d 种错误码，见结果文件"}
)

// Exit statuses in words, and the next step.
var (
	Exit0          = Text{"every row is bound", "全部绑定成功"}
	Exit0Check     = Text{"every row is valid; nothing was sent", "全部行有效，未发送任何请求"}
	Exit0Empty     = Text{"the input has a header and no rows: nothing to do", "输入文件只有表头，没有数据行：无需处理"}
	CureAllowEmpty = Text{"where a file without rows is right, give --allow-empty", "没有数据行属于正常情况时，请加 --allow-empty"}
	Exit1          = Text{"internal or I/O error; what was sent is recorded", "内部或读写错误；已发送的都有记录"}
	Exit1Lost      = Text{"internal or I/O error; what was sent is in the rescue lines above, and not in the journal", "内部或读写错误；已发送的结果见上面以 \"rescue:\" 开头的行，台账（journal）中没有"}
	Exit1Journal   = Text{"the journal has the fault that is named above; nothing was sent", "台账（journal）有上述问题；未发送任何请求"}
	// 1 kinds of rows
	Exit3        = Text{"finished; some rows %s", "已完成；部分行%s"}
	Exit3Failed  = Text{"were refused", "被拒绝"}
	Exit3Invalid = Text{"are invalid", "无效"}
	Exit3Held    = Text{"are held back for someone to decide (HELD)", "暂不发送、等人决定（HELD）"}
	// 1 kinds 2 one more
	Exit3And = Text{"%s, some %s", "%s，部分%s"}
	Exit3Any = Text{"were refused, are invalid or are held back", "被拒绝、无效或暂不发送"}
	// 1 kinds 2 one more
	Exit3Check = Text{"some rows %s; nothing was sent", "部分行%s，未发送任何请求"}
	Exit4      = Text{"some rows are UNKNOWN: they were sent, and nobody knows whether they are bound", "部分行结果未知（UNKNOWN）：已发送，但不知道是否绑定成功"}
	// 1 rows
	Exit4Gone  = Text{"rows that left the input are UNKNOWN: %d; they were sent, and nobody knows whether they are bound", "已不在输入里的行中有 %d 行结果未知（UNKNOWN）：已发送，但不知道是否绑定成功"}
	Exit5      = Text{"some rows are PENDING: they were not executed", "部分行未发送（PENDING）：没有执行"}
	Exit5Begun = Text{"some rows are PENDING: their change or release may be done already; running again is safe", "部分行未确认（PENDING）：变更或解绑可能已执行；可以放心再次运行"}
	Exit5Check = Text{"the service could not be asked; nothing was sent", "未能向服务端查询；未发送任何请求"}
	Exit6      = Text{"the input was refused; nothing was sent", "输入文件被拒绝，未发送任何请求"}
	Exit7      = Text{"the service refuses key, account or pool; do not retry before that is mended", "服务端拒绝了密钥、账号或号码池；处理之前不要重试"}
	Exit7Clock = Text{"this machine's clock is off, so the service refuses every call; set the clock before you retry", "本机时钟不准，服务端拒绝所有请求；校准之前不要重试"}
	Exit7Token = Text{"the temporary key has expired, so the service refuses every call; put in a new key before you retry", "临时密钥已过期，服务端拒绝所有请求；更新之前不要重试"}
	Exit8      = Text{"too many failures; find the cause before going on", "失败过多；请先查明原因再继续"}
	Exit10     = Text{"usage or configuration error; nothing was sent", "用法或配置错误，未发送任何请求"}
	Exit11     = Text{"another run holds the journal; nothing was sent", "另一个运行正在使用该台账（journal），未发送任何请求"}
	Exit129    = Text{"the terminal or connection was lost; calls under way were finished; the rest waits for the next run", "终端或连接已断开；进行中的调用已完成，其余留待下次运行"}
	Exit130    = Text{"interrupted; calls under way were finished; the rest waits for the next run", "已中断；进行中的调用已完成，其余留待下次运行"}
	Exit143    = Text{"ended on request; calls under way were finished; the rest waits for the next run", "已按要求结束；进行中的调用已完成，其余留待下次运行"}
	// 1 status 2 words
	ExitLine = Text{"status %d: %s", "状态 %d：%s"}
	// 1 command
	NextLine    = Text{"next: %s", "下一步：%s"}
	NextRescued = Text{"keep the rescue lines, and do what the cure above says before the next run", "请保存以 \"rescue:\" 开头的行，下次运行之前按上面的办法处理"}
	// 1 command
	NextSweep = Text{"find the rest on the complete list of the pool's X numbers: %s", "用号码池的完整中间号清单查找其余的行：%s"}
	// 1 command
	NextBind = Text{"bind the rows that are known not to be bound: %s", "绑定已确认未绑定的行：%s"}
	// 1 command 2 reconcile command
	NextProve = Text{"bind the other rows first, which shows whether look-ups of this pool can be believed: %s; then find out what became of the UNKNOWN rows: %s", "先绑定其余的行，借此验证该号码池的查询是否可信：%s；再查明结果未知（UNKNOWN）的行是否绑定：%s"}
	// 1 reconcile command
	NextProveAny = Text{"bind any row of this pool, from another file; then: %s", "先用另一个文件绑定该号码池的任意一行；然后运行：%s"}
	// 1 reconcile command
	NextGoneBack = Text{"put the rows that left back into the input and run this again; then find out what became of them: %s", "把移走的行放回输入，再次运行本命令；然后查明它们是否绑定：%s"}
	// 1 reconcile command
	NextGone = Text{"find out what became of the rows that left the input: %s", "查明已不在输入里的行是否绑定：%s"}
	// 1 command
	NextAgain     = Text{"it is safe to run the same command again: %s", "可以放心再次运行同一命令：%s"}
	NextAgainSame = Text{"it is safe to run the same command again", "可以放心再次运行同一命令"}
	// 1 command
	NextCapacity = Text{"free X numbers of the pool, or add some; then it is safe to run the same command again: %s", "在号码池中空出或增加中间号；之后可以放心再次运行同一命令：%s"}
	// 1 command
	NextNetwork = Text{"mend what keeps the calls from the service; then it is safe to run the same command again: %s", "先排除使请求无法到达服务端的原因；之后可以放心再次运行同一命令：%s"}
	// 1 command
	NextThrottled = Text{"find out what else makes calls with this account, or lower --rate; then it is safe to run the same command again: %s", "查明还有什么在用该账号调用，或调低 --rate；之后可以放心再次运行同一命令：%s"}
	// 1 command
	NextTrouble = Text{"when the service works again, it is safe to run the same command again: %s", "待服务端恢复正常后，可以放心再次运行同一命令：%s"}
	// 1 command
	NextLookups = Text{"have the owner of the account allow the look-ups; then it is safe to run the same command again: %s", "请账号负责人授予查询权限；之后可以放心再次运行同一命令：%s"}
	// 1 command
	NextRehearse = Text{"each rehearsal starts from the beginning; the whole of it: %s", "每次演练都从头开始；完整演练：%s"}
	// 1 results 2 column 3 command
	NextResend = Text{"mend the cause (column %[2]s in %[1]s); then send the refused rows again, and the rest: %[3]s", "先按 %[1]s 的 %[2]s 列消除原因；然后重发被拒绝的行，并发送其余的行：%[3]s"}
	// in place of a command that cannot be shown, as the next four
	WordsSame = Text{"the same command", "同一命令"}
	// 1 flags
	WordsSameWith = Text{"the same command with %s", "同一命令加 %s"}
	// 1 file
	WordsSameOn    = Text{"the same command with %s as INPUT, without -o, --failed and --summary", "同一命令，输入改为 %s，并去掉 -o、--failed 和 --summary"}
	WordsBindAgain = Text{"bind on its input, with -o and the path of its results", "用该批次的输入运行 bind，-o 为其结果文件的路径"}
	// 1 flags
	WordsReconcile = Text{"the command reconcile on the results of this batch%s", "用 reconcile 命令对账，给出本批次的结果%s"}
	// 1 failed file 2 command
	NextCorrect = Text{"correct the rows in %s and run: %s", "更正 %s 中的行后运行：%s"}
	// 1 results 2 command 3 column
	NextCorrectRows = Text{"see column %[3]s in %[1]s; correct the rows and run: %[2]s", "查看 %[1]s 的 %[3]s 列，更正后运行：%[2]s"}
	// 1 results 2 explain command 3 column
	NextHeld = Text{"column %[3]s in %[1]s says what to do about the HELD rows; what their code means: %[2]s", "暂不发送（HELD）的行如何处理，见 %[1]s 的 %[3]s 列；错误码的含义：%[2]s"}
	// 1 explain command 2 command with skip 3 command with renew
	NextHeldSkip = Text{"decide about the bindings that hold the rows back; what the code means: %[1]s; to use them for these rows, without a call: %[2]s; to change them to these rows: %[3]s", "请决定如何处理占着位置的绑定；错误码的含义：%[1]s；原样沿用这些绑定，不发送请求：%[2]s；按本次的行续期：%[3]s"}
	// 1 reconcile command 2 command
	NextHeldDoubt = Text{"calls whose answers were lost hold the rows back; find out what became of these calls: %s; then again: %s", "有应答丢失的请求占着这些行的位置；先查明这些请求的结果：%s；再运行：%s"}
	// 1 results 2 column 3 command with skip 4 command with another
	NextHeldRenew = Text{"the bindings that hold the rows back cannot be changed to these rows: column %[2]s in %[1]s says why; to use them as they are, without a call: %[3]s; to bind another X number for each row: %[4]s", "占着位置的绑定无法按本次的行续期，原因见 %[1]s 的 %[2]s 列；原样沿用这些绑定，不发送请求：%[3]s；各行另占一个中间号：%[4]s"}
	// 1 results 2 explain command 3 column
	NextHeldBeyond = Text{"--when-bound does not help the HELD rows: column %[3]s in %[1]s says what does; what their code means: %[2]s", "暂不发送（HELD）的行无法用 --when-bound 处理，办法见 %[1]s 的 %[3]s 列；错误码的含义：%[2]s"}
	// 1 results 2 column 3 command
	NextHeldAnother = Text{"the bindings that hold the rows back can be neither used nor changed: column %[2]s in %[1]s says what they are; to bind another X number for each row: %[3]s", "占着位置的绑定既不能沿用也不能续期，情况见 %[1]s 的 %[2]s 列；各行另占一个中间号：%[3]s"}
	// 1 when the places are free 2 command 3 command with another
	NextHeldEnded = Text{"the bindings in the places of the HELD rows have ended; the places are free at %s (Beijing time); run then: %s; or at once, with another X number for each row: %s", "暂不发送（HELD）的行，其位置上的绑定均已到期，最迟 %s（北京时间）空出，届时运行：%s；急需时立即另占中间号：%s"}
	// 1 when the places are free 2 command
	NextHeldUntold = Text{"by the service's time, which counts, the places of the HELD rows are free at %s (Beijing time); only this machine's clock is past that; when the service answers, run: %s; if the rows stay HELD, set the clock (NTP)", "暂不发送（HELD）的行，其位置何时空出以服务端时间为准：最迟 %s（北京时间），目前只有本机时钟已过此时；待服务端有应答时运行：%s；若仍为 HELD，请校准本机时钟（NTP）"}
	// 1 explain command, behind NextCorrect or NextCorrectRows
	NextHeldToo = Text{"decide about the HELD rows; what their code means: %s", "暂不发送（HELD）的行需要决定如何处理；错误码的含义：%s"}
	// 1 reconcile command 2 NextNeedsList or blank
	NextUnknown = Text{"UNKNOWN rows are not sent again by themselves; find out what became of them%[2]s: %[1]s", "结果未知（UNKNOWN）的行不会自动重发；请先对账%[2]s：%[1]s"}
	// 1 command, behind NextUnknown
	NextPendingToo = Text{"the same command sends the PENDING rows: %s", "未发送（PENDING）的行，再次运行同一命令即可发送：%s"}
	// 1 reconcile 2 again
	NextUnsettled = Text{"find out what became of the UNKNOWN rows: %s; then again: %s", "先查明结果未知（UNKNOWN）的行是否绑定：%s；再运行：%s"}
	NextNeedsList = Text{" (for rows that name no X add --x-numbers LIST.csv, the pool's X numbers)", "（未指定中间号的行需加 --x-numbers LIST.csv，即号码池的中间号清单）"}
	// 1 by how much 2 command
	NextClockSlow = Text{"set this machine's clock (NTP): it is %s slow by the service's Date; then: %s", "请校准本机时钟（NTP）：按服务端的 Date，本机慢了 %s；然后运行：%s"}
	// 1 by how much 2 command
	NextClockFast = Text{"set this machine's clock (NTP): it is %s fast by the service's Date; then: %s", "请校准本机时钟（NTP）：按服务端的 Date，本机快了 %s；然后运行：%s"}
	// 1 command
	NextClock = Text{"set this machine's clock (NTP), and check that nothing delays calls for minutes on their way; then: %s", "请校准本机时钟（NTP），并检查请求在途中是否被拖延数分钟；然后运行：%s"}
	// 1 command
	NextToken = Text{"put a new key where this one came from (AccessKey id, secret and security token of one issue), or use a RAM role; then: %s", "请在原处更新密钥（同一次签发的 AccessKey ID、Secret 和 SecurityToken），或改用 RAM 角色；然后运行：%s"}
	// 1 number, as the next five; English writes durations as Go does
	DurationHours        = Text{"%s h", "%s 小时"}
	DurationMinutes      = Text{"%s min", "%s 分"}
	DurationWholeMinutes = Text{"%s min", "%s 分钟"}
	DurationSeconds      = Text{"%s s", "%s 秒"}
	DurationMilliseconds = Text{"%s ms", "%s 毫秒"}
	DurationMicroseconds = Text{"%s µs", "%s 微秒"}
	// 1 number
	SpanMinutes = Text{"%d minutes", "%d 分钟"}
	// 1 number
	SpanHours = Text{"%d hours", "%d 小时"}
	// 1 number
	SpanDays = Text{"%d days", "%d 天"}
	// 1 explain command 2 command
	NextRefused = Text{"the cause, the cure and who has to act: %s; once it is mended: %s", "原因、办法和责任人见：%s；处理之后运行：%s"}
)

// What a run says while it goes.
var (
	// 1 rows 2 to send 3 rate
	StartNew = Text{"%d rows, %d to send, at most %g calls/s", "共 %d 行，待发送 %d 行，每秒最多 %g 次调用"}
	// 1 path 2 last run 3 live bindings
	StartJournal = Text{"journal %s: last run %s, live bindings: %d", "台账（journal）%s：上次运行 %s，有效绑定 %d 个"}
	StartKilled  = Text{"that run has no end in the journal: it was killed, its machine stopped, or the disk was full; what it sent is recorded, so no row is bound twice", "台账中没有该次运行的结束记录：它被强制终止、机器停机，或磁盘已满；已发送的都有记录，不会重复绑定"}
	// 1 settled 2 new 3 held 4 gone
	StartResume = Text{"%d settled, %d new, %d held, %d gone", "已有结果 %d 行，新增 %d 行，暂不发送 %d 行，已不在输入中 %d 行"}
	// 1 bytes
	StartTorn = Text{"the last record of the journal was cut off by a crash: %d bytes dropped; the call it stood for was not sent", "台账（journal）末尾有一条因崩溃未写完的记录，已丢弃 %d 字节；先登记再发送，它对应的请求没有发出"}
	// 1 n
	StartHeld = Text{"rows held back because their place is, or may be, taken: %d (see results)", "因位置上有或可能有绑定而暂不发送的行：%d（见结果文件）"}
	// 1 n
	StartUnproven = Text{"rows held back because this file tells of calls that the journal does not know: %d (see results)", "因文件表明已发送过、而台账（journal）没有记录而暂不发送的行：%d（见结果文件）"}
	// 1 n
	StartHeldOver = Text{"rows held back because a binding in their place ended less than 24 hours ago: %d (see results)", "因位置上的绑定到期未满 24 小时而暂不发送的行：%d（见结果文件）"}
	// 1 n
	StartEnded = Text{"BOUND rows whose binding has ended at its Expiration: %d; they stay as they are", "已绑定（BOUND）的行中绑定已到期的：%d，保持不变"}
	// 1 n
	StartWithheld = Text{"UNKNOWN rows with a code that --resend names, not sent: %d (only --resend unknown sends those)", "带 --resend 所给错误码、但结果未知（UNKNOWN）的行：%d；不会发送（只有 --resend unknown 才会）"}
	StartNothing  = Text{"nothing to send", "没有需要发送的行"}
	// 1 n
	StartTaken = Text{"rows that use a live binding: %d", "直接沿用有效绑定的行：%d"}
	// 1 MiB before 2 MiB after
	StartCompact = Text{"journal compacted, %d MiB -> %d MiB", "台账（journal）已压缩，%d MiB -> %d MiB"}
	// 1 rows 2 days
	StartLeft = Text{"%d rows that ended over %d days ago left the journal", "%d 行结束已超过 %d 天，已移出台账（journal）"}
	// 1 why
	StartNotCompacted = Text{"the disk has no room to rewrite the journal, so the journal stays as it is: %s", "磁盘空间不足，无法重写台账（journal），本次保持原样：%s"}
	// 1 code
	StartUntold = Text{"the service did not tell its time (%s): bindings that have ended only by this machine's clock still hold their places, and stay in the journal, until a later run", "未能从服务端得知其时间（%s）：仅按本机时钟已到期的绑定仍占用其位置，也不移出台账（journal），待以后的运行处理"}
	// 1 calls/s
	StartLearned = Text{"an earlier run of this journal was throttled at %.4g calls/s; this one starts just below and goes up from there", "此前的运行在每秒 %.4g 次时被限流；本次从略低处开始，再逐步提高"}
	// 1 rows
	StartRenew = Text{"%d rows renew a live binding (UpdateSubscription); they take no new X number", "%d 行为有效绑定续期（UpdateSubscription），不占用新的中间号"}
	// 1 UNKNOWN rows 2 that are looked up 3 that only a list can find
	StartReconcile = Text{"%d rows are UNKNOWN: %d are looked up by their X number; %d name none and can only be found on a list of X numbers", "结果未知（UNKNOWN）%d 行：其中 %d 行按中间号查询；%d 行未指定中间号，只能按中间号清单查找"}
	SayNeedsList   = Text{"give the list of the pool's X numbers with --x-numbers to find the others", "用 --x-numbers 给出号码池的中间号清单，即可查找其余的行"}
	// 1 how long
	SaySweepWaits = Text{"waiting %s, until no earlier call of these rows can still be executed", "等待 %s，直到这些行先前的请求不会再被执行"}
	// 1 endpoint 2 key
	OnlineKey    = Text{"online: asking %s with key %s, once, by a call that changes nothing", "联机检查：用密钥 %[2]s 向 %[1]s 查询一次，不做任何更改"}
	OnlineNoPool = Text{"online: no pool key is given, so the pool is not asked about", "联机检查：未给出号码池 Key，不检查号码池"}
	OnlineClock  = Text{"online: the clocks agree within a minute", "联机检查：时钟相差在一分钟以内"}
	// 1 by how much
	OnlineAhead = Text{"online: the service's clock is %s ahead of this machine's; it refuses calls that are 15 minutes off: set the clock (NTP)", "联机检查：服务端时钟比本机快 %s；相差 15 分钟的请求会被拒绝，请校准时钟（NTP）"}
	// 1 by how much
	OnlineBehind = Text{"online: the service's clock is %s behind this machine's; it refuses calls that are 15 minutes off: set the clock (NTP)", "联机检查：服务端时钟比本机慢 %s；相差 15 分钟的请求会被拒绝，请校准时钟（NTP）"}
	OnlineFine   = Text{"online: the service answers, and takes the key", "联机检查：服务端有应答，并接受密钥"}
	OnlinePool   = Text{"online: the service answers, takes the key, and knows the pool", "联机检查：服务端有应答，接受密钥，号码池存在"}
	// 1 code 2 meaning 3 who acts
	OnlineRefused = Text{"online: %s: %s (%s)", "联机检查：%s：%s（%s）"}
	// 1 code 2 what came
	OnlineUnread = Text{"online: no answer that says something (%s): %s", "联机检查：没有得到可识别的应答（%s）：%s"}
	OnlineUntold = Text{"online: only a binding can tell whether the key may call BindAxg, whether the groups exist and hold numbers, and how many X numbers are free", "联机检查：以下只有绑定时才能得知：密钥能否调用 BindAxg，G 组是否存在且有号码，空闲中间号有多少"}
	// 1 rows 2 line of the first
	SayVerifyNoID = Text{"%d BOUND rows cannot be asked about: SubsId, SecretNo or PoolKey is missing or damaged (first: line %d)", "%d 行已绑定（BOUND）无法核对：SubsId、SecretNo 或 PoolKey 缺失或已损坏（首个：第 %d 行）"}
	// 1 rows 2 line of the first
	SayVerifyUnlike = Text{"%d rows that are BOUND in these results are not compared: their cells are no longer those that were sent (first: line %d)", "%d 行在结果文件中为已绑定（BOUND），但内容已不是当时发送的，未作核对（首个：第 %d 行）"}
	// 1 rows
	SayVerifyLost = Text{"%d rows got no answer; run again", "%d 行未得到应答，请再次运行"}
	// 1 rows
	SayVerifyUnproven = Text{"%d rows are shown as gone; this is not believed, because known bindings of their pool are not shown either; run again later", "%d 行查询显示已不存在；但同号码池其他已知的绑定也没有如实显示，因此不采信；请稍后再次运行"}
	// 1 fields, each with how many rows ask for it
	SayVerifyUnread = Text{"not compared, because the service does not show it (in how many rows): %s", "服务端未返回，未比较的字段（涉及行数）：%s"}
	// 1 rows 2 equal 3 different 4 unanswered 5 without id 6 lapsed
	SayVerified = Text{"%d rows BOUND: %d equal at the service, %d different, %d without answer, %d that cannot be asked about, %d past their Expiration and not asked about", "已绑定（BOUND）%d 行：与服务端一致 %d，不一致 %d，无应答 %d，无法核对 %d，已过期（未查询）%d"}
	// 1 line 2 field 3 what differs 4 SubsId
	VerifyLine = Text{"line %d: %s: %s (SubsId %s)", "第 %d 行：%s：%s（SubsId %s）"}
	// 1 the row's 2 the service's
	VerifyDiffers     = Text{"the row says \"%s\", the service has \"%s\"", "本行为 \"%s\"，服务端为 \"%s\""}
	VerifyDiffersCure = Text{"nothing to do if an update changed it since; else correct the row, or change the binding: axgbind update", "之后用 axgbind update 更新过的，无需处理；否则更正本行，或用 axgbind update 更新绑定"}
	// 1 SubsId 2 X 3 code
	VerifyGone     = Text{"there is no live binding %[1]s on %[2]s (%[3]s)", "%[2]s 上没有有效的绑定 %[1]s（%[3]s）"}
	VerifyGoneCure = Text{"it was released before its Expiration, or was given an earlier one; if A still needs a number, bind it under a new Expiration", "绑定在过期之前已解绑，或过期时间被改早；A 号码仍需要中间号时，用新的过期时间重新绑定"}
	// 1 rows 2 to release 3 released already 4 left alone 5 none of the plan's
	StartRelease = Text{"%d rows: %d to release, %d released already, %d left alone, %d not bound or not selected", "共 %d 行：待解绑 %d，此前已解绑 %d，未处理 %d，未绑定或未选中 %d"}
	// 1 bindings 2 the file 3 4 commands
	StartUnnamed = Text{"left alone: %d live bindings of this batch, of rows that left its input, are in no row of %s; all that the batch has: %s; %s", "未处理：该批次另有 %d 个有效绑定，其所在行已从输入中移除，不在 %s 的任何一行里；该批次的全部有效绑定：%s；%s"}
	// 1 rows 2 batch 3 results 4 command
	StartOthers = Text{"left alone: %d rows whose bindings belong to batch %s (results %s): %s", "未处理：%d 行的绑定属于批次 %s（结果 %s）：%s"}
	// 1 rows 2 batch 3 results 4 command
	StartOlder = Text{"left alone: %[1]d rows whose bindings batch %[2]s renewed after %[3]s was written: list what it has now: axgbind status %[2]s --bindings > LIST.csv, then: axgbind %[4]s LIST.csv", "未处理：%[1]d 行的绑定在 %[3]s 写出之后已由批次 %[2]s 续期：先列出现有的绑定：axgbind status %[2]s --bindings > LIST.csv，再运行：axgbind %[4]s LIST.csv"}
	// 1 rows 2 batch 3 results 4 command
	StartOthersMay = Text{"left alone: %d rows whose bindings batch %s (results %s) may have renewed: run that batch again first: %s", "未处理：%d 行的绑定可能已由批次 %s（结果 %s）续期：请先再次运行该批次：%s"}
	// 1 rows 2 batch 3 results
	StartRenewedOnly = Text{"left alone: %d rows whose bindings batch %s made (results %s) and this batch renewed: add --renewed", "未处理：%d 行的绑定由批次 %s 创建（结果 %s），本批次只是续期：如要处理，加 --renewed"}
	// 1 rows
	StartForeign = Text{"left alone: %d rows whose bindings no batch of the journal is known to have made: add --foreign; each is then proven by a look-up first", "未处理：%d 行的绑定在台账（journal）中没有已知的创建批次：如要处理，加 --foreign，届时会先逐一查询证实"}
	// 1 rows 2 command
	StartUnsettled = Text{"left alone: %d UNKNOWN rows; nobody knows whether they have a binding: %s", "未处理：%d 行结果未知（UNKNOWN），不知道是否有绑定：%s"}
	// 1 bindings 2 file
	ReleaseTitle = Text{"%d bindings of %s would be released", "将解绑 %[2]s 中的 %[1]d 条绑定"}
	ReleaseHead  = Text{"bindings\tPoolKey\tGroupId\tends", "绑定数\t号码池\tG 组\t到期日"}
	// 1 how many
	ReleaseMore  = Text{"and %d more combinations", "另有 %d 种组合"}
	SayNoneLive  = Text{"no binding of this batch is live: each was released already, or has lapsed", "本批次没有有效的绑定：此前均已解绑，或已过期"}
	SayNoUnknown = Text{"no batch has an UNKNOWN row", "没有批次含有结果未知（UNKNOWN）的行"}
	// 1 command
	NextRelease = Text{"release them: %s", "执行解绑：%s"}
	// 1 command
	NextTried = Text{"bind the file: %s", "绑定整个文件：%s"}
	// 1 results 2 column
	NextReleaseAgain = Text{"run the unbind that was begun once more; column %[2]s of %[1]s says for which rows", "请再次运行已开始的解绑（unbind）；涉及的行见 %[1]s 的 %[2]s 列"}
	// 1 path
	SayKeptResults = Text{"the results there have UNKNOWN rows that are not in this input: they are kept as %s", "原结果文件中有结果未知（UNKNOWN）的行不在本次输入中，原结果已另存为 %s"}
	// 1 results 2 batch 3 pending 4 unknown
	SayNewBatch = Text{"%s: no row that batch %s sent is in this input: a new batch begins; the old one left PENDING %d, UNKNOWN %d", "%s：此处原为批次 %s 的结果，它发送过的行均不在本次输入中：开始新批次；旧批次留下未发送 PENDING %d 行、结果未知 UNKNOWN %d 行"}
	// 1 file 2 batch 3 results
	SayRecognised = Text{"%s: the rows of batch %s, whose results were %s", "%s：批次 %s 的行，其结果文件原为 %s"}
	// 1 batch 2 results 3 input
	SayFromInput = Text{"batch %s has no results at %s: its rows are read from its input %s", "批次 %s 在 %s 没有结果文件：从其输入 %s 读取各行"}
	// 1 path
	SayNoJournal = Text{"no journal at %s: every row counts as new", "%s 处没有台账（journal）：各行均按新行计"}
	// 1 rows 2 new 3 bound 4 held 5 to renew 6 unknown 7 gone
	SayPlan       = Text{"plan: rows %d: new %d, bound already %d, held %d, to renew %d, unknown %d; gone %d", "计划：共 %d 行：新增 %d，已绑定 %d，暂不发送 %d，待续期 %d，结果未知 %d；已不在输入中 %d"}
	Exit0Unbind   = Text{"every binding asked for is released", "所选绑定已全部解绑"}
	Exit0Released = Text{"every row is bound, or was released", "全部行均已绑定或已解绑"}
	// 1 rows
	Exit0Ended      = Text{"every row was bound, or was released; the bindings of %d have ended at their Expiration", "全部行均已绑定或已解绑，其中 %d 行的绑定已到期"}
	Exit0UnbindNone = Text{"nothing to release: no selected row is bound", "无需解绑：选中的行都没有绑定"}
	Exit0DryUnbind  = Text{"nothing was released yet", "尚未解绑任何绑定"}
	Exit3DryUnbind  = Text{"some rows cannot be released; nothing was released yet", "部分行无法解绑；尚未解绑任何绑定"}
	Exit0Plan       = Text{"nothing was sent", "未发送任何请求"}
	Exit3Plan       = Text{"some rows would not be sent as they are; nothing was sent", "部分行按现在的内容不会发送；未发送任何请求"}
	Exit4Plan       = Text{"some rows are UNKNOWN; nothing was sent", "部分行结果未知（UNKNOWN）；未发送任何请求"}
	Exit4PlanGone   = Text{"rows that left the input are UNKNOWN; nothing was sent", "已不在输入里的行中有结果未知（UNKNOWN）的；未发送任何请求"}
	Exit0Verify     = Text{"every BOUND row that has not lapsed agrees with the service", "未过期的已绑定（BOUND）行与服务端全部一致"}
	Exit0VerifyNone = Text{"no row is BOUND: nothing was compared", "没有已绑定（BOUND）的行，未作任何核对"}
	Exit3Verify     = Text{"some BOUND rows do not agree with the service", "部分已绑定（BOUND）的行与服务端不一致"}
	Exit5Verify     = Text{"some BOUND rows got no answer; run again", "部分已绑定（BOUND）的行未得到应答；请再次运行"}
	// 1 numbers
	SayAskFree = Text{"asking which of the %d X numbers on the list are free; nothing is bound meanwhile", "正在查询清单中 %d 个中间号哪些空闲，期间不会绑定"}
	// 1 rows with a number 2 rows 3 requests
	SayFree = Text{"free X numbers for %d of %d rows (%d requests)", "%[2]d 行中有 %[1]d 行分到空闲中间号（查询 %[3]d 次）"}
	// 1 numbers
	SayFreeLost = Text{"%d X numbers gave no answer and are not used", "%d 个中间号未查询到状态，不使用"}
	// 1 pool and city 2 rows 3 numbers
	SayShort = Text{"too few free X numbers on the list: %s: %d rows, %d numbers; the rest stays PENDING", "清单中空闲中间号不足：%s：%d 行，%d 个号码；其余行保持未发送（PENDING）"}
	// 1 how many
	SayMoreShort = Text{"... and %d more cities or pools with too few", "……另有 %d 个城市或号码池号码不足"}
	// 1 done 2 all
	SayAsked = Text{"asked %d of %d", "已查询 %d / %d"}
	// 1 rows 2 bound 3 not bound 4 still unknown
	SaySwept = Text{"swept the list for %d rows: %d are bound, %d are not bound, %d stay UNKNOWN", "按清单对账 %d 行：已绑定 %d，未绑定 %d，仍为结果未知（UNKNOWN）%d"}
	// 1 bindings 2 path 3 command
	SaySweptTwice = Text{"%d BINDINGS TOO MANY: column Reason names their SubsId and X, and %s lists them; what would be released: %s", "多出的重复绑定 %d 条：Reason 列给出其 SubsId 和中间号，清单为 %s；查看将解绑的内容：%s"}
	// 1 numbers
	SaySweptLost = Text{"%d X numbers could not be asked, so no row was called not bound; run again", "%d 个中间号未能查询，因此没有判定任何行为未绑定；请再次运行"}
	// 1 pools
	SaySweptUnlisted = Text{"the list holds no X number of pool %s, so no row of it was called not bound", "清单中没有号码池 %s 的中间号，因此没有判定该号码池的任何行为未绑定"}
	// 1 pools
	SaySweptUnproven = Text{"pool %s has no known live binding that was made after the lost calls, or shortly before; so no row of it was called not bound; bind one row of this pool, then run this again", "号码池 %s 没有在丢失的请求之后（或之前不久）创建的已知绑定可供验证，因此没有判定该号码池的任何行为未绑定；请先绑定该号码池的一行，再运行本命令"}
	// 1 pools
	SaySweptDistrusted = Text{"look-ups of pool %s do not show known live bindings, or contradict each other; so no row of it was called not bound; run this again later; if it stays so, ask the vendor", "号码池 %s 的查询没有如实显示已知的有效绑定，或前后矛盾，因此没有判定该号码池的任何行为未绑定；请稍后再运行本命令，若一直如此请咨询阿里云"}
	// 1 numbers
	SaySweptForeign = Text{"the list is not complete: it lacks %d X numbers that this batch has got; so no row was called not bound", "清单不完整：本批次得到过清单之外的 %d 个中间号，因此没有判定任何行为未绑定"}
	// 1 n
	StartLook = Text{"looking up %d UNKNOWN rows that name their X number", "正在查询 %d 个指定了中间号、结果未知（UNKNOWN）的行"}
	// 1 code
	SayLookBarred = Text{"the service does not allow look-ups (%s): rows whose answer was lost stay UNKNOWN; grant dypls:QuerySubsId and dypls:QuerySubscriptionDetail", "服务端不允许查询（%s）：应答丢失的行仍为结果未知（UNKNOWN）；请授予 dypls:QuerySubsId 和 dypls:QuerySubscriptionDetail 权限"}
	// 1 pool
	SayLookUnproven = Text{"pool %s has no known live binding to check its look-ups by: what they do not show is not taken for gone; bind one row of this pool, then run this again", "号码池 %s 没有可用来验证查询的已知绑定：未查到的绑定不视为不存在；请先绑定该号码池的一行，再运行本命令"}
	// 1 pool
	SayLookDistrusted = Text{"look-ups of pool %s do not show known live bindings, or contradict each other: what they do not show is not taken for gone; run this again later; if it stays so, ask the vendor", "号码池 %s 的查询没有如实显示已知的有效绑定，或前后矛盾：未查到的绑定不视为不存在；请稍后再运行本命令，若一直如此请咨询阿里云"}
	// 1 pool 2 how long at most
	SayLookLags = Text{"look-ups of pool %s show new bindings late: waiting %s at most; you may stop the run meanwhile", "号码池 %s 的查询显示新绑定较慢：至多等待 %s；可以随时中断"}
	// 1 pool
	SayLookMasked = Text{"look-ups of pool %s hide the A number: they settle no row; ask the vendor to show it to this account", "号码池 %s 的查询隐去了 A 号码，无法判定任何行；请联系阿里云对本账号显示完整号码"}
	SayPaused     = Text{"the service is in trouble: sending is paused; single rows probe it", "服务端异常：暂停发送，每次用一行探测"}
	// 1 n 2 of
	SayProbe = Text{"probe %d of %d failed", "第 %d 次探测失败（共 %d 次）"}
	// 1 n
	SayProbeFirst = Text{"probe %d failed", "第 %d 次探测失败"}
	SayResumed    = Text{"a probe succeeded: sending goes on", "探测成功，继续发送"}
	// 1 code
	SayFirstLost = Text{"the first call of this run got no readable answer (%s): no other row is sent until the service answers", "本次运行的首次请求没有得到可识别的应答（%s）：服务端恢复应答之前，不再发送其他行"}
	// 1 code 2 what it means 3 cure
	SayLookRefused = Text{"the service refuses a look-up (%s): %s Rows that need it to prove their binding are left as they are. %s", "服务端拒绝查询（%s）：%s需要它来核实绑定的行保持不变。%s"}
	// 1 how long 2 code
	SayRetryAfter = Text{"the service asks to wait %s (%s): no call is made until then", "服务端要求等待 %s（%s）：在此之前不发送请求"}
	// 1 how long
	SayWaitsCalls = Text{"waiting %s: an earlier call may still be executed on the bindings of some rows", "等待 %s：部分行的绑定上，先前的请求仍可能被执行"}
	// 1 code
	SayStale = Text{"the service says that the credential or the clock is out of date (%s): one row tries again with a fresh credential, the others wait", "服务端认为凭证已过期或时间不准（%s）：先用一行以新凭证重试，其余行等待"}
	// 1 rate 2 percent
	SayRateCut = Text{"slowed to %.1f calls/s: %.0f%% of answers were throttled", "降速到每秒 %.1f 次：%.0f%% 的应答为限流"}
	// 1 rate 2 percent
	SayRateBack = Text{"back to %.1f calls/s: slowing down did not help, %.0f%% of answers are still throttled", "恢复到每秒 %.1f 次：降速无效，仍有 %.0f%% 的应答为限流"}
	// 1 place
	SayPlace = Text{"no X numbers left in %s: its remaining rows stay PENDING", "%s 已无可用中间号：其余行未发送（PENDING）"}
	// 1 code
	SayStaleClock  = Text{"the service refuses the time of a call, which is this machine's (%s): one row tries once more, the others wait", "服务端拒绝请求的时间，即本机时间（%s）：先用一行再试一次，其余行等待"}
	SayDraining    = Text{"stopping: no new rows are sent, waiting for calls under way; a second signal leaves at once", "正在停止：不再发送新行，等待进行中的调用；再发一次信号立即退出"}
	SayLeaveAtOnce = Text{"left at once; the journal has all that was sent: run the same command again", "已立即退出；台账（journal）中有全部已发送的内容：再次运行同一命令即可"}
	// 1 path
	SayResultsBusy = Text{"%s cannot be replaced (open in Excel?); trying for 10 s", "%s 无法替换（是否在 Excel 中打开？），重试 10 秒"}
	// 1 path
	SayKeptNew = Text{"until then the results are in %s", "在此之前，结果在 %s"}
	// 1 path 2 why 3 path of the new one
	SayKeptBeside = Text{"%s %s; it is kept, and the new one is %s", "%s %s，已保留；新文件为 %s"}
	// 1 encoding 2 delimiter
	SayInput    = Text{"input: %s, %s", "输入：%s，%s"}
	SayPrefixed = Text{"the input has columns with our names, so the results columns are called AxgLine, AxgStatus, ...", "输入中有同名列，结果列改名为 AxgLine、AxgStatus……"}
	SayNoPool   = Text{"no pool key: bind needs --pool-key or a column PoolKey", "没有号码池 Key：bind 需要 --pool-key 或 PoolKey 列"}
	// 1 column 2 header 3 cure
	SayUnread = Text{"warning: column %[1]s (%[2]s) is not read and goes into no call; %[3]s", "警告：%[1]s 列（%[2]s）不会被读取，也不会发送；%[3]s"}
	// 1 what 2 cure
	SayRemark = Text{"note: %[1]s; %[2]s", "提示：%[1]s；%[2]s"}
	// 1 field 2 flag
	ColumnMap = Text{"if it is %[1]s, add %[2]s", "如果它就是 %[1]s，请加上 %[2]s"}
	// 1 field
	ColumnRename = Text{"if it is %[1]s, rename its header to %[1]s", "如果它就是 %[1]s，请把表头改为 %[1]s"}
	// 1 field
	ColumnZone = Text{"if it is %[1]s, convert its times to Beijing time and rename its header to %[1]s", "如果它就是 %[1]s，请先把时间换算为北京时间，再把表头改为 %[1]s"}
	// 1 field
	ColumnTruth = Text{"if it is %[1]s, write true and false in its cells, for 1 is read as yes, and rename its header to %[1]s", "如果它就是 %[1]s，请把单元格改写为 true 和 false（1 读作“是”），再把表头改为 %[1]s"}
	// 1 path
	SayNetworkFS = Text{"%s is on a network file system, where locks and fsync may fail; put it on a local disk with --journal", "%s 在网络文件系统上，锁和落盘可能不可靠；请用 --journal 放到本地磁盘"}
)

// Confirmation.
var (
	// 1 calls 2 duration
	AskRun = Text{"about to make up to %d real BindAxg calls, in about %s", "即将发起最多 %d 次真实的 BindAxg 调用，约需 %s"}
	// 1 path
	AskInit    = Text{"no journal at %s: nothing is known of what was bound before. Begin a journal there?", "%s 处没有台账（journal）：以前绑定过的一概不知。在此开始新的台账吗？"}
	AskLate    = Text{"the earliest Expiration, %s, comes before that; rows not sent in time become INVALID", "最早的过期时间 %s 会先到；来不及发送的行将变为无效（INVALID）"}
	AskGo      = Text{"go on? [y/N] ", "继续吗？[y/N] "}
	AskRefused = Text{"not confirmed; nothing was sent\nanswer y, or use --yes", "未确认，未发送任何请求\n回答 y，或使用 --yes"}
	AskStopped = Text{"stopped at the question; nothing was sent\nrun the same command again", "在提问处被中止，未发送任何请求\n再次运行同一命令即可"}
)

// Progress.
var (
	// 1 elapsed 2 eta, in words
	ProgressTime = Text{"%s, %s", "已用 %s，%s"}
	// 1 eta
	ProgressETA = Text{"eta %s", "预计还需 %s"}
	// nobody knows
	ProgressNoETA = Text{"eta unknown", "剩余时间未知"}
	// 1 n, as the next six
	ProgressBound    = Text{"bound %d", "已绑定 %d"}
	ProgressReleased = Text{"released %d", "已解绑 %d"}
	ProgressFailed   = Text{"failed %d", "失败 %d"}
	ProgressInvalid  = Text{"invalid %d", "无效 %d"}
	ProgressUnknown  = Text{"unknown %d", "结果未知 %d"}
	ProgressPending  = Text{"not sent %d", "未发送 %d"}
	ProgressLeft     = Text{"left %d", "剩余 %d"}
	ProgressBefore   = Text{"settled before %d", "此前已有结果 %d"}
	// 1 calls a second 2 asked for 3 in flight
	ProgressCalls = Text{"%.1f of %g calls/s  in flight %d", "每秒 %.1f 次，上限 %g  进行中 %d"}
	// 1 p50 2 p99
	ProgressLatency = Text{"p50 %s  p99 %s", "p50 %s  p99 %s"}
	ProgressPaused  = Text{"slow: the service is in trouble; sending is paused, single rows probe it", "变慢原因：服务端异常，已暂停发送，每次只用一行探测"}
	// 1 limit
	ProgressThrottled = Text{"slow: throttled, limit cut to %.1f calls/s", "变慢原因：被限流，上限降到每秒 %.1f 次"}
	// 1 rows
	ProgressLooking = Text{"slow: waiting for look-ups of %d rows whose answer was lost", "变慢原因：%d 行应答丢失，正在等待查询结果"}
	// 1 rows
	ProgressWaiting = Text{"slow: %d rows wait until earlier calls on their bindings are past", "变慢原因：%d 行在等待，直到先前对其绑定的请求不会再被执行"}
	ProgressAsked   = Text{"slow: the service asked to wait before the next call", "变慢原因：服务端要求稍后再发送"}
	// 1 calls
	ProgressInFlight = Text{"slow: %d calls are in flight, the most allowed (latency, --max-inflight)", "变慢原因：%d 个并发已占满（延迟高，或 --max-inflight 偏小）"}
	// 1 step 2 steps 3 findings 4 eta, in words
	ProgressReading = Text{"pass %d of %d  findings %d  %s", "第 %d/%d 遍  问题 %d  %s"}
)
