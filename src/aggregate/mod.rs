//! Facts -> Summary: sums that merge.

pub mod summary;

pub use summary::Summary;
