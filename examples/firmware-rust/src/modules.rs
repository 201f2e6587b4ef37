//! The two modules, and what their memories held when they were new.

use crate::equaliser::Equaliser;
use crate::hash::Hash;
use crate::report::Report;
use crate::wave::Wave;
use saggar_runtime::{Code, Memory, Trap};

/// Why the story cannot go on.
pub(crate) enum Failure {
    /// A call trapped that should not have.
    Trap,
    /// A module named a place that is not inside its memory.
    Outside,
}

impl From<Trap> for Failure {
    fn from(_: Trap) -> Failure {
        Failure::Trap
    }
}

/// The modules. Nobody else has them: a call needs them mutably, so there is never a second one inside the same module.
pub(crate) struct Modules {
    /// The decoder.
    pub(crate) wave: Wave,
    /// The equaliser.
    pub(crate) equaliser: Equaliser,
    fresh_wave: u64,
    fresh_equaliser: u64,
}

impl Modules {
    /// Takes and instantiates both.
    pub(crate) fn take(report: &mut Report) -> Option<Modules> {
        let (mut wave, mut equaliser) = (Wave::take()?, Equaliser::take()?);
        let early = wave.open(0).err().and_then(Trap::code);
        report.check("boot", "a module that is not instantiated refuses", early == Some(Code::NotInstantiated));
        let good = wave.instantiate().is_ok() && equaliser.instantiate().is_ok();
        report.check("boot", "both modules are instantiated", good);
        let (fresh_wave, fresh_equaliser) = (hash(&wave.memory()), hash(&equaliser.memory()));
        report.value("fresh.wave", fresh_wave);
        report.value("fresh.equaliser", fresh_equaliser);
        good.then_some(Modules { wave, equaliser, fresh_wave, fresh_equaliser })
    }

    /// What the decoder's memory holds.
    pub(crate) fn wave_hash(&mut self) -> u64 {
        hash(&self.wave.memory())
    }

    /// What the equaliser's memory holds.
    pub(crate) fn equaliser_hash(&mut self) -> u64 {
        hash(&self.equaliser.memory())
    }

    /// Instantiates the decoder again; whether its memory is as it was when it was new.
    pub(crate) fn restart_wave(&mut self) -> bool {
        let used = self.wave_hash();
        self.wave.instantiate().is_ok() && used != self.fresh_wave && self.wave_hash() == self.fresh_wave
    }

    /// Instantiates the equaliser again; whether its memory is as it was when it was new.
    pub(crate) fn restart_equaliser(&mut self) -> bool {
        let used = self.equaliser_hash();
        self.equaliser.instantiate().is_ok() && used != self.fresh_equaliser && self.equaliser_hash() == self.fresh_equaliser
    }
}

fn hash(memory: &Memory<'_>) -> u64 {
    memory.slice(0, memory.size_bytes()).map_or(0, |bytes| Hash::EMPTY.with(bytes).0)
}
