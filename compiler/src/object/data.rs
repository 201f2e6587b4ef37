//! Data: the module record, function records, cells, segments, and what is zero at start.

use super::Writer;
use super::symbols::{self, Binding, Place};
use crate::error::Error;
use crate::instance::GlobalPlan;
use crate::module::{ElementItem, ExportItem, MemoryIndex, TableIndex, TypeIndex};
use crate::symbol::Symbol;
use crate::translate::is_evaluated;
use ::object::SectionKind;
use saggar_abi::layout;
use saggar_abi::names::{self, Family};

/// Alignment of a linear memory: what the widest access of a host may want.
const MEMORY_ALIGN: u64 = 16;

impl Writer<'_, '_> {
    /// Places everything but cells.
    pub(crate) fn place_data(&mut self) {
        self.place_shared();
        self.place_records();
        self.place_segments();
        self.place_zero();
    }

    /// What every module of a link or a domain shares: defined weakly.
    fn place_shared(&mut self) {
        let env = self.env;
        let domain = symbols::component(env.domain());
        let section = self.loaded_section(format!(".bss.sg.domain.{domain}"), SectionKind::UninitializedData);
        let bytes = u64::from(layout::domain::SIZE.bytes(env.target.pointer_bytes()));
        let offset = self.reserve(section, bytes, 16);
        let name = format!("sg__domain__{domain}");
        self.define(Symbol::Domain, name, Binding::HiddenWeak, Place::Data(section, offset, bytes));
        for (index, canonical) in (0..).zip(&env.canonical_types) {
            if *canonical != TypeIndex(index) {
                continue;
            }
            let spelled = symbols::link_type(env, &env.module.types[index as usize]);
            let section = self.loaded_section(format!(".rodata.sg.type.{spelled}"), SectionKind::ReadOnlyData);
            // The content is the spelling, so that a linker which folds equal data cannot make two types one.
            let offset = self.object.append_section_data(section, spelled.as_bytes(), 4);
            let name = format!("sg__{}__{spelled}", Family::Type.word());
            self.define(Symbol::Type(*canonical), name, Binding::HiddenWeak, Place::Data(section, offset, spelled.len() as u64));
        }
    }

    fn place_records(&mut self) {
        let env = self.env;
        let mut record = vec![0; layout::module::SIZE as usize];
        let mut put = |offset: u32, value: u32| {
            record[offset as usize..offset as usize + 4].copy_from_slice(&value.to_le_bytes());
        };
        put(layout::module::STACK_BYTES, env.options.stack_bytes);
        put(layout::module::HEADROOM_BYTES, env.options.headroom_bytes);
        let name = symbols::module_symbol(env, Family::Module);
        self.read_only(Symbol::Module, name, Binding::Hidden, &record, 8);
        for func in &env.recorded {
            let symbol = Symbol::Record(*func);
            let name = symbols::local_name(env, symbol);
            let align = u64::from(layout::function::ALIGN);
            self.read_only(symbol, name, Binding::Local, &[0; layout::function::SIZE as usize], align);
        }
    }

    fn place_segments(&mut self) {
        let env = self.env;
        for (index, segment) in (0..).zip(&env.module.data) {
            let symbol = Symbol::Data(index);
            self.segment(symbol, segment.bytes, 8);
        }
        for (index, segment) in (0..).zip(&env.module.elements) {
            if is_evaluated(segment) {
                let bytes = segment.items.len() as u64 * u64::from(env.target.pointer_bytes());
                self.zeroed(Symbol::ElementWords(index), bytes, 8);
            } else {
                let symbol = Symbol::Elements(index);
                let zeros = vec![0; segment.items.len() * 4];
                self.segment(symbol, &zeros, 4);
            }
        }
    }

    fn place_zero(&mut self) {
        let env = self.env;
        let pointer = env.target.pointer_bytes();
        let flags = env.module.data.len() as u64 + env.module.elements.len() as u64;
        let state = symbols::module_symbol(env, Family::State);
        self.zero_named(Symbol::State, state, Binding::Hidden, u64::from(layout::state::DROPPED) + flags, 4);
        self.zeroed(Symbol::Globals, u64::from(env.global_bytes), u64::from(env.global_align));
        self.zeroed(Symbol::Slots, u64::from(env.slot_count * pointer), 8);
        for (index, plan) in (0..).zip(&env.memories) {
            if plan.slot.is_some() {
                continue;
            }
            let index = MemoryIndex(index);
            self.zeroed(Symbol::MemoryRecord(index), u64::from(layout::memory::SIZE.bytes(pointer)), 8);
            let section = self.sections.memory;
            let align = env.options.placement.memory_align.map_or(MEMORY_ALIGN, u64::from);
            let offset = self.reserve(section, plan.reserve_bytes, align);
            let symbol = Symbol::Memory(index);
            self.define(
                symbol,
                symbols::local_name(env, symbol),
                Binding::Local,
                Place::Data(section, offset, plan.reserve_bytes),
            );
            self.report.memory_bytes += plan.reserve_bytes;
        }
        for (index, plan) in (0..).zip(&env.tables) {
            if plan.slot.is_some() {
                continue;
            }
            let index = TableIndex(index);
            self.zeroed(Symbol::TableRecord(index), u64::from(layout::table::RECORD_SIZE.bytes(pointer)), 8);
            let bytes = plan.reserve * u64::from(pointer);
            self.zeroed(Symbol::Table(index), bytes, 8);
            self.report.table_bytes += bytes;
        }
    }

