//! `report.json`: the summary itself, its keys in the order of the structure. Floating point
//! numbers are rounded here, so that the last digits of a sum do not make two equal reports differ.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::number::round_to;
use crate::aggregate::Summary;
use crate::error::{Error, Result};

/// Decimals of a key that ends in `_s`: milliseconds.
const DECIMALS_SECONDS: i32 = 3;
/// Decimals of every other number: shares, ratios, means.
const DECIMALS_SHARE: i32 = 6;

pub(super) fn render(summary: &Summary) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Rounding::default());
    summary.serialize(&mut serializer).map_err(|e| {
        Error::usage(format!("report.json cannot be written: {e}"), "please report this error")
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Pretty printing that rounds by the name of the key.
#[derive(Default)]
struct Rounding {
    pretty: PrettyFormatter<'static>,
    in_key: bool,
    key: String,
}

impl Formatter for Rounding {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        let seconds = self.key.ends_with("_s");
        let rounded = round_to(value, if seconds { DECIMALS_SECONDS } else { DECIMALS_SHARE });
        self.pretty.write_f64(writer, rounded)
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if self.in_key {
            self.key.push_str(fragment);
        }
        self.pretty.write_string_fragment(writer, fragment)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        self.in_key = true;
        self.key.clear();
        self.pretty.begin_object_key(w, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.in_key = false;
        self.pretty.end_object_key(writer)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_array_value(w, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object(writer)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }
}
