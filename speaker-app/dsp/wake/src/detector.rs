//! The stage: front end, matching of all templates, and the decision.
//!
//! A frame costs about 25,000 operations for the spectrum and, while somebody speaks, 90 for each frame of each
//! template: 40,000 for five phrases of a second.

use saggar_dsp_contract::{Audio, Stage};

use crate::bank::{Bank, TEMPLATES};
use crate::dtw::{self, Cell, LONGEST, NONE};
use crate::enrolment::Enrolment;
use crate::features::{Features, HOP, WIDTH};

/// `dsp_process`: the wake word was recognised in this frame.
pub const DETECTED: i32 = 1;
/// `dsp_process`: the frame (of 20 ms ago) is loud enough to be speech.
pub const SPEECH: i32 = 2;
/// `dsp_process`: a recording is running.
pub const RECORDING: i32 = 4;
/// `dsp_process`: the score, times 32,767, is from this bit upwards.
pub const SCORE_SHIFT: u32 = 16;

/// Frames for which a template's best match counts, so that templates that end at different times meet: 150 ms.
const HOLD_FRAMES: u8 = 15;
/// Frames without speech after which nothing is matched any more: 300 ms.
const PATIENCE_FRAMES: u8 = 30;
/// So much above the threshold a phrase is recognised at once, that is, while its end is still being said.
const SURELY: f32 = 0.04;
/// Frames in a row for which a score below that must last: 100 ms. A phrase on its way to a higher score has it by then, and is recognised at
/// the same time as ever: whoever learns from the phrase counts on that.
const HESITANT_FRAMES: u16 = 10;
/// The distance whose score is a half.
const REFERENCE: f32 = 2.0;

#[derive(Clone, Copy, Debug)]
struct Settings {
    threshold: f32,
    min_frames: u16,
    refractory_frames: u16,
    /// How many of the best templates are averaged.
    best: usize,
    band_frames: u16,
}

// The threshold: in pink noise at 10 dB two voices of the working set's ten score 0.46 to 0.51, all others above 0.55; of other speech, four users
// and 2.8 hours give one alarm of one phrase and three of the other.
const DEFAULTS: Settings = Settings { threshold: 0.47, min_frames: 2, refractory_frames: 100, best: 2, band_frames: 30 };

/// The wake word's detector.
#[derive(Debug)]
pub struct Wake {
    features: Features,
    bank: Bank,
    enrolment: Enrolment,
    columns: [[Cell; LONGEST]; TEMPLATES],
    /// Best recent match of each template, and its age in frames.
    held: [(f32, u8); TEMPLATES],
    settings: Settings,
    /// Frames since speech.
    quiet: u8,
    /// Frames in a row above the threshold, and surely so.
    above: u16,
    surely: u16,
    /// Frames until the next detection is allowed.
    refractory: u16,
    /// Average distance to the best templates; infinite where nothing matches.
    distance: f32,
}

impl Wake {
    /// Starts a recording; nothing is detected until it ends. 0, or [`crate::enrolment::FULL`].
    pub fn begin(&mut self) -> i32 {
        self.reset();
        self.enrolment.begin(&mut self.bank)
    }

    /// Ends a recording: how many templates there are now, or a negative number (see [`crate::enrolment`]).
    pub fn end(&mut self) -> i32 {
        let outcome = self.enrolment.end(&mut self.bank);
        self.reset();
        outcome
    }

    /// The enrolled recordings, to look at and to save.
    pub fn bank(&mut self) -> &mut Bank {
        &mut self.bank
    }

    /// Takes the recordings that were written into the bank (see [`Bank::restore`]).
    pub fn restore(&mut self, bytes: usize) -> i32 {
        let outcome = self.bank.restore(bytes);
        self.reset();
        outcome
    }

    /// Forgets the recordings.
    pub fn clear(&mut self) {
        self.bank.clear();
        self.reset();
    }

    /// 0 (nothing like it) to 1 (the very same).
    pub fn score(&self) -> f32 {
        REFERENCE / (REFERENCE + self.distance)
    }

