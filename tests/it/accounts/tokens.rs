//! Access tokens that somebody else made, altered or kept too long.
//!
//! Invariant: whatever is wrong with a token, the answer is 401 and nothing happens. Read next: `src/accounts/keys/mod.rs`.

use crate::harness::{Answer, TestApp, callers::PASSWORD};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use springboard::{db::schema::signing_keys, events::Act, identity::keys};
use std::{net::TcpListener, time::Duration};

/// A genuine token taken apart, and the key that signed it.
struct Forge {
    token: String,
    header: Value,
    claims: Value,
    key: SigningKey,
}

impl Forge {
    fn of(app: &TestApp) -> Self {
        app.person("ann");
        let opened = app.open_session("ann", PASSWORD).expect(201);
        let token = opened.body["access_token"].as_str().expect("token").to_owned();
        let part = |n: usize| -> Value {
            let text = token.split('.').nth(n).expect("part");
            serde_json::from_slice(&B64.decode(text).expect("base64")).expect("JSON")
        };
        let (header, claims) = (part(0), part(1));
        let secret: String = app.read(|conn| {
            use diesel::prelude::*;
            Ok(signing_keys::table.select(signing_keys::secret).first(conn)?)
        });
        let seed: [u8; 32] = STANDARD.decode(secret).expect("base64").try_into().expect("seed");
        Self { token, header, claims, key: SigningKey::from_bytes(&seed) }
    }

    fn input(header: &Value, claims: &Value) -> String {
        format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()))
    }

    /// A token with that header and those claims, signed with the genuine key.
    fn sign(&self, header: &Value, claims: &Value) -> String {
        let input = Self::input(header, claims);
        format!("{input}.{}", B64.encode(self.key.sign(input.as_bytes()).to_bytes()))
    }

    /// The genuine token with one member of the header or the claims changed; `null` removes it.
    fn with(&self, part: &str, name: &str, value: Value) -> String {
        let (mut header, mut claims) = (self.header.clone(), self.claims.clone());
        let object = if part == "header" { &mut header } else { &mut claims };
        match value {
            Value::Null => drop(object.as_object_mut().expect("object").remove(name)),
            value => object[name] = value,
        }
        self.sign(&header, &claims)
    }
}

fn call(app: &TestApp, token: &str) -> Answer {
    app.anon().with_token(token).get("/v1/me")
}

