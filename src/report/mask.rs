//! A copy of the summary with the words of users masked: whatever a value of a column, a wording,
//! a category or a company holds, nobody's number or address is printed, unless the run was told to
//! keep all. Done once, before any format, so that no format can forget it.
//!
//! Masked two names may become equal; they get a number behind them, for groups that differ must
//! not look like one group twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::aggregate::Summary;
use crate::text::redact;

/// The summary as it may be printed. Paths, dates, counts and names of the program stay.
pub(super) fn masked(summary: &Summary) -> Summary {
    let mut out = summary.clone();
    if out.options.get("keep_text").is_some_and(|keep| keep == "full") {
        return out;
    }
    // The other options are seconds, dates and names of columns.
    if let Some(value) = out.options.get_mut("where") {
        *value = redact(value);
    }
    let mut columns: BTreeMap<String, Names> = BTreeMap::new();
    for segment in &mut out.segments {
        let names = columns.entry(segment.column.clone()).or_default();
        names.mask_if_any(&mut segment.value);
    }
    let mut wordings = Names::default();
    let groups = out.segments.iter_mut().chain(&mut out.periods).map(|s| &mut s.transfer);
    for transfer in std::iter::once(&mut out.transfer).chain(groups) {
        for row in &mut transfer.by_wording {
            wordings.mask(&mut row.wording);
        }
    }
    if let Some(complaints) = &mut out.complaints {
        let mut categories = Names::default();
        for row in &mut complaints.by_category {
            categories.mask_if_any(&mut row.name);
        }
        for row in &mut complaints.by_quarter {
            categories.mask_if_any(&mut row.category);
        }
        for rows in [&mut complaints.by_company, &mut complaints.by_channel] {
            let mut names = Names::default();
            for row in rows {
                names.mask_if_any(&mut row.name);
            }
        }
    }
    out
}

/// The names of one kind, each with its masked form.
#[derive(Default)]
struct Names {
    given: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Names {
    fn mask_if_any(&mut self, name: &mut Option<String>) {
        if let Some(name) = name {
            self.mask(name);
        }
    }

    fn mask(&mut self, name: &mut String) {
        if let Some(known) = self.given.get(name.as_str()) {
            known.clone_into(name);
            return;
        }
        let plain = redact(name);
        let mut printed = plain.clone();
        let mut again = 1_u32;
        while !self.taken.insert(printed.clone()) {
            again += 1;
            printed = format!("{plain} ({again})");
        }
        self.given.insert(std::mem::replace(name, printed.clone()), printed);
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn masked_names_stay_apart() {
        let mut names = Names::default();
        let mut mask = |name: &str| {
            let mut name = name.to_owned();
            names.mask(&mut name);
            name
        };
        assert_eq!(mask("shop"), "shop");
        assert_eq!(mask("13800138000"), "[phone]");
        assert_eq!(mask("13900139000"), "[phone] (2)");
        assert_eq!(mask("13800138000"), "[phone]", "one name, one mask");
    }
}
