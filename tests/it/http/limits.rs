//! Sizes and framing: ASSURANCE cases 38 and 39 as far as they need no body.
//!
//! Invariant: what cannot be framed is answered with a 4xx and the connection is closed. Read next: [`super::raw`].

use super::raw;

fn request(headers: &str, body: &str) -> Vec<u8> {
    format!("POST /v1/reference HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n{body}").into_bytes()
}

both! {
    fn case_39_a_url_of_16_kib_is_a_414(app: &TestApp) {
        let answer = app.anon().get(&format!("/livez?{}", "a".repeat(16 * 1024)));
        answer.refused(414, "uri_too_long");
        app.anon().get(&format!("/livez?{}", "a".repeat(7 * 1024))).expect(200);
    }

    fn case_39_headers_of_64_kib_are_a_431(app: &TestApp) {
        let long = "x".repeat(64 * 1024);
        app.anon().send("GET", "/livez", &[("x-long", &long)], None).refused(431, "headers_too_large");
    }

    fn case_39_two_hundred_headers_are_a_431(app: &TestApp) {
        let many: String = (0..200).map(|n| format!("x-{n}: 1\r\n")).collect();
        let bytes = format!("GET /livez HTTP/1.1\r\nHost: localhost\r\n{many}\r\n");
        let answer = raw::send(app, bytes.as_bytes());
        assert_eq!((answer.status, answer.closed), (431, true), "{}", answer.head);
    }

    fn case_39_a_body_that_could_be_framed_in_two_ways_is_a_400_and_the_end(app: &TestApp) {
        let smuggled = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for headers in [
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            "Content-Length: 0\r\nContent-Length: 4\r\n",
            "Content-Length: 4\r\nContent-Length: 4\r\n",
            "Content-Length: 4, 4\r\n",
            "Content-Length: +4\r\n",
            "Content-Length: -1\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            "Transfer-Encoding: identity, chunked\r\n",
        ] {
            let answer = raw::send(app, &request(headers, &format!("0\r\n\r\n{smuggled}")));
            assert_eq!((answer.status, answer.closed), (400, true), "{headers:?} {}", answer.head);
        }
    }

    fn a_request_that_is_no_http_is_a_400_and_the_end(app: &TestApp) {
        for bytes in [
            &b"GET /livez HTTP/1.1\r\n\r\n"[..],
            b"GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            b"GET /livez HTTP/1.1\r\nHost : a\r\n\r\n",
            b"GET /li\0vez HTTP/1.1\r\nHost: a\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        ] {
            let answer = raw::send(app, bytes);
            assert_eq!((answer.status, answer.closed), (400, true), "{:?}", String::from_utf8_lossy(bytes));
            assert!(!answer.head.to_lowercase().contains("actix"), "{}", answer.head);
        }
        app.anon().get("/livez").expect(200);
    }

    fn every_answer_names_its_request_and_no_software(app: &TestApp) {
        for path in ["/livez", "/nowhere", "/v1/reference", "/openapi.json", "/docs/", "/.git/config", "/metrics"] {
            let answer = app.anon().get(path);
            assert!(answer.header("x-request-id").len() >= 8, "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!((answer.header("server"), answer.header("x-powered-by")), ("", ""), "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        }
    }

    fn head_is_get_without_the_body(app: &TestApp) {
        let get = raw::send(app, b"GET /v1/reference HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let head = raw::send(app, b"HEAD /v1/reference HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assert_eq!((get.status, head.status), (200, 200));
        assert_eq!(head.header("content-length"), get.header("content-length"));
        assert_eq!((head.header("etag"), head.body.as_str()), (get.header("etag"), ""));
        let missing = raw::send(app, b"HEAD /v1/nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assert_eq!((missing.status, missing.body.as_str()), (404, ""));
    }
}
