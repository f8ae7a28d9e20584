//! Greetings, thanks, acknowledgements, bare order cards and numbers: a line of nothing else asks nothing.

use std::sync::LazyLock;

use regex::Regex;

static COURTESY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:(?:[\d#.:/-]+|咨询|订单|商品|编号|单号|号|金额|下单|时间|order|number|你好|您好|在吗|在么|在不在|有人吗|好[的吧得]?|[嗯恩]+|哦+|额+|行|可以|是的?|对的?|没有|没事|不用了?|不客气|没关系|知道了?|明白了?|谢谢您?你?|多谢|辛苦了?|再见|拜拜|收到|喂|哈喽|请问|亲|啊|呀|啦|吧|呢|了|吗|那|hi|hello|hey|there|yes|yeah|no|ok|okay|sure|thanks?|thank|you|thx|bye|goodbye|good|morning|afternoon|evening|great|fine|please|so|much|right|correct|anyone|are|still|is|it|to|done|nope|yep|alright|cool|perfect|got|i|see|welcome)[ ,.?]*)+$",
    )
    .expect("the pattern compiles")
});

/// Whether a normalised text is made of courtesies alone.
pub(super) fn only(text: &str) -> bool {
    // Courtesies are short: a long text is not searched.
    text.len() <= 120 && COURTESY.is_match(text)
}
