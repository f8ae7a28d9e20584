//! Arrays of numpy: a `.npz` is a zip of `.npy` files, each a short header in text and the numbers.
//! Source of the layout: `NumPy` Enhancement Proposal 1 (`numpy.lib.format`).

use std::io::Cursor;

use zip::ZipArchive;

use super::files::bounded;

const MAGIC: &[u8] = b"\x93NUMPY";

/// The file, opened.
pub(super) struct Npz<'a>(ZipArchive<Cursor<&'a [u8]>>);

/// An array: its numbers as bytes, row by row, and its shape.
struct Array {
    kind: String,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl<'a> Npz<'a> {
    /// Opens it.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, String> {
        ZipArchive::new(Cursor::new(bytes)).map(Self).map_err(|e| format!("cannot be opened ({e})"))
    }

    fn array(&mut self, name: &str, shape: &[usize]) -> Result<Array, String> {
        let member =
            self.0.by_name(&format!("{name}.npy")).map_err(|e| format!("array {name}: {e}"))?;
        let array =
            parse(bounded(member, name)?).ok_or_else(|| format!("array {name} is damaged"))?;
        if array.shape != shape {
            return Err(format!("array {name} has the shape {:?}, not {shape:?}", array.shape));
        }
        Ok(array)
    }

    /// Whole numbers of a byte.
    pub(super) fn bytes(&mut self, name: &str, shape: &[usize]) -> Result<Vec<u8>, String> {
        let array = self.array(name, shape)?;
        if array.kind != "|u1" || array.bytes.len() != shape.iter().product::<usize>() {
            return Err(format!("array {name} is not of bytes"));
        }
        Ok(array.bytes)
    }

    /// Numbers with a fraction; every one is finite.
    pub(super) fn floats(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let array = self.array(name, shape)?;
        let floats: Vec<f32> = match array.kind.as_str() {
            "<f4" => {
                array.bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
            }
            #[expect(clippy::cast_possible_truncation, reason = "the network counts in f32")]
            "<f8" => array
                .bytes
                .as_chunks::<8>()
                .0
                .iter()
                .map(|b| f64::from_le_bytes(*b) as f32)
                .collect(),
            _ => Vec::new(),
        };
        if floats.len() != shape.iter().product::<usize>() {
            return Err(format!(
                "array {name} is not of {} floats",
                shape.iter().product::<usize>()
            ));
        }
        if floats.iter().any(|f| !f.is_finite()) {
            return Err(format!("array {name} holds what is no number"));
        }
        Ok(floats)
    }
}

fn parse(file: Vec<u8>) -> Option<Array> {
    let rest = file.strip_prefix(MAGIC)?;
    let (header, start) = match rest.first()? {
        1 => (usize::from(u16::from_le_bytes(rest.get(2..4)?.try_into().ok()?)), 4),
        2 | 3 => (u32::from_le_bytes(rest.get(2..6)?.try_into().ok()?) as usize, 6),
        _ => return None,
    };
    let from = MAGIC.len() + start;
    let text = std::str::from_utf8(file.get(from..from.checked_add(header)?)?).ok()?;
    if !text.contains("'fortran_order': False") {
        return None;
    }
    let kind = text.split_once("'descr': '")?.1.split_once('\'')?.0.to_owned();
    let inside = text.split_once("'shape': (")?.1.split_once(')')?.0;
    let shape = inside
        .split(',')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .map(|n| n.parse().ok())
        .collect::<Option<_>>()?;
    let mut bytes = file;
    bytes.drain(..from + header);
    Some(Array { kind, shape, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn npy(header: &str, numbers: &[u8]) -> Vec<u8> {
        let length = u16::try_from(header.len()).unwrap().to_le_bytes();
        [MAGIC, &[1, 0], &length, header.as_bytes(), numbers].concat()
    }

    #[test]
    fn a_header_and_its_numbers() {
        let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }\n";
        let array = parse(npy(header, &[1, 2, 3, 4, 5, 6])).unwrap();
        assert_eq!((array.kind.as_str(), &*array.shape), ("|u1", &[2, 3][..]));
        assert_eq!(array.bytes, [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn columns_first_and_damage_are_refused() {
        assert!(
            parse(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", &[0; 4]))
                .is_none()
        );
        assert!(parse(MAGIC.to_vec()).is_none());
        assert!(
            parse(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (x,), }", &[])).is_none()
        );
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_fail_worse_than_with_an_error(mut bytes: Vec<u8>, flip in 0_usize..80, to: u8) {
            let _ = parse(bytes.clone());
            let _ = Npz::new(&bytes).and_then(|mut npz| npz.floats("x", &[1]));
            bytes = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", &[0; 4]);
            if let Some(byte) = bytes.get_mut(flip) {
                *byte = to;
            }
            let _ = parse(bytes);
        }
    }
}
