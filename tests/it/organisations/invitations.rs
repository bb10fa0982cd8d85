//! Inviting, accepting, withdrawing.
//!
//! Invariant: only whoever confirmed the invited address becomes a member, and only once.
//! Read next: `src/accounts/invitations/accept.rs`.

use super::{invite, join, kinds_after, nothing_happens, register, token};
use crate::harness::callers::address;
use serde_json::json;
use std::{thread, time::Duration};

const ACCEPT: &str = "/v1/invitations/acceptance";

both! {
    fn an_invited_person_becomes_a_member_once(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        let before = app.revision();
        let token = invite(app, &ann, &mine.path, "Bob@Example.org", "editor");
        assert_eq!(kinds_after(app, before), ["invitation.sent"]);
        let bob = app.person("bob");
        let before = app.revision();
        let body = json!({"token": token});
        let joined = bob.post(ACCEPT, &body).expect(201);
        assert_eq!((&joined.body["role"], &joined.body["organisation"]), (&json!("editor"), &json!(mine.id)));
        assert_eq!(kinds_after(app, before), ["membership.changed"]);
        assert_eq!(bob.get(&mine.path).expect(200).body["state"], "pending");
        let again = nothing_happens(app, || bob.post(ACCEPT, &body)).refused(409, "invalid_state");
        assert_eq!(again.body["current_state"], "accepted");
        let list = ann.get(&format!("{}/invitations", mine.path)).expect(200);
        assert_eq!(list.body["data"][0]["state"], "accepted");
    }

    fn the_mail_carries_the_token_and_says_who_invites_without_a_link_of_theirs(app: &TestApp) {
        let (ann, bob) = (app.person("ann"), app.person("bob"));
        let mine = register(&ann, "startup", "Émile: prize.example/win");
        let token = invite(app, &ann, &mine.path, "bob@example.org", "viewer");
        let mail = app.mails_to("bob@example.org").pop().expect("a mail");
        let says = format!("\"ann\" of the organisation\n\"Émile prize example win\" ({})", mine.id);
        assert!(mail.text.contains(&says) && !mail.text.contains("prize.example"), "{}", mail.text);
        assert_eq!(app.mailed_token("bob@example.org"), token);
        bob.post(ACCEPT, &json!({"token": token})).expect(201);
        let withdrawn = ann.post(&format!("{}/invitations", mine.path), &json!({"email": "eve@example.org", "role": "viewer"}));
        let id = withdrawn.expect(201).body["id"].as_str().expect("id").to_owned();
        ann.delete(&format!("/v1/invitations/{id}")).expect(204);
        assert!(app.mails_to("eve@example.org").is_empty());
    }

    fn case_45_an_ended_invitation_cannot_be_accepted_or_withdrawn_again(app: &TestApp) {
        let (ann, bob) = (app.person("ann"), app.person("bob"));
        let mine = register(&ann, "startup", "Mine");
        let body = json!({"email": "bob@example.org", "role": "viewer"});
        let sent = ann.post(&format!("{}/invitations", mine.path), &body).expect(201);
        let id = sent.body["id"].as_str().expect("id").to_owned();
        let path = format!("/v1/invitations/{id}");
        let token = json!({"token": token(app, &id)});
        ann.delete(&path).expect(204);
        let twice = nothing_happens(app, || ann.delete(&path)).refused(409, "invalid_state");
        assert_eq!(twice.body["current_state"], "withdrawn");
        let late = nothing_happens(app, || bob.post(ACCEPT, &token)).refused(409, "invalid_state");
        assert_eq!(late.body["current_state"], "withdrawn");
        let fresh = invite(app, &ann, &mine.path, "bob@example.org", "viewer");
        bob.post(ACCEPT, &json!({"token": fresh})).expect(201);
    }

    fn an_invitation_ends_after_14_days(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        let token = invite(app, &ann, &mine.path, "bob@example.org", "viewer");
        app.advance(Duration::from_secs(14 * 24 * 3600));
        let (ann, bob) = (app.sign_in("ann"), app.person("bob"));
        let late = nothing_happens(app, || bob.post(ACCEPT, &json!({"token": token})));
        assert_eq!(late.refused(409, "invalid_state").body["current_state"], "expired");
        let list = ann.get(&format!("{}/invitations", mine.path)).expect(200);
        assert_eq!(list.body["data"][0]["state"], "expired");
        invite(app, &ann, &mine.path, "bob@example.org", "viewer");
    }

    fn a_token_is_good_for_the_invited_and_confirmed_address_only(app: &TestApp) {
        let (ann, eve) = (app.person("ann"), app.person("eve"));
        let mine = register(&ann, "startup", "Mine");
        let good = invite(app, &ann, &mine.path, "bob@example.org", "owner");
        let other = nothing_happens(app, || eve.post(ACCEPT, &json!({"token": good})));
        let other = other.refused(400, "invalid_parameter");
        for bad in ["x".to_owned(), good[1..].to_owned(), format!("{}A", &good[..good.len() - 1]), "é".to_owned()] {
            let answer = nothing_happens(app, || eve.post(ACCEPT, &json!({"token": bad})));
            let answer = answer.refused(400, "invalid_parameter");
            assert_eq!((&answer.body["detail"], &answer.body["errors"]), (&other.body["detail"], &other.body["errors"]));
        }
        app.sign_up("bob");
        let early = app.sign_in("bob");
        let unproven = nothing_happens(app, || early.post(ACCEPT, &json!({"token": good})));
        unproven.refused(403, "email_not_verified");
        app.anon().post(ACCEPT, &json!({"token": good})).refused(401, "authentication_required");
        eve.get(&mine.path).refused(404, "not_found");
    }

    fn case_25_the_answer_is_the_same_for_a_known_and_an_unknown_address(app: &TestApp) {
        let (ann, _bob) = (app.person("ann"), app.person("bob"));
        let mine = register(&ann, "startup", "Mine");
        let ask = |address: &str| {
            let body = json!({"email": address, "role": "viewer"});
            let mut body = ann.post(&format!("{}/invitations", mine.path), &body).expect(201).body;
            body["id"] = json!(null);
            body["email"] = json!(null);
            body
        };
        assert_eq!(ask("bob@example.org"), ask("nobody@example.org"));
    }

    fn nobody_is_invited_twice_or_when_already_a_member(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        let path = format!("{}/invitations", mine.path);
        invite(app, &ann, &mine.path, "bob@example.org", "viewer");
        for address in ["BOB@example.org", "ann@example.org"] {
            let body = json!({"email": address, "role": "viewer"});
            nothing_happens(app, || ann.post(&path, &body)).refused(409, "duplicate");
        }
        for address in ["bob", "bob@example.org\r\nBcc: eve@example.org", "<bob@example.org>"] {
            let body = json!({"email": address, "role": "viewer"});
            let answer = nothing_happens(app, || ann.post(&path, &body)).refused(422, "validation_failed");
            assert_eq!(answer.faults()[0].0, "/email");
        }
    }

    fn only_owners_invite_list_and_withdraw(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        let (bob, _) = join(app, &ann, &mine.path, ("bob", "editor"));
        let path = format!("{}/invitations", mine.path);
        let body = json!({"email": "eve@example.org", "role": "owner"});
        nothing_happens(app, || bob.post(&path, &body)).refused(403, "forbidden");
        bob.get(&path).refused(403, "forbidden");
        let sent = ann.post(&path, &body).expect(201);
        let one = format!("/v1/invitations/{}", sent.body["id"].as_str().expect("id"));
        nothing_happens(app, || bob.delete(&one)).refused(403, "forbidden");
        let eve = app.person("eve");
        nothing_happens(app, || eve.delete(&one)).refused(404, "not_found");
    }

    fn an_organisation_cannot_flood_people_with_mails(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        for n in 0..5 {
            invite(app, &ann, &mine.path, &address(&format!("guest{n}")), "viewer");
        }
        let body = json!({"email": "guest5@example.org", "role": "viewer"});
        let path = format!("{}/invitations", mine.path);
        let answer = nothing_happens(app, || ann.post(&path, &body)).refused(429, "rate_limited");
        assert_eq!(answer.header("retry-after"), "3600");
        app.advance(Duration::from_secs(24 * 3600));
        app.sign_in("ann").post(&path, &body).expect(201);
    }

    fn two_acceptances_at_once_make_one_membership(app: &TestApp) {
        let (ann, bob) = (app.person("ann"), app.person("bob"));
        let mine = register(&ann, "startup", "Mine");
        let body = json!({"token": invite(app, &ann, &mine.path, "bob@example.org", "viewer")});
        let mut statuses = thread::scope(|scope| {
            let all = [(), ()].map(|()| scope.spawn(|| bob.post(ACCEPT, &body).status));
            all.map(|t| t.join().expect("joins"))
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
    }

    fn no_event_holds_the_invited_address(app: &TestApp) {
        let ann = app.person("ann");
        let mine = register(&ann, "startup", "Mine");
        invite(app, &ann, &mine.path, "canary@example.org", "viewer");
        let logged = app.read(|conn| springboard::events::after(conn, 0, 1000));
        assert!(!format!("{logged:?}").contains("canary"));
        let ended = app.parts.edge.clock.now().plus(Duration::from_secs(15 * 24 * 3600));
        let pruned = app.parts.edge.db.write_now(move |conn| springboard::accounts::prune(conn, ended));
        assert!(pruned.is_ok_and(|removed| removed > 0));
        let ann = app.sign_in("ann");
        let list = ann.get(&format!("{}/invitations", mine.path)).expect(200);
        assert!(!list.text.contains("canary") && list.body["data"][0]["state"] == "pending");
    }
}
