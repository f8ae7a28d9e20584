//! Saying it again: rephrases, repeats, loops, and telling the human what the bot was told.

use super::Section;
use super::writer::Writer;
use crate::report::number::count;

pub(super) fn section(w: &Writer<'_>) -> Section {
    let e = &w.summary.effort;
    let rates = w.rates(&[
        ("conversations_with_rephrase", "issue", e.conversations_with_rephrase),
        ("conversations_with_retelling", "issue", e.conversations_with_retelling),
        ("conversations_with_fallback", "bot", e.conversations_with_fallback),
        ("conversations_with_loop", "bot", e.conversations_with_loop),
        ("conversations_with_context_loss", "both", e.conversations_with_context_loss),
    ]);
    let chain = e.longest_chain.map_or_else(|| w.numbers.undefined(), |n| count(u64::from(n)));
    let counts = w.counts(&[
        ("rephrases", count(e.rephrases)),
        ("rephrases_after_bot", count(e.rephrases_after_bot)),
        ("rephrases_after_human", count(e.rephrases_after_human)),
        ("repeats", count(e.repeats)),
        ("longest_chain", chain),
        ("bot_repetitions", w.count_or_absent(e.bot_repetitions)),
        ("fallbacks", w.count_or_absent(e.fallbacks)),
        ("deflections", w.count_or_absent(e.deflections)),
        ("loops", w.count_or_absent(e.loops)),
        ("context_loss", count(e.context_loss)),
    ]);
    let blocks = vec![
        w.text("effort.intro"),
        rates,
        w.chart("rephrase-chains", "chart.rephrase_title"),
        counts,
        w.follow("effort.trace"),
    ];
    w.section("effort", "doc.effort", blocks)
}
