//! What a telling takes up of the reply before it, to deny it or to name it: words of the one looked for
//! in the other. Many lines after a reply of many lines are looked up in sets, for else they would take
//! time in the product of both.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashSet};

use crate::text::normalise::is_han;

/// A reply that lines are held against.
#[derive(Debug)]
pub(super) struct Replied<'a> {
    text: &'a str,
    /// Many lines and a long reply: parts of it are looked up.
    large: bool,
    lower: OnceCell<String>,
    pairs: OnceCell<HashSet<(char, char)>>,
    starts: OnceCell<HashSet<[u8; LONGEST]>>,
    figures: OnceCell<BTreeSet<&'a str>>,
}

/// Longest beginning of a Latin word that is looked for.
const LONGEST: usize = 5;
/// Lines, and bytes of a reply, up to which searching is quicker than looking up.
const FEW_LINES: usize = 8;
const SHORT: usize = 2_000;

impl<'a> Replied<'a> {
    /// A reply that so many lines are held against.
    pub(super) fn new(text: &'a str, lines: usize) -> Self {
        Self {
            text,
            large: lines > FEW_LINES && text.len() > SHORT,
            lower: OnceCell::new(),
            pairs: OnceCell::new(),
            starts: OnceCell::new(),
            figures: OnceCell::new(),
        }
    }

    /// Whether it has these two characters side by side.
    fn has_pair(&self, first: char, second: char) -> bool {
        if !self.large {
            let mut two = [0; 8];
            let from = first.encode_utf8(&mut two).len();
            let to = from + second.encode_utf8(&mut two[from..]).len();
            return std::str::from_utf8(&two[..to]).is_ok_and(|two| self.text.contains(two));
        }
        let pairs = || self.text.chars().zip(self.text.chars().skip(1)).collect();
        self.pairs.get_or_init(pairs).contains(&(first, second))
    }

    fn lower(&self) -> &str {
        self.lower.get_or_init(|| self.text.to_lowercase())
    }

    /// Whether it has this beginning of a word anywhere, in small letters.
    fn has_start(&self, start: &str) -> bool {
        if !self.large || start.len() > LONGEST {
            return self.lower().contains(start);
        }
        let starts = self.starts.get_or_init(|| {
            let bytes = self.lower().as_bytes();
            [4, LONGEST].into_iter().flat_map(|n| bytes.windows(n).map(padded)).collect()
        });
        starts.contains(&padded(start.as_bytes()))
    }

    fn figures(&self) -> &BTreeSet<&'a str> {
        self.figures.get_or_init(|| figures(self.text).collect())
    }
}

fn padded(bytes: &[u8]) -> [u8; LONGEST] {
    let mut out = [0; LONGEST];
    out[..bytes.len()].copy_from_slice(bytes);
    out
}

/// Denies something that the reply spoke of: 不是无理由, "I don't want a refund".
pub(super) fn denies(text: &str, reply: &Replied<'_>) -> bool {
    const HAN: [&str; 12] =
        ["不是", "没有", "不要", "不止", "不想", "又不", "不用", "没", "别", "哪有", "跟", "不"];
    const WORDS: [&str; 14] = [
        "no", "not", "dont", "didnt", "isnt", "doesnt", "never", "without", "wasnt", "nothing",
        "arent", "cant", "wont", "havent",
    ];
    // Each of them has one of these.
    let may = text.contains(['不', '没', '别', '哪', '跟']);
    let in_han = may
        && HAN.iter().filter_map(|no| text.split_once(no)).any(|(_, after)| {
            let near: Vec<char> = after.chars().take(5).collect();
            near.windows(2)
                .any(|two| two.iter().all(|c| is_han(*c)) && reply.has_pair(two[0], two[1]))
        });
    if in_han || text.chars().any(is_han) {
        return in_han;
    }
    let lower = text.to_lowercase().replace(['\'', '’'], "");
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.iter().enumerate().filter(|(_, word)| WORDS.contains(word)).any(|(i, _)| {
        words[i + 1..].iter().take(4).any(|word| {
            // Its stem: "upgrading" denies "upgrade".
            word.len() > 3 && reply.has_start(word.get(..LONGEST).unwrap_or(word))
        })
    })
}

/// Names a figure that the reply named.
pub(super) fn same_figure(text: &str, reply: &Replied<'_>) -> bool {
    figures(text).any(|figure| reply.figures().contains(figure))
}

fn figures(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denied_and_named_by_hand() {
        for (text, reply, denied) in [
            ("不是无理由退货", "支持七天无理由", true),
            ("不是这个", "支持七天无理由", false),
            ("I don't want an upgrade", "Upgrading is free", true),
            ("I never asked", "Upgrading is free", false),
        ] {
            assert_eq!(denies(text, &Replied::new(reply, 1)), denied, "{text}");
        }
        assert!(same_figure("满100减20", &Replied::new("100元可用", 1)));
        assert!(!same_figure("满10减20", &Replied::new("100元可用", 1)));
    }

    proptest::proptest! {
        #[test]
        fn looking_up_finds_what_searching_finds(
            text in "(不是|没|not |no |upgrade|refünd|退款|发货|ab|[0-9 ]){0,8}",
            reply in "(退款|发货|货退|upgrading|REFÜND|abcd|[0-9 ,a]){0,12}",
        ) {
            let (searched, looked_up) = (Replied::new(&reply, 1), Replied {
                large: true,
                ..Replied::new(&reply, 1)
            });
            proptest::prop_assert_eq!(denies(&text, &searched), denies(&text, &looked_up));
            proptest::prop_assert_eq!(same_figure(&text, &searched), same_figure(&text, &looked_up));
        }
    }
}
