//! What the commands of this repository need beyond those that are for everybody.

pub(crate) use saggar::tools::{Need, QEMU, TARGETS, ensure, missing};

use saggar::tools::Sign::{File, Program};

/// C compilers for every target and LLVM's linker, for C hosts and link tests.
pub(crate) const C: Need = Need {
    rust_targets: &[],
    packages: &[
        (Program("gcc"), "gcc"),
        (File("/usr/include/stdint.h"), "libc6-dev"),
        (Program("aarch64-linux-gnu-gcc"), "gcc-aarch64-linux-gnu"),
        (File("/usr/aarch64-linux-gnu/include/stdint.h"), "libc6-dev-arm64-cross"),
        (Program("riscv64-linux-gnu-gcc"), "gcc-riscv64-linux-gnu"),
        (File("/usr/riscv64-linux-gnu/include/stdint.h"), "libc6-dev-riscv64-cross"),
        (Program("ld.lld"), "lld"),
    ],
};

/// Rust's libraries for guests, and the client of the registry that has SQLite as a module.
pub(crate) const GUESTS: Need =
    Need { rust_targets: &["wasm32-unknown-unknown", "wasm32v1-none"], packages: &[(Program("npm"), "npm")] };

/// What the benchmark compares with.
pub(crate) const BENCH: Need = Need {
    rust_targets: &[],
    packages: &[(Program("clang"), "clang"), (Program("ld.lld"), "lld"), (Program("wasm2c"), "wabt"), (Program("gcc"), "gcc")],
};

/// What builds and boots the example firmwares, and a debugger that looks at them.
pub(crate) const FIRMWARE: Need = Need {
    rust_targets: &["wasm32-unknown-unknown"],
    packages: &[
        (Program("make"), "make"),
        (Program("clang"), "clang"),
        (Program("wasm-ld"), "lld"),
        (Program("qemu-system-aarch64"), "qemu-system-arm"),
        (Program("qemu-system-riscv64"), "qemu-system-misc"),
        (Program("gdb-multiarch"), "gdb-multiarch"),
    ],
};

/// What reads debug information for the tests, independently of us.
pub(crate) const DEBUG: Need = Need {
    rust_targets: &["wasm32-unknown-unknown"],
    packages: &[
        (Program("llvm-dwarfdump"), "llvm"),
        (Program("llvm-symbolizer"), "llvm"),
        (Program("clang"), "clang"),
        (Program("wasm-ld"), "lld"),
    ],
};

/// What the speaker hears and speaks with, and what its tests make speech and noise with.
pub(crate) const SPEAKER: Need = Need {
    rust_targets: &["wasm32-unknown-unknown"],
    packages: &[
        (File("/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"), "pocketsphinx-en-us"),
        (File("/usr/include/pocketsphinx/pocketsphinx.h"), "libpocketsphinx-dev"),
        (File("/usr/include/alsa/asoundlib.h"), "libasound2-dev"),
        (Program("pkg-config"), "pkg-config"),
        (Program("espeak-ng"), "espeak-ng"),
        (File("/usr/sbin/mosquitto"), "mosquitto"),
        (Program("sox"), "sox"),
        (Program("lame"), "lame"),
        (Program("pulseaudio"), "pulseaudio"),
        (Program("pactl"), "pulseaudio-utils"),
        (Program("strace"), "strace"),
        (Program("sphinx_jsgf2fsg"), "sphinxbase-utils"),
        (File("/var/lib/dpkg/info/python3-venv.list"), "python3-venv"),
        (Program("clang"), "clang"),
        (Program("wasm-ld"), "lld"),
        (Program("npm"), "npm"),
        (Program("make"), "make"),
    ],
};

/// What builds the speaker for 64-bit ARM, and runs it here.
pub(crate) const SPEAKER_AARCH64: Need = Need {
    rust_targets: &["aarch64-unknown-linux-gnu"],
    packages: &[
        (Program("aarch64-linux-gnu-gcc"), "gcc-aarch64-linux-gnu"),
        (File("/usr/aarch64-linux-gnu/include/stdint.h"), "libc6-dev-arm64-cross"),
        (Program("qemu-aarch64"), "qemu-user"),
    ],
};

/// All groups.
pub(crate) const EVERYTHING: [Need; 8] = [TARGETS, QEMU, C, GUESTS, BENCH, FIRMWARE, DEBUG, SPEAKER];
