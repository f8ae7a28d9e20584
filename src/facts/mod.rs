//! Facts on disk: measured once, reported any number of times, in parts that add up. A folder holds
//! `facts.parquet` (one row per conversation with every value that a report needs), `facts.json` (how
//! they were made) and `problems.csv`; a bare table holds the rows alone.

pub mod columns;
pub mod header;
mod job;
pub mod kept;
pub mod read;
pub mod schema;
mod stream;
pub mod write;

pub use header::FactsHeader;
pub use read::FactsSet;
pub use stream::{FactsStream, stream_columns};
pub use write::FactsWriter;

/// Name of the table in a folder of facts.
pub const TABLE: &str = "facts.parquet";
/// Name of the header.
pub const HEADER: &str = "facts.json";
/// Name of the header in a folder of parts that an engine of many machines wrote; such engines pass
/// over names that begin so.
pub const JOB_HEADER: &str = "_facts.json";
/// Name of the list of rows that were refused, repaired or double.
pub const PROBLEMS: &str = "problems.csv";
