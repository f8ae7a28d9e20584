//! Facts -> Summary: sums that merge. `Tally` adds facts; `Complaints` adds complaint records and
//! links them; `build` turns both into the [`Summary`] that every report reads.

pub mod complaints;
mod effort;
mod explicit;
mod options;
pub mod stated;
pub mod summary;
mod tally;
mod transfer;
mod waits;

pub use complaints::ComplaintTally;
pub use options::{AggregateOptions, PeriodUnit, ShortAbandons};
pub use summary::Summary;
pub use tally::{Groups, Tally};
