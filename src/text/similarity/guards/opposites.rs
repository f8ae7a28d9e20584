//! Opposites: one message says the first, the other the second, and neither says both.
//!
//! The longest word wins where several begin (解除绑定 is not 绑定); a Latin word is met with its endings
//! (cancelled, renewing), and only where it begins a word.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// Both sides of each; at most 128 lines.
const OPPOSITES: &[(&[&str], &[&str])] = &[
    (&["开通", "打开", "开启", "启用", "激活"], &["关闭", "关掉", "停用", "注销", "关停"]),
    (&["开通", "续费", "续订", "恢复"], &["取消", "退订"]),
    (&["订阅", "订购"], &["退订", "取消订阅"]),
    (&["退款"], &["退货", "换货"]),
    (&["退货"], &["换货"]),
    (&["登录", "登陆"], &["注册", "退出登录", "登出"]),
    (&["注册"], &["注销"]),
    (&["增加", "提高", "提升", "升级", "调高"], &["减少", "降低", "降级", "调低"]),
    (&["添加", "新增", "增加"], &["删除", "删掉", "移除"]),
    (&["恢复", "找回"], &["删除", "清空"]),
    (&["绑定"], &["解绑", "解除绑定"]),
    (&["冻结", "封号"], &["解冻", "解封"]),
    (&["挂失"], &["解除挂失", "取消挂失"]),
    (&["拉黑"], &["取消拉黑", "解除拉黑"]),
    (&["锁定", "上锁"], &["解锁"]),
    (&["加入"], &["退出", "离开"]),
    (&["上架"], &["下架"]),
    (&["上传"], &["下载"]),
    (&["转入", "存入"], &["转出", "取出", "提现"]),
    (&["充值"], &["提现"]),
    (&["存钱", "存款"], &["取钱", "取款"]),
    (&["收入"], &["支出"]),
    (&["安装"], &["卸载"]),
    (&["买家"], &["卖家"]),
    (&["买"], &["卖"]),
    (&["借款", "借钱", "贷款"], &["还款", "还钱"]),
    (&["提前"], &["延期", "推迟", "延后", "晚点"]),
    (&["最早"], &["最晚"]),
    (&["最高", "最多"], &["最低", "最少"]),
    (&["发货"], &["收货", "退货"]),
    (&["寄件", "寄出"], &["收件"]),
    (&["成功"], &["失败"]),
    (&["太高", "太贵"], &["太低", "太便宜"]),
    (&["太大", "偏大"], &["太小", "偏小"]),
    (&["太长"], &["太短"]),
    (&["国内"], &["国际", "国外"]),
    (&["本月", "这个月"], &["上月", "上个月", "下月", "下个月"]),
    (&["上个月", "上月"], &["下个月", "下月"]),
    (&["今天"], &["明天", "昨天"]),
    (&["之前", "以前"], &["之后", "以后"]),
    (&["接受", "同意"], &["拒绝"]),
    (&["男"], &["女"]),
    (&["预付"], &["后付"]),
    (&["去程"], &["返程", "回程"]),
    (&["入住"], &["退房"]),
    (
        &["cancel", "unsubscribe", "terminate"],
        &["renew", "subscribe", "activate", "reinstate", "resume"],
    ),
    (&["open"], &["close", "delete"]),
    (&["activate", "enable"], &["deactivate", "disable"]),
    (&["increase", "raise", "higher"], &["decrease", "reduce", "lower"]),
    (&["deposit"], &["withdraw", "withdrawal"]),
    (&["buy", "purchase"], &["sell"]),
    (&["refund"], &["exchange", "replacement"]),
    (
        &["login", "log in", "sign in", "logged in"],
        &["logout", "log out", "sign out", "sign up", "register", "logged out"],
    ),
    (&["install"], &["uninstall"]),
    (&["add"], &["remove", "delete"]),
    (&["gain"], &["lose", "lost"]),
    (&["upgrade"], &["downgrade"]),
    (&["send"], &["receive"]),
    (&["block"], &["unblock"]),
    (&["lock"], &["unlock"]),
    (&["freeze", "frozen"], &["unfreeze"]),
    (&["link"], &["unlink"]),
    (&["mute"], &["unmute"]),
    (&["pause", "suspend"], &["resume", "restart"]),
    (&["turn on", "switch on", "turning on"], &["turn off", "switch off", "turning off"]),
    (&["earliest"], &["latest"]),
    (&["before"], &["after"]),
    (&["outbound", "departing"], &["return", "inbound"]),
    (&["arrival", "arrive"], &["departure", "depart"]),
    (&["upload"], &["download"]),
    (&["check in", "checkin", "checked in"], &["check out", "checkout", "checked out"]),
    (&["domestic"], &["international", "abroad"]),
    (&["hot", "warm"], &["cold"]),
    (&["borrow"], &["repay", "lend"]),
    (&["join"], &["leave"]),
    (&["up"], &["down"]),
    (&["debit"], &["credit"]),
    (&["accept", "approve"], &["reject", "refuse", "decline"]),
    (&["minimum", "least"], &["maximum", "most"]),
    (&["overcharge"], &["undercharge"]),
    (&["cheaper"], &["more expensive"]),
    (&["too big", "too large", "too long"], &["too small", "too short"]),
    (&["yesterday"], &["tomorrow"]),
    (&["last month", "last week", "last year"], &["next month", "next week", "next year"]),
    (&["prepaid"], &["postpaid"]),
    (&["buyer"], &["seller"]),
    (&["win"], &["lose"]),
    (&["success", "succeed"], &["fail", "failure"]),
];

