//! The tables, once for both databases.
//!
//! Invariant: the parity test compares these tables with what the migrations make on either database.
//! Read next: the `store.rs` of a feature.
#![expect(missing_docs, reason = "diesel's table! generates the items; the migrations say what they hold")]

diesel::table! {
    events (id) {
        id -> BigInt,
        public_id -> Text,
        at -> BigInt,
        kind -> Text,
        subject -> Text,
        subject_number -> BigInt,
        person -> Nullable<Text>,
        organisation -> Nullable<Text>,
        request -> Text,
        data -> Text,
    }
}

diesel::table! {
    event_seals (event_id) {
        event_id -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    idempotency_keys (scope, key) {
        scope -> Text,
        key -> Text,
        fingerprint -> Text,
        status -> Integer,
        headers -> Text,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    secrets (name) {
        name -> Text,
        value -> Text,
    }
}
