//! `docs/formats.md` is what the program prints of its registry.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use common::run;

#[test]
fn the_table_of_formats_is_current() {
    let (table, _) = run(&["inspect", "--formats"], 0);
    let doc = std::fs::read_to_string("docs/formats.md").unwrap();
    assert!(
        doc.ends_with(&table),
        "write it anew: its head, then what `tohuman inspect --formats` prints"
    );
    assert!(
        table.contains("| `netease-qiyu` | 网易七鱼 |") && table.contains("failedToConnectAgent")
    );
}
