//! The way from a module to an artifact: scan, plan, compile functions in parallel, write the object.
//!
//! Functions are compiled independently and emitted in index order, so the number of threads does not show.

use crate::backend::{Backend, Compiled, Cranelift};
use crate::cost::{Costs, StackCheck};
use crate::error::Error;
use crate::frame_check;
use crate::instance::Env;
use crate::module::{self, Body, FuncIndex, Module};
use crate::options::{Options, Placement};
use crate::symbol::Symbol;
use crate::translate;
use crate::{Artifact, object};
use cranelift_codegen::ir::{Function, UserFuncName};
use cranelift_frontend::FunctionBuilderContext;
use rayon::prelude::*;
use saggar_abi::layout::UNCHECKED_FRAME_BYTES;
use wasmparser::{FuncValidatorAllocations, FunctionBody};

/// Code behind a symbol, ready for the object.
pub(crate) struct Piece {
    pub(crate) symbol: Symbol,
    pub(crate) code: Compiled,
    pub(crate) clif: Option<String>,
}

/// Compiles a module.
pub(crate) fn compile(wasm: &[u8], options: &Options) -> Result<Artifact, Error> {
    check_options(options)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .build()
        .map_err(|error| Error::internal(format!("cannot start threads: {error}")))?;
    pool.install(|| compile_here(wasm, options)).map_err(|error| module::classify(wasm, error))
}

fn check_options(options: &Options) -> Result<(), Error> {
    const LEAST_HEADROOM: u32 = 2048;
    if options.headroom_bytes < LEAST_HEADROOM || options.stack_bytes <= options.headroom_bytes {
        return Err(Error::limit(format!(
            "{} bytes of stack with {} of headroom: the headroom must be {LEAST_HEADROOM} at least, and less than the stack",
            options.stack_bytes, options.headroom_bytes
        ))
        .help("give --stack-bytes and --headroom that fit"));
    }
    check_placement(&options.placement)
}

fn check_placement(placement: &Placement) -> Result<(), Error> {
    const LARGEST_ALIGN: u32 = 1 << 21;
    let names = [Some(&placement.section_prefix), placement.memory_section.as_ref()];
    let odd = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '$'));
    if let Some(name) = names.into_iter().flatten().find(|name| name.contains(odd)) {
        return Err(Error::limit(format!("the section name \"{name}\"")).help("use letters, digits and . _ - $"));
    }
    if placement.memory_section.as_ref().is_some_and(String::is_empty) {
        return Err(Error::limit("an empty section name").help("give --memory-section a name"));
    }
    match placement.memory_align {
        Some(align) if !align.is_power_of_two() || align > LARGEST_ALIGN => {
            Err(Error::limit(format!("an alignment of {align} bytes")).help(format!("give a power of two up to {LARGEST_ALIGN}")))
        }
        _ => Ok(()),
    }
}

fn compile_here(wasm: &[u8], options: &Options) -> Result<Artifact, Error> {
    let mut module = module::parse(wasm, &options.limits)?;
    let bodies = std::mem::take(&mut module.bodies);
    let facts = scan(&module, &bodies, options)?;
    for facts in &facts {
        module.used.merge(facts.used);
    }
    let mut env = Env::new(&module, options, facts)?;
    let costs = Costs::new(&env);
    if options.check_stack_at_entry {
        env.entry_checks = costs.entry_checks(&env);
    }
    let env = env;
    let backend = Cranelift::new(options)?;
    let operators: Vec<FunctionBody<'_>> = bodies.iter().map(|body| body.body.clone()).collect();
    let first = u32::try_from(module.imported_funcs).unwrap_or(u32::MAX);
    let mut functions: Vec<Vec<Piece>> = bodies
        .into_par_iter()
        .enumerate()
        .map_init(Worker::default, |worker, (position, body)| {
            let func = FuncIndex(first + u32::try_from(position).unwrap_or(u32::MAX));
            worker.function(&env, &backend, func, body).map_err(|error| error.in_function(module.func_label(func)))
        })
        .collect::<Vec<Result<_, Error>>>()
        .into_iter()
        .collect::<Result<_, _>>()?;
    let glue: Vec<Vec<Piece>> = translate::glue::list(&env)
        .into_par_iter()
        .map_init(Worker::default, |worker, symbol| {
            if let Symbol::ReExport(func) = symbol {
                let code = frame_check::jump(env.target.arch(), Symbol::Func(func));
                return Ok(vec![Piece { symbol, code, clif: None }]);
            }
            let function = worker.guarded(|worker| Ok(translate::glue::build(&env, symbol, &mut worker.builder)))?;
            worker.checked(&env, &backend, symbol, 0, function)
        })
        .collect::<Vec<Result<_, Error>>>()
        .into_iter()
        .collect::<Result<_, _>>()?;
    costs.add_entry_checks(&env, &operators, &mut functions, &glue)?;
    let pieces: Vec<Piece> = functions.into_iter().chain(glue).flatten().collect();
    let (exports, instantiation) = costs.report(&env, &operators, pieces.iter());
    let mut artifact = object::write(&env, &backend, pieces)?;
    (artifact.report.exports, artifact.report.instantiation) = (exports, instantiation);
    Ok(artifact)
}

