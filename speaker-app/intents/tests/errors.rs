//! Broken sentences: an error that says where and what to do, never a panic, a hang or a full stack.

use saggar_intents::{Builder, ErrorKind, Intents};

fn error(yaml: &str) -> saggar_intents::Error {
    Intents::from_yaml("home.yaml", yaml).expect_err("must be refused")
}

fn sentence(template: &str) -> String {
    let template = template.replace('\'', "''");
    format!("language: en\nintents:\n  T:\n    data:\n      - sentences: ['{template}']\n")
}

#[test]
fn messages_say_where_and_what_to_do() {
    for (yaml, message) in [
        (
            sentence("turn on {nme}"),
            "home.yaml: intent T: \"turn on {nme}\" column 9: no list is called `nme`; define it under `lists:`, or correct the name",
        ),
        (
            sentence("turn <on> it"),
            "home.yaml: intent T: \"turn <on> it\" column 6: no rule is called `on`; define it under `expansion_rules:`, or correct the name",
        ),
        (
            sentence("turn (on|off"),
            "home.yaml: intent T: \"turn (on|off\" column 6: `(` has no partner; close it, or write `\\(` if it is said aloud",
        ),
        (
            sentence("[please] [now]"),
            "home.yaml: intent T: \"[please] [now]\": this can be empty, so that silence would match it; make one word of it necessary",
        ),
        (
            sentence("a <x>") + "expansion_rules: {x: 'b <y>', y: 'c [<x>]'}",
            "home.yaml: rule y: \"c [<x>]\" column 4: the rule `x` contains itself (<x> → <y> → <x>); rules cannot be recursive",
        ),
        (
            sentence("a") + "lists: {n: {range: {from: 5, to: 1}}}",
            "home.yaml: list n: the range from 5 to 1 step 1 is empty; `from` must not be above `to`",
        ),
        (
            sentence("a") + "lists: {n: {range: {from: 0, to: 9, fractions: halves}}}",
            "home.yaml: list n: `fractions` is not supported; ranges are of whole numbers; let the skill calculate",
        ),
        (
            sentence("a") + "lists: {n: {}}",
            "home.yaml: list n: a list is either `values:`, or `range:`, or `wildcard: true`; write one of them",
        ),
        (sentence("a").replace("language: en\n", ""), "home.yaml: there is no `language:`; write for example `language: en`"),
    ] {
        assert_eq!(error(&yaml).to_string(), message);
    }
    let found = error(&sentence("turn on {nme}"));
    assert_eq!(
        (found.file(), found.owner(), found.template(), found.position()),
        ("home.yaml", Some("intent T"), Some("turn on {nme}"), Some(8))
    );
}

#[test]
fn refused() {
    let kind = |yaml: &str| error(yaml).kind().clone();
    for key in ["requires_context: {domain: light}", "excludes_context: {area: x}", "required_keywords: [x]"] {
        let yaml = sentence("a b") + "        " + key;
        assert!(matches!(kind(&yaml), ErrorKind::Unsupported { .. }), "{key}");
    }
    assert!(matches!(kind(&(sentence("a") + "settings: {ignore_whitespace: true}")), ErrorKind::Unsupported { .. }));
    for yaml in
        ["", "]", "intents: 5", "language: en\nintnts: {}", "language: en\nintents: {T: {data: [{sentence: [a]}]}}", "\u{0}"]
    {
        assert!(matches!(kind(yaml), ErrorKind::Yaml(_) | ErrorKind::Language(_)), "{yaml:?}");
    }
    let lists = "lists: {x: {values: ['y {x}']}}";
    assert!(matches!(kind(&(sentence("a {x}") + lists)), ErrorKind::RecursiveRule(..)));
    for range in ["{from: 0, to: 9, step: 0}", "{from: 0, to: 9999999}", "{from: -9223372036854775808, to: 9}"] {
        assert!(matches!(kind(&(sentence("a") + "lists: {n: {range: " + range + "}}")), ErrorKind::Range { .. }), "{range}");
    }
    assert!(matches!(kind(&sentence("go {5..1:n}")), ErrorKind::Range { .. }));
    let two = Builder::new().yaml("a", "language: en").unwrap().yaml("b", "language: de").unwrap().build();
    assert!(matches!(two.unwrap_err().kind(), ErrorKind::Language(_)));
    let twice = Builder::new().yaml("a", "{language: en, expansion_rules: {x: a}}").unwrap();
    let twice = twice.yaml("b", "{language: en, expansion_rules: {x: b}}").unwrap().build();
    assert!(matches!(twice.unwrap_err().kind(), ErrorKind::RuleTwice(_)));
}

