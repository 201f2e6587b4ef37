//! Devices as topics.

const ROOT: &str = "saggar/home";
/// Stands for a name or area that was not said.
pub(super) const ANY: &str = "-";
/// Longer names are cut, in characters.
const LONGEST_CHARS: usize = 64;

/// Of which device a topic is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Device {
    pub(super) domain: String,
    pub(super) area: String,
    pub(super) name: String,
}

/// The last word of the topics that the speaker listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Ack,
    State,
}

impl Device {
    pub(super) fn spoken(domain: &str, area: &str, name: &str) -> Self {
        Self { domain: level(domain), area: level(area), name: level(name) }
    }

    pub(super) fn topic(&self, last: &str) -> String {
        format!("{ROOT}/{}/{}/{}/{last}", self.domain, self.area, self.name)
    }

    /// The device of a topic and what is told; `None` for others.
    pub(super) fn of(topic: &str) -> Option<(Self, Told)> {
        let mut levels = topic.strip_prefix(ROOT)?.strip_prefix('/')?.split('/');
        let [domain, area, name] = [levels.next()?, levels.next()?, levels.next()?].map(str::to_owned);
        let told = match levels.next()? {
            "ack" => Told::Ack,
            "state" => Told::State,
            _ => return None,
        };
        levels.next().is_none().then_some((Self { domain, area, name }, told))
    }
}

/// What to subscribe to.
pub(super) fn told() -> [String; 2] {
    ["ack", "state"].map(|last| format!("{ROOT}/+/+/+/{last}"))
}

/// Spoken words as one level of a topic: MQTT's `/`, `+`, `#` and control characters cannot be in it.
fn level(spoken: &str) -> String {
    let small = spoken.to_lowercase();
    let mut words = small.split(|char: char| char.is_whitespace() || char.is_control() || "/+#".contains(char)).peekable();
    let mut level = String::new();
    let mut first = true;
    for word in words.by_ref().filter(|word| !word.is_empty()) {
        if !(std::mem::take(&mut first) && ["the", "my", "a", "an"].contains(&word)) {
            level.push_str(if level.is_empty() { "" } else { "_" });
            level.push_str(word);
        }
    }
    match level.char_indices().nth(LONGEST_CHARS) {
        _ if level.is_empty() => ANY.to_owned(),
        Some((end, _)) => level[..end].to_owned(),
        None => level,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spoken_words_are_one_level() {
        for (spoken, wanted) in [
            ("the desk lamp", "desk_lamp"),
            ("Living Room", "living_room"),
            ("lamp", "lamp"),
            ("", "-"),
            ("the", "-"),
            ("  my  kitchen ", "kitchen"),
            ("a/b+c#d\0e", "b_c_d_e"),
            ("Küche", "küche"),
            ("+", "-"),
        ] {
            assert_eq!(level(spoken), wanted, "{spoken:?}");
        }
        assert_eq!(level(&"ü".repeat(500)), "ü".repeat(64));
    }

    #[test]
    fn topics_come_back() {
        let device = Device::spoken("light", "", "the desk lamp");
        assert_eq!(device.topic("ack"), "saggar/home/light/-/desk_lamp/ack");
        assert_eq!(Device::of(&device.topic("ack")), Some((device.clone(), Told::Ack)));
        assert_eq!(Device::of(&device.topic("state")), Some((device.clone(), Told::State)));
        for topic in [&device.topic("set"), "saggar/home/light/-/ack", "saggar/home/a/b/c/ack/d", "other/home/a/b/c/ack", ""] {
            assert_eq!(Device::of(topic), None, "{topic}");
        }
    }
}
