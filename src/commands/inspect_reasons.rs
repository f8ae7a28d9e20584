//! The reasons, notes and remarks that reading gives, in Chinese: every sentence that `ingest` says of
//! an input that it can read.

use super::inspect_words::Sentence;

/// The reasons that reading gives. The longer one stands first, for the first that fits is taken.
pub(super) const REASONS: &[Sentence] = &[
    (
        "{} between the fields, {} fields in record {}, {} of them known by name",
        "以 {0} 分隔，第 {2} 条记录有 {1} 个字段，其中 {3} 个列名已识别",
    ),
    (
        "WARNING: {} of {} rows have an id that a spreadsheet rounded (1.23E+17) and are refused: different conversations would be one; export again with the ids as text",
        "警告：{1} 行中有 {0} 行的编号已被电子表格四舍五入（1.23E+17），不予采用：不同会话会被当成同一个；请把编号设为文本后重新导出",
    ),
    ("begins as a spreadsheet file does", "文件开头为电子表格"),
    ("begins as an old Excel file does (compound file)", "文件开头为旧版 Excel（复合文档）"),
    ("begins as an OpenDocument spreadsheet does", "文件开头为 OpenDocument 电子表格"),
    ("begins as a Parquet file does", "文件开头为 Parquet"),
    ("begins as an Arrow file or stream does", "文件开头为 Arrow 文件或数据流"),
    (
        "sheet {} has the same header and is read too; its row 1 is called {}",
        "工作表 {0} 的表头相同，一并读取；其第 1 行编号为 {1}",
    ),
    ("sheet {} is read, not: {}", "读取工作表 {0}，未读取：{1}"),
    (
        "each cell of column {} holds a whole conversation, split into its turns; rows count turns",
        "列 {0} 的每个单元格是一整段会话，已按发言拆分；行数按发言计",
    ),
    (
        "each row holds messages of several writers, in this order: {}; rows count messages",
        "每行含多方消息，依次为：{0}；行数按消息计",
    ),
    ("column {} holds HTML: tags are taken off", "列 {0} 含 HTML，已去除标签"),
    ("begins as a JSON document does", "文件开头为 JSON 文档"),
    ("{} of the first {} lines are JSON objects", "前 {1} 行中有 {0} 行是 JSON 对象"),
    (
        "has ChatTranscriptVersion, Participants and Transcript",
        "含 ChatTranscriptVersion、Participants 和 Transcript",
    ),
    ("has the keys of {}: {}", "含有 {0} 的字段：{1}"),
    (
        "the items of history are known at second hand; bots that chat as agents are to be named",
        "history 中的条目来自二手资料；以坐席身份说话的机器人需另行指明",
    ),
    ("bots are agents in this export and are to be named", "此导出中机器人也是坐席，需另行指明"),
    (
        "what the product did stands in lines of prose; those that are not English are read as words",
        "系统动作以文字行出现；非英文的按文字识别",
    ),
    (
        "handing over is known by names such as handoff or escalate; what humans wrote is not in it",
        "转人工按 handoff、escalate 等名称识别；其中没有人工所写的内容",
    ),
    (
        "give all objects of the chats together; the body of transcripts and the columns of bot sessions are known at second hand",
        "请把聊天的各个对象一起给出；聊天正文和机器人会话的列来自二手资料",
    ),
    (
        "it holds no messages, and the fields are known at second hand",
        "其中没有消息，且字段来自二手资料",
    ),
    (
        "it holds no messages: give the Contact Lens transcripts of the same contacts beside it",
        "其中没有消息：请同时给出相同联络的 Contact Lens 记录",
    ),
    (
        "a brand's bot writes under the brand's name and cannot be told from its people",
        "品牌的机器人以品牌名义发言，无法与人工区分",
    ),
    (
        "its lines begin with a stamp and a name, as WhatsApp exports them",
        "各行以时间和姓名开头，与 WhatsApp 导出一致",
    ),
    (
        "its first line begins with [LINE], as LINE exports a chat",
        "第一行以 [LINE] 开头，与 LINE 导出一致",
    ),
    (
        "give sessions and messages together: without the sessions a robot's and a human's part stay two conversations; the fields of session records are known at second hand, compare the counts with the vendor's console",
        "请同时给出会话与消息：缺少会话记录时，机器人与人工两部分会成为两个会话；会话记录的字段来自二手资料，请与厂商后台的数字核对",
    ),
    (
        "the robot's part and the human's part are joined by the customer's token: rows without it stand by their session",
        "机器人段与人工段按客户标识合并：没有客户标识的记录按会话单列",
    ),
    (
        "replies that are sent through the interface, those of a bot among them, are not in it; nor is queueing",
        "通过接口发送的回复（包括机器人的回复）不在其中；排队也不在其中",
    ),
    (
        "the marks are the vendor's; the fields around them are known at second hand",
        "标记来自厂商文档；其余字段来自二手资料",
    ),
    (
        "a chat app does not say who is the customer and who the desk: name them under [senders] in a mapping; a bot under the desk's name cannot be told from its people",
        "聊天软件不说明谁是客户、谁是客服：请在映射文件的 [senders] 中写明；以客服名义发言的机器人无法与人工区分",
    ),
    (
        "WARNING: {} of {} rows have no conversation id and are refused; if cells were merged in a spreadsheet, give it as XLSX, XLS or ODS, where a merged cell stands for all its rows",
        "警告：{1} 行中有 {0} 行没有会话 ID，未采用；如果表格中有合并单元格，请直接提供 XLSX、XLS 或 ODS 文件，合并单元格会应用到它跨越的每一行",
    ),
    (
        "WARNING: the rows stand newest first, and rows with equal stamps keep the order of the file, answers before questions; export oldest first, or with seconds or a sequence",
        "警告：各行按时间从新到旧排列，时间相同的行保持文件中的顺序，于是回答在提问之前；请按从旧到新导出，或导出到秒，或带上序号列",
    ),
    ("asked for", "由用户指定"),
    ("has columns for conversation, sender and text", "有会话、发送方和内容列"),
    ("has the columns of complaint records", "有投诉记录的列"),
    ("holds no record that could be understood", "没有可识别的记录"),
    (
        "no column for {} among: {}; {} holds a list: name it under [[turns]] in a mapping",
        "缺少 {0} 列；现有列：{1}；{2} 是列表，请在映射文件的 [[turns]] 中说明",
    ),
    (
        "no column for {} among: {}; {} holds a list: write one row a message",
        "缺少 {0} 列；现有列：{1}；{2} 是列表，请导出为每条消息一行",
    ),
    ("no column for {} among: {}", "缺少 {0} 列；现有列：{1}"),
    ("byte order mark", "字节顺序标记"),
    ("zero bytes at every second place", "每隔一个字节为零"),
    ("plain ASCII, which is valid UTF-8", "纯 ASCII，即有效的 UTF-8"),
    ("valid UTF-8", "有效的 UTF-8"),
    ("UTF-8 but for {} places", "UTF-8，有 {0} 处无效"),
    (
        "lines of GBK among lines of UTF-8: each is read as what it is",
        "GBK 行与 UTF-8 行混杂：逐行按各自的编码读取",
    ),
    ("not valid UTF-8; pairs of bytes as GBK has them", "不是有效的 UTF-8；字节成对，符合 GBK"),
    (
        "not valid UTF-8; guessed from the frequency of its bytes",
        "不是有效的 UTF-8；按字节频率推测",
    ),
    ("hidden", "隐藏文件"),
    ("given twice", "重复给出"),
    ("a folder that tohuman wrote", "tohuman 写出的文件夹"),
    (
        "no chat or complaint file by its name; name it itself to read it",
        "按文件名不是聊天或投诉文件；要读取请直接写出文件名",
    ),
    (
        "no chat or complaint file by its name; unpack it to read it",
        "按文件名不是聊天或投诉文件；要读取请先解压",
    ),
    (
        "the merchant is given by its number; the history of the negotiation is not read",
        "商户以商户号表示；协商历史不读取",
    ),
    (
        "known at second hand, from published readers of the feed; the status is a code of the site",
        "字段来自二手资料（公开的抓取程序）；状态是网站的代码",
    ),
    (
        "{}: the columns {} and {} both stand for {}; say which by --mapping: {}",
        "{0}：列 {1} 与 {2} 都表示 {3}；请用 --mapping 指明：{4}",
    ),
    (
        "{}: has no column {}, which the mapping takes for {}; name one of its columns in the mapping: {}",
        "{0}：没有列 {1}，而映射文件用它表示 {2}；请在映射文件中改为现有的列：{3}",
    ),
    ("the header again", "重复的表头"),
    ("the date cannot be read: {}", "日期无法识别：{0}"),
    ("no date", "没有日期"),
    ("no category", "没有类别"),
    ("{} fields, the header has {}: {}", "{0} 个字段，表头有 {1} 个：{2}"),
    (
        "conversation {} with its last message only: export its messages",
        "会话 {0} 只有最后一条消息：请导出它的全部消息",
    ),
    (
        "conversation {}: {} of {} parts are in the file",
        "会话 {0}：文件中只有 {2} 部分里的 {1} 部分",
    ),
    ("a chat without a thread: {}", "没有 thread 的聊天：{0}"),
    ("none of the lists that the mapping names: {}", "没有映射文件所写的列表：{0}"),
    ("staff of a session whose side is open", "会话属机器人还是人工未定，其客服一方"),
    ("an account of the desk, no role", "客服帐号，未写明角色"),
    ("neither sender nor assign_type", "没有 sender，也没有 assign_type"),
];

