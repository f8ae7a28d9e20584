//! Parse, run, turn the outcome into an exit code.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let status = tohuman::run(std::env::args_os());
    ExitCode::from(status.code())
}
