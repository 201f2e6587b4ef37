//! A skill's reply, written straight into the buffer that the host reads, escapes and all.

use crate::{Sink, text::fitting};

const SAY: &[u8] = b"say=";
const ASK: &[u8] = b"\nask=1";
const ERROR: &[u8] = b"\nerror=1";
/// Kept free for the marks behind the text.
const MARKS: usize = ASK.len() + ERROR.len();

/// What the skill answers. Text is appended through [`Sink`]; nothing appended and no mark set is no answer.
pub struct Reply<'a> {
    buffer: &'a mut [u8],
    len: usize,
    ask: bool,
    error: bool,
}

impl<'a> Reply<'a> {
    /// An empty reply. A buffer too small for the marks takes nothing.
    pub fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, len: 0, ask: false, error: false }
    }

    /// Keeps listening: the text was a question.
    pub fn ask(&mut self, question: &str) {
        self.push(question);
        self.ask = true;
    }

    /// Says that what was wanted did not work.
    pub fn fail(&mut self, excuse: &str) {
        self.push(excuse);
        self.error = true;
    }

    /// Completes the message, and gives its length.
    #[must_use]
    pub fn finish(mut self) -> usize {
        for (set, mark) in [(self.ask, ASK), (self.error, ERROR)] {
            if set && self.len > 0 {
                self.buffer[self.len..self.len + mark.len()].copy_from_slice(mark);
                self.len += mark.len();
            }
        }
        self.len
    }

    /// Appends as much of `text` as leaves room for the marks.
    fn append(&mut self, text: &str) {
        let text = fitting(text, self.buffer.len().saturating_sub(self.len + MARKS));
        self.buffer[self.len..self.len + text.len()].copy_from_slice(text.as_bytes());
        self.len += text.len();
    }
}

impl Sink for Reply<'_> {
    fn push(&mut self, text: &str) {
        if self.buffer.len() < SAY.len() + MARKS {
            return;
        }
        if self.len == 0 {
            self.buffer[..SAY.len()].copy_from_slice(SAY);
            self.len = SAY.len();
        }
        for piece in text.split_inclusive(['\n', '\\']) {
            let plain = piece.trim_end_matches(['\n', '\\']);
            self.append(plain);
            let escape = if piece.ends_with('\n') { "\\n" } else { "\\\\" };
            // Half an escape would be worse than none.
            if plain.len() < piece.len() && self.buffer.len() - self.len >= MARKS + escape.len() {
                self.append(escape);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(room: usize, write: impl FnOnce(&mut Reply<'_>)) -> String {
        let mut buffer = vec![b'~'; room];
        let mut reply = Reply::new(&mut buffer);
        write(&mut reply);
        let len = reply.finish();
        String::from_utf8(buffer[..len].to_vec()).unwrap()
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(message(64, |reply| reply.push("a\nb\\c")), "say=a\\nb\\\\c");
        assert_eq!(message(64, |reply| reply.ask("Which?")), "say=Which?\nask=1");
        assert_eq!(message(64, |reply| reply.fail("No.")), "say=No.\nerror=1");
        assert_eq!(message(64, |_| ()), "");
    }

    #[test]
    fn marks_always_fit() {
        for room in 0..40 {
            let text = message(room, |reply| {
                reply.ask("é\n\\é\n\\é\n\\");
                reply.fail("\\");
            });
            assert!(text.is_empty() || text.ends_with("\nask=1\nerror=1"), "{text}");
        }
    }
}
