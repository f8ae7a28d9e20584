//! The columns of a facts table: those of `conversations.csv`, then what else a report needs to be
//! made again. Each says how facts give the value and how they take it back.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use super::stream::{MADE_WITH, ROW_PROBLEMS, ROWS};
use super::write::{FINDINGS, ROWS_OF};
use crate::measure::columns::{COLUMNS, Cell, MORE};
use crate::model::facts::{MarkedTransfer, Stages, Transfer, Wording};
use crate::model::{Evidence, Facts, Outcome, Precision, Shows, Wait, WaitEnd};
use crate::store::table::{ColumnType, Columns};

/// A value of facts that no column of `conversations.csv` holds whole.
struct Field {
    name: &'static str,
    kind: ColumnType,
    get: fn(&Facts) -> Cell,
    set: fn(&mut Facts, Cell),
}

/// How a column of `conversations.csv` goes back into facts, in the order it is done.
type Setter = (&'static str, ColumnType, fn(&mut Facts, Cell));

/// All columns of a table but the findings, which name their input.
#[must_use]
pub fn columns(named: &[String]) -> Columns {
    let empty = Facts::default();
    let typed = |(name, read): &crate::measure::columns::Column| {
        ((*name).to_owned(), ColumnType::of(&read(&empty)))
    };
    let own = COLUMNS.iter().map(typed);
    let named = named.iter().map(|name| (column_of(name), ColumnType::Text));
    let state = fields().iter().map(|f| (f.name.to_owned(), f.kind.clone()));
    own.chain(named).chain(MORE.iter().map(typed)).chain(state).collect()
}

/// Stands before a named column (`--by company`) whose name is that of another column of the table.
const MARK: &str = "named_";

/// Whether a name, marks aside, is that of a column that every table has.
fn is_own(name: &str) -> bool {
    static OWN: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let view = COLUMNS.iter().chain(MORE).map(|(name, _)| *name);
        let others = [FINDINGS, ROWS_OF, ROWS, ROW_PROBLEMS, MADE_WITH];
        view.chain(fields().iter().map(|f| f.name)).chain(others).collect()
    });
    OWN.contains(name.trim_start_matches(MARK))
}

/// The column of a table that holds a named one.
fn column_of(name: &str) -> String {
    if is_own(name) { format!("{MARK}{name}") } else { name.to_owned() }
}

/// The named column that a column of a table holds.
#[must_use]
pub fn named_by(column: &str) -> &str {
    column.strip_prefix(MARK).filter(|name| is_own(name)).unwrap_or(column)
}

/// The cells of [`columns`] of one conversation.
pub fn cells(facts: &Facts, named: usize) -> impl Iterator<Item = Cell> {
    let own = COLUMNS.iter().map(|(_, read)| read(facts));
    let fields_named = (0..named).map(|i| Cell::Text(facts.fields.get(i).cloned().flatten()));
    let more = MORE.iter().map(|(_, read)| read(facts));
    own.chain(fields_named).chain(more).chain(fields().iter().map(|f| (f.get)(facts)))
}

/// The columns that [`restore`] wants, in its order.
#[must_use]
pub fn wanted(named: &[String]) -> Columns {
    let view = setters().iter().map(|(name, kind, _)| ((*name).to_owned(), kind.clone()));
    let state = fields().iter().map(|f| (f.name.to_owned(), f.kind.clone()));
    let named = named.iter().map(|name| (column_of(name), ColumnType::Text));
    view.chain(state).chain(named).collect()
}

/// Facts of the cells of [`wanted`]; findings are added by the reader.
pub fn restore(cells: impl Iterator<Item = Cell>) -> Facts {
    let mut facts = Facts::default();
    let mut cells = cells;
    for (_, _, set) in setters() {
        if let Some(cell) = cells.next() {
            set(&mut facts, cell);
        }
    }
    for field in fields() {
        if let Some(cell) = cells.next() {
            (field.set)(&mut facts, cell);
        }
    }
    facts.fields = cells.map(text).collect();
    // An asker did not leave unasked; `conversations.csv` says so, facts leave it open.
    if facts.transfer.is_some() {
        facts.left_unasked = None;
    }
    facts
}

