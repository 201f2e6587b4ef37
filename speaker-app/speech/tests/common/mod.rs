//! What the tests share: voices, recordings, recognisers.

use saggar_speech::{
    Audio, Espeak, EspeakSettings, Noise, PocketSphinx, PocketSphinxSettings, RECOGNISER_HZ, Recogniser, Synthesiser, evaluate,
    mix, to_i16,
};

/// The sentence by a voice of the work set, at the recogniser's rate, with silence around it.
pub(crate) fn spoken(text: &str) -> Audio {
    let mut espeak = Espeak::new(EspeakSettings::default()).expect("default settings");
    let audio = espeak.speak(text).expect("espeak-ng is installed").at_rate(RECOGNISER_HZ).expect("a usual rate");
    let samples = mix(&audio.to_f32(), 3_200, 4_800, None, &mut Noise::new(0));
    Audio { rate_hz: RECOGNISER_HZ, samples: to_i16(&samples) }
}

/// A recogniser with Debian's model and no grammar.
pub(crate) fn bare() -> PocketSphinx {
    PocketSphinx::new(&PocketSphinxSettings::default()).expect("pocketsphinx-en-us is installed")
}

/// A recogniser of the evaluation's commands.
pub(crate) fn recogniser() -> PocketSphinx {
    let mut made = bare();
    made.set_grammar("commands", evaluate::GRAMMAR).expect("the committed grammar");
    made
}

/// Compiles only when its type may move to another thread.
pub(crate) fn is_send<T: Send>(_: &T) {}
