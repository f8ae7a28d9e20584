//! Keyed hashes of people, orders and of ids that are numbers of people: HMAC-SHA-256 (RFC 2104,
//! FIPS 198-1). Without the key nobody can try all phone numbers until one fits.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key of a run that names none. It stands in the source: it protects nothing.
const KNOWN: &[u8] = b"tohuman: a key that everybody knows";
/// What the fingerprint of a key is made of.
const PROBE: &str = "tohuman: fingerprint of the key";
/// What a token begins with.
const TOKEN: &str = "id-";
/// Letters of the fingerprint in a token, and of the hash.
const LETTERS: (usize, usize) = (4, 16);

/// The key of a run.
#[derive(Clone, PartialEq, Eq)]
pub struct HashKey {
    bytes: Vec<u8>,
    /// Letters that tell the key from others without telling the key.
    mark: String,
}

impl Default for HashKey {
    fn default() -> Self {
        Self::new(KNOWN)
    }
}

/// A key is never printed.
impl std::fmt::Debug for HashKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HashKey({})", self.fingerprint())
    }
}

impl HashKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let bytes = bytes.to_vec();
        let mark = letters(digest(&bytes, PROBE), LETTERS.0);
        Self { bytes, mark }
    }

    /// Whether it is the one that everybody knows.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.bytes == KNOWN
    }

    /// What tells this key from another; it stands in `facts.json`. `none` is the key that everybody
    /// knows.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        if self.is_known() { "none".to_owned() } else { letters(digest(&self.bytes, PROBE), 12) }
    }

    /// The first eight bytes of the keyed hash of an id. A token of this key counts as what it
    /// stands for, so that masked ids join with plain ones.
    #[must_use]
    pub fn hash(&self, id: &str) -> u64 {
        let id = id.trim();
        self.read(id).unwrap_or_else(|| digest(&self.bytes, id))
    }

    /// What stands for an id outside the tool. It holds no digit, so that it is never masked again;
    /// a token of this key stays.
    #[must_use]
    pub fn token(&self, id: &str) -> String {
        format!("{TOKEN}{}-{}", self.mark, letters(self.hash(id), LETTERS.1))
    }

    /// The hash in a token of this key.
    fn read(&self, token: &str) -> Option<u64> {
        let hash =
            token.strip_prefix(TOKEN)?.strip_prefix(self.mark.as_str())?.strip_prefix('-')?;
        let value = |b: u8| b.is_ascii_lowercase().then(|| u64::from(b - b'a')).filter(|v| *v < 16);
        let whole = hash.len() == LETTERS.1;
        whole.then(|| hash.bytes().try_fold(0, |n, b| Some((n << 4) | value(b)?))).flatten()
    }

    /// Eight letters that keep two masked values apart.
    pub(super) fn letters(&self, value: &str) -> String {
        letters(digest(&self.bytes, value), 8)
    }
}

fn digest(key: &[u8], text: &str) -> u64 {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    let bytes = mac.finalize().into_bytes();
    bytes.iter().take(8).fold(0, |n, b| (n << 8) | u64::from(*b))
}

/// The first half-bytes as letters a to p.
fn letters(hash: u64, n: usize) -> String {
    let letter = |i: usize| char::from(b'a' + ((hash >> (60 - 4 * i)) & 15) as u8);
    (0..n.min(16)).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_sha_256_as_published() {
        // RFC 4231, test case 2.
        assert_eq!(digest(b"Jefe", "what do ya want for nothing?"), 0x5bdc_c146_bf60_754e);
    }

    #[test]
    fn a_token_stands_for_its_id_under_its_own_key_alone() {
        let (own, other) = (HashKey::new(b"a long and secret key"), HashKey::default());
        let token = own.token("13800138000");
        assert_eq!(own.hash(&token), own.hash(" 13800138000 "));
        assert_eq!(own.token(&token), token);
        assert_ne!(other.hash(&token), own.hash(&token));
        assert_ne!(own.hash("13800138000"), other.hash("13800138000"));
        assert!(!token.chars().any(char::is_numeric));
        assert_eq!(crate::text::redact(&token), token);
        assert!(!format!("{own:?}").contains("secret"));
    }
}