fn text(cell: Cell) -> Option<String> {
    if let Cell::Text(text) = cell { text } else { None }
}
fn whole(cell: &Cell) -> u32 {
    optional(cell).unwrap_or_default()
}
fn optional(cell: &Cell) -> Option<u32> {
    if let Cell::Count(Some(n)) = cell { u32::try_from(*n).ok() } else { None }
}
fn millis(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Millis(ms) | Cell::Whole(ms) => *ms,
        _ => None,
    }
}
fn time(cell: &Cell) -> Option<DateTime<Utc>> {
    if let Cell::Time(at) = cell { *at } else { None }
}
fn flag(cell: &Cell) -> Option<bool> {
    if let Cell::Flag(flag) = cell { *flag } else { None }
}
fn counts(cell: Cell) -> Vec<u64> {
    if let Cell::Counts(list) = cell { list } else { Vec::new() }
}
fn ended(cell: Cell) -> Option<WaitEnd> {
    text(cell).and_then(|name| WaitEnd::parse(&name))
}

const NO_WAIT: Wait = Wait { ms: None, service_ms: None, end: WaitEnd::Cut };

fn transfer_of(outcome: Outcome) -> Transfer {
    Transfer {
        outcome,
        evidence: Evidence::Inferred,
        failed_hours: Vec::new(),
        stages: Stages::default(),
        steps_to_human: None,
        short: false,
        request_to_human: NO_WAIT,
        request_to_human_greeting: NO_WAIT,
        wordings: Vec::new(),
    }
}

macro_rules! counts_of {
    ($($name:literal => $($field:ident).+;)*) => {
        vec![$(($name, ColumnType::Count, |f: &mut Facts, c| f.$($field).+ = whole(&c)),)*]
    };
}

/// What the columns of `conversations.csv` hold whole.
fn setters() -> &'static [Setter] {
    static SETTERS: LazyLock<Vec<Setter>> = LazyLock::new(all_setters);
    &SETTERS
}

#[rustfmt::skip]
fn all_setters() -> Vec<Setter> {
    let mut all: Vec<Setter> = counts_of! {
        "messages" => messages;
        "events" => events;
        "customer_messages" => customer_messages;
        "bot_messages" => bot_messages;
        "agent_messages" => agent_messages;
        "requests" => requests;
        "attempts" => attempts;
        "nudges" => nudges;
        "failed_attempts" => failed_attempts;
        "episodes" => episodes;
        "longest_chain" => longest_chain;
        "repeats" => repeats;
        "bot_repetitions" => bot_repetitions;
        "fallbacks" => fallbacks;
        "loops" => loops;
        "context_loss" => context_loss;
        "deflections" => deflections;
        "human_checks" => human_checks;
        "supervisor_requests" => supervisor_requests;
        "automatic_greetings" => automatic_greetings;
        "rephrases_after_human" => rephrases_human;
    };
    let others: [Setter; 17] = [
        ("conversation_id", ColumnType::Text, |f, c| f.conversation_id = text(c).unwrap_or_default()),
        ("company", ColumnType::Text, |f, c| f.company = text(c)),
        ("opened_at", ColumnType::Time, |f, c| f.opened_at = time(&c)),
        ("closed_at", ColumnType::Time, |f, c| f.closed_at = time(&c)),
        ("outcome", ColumnType::Text, |f, c| {
            f.transfer = text(c).and_then(|name| Outcome::parse(&name)).map(transfer_of);
        }),
        ("outcome_evidence", ColumnType::Text, |f, c| in_transfer(f, |t| {
            t.evidence = text(c).and_then(|n| Evidence::parse(&n)).unwrap_or(Evidence::Inferred);
        })),
        ("request_to_human_s", ColumnType::Seconds, |f, c| in_transfer(f, |t| {
            t.request_to_human.ms = millis(&c);
        })),
        ("request_to_human_service_s", ColumnType::Seconds, |f, c| in_transfer(f, |t| {
            t.request_to_human.service_ms = millis(&c);
        })),
        ("wait_end", ColumnType::Text, |f, c| in_transfer(f, |t| {
            t.request_to_human.end = ended(c).unwrap_or(WaitEnd::Cut);
        })),
        ("steps_to_human", ColumnType::Count, |f, c| in_transfer(f, |t| t.steps_to_human = optional(&c))),
        ("short", ColumnType::Flag, |f, c| in_transfer(f, |t| t.short = flag(&c).unwrap_or_default())),
        ("left_unasked", ColumnType::Flag, |f, c| f.left_unasked = flag(&c)),
        ("handed_over_unasked", ColumnType::Flag, |f, c| f.handed_over_unasked = flag(&c).unwrap_or_default()),
        ("handling_s", ColumnType::Seconds, |f, c| f.handling_ms = millis(&c)),
        ("time_to_close_s", ColumnType::Seconds, |f, c| f.time_to_close_ms = millis(&c)),
        ("asked_in_closed_hours", ColumnType::Flag, |f, c| f.asked_closed = flag(&c)),
        ("marked_attempts", ColumnType::Count, |f, c| {
            let of = |attempts| MarkedTransfer {
                attempts,
                stages: Stages::default(),
                request_to_human: NO_WAIT,
            };
            f.marked = optional(&c).map(of);
        }),
    ];
    all.extend(others);
    all
}

