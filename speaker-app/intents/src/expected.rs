//! What of a list there is: "jazz" is said where there is jazz. The grammar expects it rather than the rest of the list, which can be said all the
//! same.

use std::collections::{BTreeMap, BTreeSet};

use crate::grammar::Grammar;

/// Which values of lists there are, by the lists' names; small and capital letters are the same. Of a list that is not in it, nothing is known.
pub type There = BTreeMap<String, BTreeSet<String>>;

/// What all values that are not there share with those that are. A sentence that needs one is as likely as this.
const SELDOM: f64 = 0.05;

/// A rule of the grammar whose alternatives are ways to say the values of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListRule {
    /// Its name.
    pub(crate) name: String,
    /// The list's.
    pub(crate) list: String,
    /// Each way, and the value that it means.
    pub(crate) ways: Vec<(String, String)>,
}

impl Grammar {
    /// The values of a list that can be said, as they are meant; each once.
    #[must_use]
    pub fn values(&self, list: &str) -> BTreeSet<&str> {
        let rules = self.lists.iter().filter(|rule| rule.list == list);
        rules.flat_map(|rule| rule.ways.iter().map(|(_, value)| value.as_str())).collect()
    }

    /// The text in which what there is of these lists is likelier than the rest of them, by JSGF's weights. Where nothing of a list is there, the
    /// whole list is unlikely: `<VOID>`, which nobody can say, has the share of what is not there.
    #[must_use]
    pub fn expecting(&self, there: &There) -> String {
        let bodies: BTreeMap<&str, String> =
            self.lists.iter().filter_map(|rule| Some((rule.name.as_str(), rule.expecting(there.get(&rule.list)?)))).collect();
        let mut text = String::with_capacity(self.text.len() + 1_000);
        for line in self.text.lines() {
            let name = line.strip_prefix('<').and_then(|rest| rest.split_once("> = ")).map(|(name, _)| name);
            match name.and_then(|name| bodies.get_key_value(name)) {
                Some((name, body)) => text.push_str(&format!("<{name}> = {body};")),
                None => text.push_str(line),
            }
            text.push('\n');
        }
        text
    }
}

impl ListRule {
    fn expecting(&self, there: &BTreeSet<String>) -> String {
        let there: BTreeSet<String> = there.iter().map(|value| value.to_lowercase()).collect();
        let are_there: Vec<bool> = self.ways.iter().map(|(_, value)| there.contains(&value.to_lowercase())).collect();
        let those = are_there.iter().filter(|is_there| **is_there).count();
        let share = |all: f64, count: usize| all / f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
        let (here, elsewhere) = (share(1.0 - SELDOM, those), share(SELDOM, self.ways.len() - those));
        let weight = |is_there: bool| if is_there { here } else { elsewhere };
        let ways = self.ways.iter().zip(&are_there).map(|((way, _), is_there)| format!("/{:.6}/ {way}", weight(*is_there)));
        let nothing = (those == 0).then(|| format!("/{here:.6}/ <VOID>"));
        ways.chain(nothing).collect::<Vec<_>>().join(" | ")
    }
}

#[cfg(test)]
mod tests {
    use super::There;
    use crate::Intents;

    fn there(list: &str, values: &[&str]) -> There {
        There::from([(list.to_owned(), values.iter().map(|&value| value.to_owned()).collect())])
    }

    #[test]
    fn what_there_is_comes_first() {
        let yaml = "language: en\nintents: {T: {data: [{sentences: ['cancel [{name} | {room}] timer']}]}}\n\
            lists: {name: {values: [egg, {in: 'nap[s]', out: nap}, tea]}, room: {values: [hall]}}";
        let grammar = Intents::from_yaml("t", yaml).unwrap_or_else(|error| panic!("{error}")).jsgf(None);
        assert_eq!(grammar.values("name").into_iter().collect::<Vec<_>>(), ["egg", "nap", "tea"]);
        assert_eq!(grammar.expecting(&There::new()), grammar.text);
        assert_eq!(grammar.expecting(&there("nowhere", &["egg"])), grammar.text);
        let rule = |values: &[&str]| {
            let text = grammar.expecting(&there("name", values));
            assert!(text.contains("_room> = hall;\n"), "{text}");
            let rule = text.lines().find_map(|line| Some(line.split_once("_name> = ")?.1.to_owned()));
            rule.unwrap_or_else(|| panic!("{text}"))
        };
        assert_eq!(rule(&["Egg", "oven"]), "/0.950000/ egg | /0.016667/ naps | /0.016667/ nap | /0.016667/ tea;");
        assert_eq!(rule(&["nap"]), "/0.025000/ egg | /0.475000/ naps | /0.475000/ nap | /0.025000/ tea;");
        assert_eq!(rule(&[]), "/0.012500/ egg | /0.012500/ naps | /0.012500/ nap | /0.012500/ tea | /0.950000/ <VOID>;");
    }

    /// After "an" only some of the values can come: which are there counts for each such rule.
    #[test]
    fn after_an_article_as_well() {
        let known = crate::Dictionary::from_cmu("a AH\nan AE\negg EH\ntea T\n");
        let yaml = "language: en\nintents: {T: {data: [{sentences: ['(a|an) {name}']}]}}\nlists: {name: {values: [egg, tea]}}";
        let grammar = Intents::from_yaml("t", yaml).unwrap_or_else(|error| panic!("{error}")).jsgf(Some(&known));
        let text = grammar.expecting(&there("name", &["tea"]));
        for rule in ["_name> = /0.050000/ egg | /0.950000/ tea;", "_name_v> = /0.050000/ egg | /0.950000/ <VOID>;"] {
            assert!(text.contains(rule), "{rule}: {text}");
        }
    }
}
