//! Which encoding a text is in, decided by validating bytes, with the reason in words.

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::mixed::is_mixed;

/// A UTF-8 text with a few broken characters stays UTF-8: this many good characters of several
/// bytes must stand against each bad one. A text in another encoding has hardly any good one.
const GOOD_PER_BAD: usize = 10;

/// The decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Lines of GBK and lines of UTF-8, because.
    Mixed(String),
    /// Text in this encoding, because.
    Text(&'static Encoding, String),
    /// No text: the reason.
    Binary(String),
}

/// Decides from the first bytes; `whole` says that they are all.
pub(super) fn decide(head: &[u8], whole: bool) -> Decision {
    let marked = Encoding::for_bom(head);
    if marked.is_none_or(|(encoding, _)| encoding == UTF_8)
        && !head.contains(&0)
        && std::str::from_utf8(head).is_err()
        && is_mixed(head, whole)
    {
        let why = "lines of GBK among lines of UTF-8: each is read as what it is";
        return Decision::Mixed(why.to_owned());
    }
    if let Some((encoding, _)) = marked {
        return Decision::Text(encoding, "byte order mark".to_owned());
    }
    if head.contains(&0) {
        return match zeros(head) {
            Some(encoding) => Decision::Text(encoding, "zero bytes at every second place".into()),
            None => Decision::Binary("it holds zero bytes, which no text has".to_owned()),
        };
    }
    let (good, bad) = count(head, whole);
    if bad == 0 {
        let why = if good == 0 { "plain ASCII, which is valid UTF-8" } else { "valid UTF-8" };
        return Decision::Text(UTF_8, why.to_owned());
    }
    if good >= bad * GOOD_PER_BAD {
        return Decision::Text(UTF_8, format!("UTF-8 but for {bad} places"));
    }
    let control = head.iter().filter(|b| **b < 32 && !b"\t\n\r\x0c\x1b".contains(b)).count();
    if control * 50 > head.len() {
        return Decision::Binary("it holds control characters, as no text does".to_owned());
    }
    if looks_chinese(head) && malformed(GB18030, head, whole) * GOOD_PER_BAD <= head.len() / 10 {
        return Decision::Text(GB18030, "not valid UTF-8; pairs of bytes as GBK has them".into());
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, whole);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    let guess = if guess == encoding_rs::GBK { GB18030 } else { guess };
    Decision::Text(guess, "not valid UTF-8; guessed from the frequency of its bytes".to_owned())
}

/// UTF-16 without a mark: the zero bytes of its ASCII characters stand on one side only.
fn zeros(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.as_chunks::<2>().0;
    let first = pairs.iter().filter(|p| p[0] == 0).count();
    let second = pairs.iter().filter(|p| p[1] == 0).count();
    // One line end or comma in fifty characters is less than any table has.
    let enough = |n: usize| n * 50 >= pairs.len();
    let encoding = if second > first * 20 && enough(second) {
        UTF_16LE
    } else if first > second * 20 && enough(first) {
        UTF_16BE
    } else {
        return None;
    };
    (malformed(encoding, head, false) * 100 <= pairs.len()).then_some(encoding)
}

/// Characters of several bytes that are valid UTF-8, and places that are not. The character that
/// the end of a prefix cuts is not counted.
pub(super) fn count(mut head: &[u8], whole: bool) -> (usize, usize) {
    let (mut good, mut bad) = (0, 0);
    let several = |text: &[u8]| text.iter().filter(|b| **b >= 0xC0).count();
    loop {
        match std::str::from_utf8(head) {
            Ok(_) => return (good + several(head), bad),
            Err(e) => {
                good += several(&head[..e.valid_up_to()]);
                let Some(length) = e.error_len() else {
                    return (good, bad + usize::from(whole));
                };
                bad += 1;
                head = &head[e.valid_up_to() + length..];
            }
        }
    }
}

/// In GBK text most bytes above ASCII come in pairs, and most pairs are common characters
/// (0xB0-0xF7, 0xA1-0xFE) or the punctuation and full-width forms before them.
pub(super) fn looks_chinese(head: &[u8]) -> bool {
    let (mut pairs, mut common, mut at) = (0_usize, 0_usize, 0);
    while at + 1 < head.len() {
        if head[at] < 0x80 {
            at += 1;
            continue;
        }
        pairs += 1;
        let lead = (0xB0..=0xF7).contains(&head[at]) || (0xA1..=0xA3).contains(&head[at]);
        common += usize::from(lead && head[at + 1] >= 0xA1);
        at += 2;
    }
    pairs > 0 && common * 10 >= pairs * 7
}

/// How many places of `head` are not valid in `encoding`.
pub(super) fn malformed(encoding: &'static Encoding, head: &[u8], whole: bool) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = vec![0; 16 * 1024];
    let (mut at, mut bad) = (0, 0);
    loop {
        let (result, read, _) =
            decoder.decode_to_utf8_without_replacement(&head[at..], &mut out, whole);
        at += read;
        match result {
            DecoderResult::InputEmpty => return bad,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => bad += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(head: &[u8]) -> &'static str {
        match decide(head, true) {
            Decision::Text(encoding, _) => encoding.name(),
            Decision::Mixed(_) => "mixed",
            Decision::Binary(_) => "binary",
        }
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "会话ID,时间,内容\n1,9:03,我的包裹在哪里|谢谢\n";
        let wide = |f: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(f).collect::<Vec<u8>>();
        assert_eq!(name(text.as_bytes()), "UTF-8");
        assert_eq!(name(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), "UTF-8");
        assert_eq!(name(&GB18030.encode(text).0), "gb18030");
        assert_eq!(name(&wide(u16::to_le_bytes)), "UTF-16LE");
        assert_eq!(name(&wide(u16::to_be_bytes)), "UTF-16BE");
        assert_eq!(name(b"id,text\n1,caf\xe9 \xe0 la carte\n2,na\xefve\n"), "windows-1252");
        assert_eq!(name(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "binary");
        let broken = [text.repeat(4).as_bytes(), b"\xff"].concat();
        assert_eq!(name(&broken), "UTF-8");
        assert_eq!(name(&[text.as_bytes(), &GB18030.encode(text).0].concat()), "mixed");
        let marked = [b"\xef\xbb\xbf", text.as_bytes(), &GB18030.encode(text).0].concat();
        assert_eq!(name(&marked), "mixed");
    }
}
