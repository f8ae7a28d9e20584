//! A byte trie over the sorted units of the table: which units begin at this place of the text.
//!
//! Children of a node stand side by side in ascending order, so a step is a short search in one run of
//! bytes; nothing is hashed and the layout is the same in every run.

/// No unit ends at this node.
const NO_UNIT: u32 = u32::MAX;

/// The trie; node 0 is the root.
#[derive(Debug)]
pub(super) struct Trie {
    /// The byte that leads to each node.
    labels: Vec<u8>,
    /// Where the children of each node begin; they end where those of the next node begin.
    children: Vec<u32>,
    /// The unit that ends at each node.
    unit: Vec<u32>,
    /// The root has many children: one table for its step.
    first: [u32; 256],
}

impl Trie {
    /// Builds the trie of texts in ascending order, none twice, none empty.
    pub(super) fn new(texts: &[&[u8]]) -> Self {
        let mut trie =
            Self { labels: vec![0], children: Vec::new(), unit: Vec::new(), first: [0; 256] };
        // Breadth first: a node is a run of texts that share their first `depth` bytes.
        let mut runs = std::collections::VecDeque::from([(0, texts.len(), 0)]);
        while let Some((mut from, to, depth)) = runs.pop_front() {
            let mut unit = NO_UNIT;
            if from < to && texts[from].len() == depth {
                unit = index(from);
                from += 1;
            }
            trie.unit.push(unit);
            // What is waiting has its label already: the children of this node come next.
            trie.children.push(index(trie.labels.len()));
            while from < to {
                let label = texts[from][depth];
                let end = from + texts[from..to].partition_point(|t| t[depth] == label);
                trie.labels.push(label);
                runs.push_back((from, end, depth + 1));
                from = end;
            }
        }
        trie.children.push(index(trie.labels.len()));
        for node in trie.children[0]..trie.children[1] {
            trie.first[usize::from(trie.labels[node as usize])] = node;
        }
        trie
    }

    fn step(&self, node: u32, byte: u8) -> Option<u32> {
        if node == 0 {
            let next = self.first[usize::from(byte)];
            return (next != 0).then_some(next);
        }
        let (from, to) = (self.children[node as usize], self.children[node as usize + 1]);
        let labels = &self.labels[from as usize..to as usize];
        let at = if labels.len() < 8 {
            labels.iter().position(|l| *l == byte)?
        } else {
            labels.binary_search(&byte).ok()?
        };
        Some(from + index(at))
    }

    /// Calls with (length in bytes, unit) for every unit that `text` begins with, shortest first.
    pub(super) fn prefixes(&self, text: &[u8], mut found: impl FnMut(usize, u32)) {
        let mut node = 0;
        for (i, byte) in text.iter().enumerate() {
            let Some(next) = self.step(node, *byte) else { return };
            node = next;
            let unit = self.unit[node as usize];
            if unit != NO_UNIT {
                found(i + 1, unit);
            }
        }
    }

    /// The unit that is exactly this text.
    pub(super) fn find(&self, text: &[u8]) -> Option<u32> {
        let mut node = 0;
        for byte in text {
            node = self.step(node, *byte)?;
        }
        let unit = self.unit[node as usize];
        (unit != NO_UNIT).then_some(unit)
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).expect("the table has fewer than 2^32 bytes of text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_there_and_nothing_else() {
        let texts: Vec<&[u8]> = vec![b"a", b"ab", b"abc", b"b", b"bd"];
        let trie = Trie::new(&texts);
        for (i, text) in texts.iter().enumerate() {
            assert_eq!(trie.find(text), Some(index(i)));
        }
        assert_eq!(trie.find(b"abcd"), None);
        assert_eq!(trie.find(b"d"), None);
        assert_eq!(trie.find(b""), None);
        let mut found = Vec::new();
        trie.prefixes(b"abd", |length, unit| found.push((length, unit)));
        assert_eq!(found, [(1, 0), (2, 1)]);
    }
}
