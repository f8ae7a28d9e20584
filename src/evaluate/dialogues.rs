//! Whole conversations with every customer message labelled: what is judged is what the pipeline finds
//! in them, with all that stands before and between.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::{Counts, cell};
use crate::detect::Detector;
use crate::detect::retold::Sample;
use crate::error::{Error, Result};
use crate::model::{Conversation, Coverage, Kind, Message, Rule, Sender, Shows, Visibility};
use crate::stats::Rate;

const HEADER: &str = "conversation\tsender\ttext\tlabel";
/// Labels of customer messages. `rephrase` and `repeat` are what is looked for; the others are what
/// is mistaken for it.
const LABELS: [&str; 7] = ["new", "rephrase", "repeat", "answer", "request", "loss", "other"];

/// How well saying it again is found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DialogueScores {
    /// Conversations.
    pub conversations: usize,
    /// Customer messages.
    pub n: usize,
    /// Labelled `rephrase` or `repeat`.
    pub positive: usize,
    /// Of them, found as either.
    pub tp: usize,
    /// Found, labelled otherwise.
    pub fp: usize,
    /// Missed.
    #[serde(rename = "fn")]
    pub missed: usize,
    /// Neither.
    pub tn: usize,
    /// tp / (tp + fp).
    pub precision: Option<f64>,
    /// tp / (tp + fn).
    pub recall: Option<f64>,
    /// 2 tp / (2 tp + fp + fn).
    pub f1: Option<f64>,
    /// The same with the interval of a draw of messages.
    pub precision_rate: Rate,
    /// The same.
    pub recall_rate: Rate,
    /// Label -> what its messages were found as -> messages.
    pub found_as: BTreeMap<String, BTreeMap<String, usize>>,
}

/// Scores, and line by line what was found.
#[derive(Clone, Debug)]
pub struct DialogueEvaluation {
    /// The figures.
    pub scores: DialogueScores,
    /// The input with a column `found`.
    pub predictions: String,
}

/// Which conversations count, by the number their id ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// All.
    Both,
    /// Odd numbers: what rules may be tuned on.
    Odd,
    /// Even numbers: held back.
    Even,
}

impl Half {
    fn holds(self, id: &str) -> bool {
        let digit = id.chars().rev().find_map(|c| c.to_digit(10)).unwrap_or(0);
        match self {
            Self::Both => true,
            Self::Odd => digit % 2 == 1,
            Self::Even => digit % 2 == 0,
        }
    }
}

struct Turn<'t> {
    message: Message,
    text: &'t str,
    label: &'t str,
}

/// Evaluates retellings on lines `conversation<TAB>sender<TAB>text<TAB>label`, with a header.
///
/// # Errors
/// A line that is not of that form.
pub fn dialogues(
    path: &str,
    content: &str,
    half: Half,
    detector: &Detector,
) -> Result<DialogueEvaluation> {
    let mut counts = Counts::default();
    let mut found_as: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut predictions = format!("{HEADER}\tfound\n");
    let mut conversations = 0;
    for (id, turns) in grouped(path, content)? {
        if !half.holds(&id) {
            continue;
        }
        conversations += 1;
        let found = found(&id, &turns, detector);
        for (i, turn) in turns.iter().enumerate() {
            let name = found.get(&i).map_or("-", |rule| rule.id());
            if !turn.label.is_empty() {
                let again = |name: &str| name == "rephrase" || name == "repeat";
                counts.add(again(turn.label), again(name));
                let row = found_as.entry(turn.label.to_owned()).or_default();
                *row.entry(name.to_owned()).or_default() += 1;
            }
            let (sender, text) = (turn.message.sender.name(), cell(turn.text));
            // Writing to a String cannot fail.
            let _ =
                writeln!(predictions, "{}\t{sender}\t{text}\t{}\t{name}", cell(&id), turn.label);
        }
    }
    let Counts { tp, fp, missed, tn } = counts;
    let rate = |hits: usize, of: usize| Rate::new(hits as u64, of as u64);
    let scores = DialogueScores {
        conversations,
        n: counts.n(),
        positive: tp + missed,
        tp,
        fp,
        missed,
        tn,
        precision: counts.precision(),
        recall: counts.recall(),
        f1: counts.f1(),
        precision_rate: rate(tp, tp + fp),
        recall_rate: rate(tp, tp + missed),
        found_as,
    };
    Ok(DialogueEvaluation { scores, predictions })
}