/// What stands in a reason and is not of the file.
pub(super) const PARTS: &[Sentence] = &[
    ("tabs", "制表符"),
    ("a Dialogflow CX interaction log", "Dialogflow CX 交互日志"),
    ("a Zendesk conversation log", "Zendesk 会话日志"),
    ("Amazon Connect contact records", "Amazon Connect 联络记录"),
    ("Chatwoot messages", "Chatwoot 消息"),
    ("complaints of Hei Mao", "黑猫投诉"),
    ("complaints of WeChat Pay", "微信支付投诉"),
    ("ConvoKit utterances", "ConvoKit 语句"),
    ("customer support on Twitter", "Twitter 客服对话"),
    ("Genesys conversation details", "Genesys 会话明细"),
    ("Intercom conversations", "Intercom 会话"),
    ("LiveChat archives", "LiveChat 存档"),
    ("Rasa events", "Rasa 事件"),
    ("Salesforce bot sessions", "Salesforce 机器人会话"),
    ("Salesforce chat transcripts", "Salesforce 聊天记录"),
    ("Salesforce conversation entries", "Salesforce 会话条目"),
    ("Salesforce messaging sessions", "Salesforce 消息会话"),
    ("Salesforce transcript events", "Salesforce 聊天事件"),
    ("Zendesk chats", "Zendesk 聊天"),
];
