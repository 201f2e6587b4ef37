//! Messages between host and skills: UTF-8 lines `key=value`, with `\n` and `\\` for a line's end and a backslash.

use std::fmt::Write as _;

/// A message that is being written.
#[derive(Clone, Debug, Default)]
pub struct Message(String);

impl Message {
    /// Adds a line.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl std::fmt::Display) -> Message {
        let value = value.to_string().replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "");
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        let _ = write!(self.0, "{key}={value}");
        self
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// What a skill answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// To be said; empty for nothing.
    pub say: String,
    /// The speaker shall keep listening.
    pub ask: bool,
    /// It was an apology.
    pub error: bool,
}

impl Reply {
    /// Reads a skill's answer. Whatever is not understood is left out: an answer cannot fail.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Reply {
        let text = String::from_utf8_lossy(bytes);
        let mut reply = Reply::default();
        for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
            match key {
                "say" => reply.say = unescaped(value),
                "ask" => reply.ask = value == "1",
                "error" => reply.error = value == "1",
                _ => {}
            }
        }
        reply
    }
}

/// The fields of a message of a skill's, such as a command for the home.
pub(crate) fn field(text: &str, key: &str) -> String {
    let found = text.lines().filter_map(|line| line.split_once('=')).find(|(name, _)| *name == key);
    found.map(|(_, value)| unescaped(value)).unwrap_or_default()
}

fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match (character, characters.clone().next()) {
            ('\\', Some('n')) => {
                text.push('\n');
                characters.next();
            }
            ('\\', Some('\\')) => {
                text.push('\\');
                characters.next();
            }
            _ => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Message, Reply, field};

    #[test]
    fn lines_come_back() {
        let message = Message::default().with("text", "a\\nb\nc").with("id", 3);
        assert_eq!(message.text(), "text=a\\\\nb\\nc\nid=3");
        assert_eq!(field(message.text(), "text"), "a\\nb\nc");
        let reply = Reply::read(b"say=Hello.\\nThere\nask=1\nodd");
        assert_eq!(reply, Reply { say: "Hello.\nThere".to_owned(), ask: true, error: false });
        assert_eq!(Reply::read(&[0xff, b'=', 0xfe]), Reply::default());
    }
}
