//! Python with a package of PyPI, for the tests that compare with one. A file of its own, which those tests include: they stand in three crates.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The Python that has a package (`name==version`): in a virtual environment under `target/`, made on the first run.
pub(crate) fn with(package: &str) -> PathBuf {
    let temporary = option_env!("CARGO_TARGET_TMPDIR").unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tmp"));
    let folder = Path::new(temporary).join(package.replace("==", "-"));
    let python = folder.join("bin/python");
    // Written last: a run that was interrupted begins anew.
    let marker = folder.join("complete");
    if !marker.exists() {
        eprintln!("installing {package} from PyPI into {}", folder.display());
        let run = |command: &mut Command, help: &str| {
            let status = command.status();
            assert!(status.as_ref().is_ok_and(|status| status.success()), "{command:?}: {status:?}\n{help}");
        };
        let help = "install Debian's packages python3 and python3-venv";
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder), help);
        let help = "this test compares with that package and needs the network once";
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", package]), help);
        std::fs::write(&marker, package).expect("the virtual environment is writable");
    }
    python
}
