//! Customer support on Twitter: the public table of tweets to and from brands, with the columns
//! `tweet_id`, `author_id`, `inbound`, `created_at`, `text`, `response_tweet_id`,
//! `in_response_to_tweet_id`.
//!
//! A conversation is found by walking up the answers: it is named by the uppermost customer's tweet
//! on the way, so that customers who answer one broadcast of a brand are not thrown together. Ids
//! and answers of the whole file are held for the walk, texts are not.

use std::collections::HashMap;

use serde_json::Value;

use super::Format;
use super::html_text::html_text;
use super::look::Look;
use super::table::{Flow, Item, Job, Sink};
use super::vendor_look::{columns, keys};
use super::vendor_rows::{Rows, VendorRow, all_shown, at, read, yes};
use crate::error::Result;
use crate::model::{Coverage, Sender, Shows};

/// The table of tweets.
pub(super) struct TwitterCare;

/// Longest way up: no talk is longer, and a hostile file shall not take for ever.
const LONGEST: usize = 1_000;

impl Format for TwitterCare {
    fn name(&self) -> &'static str {
        "twitter-care"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let names = ["tweet_id", "author_id", "inbound", "text", "in_response_to_tweet_id"];
        let what = "customer support on Twitter";
        columns(look, what, &names).or_else(|| keys(look, what, &names))
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let tree = Tree::of(job)?;
        read(job, sink, &[], &mut |value, rows| tweet(value, &tree, rows))
    }

    fn coverage(&self) -> Option<Coverage> {
        let no = Shows::No;
        Some(Coverage {
            bot_replies: no,
            system_lines: no,
            queue: no,
            joins: no,
            leaves: no,
            closes: no,
            ..all_shown()
        })
    }

    fn caveat(&self) -> Option<&'static str> {
        Some("a brand's bot writes under the brand's name and cannot be told from its people")
    }
}

/// What the walk needs of the tweets, by id, in numbers: millions of them lie in memory. The table
/// is only asked by id, never listed.
struct Tree {
    of: HashMap<u64, Tweet>,
}

/// 0 stands for none: no tweet and no person of the data has that number.
struct Tweet {
    answers: u64,
    author: u64,
    inbound: bool,
}

impl Tree {
    /// Reads the whole input for its answers.
    fn of(job: &Job<'_>) -> Result<Self> {
        let mut tree = Self { of: HashMap::new() };
        let mut silent = |_| {};
        let mut first = job.again(&mut silent)?;
        let mut ignore = |_: Item<'_>| Ok(Flow::On);
        read(&mut first, &mut ignore, &[], &mut |value, _| {
            let number = |path: &str| id(value, path).parse().unwrap_or(0);
            let tweet = Tweet {
                answers: number("in_response_to_tweet_id"),
                author: number("author_id"),
                inbound: yes(value, "inbound"),
            };
            tree.of.insert(number("tweet_id"), tweet);
            Ok(())
        })?;
        tree.of.remove(&0);
        Ok(tree)
    }

    /// The uppermost customer's tweet on the way up with its author, if there is one. Of a circle,
    /// which no true file has, the first by id.
    fn conversation(&self, tweet: u64) -> Option<(u64, u64)> {
        let mut way: Vec<u64> = Vec::new();
        let (mut now, mut found) = (tweet, None);
        while let Some(seen) = self.of.get(&now).filter(|_| way.len() < LONGEST) {
            if let Some(from) = way.iter().position(|w| *w == now) {
                let first = way[from..].iter().min().copied()?;
                return Some((first, self.of.get(&first)?.author));
            }
            way.push(now);
            if seen.inbound {
                found = Some((now, seen.author));
            }
            now = seen.answers;
        }
        found
    }
}

/// An id; spreadsheets write whole numbers with a point.
fn id(value: &Value, path: &str) -> String {
    let text = at(value, path);
    text.strip_suffix(".0").unwrap_or(&text).trim().to_owned()
}

fn tweet(value: &Value, tree: &Tree, rows: &mut Rows<'_, '_>) -> Result<()> {
    let own = id(value, "tweet_id");
    let inbound = at(value, "inbound");
    let author = at(value, "author_id");
    let sender = match inbound.to_lowercase().as_str() {
        "true" | "1" => Some(Sender::Customer),
        "false" | "0" => Some(Sender::Agent),
        _ => None,
    };
    // A tweet to or of nobody, or whose id is no number, stands alone.
    let (conversation, customer) = match tree.conversation(own.parse().unwrap_or(0)) {
        Some((root, _)) if root.to_string() == own && sender == Some(Sender::Customer) => {
            (own.clone(), author.clone())
        }
        Some((root, 0)) => (root.to_string(), String::new()),
        Some((root, customer)) => (root.to_string(), customer.to_string()),
        None if sender == Some(Sender::Customer) => (own.clone(), author.clone()),
        None => (own.clone(), String::new()),
    };
    rows.put(&VendorRow {
        conversation,
        time: at(value, "created_at"),
        sender: super::vendor_rows::named(sender, &inbound),
        text: html_text(&at(value, "text")),
        agent: if sender == Some(Sender::Agent) { author } else { String::new() },
        customer,
        message_id: own,
        ..VendorRow::default()
    })
}