    fn read_only(&mut self, symbol: Symbol, name: String, binding: Binding, bytes: &[u8], align: u64) {
        let section = self.sections.read_only;
        let offset = self.object.append_section_data(section, bytes, align);
        self.define(symbol, name, binding, Place::Data(section, offset, bytes.len() as u64));
    }

    fn segment(&mut self, symbol: Symbol, bytes: &[u8], align: u64) {
        let name = symbols::local_name(self.env, symbol);
        let section = self.section_for(self.sections.read_only, SectionKind::ReadOnlyData, &name);
        let offset = self.object.append_section_data(section, bytes, align);
        self.define(symbol, name, Binding::Local, Place::Data(section, offset, bytes.len() as u64));
    }

    fn zeroed(&mut self, symbol: Symbol, bytes: u64, align: u64) {
        let name = symbols::local_name(self.env, symbol);
        self.zero_named(symbol, name, Binding::Local, bytes, align);
    }

    fn zero_named(&mut self, symbol: Symbol, name: String, binding: Binding, bytes: u64, align: u64) {
        let section = self.sections.zero;
        let offset = self.reserve(section, bytes, align);
        self.define(symbol, name, binding, Place::Data(section, offset, bytes));
    }

    /// Places the cell of an exported memory, table or global.
    pub(crate) fn place_cell(&mut self, item: ExportItem) -> Result<Place, Error> {
        let env = self.env;
        let import = match item {
            ExportItem::Table(index) => env.module.tables[index.index()].import,
            ExportItem::Memory(index) => env.module.memories[index.index()].import,
            ExportItem::Global(index) => env.module.globals[index.index()].import,
            ExportItem::Func(_) => None,
        };
        let (target, addend) = match (import, item) {
            (Some(import), _) => {
                let position = u32::try_from(import).unwrap_or(u32::MAX);
                (Symbol::Cell(position), i64::from(layout::cell::INDIRECT))
            }
            (None, ExportItem::Table(index)) => (Symbol::TableRecord(index), 0),
            (None, ExportItem::Memory(index)) => (Symbol::MemoryRecord(index), 0),
            (None, ExportItem::Global(index)) => match env.globals[index.index()] {
                GlobalPlan::Own(offset) | GlobalPlan::Literal(_, offset) => (Symbol::Globals, i64::from(offset)),
                GlobalPlan::Slot(_) => return Err(Error::internal("an imported global is not marked as imported")),
            },
            (None, ExportItem::Func(_)) => return Err(Error::internal("functions have no cells")),
        };
        let section = self.sections.read_only;
        let offset = self.object.append_section_data(section, &[0; layout::cell::SIZE as usize], 4);
        self.self_relative(offset, target, addend)?;
        Ok(Place::Data(section, offset, u64::from(layout::cell::SIZE)))
    }

    /// Fills in the references of records and segments.
    pub(crate) fn relocate_data(&mut self) -> Result<(), Error> {
        let env = self.env;
        let module = self.read_only_offset(Symbol::Module)?;
        for (field, symbol) in [
            (layout::module::DOMAIN, Symbol::Domain),
            (layout::module::STATE, Symbol::State),
            (layout::module::INSTANTIATE, Symbol::InstantiateBody),
        ] {
            self.self_relative(module + u64::from(field), symbol, 0)?;
        }
        self.refer_to_unused_imports()?;
        let version = self.undefined(names::ABI_VERSION_SYMBOL.to_string());
        self.self_relative_to(self.sections.read_only, module + u64::from(layout::module::ABI_VERSION), version, 0)?;
        for func in &env.recorded {
            let record = self.read_only_offset(Symbol::Record(*func))?;
            self.self_relative(record + u64::from(layout::function::CODE), Symbol::Func(*func), 0)?;
            let ty = env.type_symbol(env.module.funcs[func.index()].ty);
            self.self_relative(record + u64::from(layout::function::TYPE), ty, 0)?;
        }
        for (index, segment) in (0..).zip(&env.module.elements) {
            if is_evaluated(segment) {
                continue;
            }
            let Some(Place::Data(section, start, _)) = self.place(Symbol::Elements(index)) else {
                return Err(Error::internal(format!("element segment {index} has no place")));
            };
            for (position, item) in (0..).zip(&segment.items) {
                if let ElementItem::Func(func) = item {
                    let record = self.symbol_id(Symbol::Record(*func))?;
                    self.self_relative_to(section, start + position * 4, record, 0)?;
                }
            }
        }
        Ok(())
    }

    /// Refers to every import that no code refers to: a linker asks only for symbols that a relocation names, and an
    /// import that nobody provides must not link.
    fn refer_to_unused_imports(&mut self) -> Result<(), Error> {
        for name in symbols::import_symbols(self.env) {
            if self.is_undefined(&name) {
                continue;
            }
            let section = self.sections.read_only;
            let offset = self.object.append_section_data(section, &[0; 4], 4);
            let symbol = self.undefined(name);
            self.self_relative_to(section, offset, symbol, 0)?;
        }
        Ok(())
    }

    fn read_only_offset(&self, symbol: Symbol) -> Result<u64, Error> {
        match self.place(symbol) {
            Some(Place::Data(_, offset, _)) => Ok(offset),
            _ => Err(Error::internal(format!("{symbol:?} has no place in read-only data"))),
        }
    }
}
