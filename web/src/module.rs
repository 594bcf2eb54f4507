//! The core as a WebAssembly module, with the JavaScript that calls it.

use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";

/// The module and the JavaScript around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// The WebAssembly module, without names and producers.
    pub wasm: Vec<u8>,
    /// Statements that declare the class for the page, and the functions that the WebAssembly module imports.
    pub glue: String,
    /// What it imports, by the name of the module it imports from: all that its code can call.
    pub imports: BTreeMap<String, BTreeSet<String>>,
}

/// The root of the workspace.
pub fn workspace() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Compiles the core for the browser and binds it.
///
/// # Errors
/// When the target is missing and cannot be added, with the one command to run; when the core does not compile.
pub fn build() -> Result<Module> {
    ensure_target()?;
    let wasm = compile()?;
    // The bundler's form is the only one whose glue has no code that loads the module over the network.
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&wasm).typescript(false).remove_name_section(true).remove_producers_section(true);
    let mut output = bindgen.bundler(true)?.generate_output()?;
    let snippets = output.snippets().values().flatten().count() + output.local_modules().len();
    ensure!(snippets == 0, "The module brings JavaScript of its own, which the page does not carry.");
    let glue = output.start().map(|glue| without_exports(glue)).context("wasm-bindgen made no glue")?;
    let mut imports = BTreeMap::<_, BTreeSet<_>>::new();
    for import in output.wasm().imports.iter() {
        imports.entry(import.module.clone()).or_default().insert(import.name.clone());
    }
    Ok(Module { wasm: output.wasm_mut().emit_wasm(), glue, imports })
}

/// ES module source as the body of a function: its declarations without `export`, its imports left out.
pub fn without_exports(source: &str) -> String {
    let mut body = String::with_capacity(source.len());
    let mut is_import = false;
    for line in source.lines() {
        is_import |= line.starts_with("import ");
        if is_import {
            is_import = !line.trim_end().ends_with(';');
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        body.push_str(&line[..indent]);
        body.push_str(line[indent..].strip_prefix("export ").unwrap_or(&line[indent..]));
        body.push('\n');
    }
    body
}

/// Whether the compiler can make WebAssembly.
pub fn has_target() -> bool {
    let sysroot = Command::new(rustc()).args(["--print", "sysroot"]).current_dir(workspace()).output();
    let Ok(sysroot) = sysroot else { return false };
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
    sysroot.join("lib/rustlib").join(TARGET).is_dir()
}

fn ensure_target() -> Result<()> {
    if has_target() {
        return Ok(());
    }
    let added = Command::new("rustup").args(["target", "add", TARGET]).current_dir(workspace()).status();
    if added.is_ok_and(|status| status.success()) && has_target() {
        return Ok(());
    }
    bail!("The WebAssembly target is missing. Run: rustup target add {TARGET}")
}

fn compile() -> Result<PathBuf> {
    let root = workspace();
    // A directory of its own: the outer cargo holds the lock of the usual one while it runs this.
    let target_dir = root.join("target/site");
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--locked", "--package", "podcheck-wasm", "--lib"])
        .args(["--target", TARGET, "--profile", PROFILE, "--target-dir"])
        .arg(&target_dir)
        .env("CARGO_ENCODED_RUSTFLAGS", remapped_paths(root))
        .current_dir(root)
        .status()
        .context("cargo could not be started")?;
    ensure!(status.success(), "The core could not be compiled for the browser; the compiler says why above.");
    Ok(target_dir.join(TARGET).join(PROFILE).join("podcheck_wasm.wasm"))
}

/// The module would otherwise hold the paths of this machine, and differ from one to the next.
fn remapped_paths(root: &Path) -> String {
    let home =
        env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| env::home_dir().map(|h| h.join(".cargo")));
    let home =
        home.map(|home| format!("--remap-path-prefix={}=cargo\x1f", home.display())).unwrap_or_default();
    format!("{home}--remap-path-prefix={}=.", root.display())
}

fn rustc() -> OsString {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_becomes_statements() {
        let source = "import { a } from './a.js';\nimport {\n  b,\n} from './b.js';\nexport const c = a;\n  export class D {}\n";
        assert_eq!(without_exports(source), "const c = a;\n  class D {}\n");
    }
}
