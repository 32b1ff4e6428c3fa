package report

// What explain says.
var (
	ExplainCodes   = Text{"Codes of the service, and of what became of a call:", "服务的错误码，以及调用结果的代码："}
	ExplainRules   = Text{"Rules that a row is checked against before it is sent:", "发送前逐行检查的规则："}
	ExplainMeaning = Text{"meaning", "含义"}
	ExplainClass   = Text{"class", "类别"}
	ExplainDoes    = Text{"axgbind", "处理"}
	ExplainCause   = Text{"cause", "原因"}
	ExplainCure    = Text{"cure", "办法"}
	ExplainWho     = Text{"who", "责任人"}
	ExplainSource  = Text{"source", "来源"}
	DoesDone       = Text{"records the row as BOUND; it is never sent again", "该行记为已绑定（BOUND），不会重发"}
	DoesThrottled  = Text{"waits at least 1 s, slows the run down, and sends the row again; the call was not executed", "至少等待 1 秒并降速，然后重发该行；请求未被执行"}
	DoesNotSent    = Text{"tries again up to --retries times, then pauses the run and probes; if that fails, stops with status 5; the row stays PENDING", "最多重试 --retries 次，之后暂停并探测，仍失败则以状态 5 停止；该行保持未发送（PENDING）"}
	DoesStale      = Text{"fetches the credential anew and tries once more; a second time stops the run with status 7", "重新获取凭证再试一次；再次出现则以状态 7 停止"}
	DoesStaleClock = Text{"tries once more, with the time at that moment; a second time stops the run with status 7", "以当时的时间再试一次；再次出现则以状态 7 停止"}
	DoesRow        = Text{"records the row as FAILED and goes on; if the first 20 rows all get the same refusal, stops with status 8", "该行记为失败（FAILED）并继续；若最先发送的 20 行全部以同一原因被拒，则以状态 8 停止"}
	DoesCapacity   = Text{"leaves the row PENDING; 20 such answers in a row, for different A numbers, stop that pool and city; status 5", "该行保持未发送（PENDING）；来自不同 A 号码的连续 20 次此类应答会停止该号码池和城市；状态 5"}
	DoesAccount    = Text{"stops sending at once, leaves the other rows PENDING, and ends with status 7", "立即停止发送，其余行保持未发送（PENDING），以状态 7 结束"}
	DoesAmbiguous  = Text{"records the row as UNKNOWN and never sends it again by itself; 20 such rows one after the other pause the run", "该行记为结果未知（UNKNOWN），绝不自动重发；连续 20 次会暂停运行"}
	DoesHold       = Text{"holds the row back as HELD; it is not sent until somebody decides", "该行记为暂不发送（HELD），等人决定之前不发送"}
	DoesTake       = Text{"uses the earlier binding for this row: BOUND, not sent", "沿用已有绑定：该行记为已绑定（BOUND），不发送"}
	DoesLeave      = Text{"leaves the row PENDING without sending it; run again when the pool has numbers", "不发送该行，保持未发送（PENDING）；号码池有号后再次运行"}
	DoesInvalid    = Text{"records the row as INVALID; it is not sent", "该行记为无效（INVALID），不发送"}
	DoesWarn       = Text{"warns and sends the row all the same; the service decides", "给出警告但照常发送，由服务端判断"}
)

