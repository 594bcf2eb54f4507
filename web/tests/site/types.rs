//! The report's types for JavaScript and its JSON Schema, both made from the core's types.
//!
//! `PODCHECK_WRITE=1 cargo test -p podcheck-web types` writes the files; without it they are compared.

use podcheck_core::report::{
    Agenda, AgendaQuery, Corrections, Explanation, OpportunityReport, Page, Query, Report, Summary,
};
use podcheck_web::module::workspace;
use schemars::schema_for;
use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use ts_rs::{Config, TS, TypeVisitor};

const WRITTEN_BY: &str = "PODCHECK_WRITE=1 cargo test -p podcheck-web types";

#[derive(Default)]
struct Declarations {
    config: Config,
    seen: HashSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}\n", T::decl(&self.config));
            self.by_name.insert(T::ident(&self.config), declaration);
        }
        T::visit_dependencies(self);
    }
}

#[track_caller]
fn is_current(path: &str, content: &str) {
    let path = workspace().join(path);
    if std::env::var_os("PODCHECK_WRITE").is_some() {
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("it can be made");
        fs::write(&path, content).expect("it can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == content, "{} is not current. Run: {WRITTEN_BY}", path.display());
}

#[test]
fn the_types_of_the_report_are_current() {
    let mut declarations = Declarations::default();
    declarations.visit::<Report>();
    declarations.visit::<Summary>();
    declarations.visit::<Page>();
    declarations.visit::<Query>();
    declarations.visit::<Agenda>();
    declarations.visit::<Corrections>();
    declarations.visit::<AgendaQuery>();
    declarations.visit::<Explanation>();
    declarations.visit::<OpportunityReport>();
    let declared: Vec<String> = declarations.by_name.into_values().collect();
    is_current("web/page/report.d.ts", &format!("// Written by: {WRITTEN_BY}\n\n{}", declared.join("\n")));
}

#[test]
fn the_schema_of_the_report_is_current() {
    let schema = serde_json::to_string_pretty(&schema_for!(Report)).unwrap();
    is_current("core/schema/report.schema.json", &format!("{schema}\n"));
}
