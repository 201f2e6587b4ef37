//! A shopping list that survives restarts.
//!
//! Invariant: the list is the text under `items`, a line an item, as it is stored. A change that could not be stored is not made,
//! so that what the skill says is what a restart will find.
#![cfg_attr(target_arch = "wasm32", no_std)]

use saggar_skill::{Event, Intent, Reply, Sink, Skill, Text, heard, host, phrase};

saggar_skill::exports!(Shopping, message = 512, reply = 2048);

const KEY: &str = "items";
const ROOM: usize = 1500;
/// Longer ones are cut; nobody buys them.
const LONGEST_ITEM: usize = 60;

/// The skill.
pub struct Shopping {
    items: Text<ROOM>,
    /// Whether it has asked if the list shall be cleared.
    clearing: bool,
}

impl Skill for Shopping {
    fn new() -> Self {
        let mut items = Text::new();
        items.push(host::kv_get(KEY, &mut [0; ROOM]).unwrap_or(""));
        Self { items, clearing: false }
    }

    fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>) {
        self.clearing = false;
        let item = Text::<LONGEST_ITEM>::of(intent.slot("item").unwrap_or("").lines().next().unwrap_or(""));
        match intent.name() {
            "HassShoppingListAddItem" => self.add(item.as_str(), reply),
            "HassShoppingListCompleteItem" => self.remove(item.as_str(), reply),
            "SaggarShoppingListRead" => self.read(reply),
            "SaggarShoppingListClear" => self.ask_to_clear(reply),
            _ => {}
        }
    }

    fn on_event(&mut self, event: &Event<'_>, reply: &mut Reply<'_>) {
        match event {
            Event::Answer(answer) if !answer.is_answer() => self.on_intent(answer, reply),
            Event::Answer(answer) if core::mem::take(&mut self.clearing) => self.clear(answer.agrees(), reply),
            _ => {}
        }
    }
}

impl Shopping {
    fn add(&mut self, item: &str, reply: &mut Reply<'_>) {
        if item.is_empty() {
            return reply.fail("I did not hear what to add.");
        }
        if self.items.as_str().lines().any(|line| heard::same(line, item)) {
            reply.push(item);
            return reply.push(" is on the list already.");
        }
        let mut items = self.items;
        items.push(item);
        items.push("\n");
        // A text that is full drops its end, and with it the line's.
        if items.as_str().len() < self.items.as_str().len() + item.len() + 1 || !self.store(items) {
            return reply.fail("The shopping list is full.");
        }
        reply.push("I added ");
        reply.push(item);
        reply.push(".");
    }

    fn remove(&mut self, item: &str, reply: &mut Reply<'_>) {
        let mut rest = Text::new();
        let (mut removed, old) = (Text::<LONGEST_ITEM>::new(), self.items);
        for line in old.as_str().lines() {
            if heard::same(line, item) {
                removed = Text::of(line);
            } else {
                rest.push(line);
                rest.push("\n");
            }
        }
        if removed.is_empty() {
            reply.fail(item);
            return reply.fail(" is not on the list.");
        }
        if !self.store(rest) {
            return reply.fail("I could not change the shopping list.");
        }
        reply.push("I removed ");
        reply.push(removed.as_str());
        reply.push(".");
    }

    fn read(&self, reply: &mut Reply<'_>) {
        if self.items.is_empty() {
            return reply.push("The shopping list is empty.");
        }
        reply.push("You need ");
        phrase::list(reply, self.items.as_str().lines());
        reply.push(".");
    }

    fn ask_to_clear(&mut self, reply: &mut Reply<'_>) {
        let count = i64::try_from(self.items.as_str().lines().count()).unwrap_or(0);
        if count == 0 {
            return reply.push("The shopping list is empty.");
        }
        self.clearing = true;
        reply.push("Shall I remove ");
        phrase::counted(reply, count, "item");
        reply.ask("?");
    }

    fn clear(&mut self, agreed: Option<bool>, reply: &mut Reply<'_>) {
        if agreed != Some(true) {
            return reply.push("I left the shopping list as it was.");
        }
        if !self.store(Text::new()) {
            return reply.fail("I could not change the shopping list.");
        }
        reply.push("The shopping list is empty now.");
    }

    fn store(&mut self, items: Text<ROOM>) -> bool {
        let stored = host::kv_put(KEY, items.as_str());
        if stored {
            self.items = items;
        }
        stored
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use saggar_skill::mock::{self, event, intent};

    fn add(skill: &mut Shopping, item: &str) -> String {
        intent(skill, &format!("intent=HassShoppingListAddItem\nslot.item={item}"))
    }

    #[test]
    fn the_list_survives() {
        mock::reset();
        let skill = &mut Shopping::new();
        assert_eq!(intent(skill, "intent=SaggarShoppingListRead"), "The shopping list is empty.");
        assert_eq!(add(skill, "oat milk"), "I added oat milk.");
        assert_eq!(add(skill, "tomatoes"), "I added tomatoes.");
        assert_eq!(add(skill, "a tomato"), "a tomato is on the list already.");
        *skill = Shopping::new();
        assert_eq!(intent(skill, "intent=SaggarShoppingListRead"), "You need oat milk and tomatoes.");
        assert_eq!(intent(skill, "intent=HassShoppingListCompleteItem\nslot.item=tomato"), "I removed tomatoes.");
        assert_eq!(intent(skill, "intent=HassShoppingListCompleteItem\nslot.item=milk"), "milk is not on the list. [error=1]");
        assert_eq!(intent(skill, "intent=SaggarShoppingListRead"), "You need oat milk.");
    }

    #[test]
    fn clearing_is_asked_for() {
        mock::reset();
        let skill = &mut Shopping::new();
        add(skill, "bread");
        for (answer, said) in [
            ("text=no", "I left the shopping list as it was."),
            ("intent=HassNevermind\ntext=forget it", "I left the shopping list as it was."),
            ("intent=SaggarYes\ntext=do it", "The shopping list is empty now."),
        ] {
            assert_eq!(intent(skill, "intent=SaggarShoppingListClear"), "Shall I remove one item? [ask=1]");
            assert_eq!(event(skill, &format!("event=answer\n{answer}")), said);
            assert_eq!(event(skill, "event=answer\ntext=yes"), "");
        }
    }

    #[test]
    fn what_is_not_stored_is_not_promised() {
        mock::reset();
        let skill = &mut Shopping::new();
        for item in 0..100 {
            add(skill, &format!("{item} things with a very long name, far beyond what is sensible"));
        }
        assert_eq!(
            add(skill, "one more thing with a very long name, far beyond what is sensible"),
            "The shopping list is full. [error=1]"
        );
        assert!(mock::with(|mock| mock.stored["items"].ends_with('\n')));
        mock::with(|mock| mock.refuse = true);
        assert_eq!(add(skill, "x"), "The shopping list is full. [error=1]");
        assert_eq!(add(skill, ""), "I did not hear what to add. [error=1]");
    }
}
