//! The graph of the top-level folders.
//!
//! Invariant: it has no circle. Read next: [`super::layers`].

use super::parse::File;
use std::collections::{BTreeMap, BTreeSet};

/// Which folder names which, each with the first file that does.
pub struct Graph(BTreeMap<(String, String), String>);

impl Graph {
    /// The graph of these files; the crate's root, which names all, is no part of it.
    pub fn of(files: &[File]) -> Self {
        let mut edges = BTreeMap::new();
        for (file, own) in files.iter().filter_map(|file| Some((file, file.top()?))) {
            for to in file.ours.iter().map(|used| &used[0]).filter(|to| *to != own) {
                edges.entry((own.to_owned(), to.clone())).or_insert_with(|| file.path.clone());
            }
        }
        Self(edges)
    }

    /// What can be reached from a folder, along one edge or more.
    fn reached(&self, from: &str) -> BTreeSet<&str> {
        let (mut found, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(at) = open.pop() {
            for ((_, to), _) in self.0.iter().filter(|((start, _), _)| start == at) {
                if found.insert(to.as_str()) {
                    open.push(to);
                }
            }
        }
        found
    }

    /// The edges that lie on a circle, each with an example.
    pub fn circles(&self) -> Vec<String> {
        let on = |((from, to), _): &(&(String, String), &String)| self.reached(to).contains(from.as_str());
        let line = |((from, to), path): (&(String, String), &String)| format!("{from} -> {to}, as in {path}");
        self.0.iter().filter(on).map(line).collect()
    }
}
