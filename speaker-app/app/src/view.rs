//! What a person sees while it runs: a few lines that renew themselves on a terminal, else a line for each event.

use crate::event::{Event, Happening, State};
use crate::live::{Figures, Live};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Lines of what happened that stay in view.
const LINES: usize = 8;
/// How often the view is renewed.
const EVERY: Duration = Duration::from_millis(200);

/// An event as a line, nothing for what only programs want to know.
#[must_use]
pub fn line(event: &Event) -> Option<String> {
    let text = match &event.what {
        Happening::Woken { score } => format!("woken      (score {score:.2})"),
        Happening::Recognised { text, confidence, foreign: true } => {
            format!("heard      nothing it knows (nearest: `{text}`, {confidence:.2})")
        }
        Happening::Recognised { text, confidence, .. } if !text.is_empty() => format!("heard      `{text}` ({confidence:.2})"),
        Happening::Understood { intent, slots, skill } => {
            let slots: Vec<String> = slots.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let skill = if skill.is_empty() { "itself" } else { skill };
            format!("means      {intent} {} → {skill}", slots.join(" "))
        }
        Happening::Says { text } => format!("says       {text}"),
        Happening::Sounds { after_ms } => format!("answered   {after_ms:.0} ms after the end of speech was decided"),
        Happening::Log { skill, line } => format!("{skill}: {line}"),
        Happening::SkillFailed { skill, why } => format!("FAILED     the {skill} skill: {why}; it is started anew"),
        Happening::Bypassed { stage, frames, why } => {
            format!("BYPASSED   the stage {stage}, {frames} frames: {why}; it is started anew")
        }
        Happening::Rings { skill } => format!("rings      ({skill})"),
        Happening::Devices { microphone, loudspeaker } => {
            let name = |device: &Option<String>| device.clone().unwrap_or_else(|| "none".to_owned());
            format!("devices    microphone: {}, loudspeaker: {}", name(microphone), name(loudspeaker))
        }
        Happening::Muted { muted: true } => "muted      `m` and Enter lets it hear again".to_owned(),
        Happening::Muted { muted: false } => "hears again".to_owned(),
        Happening::Ends(summary) => format!(
            "ends       {} frames, {:.0} µs each, longest {:.0} µs, {} ms behind; {} bypassed, {} allocations in audio threads",
            summary.frames, summary.p50_us, summary.longest_us, summary.latency_ms, summary.bypassed, summary.allocations
        ),
        Happening::Problem { text } => format!("PROBLEM    {text}"),
        Happening::Recognised { .. } | Happening::State { .. } | Happening::EndOfSpeech { .. } => return None,
    };
    Some(format!("{:>7.2} s  {text}", seconds(event.at_ms)))
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1e3
}

/// The view on a terminal.
#[derive(Debug)]
pub struct View {
    lines: VecDeque<String>,
    drawn: usize,
    when: Instant,
}

impl Default for View {
    fn default() -> View {
        View { lines: VecDeque::new(), drawn: 0, when: Instant::now() }
    }
}

impl View {
    /// Remembers an event.
    pub fn add(&mut self, event: &Event) {
        if let Some(line) = line(event) {
            if self.lines.len() == LINES {
                self.lines.pop_front();
            }
            self.lines.push_back(line);
        }
    }

    /// The text that renews the view, when it is time.
    pub fn renew(&mut self, live: &Live) -> Option<String> {
        if self.when.elapsed() < EVERY && self.drawn > 0 {
            return None;
        }
        self.when = Instant::now();
        let mut lines = vec![status(live)];
        let [hearing, playing] = live.figures();
        lines.push(figures("hearing", hearing, true));
        lines.push(figures("playing", playing, false));
        lines.push(skills(live));
        lines.extend(self.lines.iter().cloned());
        // Lines that are longer than the terminal is wide are cut, so that the count of lines stays right.
        let mut text = "\x1b[?7l".to_owned();
        if self.drawn > 0 {
            // Back to the first line of what was drawn.
            let _ = write!(text, "\x1b[{}A", self.drawn);
        }
        for line in &lines {
            let _ = writeln!(text, "\r\x1b[2K{line}");
        }
        text += "\x1b[?7h";
        self.drawn = lines.len();
        Some(text)
    }
}

