//! A library's panic on a damaged file is an error of that file, said in our one line and not in the
//! library's own.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// This thread reads a file by a library that may panic on it.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Lets a library read; what it panics with is told as damage. Whatever it worked on must be dropped
/// after an error.
///
/// # Errors
/// What `read` fails with, or that it panicked.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                before(panic);
            }
        }));
    });
    let outer = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(outer);
    result.unwrap_or_else(|_| Err("it is damaged inside".to_owned()))
}

/// `guarded` for a step that keeps its own result.
///
/// # Errors
/// That it panicked.
pub fn guarded_step(step: &mut dyn FnMut()) -> Result<(), String> {
    guarded(|| {
        step();
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_damage_and_nothing_else_changes() {
        assert_eq!(guarded(|| Ok(1)), Ok(1));
        assert_eq!(guarded(|| Err::<(), _>("no".to_owned())), Err("no".to_owned()));
        let read = || -> Result<u8, String> { Err(format!("{}", [1_u8][usize::from(u8::MAX)])) };
        assert!(guarded(|| if GUARDED.get() { read() } else { Ok(0) }).is_err());
        assert!(!GUARDED.get());
    }
}
