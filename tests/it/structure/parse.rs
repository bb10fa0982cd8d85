//! The paths that a source file names, as the compiler would resolve them within the crate.
//!
//! Invariant: what stands under `#[cfg(test)]` is not seen, and what stands in macros and attributes is. Read next:
//! [`super::layers`].

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use syn::{Attribute, Item, UseTree, punctuated::Punctuated, spanned::Spanned, visit::Visit};

/// What the rules look at in one file.
pub struct File {
    /// Where it lies, from the root of the package.
    pub path: String,
    /// The crate's own things that it names, from the crate's root: `crate::db::Conn` is `["db", "Conn"]`.
    pub ours: BTreeSet<Vec<String>>,
    /// What it names besides, as written with imported names put in: `["diesel", "prelude"]`.
    pub others: BTreeSet<Vec<String>>,
    /// The names of the traits that it derives or implements.
    pub traits: BTreeSet<String>,
    /// The modules that it declares for tests only.
    pub tests: Vec<Vec<String>>,
    /// How many lines it has without what is for tests only.
    pub lines: usize,
    module: Vec<String>,
}

impl File {
    /// Reads one file of `src`.
    pub fn parse(path: &str, text: &str) -> Self {
        let tree = syn::parse_file(text).unwrap_or_else(|e| panic!("{path}: {e}"));
        let module = module_of(path);
        let mut reader = Reader { module: module.clone(), ..Reader::default() };
        tree.items.iter().for_each(|item| reader.imports_of(item));
        reader.visit_file(&tree);
        let lines = text.lines().count() - reader.test_lines;
        let Reader { ours, others, traits, tests, .. } = reader;
        Self { path: path.to_owned(), ours, others, traits, tests, lines, module }
    }

    /// The top-level folder, or the file itself, that it belongs to; nothing for the crate's root.
    pub fn top(&self) -> Option<&str> {
        self.module.first().map(String::as_str)
    }

    /// Whether it lies in one of those test modules.
    pub fn is_within(&self, tests: &[Vec<String>]) -> bool {
        tests.iter().any(|test| self.module.starts_with(test))
    }

    /// Every path that it names.
    pub fn all(&self) -> impl Iterator<Item = &Vec<String>> {
        self.ours.iter().chain(&self.others)
    }
}

/// The module that a file is, from the crate's root.
fn module_of(path: &str) -> Vec<String> {
    let inner = path.strip_prefix("src/").unwrap_or(path);
    let inner = inner.strip_suffix(".rs").unwrap_or(inner);
    let mut module: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") || matches!(inner, "lib" | "main") {
        module.pop();
    }
    module
}

/// Whether an item is compiled for tests only.
fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let condition = attribute.meta.require_list().ok().filter(|list| list.path.is_ident("cfg"));
        condition.is_some_and(|list| {
            let text = list.tokens.to_string().replace(' ', "");
            text == "test" || text.starts_with("all(test,")
        })
    })
}

/// Every full path of a `use` tree, with the name that it is known under from there on.
fn flatten(tree: &UseTree, before: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let longer = |name: String| [before, &[name]].concat();
    match tree {
        UseTree::Path(path) => flatten(&path.tree, &longer(path.ident.to_string()), found),
        UseTree::Name(name) if name.ident == "self" => {
            found.push((before.to_vec(), before.last().cloned().unwrap_or_default()));
        }
        UseTree::Name(name) => found.push((longer(name.ident.to_string()), name.ident.to_string())),
        UseTree::Rename(name) if name.ident == "self" => {
            found.push((before.to_vec(), name.rename.to_string()))
        }
        UseTree::Rename(name) => found.push((longer(name.ident.to_string()), name.rename.to_string())),
        UseTree::Glob(_) => found.push((before.to_vec(), "*".to_owned())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, found)),
    }
}

/// The walk through one file.
#[derive(Default)]
struct Reader {
    module: Vec<String>,
    imported: BTreeMap<String, Vec<String>>,
    ours: BTreeSet<Vec<String>>,
    others: BTreeSet<Vec<String>>,
    traits: BTreeSet<String>,
    tests: Vec<Vec<String>>,
    test_lines: usize,
}

impl Reader {
    /// Notes what the `use` lines outside of functions bring in, before any path is read.
    fn imports_of(&mut self, item: &Item) {
        match item {
            Item::Use(line) if !for_tests(&line.attrs) => {
                let mut found = Vec::new();
                flatten(&line.tree, &[], &mut found);
                for (path, name) in found {
                    self.imported.entry(name).or_insert(path);
                }
            }
            Item::Mod(inner) if !for_tests(&inner.attrs) => {
                inner.content.iter().flat_map(|(_, items)| items).for_each(|item| self.imports_of(item));
            }
            _ => {}
        }
    }

    /// Notes a path; one that begins with an imported name is that of the import, continued.
    fn note(&mut self, path: Vec<String>) {
        let import =
            path.first().and_then(|first| self.imported.get(first)).filter(|full| full[0] != path[0]);
        let path = match import {
            Some(full) => [full.as_slice(), &path[1..]].concat(),
            None => path,
        };
        match self.resolved(&path) {
            Some(ours) if !ours.is_empty() => drop(self.ours.insert(ours)),
            Some(_) => {}
            None => drop(self.others.insert(path)),
        }
    }

