//! Messages -> ordered conversations, each let go after it was measured.

mod assemble;
mod changing;
mod clock;
mod duplicates;
mod in_order;
mod row;

pub use assemble::{Assembled, Assembler};
pub use changing::changing_columns;
pub use in_order::{InOrder, OutOfOrder};
pub use row::Row;
