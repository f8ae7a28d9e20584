//! A complaint record (METRICS, section 6). A complaint is a claim, not a finding.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// One complaint as an importer hands it on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// Index of the complaint file.
    pub source: u32,
    /// Row as an editor shows it.
    pub row: u64,
    /// Record id.
    pub id: Option<String>,
    /// Date received, in the run's time zone.
    pub date: Option<NaiveDate>,
    /// The instant, where the record gives a time of day.
    pub at: Option<DateTime<Utc>>,
    /// Company complained about.
    pub company: Option<String>,
    /// Category as recorded.
    pub category: Option<String>,
    /// How it came in.
    pub channel: Option<String>,
    /// The narrative or title.
    pub text: String,
    /// Amount in dispute, as recorded.
    pub amount: Option<String>,
    /// Status.
    pub status: Option<String>,
    /// Link key: the conversation's own id.
    pub conversation_id: Option<String>,
    /// Link key: order or ticket id.
    pub order_id: Option<String>,
    /// Link key: person (hashed before it is written anywhere).
    pub customer_id: Option<String>,
}
