//! The shipped background weights: function words tell little, question words some, the rest fully.
//!
//! Written by hand, by class of word, for service talk; fitted on no corpus. A desk's own weights
//! come from its own log (`tohuman learn`).

use std::collections::HashMap;
use std::sync::LazyLock;

/// At or below this a word is no content.
pub(super) const LIGHT: f64 = 0.35;

/// Particles, pronouns, courtesies: Chinese characters and Latin words.
const FAINT: (f64, &str, &str) = (
    0.15,
    "的了吗呢吧啊呀哦嗯么嘛哈啦哟诶额您你我他她它们请亲谢喂",
    "a an the to of in on at for and or so is are am be been was were do does did i im ive id me my mine we us our you your u ur it its \
     this that there please pls hi hello hey thanks thank ok okay just also really very would could can will shall may might as with by \
     if then than but from about any some s t",
);

/// Verbs and adverbs that go with everything.
const SOME: (f64, &str, &str) = (
    0.35,
    "是在有就都也还这那个一想要会可以能能够下呗给把被跟和与及但而说着过吧到去来上里为让好现问麻烦帮",
    "have has had get got want need know tell help like should must being them they he she his her their one now still when what which who \
     how why where whats hows because into out up down over again only make let go going say said best way good",
);

/// Question words: they tell how from when, but less than what is asked about.
const ASKING: (f64, &str, &str) =
    (0.55, "怎什哪谁几多少何啥咋样时候久", "when where who why long much many");

static WEIGHTS: LazyLock<HashMap<String, f64>> = LazyLock::new(|| {
    let mut weights = HashMap::new();
    // Later classes win: a question word is no function word.
    for (weight, chars, words) in [FAINT, SOME, ASKING] {
        weights.extend(chars.chars().map(|c| (c.to_string(), weight)));
        weights.extend(words.split_whitespace().map(|w| (w.to_owned(), weight)));
    }
    weights
});

/// The weight of one unit.
pub(super) fn of(unit: &str) -> f64 {
    WEIGHTS.get(unit).copied().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        assert!(of("的") < of("要") && of("要") < of("怎") && of("怎") < of("款"));
        assert!(of("the") < of("want") && of("want") < of("when") && of("when") < of("refund"));
    }
}
