//! Memory stays flat. A program of its own: other tests' memory would be counted too.

mod common;

use common::{bare, is_send, recogniser, spoken};
use saggar_speech::{PocketSphinx, PocketSphinxSettings, Recogniser, evaluate};

/// Resident memory of this process, in bytes, pages being 4 KiB.
fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages: u64 = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("statm has a second number");
    pages * 4_096
}

/// Runs the step until warm, then so many times, and demands less growth than `limit_bytes`.
fn stays_flat(what: &str, times: u32, limit_bytes: u64, mut step: impl FnMut()) {
    (0..times / 4).for_each(|_| step());
    let before = resident_bytes();
    (0..times).for_each(|_| step());
    let growth = resident_bytes().saturating_sub(before);
    println!("{what}: {growth} bytes more after {times}");
    assert!(growth < limit_bytes, "{what}: {growth} bytes more after {times}");
}

#[test]
fn memory_is_flat() {
    let mut recogniser = recogniser();
    is_send(&recogniser);
    let audio = spoken("volume up");
    stays_flat("utterances", 200, 1 << 20, || {
        assert_eq!(recogniser.hear(&audio).expect("hears").text, "volume up");
    });
    stays_flat("grammars", 100, 1 << 20, || {
        recogniser.set_grammar("commands", evaluate::GRAMMAR).expect("valid");
        recogniser.set_grammar("bad", "#JSGF V1.0; grammar g; public <a> = zzyzxq;").expect_err("unknown word");
    });
    stays_flat("cancelled", 100, 1 << 20, || {
        recogniser.begin().expect("has a grammar");
        recogniser.feed(&audio.samples[..4_000]).expect("open");
        recogniser.cancel();
    });
    stays_flat("dropped within an utterance", 16, 4 << 20, || {
        let mut recogniser = bare();
        recogniser.set_grammar("small", "#JSGF V1.0; grammar s; public <it> = thank you;").expect("valid");
        recogniser.begin().expect("has a grammar");
        recogniser.feed(&audio.samples[..4_000]).expect("open");
    });
    // A model whose acoustics end early: what was built until then must be freed.
    let folder = std::env::temp_dir().join(format!("saggar-speech-memory-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("en-us")).expect("a temporary folder");
    let real = PocketSphinxSettings::default().model_folder;
    for part in ["cmudict-en-us.dict", "en-us-phone.lm.bin"] {
        std::os::unix::fs::symlink(real.join(part), folder.join(part)).expect("a link");
    }
    for part in ["mdef", "means", "variances", "transition_matrices", "feat.params", "sendump", "noisedict"] {
        let mut bytes = std::fs::read(real.join("en-us").join(part)).expect("Debian's model");
        bytes.truncate(if part == "means" { 1_000 } else { usize::MAX });
        std::fs::write(folder.join("en-us").join(part), bytes).expect("a file");
    }
    let settings = PocketSphinxSettings { model_folder: folder.clone(), ..PocketSphinxSettings::default() };
    stays_flat("failed constructions", 16, 4 << 20, || {
        PocketSphinx::new(&settings).expect_err("a broken model");
    });
    // The phone model is refused before anything is built.
    std::fs::remove_file(folder.join("en-us-phone.lm.bin")).expect("our own link");
    std::fs::write(folder.join("en-us-phone.lm.bin"), "no language model").expect("a file");
    PocketSphinx::new(&settings).expect_err("a broken phone model");
    std::fs::remove_dir_all(folder).expect("the temporary folder");
}
