//! Request bodies: ASSURANCE cases 35, 37, 38 and the media types of 40.
//!
//! Invariant: what is refused here never reached a verb: the log has not grown. Read next: `src/http/body.rs`.

use super::raw;
use crate::harness::TestApp;
use std::io::Write;

const PATH: &str = "/v1/people";

fn sign_up(name: &str) -> String {
    format!(r#"{{"email":"ann@example.org","password":"tea at four, rain or shine","name":{name}}}"#)
}

/// Posts bytes as they are.
fn post(app: &TestApp, body: &[u8]) -> raw::RawAnswer {
    post_with(app, "Content-Type: application/json\r\n", body)
}

fn post_with(app: &TestApp, headers: &str, body: &[u8]) -> raw::RawAnswer {
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    raw::send(app, &[head.as_bytes(), body].concat())
}

#[track_caller]
fn refused(app: &TestApp, body: &[u8], status: u16, code: &str) {
    let before = app.revision();
    let answer = post(app, body);
    let shown = String::from_utf8_lossy(&body[..body.len().min(120)]).into_owned();
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{shown} {}", answer.body);
    assert_eq!(app.revision(), before, "{shown}");
}

both! {
    fn case_35_text_that_is_no_unicode_is_refused(app: &TestApp) {
        for body in [
            &sign_up(r#""\ud800""#).into_bytes()[..],
            &sign_up(r#""\udc00 x""#).into_bytes(),
            &sign_up(r#""\ud800\ud800""#).into_bytes(),
            b"{\"email\":\"\xff@example.org\"}",
            b"{\"email\":\"\xc0\x80\"}",
            b"{\"email\":\"\xed\xa0\x80\"}",
            b"{\"email\":\"a\x00b\"}",
            b"\xef\xbb\xbf{}",
            b"\xff\xfe{\x00}\x00",
        ] {
            refused(app, body, 400, "malformed_json");
        }
        refused(app, sign_up(r#""a\u0000b""#).as_bytes(), 422, "validation_failed");
    }

    fn case_37_a_document_that_is_deep_or_ambiguous_is_refused(app: &TestApp) {
        for depth in [129, 10_000, 400_000] {
            refused(app, sign_up(&format!("{}1{}", "[".repeat(depth), "]".repeat(depth))).as_bytes(), 400, "malformed_json");
            refused(app, "{\"a\":".repeat(depth / 2).as_bytes(), 400, "malformed_json");
        }
        for body in ["", " ", "{", "null null", r#"{"email":"a","email":"b"}"#, "{\"a\":1,}", "// {}\n{}", "{'a':1}", "NaN"] {
            refused(app, body.as_bytes(), 400, "malformed_json");
        }
        for body in ["[]", "null", "1", r#""text""#, "true"] {
            refused(app, body.as_bytes(), 422, "validation_failed");
        }
    }

    fn case_37_numbers_that_are_no_64_bit_integers_are_refused(app: &TestApp) {
        for number in ["1e400", "-0", "1.0", "9223372036854775808", "-9223372036854775809", "1E2"] {
            refused(app, sign_up(number).as_bytes(), 422, "validation_failed");
        }
        refused(app, sign_up("9007199254740993").as_bytes(), 422, "validation_failed");
    }

    fn every_faulty_field_is_named_at_once(app: &TestApp) {
        let body = serde_json::json!({"email": "nobody", "password": "short", "name": 7, "admin": true, "a/b~c": 1});
        let answer = app.anon().post(PATH, &body).refused(422, "validation_failed");
        let found: Vec<String> = answer.faults().into_iter().map(|(at, _)| at).collect();
        assert_eq!(found, ["/admin", "/a~1b~0c", "/email", "/name", "/password"]);
        let body = serde_json::json!({"email": "ann@example.org", "password": "tea at four, rain or shine", "role": 1});
        app.anon().post(PATH, &body).refused(422, "unknown_field");
    }

    fn case_38_a_body_of_one_byte_too_many_is_a_413(app: &TestApp) {
        let limit = app.parts.settings.body_limit;
        let padded = |size: usize| {
            let body = sign_up("\"Ann\"");
            let room = size - body.len();
            body + &" ".repeat(room)
        };
        refused(app, padded(limit + 1).as_bytes(), 413, "payload_too_large");
        assert_eq!(post(app, padded(limit).as_bytes()).status, 202);
    }

    fn case_38_a_body_that_only_announces_too_much_is_a_413_at_once(app: &TestApp) {
        let limit = app.parts.settings.body_limit;
        let mut socket = raw::connect(app);
        let head = format!("POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", limit + 1);
        socket.write_all(head.as_bytes()).expect("sent");
        let answer = raw::answer(&mut socket);
        assert_eq!((answer.status, answer.code().as_str()), (413, "payload_too_large"));
    }

    fn case_38_a_chunked_body_over_the_limit_is_a_413_before_it_ends(app: &TestApp) {
        let mut socket = raw::connect(app);
        let head = format!("POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        socket.write_all(head.as_bytes()).expect("sent");
        let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
        let chunks = app.parts.settings.body_limit / 0x10000 + 1;
        // The last chunk never comes; the server may hang up in the middle.
        let _hung_up = (0..chunks).try_for_each(|_| socket.write_all(chunk.as_bytes()));
        let answer = raw::answer(&mut socket);
        assert_eq!((answer.status, answer.code().as_str()), (413, "payload_too_large"));
    }

    fn a_body_that_ends_early_leaves_nothing(app: &TestApp) {
        let before = app.revision();
        let mut socket = raw::connect(app);
        let body = sign_up("\"Ann\"");
        let head = format!("POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len() + 1);
        socket.write_all(format!("{head}{body}").as_bytes()).expect("sent");
        socket.shutdown(std::net::Shutdown::Write).expect("closed");
        let answer = raw::answer(&mut socket);
        assert!([0, 400].contains(&answer.status), "{}", answer.head);
        assert_eq!(app.revision(), before);
    }

    fn case_40_a_media_type_or_encoding_that_is_not_read_is_a_415(app: &TestApp) {
        let body = sign_up("\"Ann\"");
        let xml = r#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#;
        let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0xae, 5, 0, 0x43, 0xbf, 0xa6, 0xa3, 2, 0, 0, 0];
        for (headers, body) in [
            ("", body.as_bytes()),
            ("Content-Type: text/plain\r\n", body.as_bytes()),
            ("Content-Type: application/x-www-form-urlencoded\r\n", b"email=a"),
            ("Content-Type: application/jsonp\r\n", body.as_bytes()),
            ("Content-Type: application/json; charset=utf-16\r\n", body.as_bytes()),
            ("Content-Type: application/xml\r\n", xml.as_bytes()),
            ("Content-Type: application/json\r\nContent-Encoding: gzip\r\n", &gzip),
            ("Content-Type: application/json\r\nContent-Encoding: br\r\n", &gzip),
            ("Content-Type: application/json\r\nContent-Encoding: identity\r\nContent-Encoding: gzip\r\n", &gzip),
        ] {
            let answer = post_with(app, headers, body);
            assert_eq!((answer.status, answer.code().as_str()), (415, "unsupported_media_type"), "{headers:?}");
        }
        for headers in ["Content-Type: Application/JSON; charset=\"UTF-8\"\r\n", "Content-Type: application/json\r\nContent-Encoding: identity\r\n"] {
            assert_eq!(post_with(app, headers, body.as_bytes()).status, 202, "{headers:?}");
        }
    }

    fn a_caller_without_a_token_hears_that_before_the_body_is_judged(app: &TestApp) {
        app.anon().post("/v1/organisations", &serde_json::json!({"x": 1})).refused(401, "authentication_required");
        let broken = app.anon().send("POST", "/v1/organisations", &[("content-type", "text/plain")], Some("{".into()));
        broken.refused(401, "authentication_required");
        let garbage = app.anon().with_token("a.b.c").post("/v1/organisations", &serde_json::json!({}));
        assert!(garbage.header("www-authenticate").contains("invalid_token"));
    }

    fn a_signed_in_person_hears_of_missing_authority_before_the_body_is_judged(app: &TestApp) {
        let ann = app.person("ann");
        for _ in 0..5 {
            ann.put("/v1/reference/corridors/FR-CN", "\"1-4\"", &serde_json::json!({"x": 1})).refused(403, "forbidden");
        }
    }
}