// Help.
var (
	HelpRoot         = Text{"bind phone numbers to middle numbers in bulk, safely", "批量绑定中间号（X 号码），可以放心重跑"}
	HelpBind         = Text{"check, then bind every row of a CSV", "检查并绑定 CSV 的每一行"}
	HelpBindLong     = Text{"Checks every row, makes one BindAxg call per valid row, and writes the results beside\nthe input. Each call is recorded in the journal before it is sent; one journal serves all\nbatches (axgbind journal --help). So the same command goes on after any crash, and no row\nis bound twice, from whatever file. A row whose place is taken by another binding is HELD:\n--when-bound decides.\n\nBefore the first real batch, --trial LINE finds out with one row which assumptions about\nthe service hold: it makes one binding, a batch of its own (INPUT base + .trial.csv),\nlooks it up, changes its Expiration, releases it and prints a table to keep. Afterwards\nthe file is bound as if there had been no trial.", "检查每一行，为每个有效行调用一次 BindAxg，并把结果写在输入文件旁边。先登记再发送：每次\n调用都先记入台账（journal），再发给服务端；台账由所有批次共用（见 axgbind journal --help）。\n因此任何中断之后用同一命令即可继续，无论来自哪个文件，都不会重复绑定。位置已被其他绑定\n占用的行暂不发送（HELD），由 --when-bound 决定。\n\n第一批真实绑定之前，--trial 行号 用一行查明对服务的哪些假定成立：建立一条绑定（自成一个\n批次，结果文件为去掉 .csv 的输入文件名加 .trial.csv），查询、修改 Expiration、解绑，并打印\n一张可保存的表。之后整个文件照常绑定，如同没有试绑过。"}
	HelpBindExample  = Text{"  axgbind bind --simulate samples/bindings.csv\n  axgbind bind july.csv --pool-key FC100000000000001 --rate 500\n  axgbind bind july.csv --pool-key FC100000000000001 --limit 10     # 10 rows first; run again to go on\n  axgbind bind july.csv --pool-key FC100000000000001 --dry-run      # what would be sent\n  axgbind bind july.csv --pool-key FC100000000000001 --trial 2      # first contact: one row, released again\n  axgbind bind night.csv --pool-key FC100000000000001 --default Expiration=+30d \\\n      --when-bound renew --renew-before 7d --at-most 5000           # every night", "  axgbind bind --simulate samples/bindings.csv\n  axgbind bind july.csv --pool-key FC100000000000001 --rate 500\n  axgbind bind july.csv --pool-key FC100000000000001 --limit 10     # 先试 10 行，再次运行继续\n  axgbind bind july.csv --pool-key FC100000000000001 --dry-run      # 只看会发送什么\n  axgbind bind july.csv --pool-key FC100000000000001 --trial 2      # 首次联调：试绑一行，随后解绑\n  axgbind bind night.csv --pool-key FC100000000000001 --default Expiration=+30d \\\n      --when-bound renew --renew-before 7d --at-most 5000           # 每晚：已绑定的续期，新的绑定"}
	HelpCheck        = Text{"find every fault of a CSV; no network, nothing is written", "检查 CSV 的所有问题；不联网，不写文件"}
	HelpCheckLong    = Text{"The checks of bind, and nothing else: no network, no credentials, no journal. Findings\ngo to standard output. Rows whose Expiration comes before their turn at --rate are among\nthem. Only --online asks the service.", "与 bind 相同的检查，仅此而已：不联网、不需要凭证、不碰台账（journal）。发现的问题写到标准输出，\n其中包括按 --rate 还没轮到发送就会过期的行。只有 --online 会询问服务端。"}
	HelpCheckExample = Text{"  axgbind check samples/mixed.csv\n  axgbind check export.csv --map Tel=PhoneNoA --default GroupId=2000000000001", "  axgbind check samples/mixed.csv\n  axgbind check export.csv --map Tel=PhoneNoA --default GroupId=2000000000001"}
	HelpUpdate       = Text{"change live bindings: renew them, or give them another B, group, restriction", "更新有效绑定：续期，或更换 B 号码、G 组、呼叫限制"}
	HelpUpdateLong   = Text{`Makes one UpdateSubscription call for each thing that is to change of the bindings that FILE names: the results of a
batch, or a list with the new values that names each binding by PoolKey, SecretNo and SubsId, or by PoolKey, PhoneNoA and
GroupId where one binding lives (axgbind status --bindings writes one). --field says what changes; without it, Expiration.
Of a batch's results, what another batch renewed since is left alone (HELD), and so is a row that would undo what was
changed after its file was written. It takes no new X number, and may be run again at any time: a call whose answer was
lost is made again. It does not offer three other changes of the service: updateNoA (axgbind knows a binding by its A),
updateCallDisplayType and updateAsr (no look-up shows for certain what they did).`,
		`对文件指明的每条绑定，每项更改发送一次 UpdateSubscription。文件可以是批次的结果文件，也可以是含新值的清单，以 PoolKey、SecretNo
和 SubsId 指明绑定；只有一条有效绑定时，PoolKey、PhoneNoA 和 GroupId 即可（axgbind status --bindings 可写出清单）。
--field 指定要更新的字段，缺省为 Expiration（续期）。按批次的结果文件更新时，其他批次之后续期过的不动（暂不发送 HELD）；
会撤回该文件写出之后变更的行也不动。不占用新的中间号，可随时重跑：应答丢失的请求会再次发送。服务端另有三种更改，本命令不提供：
updateNoA（axgbind 靠 A 号码识别绑定）、updateCallDisplayType 和 updateAsr（查询不一定能确认改后的结果）。`}
	HelpUpdateExample = Text{"  axgbind update july.results.csv --pool-key FC100000000000001      # new Expiration in the file\n  axgbind update moved.csv --field PhoneNoB --field GroupId --pool-key FC100000000000001\n  axgbind status july.results.csv --bindings > live.csv             # a list, to change and feed to update", "  axgbind update july.results.csv --pool-key FC100000000000001      # 文件中已改为新的过期时间，用于续期\n  axgbind update moved.csv --field PhoneNoB --field GroupId --pool-key FC100000000000001\n  axgbind status july.results.csv --bindings > live.csv             # 写出清单，修改后交给 update"}
	HelpUnbind        = Text{"undo: release the bindings of a batch, or a part of them", "撤销：解绑批次的全部或部分绑定"}
	HelpUnbindLong    = Text{`Makes one UnbindSubscription call for the binding of each BOUND row of a batch, named by its results or id, or of a list that
names bindings as update takes it. Without --yes it only tells what would be released, by pool, group and day of Expiration.
It releases what the batch made and still holds. What another batch made, or renewed since, is HELD and named with its
holder: --renewed also releases what this batch only renewed, --foreign what the journal does not know. A binding that is
gone already counts as released, and the command may be run again at any time. SecretNo and SubsId come from the journal;
ids that only the file tells are compared with the service first, and a row whose id a spreadsheet damaged is refused.
A released row is not bound again, unless by bind --resend released.`,
		`对批次（以结果文件或编号指明）中每个已绑定（BOUND）行的绑定调用一次 UnbindSubscription；也可用于指明绑定的清单，形式与 update 相同。
不加 --yes 时只列出将要解绑的内容（按号码池、G 组（GroupId）和到期日）。解绑的是该批次创建并仍持有的绑定；其他批次创建的、之后续期过的
暂不发送（HELD），并列出持有者：--renewed 也解绑本批次只是续期过的，--foreign 也解绑台账（journal）不知道来历的。已不存在的绑定视为已解绑，
命令可随时重跑。SecretNo 和 SubsId 取自台账；仅文件给出的 ID 会先与服务端核对，被表格软件损坏的行会被拒绝。
已解绑的行不会再次绑定，除非用 bind --resend released。`}
	HelpUnbindExample = Text{"  axgbind unbind july.results.csv                       # what would be released\n  axgbind unbind july.results.csv --yes                 # release it\n  axgbind unbind july.results.csv --only 城市=北京 --yes\n  axgbind unbind july.results.csv --lines 2-11 --yes    # a part first\n  axgbind unbind july.results.duplicates.csv --yes      # those that reconcile listed\n  axgbind unbind august.results.csv --renewed --yes     # also what August only renewed", "  axgbind unbind july.results.csv                       # 列出将要解绑的内容\n  axgbind unbind july.results.csv --yes                 # 执行解绑\n  axgbind unbind july.results.csv --only 城市=北京 --yes\n  axgbind unbind july.results.csv --lines 2-11 --yes    # 先解绑一部分\n  axgbind unbind july.results.duplicates.csv --yes      # 解绑对账列出的重复绑定\n  axgbind unbind august.results.csv --renewed --yes     # 也解绑八月只是续期过的"}
	HelpVerify        = Text{"compare BOUND rows with the service; changes nothing", "核对：把已绑定（BOUND）的行与服务端比较；不做任何更改"}
	HelpVerifyLong    = Text{`Asks the service about every BOUND row of a batch, named by its results or id, at most 1,000 a second: is the binding live, and are A, B, X, group,
Expiration, recording, call restriction and speech recognition those of the row? Rows past their Expiration are only counted.
City, OutId, OutOrderId, display type and ring tones cannot be read back; what was not compared is named.
Differences go to standard output, and one by one to --findings. Nothing is changed.`,
		`向服务端逐行查询批次（以结果文件或编号指明）中已绑定（BOUND）的行，每秒至多 1000 次：绑定是否有效，A 号码、B 号码、中间号、
G 组（GroupId）、过期时间、录音、呼叫限制、语音识别是否与本行一致。
城市、OutId、OutOrderId、显号类型、彩铃无法读回；未比较的字段会列出。已过期的行只计数，不查询。不一致之处写到标准输出，--findings 逐条列出。不做任何更改。`}
	HelpVerifyExample = Text{"  axgbind verify july.results.csv\n  axgbind verify july.results.csv --findings differences.csv", "  axgbind verify july.results.csv\n  axgbind verify july.results.csv --findings differences.csv"}
	HelpReconcile     = Text{"find out what became of UNKNOWN rows; sends nothing", "对账：查清结果未知的行；不发送绑定请求"}
	HelpReconcileLong = Text{`Finds out what became of the UNKNOWN rows of a batch, named by its results or id, and writes its results anew. It binds
nothing.

Rows that name their X, or got one by --x-numbers, are looked up. Other rows can only be found on a list of the pool's
X numbers: each is asked what it is bound to, at most 1,000 a second. A row that is not found stays UNKNOWN, unless
--list-is-complete says that the list holds every X number of the pool: then it is PENDING, and the next bind sends it.`,
		`查清批次（以结果文件或编号指明）中结果未知（UNKNOWN）的行，并重写结果文件；不发送绑定请求。

指定了中间号或由 --x-numbers 选号的行直接查询。其余的行只能按号码池的中间号清单查找：逐个查询绑定关系，每秒至多 1000 次。
未找到的行仍为结果未知；用 --list-is-complete 声明清单包含号码池的全部中间号时，未找到的行判定为未绑定，
状态变为未发送（PENDING），下次 bind 会发送。`}
	HelpReconcileExample = Text{"  axgbind reconcile july.results.csv\n  axgbind reconcile july.results.csv --x-numbers pool.csv --list-is-complete", "  # 对账\n  axgbind reconcile july.results.csv\n  axgbind reconcile july.results.csv --x-numbers pool.csv --list-is-complete"}
	HelpSimulate         = Text{"serve the simulated service on loopback", "在本机运行模拟服务"}
	HelpSimulateLong     = Text{`Plays the service in memory: signatures, pools, cities, refusals, limits and faults. Prints one line with its address
when ready and serves until a signal. AccessKeyId testid, secret testsecret, pool FC100000000000001. It follows the
public documents and was never compared with the live service.

Faults, --fault KIND=P:
  flow-limit, throttling                  refused by the product, by the gateway
  system-error, http-503, drop-before     error, error page, cut connection; not executed
  system-error-executed, http-503-executed, drop-after
                                          the same, but executed
  drop-late                               cut now, executed 12 s later
  slow                                    executed and answered after 30 s
  ram-deny                                the key may not call
  id-twice, id-twice-any                  executed, answered with the SubsId of the first binding, of any earlier one
  code:CODE, code-executed:CODE           any code

Other readings of the documents, --assume KEY=VALUE:
  free-x=null, absent or a code           what QuerySubsId says of a free X instead of an empty SubsId
  ended-detail=CODE, lapsed-update=CODE, old-unbind
                                          a binding that has ended: its details, its update, its release
  detail-hides=FIELD,FIELD, created-utc, status-turned
                                          details without fields; GmtCreate in UTC; Status 0 while live
  unknown-x=CODE, same-a=conflict or no-number
                                          an X that is not the pool's; a second X for an A
  strict-groups, bad-group=CODE, short-names
                                          groups never made, their code; names of 16 characters at most
  no-date, need-host, need-tls, uncertified
                                          no Date header; host signed; https only; X numbers not certified

Look inside: GET /simulator/bindings, numbers, stats. Act as others would: POST /simulator/release, change, with SubsId,
SecretNo and the new value.`,
		`在内存中模拟服务：签名、号码池、城市、业务拒绝、限流和故障。就绪后打印一行地址，直到收到信号。
AccessKeyId testid，密钥 testsecret，号码池 FC100000000000001。依据公开文档实现，没有与真实服务对照过。

故障，--fault KIND=P：
  flow-limit、throttling                  业务限流、网关限流
  system-error、http-503、drop-before     错误、错误页面、连接断开；未执行
  system-error-executed、http-503-executed、drop-after
                                          同上，但已执行
  drop-late                               立即断开，12 秒后执行
  slow                                    30 秒后执行并应答
  ram-deny                                密钥没有权限
  id-twice、id-twice-any                  已执行，但返回第一条、任一条更早绑定的 SubsId
  code:CODE、code-executed:CODE           任意错误码

文档没有说清之处的其他解释，--assume KEY=VALUE：
  free-x=null、absent 或错误码            查询空闲中间号的 SubsId 时的应答
  ended-detail=CODE、lapsed-update=CODE、old-unbind
                                          已结束的绑定：其详情、更新、解绑
  detail-hides=FIELD,FIELD、created-utc、status-turned
                                          详情缺少字段；GmtCreate 为 UTC 时间；有效时 Status 为 0
  unknown-x=CODE、same-a=conflict 或 no-number
                                          不属于号码池的中间号；同一 A 号码的第二个中间号
  strict-groups、bad-group=CODE、short-names
                                          未建立的 G 组及其错误码；名称最多 16 个字符
  no-date、need-host、need-tls、uncertified
                                          没有 Date；签名须含主机名；只接受 https；中间号未认证

查看内部状态：GET /simulator/bindings、numbers、stats。模拟他人操作：POST /simulator/release、change，
参数为 SubsId、SecretNo 和新的值。`}
	HelpSimulateExample = Text{"  axgbind simulate --latency 80ms --qps 500\n  axgbind simulate --fault drop-after=0.01 --fault throttling=0.05 --seed 7", "  axgbind simulate --latency 80ms --qps 500\n  axgbind simulate --fault drop-after=0.01 --fault throttling=0.05 --seed 7"}
	HelpTemplate        = Text{"write an input CSV with every column and one example row", "生成包含所有列和一行示例的输入 CSV"}
	HelpTemplateExample = Text{"  axgbind template -o bindings.csv", "  axgbind template -o bindings.csv"}
	HelpVersion         = Text{"print the version", "显示版本"}
	HelpExplain         = Text{"what a code or rule means, what axgbind does, and the cure", "解释错误码或规则：含义、处理方式和办法"}
	HelpExplainLong     = Text{"Explains a code of the service, an outcome of a call or a rule for rows: meaning, class, what\naxgbind does, cause, cure and who must act. Without an argument it lists them all.", "解释服务的错误码、调用结果或行规则：含义、类别、axgbind 的处理、原因、办法和责任人。\n不带参数时列出全部。"}
	HelpExplainExample  = Text{"  axgbind explain isv.BIND_CONFLICT\n  axgbind explain mobile-length --lang zh\n  axgbind explain", "  axgbind explain isv.BIND_CONFLICT\n  axgbind explain mobile-length --lang zh\n  axgbind explain"}
	HelpForget          = Text{"rewrite the journal without a phone number", "重写台账（journal），去掉某个号码"}
	HelpForgetLong      = Text{"Rewrites the journal without these phone numbers: their masked form takes their place. Hashes and ids stay,\nso the journal knows the same. It refuses a number that is still needed, because a binding of it may live or a\ncall about it is in doubt. Simulated journals and old copies in the folder of the journal (*.damaged, *.moved,\n*.kept.*) lose the numbers too. Then it lists, one a line, every known file that still holds one: inputs,\nresults, logs and what else is in that folder. Delete those yourself.", "重写台账（journal），去掉这些号码，原处只留脱敏后的号码；哈希值和 ID 不变，台账所知不变。\n号码的绑定可能仍有效、或有相关请求结果未知时，号码仍然需要，命令会拒绝。台账目录中的演练\n台账和旧副本（*.damaged、*.moved、*.kept.*）也一并去掉。之后逐行列出仍含这些号码的已知文件：\n输入、结果、日志，以及该目录中的其他文件，请自行删除。"}
	HelpForgetExample   = Text{"  axgbind journal forget 13800138000 --dry-run    # only tell\n  axgbind journal forget 13800138000 \"+86 139 0013 9000\"", "  axgbind journal forget 13800138000 --dry-run    # 只看会做什么\n  axgbind journal forget 13800138000 \"+86 139 0013 9000\""}
	HelpStatus          = Text{"every batch of the journal, or how one stands", "台账（journal）中的全部批次，或某一批次的状态"}
	HelpStatusLong      = Text{"Reads the journal, whether a run goes on or not, and changes nothing. Without BATCH it lists every batch,\nthe one that ran last first: where its rows stand and how its last run ended. With BATCH it tells of that\none alone: which bindings other batches renewed since, and its last five runs. BATCH is the path of the\nresults, wherever they stand now, or the id of the batch. A binding is live until its Expiration.\n\n--bindings lists the live bindings, those that BATCH holds or all, as CSV that update and unbind take. It\nholds full numbers: keep it as you keep the results.", "读取台账（journal），无论有无运行正在进行，不做任何改动。不指定 BATCH 时列出全部批次，最近运行的在前：\n各状态行数，以及最近一次运行如何结束。指定 BATCH 时只说明该批次：哪些绑定之后由其他批次续期，以及最近\n五次运行。BATCH 为结果文件路径（移动过也可），或批次编号。绑定在过期时间之前有效。\n\n--bindings 以 CSV 列出有效绑定（BATCH 持有的，或全部），可直接用于 update（更新）和 unbind（解绑）。其中是完整号码：\n请与结果文件一样妥善保管。"}
	HelpStatusExample   = Text{"  axgbind status                              # every batch\n  axgbind status july.results.csv\n  axgbind status --bindings > live.csv        # full numbers", "  axgbind status                              # 全部批次\n  axgbind status july.results.csv\n  axgbind status --bindings > live.csv        # 完整号码"}
	HelpRootLong        = Text{"axgbind reads rows of A, B, group and expiration from a CSV, checks them, makes one\nrate-limited BindAxg call per row, and writes a results CSV with X numbers, binding\nids and error codes. Running it again is always safe: what is bound is not sent again.", "axgbind 从 CSV 读取 A 号码、B 号码、G 组（GroupId）和过期时间，逐行检查，按限速为每行调用一次\nBindAxg，并写出包含中间号（X 号码）、绑定关系 ID 和错误码的结果 CSV。随时可以重跑：已绑定的行不会重发。"}
	HelpRootExample     = Text{"  axgbind template -o bindings.csv               # a file to fill in\n  axgbind check bindings.csv                     # find every fault, send nothing\n  axgbind bind --simulate bindings.csv           # rehearse without the service\n  axgbind journal init                           # once: the record of what is bound\n  axgbind bind bindings.csv --pool-key FC1...    # the real thing", "  axgbind template -o bindings.csv               # 生成待填写的文件\n  axgbind check bindings.csv                     # 检查所有问题，不发送\n  axgbind bind --simulate bindings.csv           # 不连服务先演练\n  axgbind journal init                           # 只做一次：新建台账（journal）\n  axgbind bind bindings.csv --pool-key FC1...    # 正式绑定"}
	HelpHelp            = Text{"help about any command, or a page of the reference", "查看命令的帮助，或参考手册的一页"}
	HelpUsage           = Text{"Usage:", "用法："}
	HelpCommands        = Text{"Commands:", "命令："}
	// 1 topic
	HelpTopic       = Text{"More: axgbind help %s", "更多说明：axgbind help %s"}
	HelpTopics      = Text{"Reference, axgbind help TOPIC:", "参考手册，用 axgbind help TOPIC 查看："}
	HelpExamples    = Text{"Examples:", "示例："}
	HelpFlags       = Text{"Flags:", "参数："}
	HelpFlagsInput  = Text{"How the input is read:", "读取输入："}
	HelpFlagsFiles  = Text{"Files:", "文件："}
	HelpFlagsCalls  = Text{"Calls, and when to stop:", "调用与停止："}
	HelpFlagsScreen = Text{"What is shown:", "显示："}
	HelpGlobalFlags = Text{"Global flags:", "全局参数："}
	HelpStatuses    = Text{"Exit statuses:", "退出状态："}
	HelpStatusList  = Text{"  0 every row bound (check: valid)     6 input refused\n  1 internal or I/O error              7 key, account or pool refused\n  3 some rows FAILED, INVALID or HELD  8 too many failures\n  4 some rows UNKNOWN                 10 usage or configuration error\n  5 some rows PENDING, run again      11 another run holds the journal\n  129/130/143 stopped by a signal, calls under way finished, run again",
		"  0 全部绑定（check：全部有效）        6 输入文件被拒绝\n  1 内部或读写错误                     7 密钥、账号或号码池被拒绝\n  3 部分行失败、无效或暂不发送         8 失败过多\n  4 部分行结果未知（UNKNOWN）         10 用法或配置错误\n  5 部分行未发送（PENDING），再次运行 11 台账正被另一个运行使用\n  129/130/143 收到信号，进行中的调用已完成，请再次运行"}
	// 1 command
	HelpMore = Text{"axgbind %s --help tells more about a command.", "用 axgbind %s --help 查看某个命令的更多说明。"}
)

