//! `tohuman` (转人工): how hard is it to reach a human?
//!
//! Data flows one way: [`ingest`] turns bytes into messages, [`conversations`] orders them,
//! [`detect`] finds what happened, [`measure`] gives one value per metric, [`aggregate`] adds them
//! up, [`report`] writes them down. [`model`], [`text`] and [`stats`] are what the stages share.
//!
//! Without the feature `tables` there is [`ingest`] alone with what it names: quick to build, for
//! those who only read, and for the fuzz targets.

pub mod error;
pub mod ingest;
pub mod model;
pub mod text;

#[cfg(feature = "tables")]
pub mod aggregate;
#[cfg(feature = "tables")]
mod cache;
#[cfg(feature = "tables")]
pub mod cli;
#[cfg(feature = "tables")]
pub mod commands;
#[cfg(feature = "tables")]
pub mod config;
#[cfg(feature = "tables")]
pub mod conversations;
#[cfg(feature = "tables")]
pub mod detect;
#[cfg(feature = "tables")]
pub mod evaluate;
#[cfg(feature = "tables")]
pub mod facts;
#[cfg(feature = "tables")]
pub mod generate;
#[cfg(feature = "tables")]
pub mod label;
#[cfg(feature = "tables")]
pub mod learn;
#[cfg(feature = "tables")]
pub mod leftovers;
#[cfg(feature = "tables")]
pub mod measure;
#[cfg(feature = "tables")]
pub mod overrides;
#[cfg(feature = "tables")]
pub mod pipeline;
#[cfg(feature = "tables")]
mod program;
#[cfg(feature = "tables")]
pub mod progress;
#[cfg(feature = "tables")]
pub mod report;
#[cfg(feature = "tables")]
pub mod settings;
#[cfg(feature = "tables")]
pub mod stats;
#[cfg(feature = "tables")]
pub mod store;
#[cfg(feature = "tables")]
pub mod stream;
#[cfg(feature = "tables")]
pub mod threads;

#[cfg(feature = "tables")]
pub(crate) use program::say;
#[cfg(feature = "tables")]
pub use program::{Status, run};
