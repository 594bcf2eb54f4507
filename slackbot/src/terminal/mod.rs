//! pod-check in a terminal: files in, an answer out, and an exit code that a script can use.

pub mod check;
pub mod explain;
pub mod options;
mod sarif;
mod text;

pub use text::Page;
