//! Answers: templates that an answer must fit, word for word but for what is in braces.

/// Words of which numbers are made; "point" and "minus" belong to them.
const NUMBERS: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million point minus oh";
const ORDINALS: &str = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth \
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth";
const WEEKDAYS: &str = "sunday monday tuesday wednesday thursday friday saturday";
const MONTHS: &str = "january february march april may june july august september october november december";
/// The jokes, a line each, as they are spoken.
pub(crate) const JOKES: &str = include_str!("../sets/jokes.txt");

/// A template of an answer, such as "it is {time}".
///
/// | | stands for |
/// |---|---|
/// | `{time}` | a time of day: "seven thirty in the morning" |
/// | `{date}` | "friday november twenty eighth", with or without a year |
/// | `{duration}` | "one hour and ten minutes" |
/// | `{items}` | one or more words |
/// | `{joke}` | one of the jokes, all of it |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<'a>(&'a str);

impl<'a> Answer<'a> {
    /// The answer of a template.
    #[must_use]
    pub fn new(template: &'a str) -> Self {
        Self(template)
    }

    /// Whether this is what the ear heard: as [`Answer::fits`], but that "fifteen minutes" may be heard as "fifty minutes": the
    /// recogniser hardly tells an `n` before a sound of the lips from none. What was really meant, the slots tell.
    #[must_use]
    pub fn is_heard(&self, said: &str) -> bool {
        self.fits(said) || Answer(&folded(self.0)).fits(&folded(said))
    }

    /// Whether this is what was said. Case and punctuation make no difference.
    #[must_use]
    pub fn fits(&self, said: &str) -> bool {
        let said = plain(said);
        let said: Vec<&str> = said.split_whitespace().collect();
        let template: Vec<&str> = self.0.split_whitespace().collect();
        fits(&template, &said)
    }

    /// The template with something definite for what is in braces: `fill("time", "noon")`, where the right time is known.
    #[must_use]
    pub fn fill(&self, name: &str, value: &str) -> String {
        self.0.replace(&format!("{{{name}}}"), &plain(value))
    }

    /// What was said, word for word, where it fits and has a time, a date or a duration in it: whoever hears it again must hear that one.
    #[must_use]
    pub fn said(&self, said: &str) -> Option<String> {
        let definite = ["{time}", "{date}", "{duration}"].iter().any(|what| self.0.contains(what));
        (definite && self.fits(said)).then(|| plain(said))
    }

    /// What the recogniser listens for: the words of the template, with any number for each number and any time for each time. One alone stays:
    /// what follows it is one thing, and nobody says "two item".
    pub(crate) fn jsgf(&self) -> String {
        let all: Vec<&str> = self.0.split_whitespace().collect();
        let mut words: Vec<String> = Vec::new();
        let mut at = 0;
        while let Some(&word) = all.get(at) {
            let run = number_length(&all[at..]);
            match slot(word) {
                _ if run == 1 && word == "one" => words.push(word.into()),
                _ if run > 0 => words.push(rule_of(&all[at..at + run]).into()),
                Some(name) => words.push(format!("<{name}>")),
                None if matches!(word, "on" | "off") => words.push("(on | off)".into()),
                None => words.push(word.into()),
            }
            at += run.max(1);
        }
        words.join(" ")
    }
}

/// How many words at the beginning are one number or time: "and" joins only what follows hundreds or thousands.
fn number_length(words: &[&str]) -> usize {
    let joins = |index: usize| {
        let before = index.checked_sub(1).and_then(|before| words.get(before));
        words[index] == "and"
            && matches!(before, Some(&"hundred" | &"thousand"))
            && words.get(index + 1).is_some_and(|next| number(next))
    };
    (0..words.len()).take_while(|&index| number(words[index]) || joins(index)).count()
}

/// An hour with minutes behind it is a time, everything else one number.
fn rule_of(run: &[&str]) -> &'static str {
    let hour = |word: &str| NUMBERS.split_whitespace().skip(1).take(12).any(|known| known == word);
    match run {
        [first, second, ..] if hour(first) && !matches!(*second, "hundred" | "thousand" | "point") => "<clock>",
        _ => "<number>",
    }
}

/// Lower case, words with a space between.
pub(crate) fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// With tens for teens before words that begin with a sound of the lips.
fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut folded = Vec::new();
    for (index, &word) in words.iter().enumerate() {
        let lips = words.get(index + 1).is_some_and(|next| next.starts_with(['m', 'p', 'b']));
        let ten = TEENS.iter().find(|(teen, _)| lips && *teen == word);
        folded.push(ten.map_or(word, |(_, ten)| *ten));
    }
    folded.join(" ")
}

