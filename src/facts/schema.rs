//! The columns of a table in the words of other programs, so that no adapter holds a second copy.

use serde::Serialize;

use crate::store::table::{ColumnType, Columns};

/// A column, its type as Spark SQL writes it.
#[derive(Debug, Serialize)]
pub struct NamedType {
    /// Name.
    pub name: String,
    /// Type (`BIGINT`, `ARRAY<STRUCT<...>>`).
    #[serde(rename = "type")]
    pub kind: String,
}

/// Every column with its type.
#[must_use]
pub fn types(columns: &Columns) -> Vec<NamedType> {
    columns.iter().map(|(name, kind)| NamedType { name: name.clone(), kind: sql(kind) }).collect()
}

/// The columns as Spark takes a schema: `a` BIGINT, `b` STRING. Source of the syntax: Spark SQL
/// reference, "Data types" and "Identifiers".
#[must_use]
pub fn spark_ddl(columns: &Columns) -> String {
    joined(columns, " ")
}

fn joined(columns: &Columns, between: &str) -> String {
    let column =
        |(name, kind): &(String, ColumnType)| format!("{}{between}{}", quoted(name), sql(kind));
    columns.iter().map(column).collect::<Vec<_>>().join(", ")
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn sql(kind: &ColumnType) -> String {
    match kind {
        ColumnType::Text => "STRING".to_owned(),
        ColumnType::Count | ColumnType::Whole => "BIGINT".to_owned(),
        ColumnType::Seconds => "DOUBLE".to_owned(),
        ColumnType::Time => "TIMESTAMP".to_owned(),
        ColumnType::Flag => "BOOLEAN".to_owned(),
        ColumnType::Counts => "ARRAY<BIGINT>".to_owned(),
        ColumnType::Records(fields) => format!("ARRAY<STRUCT<{}>>", joined(fields, ": ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_records_nest() {
        let fields = vec![("at".to_owned(), ColumnType::Time), ("n".to_owned(), ColumnType::Count)];
        let columns = vec![
            ("店 `A`".to_owned(), ColumnType::Text),
            ("list".to_owned(), ColumnType::Records(fields)),
        ];
        assert_eq!(
            spark_ddl(&columns),
            "`店 ``A``` STRING, `list` ARRAY<STRUCT<`at`: TIMESTAMP, `n`: BIGINT>>"
        );
    }
}
