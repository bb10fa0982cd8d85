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

diesel::table! {
    people (id) {
        id -> BigInt,
        public_id -> Text,
        state -> Text,
        admin -> Bool,
        verified_at -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    people_private (person_id) {
        person_id -> BigInt,
        email -> Text,
        email_folded -> Text,
        name -> Nullable<Text>,
        password_hash -> Text,
    }
}

diesel::table! {
    organisations (id) {
        id -> BigInt,
        public_id -> Text,
        kind -> Text,
        state -> Text,
        approver -> Bool,
        name -> Text,
        name_folded -> Text,
        country -> Nullable<Text>,
        website -> Nullable<Text>,
        demo -> Bool,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        name_skeleton -> Text,
        approved_at -> Nullable<BigInt>,
        suspension_reason -> Nullable<Text>,
    }
}

diesel::table! {
    memberships (id) {
        id -> BigInt,
        public_id -> Text,
        organisation_id -> BigInt,
        person_id -> BigInt,
        role -> Text,
        version -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    invitations (id) {
        id -> BigInt,
        public_id -> Text,
        organisation_id -> BigInt,
        invited_by -> BigInt,
        role -> Text,
        state -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    invitations_private (invitation_id) {
        invitation_id -> BigInt,
        email -> Text,
        email_folded -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        public_id -> Text,
        person_id -> BigInt,
        created_at -> BigInt,
        used_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Text,
        session_id -> BigInt,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    mailed_tokens (id) {
        id -> BigInt,
        purpose -> Text,
        person_id -> BigInt,
        password_hash -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        secret -> Text,
        public -> Text,
        created_at -> BigInt,
        activated_at -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    followers (name) {
        name -> Text,
        revision -> BigInt,
        holder -> Nullable<Text>,
        held_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    mail_deliveries (event_id) {
        event_id -> BigInt,
        state -> Text,
        attempts -> Integer,
        next_at -> BigInt,
    }
}

diesel::joinable!(people_private -> people (person_id));
diesel::joinable!(memberships -> organisations (organisation_id));
diesel::joinable!(memberships -> people (person_id));
diesel::joinable!(invitations -> organisations (organisation_id));
diesel::joinable!(invitations_private -> invitations (invitation_id));
diesel::joinable!(sessions -> people (person_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));

diesel::allow_tables_to_appear_in_same_query!(
    people,
    people_private,
    organisations,
    memberships,
    invitations,
    invitations_private,
    sessions,
    refresh_tokens,
);

diesel::table! {
    worlds (id) {
        id -> BigInt,
        public_id -> Text,
        state -> Text,
        deals -> BigInt,
        flows -> Text,
        base -> Text,
        version -> BigInt,
        created_at -> BigInt,
        activated_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        public_id -> Text,
        kind -> Text,
        alone -> Nullable<Text>,
        input -> Text,
        state -> Text,
        cancel_requested -> Bool,
        attempts -> BigInt,
        holder -> Nullable<Text>,
        beat_at -> Nullable<BigInt>,
        done -> BigInt,
        total -> BigInt,
        result -> Nullable<Text>,
        problem -> Nullable<Text>,
        created_at -> BigInt,
        started_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    recommendation_runs (id) {
        id -> BigInt,
        public_id -> Text,
        started_revision -> BigInt,
        mode -> Text,
    }
}

diesel::table! {
    recommendation_lists (run_id, profile_id) {
        run_id -> BigInt,
        profile_id -> BigInt,
        list -> Text,
    }
}

diesel::table! {
    rankings (id) {
        id -> BigInt,
        public_id -> Text,
        side -> Text,
        profile_id -> BigInt,
        profile -> Text,
        profile_revision -> BigInt,
        input -> Text,
        tables -> Text,
        question -> Text,
        basis -> Text,
        digest -> Text,
        listed -> Integer,
        created_at -> BigInt,
    }
}

diesel::table! {
    ranking_rows (ranking_id, place) {
        ranking_id -> BigInt,
        place -> Integer,
        profile_id -> BigInt,
        profile -> Text,
        revision -> BigInt,
        input -> Text,
        score -> BigInt,
        confidence -> BigInt,
        digest -> Text,
    }
}

diesel::table! {
    ranking_inputs (profile_id, revision, digest) {
        profile_id -> BigInt,
        revision -> BigInt,
        digest -> Text,
        input -> Text,
    }
}

diesel::table! {
    ranking_tables (digest) {
        digest -> Text,
        world_id -> Nullable<BigInt>,
        tables -> Text,
    }
}

diesel::table! {
    corridor_revisions (home, market, revision) {
        home -> Text,
        market -> Text,
        revision -> Integer,
        regulation -> Nullable<Integer>,
        ip -> Nullable<Integer>,
        treaty -> Nullable<Integer>,
        culture -> Nullable<Integer>,
        favoured -> Text,
        prohibited -> Bool,
        prohibited_sectors -> Text,
        reason -> Text,
        status -> Text,
        event_id -> BigInt,
        revised_at -> BigInt,
    }
}

diesel::table! {
    exchange_rates (currency, day, revision) {
        currency -> Text,
        day -> Integer,
        revision -> Integer,
        usd_per_unit -> Text,
        status -> Text,
        event_id -> BigInt,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    profiles (id) {
        id -> BigInt,
        kind -> Text,
        public_id -> Text,
        organisation_id -> BigInt,
        external_id -> Nullable<Text>,
        state -> Text,
        revision -> BigInt,
        version -> BigInt,
        demo -> Bool,
        claimable -> Bool,
        name_folded -> Text,
        amount_min_usd -> Nullable<BigInt>,
        amount_max_usd -> Nullable<BigInt>,
        founded -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
        published_at -> Nullable<BigInt>,
        confirmed_at -> Nullable<BigInt>,
        reminded_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    profile_revisions (profile_id, revision) {
        profile_id -> BigInt,
        revision -> BigInt,
        facts -> Text,
        changed -> Text,
        at -> BigInt,
        person -> Nullable<Text>,
    }
}

diesel::table! {
    portfolios (profile_id, revision) {
        profile_id -> BigInt,
        revision -> BigInt,
        deals -> Text,
        deal_count -> Integer,
    }
}

diesel::table! {
    profile_contacts (profile_id) {
        profile_id -> BigInt,
        contact -> Text,
    }
}

diesel::table! {
    profile_assessments (profile_id) {
        profile_id -> BigInt,
        assessment -> Text,
    }
}

diesel::table! {
    profile_claims (id) {
        id -> BigInt,
        public_id -> Text,
        profile_id -> BigInt,
        organisation_id -> BigInt,
        state -> Text,
        created_at -> BigInt,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    profile_tokens (profile_id, token) {
        profile_id -> BigInt,
        token -> Text,
        weight -> Integer,
    }
}

diesel::table! {
    profile_facets (profile_id, facet, value) {
        profile_id -> BigInt,
        facet -> Text,
        value -> Text,
    }
}

diesel::joinable!(profiles -> organisations (organisation_id));
diesel::joinable!(profile_claims -> profiles (profile_id));

diesel::allow_tables_to_appear_in_same_query!(
    profiles,
    profile_revisions,
    portfolios,
    profile_contacts,
    profile_assessments,
    profile_claims,
    profile_tokens,
    profile_facets,
    organisations,
);
