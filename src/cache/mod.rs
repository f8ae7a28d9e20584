//! What `report --cache DIR` keeps from one run to the next: facts of the conversations of files that
//! did not change, so that a nightly run measures the day and not the year.
//!
//! The cache is made of parts. A part holds the facts that one run measured, what was wrong with the
//! rows, a report of every file that was read, and pairs of conversation and file: which files each of
//! its conversations was measured from, and so which conversations each file holds. A conversation of a
//! part holds as long as the files that it occurs in are those of its pairs; where a new, changed or
//! removed file touches it, it is measured again from the rows of all its files (`plan`). The report
//! is then made of all parts together (`view`): of the rows and sums that each part has ready (`ready`), or,
//! where a report needs more, of the facts, as `report --facts` makes it.
//!
//! Nothing is believed without a reason: parts carry their hashes, a file its content's hash; only
//! that a file did not change is believed from its size, time and inode (`stat`), unless
//! `--cache-verify` is given.

mod home;
mod merge;
mod pairs;
mod part;
mod plan;
mod ready;
mod run;
mod stat;
mod view;

pub(crate) use run::{Brought, Cache};
pub(crate) use view::View;

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::model::DEFINITIONS_VERSION;
use crate::settings::{Choice, Settings};

/// Version of what stands in a part.
const LAYOUT: u32 = 2;
/// Letters of the name of a set of parts.
const LETTERS: usize = 16;

/// Everything beside the files that facts depend on, hashed: parts that were made otherwise are of
/// another set.
fn made_with(settings: &Settings, choice: &Choice) -> String {
    let privacy = &settings.measure.privacy;
    let ingest = &settings.ingest;
    let all = serde_json::json!([
        LAYOUT,
        env!("CARGO_PKG_VERSION"),
        program(),
        DEFINITIONS_VERSION,
        settings.models(),
        settings.given,
        settings.measure.time_zone.name(),
        settings.measure.short_abandon_ms,
        privacy.keep_text.name(),
        privacy.hash_key.fingerprint(),
        ingest.time_zone.name(),
        ingest.fields,
        ingest.mapping,
        ingest.bot_ids,
        ingest.format,
        ingest.max_unpacked,
        [&choice.by, &choice.keep],
        choice.wheres,
    ]);
    hex(&Sha256::digest(all.to_string().as_bytes())).chars().take(LETTERS).collect()
}

/// What tells this build of the program from another of the same version.
fn program() -> Option<stat::Stat> {
    std::env::current_exe().ok().and_then(|path| stat::Stat::of(&path))
}

/// The place of a conversation in pairs: a hash of the id of its rows. Two ids of one hash are treated
/// as one, which costs time and changes nothing. Source: FNV-1a, G. Fowler, L. C. Noll, K.-P. Vo.
fn hash_of(id: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    id.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        // A string takes all that is written to it.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn unread(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |source| Error::Read { path: path.to_owned(), source }
}

fn unwritten(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |source| Error::Write { path: path.to_owned(), source }
}
