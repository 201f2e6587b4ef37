//! What sentences mean: one a line on the standard input, its meaning on the standard output. With `--jsgf` the grammar.

use std::io::BufRead;

use saggar_intents::{Builder, Dictionary};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let intents = Builder::new().english()?.build()?;
    if arguments.next().as_deref() == Some("--jsgf") {
        let dictionary = arguments.next().map(std::fs::read_to_string).transpose()?;
        let grammar = intents.jsgf(dictionary.as_deref().map(Dictionary::from_cmu).as_ref());
        print!("{}", grammar.text);
        for warning in grammar.warnings {
            eprintln!("{warning}");
        }
        return Ok(());
    }
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match intents.recognise(&line) {
            Some(found) => {
                let slots: Vec<String> = found.slots.iter().map(|(name, value)| format!("{name}={value}")).collect();
                println!("{line} | {} | {}", found.intent, slots.join("; "));
            }
            None => println!("{line} | - |"),
        }
    }
    Ok(())
}
