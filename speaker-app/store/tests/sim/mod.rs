//! A disk that records what it is asked, fails when told to, and can lose power at any byte of its history.
#![allow(dead_code, reason = "each test file uses a part of it")]

use saggar_store::disk::Disk;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::rc::Rc;

/// Contents of the files, by name.
pub(crate) type Files = BTreeMap<&'static str, Vec<u8>>;

#[derive(Clone, Debug)]
enum Op {
    Create { name: &'static str, inode: usize },
    Write { inode: usize, offset: usize, bytes: Vec<u8> },
    Cut { inode: usize, len: usize },
    Sync { inode: usize },
    Rename { from: &'static str, to: &'static str },
    SyncFolder,
}

/// A promise that the disk breaks: the mistakes planted to see that the check finds them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lie {
    #[default]
    None,
    /// `sync` of the log does nothing.
    SyncLog,
    /// `sync` of a new log does nothing.
    SyncNew,
    /// `sync_folder` does nothing.
    SyncFolder,
}

#[derive(Clone, Debug, Default)]
struct Inner {
    inodes: Vec<Vec<u8>>,
    names: BTreeMap<&'static str, usize>,
    ops: Vec<Op>,
    lie: Lie,
    random: u32,
    /// Calls that change something, ever.
    calls: usize,
    /// The calls that fail, with how many bytes a failing write still writes.
    failing: Option<(std::ops::Range<usize>, usize)>,
}

/// A handle: the test keeps one, the store has the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sim(Rc<RefCell<Inner>>);

impl Sim {
    pub(crate) fn new(files: &Files, lie: Lie) -> Self {
        let sim = Self::default();
        let mut inner = sim.0.borrow_mut();
        inner.lie = lie;
        for (name, bytes) in files {
            inner.inodes.push(bytes.clone());
            let inode = inner.inodes.len() - 1;
            inner.names.insert(name, inode);
        }
        drop(inner);
        sim
    }

    /// The calls of these numbers fail as on a full disk; a write among them writes `partial` bytes first.
    pub(crate) fn fail(&self, calls: std::ops::Range<usize>, partial: usize) {
        self.0.borrow_mut().failing = Some((calls, partial));
    }

    pub(crate) fn calls(&self) -> usize {
        self.0.borrow().calls
    }

    pub(crate) fn ops(&self) -> usize {
        self.0.borrow().ops.len()
    }

    /// Bytes of the operation if it is a write, else 1: it happened or did not.
    pub(crate) fn op_bytes(&self, op: usize) -> usize {
        match &self.0.borrow().ops[op] {
            Op::Write { bytes, .. } => bytes.len(),
            _ => 1,
        }
    }

    /// What a process that is started anew sees without any loss of power.
    pub(crate) fn files(&self) -> Files {
        let inner = self.0.borrow();
        inner.names.iter().map(|(&name, &inode)| (name, inner.inodes[inode].clone())).collect()
    }

    /// Everything that may be on the disk after `begun` (the files at the history's beginning), `ops` whole operations and
    /// `partial` bytes of the next one. What was not synced is dropped, kept, kept up to any operation, kept without the
    /// operations before the last one, or kept as a length full of zeros; names that were not synced are kept up to any
    /// operation of the folder.
    pub(crate) fn lose_power(&self, begun: &Files, ops: usize, partial: usize) -> BTreeSet<Files> {
        let inner = self.0.borrow();
        let mut names: BTreeMap<&'static str, usize> = begun.keys().copied().zip(0..).collect();
        let mut contents: Vec<Vec<u8>> = begun.values().cloned().collect();
        contents.resize(inner.inodes.len(), Vec::new());
        let mut pending: Vec<Vec<Op>> = vec![Vec::new(); inner.inodes.len()];
        let mut folder: Vec<&Op> = Vec::new();
        let last = match inner.ops.get(ops) {
            Some(Op::Write { inode, offset, bytes }) if partial > 0 => {
                Some(Op::Write { inode: *inode, offset: *offset, bytes: bytes[..partial].to_vec() })
            }
            _ => None,
        };
        for op in inner.ops[..ops].iter().chain(&last) {
            match op {
                Op::Create { .. } | Op::Rename { .. } => folder.push(op),
                Op::Write { inode, .. } | Op::Cut { inode, .. } => pending[*inode].push(op.clone()),
                Op::Sync { inode } => pending[*inode].drain(..).for_each(|op| change(&mut contents[*inode], &op)),
                Op::SyncFolder => folder.drain(..).for_each(|op| name(&mut names, op)),
            }
        }
        let variants: Vec<BTreeSet<Vec<u8>>> = contents.iter().zip(&pending).map(|(file, ops)| kept(file, ops)).collect();
        let mut all = BTreeSet::new();
        for named in 0..=folder.len() {
            if named > 0 {
                name(&mut names, folder[named - 1]);
            }
            let mut disks = vec![Files::new()];
            for (&name, &inode) in &names {
                let with = |disk: &Files, file: &Vec<u8>| disk.clone().into_iter().chain([(name, file.clone())]).collect();
                disks = disks.iter().flat_map(|disk| variants[inode].iter().map(move |file| with(disk, file))).collect();
            }
            all.extend(disks);
        }
        all
    }
}

