//! The voices, in sets that share nobody. Committed before anything was tuned.
//!
//! espeak-ng's names: a language and a variant of the voice.

/// Voices of a factory's templates, which `saggar-dsp-check work factory` tries and no speaker has; in no other set, nor is their timbre.
pub const FACTORY: [&str; 8] = [
    "en-us+caleb",
    "en-gb+Jacky",
    "en-us+Andy",
    "en-gb-x-rp+Annie",
    "en-gb-scotland+m4",
    "en-us+linda",
    "en-us-nyc+Mario",
    "en-029+Mike",
];

/// Voices to tune on.
pub const WORK: [&str; 8] = [
    "en-us+m3",
    "en-gb+f4",
    "en-us+Alicia",
    "en-gb-scotland+Denis",
    "en-gb-x-rp+steph",
    "en-us-nyc+rob",
    "en-gb-x-gbcwmd+Michael",
    "en-029+belinda",
];

/// Voices only to report.
pub const REPORT: [&str; 8] = [
    "en-us+m7",
    "en-gb+f5",
    "en-us+Andrea",
    "en-us+Hugo",
    "en-gb-scotland+quincy",
    "en-gb-x-rp+Lee",
    "en-us-nyc+max",
    "en-gb+steph2",
];

/// Those who say something else while the WORK voices are enrolled, beside these themselves.
pub const WORK_TALKERS: [&str; 4] = ["en-us+paul", "en-gb+anika", "en-us+robert", "en-gb-x-rp+victor"];

/// Those who say something else while the REPORT voices are enrolled, beside these themselves.
pub const REPORT_TALKERS: [&str; 4] = ["en-us+john", "en-gb+aunty", "en-us+edward", "en-gb-scotland+shelby"];

/// Words a minute and pitch (0–99) of the five recordings of an enrolment.
pub const ENROLMENT: [(u16, u16); 5] = [(160, 50), (145, 45), (175, 55), (152, 58), (168, 42)];

/// Words a minute and pitch of what is tested: none is one of the enrolment.
pub const TESTED: [(u16, u16); 12] = [
    (140, 50),
    (148, 40),
    (150, 62),
    (156, 47),
    (158, 54),
    (163, 60),
    (165, 38),
    (170, 49),
    (172, 52),
    (178, 44),
    (184, 57),
    (190, 50),
];

/// What is said: every second time alone, else before a command.
pub const PHRASES: [&str; 2] = ["okay jarvis", "hey computer"];

/// Commands after the phrase.
pub const COMMANDS: [&str; 6] = [
    "set a timer for five minutes",
    "what is the weather like tomorrow",
    "turn off the kitchen lights",
    "play some music",
    "how many grams are in a pound",
    "add milk to my shopping list",
];
