//! `tohuman` (转人工): how hard is it to reach a human?

pub mod aggregate;
pub mod error;
pub mod generate;
pub mod model;
pub mod stats;
pub mod text;
