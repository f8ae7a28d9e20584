//! Messages -> ordered conversations, each let go after it was measured.

mod assemble;
mod row;

pub use assemble::{Assembled, Assembler};
pub use row::Row;
