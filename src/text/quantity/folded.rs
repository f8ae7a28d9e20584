//! A text in half width, lower case and simplified characters that knows where each byte came from,
//! so that what is found in it can be shown in the text as it was written.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::text::traditional::to_simplified;

pub(super) struct Folded {
    /// The folded text.
    pub(super) text: String,
    /// For each byte of it, the bytes of the character it came from.
    from: Vec<(usize, usize)>,
}

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(text.len()), from: Vec::new() };
        for (start, c) in text.char_indices() {
            let end = start + c.len_utf8();
            for plain in std::iter::once(c).nfkc().flat_map(char::to_lowercase).map(to_simplified) {
                folded.text.push(plain);
                folded.from.resize(folded.text.len(), (start, end));
            }
        }
        folded
    }

    /// The bytes of the original that a range of the folded text came from.
    pub(super) fn original(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.from.get(span.start).map_or(0, |f| f.0);
        let end = span.end.checked_sub(1).and_then(|last| self.from.get(last)).map_or(0, |f| f.1);
        start..end.max(start)
    }
}
