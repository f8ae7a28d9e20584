//! How alike two messages are: the same question in other words, or another question.
//!
//! A message is cut into units (`segment`), each with a vector (`table`) and a weight (`background`); every
//! unit looks for its nearest in the other message (`align`), and a small share of the score is the edit
//! ratio (`edit`), which sees order and misspellings. What such scores cannot see is guarded by rule
//! (`guards`): a negation, an amount or an opposite on one side only puts the score below the threshold,
//! and greetings and acknowledgements are like nothing. A fixed map (`scale`) brings it all to one scale.
//!
//! The same texts give the same score on every machine: sums are of integers, and what is left is
//! a handful of divisions in a fixed order.
//!
//! Where the user has given the full encoder, pairs in doubt get a second look by it (`second_look`).

mod align;
mod background;
mod edit;
mod guards;
mod scale;
mod second_look;
mod segment;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::encoder::Encoder;
use super::memo::Weigh;
use super::normalise::{is_alphanumeric, normalise};
use align::{Joined, Rows};
pub use background::OwnWeights;
use background::Weights;
use edit::Letters;
use guards::{Contradiction, Marks};
use segment::Segmenter;

/// A message made ready for comparing: comparing n messages with each other prepares each once.
#[derive(Clone, Debug)]
pub struct Prepared {
    rows: Rows,
    letters: Letters,
    marks: Marks,
}

impl Prepared {
    /// Whether anything is asked or told: greetings, thanks and acknowledgements have no content.
    #[must_use]
    pub fn has_content(&self) -> bool {
        /// Sixteenths of a nat; a single 的 or "the" has less.
        const LEAST: u64 = 20;
        self.rows.weight() >= LEAST && !self.marks.only_courtesy
    }

    /// Words and parts of words that are compared, at most 400.
    #[must_use]
    pub fn units(&self) -> usize {
        self.rows.units.len()
    }
}

impl Weigh for Prepared {
    fn bytes(&self) -> usize {
        self.rows.units.len() * 8 + self.letters.bytes() + self.marks.bytes()
    }
}

/// The units of several messages as of one that says it all, which others are held against for what they
/// cover of it.
#[derive(Clone, Debug, Default)]
pub struct Outline(Rows);

impl Outline {
    /// Adds a message.
    pub fn add(&mut self, message: &Prepared) {
        self.0.add(&message.rows);
    }
}

/// Two messages, compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// As [`Similarity::covered`] gives it.
    pub covered: (f64, f64),
    /// As [`Similarity::score`] gives it.
    pub score: f64,
    /// As [`Similarity::contradict`] gives it.
    pub contradict: bool,
}

impl Compared {
    /// The same with the two exchanged.
    #[must_use]
    pub const fn turned(self) -> Self {
        Self { covered: (self.covered.1, self.covered.0), ..self }
    }
}

/// A message and an answer, held against one earlier message after another, and against all of these as
/// one that says it all.
#[derive(Debug)]
pub struct Together<'p> {
    message: &'p Prepared,
    answer: &'p Prepared,
    joined: Joined,
}

impl<'p> Together<'p> {
    /// Nothing earlier yet.
    #[must_use]
    pub fn new(message: &'p Prepared, answer: &'p Prepared) -> Self {
        Self { message, answer, joined: Joined::new(&message.rows) }
    }

    /// One more earlier message: the message compared with it, and it with the answer, as
    /// [`Similarity::compare`] does.
    pub fn add(&mut self, earlier: &Prepared) -> (Compared, Compared) {
        let (message, answer) = (self.message, self.answer);
        let [near, near_answer] = self.joined.add(&message.rows, &earlier.rows, &answer.rows);
        let covered = near.shares(&message.rows, &earlier.rows);
        let told = Similarity::compared(message, earlier, covered);
        let covered = near_answer.shares(&earlier.rows, &answer.rows);
        (told, Similarity::compared(earlier, answer, covered))
    }

    /// As [`Similarity::covers`] of the message and all earlier ones, and how much of these the answer
    /// covers; `None` where they are too many for an [`Outline`].
    #[must_use]
    pub fn covered(&self) -> Option<((f64, f64), f64)> {
        self.joined.covered(&self.message.rows)
    }
}

/// The scorer, with the models that a score depends on: the shipped table and a desk's own values.
#[derive(Clone, Debug, Default)]
pub struct Similarity {
    own: Option<Arc<Own>>,
    encoder: Option<Arc<Encoder>>,
}

#[derive(Debug)]
struct Own {
    given: OwnWeights,
    weights: Weights,
}