fn in_transfer(facts: &mut Facts, set: impl FnOnce(&mut Transfer)) {
    if let Some(transfer) = &mut facts.transfer {
        set(transfer);
    }
}

/// Three columns of a wait that may be absent: length, length in service hours, end.
macro_rules! wait {
    ($ms:literal, $service:literal, $end:literal, $get:expr, $at:expr) => {
        [
            Field {
                name: $ms,
                kind: ColumnType::Whole,
                get: |f| Cell::Whole($get(f).and_then(|w: Wait| w.ms)),
                // The end comes last and tells whether there is a wait at all.
                set: |f, c| set_wait($at(f), |w| w.ms = millis(&c)),
            },
            Field {
                name: $service,
                kind: ColumnType::Whole,
                get: |f| Cell::Whole($get(f).and_then(|w: Wait| w.service_ms)),
                set: |f, c| set_wait($at(f), |w| w.service_ms = millis(&c)),
            },
            Field {
                name: $end,
                kind: ColumnType::Text,
                get: |f| Cell::Text($get(f).map(|w: Wait| w.end.name().to_owned())),
                set: |f, c| {
                    let end = ended(c);
                    if let Some(wait) = $at(f) {
                        match end {
                            Some(end) => set_wait(Some(wait), |w| w.end = end),
                            None => *wait = None,
                        }
                    }
                },
            },
        ]
    };
}

/// A wait of facts themselves.
macro_rules! own_wait {
    ($ms:literal, $service:literal, $end:literal, $field:ident) => {
        wait!($ms, $service, $end, |f: &Facts| f.$field, |f| Some(at(f, |f| &mut f.$field)))
    };
}

fn at<'a>(
    facts: &'a mut Facts,
    field: impl FnOnce(&'a mut Facts) -> &'a mut Option<Wait>,
) -> &'a mut Option<Wait> {
    field(facts)
}

fn set_wait(slot: Option<&mut Option<Wait>>, set: impl FnOnce(&mut Wait)) {
    if let Some(slot) = slot {
        set(slot.get_or_insert(NO_WAIT));
    }
}

macro_rules! flags {
    ($($name:literal, $get:expr, $set:expr;)*) => {
        vec![$(Field { name: $name, kind: ColumnType::Flag, get: $get, set: $set },)*]
    };
}