both! {
    fn case_16_tokens_with_a_foreign_algorithm_are_refused(app: &TestApp) {
        let forge = Forge::of(app);
        let before = app.revision();
        call(app, &forge.sign(&forge.header, &forge.claims)).expect(200);
        let public = forge.key.verifying_key().to_bytes();
        let hs256 = |key: &[u8]| {
            let mut header = forge.header.clone();
            header["alg"] = json!("HS256");
            let input = Forge::input(&header, &forge.claims);
            let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("key");
            mac.update(input.as_bytes());
            format!("{input}.{}", B64.encode(mac.finalize().into_bytes()))
        };
        let mut forged = vec![hs256(&public), hs256(B64.encode(public).as_bytes()), hs256(b"")];
        for alg in ["none", "None", "NONE", "RS256", "ES256", "PS512", "EdDSA ", "eddsa", "Ed448", ""] {
            let token = forge.with("header", "alg", json!(alg));
            let unsigned = format!("{}.", token.rsplit_once('.').expect("parts").0);
            forged.extend([token, unsigned]);
        }
        let stranger = SigningKey::from_bytes(&[7; 32]);
        let input = Forge::input(&forge.header, &forge.claims);
        forged.push(format!("{input}.{}", B64.encode(stranger.sign(input.as_bytes()).to_bytes())));
        forged.push(format!("{input}."));
        forged.push(input);
        for token in forged {
            call(app, &token).refused(401, "invalid_token");
        }
        assert_eq!(app.revision(), before);
    }

    fn case_16_an_altered_payload_is_refused(app: &TestApp) {
        let forge = Forge::of(app);
        let signature = forge.token.rsplit_once('.').expect("parts").1;
        let mut claims = forge.claims.clone();
        claims["exp"] = json!(claims["exp"].as_i64().expect("exp") + 1);
        call(app, &format!("{}.{signature}", Forge::input(&forge.header, &claims))).refused(401, "invalid_token");
        for text in ["", "x", "a.b", "a.b.c", "a.b.c.d", "é.é.é", &"A".repeat(7000)] {
            app.anon().send("GET", "/v1/me", &[("authorization", &format!("Bearer {}", text.replace('é', "%")))], None)
                .refused(401, "invalid_token");
        }
        for value in [format!("Basic {}", forge.token), forge.token.clone(), "Bearer".to_owned()] {
            app.anon().send("GET", "/v1/me", &[("authorization", &value)], None).refused(401, "invalid_token");
        }
        app.anon().send("GET", "/v1/me", &[("authorization", &format!("bEaReR {}", forge.token))], None).expect(200);
    }

    fn case_17_each_claim_is_checked(app: &TestApp) {
        let forge = Forge::of(app);
        let other_person = "usr_01kz5xv1c0e2s8q0000000000x";
        for name in ["iss", "aud", "exp", "sub", "sid", "jti", "iat"] {
            call(app, &forge.with("claims", name, Value::Null)).refused(401, "invalid_token");
        }
        for (name, value) in [
            ("iss", json!("https://evil.example")),
            ("aud", json!("another service")),
            ("aud", json!(["urn:springboard:api"])),
            ("sub", json!(other_person)),
            ("sub", json!("ann")),
            ("sid", json!(other_person)),
            ("exp", json!("never")),
            ("nbf", json!(forge.claims["iat"].as_i64().expect("iat") + 61)),
            ("iat", json!(forge.claims["iat"].as_i64().expect("iat") + 61)),
        ] {
            call(app, &forge.with("claims", name, value)).refused(401, "invalid_token");
        }
        for value in [json!(null), json!("JWT"), json!("rt+jwt"), json!("")] {
            call(app, &forge.with("header", "typ", value)).refused(401, "invalid_token");
        }
        call(app, &forge.with("header", "crit", json!(["exp"]))).refused(401, "invalid_token");
        call(app, &forge.with("claims", "nbf", forge.claims["iat"].clone())).expect(200);
    }

    fn case_17_an_expired_token_is_called_expired(app: &TestApp) {
        let forge = Forge::of(app);
        app.advance(Duration::from_secs(599));
        call(app, &forge.token).expect(200);
        assert_eq!(forge.claims["exp"].as_i64(), forge.claims["iat"].as_i64().map(|at| at + 600));
        app.advance(Duration::from_secs(1));
        call(app, &forge.token).refused(401, "token_expired");
    }

    fn case_18_an_unknown_key_is_refused_and_nothing_is_fetched(app: &TestApp) {
        let forge = Forge::of(app);
        let before = app.revision();
        let listener = TcpListener::bind("127.0.0.1:0").expect("listens");
        listener.set_nonblocking(true).expect("not blocking");
        let url = format!("http://{}/jwks.json", listener.local_addr().expect("address"));
        for kid in ["nobody", "../../../etc/passwd", "' OR 1=1 --", "\u{0}", ""] {
            call(app, &forge.with("header", "kid", json!(kid))).refused(401, "invalid_token");
        }
        call(app, &forge.with("header", "kid", Value::Null)).refused(401, "invalid_token");
        let stranger = SigningKey::from_bytes(&[7; 32]);
        let x = B64.encode(stranger.verifying_key().as_bytes());
        let mut header = forge.header.clone();
        header["jku"] = json!(url);
        header["x5u"] = json!(url);
        header["jwk"] = json!({"kty": "OKP", "crv": "Ed25519", "x": x});
        let foreign = Forge { key: stranger, ..Forge::of_parts(&forge) };
        call(app, &foreign.sign(&header, &forge.claims)).refused(401, "invalid_token");
        header["kid"] = json!("mine");
        call(app, &foreign.sign(&header, &forge.claims)).refused(401, "invalid_token");
        assert_eq!(listener.accept().expect_err("nobody called").kind(), std::io::ErrorKind::WouldBlock);
        assert_eq!(app.revision(), before);
    }

    fn case_19_keys_rotate_without_a_restart(app: &TestApp) {
        let published = || app.anon().get("/.well-known/jwks.json").expect(200);
        let forge = Forge::of(app);
        let act = Act::system(app.parts.edge.clock.now(), "keys rotate");
        let fresh = app.parts.edge.db.write_now(move |conn| keys::rotate(conn, &act, Duration::from_secs(60)));
        let fresh = fresh.expect("rotated");
        app.advance(Duration::from_secs(10));
        assert_eq!(published().body["keys"].as_array().map(Vec::len), Some(2));
        let kid = |token: &str| {
            let header = B64.decode(token.split('.').next().expect("header")).expect("base64");
            serde_json::from_slice::<Value>(&header).expect("JSON")["kid"].as_str().expect("kid").to_owned()
        };
        let sign_in = || app.open_session("ann", PASSWORD).expect(201).body["access_token"].as_str().expect("token").to_owned();
        assert_eq!(kid(&sign_in()), forge.header["kid"], "the new key is published, and does not sign yet");
        app.advance(Duration::from_secs(49));
        let last_of_old = sign_in();
        app.advance(Duration::from_secs(1));
        let first_of_new = sign_in();
        assert_eq!((kid(&last_of_old), kid(&first_of_new)), (kid(&forge.token), fresh.clone()));
        app.advance(Duration::from_secs(598));
        call(app, &last_of_old).expect(200);
        app.advance(Duration::from_secs(32));
        let kids = published().body["keys"].as_array().expect("keys").iter().map(|k| k["kid"].clone()).collect::<Vec<_>>();
        assert_eq!(kids, [json!(fresh)]);
        let mut claims = forge.claims.clone();
        claims["exp"] = json!(claims["exp"].as_i64().expect("exp") + 3600);
        call(app, &forge.sign(&forge.header, &claims)).refused(401, "invalid_token");
        assert!(published().body["keys"].as_array().expect("keys").iter().all(|k| k.get("d").is_none()));
    }

    fn case_19_a_key_that_another_node_made_is_known_at_once(app: &TestApp) {
        let forge = Forge::of(app);
        let act = Act::system(app.parts.edge.clock.now(), "keys rotate");
        let made = app.parts.edge.db.write_now(move |conn| keys::revoke(conn, &act)).expect("revoked");
        let seed: String = app.read(|conn| {
            use diesel::prelude::*;
            Ok(signing_keys::table.find(&made).select(signing_keys::secret).first(conn)?)
        });
        let seed: [u8; 32] = STANDARD.decode(seed).expect("base64").try_into().expect("seed");
        let other = Forge { key: SigningKey::from_bytes(&seed), ..Forge::of_parts(&forge) };
        let mut header = forge.header.clone();
        header["kid"] = json!(made);
        app.advance(Duration::from_secs(1));
        call(app, &other.sign(&header, &forge.claims)).expect(200);
        call(app, &forge.token).refused(401, "invalid_token");
    }
}

impl Forge {
    fn of_parts(other: &Forge) -> Forge {
        Forge {
            token: other.token.clone(),
            header: other.header.clone(),
            claims: other.claims.clone(),
            key: other.key.clone(),
        }
    }
}
