//! What this skill does.
#![cfg_attr(target_arch = "wasm32", no_std)]

use saggar_skill::{Intent, Reply, Sink, Skill};

saggar_skill::exports!({{type}});

/// The skill, with what it remembers while it runs.
pub struct {{type}};

impl Skill for {{type}} {
    fn new() -> Self {
        Self
    }

    fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>) {
        if intent.name() == "{{intent}}" {
            reply.push("Hello from {{spoken}}.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use saggar_skill::mock::intent;

    #[test]
    fn it_speaks() {
        assert_eq!(intent(&mut {{type}}::new(), "intent={{intent}}"), "Hello from {{spoken}}.");
    }
}