macro_rules! stages {
    ($($name:literal => $stage:ident, $of:ident;)*) => {
        flags![$(
            $name,
            |f| Cell::Flag(f.$of.as_ref().and_then(|t| t.stages.$stage)),
            |f, c| if let Some(t) = &mut f.$of { t.stages.$stage = flag(&c) };
        )*]
    };
}

macro_rules! shown {
    ($($name:literal => $part:ident;)*) => {
        flags![$(
            $name,
            |f| Cell::Flag(Some(f.coverage.$part.yes())),
            |f, c| f.coverage.$part = if flag(&c) == Some(true) { Shows::Yes } else { Shows::No };
        )*]
    };
}

/// What no column of `conversations.csv` holds whole.
fn fields() -> &'static [Field] {
    static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(all_fields);
    &FIELDS
}

fn all_fields() -> Vec<Field> {
    let mut all = links();
    all.extend(shown! {
        "shows_bot_replies" => bot_replies;
        "shows_agent_messages" => agent_messages;
        "shows_system_lines" => system_lines;
        "shows_queue" => queue;
        "shows_joins" => joins;
        "shows_leaves" => leaves;
        "shows_closes" => closes;
    });
    all.extend(stages! {
        "stage_offered" => offered, transfer;
        "stage_queued" => queued, transfer;
        "stage_connected" => connected, transfer;
        "stage_human_spoke" => spoke, transfer;
        "marked_stage_offered" => offered, marked;
        "marked_stage_queued" => queued, marked;
        "marked_stage_connected" => connected, marked;
        "marked_stage_human_spoke" => spoke, marked;
    });
    all.extend(waits());
    all.extend(in_lists());
    all
}

/// Whose conversation it is and when.
fn links() -> Vec<Field> {
    vec![
        Field {
            name: "format",
            kind: ColumnType::Text,
            get: |f| Cell::Text(Some(f.format.clone())),
            set: |f, c| f.format = text(c).unwrap_or_default(),
        },
        Field {
            name: "exported_id",
            kind: ColumnType::Text,
            get: |f| Cell::Text(Some(f.exported_id.clone())),
            set: |f, c| f.exported_id = text(c).unwrap_or_default(),
        },
        Field {
            name: "customer_key",
            kind: ColumnType::Count,
            get: |f| Cell::Count(f.customer),
            set: |f, c| f.customer = if let Cell::Count(key) = c { key } else { None },
        },
        Field {
            name: "order_keys",
            kind: ColumnType::Counts,
            get: |f| Cell::Counts(f.orders.clone()),
            set: |f, c| f.orders = counts(c),
        },
        Field {
            name: "first_customer_at",
            kind: ColumnType::Time,
            get: |f| Cell::Time(f.first_customer_at),
            set: |f, c| f.first_customer_at = time(&c),
        },
        Field {
            name: "date",
            kind: ColumnType::Text,
            get: |f| Cell::Text(f.date.map(|d| d.to_string())),
            set: |f, c| f.date = text(c).and_then(|d| d.parse::<NaiveDate>().ok()),
        },
        Field {
            name: "time_precision",
            kind: ColumnType::Text,
            get: |f| Cell::Text(f.coverage.times.map(|p| p.name().to_owned())),
            set: |f, c| f.coverage.times = text(c).and_then(|name| Precision::parse(&name)),
        },
        Field {
            name: "rephrases_after_bot",
            kind: ColumnType::Count,
            get: |f| Cell::Count(Some(u64::from(f.rephrases_bot))),
            set: |f, c| f.rephrases_bot = whole(&c),
        },
    ]
}

