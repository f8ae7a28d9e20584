//! Whether a file is the one it was, without reading it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A file that changed within this time before it was looked at may change again and show the same
/// time: some file systems count in steps of two seconds.
const RACY: Duration = Duration::from_secs(2);

/// What a file system says of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stat {
    bytes: u64,
    modified: (u64, u32),
    inode: u64,
}

impl Stat {
    /// Of a file; `None` for what is no file, or cannot be looked at.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let data = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        let modified = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let modified = (modified.as_secs(), modified.subsec_nanos());
        Some(Self { bytes: data.len(), modified, inode: inode(&data) })
    }

    /// Whether a later change would show: the last one lies far enough back.
    pub(super) fn settled(&self) -> bool {
        let modified = UNIX_EPOCH + Duration::new(self.modified.0, self.modified.1);
        SystemTime::now().duration_since(modified).is_ok_and(|age| age > RACY)
    }
}

#[cfg(unix)]
fn inode(data: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(data)
}

#[cfg(not(unix))]
fn inode(_data: &std::fs::Metadata) -> u64 {
    0
}

/// SHA-256 of a file.
pub(super) fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 1 << 17];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(super::hex(&hash.finalize())),
            n => hash.update(&chunk[..n]),
        }
    }
}
