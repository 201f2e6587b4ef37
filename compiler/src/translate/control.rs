//! Blocks, branches and returns (spec section 4.4.8).
//!
//! Every frame has one Cranelift block for its label, whose parameters are the label's operands. Code after an
//! unconditional branch is unreachable until the frame ends: it is validated but not translated.

use super::{Translator, block_type};
use crate::error::Error;
use crate::module::FuncIndex;
use cranelift_codegen::ir::{Block, BlockArg, BlockCall, InstBuilder, JumpTableData, Type, Value};
use saggar_abi::trap::Code;
use wasmparser::{BlockType, BrTable, ValType, ValidatorResources};

/// What opened a frame.
enum Kind {
    Block,
    Loop { header: Block },
    If { otherwise: Block, params: Vec<Value> },
    Else,
}

/// An open block.
pub(super) struct Frame {
    kind: Kind,
    /// Where the frame ends; its parameters are the results.
    end: Block,
    param_count: usize,
    result_count: usize,
    /// Height of the operand stack below the frame's parameters.
    height: usize,
    /// Whether the frame was entered at all.
    entered: bool,
    /// Whether anything jumps to `end`.
    end_used: bool,
    /// Whether a branch does.
    branched: bool,
}

impl Translator<'_, '_> {
    pub(super) fn push_function_frame(&mut self, func: FuncIndex) {
        let env = self.code.env;
        let results = env.clif_types_of(&env.module.func_type(func).results);
        let end = self.label(&results);
        self.frames.push(Frame {
            kind: Kind::Block,
            end,
            param_count: 0,
            result_count: results.len(),
            height: 0,
            entered: true,
            end_used: false,
            branched: false,
        });
    }

    /// `block`, `loop`, `if`.
    pub(super) fn open(&mut self, operator: Opening, ty: BlockType, resources: &ValidatorResources) -> Result<(), Error> {
        let (params, results) = block_type(resources, ty);
        let (params, results) = (self.clif_types(&params)?, self.clif_types(&results)?);
        if !self.reachable {
            // Only the nesting matters; the label is never used.
            let end = self.code.builder.create_block();
            self.frames.push(Frame {
                kind: Kind::Block,
                end,
                param_count: params.len(),
                result_count: results.len(),
                height: self.stack.len(),
                entered: false,
                end_used: false,
                branched: false,
            });
            return Ok(());
        }
        let condition = matches!(operator, Opening::If).then(|| self.pop());
        let end = self.label(&results);
        let height = self.stack.len() - params.len();
        let kind = match operator {
            Opening::Block => Kind::Block,
            Opening::Loop => {
                let header = self.label(&params);
                let args = self.pop_many(params.len());
                self.jump(header, &args);
                self.code.builder.switch_to_block(header);
                self.stack.extend_from_slice(self.code.builder.block_params(header));
                self.code.meter_loop();
                self.code.end_meter_block();
                Kind::Loop { header }
            }
            Opening::If => {
                let (then, otherwise) = (self.code.builder.create_block(), self.code.builder.create_block());
                self.code.branch(condition.expect("an if has a condition"), then, &[], otherwise);
                self.code.builder.seal_block(then);
                self.code.builder.seal_block(otherwise);
                self.code.builder.switch_to_block(then);
                self.code.end_meter_block();
                Kind::If { otherwise, params: self.stack[height..].to_vec() }
            }
        };
        self.frames.push(Frame {
            kind,
            end,
            param_count: params.len(),
            result_count: results.len(),
            height,
            entered: true,
            end_used: false,
            branched: false,
        });
        Ok(())
    }

    /// `else`.
    pub(super) fn otherwise(&mut self) {
        if !self.frames.last().is_some_and(|frame| frame.entered) {
            return;
        }
        self.leave_to_end();
        let frame = self.frames.last_mut().expect("validated: else has a frame");
        if let Kind::If { otherwise, params } = std::mem::replace(&mut frame.kind, Kind::Else) {
            self.stack.truncate(frame.height);
            self.stack.extend(params);
            self.code.builder.switch_to_block(otherwise);
            self.code.end_meter_block();
            self.reachable = true;
        }
    }

