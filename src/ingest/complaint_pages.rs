//! Complaint records as pages of two services hand them out: JSON with a list inside. One record of a
//! list is one complaint; tables of either service need no importer, their headers are known.
//!
//! 微信支付: `GET /v3/merchant-service/complaints-v2`, fields `complaint_id`, `complaint_time`,
//! `complaint_detail`, `complaint_order_info`; amounts in hundredths of a yuan. Hei Mao (黑猫投诉): the
//! feed's `result.data.complaints[].main`, known only from what readers of it published.

use serde_json::Value;

use super::Format;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::{has_key, keys};
use super::vendor_rows::{Rows, at, first, list, read_under};
use crate::error::Result;
use crate::model::Coverage;

/// Complaints of 微信支付, for the merchant complained of.
pub(super) struct WechatPayComplaints;
/// Complaints of Hei Mao.
pub(super) struct Heimao;

/// Columns of both, as the vocabulary of complaint records knows them.
const COLUMNS: [&str; 9] = [
    "complaint_id",
    "complaint_time",
    "company",
    "category",
    "complaint_text",
    "status",
    "amount",
    "order_id",
    "customer_id",
];

impl Format for WechatPayComplaints {
    fn name(&self) -> &'static str {
        "wechat-pay-complaints"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let what = "complaints of WeChat Pay";
        keys(look, what, &["complaint_id", "complaint_time", "complaint_detail"])
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read_under(job, sink, &COLUMNS, &["data"], &mut wechat_pay)
    }

    /// No chat: nothing is shown, and nothing is asked.
    fn coverage(&self) -> Option<Coverage> {
        Some(Coverage::default())
    }

    fn caveat(&self) -> Option<&'static str> {
        Some("the merchant is given by its number; the history of the negotiation is not read")
    }
}

impl Format for Heimao {
    fn name(&self) -> &'static str {
        "heimao"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        if has_key(&look.text, "complaints") {
            keys(look, "complaints of Hei Mao", &["main", "sn", "summary"])
        } else {
            None
        }
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let lists = ["result.data.complaints", "data.complaints", "complaints"];
        read_under(job, sink, &COLUMNS, &lists, &mut heimao)
    }

    /// No chat: nothing is shown, and nothing is asked.
    fn coverage(&self) -> Option<Coverage> {
        Some(Coverage::default())
    }

    fn caveat(&self) -> Option<&'static str> {
        Some(
            "known at second hand, from published readers of the feed; the status is a code of the site",
        )
    }
}

fn wechat_pay(value: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let id = at(value, "complaint_id");
    if id.is_empty() {
        return Ok(());
    }
    let order = list(value, "complaint_order_info").first();
    let of_order = |paths| order.map(|o| first(o, paths)).unwrap_or_default();
    let refund = at(value, "apply_refund_amount");
    let fen = if refund.is_empty() { of_order(&["amount"]) } else { refund };
    rows.cells(&[
        &id,
        &at(value, "complaint_time"),
        &at(value, "complainted_mchid"),
        &at(value, "problem_type"),
        &at(value, "complaint_detail"),
        &at(value, "complaint_state"),
        &yuan(&fen),
        &of_order(&["out_trade_no", "transaction_id"]),
        &at(value, "payer_openid"),
    ])
}

fn heimao(value: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let main = value.get("main").unwrap_or(value);
    let id = at(main, "sn");
    if id.is_empty() {
        return Ok(());
    }
    let words = [at(main, "title"), at(main, "summary")];
    let text = words.iter().filter(|w| !w.is_empty()).map(String::as_str).collect::<Vec<_>>();
    rows.cells(&[
        &id,
        &at(main, "timestamp"),
        &first(main, &["cotitle", "company", "couid"]),
        &first(main, &["issue", "appeal"]),
        &text.join("\n"),
        &at(main, "status"),
        &at(main, "cost"),
        "",
        "",
    ])
}

/// Hundredths of a yuan in yuan; what is no whole number stays as it is.
fn yuan(fen: &str) -> String {
    match fen.parse::<u64>() {
        Ok(n) => format!("{}.{:02}", n / 100, n % 100),
        Err(_) => fen.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::yuan;

    #[test]
    fn amounts_are_in_yuan() {
        assert_eq!(
            ["100", "5", "12345", "", "1.5"].map(yuan),
            ["1.00", "0.05", "123.45", "", "1.5"]
        );
    }
}
