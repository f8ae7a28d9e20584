//! What a lexical score cannot see: a negation, an amount, an opposite; and what has no question in
//! it at all. Each guard is a rule over one pair, so that it can be read and argued with.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

/// Opposites: one side says the first, the other the second.
const OPPOSITES: &[(&[&str], &[&str])] = &[
    (&["开通", "打开", "开启", "启用"], &["关闭", "关掉", "停用", "注销", "取消"]),
    (&["退款"], &["退货", "换货"]),
    (&["退货"], &["换货"]),
    (&["登录", "登陆"], &["注册", "退出登录"]),
    (&["增加", "提高", "提升", "升级"], &["减少", "降低", "降级"]),
    (&["绑定"], &["解绑", "解除绑定"]),
    (&["转入", "存入"], &["转出", "取出", "提现"]),
    (&["充值"], &["提现"]),
    (&["安装"], &["卸载"]),
    (&["买家"], &["卖家"]),
    (&["借款", "借钱"], &["还款", "还钱"]),
    (&["提前"], &["延期", "推迟", "延后"]),
    (&["最早"], &["最晚"]),
    (&["发货"], &["收货", "退货"]),
    (&["cancel", "unsubscribe"], &["renew", "subscribe", "activate"]),
    (&["open"], &["close", "delete"]),
    (&["activate", "enable"], &["deactivate", "disable"]),
    (&["increase", "raise"], &["decrease", "reduce", "lower"]),
    (&["deposit"], &["withdraw", "withdrawal"]),
    (&["buy"], &["sell"]),
    (&["refund"], &["exchange", "replacement"]),
    (&["login", "log in", "sign in"], &["logout", "log out", "sign out", "sign up", "register"]),
    (&["install"], &["uninstall"]),
    (&["add"], &["remove", "delete"]),
    (&["gain"], &["lose"]),
    (&["upgrade"], &["downgrade"]),
    (&["send"], &["receive"]),
    (&["block"], &["unblock"]),
    (&["lock"], &["unlock"]),
];

/// Negations that negate. 是不是, 能不能, 不好意思 and such are taken out first.
static NO_NEGATION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        "(?:是不是|能不能|可不可以|可以不可以|有没有|要不要|会不会|行不行|好不好|对不对|需不需要|用不用|能否|是否|不好意思|差不多|不同|不过|不仅|不但|不然|不知道?|不错|特别|分别|区别|级别|性别|别人|别的|别家|类别|未来|无线|无忧|非常|没事|吗不|why not|no problem|not sure|dont know|do not know|no idea)",
    )
});
static NEGATION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"[不没無无未别非甭]|失败|\b(?:not|no|never|none|nothing|without|unable|cannot|cant|wont|dont|doesnt|didnt|isnt|arent|wasnt|werent|havent|hasnt|hadnt|couldnt|wouldnt|shouldnt|nor|failed|fails)\b",
    )
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"\d+(?:\.\d+)?"));
/// Courtesies, acknowledgements, bare order cards and numbers: a line of nothing else asks nothing.
static COURTESY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:(?:[\d#.:/-]+|咨询|订单|商品|编号|单号|号|金额|下单|时间|order|number|你好|您好|在吗|在么|在不在|有人吗|好[的吧得]?|[嗯恩]+|哦+|额+|行|可以|是的?|对的?|没有|没事|不用了?|不客气|知道了?|明白了?|谢谢您?你?|多谢|辛苦了?|再见|拜拜|收到|喂|哈喽|请问|亲|啊|呀|吧|呢|了|吗|那|hi|hello|hey|there|yes|yeah|no|ok|okay|sure|thanks?|thank|you|thx|bye|good|morning|great|fine|please|so|much|right|correct|anyone|are|still|is|it|done|nope|yep|alright|cool|perfect|got|i|see|welcome)[ ,.?]*)+$",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file compiles")
}

/// What the guards look at in one text.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    negated: bool,
    numbers: BTreeSet<String>,
    /// Bit 2i: says the first of opposite i; bit 2i + 1: the second.
    opposites: u64,
    /// Nothing but courtesies.
    pub(super) only_courtesy: bool,
}

impl Marks {
    /// Reads a normalised text and its units.
    pub(super) fn of(text: &str, units: &[&str]) -> Self {
        let says = |words: &[&str]| {
            words.iter().any(|word| {
                let whole = !word.is_ascii() || word.contains(' ');
                if whole { text.contains(word) } else { units.contains(word) }
            })
        };
        let mut opposites = 0;
        for (i, (one, other)) in OPPOSITES.iter().enumerate() {
            opposites |= u64::from(says(one)) << (2 * i) | u64::from(says(other)) << (2 * i + 1);
        }
        Self {
            negated: NEGATION.is_match(&NO_NEGATION.replace_all(text, "")),
            numbers: NUMBER.find_iter(text).map(|m| m.as_str().to_owned()).collect(),
            opposites,
            only_courtesy: COURTESY.is_match(text),
        }
    }

    /// Whether the two cannot ask the same thing.
    pub(super) fn contradict(&self, other: &Self) -> bool {
        const FIRST: u64 = 0x5555_5555_5555_5555;
        // A text that says both of a pair is on neither side.
        let alone = |bits: u64| {
            let both = bits & (bits >> 1) & FIRST;
            bits & !(both | both << 1)
        };
        let (a, b) = (alone(self.opposites), alone(other.opposites));
        let opposed =
            (a & FIRST) & ((b >> 1) & FIRST) != 0 || (b & FIRST) & ((a >> 1) & FIRST) != 0;
        let numbers =
            !self.numbers.is_empty() && !other.numbers.is_empty() && self.numbers != other.numbers;
        opposed || numbers || self.negated != other.negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalise;
    use crate::text::similarity::units;

    fn marks(text: &str) -> Marks {
        let text = normalise(text);
        Marks::of(&text, &units(&text))
    }

    #[test]
    fn opposites_fit_their_bits() {
        assert!(OPPOSITES.len() <= 32);
    }

    #[test]
    fn contradictions_and_near_misses() {
        for (a, b, wanted) in [
            ("怎么开通花呗", "怎么关闭花呗", true),
            ("能不能退", "能退吗", false),
            ("能退", "不能退", true),
            ("订单123", "订单124", true),
            ("订单123", "那个订单", false),
            ("cancel it", "renew it", true),
            ("cancel or renew it", "renew it", false),
            ("it doesn't work", "it is not working", false),
        ] {
            assert_eq!(marks(a).contradict(&marks(b)), wanted, "{a} | {b}");
        }
    }
}
