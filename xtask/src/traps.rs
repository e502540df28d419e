//! Panics of the page's core, without their messages.
//!
//! A panic is a trap there, and nobody reads what it would have printed. The checks that panic
//! stay as they are; what would write the message and pass it on becomes the trap itself.

use std::path::Path;

use anyhow::Context as _;
use walrus::{FunctionBuilder, FunctionKind, Module, ModuleConfig};

/// Functions of Rust's library that never return, by how their names begin.
const PANICS: [&str; 13] = [
    "__rustc::rust_begin_unwind",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "core::cell::panic_already_",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::slice::index::slice_index_fail",
    "core::str::slice_error_fail",
    "std::alloc::rust_oom",
];

/// Those that must be there, or Rust has renamed what this knows.
const CERTAIN: [&str; 2] = ["core::panicking::panic_fmt", "core::option::unwrap_failed"];

/// The module in a file, with panics that only trap.
pub(crate) fn silence(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut module = ModuleConfig::new()
        .generate_dwarf(false)
        .parse_file(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let panics: Vec<_> = module
        .funcs
        .iter()
        .filter_map(|function| {
            let name = demangled(function.name.as_deref()?);
            let panics = PANICS.iter().any(|panic| name.starts_with(panic));
            panics.then(|| (function.id(), name))
        })
        .collect();
    for certain in CERTAIN {
        let found = panics.iter().any(|(_, name)| name == certain);
        anyhow::ensure!(found, "{certain} is not in the module");
    }
    for (id, name) in panics {
        trap(&mut module, id).with_context(|| format!("{name} cannot become a trap"))?;
    }
    Ok(module.emit_wasm())
}

fn demangled(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

/// Replaces what a function does by a trap.
fn trap(module: &mut Module, id: walrus::FunctionId) -> anyhow::Result<()> {
    let FunctionKind::Local(function) = &module.funcs.get(id).kind else {
        anyhow::bail!("it is imported");
    };
    let arguments = function.args.clone();
    let signature = module.types.get(function.ty());
    let parameters = signature.params().to_vec();
    anyhow::ensure!(signature.results().is_empty(), "it returns something");
    let mut builder = FunctionBuilder::new(&mut module.types, &parameters, &[]);
    builder.func_body().unreachable();
    module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(arguments));
    Ok(())
}
