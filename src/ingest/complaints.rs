//! Rows of a table of complaint records as complaints.

use super::columns::Columns;
use super::log::joined;
use super::meaning::Meaning;
use super::rounded::is_rounded_link;
use super::table::{Flow, Item};
use super::tally::Tally;
use super::time::TimeReader;
use crate::error::Result;
use crate::model::{Complaint, Precision, Problem, ProblemKind};

/// What a row became. A row that is used with a problem gives the complaint first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComplaintRecord {
    /// A row that is used.
    Complaint(Box<Complaint>),
    /// A row that was refused, or used with a remark.
    Problem(Problem),
}

/// Turns rows into complaints and counts them.
pub(super) struct ComplaintReader {
    pub(super) source: u32,
    pub(super) columns: Columns,
    pub(super) times: TimeReader,
    pub(super) tally: Tally,
}

/// Where records go.
type Out<'o> = dyn FnMut(ComplaintRecord) -> Result<()> + 'o;

impl ComplaintReader {
    /// Takes one item of the table.
    pub(super) fn item(&mut self, item: Item<'_>, out: &mut Out<'_>) -> Result<Flow> {
        match item {
            Item::Header { .. } => {}
            Item::Fault { row, kind, found } => {
                self.tally.read += 1;
                self.problem(row, kind, found, out)?;
            }
            Item::Row { row, cells, bad_bytes } => {
                self.tally.read += 1;
                self.row(row, cells, bad_bytes, out)?;
            }
        }
        Ok(Flow::On)
    }

    fn problem(
        &mut self,
        row: u64,
        kind: ProblemKind,
        found: &str,
        out: &mut Out<'_>,
    ) -> Result<()> {
        out(ComplaintRecord::Problem(self.tally.problem(self.source, row, kind, found)))
    }

    fn row(&mut self, row: u64, cells: &[&str], bad_bytes: bool, out: &mut Out<'_>) -> Result<()> {
        if cells.len() > 1 && cells.iter().eq(self.columns.names.iter()) {
            return self.problem(row, ProblemKind::BadRecord, "the header again", out);
        }
        let owned = |meaning| self.columns.cell(meaning, cells).map(str::to_owned);
        let link = |meaning| owned(meaning).filter(|id| !is_rounded_link(id));
        let date_text = self.columns.cell(Meaning::Date, cells);
        let read = date_text.and_then(|t| self.times.read(t));
        let complaint = Complaint {
            source: self.source,
            row,
            id: owned(Meaning::Id),
            date: read.map(|r| self.local_date(&r)),
            at: read.filter(|r| r.stamp.precision != Precision::Day).map(|r| r.stamp.at),
            company: owned(Meaning::Company),
            category: self.columns.first_filled(Meaning::Category, cells).map(str::to_owned),
            channel: owned(Meaning::Channel),
            text: self.columns.first_filled(Meaning::Text, cells).unwrap_or_default().to_owned(),
            amount: owned(Meaning::Amount),
            status: owned(Meaning::Status),
            conversation_id: link(Meaning::ConversationId),
            order_id: link(Meaning::OrderId),
            customer_id: link(Meaning::CustomerId),
        };
        let empty = complaint.text.is_empty()
            && complaint.category.is_none()
            && complaint.company.is_none()
            && complaint.date.is_none();
        if empty {
            return self.problem(row, ProblemKind::Empty, &joined(cells), out);
        }
        let mut repaired = None;
        if let Some(read) = read {
            self.tally.time(&read);
            repaired = read.repaired.zip(date_text);
        }
        let no_category = complaint.category.is_none() && self.columns.has(Meaning::Category);
        let remark = match (complaint.date, date_text) {
            (None, Some(text)) => Some(format!("the date cannot be read: {text}")),
            (None, None) if self.columns.has(Meaning::Date) => Some("no date".to_owned()),
            _ if no_category => Some("no category".to_owned()),
            _ => None,
        };
        self.tally.used += 1;
        let text = complaint.text.clone();
        out(ComplaintRecord::Complaint(Box::new(complaint)))?;
        if let Some(found) = remark {
            self.problem(row, ProblemKind::IncompleteComplaint, &found, out)?;
        }
        for meaning in [Meaning::ConversationId, Meaning::OrderId, Meaning::CustomerId] {
            if let Some(id) = self.columns.cell(meaning, cells).filter(|id| is_rounded_link(id)) {
                self.problem(row, ProblemKind::RoundedLink, id, out)?;
            }
        }
        if let Some((kind, text)) = repaired {
            self.problem(row, kind, text, out)?;
        }
        if bad_bytes {
            self.problem(row, ProblemKind::BadEncoding, &text, out)?;
        }
        Ok(())
    }

    /// The date in the run's zone; a date without a zone stays the date it is.
    fn local_date(&self, read: &super::time::Read) -> chrono::NaiveDate {
        if read.zoned {
            read.stamp.at.with_timezone(&self.times.zone).date_naive()
        } else {
            read.local.date()
        }
    }
}
