//! What is left of an echo, alone and under a voice.

use saggar_dsp_canceller::FRAME;
use saggar_dsp_canceller::filter::Filter;

/// Noise within ±1 (Numerical Recipes' congruence).
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / 8_388_608.0 - 1.0
    }
}

/// Power of the last of so many seconds: what is heard, and what is left of it, of an echo under a voice of a level. Before them the music
/// plays for `unheard` seconds without an echo, as with headphones.
fn left(unheard: usize, seconds: usize, voice: f32) -> (f32, f32) {
    let mut filter = Box::new(Filter::IDLE);
    filter.reset();
    let (mut music, mut speech, mut room) = (Noise(1), Noise(2), Noise(3));
    // After 62.5 ms, for 50 ms.
    let taps: Vec<f32> = (0..800).map(|tap| room.next() * 0.2 * (-(tap as f32) / 200.0).exp()).collect();
    let mut played = vec![0.0_f32; 1_800];
    let (mut echo_power, mut left_power) = (0.0, 0.0);
    for frame in 0..unheard * 100 {
        let new: [f32; FRAME] = std::array::from_fn(|_| music.next() * 0.1);
        played.extend(new);
        let loud = if frame % 100 < 50 { voice } else { 0.0 };
        filter.cancel(&std::array::from_fn(|_| speech.next() * loud), &new);
    }
    for frame in 0..seconds * 100 {
        let new: [f32; FRAME] = std::array::from_fn(|_| music.next() * 0.1);
        played.extend(new);
        let begin = played.len() - FRAME;
        let echo: [f32; FRAME] = std::array::from_fn(|at| (0..800).map(|tap| taps[tap] * played[begin + at - 1_000 - tap]).sum());
        // It speaks for half a second, and rests for half a second.
        let loud = if frame % 100 < 50 { voice } else { 0.0 };
        let said: [f32; FRAME] = std::array::from_fn(|_| speech.next() * loud);
        let heard = std::array::from_fn(|at| echo[at] + said[at]);
        let rest = filter.cancel(&heard, &new);
        if frame >= (seconds - 1) * 100 {
            echo_power += echo.iter().map(|sample| sample * sample).sum::<f32>();
            left_power += rest.iter().zip(said).map(|(rest, said)| (rest - said).powi(2)).sum::<f32>();
        }
    }
    (echo_power, left_power)
}

fn decibels((echo, left): (f32, f32)) -> f32 {
    10.0 * (echo / left).log10()
}

#[test]
fn an_echo_goes_within_two_seconds() {
    let down = decibels(left(0, 3, 0.0));
    assert!(down > 30.0, "{down} dB");
}

#[test]
fn it_goes_under_a_voice_as_loud_as_itself() {
    // The echo's level is about 0.1 · 0.2 · √(200 / 2 / 3 / 3) ≈ 0.07, in peaks of even noise.
    let down = decibels(left(0, 6, 0.07));
    assert!(down > 18.0, "{down} dB");
}

#[test]
fn an_echo_that_comes_late_goes_too() {
    for voice in [0.0, 0.07] {
        let down = decibels(left(30, 6, voice));
        assert!(down > 18.0, "{down} dB under {voice}");
    }
}
