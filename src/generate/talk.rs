//! One open conversation: who takes part, what was counted so far, and the rows that it wrote but
//! that are not yet in the log.

use std::rc::Rc;

use crate::model::{Outcome, WaitEnd};

use super::desk::{COMPANIES, Company, Language};
use super::draw::Draw;
use super::words::{Slots, Words};

/// The columns that all rows of a conversation share.
#[derive(Debug)]
pub(super) struct Header {
    /// Conversation id.
    pub(super) id: String,
    /// Customer id.
    pub(super) customer: String,
    /// Index of the company.
    pub(super) company: usize,
    /// Channel.
    pub(super) channel: &'static str,
    /// Category of the issue.
    pub(super) category: String,
    /// Value of the order.
    pub(super) order_value: u64,
}

/// One row of the log.
#[derive(Debug)]
pub(super) struct Row {
    /// Seconds since the first midnight.
    pub(super) at: u64,
    /// Shared columns.
    pub(super) header: Rc<Header>,
    /// Sender column.
    pub(super) sender: &'static str,
    /// Text column.
    pub(super) text: String,
    /// Event column.
    pub(super) event: &'static str,
    /// True where the agent's id stands in the row.
    pub(super) by_agent: bool,
}

/// The truth of one conversation, in the sense of METRICS.
#[derive(Debug, Default)]
pub(super) struct Truth {
    /// Outcome of the first episode; there is only one.
    pub(super) outcome: Option<Outcome>,
    /// Requests, nudges not counted.
    pub(super) requests: u32,
    /// Attempts.
    pub(super) attempts: u32,
    /// First request, seconds since the first midnight.
    pub(super) first_request: Option<u64>,
    /// End of the wait and how it ended.
    pub(super) wait_end: Option<(u64, WaitEnd)>,
    /// Rephrases.
    pub(super) rephrases: u32,
    /// Repeats.
    pub(super) repeats: u32,
    /// Fallbacks.
    pub(super) fallbacks: u32,
}

/// What comes next in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The customer asks for a human at `Talk::now`.
    Ask,
    /// Nothing: all rows are written.
    End,
}

/// An open conversation.
#[derive(Debug)]
pub(super) struct Talk {
    /// Seconds since the first midnight.
    pub(super) now: u64,
    /// Shared columns.
    pub(super) header: Rc<Header>,
    /// Values of the slots.
    pub(super) slots: Slots,
    /// Rows written since they were last taken, in time order.
    pub(super) rows: Vec<Row>,
    /// The truth so far.
    pub(super) truth: Truth,
    /// Index of the issue.
    pub(super) issue: usize,
    /// Wordings of the issue that were used.
    pub(super) told: Vec<usize>,
    /// The last telling, word for word.
    pub(super) telling: String,
    /// The desk dropped the last attempt: it does not fob the next one off.
    pub(super) dropped: bool,
}

impl Talk {
    /// A conversation that begins at `now`; `number` makes its id unique.
    pub(super) fn new(
        number: u64,
        now: u64,
        customers: u64,
        words: &[Words; 2],
        draw: &mut Draw,
    ) -> Self {
        let company = draw.weighted(&COMPANIES.map(|company| company.share));
        let fixed = &COMPANIES[company];
        let words = &words[usize::from(fixed.language == Language::English)];
        let issue = draw.weighted(&vec![1; words.issue.len()]);
        let header = Header {
            id: format!("{}-{number:06}", fixed.prefix),
            customer: format!("K{:05}", draw.between(1, customers)),
            company,
            channel: draw.pick::<&str>(fixed.channels),
            category: words.issue[issue].category.clone(),
            order_value: 10 + draw.exponential(180),
        };
        Self {
            now,
            header: Rc::new(header),
            slots: Slots::draw(words, company, draw),
            rows: Vec::new(),
            truth: Truth::default(),
            issue,
            told: Vec::new(),
            telling: String::new(),
            dropped: false,
        }
    }

    /// The company.
    pub(super) fn company(&self) -> &'static Company {
        &COMPANIES[self.header.company]
    }

    /// The customer writes.
    pub(super) fn customer(&mut self, text: String) {
        self.push("customer", text, "", false);
    }

    /// The bot writes one of the phrases.
    pub(super) fn bot(&mut self, phrases: &[String], draw: &mut Draw) {
        let text = self.slots.fill(draw.phrase(phrases), 0);
        self.push("bot", text, "", false);
    }

    /// The agent writes one of the phrases.
    pub(super) fn agent(&mut self, phrases: &[String], draw: &mut Draw) {
        let text = self.slots.fill(draw.phrase(phrases), 0);
        self.push("agent", text, "", true);
    }

    /// Something happens: a marked event where the company's export has them, else a line of text.
    pub(super) fn happens(&mut self, event: &'static str, phrases: &[String], draw: &mut Draw) {
        let text = self.slots.fill(draw.phrase(phrases), 0);
        if self.company().explicit {
            self.push("system", String::new(), event, event == "agent_joined");
        } else {
            self.push("system", text, "", false);
        }
    }

    /// A row of any kind.
    pub(super) fn push(
        &mut self,
        sender: &'static str,
        text: String,
        event: &'static str,
        by_agent: bool,
    ) {
        let header = Rc::clone(&self.header);
        self.rows.push(Row { at: self.now, header, sender, text, event, by_agent });
    }

    /// Time passes.
    pub(super) fn pass(&mut self, low: u64, high: u64, draw: &mut Draw) {
        self.now += draw.between(low, high);
    }

    /// The customer tells the issue in a wording that was not used yet, if there is one.
    pub(super) fn tell(&mut self, words: &Words, draw: &mut Draw) -> bool {
        let wordings = &words.issue[self.issue].wordings;
        let unused: Vec<usize> =
            (0..wordings.len()).filter(|index| !self.told.contains(index)).collect();
        if unused.is_empty() {
            return false;
        }
        let index = *draw.pick(&unused);
        self.told.push(index);
        let opening = if self.told.len() == 1 { draw.phrase(&words.opening) } else { "" };
        let text = format!("{opening}{}{}", wordings[index], draw.phrase(&words.ending));
        self.telling = self.slots.fill(&text, 0);
        self.customer(self.telling.clone());
        true
    }

    /// The wait for a human ends now, with the outcome.
    pub(super) fn decide(&mut self, outcome: Outcome, end: WaitEnd) {
        self.truth.outcome = Some(outcome);
        self.truth.wait_end = Some((self.now, end));
    }
}
