//! A byte trie over texts in ascending order: which of them begin at a place of another text. They are
//! numbered in that order.
//!
//! Children of a node stand side by side in ascending order, so a step is a short search in one run of
//! bytes; nothing is hashed and the layout is the same in every run.

/// No text ends at this node.
const NONE: u32 = u32::MAX;

/// The trie; node 0 is the root.
#[derive(Debug)]
pub(super) struct Trie {
    /// The byte that leads to each node.
    labels: Vec<u8>,
    /// Where the children of each node begin; they end where those of the next node begin.
    children: Vec<u32>,
    /// The text that ends at each node.
    ends: Vec<u32>,
    /// The root has many children: one table for its step.
    first: [u32; 256],
    /// The node of every Chinese character, from [`FIRST_HAN`] on, 0 where there is none: one step
    /// instead of three through long lists of children.
    han: Vec<u32>,
}

/// The first Chinese character that takes three bytes and lies in the common block, and the last one.
const FIRST_HAN: u32 = 0x4e00;
const LAST_HAN: u32 = 0x9fff;

impl Trie {
    /// Builds the trie of texts in ascending order, none twice, none empty.
    pub(super) fn new(texts: &[&[u8]]) -> Self {
        let mut trie =
            Self { labels: vec![0], children: vec![], ends: vec![], first: [0; 256], han: vec![] };
        // Breadth first: a node is a run of texts that share their first `depth` bytes.
        let mut runs = std::collections::VecDeque::from([(0, texts.len(), 0)]);
        while let Some((mut from, to, depth)) = runs.pop_front() {
            let mut end = NONE;
            if from < to && texts[from].len() == depth {
                end = index(from);
                from += 1;
            }
            trie.ends.push(end);
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
        let node = |c: u32| {
            let mut bytes = [0; 4];
            let text = char::from_u32(c)?.encode_utf8(&mut bytes);
            text.bytes().try_fold(0, |node, byte| trie.step(node, byte))
        };
        trie.han = (FIRST_HAN..=LAST_HAN).map(|c| node(c).unwrap_or(0)).collect();
        trie
    }

    /// The node of the Chinese character that a text begins with, 0 where there is none; `None` where it
    /// begins with another.
    fn han(&self, text: &[u8]) -> Option<u32> {
        let [a @ 0xe4..=0xe9, b, c, ..] = *text else { return None };
        let bits = |byte: u8| u32::from(byte & 0x3f);
        let code = u32::from(a & 0xf) << 12 | bits(b) << 6 | bits(c);
        self.han.get(code.checked_sub(FIRST_HAN)? as usize).copied()
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

    /// Calls with (length in bytes, number) for every one that `text` begins with, shortest first.
    pub(super) fn prefixes(&self, text: &[u8], mut found: impl FnMut(usize, u32)) {
        let mut node = 0;
        let mut at = 0;
        let mut found_here = |node: u32, length| {
            let text = self.ends[node as usize];
            if text != NONE {
                found(length, text);
            }
        };
        if let Some(first) = self.han(text) {
            if first == 0 {
                return;
            }
            (node, at) = (first, 3);
            found_here(node, at);
        }
        for (i, byte) in text.iter().enumerate().skip(at) {
            let Some(next) = self.step(node, *byte) else { return };
            node = next;
            found_here(node, i + 1);
        }
    }

    /// The one that is exactly this text.
    pub(super) fn find(&self, text: &[u8]) -> Option<u32> {
        let mut node = 0;
        for byte in text {
            node = self.step(node, *byte)?;
        }
        let text = self.ends[node as usize];
        (text != NONE).then_some(text)
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).expect("fewer than 2^32 bytes of text")
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

    #[test]
    fn chinese_characters_are_found_at_once() {
        let texts: Vec<&[u8]> = ["a", "件", "退", "退款", "龥"].map(str::as_bytes).to_vec();
        let trie = Trie::new(&texts);
        let all = |text: &str| {
            let mut found = Vec::new();
            trie.prefixes(text.as_bytes(), |length, unit| found.push((length, unit)));
            found
        };
        assert_eq!(all("退款吧"), [(3, 2), (6, 3)]);
        assert_eq!(all("件"), [(3, 1)]);
        assert_eq!(all("龥"), [(3, 4)]);
        assert_eq!(all("一"), []);
        assert_eq!(all("〇退"), []);
        assert_eq!(all("a退"), [(1, 0)]);
    }
}
