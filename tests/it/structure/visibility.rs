//! Who may say what somebody sees, and what writes it.
//!
//! Invariant: a capability is handed out in a file of the list, and a visible value leaves through `Shown`. Read next:
//! `src/kernel/visibility.rs`, `src/kernel/shown.rs`.

use super::parse::File;
use std::collections::BTreeSet;

/// The files that hand out capabilities, each by one decision.
const DECISIONS: &[&str] = &[
    "src/accounts/invitations/model.rs",
    "src/accounts/organisations/model.rs",
    "src/identity/audience.rs",
    "src/kernel/visibility.rs",
    "src/matching/recommendations/start.rs",
    "src/notices/compose.rs",
];

/// The files that write what was shown: bodies of replies.
const WRITERS: &[&str] = &["src/http/reply.rs"];

/// A file that hands out a capability and is not in the list, or is in the list and hands out none.
pub fn capabilities(files: &[File]) -> Vec<String> {
    let named = |file: &&File| {
        let own = file.path == "src/kernel/visibility.rs";
        own || file
            .ours
            .iter()
            .any(|path| path.starts_with(&["kernel", "visibility", "Capability"].map(String::from)))
    };
    let found: BTreeSet<&str> = files.iter().filter(named).map(|file| file.path.as_str()).collect();
    let listed: BTreeSet<&str> = DECISIONS.iter().copied().collect();
    let more = found
        .difference(&listed)
        .map(|path| format!("{path} hands out a capability: audiences come from a decision"));
    let fewer = listed.difference(&found).map(|path| format!("{path} is listed and hands out no capability"));
    more.chain(fewer).collect()
}

/// The name of something visible, or of what shows it, that a file names or defines; the engine has words of its own.
fn shows<'a>(file: &'a File, visible: &BTreeSet<&str>) -> Option<&'a str> {
    let module = |name: &str| name.starts_with(char::is_lowercase);
    let ours = file.ours.iter().filter(|path| path[0] != "engine").filter_map(|path| match &path[..] {
        [.., parent, name] if module(parent) => Some(name.as_str()),
        _ => None,
    });
    let all = ours.chain(file.visible.iter().map(String::as_str));
    all.into_iter().find(|name| visible.contains(name))
}

/// A file that has to do with visible values and writes some value by itself, or answers without a reply.
pub fn written(files: &[File]) -> Vec<String> {
    let mut visible: BTreeSet<&str> =
        files.iter().flat_map(|f| f.visible.iter().map(String::as_str)).collect();
    visible.extend(["Visible", "Shown"]);
    let mut faults = Vec::new();
    for file in
        files.iter().filter(|file| file.top() != Some("kernel") && !WRITERS.contains(&file.path.as_str()))
    {
        let to =
            |path: &&Vec<String>| path.len() == 2 && path[0] == "serde_json" && path[1].starts_with("to_");
        let to = file.others.iter().find(to).map(|path| path.join("::"));
        let method = file.methods.iter().find(|name| ["json", "serialize"].contains(&name.as_str())).cloned();
        if let (Some(name), Some(by)) = (shows(file, &visible), to.or(method)) {
            faults.push(format!(
                "{} names {name} and writes by {by}: only Shown writes what is visible",
                file.path
            ));
        }
        let answers = file.all().any(|path| path.iter().any(|part| part == "HttpResponse"));
        if answers && !matches!(file.top(), Some("http" | "program")) {
            faults.push(format!("{} names HttpResponse: what answers is a Reply", file.path));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::parsed;
    use super::*;

    const WIRE: (&str, &str) =
        ("src/profiles/wire.rs", "struct View; impl Visible for View {} visible!(Row, Public: \"a\");");

    fn faults(path: &str, text: &str, rule: fn(&[File]) -> Vec<String>) -> Vec<String> {
        let texts = [WIRE, (path, text)].map(|(path, text)| (path.to_owned(), text.to_owned()));
        rule(&parsed(&texts)).into_iter().filter(|fault| fault.starts_with(path)).collect()
    }

    #[test]
    fn a_capability_in_a_handler_is_refused() {
        for text in [
            "use crate::kernel::visibility::Capability;",
            "fn f() { crate::kernel::visibility::Capability::Owner; }",
            "use crate::kernel::visibility::{Audience, Capability::Owner};",
        ] {
            assert_eq!(faults("src/profiles/api.rs", text, capabilities).len(), 1, "{text}");
        }
        assert!(
            faults("src/profiles/api.rs", "use crate::kernel::visibility::Audience;", capabilities)
                .is_empty()
        );
        assert_eq!(faults("src/identity/audience.rs", "struct S;", capabilities).len(), 1);
    }

    #[test]
    fn a_visible_value_that_something_else_writes_is_refused() {
        for text in [
            "use super::wire::View; fn f(view: &View) { serde_json::to_value(view); }",
            "use super::wire::Row; fn f(row: &Row) { serde_json::to_string(row); }",
            "use serde_json::to_vec; use crate::kernel::shown::Shown; fn f() { to_vec(&1); }",
            "use crate::kernel::visibility::Visible; fn f<T: Visible>(value: &T, response: R) { response.json(value); }",
            "struct Other; impl Visible for Other {} fn f(to: S) { Other.serialize(to); }",
            "use actix_web::HttpResponse;",
        ] {
            assert_eq!(faults("src/profiles/api.rs", text, written).len(), 1, "{text}");
        }
        for text in [
            "use super::wire::View; fn f(view: View) { Reply::ok(&Shown::new(view, audience)); }",
            "use super::model::Facts; fn f(facts: &Facts) { serde_json::to_value(facts); }",
            "use super::model::Side; fn f(facts: &Facts) { serde_json::to_value(Side::View); }",
        ] {
            assert!(faults("src/profiles/store.rs", text, written).is_empty(), "{text}");
        }
    }
}
