//! The commands for people outside this repository: `saggar …`; and what other programs of commands share with them.
//!
//! This crate parses flags, reads and writes files, and calls one function of a library for each command. It
//! decides nothing about code. A module that a person hands in is only ever parsed and compiled in a child
//! process ([`guard`]), so that nothing it contains can make the command panic, hang or eat the machine.
//!
//! - [`program`]: what a program of commands does from its start to its exit code, under which name.
//! - [`commands`]: the subcommands, one file each.
//! - [`compile_args`]: the flags that say how a module is compiled.
//! - [`guard`]: parsing and compiling in a child process.
//! - [`tools`]: programs and targets that commands need, and how a fresh machine gets them.
//! - `cost`: what a module costs, for people, and against a budget.
//! - [`failure`], [`console`], [`files`]: errors, what people see, reading and writing.
#![forbid(unsafe_code)]

pub mod commands;
pub mod compile_args;
pub mod console;
mod cost;
pub mod failure;
pub mod files;
pub mod guard;
pub mod program;
pub mod tools;
mod values;