    /// Moves every template's column on, and averages the best.
    fn matching(&mut self, heard: &[f32; WIDTH]) -> f32 {
        let mut nearest = [f32::INFINITY; TEMPLATES];
        let band = self.settings.band_frames;
        let mut matched = 0;
        for ((template, column), held) in self.bank.iter().zip(&mut self.columns).zip(&mut self.held) {
            let now = dtw::step(&mut column[..template.len()], template, heard, band);
            *held = if now <= held.0 || held.1 >= HOLD_FRAMES { (now, 0) } else { (held.0, held.1 + 1) };
            nearest[matched] = held.0;
            matched += 1;
        }
        nearest[..matched].sort_unstable_by(f32::total_cmp);
        let best = self.settings.best.min(matched);
        if best == 0 { f32::INFINITY } else { nearest[..best].iter().sum::<f32>() / best as f32 }
    }

    fn forget_matches(&mut self) {
        for column in &mut self.columns {
            column.fill(NONE);
        }
        self.held = [(f32::INFINITY, 0); TEMPLATES];
        self.distance = f32::INFINITY;
        (self.above, self.surely) = (0, 0);
    }

    /// Above the threshold for as many frames as asked, and not again at once.
    fn decide(&mut self) -> bool {
        self.refractory = self.refractory.saturating_sub(1);
        let over = self.score() - self.settings.threshold;
        self.above = if over >= 0.0 { self.above.saturating_add(1) } else { 0 };
        self.surely = if over >= SURELY { self.surely.saturating_add(1) } else { 0 };
        let lasts = self.surely >= self.settings.min_frames || self.above >= self.settings.min_frames.max(HESITANT_FRAMES);
        let detected = lasts && self.refractory == 0 && self.bank.count() > 0;
        if detected {
            self.refractory = self.settings.refractory_frames;
        }
        detected
    }
}

impl Stage<1, HOP> for Wake {
    /// All zero, so that it takes no room in the module's file; [`Stage::start`] writes what is not.
    const IDLE: Wake = Wake {
        features: Features::IDLE,
        bank: Bank::EMPTY,
        enrolment: Enrolment::IDLE,
        columns: [[Cell { cost: 0.0, frames: 0 }; LONGEST]; TEMPLATES],
        held: [(0.0, 0); TEMPLATES],
        settings: Settings { threshold: 0.0, min_frames: 0, refractory_frames: 0, best: 0, band_frames: 0 },
        quiet: 0,
        above: 0,
        surely: 0,
        refractory: 0,
        distance: 0.0,
    };

    fn start(&mut self, rate_hz: u32, channels: usize, frame: usize) -> bool {
        let known = rate_hz == 16_000 && channels == 1 && frame == HOP;
        if known {
            self.settings = DEFAULTS;
            self.features.plan();
            self.clear();
        }
        known
    }

    #[expect(clippy::cast_possible_truncation, reason = "the score is in 0..=1")]
    fn process(&mut self, audio: Audio<'_, 1, HOP>) -> i32 {
        audio.output[0] = audio.input[0];
        let frame = self.features.push(&audio.input[0]);
        let speech = if frame.speech { SPEECH } else { 0 };
        if self.enrolment.is_running() {
            self.enrolment.push(&frame, &mut self.bank);
            return speech | RECORDING;
        }
        self.quiet = if frame.speech { 0 } else { self.quiet.saturating_add(1) };
        if self.quiet < PATIENCE_FRAMES {
            self.distance = self.matching(&frame.vector);
        } else if self.quiet == PATIENCE_FRAMES {
            self.forget_matches();
        }
        let detected = if self.decide() { DETECTED } else { 0 };
        detected | speech | ((self.score() * 32_767.0) as i32) << SCORE_SHIFT
    }

    fn reset(&mut self) {
        self.features.reset();
        self.enrolment = Enrolment::IDLE;
        self.forget_matches();
        self.quiet = PATIENCE_FRAMES;
        self.refractory = 0;
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    fn set_parameter(&mut self, id: u32, value: f32) {
        let settings = &mut self.settings;
        match id {
            0 => settings.threshold = value.clamp(0.0, 1.0),
            1 => settings.min_frames = value.clamp(1.0, 50.0) as u16,
            2 => settings.refractory_frames = value.clamp(0.0, 1_000.0) as u16,
            3 => settings.best = value.clamp(1.0, TEMPLATES as f32) as usize,
            4 => settings.band_frames = value.clamp(1.0, 100.0) as u16,
            _ => {}
        }
    }
}