/// The tellings of labelled conversations with what was read of each: what `tune` fits to. Said again is
/// what is labelled `rephrase`, `repeat` or `loss`. Beside them, how many are told again in the same words:
/// they need no reading.
///
/// # Errors
/// A line that is not of that form.
pub fn samples(
    path: &str,
    content: &str,
    half: Half,
    detector: &Detector,
) -> Result<(Vec<Sample>, usize)> {
    let mut out = Vec::new();
    let mut certain = 0;
    for (id, turns) in grouped(path, content)?.iter().filter(|(id, _)| half.holds(id)) {
        let conversation = conversation(id, turns);
        for telling in detector.detect(&conversation).tellings.tellings {
            let again = matches!(turns[telling.at].label, "rephrase" | "repeat" | "loss");
            certain += usize::from(again && telling.of.is_some() && telling.features.is_none());
            out.extend(telling.features.map(|features| Sample { features, again }));
        }
    }
    Ok((out, certain))
}

/// What customers wrote in labelled conversations, and whether it asks for a human.
pub(super) fn requests(path: &str, content: &str, half: Half) -> Result<Vec<(String, bool)>> {
    let mut out = Vec::new();
    for (_, turns) in grouped(path, content)?.iter().filter(|(id, _)| half.holds(id)) {
        let said = turns.iter().filter(|turn| turn.message.sender == Sender::Customer);
        out.extend(said.map(|turn| (turn.message.text.clone(), turn.label == "request")));
    }
    Ok(out)
}

/// The most telling finding at each message.
fn found(id: &str, turns: &[Turn<'_>], detector: &Detector) -> BTreeMap<usize, Rule> {
    const ORDER: [Rule; 5] =
        [Rule::Rephrase, Rule::Repeat, Rule::ContextLoss, Rule::TransferRequest, Rule::Nudge];
    let conversation = conversation(id, turns);
    let mut out: BTreeMap<usize, Rule> = BTreeMap::new();
    let findings = detector.detect(&conversation).findings;
    for rule in ORDER {
        for finding in findings.iter().filter(|f| f.rule == rule) {
            out.entry(finding.message).or_insert(rule);
        }
    }
    out
}

fn conversation(id: &str, turns: &[Turn<'_>]) -> Conversation {
    let senders: BTreeSet<Sender> = turns.iter().map(|t| t.message.sender).collect();
    let shows = |sender| if senders.contains(&sender) { Shows::Yes } else { Shows::No };
    Conversation {
        company: None,
        format: "table".to_owned(),
        id: id.to_owned(),
        messages: turns.iter().map(|t| t.message.clone()).collect(),
        coverage: Coverage {
            bot_replies: shows(Sender::Bot),
            agent_messages: shows(Sender::Agent),
            system_lines: shows(Sender::System),
            ..Coverage::default()
        },
    }
}

/// The lines of each conversation, in the order of the file.
fn grouped<'t>(path: &str, content: &'t str) -> Result<Vec<(String, Vec<Turn<'t>>)>> {
    let content = content.strip_prefix('\u{feff}').unwrap_or(content);
    let mut out: Vec<(String, Vec<Turn<'t>>)> = Vec::new();
    for (i, line) in content.lines().enumerate() {
        let wrong = |what: String| Error::Input {
            path: path.to_owned(),
            line: Some(i as u64 + 1),
            what,
            way_out: format!("write a header and lines as {}", HEADER.replace('\t', "<TAB>")),
        };
        if i == 0 && line == HEADER {
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, sender, text, label] = <[&str; 4]>::try_from(columns)
            .map_err(|columns| wrong(format!("{} columns, not 4", columns.len())))?;
        let sender = match sender {
            "customer" => Sender::Customer,
            "bot" => Sender::Bot,
            "agent" => Sender::Agent,
            "system" => Sender::System,
            other => return Err(wrong(format!("the sender is \"{other}\""))),
        };
        if (sender == Sender::Customer) != LABELS.contains(&label) {
            return Err(wrong(format!("the label of a {} line is \"{label}\"", sender.name())));
        }
        let turn = Turn { message: message(i as u64 + 1, id, sender, text), text, label };
        match out.last_mut().filter(|(last, _)| last == id) {
            Some((_, turns)) => turns.push(turn),
            None => out.push((id.to_owned(), vec![turn])),
        }
    }
    Ok(out)
}

fn message(row: u64, id: &str, sender: Sender, text: &str) -> Message {
    Message {
        source: 0,
        row,
        company: None,
        conversation: id.to_owned(),
        sequence: None,
        time: None,
        sender,
        kind: Kind::Message,
        automatic: false,
        visibility: Visibility::Public,
        text: text.to_owned(),
        cause: None,
        agent_id: None,
        customer_id: None,
        order_id: None,
        message_id: None,
        fields: Vec::new(),
    }
}