fn status(live: &Live) -> String {
    let state = match live.dialog.state() {
        State::Idle if live.is_muted() => "MUTED    ",
        State::Idle => "idle     ",
        State::Listening => "LISTENING",
        State::Thinking => "THINKING ",
        State::Speaking => "SPEAKING ",
    };
    let level = (live.last.level.max(1e-5).log10() * 20.0 + 60.0).clamp(0.0, 60.0);
    let bar = bar(level / 60.0, 20);
    let music = if live.dialog.world.music.is_playing() { "♪" } else { " " };
    format!("● {state} {music} level {bar} {:>4.0} dB  wake {:.2}", level - 60.0, live.last.score)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a few characters")]
fn bar(share: f32, width: usize) -> String {
    let full = (share * width as f32) as usize;
    format!("{}{}", "█".repeat(full.min(width)), "·".repeat(width - full.min(width)))
}

fn figures(name: &str, figures: &Figures, chain: bool) -> String {
    let mut text = format!("  {name}:");
    if chain {
        let frame = &figures.frame;
        let _ = write!(
            text,
            " frame {} µs, p99.9 {}, longest {};",
            frame.p50.as_micros(),
            frame.p999.as_micros(),
            frame.longest.as_micros()
        );
    }
    for stage in figures.stages.iter().filter(|stage| !stage.name.is_empty()) {
        let _ = write!(text, " {} {} µs", stage.name, stage.p50.as_micros());
        if stage.bypassed > 0 {
            let _ = write!(text, " ({} bypassed, {} restarts)", stage.bypassed, stage.restarts);
        }
    }
    if figures.starved > 0 {
        let _ = write!(text, " {} starved", figures.starved);
    }
    text
}

fn skills(live: &Live) -> String {
    let mut text = "  skills:".to_owned();
    for skill in live.dialog.skills() {
        let _ = write!(text, " {}", skill.manifest.id);
        if skill.calls > 0 {
            let _ = write!(text, " {}", skill.calls);
        }
        if skill.failures > 0 {
            let _ = write!(text, " ({} failed)", skill.failures);
        }
    }
    let allocated = crate::alloc::count();
    let _ = write!(text, "; {allocated} allocations in audio threads");
    text
}

#[cfg(test)]
mod tests {
    use super::{bar, figures, line};
    use crate::event::{Event, Happening, State};
    use crate::live::{Figures, StageFigures};
    use std::time::Duration;

    fn shown(what: Happening) -> Option<String> {
        line(&Event { at_ms: 1_230, what })
    }

    #[test]
    fn an_event_is_a_line_with_its_time() {
        let recognised = |text: &str, foreign| Happening::Recognised { text: text.to_owned(), confidence: 0.5, foreign };
        for (what, wanted) in [
            (Happening::Woken { score: 0.614 }, "   1.23 s  woken      (score 0.61)"),
            (recognised("stop", false), "   1.23 s  heard      `stop` (0.50)"),
            (recognised("stop", true), "   1.23 s  heard      nothing it knows (nearest: `stop`, 0.50)"),
            (
                Happening::Understood {
                    intent: "HassTurnOn".to_owned(),
                    slots: [("area".to_owned(), "kitchen".to_owned())].into(),
                    skill: "home".to_owned(),
                },
                "   1.23 s  means      HassTurnOn area=kitchen → home",
            ),
            (
                Happening::Bypassed { stage: "echo".to_owned(), frames: 3, why: "it used up its fuel".to_owned() },
                "   1.23 s  BYPASSED   the stage echo, 3 frames: it used up its fuel; it is started anew",
            ),
            (
                Happening::SkillFailed { skill: "timer".to_owned(), why: "it trapped".to_owned() },
                "   1.23 s  FAILED     the timer skill: it trapped; it is started anew",
            ),
        ] {
            assert_eq!(shown(what).as_deref(), Some(wanted));
        }
        for silent in
            [recognised("", false), Happening::State { state: State::Idle }, Happening::EndOfSpeech { hang_over_ms: 600 }]
        {
            assert_eq!(shown(silent), None);
        }
    }

    #[test]
    fn levels_and_frames_are_shown() {
        assert_eq!((bar(0.0, 4), bar(0.5, 4), bar(2.0, 4)), ("····".to_owned(), "██··".to_owned(), "████".to_owned()));
        let mut shown = Figures::default();
        shown.frame.p50 = Duration::from_micros(600);
        shown.stages[0] =
            StageFigures { name: "wake", bypassed: 2, restarts: 1, p50: Duration::from_micros(9), ..Default::default() };
        assert_eq!(
            figures("hearing", &shown, true),
            "  hearing: frame 600 µs, p99.9 0, longest 0; wake 9 µs (2 bypassed, 1 restarts)"
        );
    }
}