impl Similarity {
    /// At or above it two messages of one customer count as the same question.
    ///
    /// Chosen for precision in conversations, not on labelled pairs: of the pairs of different messages of
    /// one customer in real service chats the highest 1.4 % lie at or above it (`scale` says how the scale
    /// was laid).
    pub const THRESHOLD: f64 = 0.56;

    /// A contradiction takes this share of a score, and never leaves it at the threshold.
    const GUARDED: f64 = 0.95 * Self::THRESHOLD;

    /// What may be one takes a little.
    const DOUBTED: f64 = 0.9;

    /// Share of the edit ratio, against 1 of the alignment.
    const EDIT: f64 = 0.15;

    /// With a desk's own weights and threshold.
    #[must_use]
    pub fn with_own(given: OwnWeights) -> Self {
        let weights = Weights::with(table::table(), &given);
        Self { own: Some(Arc::new(Own { given, weights })), encoder: None }
    }

    /// The threshold in use: the desk's own, else [`Self::THRESHOLD`].
    #[must_use]
    pub fn threshold(&self) -> f64 {
        self.own.as_ref().and_then(|own| own.given.threshold).unwrap_or(Self::THRESHOLD)
    }

    /// Name of each model and the SHA-256 of its bytes, in hexadecimal.
    #[must_use]
    pub fn hashes(&self) -> BTreeMap<String, String> {
        let mut hashes = BTreeMap::from([("similarity".to_owned(), table::hash())]);
        if let Some(own) = &self.own {
            hashes.insert(own.given.name.clone(), own.given.sha256.clone());
        }
        hashes.extend(self.encoder.iter().flat_map(|encoder| encoder.hashes()));
        hashes
    }

    /// Prepares a message.
    #[must_use]
    pub fn prepare(&self, text: &str) -> Prepared {
        self.prepare_normalised(&normalise(text))
    }

    /// Prepares a message that is normalised already.
    #[must_use]
    pub fn prepare_normalised(&self, text: &str) -> Prepared {
        let chars: Vec<char> = text.chars().collect();
        Prepared {
            rows: self.rows(text),
            marks: Marks::of(text, &chars),
            letters: Letters::new(chars.into_iter().filter(|c| is_alphanumeric(*c))),
        }
    }

    fn rows(&self, text: &str) -> Rows {
        let table = table::table();
        let mut segmenter = Segmenter::default();
        segmenter.read(table, text);
        let background = Weights::default();
        let weights = self.own.as_ref().map_or(&background, |own| &own.weights);
        let mut units: Vec<(u32, u32)> =
            segmenter.units.iter().map(|u| (*u, weights.of(*u))).collect();
        // What goes with everything takes time and tells nothing, unless there is nothing else.
        let tells = |(unit, weight): &(u32, u32)| *weight >= background::tells(table, *unit);
        let telling = units.iter().any(tells);
        if telling {
            units.retain(tells);
        }
        Rows::new(units, telling)
    }

    /// How alike two texts are, 0 to 1; symmetric.
    #[must_use]
    pub fn score(&self, a: &str, b: &str) -> f64 {
        self.score_prepared(&self.prepare(a), &self.prepare(b))
    }

    /// As [`Self::score`], on prepared messages.
    #[must_use]
    pub fn score_prepared(&self, a: &Prepared, b: &Prepared) -> f64 {
        if !a.has_content() || !b.has_content() {
            return 0.0;
        }
        Self::guarded(a, b, a.rows.nearness_each(&b.rows), a.marks.contradict(&b.marks))
    }

    /// All of it at once: what each covers of the other, the score, whether they contradict.
    #[must_use]
    pub fn compare(&self, a: &Prepared, b: &Prepared) -> Compared {
        Self::compared(a, b, a.rows.nearness_each(&b.rows))
    }

    fn compared(a: &Prepared, b: &Prepared, covered: (f64, f64)) -> Compared {
        let contradiction = a.marks.contradict(&b.marks);
        let content = a.has_content() && b.has_content();
        Compared {
            covered,
            score: if content { Self::guarded(a, b, covered, contradiction) } else { 0.0 },
            contradict: contradiction == Contradiction::Clear,
        }
    }

    fn guarded(a: &Prepared, b: &Prepared, near: (f64, f64), contradiction: Contradiction) -> f64 {
        let edit = a.letters.ratio(&b.letters);
        let near = f64::midpoint(near.0, near.1);
        let score = scale::of((near + Self::EDIT * edit) / (1.0 + Self::EDIT));
        match contradiction {
            Contradiction::None => score,
            Contradiction::Some => score * Self::DOUBTED,
            Contradiction::Clear => score * Self::GUARDED,
        }
    }

    /// How much of the first has something near it in the second, and of the second in the first; 0 to 1
    /// each.
    #[must_use]
    pub fn covered(&self, a: &Prepared, b: &Prepared) -> (f64, f64) {
        a.rows.nearness_each(&b.rows)
    }

