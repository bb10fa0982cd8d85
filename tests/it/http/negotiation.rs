//! Methods, media types and query parameters: ASSURANCE cases 34, 35, 40, 43 and the open paths of 55.
//!
//! Invariant: whatever is refused is a problem document that names what was wrong. Read next: `src/http/middleware.rs`.

use super::raw;
use springboard::http::shared::resolve;

/// The query parameters of every list at a fixed path, each with its path.
fn lists() -> Vec<(String, String)> {
    let document = springboard::program::routes::document();
    let mut all = Vec::new();
    for (path, item) in
        document["paths"].as_object().expect("paths").iter().filter(|(path, _)| !path.contains('{'))
    {
        let parameters =
            item["get"]["parameters"].as_array().into_iter().flatten().map(|p| resolve(&document, p));
        let names = parameters.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str());
        all.extend(names.map(|name| (path.clone(), name.to_owned())));
    }
    assert!(all.iter().filter(|(_, name)| name == "limit").count() >= 5, "{all:?}");
    all
}

both! {
    fn case_40_a_method_that_a_path_does_not_have_is_a_405_with_allow(app: &TestApp) {
        for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"] {
            let answer = raw::send(
                app,
                format!("{method} /v1/reference HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes(),
            );
            assert_eq!((answer.status, answer.code().as_str()), (405, "method_not_allowed"), "{method}");
            assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"), "{method}");
        }
        let options = app.anon().send("OPTIONS", "/v1/reference", &[], None).expect(204);
        assert_eq!(options.header("allow"), "GET, HEAD, OPTIONS");
        app.anon().send("GET", "/livez", &[("x-http-method-override", "DELETE")], None).expect(200);
    }

    fn case_40_a_representation_that_there_is_not_is_a_406(app: &TestApp) {
        let get = |accept: &str| app.anon().send("GET", "/v1/reference", &[("accept", accept)], None);
        for accept in ["text/html", "application/xml", "application/json;q=0", "text/*", "image/png, text/html"] {
            get(accept).refused(406, "not_acceptable");
        }
        for accept in ["*/*", "application/json", "text/html, */*;q=0.1", "application/*", "APPLICATION/JSON"] {
            assert_eq!(get(accept).expect(200).header("content-type"), "application/json");
        }
    }

    fn case_43_a_query_parameter_is_known_given_once_and_in_range(app: &TestApp) {
        let get = |query: &str| app.anon().get(&format!("/v1/reference?{query}"));
        let unknown = get("colour=blue").refused(400, "unknown_parameter");
        assert_eq!(unknown.faults(), [("colour".to_owned(), "unknown_parameter".to_owned())]);
        get("limit=1&limit=100").refused(400, "invalid_parameter");
        for query in ["a=%00", "a=%ff", "a=%c0%80", "a=%ed%a0%80"] {
            get(query).refused(400, "invalid_parameter");
        }
        let admin = app.admin("ada");
        for (path, parameter) in lists().into_iter().filter(|(_, parameter)| parameter == "limit") {
            for value in ["-1", "0", "9e9", "1.5", "", "9223372036854775808", "1&limit=100"] {
                let answer = admin.get(&format!("{path}?{parameter}={value}")).refused(400, "invalid_parameter");
                assert_eq!(answer.faults()[0].0, parameter, "{path} {value}");
            }
            admin.get(&format!("{path}?limit=1")).expect(200);
            admin.get(&format!("{path}?limit=1&colour=blue")).refused(400, "unknown_parameter");
        }
    }

    fn case_34_no_parameter_of_a_list_is_a_language(app: &TestApp) {
        let admin = app.admin("ada");
        let one = serde_json::json!({"kind": "startup", "name": "Otter Optics", "country": "FR"});
        admin.post("/v1/organisations", &one).expect(201);
        let count = |path: &str| admin.get(path).expect(200).body["data"].as_array().map_or(0, Vec::len);
        for (path, parameter) in lists() {
            for value in ["%27%3B--", "%27+OR+%271%27%3D%271", "%25_%5C", "*+OR+NEAR(a)", "%22%29%20OR%201"] {
                let answer = admin.get(&format!("{path}?{parameter}={value}"));
                let empty = answer.status == 200 && answer.body["data"] == serde_json::json!([]);
                assert!(empty || answer.status == 400, "{path} {parameter}={value}: {}", answer.text);
            }
        }
        assert_eq!((count("/v1/organisations?state=pending"), count("/v1/sessions")), (1, 1));
    }

    fn paths_of_other_software_are_not_there(app: &TestApp) {
        for path in [
            "/.git/config", "/.env", "/metrics", "/debug", "/actuator/health", "/v1", "/v1/", "/v1/reference/",
            "/docs/../Cargo.toml", "/docs/..%2f..%2fetc/passwd", "/v1/%00", "/v1/%ff", "//v1/reference",
        ] {
            let answer = raw::send(app, format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes());
            assert_eq!(answer.status, 404, "{path} {}", answer.body);
        }
    }

    fn the_document_and_its_page_come_from_the_binary(app: &TestApp) {
        assert_eq!(app.anon().get("/openapi.json").expect(200).body, springboard::program::routes::document());
        assert_eq!(app.anon().get("/docs").header("location"), "/docs/");
        let page = app.anon().get("/docs/").expect(200);
        assert!(!page.text.contains("src=\"http") && !page.text.contains("href=\"http"), "{}", page.text);
    }

    fn every_described_operation_is_served(app: &TestApp) {
        let document = springboard::program::routes::document();
        let paths = document["paths"].as_object().expect("paths");
        for (path, item) in paths {
            let filled = |s: &str| if s.starts_with('{') { "x".to_owned() } else { s.to_owned() };
            let concrete = path.split('/').map(filled).collect::<Vec<_>>().join("/");
            let described: Vec<String> = item.as_object().expect("item").keys().map(|m| m.to_uppercase()).collect();
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                let answer = app.anon().send(method, &concrete, &[], None);
                let served = answer.status != 405;
                assert_eq!(served, described.iter().any(|m| m == method), "{method} {path}: {}", answer.text);
            }
        }
    }
}