// Parts of help.
var (
	// 1 value
	HelpDefault  = Text{" (default %s)", "（默认 %s）"}
	HelpAnyFlags = Text{"[flags]", "[参数]"}
	HelpText     = Text{"string", "文本"}
	HelpNumber   = Text{"float", "数字"}
	HelpInteger  = Text{"int", "整数"}
	HelpDuration = Text{"duration", "时长"}
)

// Completion of a shell.
var (
	HelpCompletion        = Text{"make a shell complete commands, flags and codes", "让命令行补全命令、参数和错误码"}
	HelpCompletionLong    = Text{"Prints a script for the shell. Load it once, or put it where the shell finds it at its\nstart. TAB then offers commands, flags, their values, CSV files, and the codes of explain. bash\nneeds the package bash-completion.", "输出 shell 的补全脚本。可临时加载，也可放到 shell 启动时读取的位置。之后按 TAB 会提示命令、\n参数、参数取值、CSV 文件，以及 explain 的错误码。bash 需要安装 bash-completion。"}
	HelpCompletionExample = Text{"  source <(axgbind completion bash)                                       # for now\n  axgbind completion bash | sudo tee /etc/bash_completion.d/axgbind       # bash, for good\n  axgbind completion zsh > \"${fpath[1]}/_axgbind\"                         # zsh\n  axgbind completion fish > ~/.config/fish/completions/axgbind.fish       # fish\n  axgbind completion powershell >> $PROFILE                               # PowerShell", "  source <(axgbind completion bash)                                       # 仅本次\n  axgbind completion bash | sudo tee /etc/bash_completion.d/axgbind       # bash，长期有效\n  axgbind completion zsh > \"${fpath[1]}/_axgbind\"                         # zsh\n  axgbind completion fish > ~/.config/fish/completions/axgbind.fish       # fish\n  axgbind completion powershell >> $PROFILE                               # PowerShell"}
	// 1 what was typed
	ErrShell = Text{"completion needs the name of one shell, got \"%s\"\ntype one of: axgbind completion bash, zsh, fish, powershell", "completion 需要一个 shell 的名称，实际为 \"%s\"\n请使用 axgbind completion 加 bash、zsh、fish 或 powershell"}
)
