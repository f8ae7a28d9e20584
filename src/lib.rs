//! `tohuman` (转人工): how hard is it to reach a human?

pub mod aggregate;
pub mod error;
pub mod model;
pub mod report;
pub mod stats;
pub mod text;
