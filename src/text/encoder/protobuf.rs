//! As much of the protobuf wire format as a `SentencePiece` model needs: the fields of one message.
//! Source of the layout: "Encoding", protobuf.dev.

/// A field with a value of bytes: its number and the bytes.
pub(super) type Field<'a> = (u64, &'a [u8]);

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// The fields with a length, and those of four bytes; plain numbers are passed over. `None` where the bytes
/// are no message.
pub(super) fn fields(mut bytes: &[u8]) -> Option<Vec<Field<'_>>> {
    let mut out = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        let length = match tag & 7 {
            0 => {
                varint(&mut bytes)?;
                continue;
            }
            1 => 8,
            2 => usize::try_from(varint(&mut bytes)?).ok()?,
            5 => 4,
            _ => return None,
        };
        let (value, rest) = bytes.split_at_checked(length)?;
        bytes = rest;
        if tag & 7 != 1 {
            out.push((tag >> 3, value));
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_in_order() {
        // 1: "ab", 3: the number 300, 2: four bytes.
        let bytes = [0x0a, 2, b'a', b'b', 0x18, 0xac, 0x02, 0x15, 1, 2, 3, 4];
        assert_eq!(fields(&bytes), Some(vec![(1, &b"ab"[..]), (2, &[1, 2, 3, 4][..])]));
        assert_eq!(fields(&[0x0a, 9, b'a']), None);
        assert_eq!(fields(&[0xff; 12]), None);
    }
}
