//! What is known about one input file after it was read.

use serde::{Deserialize, Serialize};

use super::Coverage;

/// One input as the report lists it (`inputs[]` of report.json).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReport {
    /// Path as the user gave it (a file of a folder: folder joined with its name; `-` for stdin).
    pub path: String,
    /// SHA-256 of the raw bytes, hexadecimal.
    pub sha256: String,
    /// Size in bytes as stored.
    pub bytes: u64,
    /// Name of the format (`csv`, `tsv`, `xlsx`, `jsonl`, `json`, `amazon-contact-lens`, ...).
    pub format: String,
    /// Character encoding, or empty where the format has its own.
    pub encoding: String,
    /// `gzip`, `zstd` or empty.
    pub compression: String,
    /// The zone that stamps without one were read in.
    pub time_zone: String,
    /// Where the zone of the stamps comes from: `in data`, `--time-zone`, `mixed` or `no times`.
    pub time_zone_from: String,
    /// `column or path -> meaning`, in the order of the file.
    pub columns: Vec<(String, String)>,
    /// What it can show.
    pub coverage: Coverage,
    /// Rows read: used + refused + duplicate.
    pub rows_read: u64,
    /// Rows used.
    pub rows_used: u64,
    /// Rows refused.
    pub rows_refused: u64,
    /// Rows that came twice.
    pub rows_duplicate: u64,
}
