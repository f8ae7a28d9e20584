//! Numbers of orders, parcels, tickets: whatever follows a word that says so. Longer ones are masked
//! for their length alone.

use std::sync::LazyLock;

use super::{Kind, Spans, regex};

static SAID: LazyLock<regex::Regex> = LazyLock::new(|| {
    regex(
        r#"(?xi) (?: (?P<sure>订单|訂單|(?-u:\b)order) | 运单|運單|快递单|快遞單|物流单|物流單|流水|交易单|交易單|工单|工單|取件码|快递|物流|单|單
            |(?-u:\b)tracking|(?-u:\b)invoice|(?-u:\b)ticket|(?-u:\b)reference|(?-u:\b)ref|(?-u:\b)case|(?-u:\b)booking|(?-u:\b)confirmation|(?-u:\b)parcel )
        (?P<said> \s? (?: 编号|編號|号码|號碼|号|號|ids?(?-u:\b)|nos?(?-u:\b)\.?|num(?:ber)?(?-u:\b)|code(?-u:\b)|\#) )?
        \s* (?P<is> is(?-u:\b) | was(?-u:\b) | 是 | 为 | 為 | [:=\#-] )? \s* ["'“(\[]?
        (?P<number> [A-Za-z]{0,6}[-_]?\d[0-9A-Za-z_-]{3,31} )"#,
    )
});
/// What counts things or money: no number of an order.
static AMOUNT: LazyLock<regex::Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:\.\d|[ ]?(?:[元块塊万萬千百个個件次天年月日时時分秒%$€£¥]|yuan|rmb|usd|dollars?|items?|pcs|pieces?|days?|times?)|,\d)",
    )
});

/// Digits of a number that a word or sign introduces, and of one that only follows "order".
const FEWEST: (usize, usize) = (4, 5);

pub(super) fn find(text: &str, spans: &mut Spans) {
    for found in SAID.captures_iter(text) {
        let Some(number) = found.name("number") else { continue };
        let digits = number.as_str().bytes().filter(u8::is_ascii_digit).count();
        let introduced = found.name("said").is_some()
            || (found.name("is").is_some() && found.name("sure").is_some());
        let enough = (introduced && digits >= FEWEST.0)
            || (found.name("sure").is_some() && digits >= FEWEST.1);
        if enough && !AMOUNT.is_match(&text[number.end()..]) {
            spans.add(number.range(), Some(Kind::Order));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::redact;

    #[test]
    fn what_a_word_introduces() {
        for (text, shown) in [
            ("order 123456", "order [order]"),
            ("Order No. AB-1234 is late", "Order No. [order] is late"),
            ("订单号：20240105123456", "订单号：[order]"),
            ("我的单号是SF1234567890", "我的单号是[order]"),
            ("订单12345元", "订单12345元"),
            ("my order of 2 shirts", "my order of 2 shirts"),
            ("订单2024年的", "订单2024年的"),
            ("order 2 items", "order 2 items"),
        ] {
            assert_eq!(redact(text), shown, "{text}");
        }
    }
}
