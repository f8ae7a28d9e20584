//! Joins texts that differ in one part ("客服小林为您服务", "客服小周为您服务") into one template.
//!
//! Texts are laid side by side in order, once from their beginnings and, for what is left, once
//! from their ends; a run of neighbours that share most of their text around one varying part
//! becomes one template where it holds at least three different fillings. Neighbours that the
//! lexicon reads differently are never joined.

use std::collections::BTreeMap;

use super::tally::Tally;
use crate::text::desk::{SLOT, SLOT_CHARS};

/// Different fillings that make a slot.
const LEAST_FILLINGS: usize = 3;
/// Share of a text that must be fixed, in percent.
const FIXED_PERCENT: usize = 60;
/// Least fixed content: Chinese characters, or letters of other scripts.
const FIXED_HAN: usize = 5;
const FIXED_LETTERS: usize = 10;

/// Texts with their counts, joined where they differ in one part.
pub(super) fn join(texts: BTreeMap<String, Tally>) -> BTreeMap<String, Tally> {
    let forth = texts.into_iter().map(|(text, tally)| (text.clone(), text, tally)).collect();
    let mut joined = BTreeMap::new();
    let left = pass(forth, &mut joined);
    let mut back: Vec<(String, String, Tally)> =
        left.into_iter().map(|(text, tally)| (text.chars().rev().collect(), text, tally)).collect();
    back.sort_by(|a, b| a.0.cmp(&b.0));
    for (text, tally) in pass(back, &mut joined) {
        add(&mut joined, text, tally);
    }
    joined
}

/// One pass over texts in order of their first field; gives what was not joined.
fn pass(
    texts: Vec<(String, String, Tally)>,
    joined: &mut BTreeMap<String, Tally>,
) -> Vec<(String, Tally)> {
    let mut left = Vec::new();
    let mut run = Run::default();
    for (_, text, tally) in texts {
        if !run.takes(&text, &tally) {
            std::mem::take(&mut run).close(joined, &mut left);
            run.takes(&text, &tally);
        }
        run.members.push((text, tally));
    }
    run.close(joined, &mut left);
    left
}

/// Neighbours that share a beginning and an end.
#[derive(Default)]
struct Run {
    before: String,
    after: String,
    members: Vec<(String, Tally)>,
}

impl Run {
    /// Whether the text belongs to the run; narrows the shared parts to it.
    fn takes(&mut self, text: &str, tally: &Tally) -> bool {
        let Some((first, counts)) = self.members.first() else {
            (self.before, self.after) = (text.to_owned(), String::new());
            return true;
        };
        if counts.cues().keys().ne(tally.cues().keys()) {
            return false;
        }
        let fresh = self.members.len() == 1;
        let before = if fresh { first.as_str() } else { &self.before };
        let before = common_start(before, text);
        let ending = if fresh { &first[before.len()..] } else { &self.after };
        let after = common_end(ending, &text[before.len()..]);
        let fits = |whole: &str| {
            let fixed = before.len() + after.len();
            whole.len() > fixed
                && whole[before.len()..whole.len() - after.len()].chars().count() <= SLOT_CHARS
                && fixed * 100 >= whole.len() * FIXED_PERCENT
        };
        let content = crate::text::Amount::of(&format!("{before} {after}"));
        let all = fits(text) && self.members.iter().all(|(member, _)| fits(member));
        if all && content.reaches(FIXED_HAN, FIXED_LETTERS) {
            (self.before, self.after) = (before.to_owned(), after.to_owned());
            return true;
        }
        false
    }

    fn close(self, joined: &mut BTreeMap<String, Tally>, left: &mut Vec<(String, Tally)>) {
        if self.members.len() < LEAST_FILLINGS {
            left.extend(self.members);
            return;
        }
        let text = format!("{}{SLOT}{}", self.before, self.after);
        for (_, tally) in self.members {
            add(joined, text.clone(), tally);
        }
    }
}

fn add(joined: &mut BTreeMap<String, Tally>, text: String, tally: Tally) {
    match joined.get_mut(&text) {
        Some(counts) => counts.merge(tally),
        None => {
            joined.insert(text, tally);
        }
    }
}

/// A letter or digit of a script that sets words apart by spaces.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !super::is_han(c)
}

/// What both begin with; no Latin word is cut.
fn common_start<'t>(a: &'t str, b: &str) -> &'t str {
    let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y);
    let mut end: usize = same.map(|(c, _)| c.len_utf8()).sum();
    while let Some(last) = a[..end].chars().next_back().filter(|c| is_letter(*c)) {
        let cut = |text: &str| text[end..].starts_with(is_letter);
        if !(cut(a) || cut(b)) {
            break;
        }
        end -= last.len_utf8();
    }
    &a[..end]
}

/// What both end with; no Latin word is cut.
fn common_end<'t>(a: &'t str, b: &str) -> &'t str {
    let same = a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y);
    let mut length: usize = same.map(|(c, _)| c.len_utf8()).sum();
    while let Some(first) = a[a.len() - length..].chars().next().filter(|c| is_letter(*c)) {
        let cut = |t: &str| t[..t.len() - length].ends_with(is_letter);
        if !(cut(a) || cut(b)) {
            break;
        }
        length -= first.len_utf8();
    }
    &a[a.len() - length..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(texts: &[&str]) -> Vec<String> {
        let texts = texts.iter().map(|t| ((*t).to_owned(), Tally::default())).collect();
        join(texts).into_keys().collect()
    }

    #[test]
    fn one_varying_part_is_a_slot() {
        assert_eq!(
            joined(&["去叫阿强过来,稍等一下", "去叫小美过来,稍等一下", "去叫老王头过来,稍等一下"]),
            ["去叫*过来,稍等一下"]
        );
        assert_eq!(
            joined(&[
                "we cannot ship kites to you",
                "we cannot ship kettles to you",
                "we cannot ship boats to you"
            ]),
            ["we cannot ship * to you"]
        );
        assert_eq!(
            joined(&["阿强在为您找东西", "小美在为您找东西", "老王头在为您找东西"]),
            ["*在为您找东西"],
            "at the beginning"
        );
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_every_text_fits_its_template(
            texts in proptest::collection::btree_set("(我们|去叫)[阿强é b]{0,3}(正在系鞋带|过来,稍等)", 0..12),
        ) {
            let tallies = texts.iter().map(|t| (t.clone(), Tally::default())).collect();
            let joined = join(tallies);
            let sum: u64 = joined.values().map(|t| t.sums.texts).sum();
            proptest::prop_assert_eq!(sum, texts.len() as u64);
            for text in &texts {
                let fits = |template: &String| match template.split_once(SLOT) {
                    Some((a, b)) => text.starts_with(a) && text.ends_with(b),
                    None => template == text,
                };
                proptest::prop_assert!(joined.keys().any(fits), "{} in {:?}", text, joined.keys());
            }
        }
    }

    #[test]
    fn two_fillings_or_another_frame_stay_apart() {
        let two = ["去叫小美过来,稍等一下", "去叫阿强过来,稍等一下"];
        assert_eq!(joined(&two), two);
        let short = ["好的a", "好的b", "好的c"];
        assert_eq!(joined(&short), short);
    }

    #[test]
    fn a_run_ends_where_the_frame_does() {
        let got = joined(&[
            "去叫阿强过来,稍等一下",
            "去叫小美过来,稍等一下",
            "去叫老王头过来,稍等一下",
            "去叫老王头过来,不行我就没办法啦",
        ]);
        assert_eq!(got, ["去叫*过来,稍等一下", "去叫老王头过来,不行我就没办法啦"]);
    }
}
