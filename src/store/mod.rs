//! Disk: sorting what does not fit in memory, facts and neutral tables. The only home of polars.

pub mod arrow_in;
mod arrow_out;
mod column;
pub mod columnar;
mod columnar_cells;
pub mod draft;
mod parquet_in;
pub mod problems;
pub mod sorter;
pub mod table;
pub mod table_reader;