#[rustfmt::skip]
fn waits() -> Vec<Field> {
    [
        own_wait!("start_to_human_ms", "start_to_human_service_ms", "start_to_human_end", start_to_human),
        own_wait!("start_to_human_greeting_ms", "start_to_human_greeting_service_ms", "start_to_human_greeting_end", start_to_human_greeting),
        own_wait!("first_response_ms", "first_response_service_ms", "first_response_end", first_response),
        own_wait!("first_human_response_ms", "first_human_response_service_ms", "first_human_response_end", first_human_response),
        own_wait!("queue_ms", "queue_service_ms", "queue_end", queue),
        own_wait!("longest_silence_ms", "longest_silence_service_ms", "longest_silence_end", longest_silence),
    ]
    .into_iter()
    .flatten()
    .chain(transfer_waits())
    .collect()
}

/// The waits that are there whenever there is a request.
#[rustfmt::skip]
fn transfer_waits() -> Vec<Field> {
    macro_rules! parts {
        ($of:ident, $wait:ident, $ms:literal, $service:literal, $end:literal) => {
            [
                Field {
                    name: $ms,
                    kind: ColumnType::Whole,
                    get: |f| Cell::Whole(f.$of.as_ref().and_then(|t| t.$wait.ms)),
                    set: |f, c| if let Some(t) = &mut f.$of { t.$wait.ms = millis(&c) },
                },
                Field {
                    name: $service,
                    kind: ColumnType::Whole,
                    get: |f| Cell::Whole(f.$of.as_ref().and_then(|t| t.$wait.service_ms)),
                    set: |f, c| if let Some(t) = &mut f.$of { t.$wait.service_ms = millis(&c) },
                },
                Field {
                    name: $end,
                    kind: ColumnType::Text,
                    get: |f| Cell::Text(f.$of.as_ref().map(|t| t.$wait.end.name().to_owned())),
                    set: |f, c| if let Some(t) = &mut f.$of { t.$wait.end = ended(c).unwrap_or(WaitEnd::Cut) },
                },
            ]
        };
    }
    let greeting = parts!(transfer, request_to_human_greeting, "request_to_human_greeting_ms", "request_to_human_greeting_service_ms", "request_to_human_greeting_end");
    let marked = parts!(marked, request_to_human, "marked_request_to_human_ms", "marked_request_to_human_service_ms", "marked_request_to_human_end");
    greeting.into_iter().chain(marked).collect()
}

fn in_lists() -> Vec<Field> {
    vec![
        Field {
            name: "failed_hours",
            kind: ColumnType::Counts,
            get: |f| {
                let hours = f.transfer.as_ref().map(|t| t.failed_hours.as_slice());
                Cell::Counts(hours.unwrap_or_default().iter().map(|h| u64::from(*h)).collect())
            },
            set: |f, c| {
                let hours = counts(c).into_iter().filter_map(|h| u8::try_from(h).ok()).collect();
                in_transfer(f, |t| t.failed_hours = hours);
            },
        },
        Field {
            name: "wordings",
            kind: ColumnType::Records(vec![
                ("phrase".to_owned(), ColumnType::Text),
                ("served".to_owned(), ColumnType::Flag),
                ("explicit".to_owned(), ColumnType::Flag),
            ]),
            get: |f| {
                let wordings = f.transfer.as_ref().map(|t| t.wordings.as_slice());
                let record = |w: &Wording| {
                    vec![
                        Cell::Text(Some(w.phrase.clone())),
                        Cell::Flag(Some(w.served)),
                        Cell::Flag(Some(w.explicit)),
                    ]
                };
                Cell::Records(wordings.unwrap_or_default().iter().map(record).collect())
            },
            set: |f, c| {
                let Cell::Records(records) = c else { return };
                let wording = |record: Vec<Cell>| {
                    let [phrase, served, explicit] = <[Cell; 3]>::try_from(record).ok()?;
                    Some(Wording {
                        phrase: text(phrase)?,
                        served: flag(&served)?,
                        explicit: flag(&explicit)?,
                    })
                };
                let wordings = records.into_iter().filter_map(wording).collect();
                in_transfer(f, |t| t.wordings = wordings);
            },
        },
    ]
}
