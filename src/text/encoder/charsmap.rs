//! The rewriting of characters that the encoder's texts went through (full width, ligatures, odd spaces), as
//! the model file carries it: a double array of longest matches and the text that takes their place.
//! Source of the layout: `SentencePiece` (T. Kudo and J. Richardson (2018)), whose double array is S. Yata's
//! darts-clone.

/// Stands for a space in pieces.
pub(super) const SPACE: &str = "\u{2581}";

/// The map; empty: nothing is rewritten.
#[derive(Debug, Default)]
pub(super) struct Charsmap {
    units: Vec<u32>,
    texts: Vec<u8>,
}

/// How far the children of a unit lie.
const fn offset(unit: u32) -> u32 {
    (unit >> 10) << ((unit & 0x200) >> 6)
}

impl Charsmap {
    /// Reads it; `None` where it is cut off.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (units, texts) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let units = units.as_chunks::<4>().0.iter().map(|unit| u32::from_le_bytes(*unit)).collect();
        Some(Self { units, texts: texts.to_vec() })
    }

    fn unit(&self, at: u32) -> Option<u32> {
        self.units.get(at as usize).copied()
    }

    /// The longest match at the beginning of a text: its bytes and what takes their place.
    fn matched(&self, text: &[u8]) -> Option<(usize, &[u8])> {
        let mut at = offset(self.unit(0)?);
        let mut longest = None;
        for (i, byte) in text.iter().enumerate() {
            at ^= u32::from(*byte);
            let Some(unit) = self.unit(at).filter(|unit| unit & 0x8000_00ff == u32::from(*byte))
            else {
                break;
            };
            at ^= offset(unit);
            if unit & 0x100 != 0 {
                longest = self.unit(at).map(|leaf| (i + 1, (leaf & 0x7fff_ffff) as usize));
            }
        }
        let (length, from) = longest?;
        let texts = self.texts.get(from..).filter(|texts| !texts.is_empty())?;
        Some((length, &texts[..texts.iter().position(|b| *b == 0).unwrap_or(texts.len())]))
    }

    /// The first character, or as many as are rewritten together: how many bytes, and the text for them.
    fn first<'t>(&'t self, text: &'t str) -> (usize, &'t [u8]) {
        let plain = text.chars().next().map_or(0, char::len_utf8);
        match self.matched(text.as_bytes()) {
            // A damaged map may end inside a character.
            Some((length, new)) if text.is_char_boundary(length) => (length, new),
            _ => (plain, &text.as_bytes()[..plain]),
        }
    }

    /// The text as its pieces are looked for: rewritten, runs of spaces one, a space before the first word,
    /// none at the end. Empty where there is nothing but space.
    pub(super) fn rewrite(&self, text: &str) -> String {
        let mut out: Vec<u8> = Vec::with_capacity(text.len() + SPACE.len());
        let mut after_space = true;
        let mut rest = text;
        while !rest.is_empty() {
            let (length, mut new) = self.first(rest);
            rest = &rest[length..];
            while after_space && new.first() == Some(&b' ') {
                new = &new[1..];
            }
            if out.is_empty() && !new.is_empty() {
                out.extend(SPACE.as_bytes());
            }
            for byte in new {
                match byte {
                    b' ' => out.extend(SPACE.as_bytes()),
                    byte => out.push(*byte),
                }
            }
            if let Some(last) = new.last() {
                after_space = *last == b' ';
            }
        }
        while out.ends_with(SPACE.as_bytes()) {
            out.truncate(out.len() - SPACE.len());
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_without_a_map() {
        let plain = Charsmap::default();
        assert_eq!(plain.rewrite("  two  words "), "▁two▁words");
        assert_eq!(plain.rewrite("   "), "");
        assert_eq!(plain.rewrite("你好"), "▁你好");
    }

    proptest::proptest! {
        #[test]
        fn no_map_makes_it_panic(units in proptest::collection::vec(0_u32.., 0..40), text in "\\PC{0,8}") {
            let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let length = u32::try_from(bytes.len() / 2).unwrap().to_le_bytes();
            if let Some(map) = Charsmap::read(&[&length[..], &bytes].concat()) {
                let _ = map.rewrite(&text);
            }
            let _ = Charsmap::read(&bytes);
        }
    }
}
