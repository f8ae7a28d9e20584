//! Work shared out to threads, its results taken in the order it was given: what comes out does not
//! depend on how many there are.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::scope;

use crate::error::{Error, Result};

/// Pieces given out and not taken back yet, for each thread: enough that none waits, few enough that
/// memory stays bounded.
const AHEAD: u64 = 16;
/// Of many threads together no more than this, or two for each: memory must not grow with the machine.
const MOST_AHEAD: u64 = 48;

/// Lets `work` run on every piece that `next` gives, and hands the results to `take` in that order.
/// `next` and `take` run in the calling thread; with one thread `work` does too.
///
/// # Errors
/// The first that `next` or `take` gives; what was given out by then is dropped.
pub fn in_order<I: Send, O: Send>(
    threads: usize,
    mut next: impl FnMut() -> Result<Option<I>>,
    work: impl Fn(I) -> O + Sync,
    mut take: impl FnMut(O) -> Result<()>,
) -> Result<()> {
    if threads <= 1 {
        while let Some(piece) = next()? {
            take(work(piece))?;
        }
        return Ok(());
    }
    let all = threads as u64;
    let ahead = (AHEAD * all).min(MOST_AHEAD).max(2 * all);
    let (give, given) = channel::<(u64, I)>();
    let (done, results) = channel();
    let given = Mutex::new(given);
    scope(|scope| {
        for _ in 0..threads {
            let (given, work, done) = (&given, &work, done.clone());
            scope.spawn(move || {
                while let Some((number, piece)) = one(given) {
                    let result = catch_unwind(AssertUnwindSafe(|| work(piece)));
                    if done.send((number, result)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        // Dropped at the end, or with the first error: then the threads end.
        let give = give;
        let mut early = BTreeMap::new();
        let (mut sent, mut taken, mut ended) = (0, 0, false);
        loop {
            while !ended && sent - taken < ahead {
                let Some(piece) = next()? else {
                    ended = true;
                    break;
                };
                // The threads take pieces until `give` is dropped.
                if give.send((sent, piece)).is_ok() {
                    sent += 1;
                }
            }
            if taken == sent {
                return Ok(());
            }
            let Ok((number, result)) = results.recv() else { return Ok(()) };
            early.insert(number, result);
            while let Some(result) = early.remove(&taken) {
                taken += 1;
                match result {
                    Ok(result) => take(result)?,
                    Err(panic) => resume_unwind(panic),
                }
            }
        }
    })
}

/// Pieces that may wait for [`beside`]'s receiver.
const WAITING: usize = 4;

/// Lets `work` run in the calling thread and `take` beside it, in a thread of its own, on every piece
/// that `work` gives, in that order; with one thread `take` is called at once.
///
/// # Errors
/// The first of `take`, else that of `work`.
pub fn beside<I: Send, O>(
    threads: usize,
    work: impl FnOnce(&mut dyn FnMut(I) -> Result<()>) -> Result<O>,
    mut take: impl FnMut(I) -> Result<()> + Send,
) -> Result<O> {
    if threads <= 1 {
        return work(&mut take);
    }
    let (give, given) = sync_channel::<I>(WAITING);
    scope(|scope| {
        let beside = scope.spawn(move || given.iter().try_for_each(take));
        let mut ended = |piece| {
            give.send(piece).map_err(|_| Error::usage("stopped", "see the error before this one"))
        };
        let worked = work(&mut ended);
        drop(give);
        match beside.join() {
            Ok(taken) => taken.and(worked),
            Err(panic) => resume_unwind(panic),
        }
    })
}

fn one<I>(given: &Mutex<Receiver<I>>) -> Option<I> {
    given.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        for threads in [1, 2, 7] {
            let mut numbers = 0..500_u64;
            let mut out = Vec::new();
            let slow = |n: u64| {
                std::thread::sleep(std::time::Duration::from_micros(n * 7919 % 300));
                n * 2
            };
            let take = |n| {
                out.push(n);
                Ok(())
            };
            in_order(threads, || Ok(numbers.next()), slow, take).unwrap();
            assert_eq!(out, (0..500).map(|n| n * 2).collect::<Vec<_>>(), "{threads}");
        }
    }

    #[test]
    fn the_taker_sees_all_in_order_and_its_error_wins() {
        for threads in [1, 2] {
            let mut seen = Vec::new();
            let give_all = |give: &mut dyn FnMut(u32) -> Result<()>| {
                (0..50).try_for_each(give).map(|()| "done")
            };
            let take = |n| {
                seen.push(n);
                Ok(())
            };
            assert_eq!(beside(threads, give_all, take).unwrap(), "done");
            assert_eq!(seen, (0..50).collect::<Vec<_>>());
            let full = |n| if n == 20 { Err(Error::usage("full", "end")) } else { Ok(()) };
            let error = beside(threads, give_all, full).unwrap_err();
            assert!(error.to_string().contains("full"), "{error}");
        }
    }

    #[test]
    fn an_error_ends_it() {
        for threads in [1, 3] {
            let mut numbers = 0_u32..;
            let take = |n| if n == 20 { Err(Error::usage("no", "end")) } else { Ok(()) };
            assert!(in_order(threads, || Ok(numbers.next()), |n| n, take).is_err());
        }
    }
}
