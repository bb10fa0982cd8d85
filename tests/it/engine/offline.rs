//! The offline commands: what they refuse and how, and that threads change nothing.
//!
//! Invariant: every test runs the real program on files and looks at its output and its exit code alone.
//! Read next: `src/cli`.

use super::golden::path;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn springboard(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_springboard"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    // A command that refuses its arguments does not read its input.
    let _closed = child.stdin.take().expect("it has an input").write_all(input.as_bytes());
    child.wait_with_output().expect("the command ends")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path is text")
}

fn score(input: &str) -> Output {
    springboard(&["score", "--world", text(&path("stories.world.json"))], input)
}

/// Exit code and standard error.
fn refusal(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn pair(startup: &str, investor: &str) -> String {
    format!(
        "{{\"startup\":{{\"id\":1,\"home\":\"RU\"{startup}}},\
         \"investor\":{{\"id\":1,\"type\":\"vc\",\"home\":\"CN\",\"markets\":[\"CN\"]{investor}}}}}\n"
    )
}

#[test]
fn two_profiles_with_nothing_but_identity_are_explained() {
    let output = score(&pair("", ""));
    let line: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert_eq!((line["market"].as_str(), line["gates"].as_array().map(Vec::len)), (Some("CN"), Some(0)));
    assert!(output.status.success());
}

#[test]
fn a_refusal_names_the_line_and_the_field() {
    let cases = [
        (r#","stage":8"#, "", "startup.stage: must be from 0 to 7, not 8"),
        (r#","stage":null"#, "", "startup.stage:"),
        (
            r#","refs":[{"country":"CN","kind":"rumour","day":1,"verified":true}]"#,
            "",
            "startup.refs[0].kind:",
        ),
        (r#","targets":{"China":1}"#, "", "startup.targets"),
        (r#","offers":{"CN":1,"CN":2}"#, "", "startup.offers: a key occurs twice"),
        (r#","sectors2":["a.a","a.b","a.c","a.d","a.e"]"#, "", "startup.sectors2: at most four"),
        (r#","colour":"red""#, "", "unknown field `colour`"),
        (r#","weights":{"sector":1}"#, "", "startup.weights: E_WEIGHT_NAME"),
        ("", r#","weights":{"sector":1001}"#, "investor.weights: the weight of sector"),
        ("", r#","stages":[3,2]"#, "investor.stages: the lower end is above the upper one"),
        ("", r#","asked":1,"answered":2"#, "answered: must not exceed asked"),
        ("", r#","portfolio":[{"round":16}]"#, "investor.portfolio[0].round: must be from 0 to 15, not 16"),
        ("", r#","focus":{"ICT":3}"#, "investor.focus"),
        ("", r#","ticket":[-1,5]"#, "investor.ticket"),
    ];
    for (startup, investor, reason) in cases {
        let (code, said) = refusal(&score(&(pair("", "") + &pair(startup, investor))));
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("line 2: ") && said.contains(reason), "{reason}: {said}");
        assert!(!said.contains("line 1") && !said.contains(": .:"), "{said}");
    }
}

#[test]
fn a_refusal_names_one_line_that_of_the_file_and_no_field_where_it_is_about_none() {
    let broken = [
        ("{\"startup\":\n", "-, line 2: startup: EOF while parsing a value (column 11)"),
        ("{} {}\n", "-, line 2: missing field `startup`"),
        ("7\n", "-, line 2: invalid type: integer `7`, expected struct Line"),
    ];
    for (line, reason) in broken {
        let (code, said) = refusal(&score(&(pair("", "") + line)));
        assert_eq!((code, said.trim_end()), (Some(1), format!("springboard: {reason}").as_str()));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let world = write(folder.path(), "world.json", "{\n  \"today\": 1,\n  \"flows\" []\n}\n");
    let (code, said) = refusal(&springboard(&["score", "--world", text(&world)], ""));
    assert!(code == Some(78) && said.ends_with("world.json: expected `:` (line 3, column 11)\n"), "{said}");
}

#[test]
fn nothing_but_zeros_is_no_weighting() {
    let names = ["access", "ticket", "value_add", "track", "comms", "responsive", "type", "mode"];
    let zeros: Vec<String> = names.iter().map(|name| format!("\"{name}\":0")).collect();
    let (code, said) = refusal(&score(&pair(&format!(",\"weights\":{{{}}}", zeros.join(",")), "")));
    assert!(code == Some(1) && said.contains("line 1: startup.weights: E_WEIGHTS_ZERO"), "{said}");
}

#[test]
fn a_world_that_cannot_be_read_is_a_configuration_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = write(
        folder.path(),
        "world.json",
        r#"{"today":1,"flows":[{"home":"RU","market":"CN","deals":4294967296}]}"#,
    );
    let (code, said) = refusal(&springboard(&["score", "--world", text(&world)], ""));
    assert!(code == Some(78) && said.contains("flows[0].deals"), "{said}");
}

#[test]
fn a_command_without_its_world_is_a_usage_error() {
    assert_eq!(springboard(&["score"], "").status.code(), Some(2));
    assert_eq!(springboard(&["rank", "--k", "many"], "").status.code(), Some(2));
}

fn write(folder: &Path, name: &str, content: &str) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, content).expect("a file can be written");
    file
}

/// Startups and investors of the golden pairs, each integer once.
fn population(folder: &Path) -> (PathBuf, PathBuf) {
    let pairs = super::golden::fixture("pairs.ndjson");
    let lines: Vec<serde_json::Value> =
        pairs.lines().take(200).map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let column = |key: &str| lines.iter().map(|line| line[key].to_string() + "\n").collect::<String>();
    (write(folder, "s.ndjson", &column("startup")), write(folder, "i.ndjson", &column("investor")))
}

fn rank(startups: &Path, investors: &Path, more: &[&str]) -> Output {
    let world = path("world.json");
    let fixed =
        ["rank", "--world", text(&world), "--startups", text(startups), "--investors", text(investors)];
    springboard(&[&fixed[..], more].concat(), "")
}

#[test]
fn a_ranking_is_in_the_order_of_the_investors_and_the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let (startups, investors) = population(folder.path());
    let (one, many) = (
        rank(&startups, &investors, &["--k", "7"]),
        rank(&startups, &investors, &["--k", "7", "--threads", "5"]),
    );
    assert!(one.status.success() && one.stdout == many.stdout);
    let ids: Vec<u64> = String::from_utf8_lossy(&one.stdout)
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line is JSON"))
        .map(|line| line["investor"].as_u64().expect("an integer"))
        .collect();
    assert_eq!(ids, (0..200).map(|n| n * 7 % 200).collect::<Vec<u64>>());
}

#[test]
fn more_than_there_are_may_be_asked_for_and_the_statistics_go_to_standard_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let (startups, investors) = population(folder.path());
    let output = rank(&startups, &investors, &["--k", "1000000", "--stats"]);
    let (code, said) = refusal(&output);
    assert_eq!(code, Some(0));
    for word in ["build", "query ms p50", "pairs per second", "resident bytes"] {
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn an_integer_used_twice_is_refused_with_both_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let startups =
        write(folder.path(), "s.ndjson", "{\"id\":5,\"home\":\"RU\"}\n\n{\"id\":5,\"home\":\"CN\"}\n");
    let investors = write(folder.path(), "i.ndjson", "");
    let (code, said) = refusal(&rank(&startups, &investors, &["--k", "1"]));
    assert!(code == Some(1) && said.contains("line 3: id: 5 is already on line 1"), "{said}");
}

/// What is said of codes that are in no table.
fn unknown(output: &Output) -> Vec<String> {
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    said.lines().filter(|line| line.contains("not in the reference data")).map(str::to_owned).collect()
}

#[test]
fn codes_that_are_in_no_table_are_counted_and_the_first_are_named_and_nothing_is_refused() {
    let one = score(&(pair("", "") + &pair(r#","targets":{"QQ":1}"#, "")));
    let matches = "a code is not in the reference data and matches only itself";
    assert_eq!(unknown(&one), [format!("springboard: -: {matches}: line 2: startup.targets QQ")]);
    let many = score(&pair(
        r#","sector":"ict.a","refs":[{"country":"XK","kind":"pilot","day":1,"verified":true}]"#,
        r#","focus":{"ict.b":1,"ict":2},"portfolio":[{"home":"ZZ","sectors":["x.y"]},{"home":"QQ"}],"exclude_sectors":["y"]"#,
    ));
    let named = "line 1: startup.refs XK, line 1: startup.sector ict.a, line 1: investor.portfolio QQ, \
                 line 1: investor.focus ict.b, line 1: investor.exclude_sectors y";
    let said =
        format!("6 codes are not in the reference data and match only themselves; the first are {named}");
    assert_eq!(unknown(&many), [format!("springboard: -: {said}")]);
    assert!(unknown(&score(&pair(r#","sector":"ict.ai","targets":{"CN":3}"#, ""))).is_empty());
}

#[test]
fn files_with_codes_that_are_in_no_table_are_ranked_and_each_is_named_with_its_first_codes() {
    let folder = tempfile::tempdir().expect("a folder");
    let startups =
        write(folder.path(), "s.ndjson", "\n{\"id\":1,\"home\":\"QQ\"}\n{\"id\":2,\"home\":\"ZZ\"}\n");
    let investor = r#"{"id":1,"type":"vc","home":"CN","markets":["CN"],"focus":{"fish":1}}"#;
    let investors = write(folder.path(), "i.ndjson", investor);
    let expected = |output: Output| {
        let said = unknown(&output);
        assert!(
            said.len() == 2
                && said[0].ends_with(
                    "s.ndjson: a code is not in the reference data and matches only itself: line 2: home QQ"
                ),
            "{said:?}"
        );
        assert!(said[1].ends_with("itself: line 1: focus fish"), "{said:?}");
        assert!(!output.stdout.is_empty());
    };
    expected(rank(&startups, &investors, &["--k", "5"]));
    expected(recommend(&startups, &investors, &[]));
}

fn recommend(startups: &Path, investors: &Path, more: &[&str]) -> Output {
    let world = path("world.json");
    let fixed =
        ["recommend", "--world", text(&world), "--startups", text(startups), "--investors", text(investors)];
    springboard(&[&fixed[..], more].concat(), "")
}

fn lines(output: &Output) -> Vec<serde_json::Value> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

/// The ids of a member of a list.
fn ids(list: &serde_json::Value, member: &str) -> Vec<u64> {
    let of = |place: &serde_json::Value| place["id"].as_u64().expect("an integer");
    list[member].as_array().expect("an array").iter().map(of).collect()
}

#[test]
fn recommendations_keep_the_cap_and_are_the_same_on_two_threads_and_in_any_order_of_the_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let (startups, investors) = population(folder.path());
    let one = recommend(&startups, &investors, &[]);
    let reversed = |name: &str, file: &Path| {
        let content = std::fs::read_to_string(file).expect("a file can be read");
        let lines: Vec<&str> = content.lines().rev().collect();
        write(folder.path(), name, &lines.join("\n"))
    };
    let (back_startups, back_investors) =
        (reversed("s2.ndjson", &startups), reversed("i2.ndjson", &investors));
    let two = recommend(&back_startups, &back_investors, &["--threads", "2"]);
    assert!(one.status.success() && one.stdout == two.stdout);
    let said = String::from_utf8_lossy(&one.stderr).into_owned();
    let progress: Vec<&str> = said.lines().filter(|line| line.ends_with(" scored")).collect();
    let scored = |side: &str, all: u64| [50, 100, 150, all].map(|n| format!("{side}: {n} of {all} scored"));
    assert_eq!(progress, [scored("investors", 198), scored("startups", 197)].concat());
    for side in ["investors", "startups"] {
        let all: Vec<serde_json::Value> = lines(&one).into_iter().filter(|l| l["side"] == side).collect();
        let (report, lists) = all.split_last().expect("a report");
        assert_eq!((&report["exact"], &report["best_of_each"]), (&true.into(), &serde_json::Value::Null));
        let report = &report["report"];
        let number = |name: &str| report[name].as_u64().expect("an integer");
        let cap = (30 * number("lists")).div_ceil(number("listed"));
        assert_eq!((number("cap"), number("lists")), (cap, lists.len() as u64));
        let taken: Vec<u64> = lists.iter().flat_map(|list| ids(list, "places")).collect();
        assert_eq!(report["taken"].as_u64(), Some(taken.len() as u64));
        let most = |id: &u64| taken.iter().filter(|other| *other == id).count();
        assert!(taken.iter().all(|id| most(id) as u64 <= cap) && !taken.is_empty());
        let displaced: usize = lists.iter().map(|list| ids(list, "displaced").len()).sum();
        assert_eq!(report["displaced"].as_u64(), Some(displaced as u64));
    }
}

#[test]
fn the_greatest_total_is_proven_keeps_the_cap_and_does_not_depend_on_threads_or_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let (startups, investors) = population(folder.path());
    let fewer: String = std::fs::read_to_string(&investors)
        .expect("a file")
        .lines()
        .take(9)
        .map(|l| l.to_owned() + "\n")
        .collect();
    let investors = write(folder.path(), "few.ndjson", &fewer);
    let back: Vec<&str> = fewer.lines().rev().collect();
    let back = write(folder.path(), "back.ndjson", &back.join("\n"));
    let max = recommend(&startups, &investors, &["--mode", "max"]);
    assert_eq!(max.stdout, recommend(&startups, &back, &["--mode", "max", "--threads", "2"]).stdout);
    let stable = recommend(&startups, &investors, &[]);
    assert_eq!(stable.stdout, recommend(&startups, &investors, &["--mode", "stable"]).stdout);
    let reports = |output: &Output| -> Vec<serde_json::Value> {
        lines(output).into_iter().filter(|l| l["report"].is_object()).map(|l| l["report"].clone()).collect()
    };
    let number = |report: &serde_json::Value, name: &str| report[name].as_u64().expect("an integer");
    let mut gained = 0;
    for (stable, max) in reports(&stable).iter().zip(&reports(&max)) {
        assert_eq!((&stable["mode"], &max["mode"]), (&"stable".into(), &"max".into()));
        assert_eq!((&stable["bound"], &max["bound"]), (&serde_json::Value::Null, &max["score"]));
        assert_eq!(stable["score_uncapped"], max["score_uncapped"]);
        assert!(number(max, "most_appearances") <= number(max, "cap"));
        assert!(number(max, "loss") <= number(stable, "loss"));
        gained += number(max, "score") - number(stable, "score");
    }
    assert!(gained > 0, "the caps bind nowhere");
    let said: Vec<String> = lines(&max)
        .iter()
        .filter_map(|l| Some(l["displaced"].as_array()?.first()?["reason"].as_str()?.to_owned()))
        .collect();
    let end = "and no other choice of lists has a greater total of scores";
    assert!(!said.is_empty() && said.iter().all(|reason| reason.ends_with(end)), "{said:?}");
}

#[test]
fn the_greatest_total_of_too_many_pairs_is_refused_before_any_is_scored() {
    let folder = tempfile::tempdir().expect("a folder");
    let all = |count: u64, line: &dyn Fn(u64) -> String| (0..count).map(line).collect::<String>();
    let startups =
        write(folder.path(), "s.ndjson", &all(2_001, &|id| format!("{{\"id\":{id},\"home\":\"RU\"}}\n")));
    let investors = write(
        folder.path(),
        "i.ndjson",
        &all(2_000, &|id| format!("{{\"id\":{id},\"type\":\"vc\",\"home\":\"CN\",\"markets\":[\"CN\"]}}\n")),
    );
    for more in [&["--mode", "max"][..], &["--mode", "max", "--exact-pairs", "1000"]] {
        let (code, said) = refusal(&recommend(&startups, &investors, more));
        assert!(code == Some(2) && said.contains("4002000 pairs") && !said.contains("scored"), "{said}");
    }
    assert_eq!(recommend(&startups, &investors, &["--mode", "best"]).status.code(), Some(2));
}

#[test]
fn an_investor_s_list_without_displacement_is_the_head_of_its_ranking() {
    let folder = tempfile::tempdir().expect("a folder");
    let (startups, investors) = population(folder.path());
    let recommended = lines(&recommend(&startups, &investors, &["--side", "investors"]));
    let ranked = lines(&rank(&startups, &investors, &["--k", "10"]));
    let mut compared = 0;
    for list in recommended.iter().filter(|l| l["displaced"].as_array().is_some_and(Vec::is_empty)) {
        let of = ranked.iter().find(|l| l["investor"] == list["id"]).expect("the investor was ranked");
        let mut head: Vec<u64> =
            of["matches"].as_array().expect("an array").iter().filter_map(|m| m[0].as_u64()).collect();
        let mut own = ids(list, "places");
        head.sort_unstable();
        own.sort_unstable();
        assert_eq!(own, head);
        compared += 1;
    }
    assert!(compared > 10, "{compared}");
}

#[test]
fn above_the_bound_only_the_best_are_looked_at_and_the_report_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (startups, investors) = population(folder.path());
    let output = recommend(&startups, &investors, &["--side", "startups", "--exact-pairs", "9999"]);
    let report = lines(&output).pop().expect("a report");
    assert_eq!((report["exact"].as_bool(), report["best_of_each"].as_u64()), (Some(false), Some(200)));
    let (code, said) =
        refusal(&recommend(&startups, &investors, &["--mode", "max", "--exact-pairs", "9999"]));
    assert!(code == Some(2) && said.contains("no more than --exact-pairs; investors have "), "{said}");
    let refused = recommend(&startups, &investors, &["--threads", "3"]);
    assert_eq!(refused.status.code(), Some(2));
}