/// What may have become of a file with operations that were not synced.
fn kept(file: &[u8], ops: &[Op]) -> BTreeSet<Vec<u8>> {
    let mut all = BTreeSet::from([file.to_vec()]);
    let mut now = file.to_vec();
    for op in ops {
        change(&mut now, op);
        all.insert(now.clone());
        let mut alone = file.to_vec();
        change(&mut alone, op);
        all.insert(alone);
        let mut zeros = file.to_vec();
        zeros.resize(now.len(), 0);
        all.insert(zeros);
    }
    all
}

fn change(file: &mut Vec<u8>, op: &Op) {
    match op {
        Op::Write { offset, bytes, .. } => {
            let end = offset + bytes.len();
            if file.len() < end {
                file.resize(end, 0);
            }
            file[*offset..end].copy_from_slice(bytes);
        }
        Op::Cut { len, .. } => file.resize(*len, 0),
        _ => unreachable!("not an operation on a file's bytes"),
    }
}

fn name(names: &mut BTreeMap<&'static str, usize>, op: &Op) {
    match op {
        Op::Create { name, inode } => {
            names.insert(name, *inode);
        }
        Op::Rename { from, to } => {
            let inode = names.remove(from).expect("it was created before it was renamed");
            names.insert(to, inode);
        }
        _ => unreachable!("not an operation on the folder"),
    }
}

impl Inner {
    /// Counts a call; gives how many bytes of a write to write where it fails.
    fn call(&mut self) -> Result<(), usize> {
        let call = self.calls;
        self.calls += 1;
        match &self.failing {
            Some((calls, partial)) if calls.contains(&call) => Err(*partial),
            _ => Ok(()),
        }
    }

    fn inode(&mut self, name: &'static str) -> usize {
        if let Some(&inode) = self.names.get(name) {
            return inode;
        }
        self.inodes.push(Vec::new());
        let inode = self.inodes.len() - 1;
        self.names.insert(name, inode);
        self.ops.push(Op::Create { name, inode });
        inode
    }

    fn change(&mut self, inode: usize, op: Op) {
        change(&mut self.inodes[inode], &op);
        self.ops.push(op);
    }
}

fn full<T>(_: T) -> io::Error {
    io::Error::from(io::ErrorKind::StorageFull)
}

impl Disk for Sim {
    fn read(&mut self, name: &'static str) -> io::Result<Option<Vec<u8>>> {
        let inner = self.0.borrow();
        Ok(inner.names.get(name).map(|&inode| inner.inodes[inode].clone()))
    }

    fn write(&mut self, name: &'static str, offset_bytes: u64, bytes: &[u8]) -> io::Result<()> {
        let mut inner = self.0.borrow_mut();
        let offset = usize::try_from(offset_bytes).map_err(io::Error::other)?;
        let called = inner.call();
        let inode = inner.inode(name);
        let len = called.map_or_else(|partial| partial.min(bytes.len()), |()| bytes.len());
        inner.change(inode, Op::Write { inode, offset, bytes: bytes[..len].to_vec() });
        called.map_err(full)
    }

    fn cut(&mut self, name: &'static str, len_bytes: u64) -> io::Result<()> {
        let mut inner = self.0.borrow_mut();
        let len = usize::try_from(len_bytes).map_err(io::Error::other)?;
        inner.call().map_err(full)?;
        let inode = inner.inode(name);
        inner.change(inode, Op::Cut { inode, len });
        Ok(())
    }

    fn sync(&mut self, name: &'static str) -> io::Result<()> {
        let mut inner = self.0.borrow_mut();
        inner.call().map_err(full)?;
        let lies = matches!((inner.lie, name), (Lie::SyncLog, "log") | (Lie::SyncNew, "log.new"));
        let inode = inner.inode(name);
        if !lies {
            inner.ops.push(Op::Sync { inode });
        }
        Ok(())
    }

    fn rename(&mut self, from: &'static str, to: &'static str) -> io::Result<()> {
        let mut inner = self.0.borrow_mut();
        inner.call().map_err(full)?;
        let op = Op::Rename { from, to };
        name(&mut inner.names, &op);
        inner.ops.push(op);
        Ok(())
    }

    fn sync_folder(&mut self) -> io::Result<()> {
        let mut inner = self.0.borrow_mut();
        inner.call().map_err(full)?;
        if inner.lie != Lie::SyncFolder {
            inner.ops.push(Op::SyncFolder);
        }
        Ok(())
    }

    fn random(&mut self) -> u32 {
        let mut inner = self.0.borrow_mut();
        inner.random = inner.random.wrapping_add(0x9e37_79b9);
        inner.random
    }
}
