//! The ear: hears again what the speaker answered.
//!
//! Its grammar has all answers of both sets with any number in each place of one, all jokes, and what is said when something
//! fails; so the right answer is one of very many, and a wrong number is heard as that.

use std::collections::BTreeSet;

use saggar_speech::{
    Audio, Heard, Moonshine, Noise, Paired, PocketSphinx, PocketSphinxSettings, RECOGNISER_HZ, Recogniser, mix, moonshine_folder,
    resample, to_i16,
};

use crate::RATE_HZ;
use crate::answer::{Answer, JOKES};
use crate::error::Result;
use crate::level::rms;
use crate::set::Set;

/// What is said when something fails or is not understood.
const FAILURES: [&str; 12] = [
    "i did not understand",
    "the <skill> skill failed",
    "the <skill> skill took too long",
    "that did not work",
    "i may not control that",
    "i could not get the weather",
    "i could not find <word>",
    "for how long",
    "for what time",
    "i do not know that unit",
    "there are too many timers already",
    "<word> is on the list already",
];
const RULES: &str = "
<ones> = one | two | three | four | five | six | seven | eight | nine;
<digit> = zero | oh | <ones>;
<teen> = ten | eleven | twelve | thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen;
<tens> = twenty | thirty | forty | fifty | sixty | seventy | eighty | ninety;
<hundredth> = zero | <ones> | <teen> | <tens> [<ones>];
<hundreds> = <ones> hundred [and <hundredth>];
<number> = [minus] (<hundredth> | [<ones> thousand] <hundreds>) [point (/8/ <digit> | /1/ <digit> <digit> | /1/ <digit> <digit> <digit>)];
<clock> = <hour> (oh <ones> | <teen> | <tens> [<ones>]);
<half> = in the (morning | afternoon | evening) | at night;
<hour> = <ones> | ten | eleven | twelve;
<time> = noon | midnight | (<hour> o'clock | <clock>) <half>;
<ordinal> = first | second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth | eleventh | twelfth | thirteenth | fourteenth
    | fifteenth | sixteenth | seventeenth | eighteenth | nineteenth | twentieth | thirtieth;
<weekday> = sunday | monday | tuesday | wednesday | thursday | friday | saturday;
<month> = january | february | march | april | may | june | july | august | september | october | november | december;
<date> = <weekday> <month> [twenty | thirty] <ordinal> [twenty (<teen> | <tens> [<ones>])];
<unit> = hour | hours | minute | minutes | second | seconds;
<duration> = <hundredth> <unit> [[and] <hundredth> <unit>] [[and] <hundredth> <unit>];
<word> = milk | eggs | bread | apples | butter | rice | cheese | jazz | blues | classical | music;
<items> = <word> [<word>] [<word>] [and <word>];
<skill> = timer | clock | conversion | music | weather | home | shopping | joke;
";

/// Hears answers.
#[derive(Debug)]
pub struct Ear {
    recogniser: Paired,
}

impl Ear {
    /// An ear that knows the answers of both sets. Takes a second.
    ///
    /// # Errors
    /// When a recogniser's model is missing or does not know a word.
    pub fn new() -> Result<Self> {
        let first = PocketSphinx::new(&PocketSphinxSettings::default())?;
        let mut recogniser = Paired::new(first, Moonshine::new(&moonshine_folder())?);
        recogniser.set_grammar("answers", &grammar()?)?;
        Ok(Self { recogniser })
    }

    /// Hears an answer, which is all that there is in these samples at 48 kHz, besides silence.
    ///
    /// # Errors
    /// Those of the recogniser.
    pub fn hear(&mut self, answer: &[f32]) -> Result<Heard> {
        let mut samples = resample(answer, RATE_HZ, RECOGNISER_HZ)?;
        // As loud as what the recogniser was tuned with, whatever the volume was set to; silence stays so.
        let level = rms(&samples);
        if level > SILENCE_RMS {
            samples.iter_mut().for_each(|sample| *sample *= HEARD_RMS / level);
        }
        // Whoever listens hears that nothing comes after it; the recogniser takes a sound at the very end for the next one's beginning.
        let samples = mix(&samples, QUIET, QUIET, None, &mut Noise::new(0));
        let audio = Audio { rate_hz: RECOGNISER_HZ, samples: to_i16(&samples) };
        // The first time it gets used to the voice, the second time counts.
        self.recogniser.hear(&audio)?;
        Ok(self.recogniser.hear(&audio)?)
    }

    /// Whether one of the templates was said, and what was heard.
    ///
    /// # Errors
    /// Those of the recogniser.
    pub fn check(&mut self, answer: &[f32], right: &[&str]) -> Result<(bool, String)> {
        let heard = self.hear(answer)?;
        let fits = right.iter().any(|template| Answer::new(template).is_heard(&heard.text));
        Ok((fits, heard.text))
    }
}

/// What is quieter was no answer: −80 dB.
const SILENCE_RMS: f32 = 1e-4;
/// Samples of silence before and after an answer: 0.3 seconds.
const QUIET: usize = 4_800;
/// The level that an answer is brought to.
const HEARD_RMS: f32 = 0.08;

fn grammar() -> Result<String> {
    let (work, report) = (Set::work()?, Set::report()?);
    let answers: BTreeSet<String> = work.answers().chain(report.answers()).map(|template| Answer::new(template).jsgf()).collect();
    let all: Vec<&str> = answers.iter().map(String::as_str).chain(FAILURES).collect();
    let jokes: Vec<&str> = JOKES.lines().collect();
    Ok(format!(
        "#JSGF V1.0;\ngrammar answers;\n{RULES}<joke> = {};\npublic <answer> = {};\n",
        jokes.join(" | "),
        all.join("\n  | ")
    ))
}