/// What may follow the stem of a Latin word.
const ENDINGS: &[&str] = &[
    "", "s", "es", "d", "ed", "ing", "led", "ling", "r", "al", "ful", "fully", "ment", "ped",
    "ping",
];

struct Words {
    finder: AhoCorasick,
    /// Per word: the bits it sets on the first and on the second side.
    sides: Vec<(u128, u128)>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut sides = std::collections::BTreeMap::<String, (u128, u128)>::new();
    for (i, (first, second)) in OPPOSITES.iter().enumerate() {
        // A final e goes where an ending comes: activat(e), activat(ing).
        for word in first.iter().flat_map(|w| forms(w)) {
            sides.entry(word).or_default().0 |= 1 << i;
        }
        for word in second.iter().flat_map(|w| forms(w)) {
            sides.entry(word).or_default().1 |= 1 << i;
        }
    }
    let finder = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::DFA))
        // Chinese words begin with a few bytes: looking for these first takes longer than it spares.
        .prefilter(false)
        .build(sides.keys())
        .expect("a few hundred words compile");
    Words { finder, sides: sides.into_values().collect() }
});

fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if word.is_ascii()
        && let Some(stem) = word.strip_suffix('e')
    {
        forms.push(format!("{stem}ing"));
    }
    forms
}

/// What a text says: bits of the first sides and of the second sides.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sides(u128, u128);

impl Sides {
    /// Reads a normalised text.
    pub(super) fn of(text: &str) -> Self {
        let (mut first, mut second) = (0, 0);
        for found in WORDS.finder.find_iter(text) {
            let word = &text[found.range()];
            if word.is_ascii() {
                let rest = &text[found.end()..];
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
                let inside = text[..found.start()].ends_with(|c: char| c.is_ascii_alphanumeric());
                if inside || !ENDINGS.contains(&&rest[..end]) {
                    continue;
                }
            }
            let (one, other) = WORDS.sides[found.pattern().as_usize()];
            first |= one;
            second |= other;
        }
        // A text that says both of a pair is on neither side.
        let both = first & second;
        Self(first & !both, second & !both)
    }

    /// Whether one says the opposite of the other.
    pub(super) const fn oppose(self, other: Self) -> bool {
        self.0 & other.1 != 0 || self.1 & other.0 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposites_fit_their_bits() {
        assert!(OPPOSITES.len() <= 128);
    }

    #[test]
    fn words_are_met_whole_and_with_endings() {
        for (a, b, wanted) in [
            ("cancelled it", "renewing it", true),
            ("my address", "removed", false),
            ("解除绑定", "绑定", true),
            ("cancel or renew it", "renew it", false),
            ("activating it", "deactivated", true),
        ] {
            assert_eq!(Sides::of(a).oppose(Sides::of(b)), wanted, "{a} | {b}");
        }
    }
}
