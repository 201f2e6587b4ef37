//! What is heard and played: a user says the wake phrase and commands, in silence and in noise, while music plays and pauses in turn, whose
//! echo reaches the microphone as loud as the voice. All of it is made by `saggar-trials` and is the same every time.

use crate::chain::{FRAME, Failure, HEARD, Kind, run};
use crate::engine;
use saggar_dsp_contract::{Buffer, Module, REFUSED};
use saggar_dsp_wake::Wake;
use saggar_trials::{EchoPath, Music, Noise, Set, Talker, TrialError, VOICE_RMS};

/// How loud the music is: root of the mean square at full scale ±1.
const MUSIC_RMS: f32 = 0.1;
/// Which piece.
const MUSIC_SEED: u64 = 1;
/// Frames for which it plays, and then pauses: 20 seconds of the one, then as much of the other. The canceller works while it plays, and
/// the wake word, which hears less of the voice then, recognises its phrase while it pauses.
const SPELL: usize = 2_000;
/// Silence after a command, in samples: what is left of the ten seconds for an answer, since nobody answers here.
const AFTER: usize = 24_000;
/// Frames in a second.
const FRAMES_HZ: usize = 100;

/// Why there is no sound.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SoundError {
    /// The sets, or who speaks.
    #[error(transparent)]
    Trial(#[from] TrialError),
    /// What is played could not be computed.
    #[error("{0}")]
    Played(#[from] Failure),
    /// The wake word's module learns nothing from the recordings.
    #[error("the wake word's module refuses the recording of {0} ({1})")]
    Learn(String, i32),
}

/// Frame by frame.
pub(crate) struct Sound {
    /// What shall be played, before the equaliser.
    pub(crate) music: Vec<[f32; FRAME]>,
    /// What is heard meanwhile.
    pub(crate) microphone: Vec<[f32; FRAME]>,
    /// What the wake word has learnt from its user.
    pub(crate) learnt: Vec<u8>,
    /// How often the user says the wake phrase to its end.
    pub(crate) said: usize,
}

impl Sound {
    /// So many frames of it.
    ///
    /// # Errors
    /// When espeak-ng is missing.
    pub(crate) fn new(frames: usize) -> Result<Sound, SoundError> {
        let set = Set::work()?;
        let phrase = set.phrases.first().cloned().unwrap_or_default();
        let talker = Talker::in_turn(&set, 0);
        let learnt = learn(&talker.enrolment(&phrase)?).map_err(|code| SoundError::Learn(phrase.clone(), code))?;
        let mut music: Vec<[f32; FRAME]> =
            Music::new(MUSIC_SEED).samples(frames.div_ceil(FRAMES_HZ), MUSIC_RMS).as_chunks().0.to_vec();
        music.truncate(frames);
        for pause in music.chunks_mut(SPELL).skip(1).step_by(2) {
            pause.as_flattened_mut().fill(0.0);
        }
        let played = equalised(&music)?;
        let mut path = EchoPath::arriving_at(played.as_flattened(), VOICE_RMS);
        let mut microphone: Vec<[f32; FRAME]> = played.iter().map(|frame| path.echo(frame)).collect();
        let said = speak(&talker, &phrase, set.commands.len(), microphone.as_flattened_mut())?;
        Ok(Sound { music, microphone, learnt, said })
    }
}

/// Adds what the user says, one command after the other, every second one in noise.
fn speak(talker: &Talker<'_>, phrase: &str, commands: usize, mut microphone: &mut [f32]) -> Result<usize, SoundError> {
    let mut said = 0;
    for turn in 0.. {
        let noise = if turn % 2 == 0 { Noise::Clean } else { Noise::Pink(10.0) };
        let trial = talker.command(phrase, turn % commands.max(1), noise)?;
        let length = (trial.command.end + AFTER).min(trial.samples.len());
        for (sample, spoken) in microphone.iter_mut().zip(&trial.samples[..length]) {
            *sample = (*sample + spoken).clamp(-1.0, 1.0);
        }
        said += usize::from(trial.wake.is_some_and(|wake| wake.end + FRAME * 30 < microphone.len()));
        match microphone.get_mut(length..) {
            Some(rest) => microphone = rest,
            None => break,
        }
    }
    Ok(said)
}

/// What the loudspeaker plays of the music, by the native equaliser.
fn equalised(music: &[[f32; FRAME]]) -> Result<Vec<[f32; FRAME]>, Failure> {
    let failed = |problem| Failure::new(Kind::Equaliser, problem);
    let mut module = engine::native(Kind::Equaliser);
    Kind::Equaliser.start(module.as_mut(), &[]).map_err(failed)?;
    let mut played = vec![[0.0; FRAME]; music.len()];
    for (played, music) in played.iter_mut().zip(music) {
        run(module.as_mut(), 480, music, &[], played).map_err(failed)?;
    }
    Ok(played)
}

/// What the wake word makes of the recordings, which reach it through the chain as everything else does; or what it says instead.
fn learn(recordings: &[Vec<f32>]) -> Result<Vec<u8>, i32> {
    let mut wake = Box::new(Module::<Wake, 1, HEARD>::IDLE);
    if wake.start(16_000, 1, 160) != 0 {
        return Err(REFUSED);
    }
    let (mut resample, mut canceller) = (engine::native(Kind::Microphone), engine::native(Kind::Canceller));
    for recording in recordings {
        Kind::Microphone.start(resample.as_mut(), &[]).map_err(|_| REFUSED)?;
        Kind::Canceller.start(canceller.as_mut(), &[]).map_err(|_| REFUSED)?;
        let begun = wake.stage().begin();
        if begun != 0 {
            return Err(begun);
        }
        for frame in recording.as_chunks::<FRAME>().0 {
            let (mut narrow, mut clean) = ([0.0; HEARD], [0.0; HEARD]);
            run(resample.as_mut(), 480, frame, &[], &mut narrow).map_err(|_| REFUSED)?;
            run(canceller.as_mut(), 160, &narrow, &[0.0; HEARD], &mut clean).map_err(|_| REFUSED)?;
            if let Some(input) = wake.channel(Buffer::Input, 0) {
                *input = clean;
            }
            wake.process(160);
        }
        let ended = wake.stage().end();
        if ended < 1 {
            return Err(ended);
        }
    }
    let bank = wake.stage().bank();
    let words = bank.seal() / 2;
    Ok(bank.words()[..words].iter().flat_map(|word| word.to_le_bytes()).collect())
}