    /// `end`, of the function's body too.
    pub(super) fn end(&mut self) {
        if !self.frames.last().is_some_and(|frame| frame.entered) {
            self.frames.pop();
            return;
        }
        self.leave_to_end();
        let mut frame = self.frames.pop().expect("validated: end has a frame");
        if frame.branched || matches!(frame.kind, Kind::If { .. } | Kind::Else) {
            self.code.end_meter_block();
        }
        match frame.kind {
            Kind::Loop { header } => self.code.builder.seal_block(header),
            Kind::If { otherwise, params } => {
                // No else: parameters and results are the same.
                self.code.builder.switch_to_block(otherwise);
                self.jump(frame.end, &params);
                frame.end_used = true;
            }
            Kind::Block | Kind::Else => {}
        }
        self.stack.truncate(frame.height);
        self.code.builder.seal_block(frame.end);
        self.reachable = frame.end_used;
        if self.reachable {
            self.code.builder.switch_to_block(frame.end);
            self.stack.extend_from_slice(self.code.builder.block_params(frame.end));
            if self.frames.is_empty() {
                self.return_results(frame.result_count);
            }
        }
    }

    /// Leads the current path, if there is one, to the end of the innermost frame.
    fn leave_to_end(&mut self) {
        if !self.reachable {
            return;
        }
        let frame = self.frames.last_mut().expect("validated: a frame is open");
        frame.end_used = true;
        let (end, count) = (frame.end, frame.result_count);
        let results = self.pop_many(count);
        self.jump(end, &results);
    }

    /// `br`.
    pub(super) fn branch(&mut self, depth: u32) {
        let (target, count) = self.target(depth);
        let args = self.pop_many(count);
        self.jump(target, &args);
        self.reachable = false;
    }

    /// `br_if`.
    pub(super) fn branch_if(&mut self, depth: u32) {
        let condition = self.pop();
        let (target, count) = self.target(depth);
        let args: Vec<BlockArg> = self.stack[self.stack.len() - count..].iter().map(|value| BlockArg::Value(*value)).collect();
        let next = self.code.builder.create_block();
        self.code.branch(condition, target, &args, next);
        self.code.builder.seal_block(next);
        self.code.builder.switch_to_block(next);
        self.code.end_meter_block();
    }

    /// `br_table`.
    pub(super) fn branch_table(&mut self, table: &BrTable<'_>) -> Result<(), Error> {
        let mut index = self.pop();
        if crate::fault::active!(self.code.env.options, BranchTableShifted) {
            index = self.code.builder.ins().iadd_imm_s(index, 1);
        }
        let (default, count) = self.target(table.default());
        let args: Vec<BlockArg> = self.pop_many(count).into_iter().map(BlockArg::Value).collect();
        let default = self.block_call(default, &args);
        let mut targets = Vec::with_capacity(table.len() as usize);
        for depth in table.targets() {
            let (target, _) = self.target(depth?);
            targets.push(self.block_call(target, &args));
        }
        let jump_table = self.code.builder.create_jump_table(JumpTableData::new(default, &targets));
        self.code.builder.ins().br_table(index, jump_table);
        self.reachable = false;
        Ok(())
    }

    /// `return`.
    pub(super) fn return_(&mut self) {
        let count = self.frames[0].result_count;
        self.return_results(count);
    }

    fn return_results(&mut self, count: usize) {
        let results = self.pop_many(count);
        self.code.store_fuel();
        self.code.builder.ins().return_(&results);
        self.reachable = false;
    }

    /// `unreachable`.
    pub(super) fn unreachable(&mut self) {
        // Without the marker Cranelift would turn a branch to this trap into a conditional trap at the place of the branch.
        self.code.builder.ins().sequence_point();
        self.trap(Code::Unreachable);
    }

    fn block_call(&mut self, block: Block, args: &[BlockArg]) -> BlockCall {
        self.code.builder.func.dfg.block_call(block, args)
    }

    fn jump(&mut self, block: Block, args: &[Value]) {
        let args: Vec<BlockArg> = args.iter().map(|value| BlockArg::Value(*value)).collect();
        self.code.builder.ins().jump(block, &args);
    }

    /// The block that a label stands for, and how many operands it takes.
    fn target(&mut self, depth: u32) -> (Block, usize) {
        let index = self.frames.len() - 1 - depth as usize;
        let frame = &mut self.frames[index];
        match frame.kind {
            Kind::Loop { header } => (header, frame.param_count),
            _ => {
                (frame.end_used, frame.branched) = (true, true);
                (frame.end, frame.result_count)
            }
        }
    }

    fn label(&mut self, types: &[Type]) -> Block {
        let block = self.code.builder.create_block();
        for ty in types {
            self.code.builder.append_block_param(block, *ty);
        }
        block
    }

    fn clif_types(&self, types: &[ValType]) -> Result<Vec<Type>, Error> {
        let types: Vec<_> = types.iter().map(|ty| crate::module::value_type(*ty)).collect::<Result<_, _>>()?;
        Ok(self.code.env.clif_types_of(&types))
    }
}

/// Which operator opens a frame.
#[derive(Clone, Copy)]
pub(super) enum Opening {
    Block,
    Loop,
    If,
}
