//! Cuts a text into the pieces of the encoder's vocabulary: of all ways to cut it, the likeliest (Viterbi over
//! a unigram model, T. Kudo (2018), "Subword Regularization").

use super::charsmap::Charsmap;
use super::protobuf::{Field, fields};

/// What stands before and after every text, and for a character that no piece has.
const UNKNOWN: u32 = 0;
const BEGIN: u32 = 1;
const END: u32 = 2;

/// So much less likely than the rarest piece is an unknown character.
const UNKNOWN_COST: f64 = 10.0;

/// A piece longer than this is no word.
const LONGEST: usize = 4096;

/// The vocabulary.
#[derive(Debug)]
pub(super) struct Pieces {
    /// Pieces in the order of their bytes, with their ids.
    sorted: Vec<(Box<[u8]>, u32)>,
    /// Logarithm of how likely each is, by id.
    scores: Vec<f64>,
    unknown: f64,
    charsmap: Charsmap,
}

/// The last piece of the best way to a place.
#[derive(Clone, Copy)]
struct Step {
    score: f64,
    from: usize,
    id: u32,
}

impl Pieces {
    /// Reads a `SentencePiece` model.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        const DAMAGED: &str = "is no SentencePiece model, or damaged";
        let mut sorted = Vec::new();
        let mut scores = Vec::new();
        let mut charsmap = None;
        for (number, value) in fields(bytes).ok_or(DAMAGED)? {
            match number {
                1 => {
                    let (piece, score) = piece(value).ok_or(DAMAGED)?;
                    let id = u32::try_from(scores.len()).map_err(|_| DAMAGED)?;
                    sorted.push((piece, id));
                    scores.push(score);
                }
                // This model has the rules of rewriting in its third field.
                3 if charsmap.is_none() => {
                    let inner = fields(value).ok_or(DAMAGED)?;
                    let map = inner.iter().find(|(n, _)| *n == 2).map(|(_, map)| *map);
                    charsmap = map.map(|map| Charsmap::read(map).ok_or(DAMAGED)).transpose()?;
                }
                _ => {}
            }
        }
        let (Some(charsmap), true) = (charsmap, scores.len() > END as usize) else {
            return Err("lacks its pieces or its rules of rewriting".to_owned());
        };
        sorted.sort_unstable();
        let least = scores.iter().copied().fold(f64::INFINITY, f64::min);
        Ok(Self { sorted, scores, unknown: least - UNKNOWN_COST, charsmap })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.scores.len()
    }

    /// Ids of the pieces of a text, with the marks of its beginning and end.
    pub(super) fn cut(&self, text: &str) -> Vec<u32> {
        let text = self.charsmap.rewrite(text);
        let mut ids = vec![END];
        ids.extend(self.backwards(&text));
        if ids.len() == 1 {
            ids.push(UNKNOWN);
        }
        ids.push(BEGIN);
        ids.reverse();
        ids
    }

    /// The pieces of the likeliest way, from the last to the first.
    fn backwards(&self, text: &str) -> Vec<u32> {
        const NOWHERE: Step = Step { score: f64::NEG_INFINITY, from: 0, id: UNKNOWN };
        let mut best = vec![NOWHERE; text.len() + 1];
        best[0].score = 0.0;
        for (at, c) in text.char_indices() {
            let base = best[at].score;
            let mut reach = |length: usize, id: u32, score: f64| {
                let score = base + score;
                if score > best[at + length].score {
                    best[at + length] = Step { score, from: at, id };
                }
            };
            let mut single = false;
            self.each_prefix(&text.as_bytes()[at..], |length, id| {
                single |= length == c.len_utf8();
                reach(length, id, self.scores[id as usize]);
            });
            if !single {
                reach(c.len_utf8(), UNKNOWN, self.unknown);
            }
        }
        let mut ids = Vec::new();
        let mut at = text.len();
        while at > 0 {
            ids.push(best[at].id);
            at = best[at].from;
        }
        ids
    }

    /// Every piece that the text begins with, shortest first: length in bytes and id.
    fn each_prefix(&self, text: &[u8], mut take: impl FnMut(usize, u32)) {
        let mut range = &self.sorted[..];
        for (i, byte) in text.iter().enumerate() {
            // In order: those that end here come first, the others by their next byte.
            let from = range.partition_point(|(piece, _)| piece.get(i).is_none_or(|b| b < byte));
            let to = range.partition_point(|(piece, _)| piece.get(i).is_none_or(|b| b <= byte));
            range = &range[from..to];
            let ends = range.partition_point(|(piece, _)| piece.len() == i + 1);
            // Of equal pieces the last counts.
            if let Some((_, id)) = ends.checked_sub(1).map(|last| &range[last]) {
                take(i + 1, *id);
            }
            if range.len() == ends {
                break;
            }
        }
    }
}

/// The bytes of a piece, valid UTF-8, and its score.
fn piece(message: &[u8]) -> Option<(Box<[u8]>, f64)> {
    let inner: Vec<Field<'_>> = fields(message)?;
    let of = |number| inner.iter().find(|(n, _)| *n == number).map(|(_, value)| *value);
    let text = std::str::from_utf8(of(1)?).ok()?;
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let score = of(2).map_or(Some(0.0), |b| Some(f32::from_le_bytes(b.try_into().ok()?)))?;
    score.is_finite().then(|| (text.as_bytes().into(), f64::from(score)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(list: &[(&str, f64)]) -> Pieces {
        let marks = [("<unk>", 0.0), ("<s>", 0.0), ("</s>", 0.0)];
        let all: Vec<_> = marks.iter().chain(list).collect();
        let mut sorted: Vec<(Box<[u8]>, u32)> =
            all.iter().zip(0..).map(|((text, _), id)| (text.as_bytes().into(), id)).collect();
        sorted.sort_unstable();
        let scores = all.iter().map(|(_, score)| *score).collect();
        Pieces { sorted, scores, unknown: -20.0, charsmap: Charsmap::default() }
    }

    #[test]
    fn the_likeliest_way() {
        let some = pieces(&[
            ("▁", -2.0),
            ("a", -3.0),
            ("ab", -4.0),
            ("▁ab", -7.0),
            ("b", -3.0),
            ("▁a", -9.0),
        ]);
        // ▁ + ab (-6) before ▁ab (-7) and ▁ + a + b (-8).
        assert_eq!(some.cut("ab"), [BEGIN, 3, 5, END]);
        assert_eq!(some.cut("a你"), [BEGIN, 3, 4, UNKNOWN, END]);
        assert_eq!(some.cut("  "), [BEGIN, UNKNOWN, END]);
    }
}
