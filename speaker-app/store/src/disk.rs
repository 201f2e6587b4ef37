//! What the store asks of a file system, and the real one.
//!
//! The trait has another implementation in the tests, which records every operation and then loses power. It is therefore
//! as low as the promises of POSIX are: a write is in the file only after [`Disk::sync`], a new name or a rename is in the
//! folder only after [`Disk::sync_folder`].

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A larger log is none of ours, and is not read into memory.
const LONGEST_FILE_BYTES: u64 = 256 << 20;

/// Files of one folder.
pub trait Disk {
    /// All of a file; `None` where there is none.
    ///
    /// # Errors
    /// The system's, or where the file is larger than any of ours.
    fn read(&mut self, name: &'static str) -> io::Result<Option<Vec<u8>>>;

    /// Writes at an offset, extending the file. It is there for good after [`sync`](Self::sync) only.
    ///
    /// # Errors
    /// The system's; any part may have been written then.
    fn write(&mut self, name: &'static str, offset_bytes: u64, bytes: &[u8]) -> io::Result<()>;

    /// Makes a file so long, and makes it where there is none.
    ///
    /// # Errors
    /// The system's.
    fn cut(&mut self, name: &'static str, len_bytes: u64) -> io::Result<()>;

    /// Returns when all that was written to the file will survive.
    ///
    /// # Errors
    /// The system's; what survives is then unknown.
    fn sync(&mut self, name: &'static str) -> io::Result<()>;

    /// Gives a file a name, which another loses by it, in one step. For good after [`sync_folder`](Self::sync_folder) only.
    ///
    /// # Errors
    /// The system's; nothing was renamed then.
    fn rename(&mut self, from: &'static str, to: &'static str) -> io::Result<()>;

    /// Returns when new and changed names will survive.
    ///
    /// # Errors
    /// The system's; what survives is then unknown.
    fn sync_folder(&mut self) -> io::Result<()>;

    /// A number that a skill cannot guess.
    fn random(&mut self) -> u32;
}

/// A folder of the real file system, held by one store at a time.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    folder: File,
    /// Kept open, so that an error of writing back is told to the `sync` that asks for it.
    files: HashMap<&'static str, File>,
    /// The system lets go of the lock with the file.
    _lock: File,
}

impl Folder {
    /// Opens a folder, which is made where there is none.
    ///
    /// # Errors
    /// The system's; [`io::ErrorKind::WouldBlock`] where another store has it.
    pub fn open(path: &Path) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        make(&path)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join("lock"))?;
        lock.try_lock()?;
        Ok(Self { folder: File::open(&path)?, path, files: HashMap::new(), _lock: lock })
    }

    fn file(&mut self, name: &'static str) -> io::Result<&mut File> {
        match self.files.entry(name) {
            std::collections::hash_map::Entry::Occupied(open) => Ok(open.into_mut()),
            std::collections::hash_map::Entry::Vacant(none) => {
                let path = self.path.join(name);
                Ok(none.insert(OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?))
            }
        }
    }
}

/// Makes a folder and those above it; a new folder's name is synced in the one above, or the store would go with it.
fn make(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        make(above)?;
        match fs::create_dir(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => File::open(above)?.sync_all()?,
        }
    }
    Ok(())
}

impl Disk for Folder {
    fn read(&mut self, name: &'static str) -> io::Result<Option<Vec<u8>>> {
        let mut file = match File::open(self.path.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        if file.metadata()?.len() > LONGEST_FILE_BYTES {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than any log of the store"));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn write(&mut self, name: &'static str, offset_bytes: u64, bytes: &[u8]) -> io::Result<()> {
        let file = self.file(name)?;
        file.seek(SeekFrom::Start(offset_bytes))?;
        file.write_all(bytes)
    }

    fn cut(&mut self, name: &'static str, len_bytes: u64) -> io::Result<()> {
        self.file(name)?.set_len(len_bytes)
    }

    fn sync(&mut self, name: &'static str) -> io::Result<()> {
        self.file(name)?.sync_all()
    }

    fn rename(&mut self, from: &'static str, to: &'static str) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))?;
        // The open file keeps to its name's file, not to its name.
        match self.files.remove(from) {
            Some(file) => self.files.insert(to, file),
            None => self.files.remove(to),
        };
        Ok(())
    }

    fn sync_folder(&mut self) -> io::Result<()> {
        self.folder.sync_all()
    }

    fn random(&mut self) -> u32 {
        // The standard library's hasher is seeded by the system's random numbers.
        let bytes = RandomState::new().hash_one(0).to_le_bytes();
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }
}
