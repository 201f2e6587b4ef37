//! Python with a package of PyPI, for the tests that compare with one. A file of its own, which those tests include: they stand in three crates.

use std::path::{Path, PathBuf};
use std::process::Command;

/// How often the network is asked.
const TRIES: u64 = 4;

/// The Python that has a package (`name==version`): in a virtual environment under `target/`, made on the first run.
pub(crate) fn with(package: &str) -> PathBuf {
    let temporary = option_env!("CARGO_TARGET_TMPDIR").unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tmp"));
    let folder = Path::new(temporary).join(package.replace("==", "-"));
    let python = folder.join("bin/python");
    // Tests run side by side, and one of them makes it.
    std::fs::create_dir_all(temporary).expect("a folder for tests");
    let lock = std::fs::File::create(folder.with_extension("lock")).expect("a file beside it");
    lock.lock().expect("a lock");
    // Written last: a run that was interrupted begins anew.
    let marker = folder.join("complete");
    if !marker.exists() {
        eprintln!("installing {package} from PyPI into {}", folder.display());
        let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).status();
        assert!(made.is_ok_and(|status| status.success()), "install Debian's packages python3 and python3-venv");
        // A network that fails for a moment is no fault of what is tested.
        let installed = (1..=TRIES).any(|again| {
            let status = Command::new(&python).args(["-m", "pip", "install", "--quiet", package]).status();
            let done = status.is_ok_and(|status| status.success());
            if !done {
                std::thread::sleep(std::time::Duration::from_secs(5 * again));
            }
            done
        });
        assert!(installed, "{package} cannot be had from PyPI: this test compares with it and needs the network once");
        std::fs::write(&marker, package).expect("the virtual environment is writable");
    }
    python
}
