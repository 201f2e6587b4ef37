//! What devices say, as they say it.

use serde_json::Value;

/// Longer states are cut, in characters: they are spoken.
const LONGEST_CHARS: usize = 64;

/// The number of an acknowledgement, and whether it followed. `{"id":7,"ok":false}`, `{"id":7}` and `7` are understood.
pub(super) fn acknowledged(payload: &[u8]) -> Option<(i32, bool)> {
    let value: Value = serde_json::from_slice(payload).ok()?;
    let id = value.get("id").unwrap_or(&value).as_i64()?;
    let ok = value.get("ok").is_none_or(|ok| ok.as_bool() == Some(true));
    Some((i32::try_from(id).ok()?, ok))
}

/// A state in our words: of `{"state":"ON"}`, `"ON"` or a plain `ON`. Empty where none is told.
pub(super) fn told(payload: &[u8]) -> String {
    let text = match serde_json::from_slice::<Value>(payload) {
        Ok(Value::Object(fields)) => match fields.get("state") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Bool(on)) => if *on { "on" } else { "off" }.to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return String::new(),
        },
        Ok(Value::String(text)) => text,
        Ok(Value::Bool(on)) => if on { "on" } else { "off" }.to_owned(),
        // `ON` is no JSON; `21.5` is, and its text is the same.
        _ => String::from_utf8_lossy(payload).into_owned(),
    };
    let text: String = text.trim().chars().filter(|char| !char.is_control()).take(LONGEST_CHARS).collect();
    match text.to_lowercase().as_str() {
        "close" => "closed".to_owned(),
        "lock" => "locked".to_owned(),
        "unlock" => "unlocked".to_owned(),
        other => other.to_owned(),
    }
}

/// Whether a state is what a service wants.
pub(super) fn fulfils(service: &str, state: &str) -> bool {
    match service {
        "turn_on" => state == "on",
        "turn_off" => state == "off",
        "open" => state == "open",
        "close" => state == "closed",
        "lock" => state == "locked",
        "unlock" => state == "unlocked",
        // Whatever it says now, it says it because it was set.
        _ => !state.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acknowledgements_are_understood() {
        for (payload, wanted) in [
            (r#"{"id":7,"ok":true}"#, Some((7, true))),
            (r#"{"id":7,"ok":false}"#, Some((7, false))),
            (r#"{"id":7,"ok":"yes"}"#, Some((7, false))),
            (r#"{"id":7}"#, Some((7, true))),
            ("7", Some((7, true))),
            (r#"{"id":"7"}"#, None),
            (r#"{"id":99999999999}"#, None),
            ("{", None),
            ("[7]", None),
            ("", None),
        ] {
            assert_eq!(acknowledged(payload.as_bytes()), wanted, "{payload}");
        }
    }

    #[test]
    fn states_are_understood() {
        for (payload, wanted) in [
            (r#"{"state":"ON","brightness":100}"#, "on"),
            ("OFF", "off"),
            ("\"Open\"", "open"),
            ("CLOSE", "closed"),
            (r#"{"state":"LOCK"}"#, "locked"),
            (r#"{"state":true}"#, "on"),
            (r#"{"state":21.5}"#, "21.5"),
            ("21.5", "21.5"),
            (r#"{"brightness":3}"#, ""),
            ("", ""),
        ] {
            assert_eq!(told(payload.as_bytes()), wanted, "{payload}");
        }
        assert_eq!(told(&[0xff; 1000]).chars().count(), LONGEST_CHARS);
        assert!(fulfils("set", "on") && !fulfils("turn_on", "off") && !fulfils("set", ""));
    }
}