#[test]
fn too_large() {
    let started = std::time::Instant::now();
    let deep = "(".repeat(3000) + "a" + &")".repeat(3000);
    assert!(matches!(error(&sentence(&deep[..3500])).kind(), ErrorKind::TooDeep(_)));
    // Two to the thirtieth power, by rules.
    let mut rules = String::from("expansion_rules:\n  r0: (x|y)\n");
    for level in 1..30 {
        rules.push_str(&format!("  r{level}: '<r{0}> <r{0}>'\n", level - 1));
    }
    assert!(matches!(error(&(sentence("<r29>") + &rules)).kind(), ErrorKind::TooLarge { .. }));
    // The same without spaces, which is written out.
    assert!(matches!(error(&sentence(&"(x|y)".repeat(40))).kind(), ErrorKind::TooLarge { .. }));
    let orders = "(a;b;c;d;e)";
    let nested = format!("({orders};{orders};{orders};{orders};{orders})");
    let nested = format!("({nested};{nested};{nested};{nested};{nested})");
    assert!(matches!(error(&sentence(&nested)).kind(), ErrorKind::TooLarge { .. }));
    let mut chain = String::from("expansion_rules:\n  r0: x\n");
    for level in 1..2000 {
        chain.push_str(&format!("  r{level}: 'y <r{}>'\n", level - 1));
    }
    assert!(matches!(error(&(sentence("<r1999>") + &chain)).kind(), ErrorKind::TooDeep(_)));
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned()
        + &(0..9).map(|n| format!("a{n}: &a{n} [*a,*a,*a,*a,*a,*a,*a,*a]\n")).collect::<String>();
    assert!(matches!(error(&bomb).kind(), ErrorKind::Yaml(_)));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn hostile_text_is_no_match_and_quick() {
    let intents = Intents::from_yaml("t", &sentence("[a|b] ([c] [d] [e] [f] [g] [h] [i] [j]) [c] [c] [c] [c] end")).unwrap();
    let started = std::time::Instant::now();
    for text in [
        "c ".repeat(62),
        "c d ".repeat(31),
        "the ".repeat(63),
        "a".repeat(1 << 20),
        "a ".repeat(1 << 18),
        "\u{0}\u{ffff}".repeat(99),
    ] {
        assert!(intents.recognise(&text).is_none());
    }
    assert!(started.elapsed().as_secs() < 5);
}

/// A sentence just below the limits, and a text that fits it in very many ways.
#[test]
fn many_ways_are_quick() {
    let mut yaml = sentence("<r12> end") + "expansion_rules:\n  r0: (x|y|x y|x x)\n";
    for level in 1..13 {
        yaml.push_str(&format!("  r{level}: '[<r{0}>] [<r{0}>]'\n", level - 1));
    }
    let intents = Intents::from_yaml("t", &yaml).unwrap();
    let started = std::time::Instant::now();
    assert!(intents.recognise(&("x ".repeat(61) + "end")).is_some());
    assert!(intents.recognise(&("x ".repeat(61) + "x end")).is_some());
    assert!(intents.recognise(&"x ".repeat(62)).is_none());
    println!("{:?}", started.elapsed());
    assert!(started.elapsed().as_millis() < 2000, "{:?}", started.elapsed());
}
