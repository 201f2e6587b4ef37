//! Runs many files on several threads, each with a session of its own.

use super::report::FileReport;
use super::suite::TestFile;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Scripts nest deep on purpose, and both the text parser and the validator of optimised-out builds recurse.
const STACK_BYTES: usize = 256 << 20;

/// Runs every file, on as many threads as there are sessions; reports come in the order of the files.
pub fn run_files<S: Send>(
    files: &[TestFile],
    sessions: &mut [S],
    run: impl Fn(&TestFile, &mut S) -> FileReport + Sync,
) -> Vec<FileReport> {
    let next = AtomicUsize::new(0);
    let reports: Mutex<Vec<(usize, FileReport)>> = Mutex::new(Vec::with_capacity(files.len()));
    std::thread::scope(|scope| {
        for session in sessions {
            let work = || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(index) else { break };
                    let report = run(file, session);
                    reports.lock().unwrap_or_else(PoisonError::into_inner).push((index, report));
                }
            };
            // Without a thread there is no report, and whoever compares files with reports sees it.
            let _ = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        }
    });
    let mut reports = reports.into_inner().unwrap_or_else(PoisonError::into_inner);
    reports.sort_by_key(|(index, _)| *index);
    reports.into_iter().map(|(_, report)| report).collect()
}

#[cfg(test)]
mod tests {
    use super::run_files;
    use crate::wast::report::FileReport;
    use crate::wast::suite::TestFile;

    #[test]
    fn reports_keep_the_order_of_the_files() {
        let files: Vec<TestFile> = (0..50).map(|number| TestFile { name: format!("f{number}"), source: String::new() }).collect();
        let mut sessions = [0u32; 3];
        let reports = run_files(&files, &mut sessions, |file, session| {
            *session += 1;
            FileReport::new(&file.name, "none")
        });
        assert!(reports.iter().zip(&files).all(|(report, file)| report.file == file.name));
        assert_eq!(sessions.iter().sum::<u32>(), 50);
    }
}
