//! The playback side: equaliser and volume, and what is heard when that module fails.
//!
//! Bypass means the input times the volume. So that nobody hears the change, the step at the seam fades out within 5 ms on the
//! way into the bypass, and the way back is a crossfade of one frame.

use super::chain::FRAME;
use super::module::{Module, module};
use super::repair::{Repair, Workshop};
use super::stage::{Bypass, Recipe, Stage};
use crate::config::Playback as Config;

module!(equaliser::Equaliser);

/// What a frame may use when nothing is said: some ten times the most that was seen.
const FUEL: u64 = 1_500_000;
/// Samples in which a step fades out: 5 ms.
const SEAM: usize = 240;
/// The equaliser's parameter for the volume, in dB.
const VOLUME: usize = 0;
/// From here downwards nothing is heard.
const SILENT_DB: f32 = -80.0;

/// The playback side.
pub struct Playback {
    /// The equaliser.
    pub stage: Stage,
    seam: Seam,
    #[cfg(feature = "faults")]
    trouble: super::trouble::Trouble,
}

/// How the output goes on where the stage's own ends. Apart from the stage, so that a check can do the same with another one.
#[derive(Clone, Debug)]
pub struct Seam {
    /// The volume as a factor.
    pub gain: f32,
    /// Last sample of the input, and of the output.
    last: (f32, f32),
    bypassed: bool,
}

impl Default for Seam {
    fn default() -> Seam {
        Seam { gain: 1.0, last: (0.0, 0.0), bypassed: false }
    }
}

impl Seam {
    /// The frame as it is heard, from the stage's output, if it gave one.
    pub fn join(&mut self, input: &[f32; FRAME], processed: Option<&[f32; FRAME]>, output: &mut [f32; FRAME]) {
        let gain = self.gain;
        match processed {
            Some(processed) if !self.bypassed => *output = *processed,
            Some(processed) => {
                for (n, sample) in output.iter_mut().enumerate() {
                    *sample = input[n] * gain + (processed[n] - input[n] * gain) * ramp(n, FRAME);
                }
            }
            None => {
                let step = if self.bypassed { 0.0 } else { self.last.1 - self.last.0 * gain };
                for (n, sample) in output.iter_mut().enumerate() {
                    let left = if n < SEAM { step * (1.0 - ramp(n, SEAM)) } else { 0.0 };
                    *sample = (input[n] * gain + left).clamp(-1.0, 1.0);
                }
            }
        }
        self.bypassed = processed.is_none();
        self.last = (input[FRAME - 1], output[FRAME - 1]);
    }
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn ramp(n: usize, of: usize) -> f32 {
    (n + 1) as f32 / of as f32
}

/// The volume as a factor.
#[must_use]
pub fn gain_of(volume_db: f32) -> f32 {
    if volume_db <= SILENT_DB { 0.0 } else { 10f32.powf(volume_db / 20.0) }
}

impl Playback {
    /// Takes and starts the module.
    ///
    /// # Errors
    /// When it was taken before, or does not start.
    pub fn take(config: &Config, workshop: Option<&mut Workshop>) -> Result<Playback, super::chain::ChainError> {
        use super::chain::ChainError;
        let settings = &config.equaliser;
        let recipe = Recipe {
            name: "equaliser",
            rate_hz: 48_000,
            frame: 480,
            parameters: settings.parameters(),
            state: Vec::new(),
            fuel: settings.fuel.unwrap_or(FUEL),
        };
        let module: Box<dyn Module> = Box::new(equaliser::Equaliser::take().ok_or(ChainError::Taken("equaliser"))?);
        let repair = match workshop {
            Some(workshop) => workshop.bench(recipe.clone()),
            None => Repair::AtOnce(None),
        };
        let stage = Stage::new(module, recipe, FRAME, Bypass::Copy(0), repair);
        let stage = stage.map_err(|failure| ChainError::Start("equaliser", failure))?;
        let mut playback = Playback {
            stage,
            seam: Seam::default(),
            #[cfg(feature = "faults")]
            trouble: super::trouble::Trouble::NONE,
        };
        playback.set_volume(config.volume_db);
        Ok(playback)
    }

    /// Sets the volume in dB: −80, which is silence, to 12.
    pub fn set_volume(&mut self, volume_db: f32) {
        self.seam.gain = gain_of(volume_db);
        self.stage.set_parameter(VOLUME, volume_db);
    }

    /// Processes a frame.
    pub fn process(&mut self, input: &[f32; FRAME], output: &mut [f32; FRAME]) {
        #[cfg(feature = "faults")]
        self.trouble.plant(std::iter::once(&mut self.stage));
        let mut processed = [0.0; FRAME];
        let (_, ran) = self.stage.process(input, &[], &mut processed);
        self.seam.join(input, ran.then_some(&processed), output);
    }
}

#[cfg(test)]
mod tests {
    use super::{FRAME, SEAM, Seam};

    #[test]
    fn no_step_on_the_way_in_or_back() {
        let input = [0.5; FRAME];
        let (mut seam, mut output) = (Seam::default(), [0.0; FRAME]);
        seam.gain = 0.5;
        let loud = [0.9; FRAME];
        seam.join(&input, Some(&loud), &mut output);
        assert_eq!(output, loud);
        let mut last = output[FRAME - 1];
        let mut smooth = |output: &[f32; FRAME]| {
            for sample in output {
                assert!((sample - last).abs() < 0.004, "{last} {sample}");
                last = *sample;
            }
        };
        seam.join(&input, None, &mut output);
        smooth(&output);
        assert!(output[SEAM..].iter().all(|sample| (sample - 0.25).abs() < 1e-6));
        seam.join(&input, None, &mut output);
        smooth(&output);
        seam.join(&input, Some(&loud), &mut output);
        smooth(&output);
        seam.join(&input, Some(&loud), &mut output);
        assert_eq!(output, loud);
    }
}
