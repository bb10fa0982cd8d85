//! The structure of the sources, read as the compiler reads them.
//!
//! Invariant: ARCHITECTURE.md's layering is what the sources name; every rule is shown a text that breaks it. Read next:
//! [`layers`].

mod broken;
mod files;
mod graph;
mod layers;
mod parse;

use parse::File;
use std::{path::Path, sync::OnceLock};

/// The files below a folder with their texts.
pub fn sources(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, out: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("text");
                out.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    let mut all = Vec::new();
    walk(Path::new(folder), &mut all);
    all.sort();
    all
}

/// The parsed files, without those that are compiled for tests only.
fn parsed(texts: &[(String, String)]) -> Vec<File> {
    let mut files: Vec<File> = texts.iter().map(|(path, text)| File::parse(path, text)).collect();
    let tests: Vec<Vec<String>> = files.iter_mut().flat_map(|file| std::mem::take(&mut file.tests)).collect();
    files.retain(|file| !file.is_within(&tests));
    files
}

/// The files of the program, parsed once.
fn program() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| parsed(&sources("src")))
}

fn complain(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn every_file(rule: impl Fn(&File) -> Vec<String>) {
    complain(&program().iter().flat_map(rule).collect::<Vec<_>>());
}

#[test]
fn nobody_imports_against_the_layers() {
    every_file(layers::against_the_layers);
}

#[test]
fn models_are_pure() {
    every_file(layers::against_pure_models);
}

#[test]
fn libraries_stay_in_their_places() {
    every_file(layers::against_the_libraries);
}

#[test]
fn the_folders_are_in_no_circle() {
    complain(&graph::Graph::of(program()).circles());
}

#[test]
fn no_file_is_longer_than_400_lines() {
    every_file(|file| files::long(file).into_iter().collect());
}

#[test]
fn every_file_says_what_it_is() {
    let texts = sources("src").into_iter().chain(sources("tests"));
    complain(&texts.filter_map(|(path, text)| files::silent(&path, &text)).collect::<Vec<_>>());
}
