//! Starting failed modules anew.
//!
//! It takes longer than a frame may. Where there is a clock to keep up with, another thread does it: the module itself goes there
//! and back through a ring, so nobody waits, and while it is away nobody can call it. Without a clock it is done before the next frame.

use super::module::Module;
use super::stage::Recipe;
use rtrb::{Consumer, Producer, RingBuffer};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How long to wait before a module that does not start is tried again.
const PATIENCE: Duration = Duration::from_millis(500);

/// Where a stage sends its module.
pub(crate) enum Repair {
    /// Nowhere: it is started when it is fetched.
    AtOnce(Option<Box<dyn Module>>),
    /// To a thread.
    Elsewhere { to: Producer<Box<dyn Module>>, from: Consumer<Box<dyn Module>> },
}

impl Repair {
    /// Gives the failed module away. There is one, so the ring of one has room.
    pub(crate) fn send(&mut self, module: Box<dyn Module>) {
        match self {
            Repair::AtOnce(kept) => *kept = Some(module),
            Repair::Elsewhere { to, .. } => {
                // The thread lives as long as the stage. If it were gone, the module is dropped: a value without content.
                let _ = to.push(module);
            }
        }
    }

    /// Takes it back, started.
    pub(crate) fn fetch(&mut self, recipe: &Recipe) -> Option<Box<dyn Module>> {
        match self {
            Repair::AtOnce(kept) => {
                let mut module = kept.take()?;
                if recipe.start(module.as_mut()).is_ok() {
                    return Some(module);
                }
                *kept = Some(module);
                None
            }
            Repair::Elsewhere { from, .. } => from.pop().ok(),
        }
    }
}

/// The thread that starts modules anew, for several stages.
pub struct Workshop {
    benches: Vec<Bench>,
}

struct Bench {
    recipe: Recipe,
    from: Consumer<Box<dyn Module>>,
    to: Producer<Box<dyn Module>>,
    /// A module that did not start, and when it is tried again.
    stuck: Option<(Box<dyn Module>, std::time::Instant)>,
}

impl Default for Workshop {
    fn default() -> Workshop {
        Workshop::new()
    }
}

impl Workshop {
    /// Without stages.
    #[must_use]
    pub fn new() -> Workshop {
        Workshop { benches: Vec::new() }
    }

    /// A place for the module of a stage.
    pub(crate) fn bench(&mut self, recipe: Recipe) -> Repair {
        let (to, from_stage) = RingBuffer::new(1);
        let (to_stage, from) = RingBuffer::new(1);
        self.benches.push(Bench { recipe, from: from_stage, to: to_stage, stuck: None });
        Repair::Elsewhere { to, from }
    }

    /// Works until told to stop.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(mut self, stop: Arc<AtomicBool>) -> std::io::Result<thread::JoinHandle<()>> {
        thread::Builder::new().name("repair".to_owned()).spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                self.benches.iter_mut().for_each(Bench::work);
                thread::sleep(Duration::from_millis(2));
            }
        })
    }
}

impl Bench {
    fn work(&mut self) {
        if let Ok(module) = self.from.pop() {
            self.try_to_start(module);
        } else if let Some((_, when)) = &self.stuck
            && *when <= std::time::Instant::now()
            && let Some((module, _)) = self.stuck.take()
        {
            self.try_to_start(module);
        }
    }

    fn try_to_start(&mut self, mut module: Box<dyn Module>) {
        match self.recipe.start(module.as_mut()) {
            Ok(()) => {
                let _ = self.to.push(module);
            }
            Err(_) => self.stuck = Some((module, std::time::Instant::now() + PATIENCE)),
        }
    }
}