    /// As [`Self::covered`], of a message and an outline.
    #[must_use]
    pub fn covers(&self, a: &Prepared, b: &Outline) -> (f64, f64) {
        a.rows.nearness_each(&b.0)
    }

    /// Whether the two contradict each other: a negation of the same thing, another number of it,
    /// another order, an opposite. Then they are two questions, however alike; also where less than
    /// [`Self::THRESHOLD`] is asked for.
    #[must_use]
    pub fn contradict(&self, a: &Prepared, b: &Prepared) -> bool {
        a.marks.contradict(&b.marks) == Contradiction::Clear
    }

    /// Whether the two may be one question: no contradiction, and a score of at least `least`.
    #[must_use]
    pub fn at_least(&self, a: &Prepared, b: &Prepared, least: f64) -> bool {
        if !a.has_content() || !b.has_content() {
            return least <= 0.0;
        }
        let contradiction = a.marks.contradict(&b.marks);
        contradiction != Contradiction::Clear
            && Self::guarded(a, b, a.rows.nearness_each(&b.rows), contradiction) >= least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(a: &str, b: &str) -> f64 {
        Similarity::default().score(a, b)
    }

    #[test]
    fn other_words_for_one_question_score_higher_than_another_question() {
        for (a, same, other) in [
            ("我的快递什么时候能到", "快递啥时候到", "怎么开发票"),
            ("怎么修改收货地址", "收货地址怎么改", "怎么取消订单"),
            ("快递到哪里了", "包裹现在在什么地方", "怎么开发票"),
            ("where is my order", "where's my order now?", "how do I reset my password"),
            ("how can I reset my password", "password reset how", "where is my parcel"),
            ("my parcel is late", "the package has not arrived", "how do I reset my password"),
        ] {
            let (near, far) = (score(a, same), score(a, other));
            assert!(near > far + 0.1, "{a}: {near} {far}");
        }
    }

    #[test]
    fn ends_of_the_scale() {
        assert!((score("怎么退货", "怎么退货？") - 1.0).abs() < 1e-9);
        assert!(score("怎么退货", "where is my order") < 0.2);
        assert!(score("", "").abs() < 1e-9);
    }

    #[test]
    fn a_desk_has_its_own_weights_and_threshold() {
        let shipped = Similarity::default();
        let own = Similarity::with_own(OwnWeights {
            name: "desk.toml".into(),
            sha256: "00".into(),
            threshold: Some(0.7),
            messages: 10_000,
            // Everybody writes the first, hardly anybody the second.
            df: BTreeMap::from([("怎么".into(), 9_000), ("退".into(), 6)]),
        });
        let (a, b) = ("怎么退", "怎么寄");
        assert!(own.score(a, b) < shipped.score(a, b));
        assert!((own.threshold() - 0.7).abs() < 1e-9);
        assert_eq!(own.hashes().len(), 2);
    }

    proptest::proptest! {
        #[test]
        fn one_after_another_is_as_all_at_once(
            told in "[退换货款的我 a]{0,12}", answer in "[退换货款的我 a]{0,12}",
            earlier in proptest::collection::vec("[退换货款的我 a]{0,12}", 1..4),
        ) {
            let alike = Similarity::default();
            let (told, answer) = (alike.prepare(&told), alike.prepare(&answer));
            let mut together = Together::new(&told, &answer);
            let mut outline = Outline::default();
            for earlier in earlier.iter().map(|text| alike.prepare(text)) {
                let (one, other) = together.add(&earlier);
                proptest::prop_assert_eq!(one, alike.compare(&told, &earlier));
                proptest::prop_assert_eq!(other, alike.compare(&earlier, &answer));
                outline.add(&earlier);
            }
            let all = (alike.covers(&told, &outline), alike.covers(&answer, &outline).1);
            proptest::prop_assert_eq!(together.covered(), Some(all));
        }

        #[test]
        fn symmetric_and_bounded(a in "[a-c你我的不0-9 ]{0,20}", b in "\\PC{0,20}") {
            let there = score(&a, &b);
            proptest::prop_assert!((0.0..=1.0).contains(&there));
            proptest::prop_assert_eq!(there.to_bits(), score(&b, &a).to_bits());
        }

        #[test]
        fn a_contradiction_stays_below_the_threshold(
            a in "[退换货款不0-9]{0,9}", b in "[退换货款不0-9]{0,9}"
        ) {
            let alike = Similarity::default();
            let (a, b) = (alike.prepare(&a), alike.prepare(&b));
            let below = alike.score_prepared(&a, &b) < Similarity::THRESHOLD;
            proptest::prop_assert!(below || !alike.contradict(&a, &b));
        }
    }
}
