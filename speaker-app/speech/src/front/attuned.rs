//! A front end that is attuned to a room and to a voice in it: samples go in, cepstra that the acoustics know come out.

use super::likeness::{Likeness, Said};
use super::prior::Prior;
use super::room::Room;
use super::spectrum::{Spectra, Spectrum, spectra};
use super::voice::{Voice, learn};
use super::{Cepstra, room};
use crate::audio::FULL_SCALE;
use crate::noise::Noise;
use crate::recognise::RECOGNISER_HZ;
use crate::resample::{active_rms, rms};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Noise put under everything, below the voice by this factor: 15 dB. The acoustics were trained on recordings with noise in them; rooms of
/// digital silence, which only files and muted inputs have, and very quiet ones fit worse (work set, clean, three voices, every second command,
/// without refusal: 20 of 45 right without it, 42 at 20 dB, 44 at 15 dB).
const COMFORT: f32 = 0.178;
/// Of that, what is put under loud noise as well: 5 dB less.
const LEAST_COMFORT: f32 = 0.562;
/// Root mean square of the voice, in steps of 16 bits, where nobody has told it: −26 dB.
const USUAL_VOICE: f32 = 1_638.0;
/// Samples over which a voice's level is measured: 20 ms.
const LEVEL_SAMPLES: usize = RECOGNISER_HZ as usize / 50;
/// Of a whole recording, so many of its quietest frames are noise: one of eight.
const QUIET: usize = 8;

/// Says how well what a room makes of a voice's frames fits: more is better; `None` where it does not fit at all.
pub(crate) type Fits<'a> = &'a mut dyn FnMut(&[Spectrum], &mut Room) -> Option<f32>;

/// What is known of room and voice, and the utterance that is heard with it.
pub(crate) struct Attuned {
    prior: Arc<Prior>,
    spectra: Spectra,
    room: Option<Room>,
    /// The voice that was heard last.
    voice: Option<Voice>,
    likeness: Likeness,
    comfort: Noise,
    /// Root mean square of the noise put under everything, in steps of 16 bits.
    comfort_rms: f32,
    /// What the room's taking away has made of the utterance, frame by frame.
    cleaned: Vec<Cepstra>,
    /// Frames of the utterance, where no room is known yet: it is learnt from them all.
    pending: Vec<Spectrum>,
    shares: Vec<f32>,
}

impl Attuned {
    /// Knows nothing but how clean speech is distributed.
    pub(crate) fn new(prior: Prior) -> Attuned {
        let prior = Arc::new(prior);
        Attuned {
            likeness: Likeness::new(prior.clone()),
            prior,
            spectra: Spectra::new(),
            room: None,
            voice: None,
            comfort: Noise::settled(1),
            comfort_rms: USUAL_VOICE * COMFORT,
            cleaned: Vec::new(),
            pending: Vec::new(),
            shares: Vec::new(),
        }
    }

    /// Learns the room from its noise and from a voice in it, at full scale ±1. Without `fits` the likelihood decides whose voice it is. Where
    /// there is too little to learn from, nothing changes.
    pub(crate) fn attune(&mut self, noise: &[f32], voice: &[f32], fits: Option<Fits<'_>>) {
        // What noise there is counts for the comfort, but may stop.
        let wanted = active_rms(voice, LEVEL_SAMPLES) * COMFORT;
        let rms = FULL_SCALE * (wanted.powi(2) - rms(noise).powi(2)).max(0.0).sqrt().max(wanted * LEAST_COMFORT);
        let (noise, voice) = (self.spectra_of(noise, rms), self.spectra_of(voice, rms));
        let learnt = match fits {
            Some(fits) => learn(&self.prior, &noise, &voice, self.voice, Some(&mut |room: &mut Room| fits(&voice, room))),
            None => learn(&self.prior, &noise, &voice, None, None),
        };
        if let Some((room, voice)) = learnt {
            if self.voice.is_some_and(|before| !voice.is_like(&before)) {
                self.likeness.forget();
            }
            (self.room, self.voice, self.comfort_rms) = (Some(room), Some(voice), rms);
        }
    }

    /// The room's noise is this from now on, at full scale ±1; too little of it changes nothing.
    pub(crate) fn quieten(&mut self, noise: &[f32]) {
        let noise = self.spectra_of(noise, self.comfort_rms);
        if let Some(room) = &mut self.room {
            room.quieten(&noise);
        }
    }

    /// Whether it knows a room and a voice.
    pub(crate) fn is_attuned(&self) -> bool {
        self.room.is_some()
    }

    /// Begins an utterance.
    pub(crate) fn begin(&mut self) {
        self.spectra.reset();
        self.cleaned.clear();
        self.pending.clear();
    }

    /// What is heard of more samples, frame by frame. Where no room is known, that is nothing before [`Attuned::rest`].
    pub(crate) fn hear(&mut self, samples: &[i16]) -> Vec<Cepstra> {
        let mut found = Vec::with_capacity(samples.len() / 160 + 1);
        let (comfort, rms) = (&mut self.comfort, self.comfort_rms);
        let samples = samples.iter().map(|&sample| f32::from(sample) + comfort.pink_of_level_1() * rms);
        self.spectra.feed(samples, |spectrum| found.push(spectrum));
        if self.room.is_none() {
            self.pending.extend(found);
            return Vec::new();
        }
        self.clean(&found)
    }

    /// What is left at the end of an utterance: all of it where no room was known; it is learnt from the utterance, and forgotten.
    pub(crate) fn rest(&mut self) -> Vec<Cepstra> {
        let pending = std::mem::take(&mut self.pending);
        if pending.is_empty() {
            return Vec::new();
        }
        let mut by_power: Vec<&Spectrum> = pending.iter().collect();
        by_power.sort_by(|a, b| room::power(a).total_cmp(&room::power(b)));
        let quiet: Vec<Spectrum> = by_power[..pending.len() / QUIET].iter().map(|spectrum| **spectrum).collect();
        self.room = learn(&self.prior, &quiet, &pending, None, None).map(|(room, _)| room);
        let heard = self.clean(&pending);
        self.room = None;
        heard
    }

    /// Learns the voice from words of the utterance that were surely said: their frames, and their phones with spaces between.
    pub(crate) fn learn(&mut self, words: &[(RangeInclusive<usize>, String)]) {
        let said = words.iter().filter_map(|(frames, phones)| {
            Some(Said { frames: self.cleaned.get(frames.clone())?, phones: phones.split_whitespace().collect() })
        });
        self.likeness.learn(&said.collect::<Vec<_>>());
    }

    fn clean(&mut self, frames: &[Spectrum]) -> Vec<Cepstra> {
        let Some(room) = &mut self.room else { return Vec::new() };
        let first = self.cleaned.len();
        self.cleaned.extend(frames.iter().map(|spectrum| room.clean(spectrum, &mut self.shares)));
        self.cleaned[first..].iter().map(|cepstra| self.likeness.apply(cepstra)).collect()
    }

    /// Spectra of samples at full scale ±1, with so much noise under them.
    fn spectra_of(&mut self, samples: &[f32], comfort_rms: f32) -> Vec<Spectrum> {
        let comfort = &mut self.comfort;
        spectra(samples.iter().map(|&sample| sample * FULL_SCALE + comfort.pink_of_level_1() * comfort_rms))
    }
}
