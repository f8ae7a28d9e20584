//! Which conversations of one export are parts of another: contact records name the first contact
//! of a chain, and the transcripts of later contacts, in other files, follow it.

use std::collections::{BTreeMap, BTreeSet};

use super::look::Look;
use super::study::choose;
use super::table::{Flow, Job};
use super::{IngestOptions, Input};

/// What all inputs together say of chains.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// The family of formats of each input, in the order given.
    families: Vec<Option<&'static str>>,
    /// Family, then part, then the conversation it belongs to.
    first: BTreeMap<&'static str, BTreeMap<String, String>>,
}

impl Links {
    /// Looks through the inputs that name chains. What cannot be read is passed over: reading it
    /// will say why.
    #[must_use]
    pub fn of(inputs: &[Input], options: &IngestOptions) -> Self {
        let mut links = Self::default();
        for input in inputs {
            let family = links.take(input, options);
            links.families.push(family);
        }
        links
    }

    fn take(&mut self, input: &Input, options: &IngestOptions) -> Option<&'static str> {
        let look = Look::at(input).ok()?;
        let (format, _) = choose(input, &look, options).ok()?;
        let family = format.family();
        let Some(links) = format.links() else { return Some(family) };
        let mut silent = |_| {};
        let mut job = Job::open(input, &look, options, &mut silent).ok()?;
        let first = self.first.entry(family).or_default();
        let mut each = |part: String, whole: String| {
            first.insert(part, whole);
            Flow::On
        };
        // A file that ends in the middle fails when it is read.
        let _ = links(&mut job, &mut each);
        Some(family)
    }

    /// The conversation that one of this input belongs to, if it is not one of its own.
    #[must_use]
    pub fn conversation(&self, input: usize, id: &str) -> Option<&str> {
        let family = (*self.families.get(input)?)?;
        let first = self.first.get(family)?;
        let mut last = first.get(id)?;
        let mut passed = BTreeSet::from([id]);
        while passed.insert(last) {
            match first.get(last) {
                Some(next) => last = next,
                None => return Some(last),
            }
        }
        // Links that run in a circle name no beginning: all of it goes under its smallest id.
        let mut circle = last;
        let mut smallest = last;
        while let Some(next) = first.get(circle).filter(|next| *next != last) {
            (circle, smallest) = (next, smallest.min(next));
        }
        Some(smallest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_lead_to_their_beginning_and_circles_to_one_id() {
        let pairs = [("c", "b"), ("b", "a"), ("x", "z"), ("z", "y"), ("y", "x"), ("in", "z")];
        let first = pairs.map(|(part, whole)| (part.to_owned(), whole.to_owned())).into();
        let links = Links { families: vec![Some("f")], first: [("f", first)].into() };
        for (id, whole) in [("c", "a"), ("b", "a"), ("x", "x"), ("y", "x"), ("z", "x"), ("in", "x")]
        {
            assert_eq!(links.conversation(0, id), Some(whole), "{id}");
        }
        assert_eq!(links.conversation(0, "a"), None);
        assert_eq!(links.conversation(1, "c"), None);
    }
}