fn scan(module: &Module<'_>, bodies: &[Body<'_>], options: &Options) -> Result<Vec<module::BodyFacts>, Error> {
    bodies
        .par_iter()
        .enumerate()
        .map(|(position, body)| {
            let index = FuncIndex(u32::try_from(module.imported_funcs + position).unwrap_or(u32::MAX));
            let params = module.func_type(index).params.len();
            module::scan(&body.body, params, &options.limits).map_err(|error| error.in_function(module.func_label(index)))
        })
        .collect::<Vec<_>>()
        .into_iter()
        .collect()
}

/// What a thread keeps from function to function.
#[derive(Default)]
struct Worker {
    builder: FunctionBuilderContext,
    validator: FuncValidatorAllocations,
    scratch: <Cranelift as Backend>::Scratch,
}

impl Worker {
    /// Compiles a defined function; one with a large frame becomes two pieces.
    fn function(&mut self, env: &Env<'_, '_>, backend: &Cranelift, func: FuncIndex, body: Body<'_>) -> Result<Vec<Piece>, Error> {
        let signature = translate::code::link_signature(env, env.module.func_type(func));
        let mut function = Function::with_name_signature(UserFuncName::User(Symbol::Func(func).name()), signature);
        let place = u32::try_from(body.body.range().start).unwrap_or(u32::MAX);
        self.guarded(|worker| {
            let allocations = std::mem::take(&mut worker.validator);
            worker.validator = translate::function(env, func, body, allocations, &mut worker.builder, &mut function)?;
            Ok(())
        })?;
        let symbol = match env.entry_checks.of(func) {
            StackCheck::Own => return self.checked(env, backend, Symbol::Func(func), place, function),
            StackCheck::ForAll => Symbol::Body(func),
            StackCheck::Callers => Symbol::Func(func),
        };
        Ok(vec![self.piece(env, backend, symbol, function)?])
    }

    /// Translates something. Where that fails, what it left unfinished is thrown away; a panic is an error.
    fn guarded<T>(&mut self, translate: impl FnOnce(&mut Worker) -> Result<T, Error>) -> Result<T, Error> {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| translate(self)));
        let result = result.unwrap_or_else(|_| Err(Error::internal("translation panicked")));
        if result.is_err() {
            self.builder = FunctionBuilderContext::new();
        }
        result
    }

    /// Compiles a function, and puts a check before it if its frame is large. `place` is the check's wasm offset.
    fn checked(
        &mut self,
        env: &Env<'_, '_>,
        backend: &Cranelift,
        symbol: Symbol,
        place: u32,
        function: Function,
    ) -> Result<Vec<Piece>, Error> {
        let mut piece = self.piece(env, backend, symbol, function)?;
        let frame_bytes = piece.code.frame_bytes;
        if frame_bytes <= UNCHECKED_FRAME_BYTES || crate::fault::active!(env.options, StackUnchecked) {
            return Ok(vec![piece]);
        }
        if frame_bytes >= frame_check::LARGEST_FRAME {
            return Err(Error::limit(format!("a function whose frame has {frame_bytes} bytes")).help("split the function"));
        }
        // The check in the body comes after the frame is set up; this frame is too large for that.
        piece.symbol = match symbol {
            Symbol::Func(func) => Symbol::Body(func),
            Symbol::Thunk(func) => Symbol::ThunkBody(func),
            Symbol::InstantiateBody => Symbol::InstantiateLarge,
            // Entries are called by the host, on its stack, and have the same small frame whatever they enter.
            _ => return Ok(vec![piece]),
        };
        let code = frame_check::check(env.target.arch(), frame_bytes, piece.symbol, place);
        Ok(vec![Piece { symbol, code, clif: None }, piece])
    }

    fn piece(&mut self, env: &Env<'_, '_>, backend: &Cranelift, symbol: Symbol, function: Function) -> Result<Piece, Error> {
        let listed = env.options.emit_clif || env.options.emit_asm;
        let names = if listed { names(env, &function) } else { Vec::new() };
        let clif = env.options.emit_clif.then(|| with_names(&function.display().to_string(), &names));
        let mut code = backend.compile(function, &mut self.scratch)?;
        code.asm = code.asm.map(|asm| with_names(&asm, &names));
        Ok(Piece { symbol, code, clif })
    }
}

/// What a function refers to, by the numbers under which listings show it, for the names to be put in. A stub that is only
/// referred to after optimisation is not among them: the first number that is free is its.
fn names(env: &Env<'_, '_>, function: &Function) -> Vec<String> {
    let names = function.params.user_named_funcs().values();
    names.filter_map(Symbol::from_name).map(|symbol| object::shown_name(env, symbol)).collect()
}

/// A listing with names for numbers.
fn with_names(listing: &str, names: &[String]) -> String {
    // From the last on, so that no number is taken for the beginning of another.
    names
        .iter()
        .enumerate()
        .rev()
        .fold(listing.to_string(), |text, (number, name)| text.replace(&format!("userextname{number}"), name))
}

/// Says what a module imports and exports.
pub(crate) fn inspect(wasm: &[u8], options: &Options) -> Result<crate::Interface, Error> {
    let inspect = || {
        let mut module = module::parse(wasm, &options.limits)?;
        module.bodies.clear();
        let facts = Vec::new();
        let env = Env::new(&module, options, facts)?;
        Ok(object::interface(&env))
    };
    wasmparser::Validator::new_with_features(module::SUPPORTED)
        .validate_all(wasm)
        .map_err(Error::from)
        .and_then(|_| inspect())
        .map_err(|error| module::classify(wasm, error))
}