    /// The path from the crate's root, if it says where in the crate it begins.
    fn resolved(&self, path: &[String]) -> Option<Vec<String>> {
        let mut at = match path.first()?.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => self.module.clone(),
            _ => return None,
        };
        for part in path {
            match part.as_str() {
                "crate" | "self" => {}
                "super" => drop(at.pop()),
                name => at.push(name.to_owned()),
            }
        }
        Some(at)
    }

    /// Notes every path in the tokens of a macro or of an attribute; a text may be a path as well (`with = "super::x"`).
    fn tokens(&mut self, tokens: TokenStream, before: &[String]) {
        let mut tokens = tokens.into_iter().peekable();
        let mut path = before.to_vec();
        let mut continued = !before.is_empty();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(name) => {
                    if !continued && !path.is_empty() {
                        self.note(std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                    continued = false;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' && is_colon(tokens.peek()) => {
                    tokens.next();
                    continued = !path.is_empty();
                }
                TokenTree::Group(group) => {
                    let prefix =
                        if continued && group.delimiter() == Delimiter::Brace { &path[..] } else { &[] };
                    self.branches(group.stream(), prefix);
                    if !continued && !path.is_empty() {
                        self.note(std::mem::take(&mut path));
                    }
                    (path, continued) = (Vec::new(), false);
                }
                other => {
                    if let TokenTree::Literal(text) = other {
                        self.quoted(&text.to_string());
                    }
                    if !path.is_empty() && !continued {
                        self.note(std::mem::take(&mut path));
                    }
                    (path, continued) = (Vec::new(), false);
                }
            }
        }
        if !path.is_empty() && !continued {
            self.note(path);
        }
    }

    /// Notes the paths of a group; behind `::` each branch between commas continues what stands before.
    fn branches(&mut self, tokens: TokenStream, prefix: &[String]) {
        let all: Vec<TokenTree> = tokens.into_iter().collect();
        let comma = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
        for branch in all.split(comma) {
            self.tokens(branch.iter().cloned().collect(), prefix);
        }
    }

    fn quoted(&mut self, literal: &str) {
        let text = literal.trim_matches('"');
        let ours = ["crate::", "self::", "super::"].iter().any(|start| text.starts_with(start));
        let parsed = ours.then(|| syn::parse_str::<syn::Path>(text).ok()).flatten();
        if let Some(path) = parsed {
            self.visit_path(&path);
        }
    }

    /// Counts the lines of an item that is for tests only.
    fn skip(&mut self, item: &impl Spanned) {
        let span = item.span();
        self.test_lines += span.end().line + 1 - span.start().line;
    }
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(mark)) if mark.as_char() == ':')
}

/// The attributes of what may stand alone under `#[cfg(test)]` in a module.
fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(i) => &i.attrs,
        Item::Enum(i) => &i.attrs,
        Item::Fn(i) => &i.attrs,
        Item::Impl(i) => &i.attrs,
        Item::Macro(i) => &i.attrs,
        Item::Mod(i) => &i.attrs,
        Item::Static(i) => &i.attrs,
        Item::Struct(i) => &i.attrs,
        Item::Trait(i) => &i.attrs,
        Item::Type(i) => &i.attrs,
        Item::Use(i) => &i.attrs,
        _ => &[],
    }
}

impl<'a> Visit<'a> for Reader {
    fn visit_item(&mut self, item: &'a Item) {
        if !for_tests(attributes(item)) {
            return syn::visit::visit_item(self, item);
        }
        self.skip(item);
        if let Item::Mod(module) = item {
            self.tests.push([self.module.as_slice(), &[module.ident.to_string()]].concat());
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        if for_tests(&function.attrs) {
            self.skip(function);
        } else {
            syn::visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        self.module.push(module.ident.to_string());
        syn::visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, line: &'a syn::ItemUse) {
        let mut found = Vec::new();
        flatten(&line.tree, &[], &mut found);
        found.into_iter().for_each(|(path, _)| self.note(path));
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        self.note(path.segments.iter().map(|part| part.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }

    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        match &attribute.meta {
            // A link in a description needs nothing of what it points to.
            syn::Meta::NameValue(value) if value.path.is_ident("doc") => {}
            syn::Meta::List(list) => {
                // `#[diesel(…)]` is no path into a crate of that name; `#[actix_web::get(…)]` is.
                if list.path.segments.len() > 1 {
                    self.visit_path(&list.path);
                }
                if list.path.is_ident("derive") {
                    let name = |path: syn::Path| path.segments.last().map(|part| part.ident.to_string());
                    let paths = Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
                    self.traits.extend(list.parse_args_with(paths).into_iter().flatten().filter_map(name));
                }
                self.branches(list.tokens.clone(), &[]);
            }
            _ => {}
        }
    }

    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        let implemented = item.trait_.iter().filter_map(|(_, path, _)| path.segments.last());
        self.traits.extend(implemented.map(|part| part.ident.to_string()));
        syn::visit::visit_item_impl(self, item);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.visit_path(&call.path);
        self.branches(call.tokens.clone(), &[]);
    }
}