const TEENS: [(&str, &str); 7] = [
    ("thirteen", "thirty"),
    ("fourteen", "forty"),
    ("fifteen", "fifty"),
    ("sixteen", "sixty"),
    ("seventeen", "seventy"),
    ("eighteen", "eighty"),
    ("nineteen", "ninety"),
];

fn slot(word: &str) -> Option<&str> {
    word.strip_prefix('{')?.strip_suffix('}')
}

fn fits(template: &[&str], said: &[&str]) -> bool {
    match template.split_first() {
        None => said.is_empty(),
        Some((first, rest)) => match slot(first) {
            Some(name) => (1..=said.len()).any(|count| stands_for(name, &said[..count]) && fits(rest, &said[count..])),
            None => said.first() == Some(first) && fits(rest, &said[1..]),
        },
    }
}

fn stands_for(name: &str, said: &[&str]) -> bool {
    let among = |list: &str, word: &str| list.split_whitespace().any(|known| known == word);
    match (name, said) {
        ("time", ["noon" | "midnight"]) => true,
        ("time", [time @ .., "in", "the", "morning" | "afternoon" | "evening"] | [time @ .., "at", "night"]) => {
            time.first().is_some_and(|word| number(word)) && time.iter().all(|word| number(word) || *word == "o'clock")
        }
        ("date", [weekday, month, day @ ..]) => {
            let ordinals = day.iter().filter(|word| among(ORDINALS, word)).count();
            among(WEEKDAYS, weekday)
                && among(MONTHS, month)
                && ordinals == 1
                && day.iter().all(|word| number(word) || among(ORDINALS, word))
        }
        ("duration", said) => {
            let unit = |word: &str| among("hour hours minute minutes second seconds", word);
            said.first().is_some_and(|word| number(word))
                && said.last().is_some_and(|word| unit(word))
                && said.iter().all(|word| number(word) || unit(word) || *word == "and")
        }
        ("items", said) => !said.is_empty(),
        ("joke", said) => JOKES.lines().any(|joke| joke.split(' ').eq(said.iter().copied())),
        _ => false,
    }
}

fn number(word: &str) -> bool {
    NUMBERS.split_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::Answer;

    #[test]
    fn answers_fit_their_templates() {
        for (template, said, fits) in [
            ("your timer is set for five minutes", "Your timer is set for five minutes.", true),
            ("your timer is set for five minutes", "Your timer is set for nine minutes.", false),
            ("it is {time}", "It is three twenty in the afternoon.", true),
            ("it is {time}", "It is noon.", true),
            ("it is {time}", "It is eleven o'clock at night.", true),
            ("it is {time}", "It is in the morning.", false),
            ("it is {time}", "It is a dessert.", false),
            ("today is {date}", "Today is Thursday, March twelfth, twenty twenty six.", true),
            ("today is {date}", "Today is Thursday, March.", false),
            (
                "the five minute timer has {duration} left",
                "The five minute timer has four minutes and fifty eight seconds left.",
                true,
            ),
            ("the five minute timer has {duration} left", "The five minute timer has left.", false),
            ("you need {items}", "You need milk and eggs.", true),
            ("you need {items}", "You need", false),
            ("{joke}", "My cookbook has a happy ending. It is a dessert.", true),
            ("{joke}", "My cookbook has a happy ending.", false),
        ] {
            assert_eq!(Answer::new(template).fits(said), fits, "{template}: {said}");
        }
        let set = Answer::new("your timer is set for fifteen minutes");
        assert!(set.is_heard("your timer is set for fifty minutes") && !set.fits("your timer is set for fifty minutes"));
        assert!(!set.is_heard("your timer is set for sixteen minutes"));
        assert!(!Answer::new("fifteen degrees").is_heard("fifty degrees"));
        let said = Answer::new("it is {time}").said("It is seven thirty in the morning.");
        assert_eq!(said.as_deref(), Some("it is seven thirty in the morning"));
        assert_eq!(Answer::new("it is {time}").said("It is late."), None);
        assert_eq!(Answer::new("the light is on").said("the light is on"), None);
        let filled = Answer::new("it is {time}").fill("time", "Noon");
        assert!(Answer::new(&filled).fits("it is noon") && !Answer::new(&filled).fits("it is midnight"));
    }

    #[test]
    fn numbers_are_any_numbers_to_the_recogniser() {
        let jsgf = |template| Answer::new(template).jsgf();
        assert_eq!(jsgf("one mile is five thousand two hundred and eighty feet"), "one mile is <number> feet");
        assert_eq!(jsgf("between eight and twenty two degrees"), "between <number> and <number> degrees");
        assert_eq!(jsgf("set for six forty five in the evening"), "set for <clock> in the evening");
        assert_eq!(jsgf("are nine hundred and seven point two grams"), "are <number> grams");
        assert_eq!(jsgf("you need milk and eggs"), "you need milk and eggs");
        assert_eq!(jsgf("it is {time}"), "it is <time>");
    }
}
