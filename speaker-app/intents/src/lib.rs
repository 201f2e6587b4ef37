//! Sentences and what they mean: Home Assistant's sentence templates (hassil's YAML), parsed once, used twice.
//!
//! ```text
//! YAML ─► Builder ─► Intents ─┬─► recognise(text) ─► Match { intent, slots }     the matcher
//!                             └─► jsgf(…)         ─► Grammar { text, warnings }  what the recogniser listens for
//! ```
//!
//! ```
//! let intents = saggar_intents::Intents::from_yaml("light.yaml", r#"
//! language: en
//! intents:
//!   HassLightSet:
//!     data:
//!       - sentences: ["set [the] {name} [light[s]] to {brightness}[%| percent]"]
//! lists:
//!   name: {values: [kitchen, living room]}
//!   brightness: {range: {from: 0, to: 100}}
//! "#)?;
//! let found = intents.recognise("Set the living-room lights to twenty-five percent, please").is_none();
//! assert!(found, "`please` is no skip word here");
//! let found = intents.recognise("Set the living-room light to 25%").ok_or("not understood")?;
//! assert_eq!(found.intent, "HassLightSet");
//! assert_eq!(found.slot("brightness").and_then(|value| value.as_integer()), Some(25));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What hassil would match is matched, with the same slots; beyond it plurals, articles and number words are folded (see
//! [`Intents::recognise`]). Context (`requires_context`) and fractions are refused, with an error that says so.
//! The product's own sentences are [`ENGLISH`].

#![forbid(unsafe_code)]

mod articles;
mod best;
mod builder;
mod compile;
mod dictionary;
mod error;
mod expected;
mod glue;
mod grammar;
mod lists;
mod matcher;
mod model;
mod numbers;
mod range;
mod template;
mod value;
mod words;
mod yaml;

pub use builder::Builder;
pub use dictionary::Dictionary;
pub use error::{Error, ErrorKind};
pub use expected::There;
pub use grammar::{Grammar, Warning, jsgf};
pub use matcher::Match;
pub use model::Intents;
pub use value::Value;

/// The product's sentences in English, a file a skill: name and text. Names of devices and rooms are examples;
/// [`Builder::list`] adds those of a home.
pub const ENGLISH: [(&str, &str); 9] = [
    ("common.yaml", include_str!("../locale/en/common.yaml")),
    ("timer.yaml", include_str!("../locale/en/timer.yaml")),
    ("clock.yaml", include_str!("../locale/en/clock.yaml")),
    ("units.yaml", include_str!("../locale/en/units.yaml")),
    ("media.yaml", include_str!("../locale/en/media.yaml")),
    ("weather.yaml", include_str!("../locale/en/weather.yaml")),
    ("home.yaml", include_str!("../locale/en/home.yaml")),
    ("shopping.yaml", include_str!("../locale/en/shopping.yaml")),
    ("general.yaml", include_str!("../locale/en/general.yaml")),
];

/// The sentences in English that only mean something after a question, beside the commands: "five minutes", "the pizza timer".
/// They use rules and lists of [`ENGLISH`].
pub const ENGLISH_ANSWERS: (&str, &str) = ("answers.yaml", include_str!("../locale/en/answers.yaml"));
