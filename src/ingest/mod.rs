//! Bytes to messages and complaints, for exports of any vendor.
//!
//! Every format turns its bytes into the same thing, a table of named cells (`table::Item`); what
//! the cells mean is decided in one place for all of them (`columns`, `log`, `complaints`).
//! To add a format: one file with a `Format`, one line in `FORMATS`.

mod ahead;
mod amazon_contact_lens;
mod amazon_contact_record;
mod archive;
mod backwards;
mod bytes;
mod catalogue;
mod chat_text;
mod chatwoot;
mod columnar;
mod columns;
mod complaint_pages;
mod complaints;
mod convokit;
mod coverage;
mod cure;
mod decode;
mod delimited;
mod delimited_split;
mod dialogflow_cx;
mod encoding;
mod event;
mod expand;
mod genesys;
mod guard;
mod guess;
mod header;
mod html_text;
mod input;
mod inspect;
mod intercom;
mod json;
mod json_path;
mod json_split;
mod json_turns;
mod line_text;
mod links;
mod livechat;
mod log;
mod long_line;
mod look;
mod mapping;
mod meaning;
mod mixed;
mod names;
mod netease_qiyu;
mod netease_qiyu_session;
mod netease_qiyu_sides;
mod neutral;
mod rasa;
mod read;
mod rounded;
mod row_turns;
mod salesforce;
mod salesforce_body;
mod salesforce_codes;
mod sender;
mod study;
mod table;
mod tally;
mod tencent_im;
mod time;
mod time_layout;
mod time_text;
mod transcript;
mod twitter_care;
mod udesk;
mod vendor_look;
mod vendor_rows;
mod vocabulary;
mod wechat_kf;
mod whatsapp;
mod workbook;
mod workbook_cells;
mod workbook_extent;
mod workbook_file;
mod workbook_ods;
mod workbook_xls;
mod workbook_xml;
mod zendesk_chat;
mod zendesk_log;

pub use archive::Member;
pub use catalogue::catalogue;
pub use complaints::ComplaintRecord;
pub use expand::{Expanded, Skipped, expand};
pub use guard::guarded_step;
pub use input::{ColumnarError, EachRow, IngestOptions, Input, InputKind, ReadColumnar};
pub use inspect::{ColumnUse, Inspection, Refused, SenderSeen, inspect};
pub use links::Links;
pub use log::Record;
pub use mapping::{DeclaredCoverage, Mapping, SenderRule, Turns};
pub use neutral::NeutralReader;
pub use read::{read_complaints, read_log};
pub use study::{Nature, Probe, probe};

use crate::error::Result;
use crate::model::Coverage;
use look::Look;
use table::{Job, Sink};

/// Takes a part and the conversation it belongs to.
type EachLink<'l> = dyn FnMut(String, String) -> table::Flow + 'l;
/// Hands on which conversations of a family are parts of others.
type ReadLinks = fn(&mut Job<'_>, &mut EachLink<'_>) -> Result<()>;

/// One input format: how it is known by its bytes, and how it becomes rows.
trait Format: Sync {
    /// Name in reports and for `--format`.
    fn name(&self) -> &'static str;
    /// Why these bytes are of this format; `None` if they are not. A vendor's format (one that
    /// states its coverage) goes before the generic ones, of which the first that gives a reason
    /// reads the input; two vendors' formats that fit ask for `--format`.
    fn recognise(&self, look: &Look) -> Option<String>;
    /// Hands every row to the sink until the input ends or the sink says stop.
    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()>;
    /// What the format can show, where it is known beforehand; `None` for generic tables.
    fn coverage(&self) -> Option<Coverage> {
        None
    }
    /// The same for one input, where it depends on which of the vendor's records it holds.
    fn coverage_of(&self, _look: &Look) -> Option<Coverage> {
        self.coverage()
    }
    /// Name under which its conversations are joined with those of the vendor's other exports.
    fn family(&self) -> &'static str {
        self.name()
    }
    /// What reads which conversations of the family are parts of others, where the records say so.
    fn links(&self) -> Option<ReadLinks> {
        None
    }
    /// Whether a conversation id is that of a person, so that a close ends the conversation and what
    /// comes after it is another one.
    fn ids_of_people(&self) -> bool {
        false
    }
    /// Whether the rows always stand in order of time: then their order helps to tell the day from
    /// the month.
    fn in_time_order(&self) -> bool {
        false
    }
    /// What to beware of, where the vendor's own description is not all of the source; `inspect`
    /// prints it.
    fn caveat(&self) -> Option<&'static str> {
        None
    }
}

/// All formats, the most particular first.
static FORMATS: &[&dyn Format] = &[
    &amazon_contact_lens::AmazonContactLens,
    &workbook::XLSX,
    &workbook::XLS,
    &workbook::ODS,
    &columnar::PARQUET,
    &columnar::ARROW,
    &json::JsonLines,
    &json::JsonDocument,
    &delimited::TabSeparated,
    &delimited::CommaSeparated,
    &intercom::Intercom,
    &zendesk_chat::ZendeskChat,
    &zendesk_log::ZendeskLog,
    &salesforce::Salesforce,
    &rasa::Rasa,
    &chatwoot::Chatwoot,
    &livechat::LiveChat,
    &genesys::Genesys,
    &dialogflow_cx::DialogflowCx,
    &amazon_contact_record::AmazonContactRecord,
    &convokit::ConvoKit,
    &twitter_care::TwitterCare,
    &netease_qiyu::NeteaseQiyu,
    &udesk::Udesk,
    &wechat_kf::WechatKf,
    &tencent_im::TencentIm,
    &whatsapp::WhatsApp,
    &line_text::LineText,
    &complaint_pages::WechatPayComplaints,
    &complaint_pages::Heimao,
];

/// Names of all formats, as `--format` takes them.
#[must_use]
pub fn format_names() -> Vec<&'static str> {
    FORMATS.iter().map(|f| f.name()).collect()
}

/// Name under which the conversations of a format are joined with those of the vendor's other
/// exports; the name itself where nobody knows it.
#[must_use]
pub fn family(format: &str) -> &str {
    FORMATS.iter().find(|f| f.name() == format).map_or(format, |f| f.family())
}

/// Whether a file of this format may say that conversations in other files are parts of one, or may
/// hold such parts.
#[must_use]
pub fn joined_by_links(format: &str) -> bool {
    let family = family(format);
    FORMATS.iter().any(|f| f.family() == family && f.links().is_some())
}

/// Whether the conversation ids of a format are those of people, whose conversations end by a close.
#[must_use]
pub fn ids_of_people(format: &str) -> bool {
    FORMATS.iter().any(|f| f.name() == format && f.ids_of_people())
}
