//! Every kind of caller, and the world whose things they aim at.
//!
//! Invariant: `Caller::ALL` is the order of the columns of the table. Read next: [`super::table`].

use crate::harness::{
    Answer, Client, TestApp,
    callers::{PASSWORD, address},
};
use crate::matching::{investor_facts, startup_facts};
use crate::organisations::{Registered, invite, join, register, text};
use serde_json::{Value, json};
use std::collections::HashMap;

macro_rules! callers {
    ($($(#[doc = $doc:literal])* $name:ident $word:literal),* $(,)?) => {
        /// A kind of caller.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Caller { $($(#[doc = $doc])* $name),* }

        impl Caller {
            pub const ALL: &[Caller] = &[$(Caller::$name),*];

            /// The head of the caller's column.
            pub fn word(self) -> &'static str {
                match self { $(Caller::$name => $word),* }
            }
        }
    };
}

callers! {
    /// Nobody: no token.
    Visitor "vis",
    /// A token that no node of ours made.
    Garbage "gar",
    /// Somebody without an organisation.
    Stranger "str",
    /// An owner of the organisations aimed at.
    Owner "own",
    /// An editor of them.
    Editor "edi",
    /// A viewer of them.
    Viewer "vie",
    /// An owner of another startup's organisation.
    Startup "sta",
    /// An owner of another investor's organisation.
    Investor "inv",
    /// An owner of an organiser's organisation that may not approve others.
    Organiser "org",
    /// An owner of organisations that wait for approval, who aims at those.
    Pending "pen",
    /// An owner of organisations that were suspended, who aims at those.
    Suspended "sus",
    /// Somebody who is suspended, with a token from before.
    Barred "bar",
    /// A platform admin.
    Admin "adm",
}

/// What belongs to one owner.
#[derive(Clone)]
struct Things {
    startups: Registered,
    investors: Registered,
    startup: String,
    investor: String,
    membership: String,
    invitation: String,
}

fn id(answer: &Answer) -> String {
    text(&answer.body, "id").to_owned()
}

/// A draft of an organisation; its path.
fn draft(owner: &Client, plural: &str, organisation: &Registered, mut facts: Value) -> String {
    facts["organisation"] = json!(organisation.id);
    facts["name"] = json!(format!("Profile of {}", organisation.id));
    owner.post(&format!("/v1/{plural}"), &facts).expect(201).header("location").to_owned()
}

fn last(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

impl Things {
    /// Two organisations that wait for approval, a draft of each, a member and an invitation of the first.
    fn new(app: &TestApp, owner: &Client, name: &str) -> Self {
        let [startups, investors] =
            ["startup", "investor"].map(|kind| register(owner, kind, &format!("{name} {kind}")));
        let startup = last(&draft(owner, "startups", &startups, startup_facts()));
        let investor = last(&draft(owner, "investors", &investors, investor_facts()));
        let (_, mate) = join(app, owner, &startups.path, (&format!("{name}-mate"), "viewer"));
        let invited = json!({"email": format!("{name}-guest@example.org"), "role": "viewer"});
        let invited = owner.post(&format!("{}/invitations", startups.path), &invited).expect(201);
        Self { startups, investors, startup, investor, membership: id(&mate), invitation: id(&invited) }
    }

    /// Lets both organisations in and publishes their profiles.
    fn let_in(self, admin: &Client, owner: &Client) -> Self {
        for organisation in [&self.startups, &self.investors] {
            admin.post_empty(&format!("{}/approval", organisation.path)).expect(200);
        }
        owner.post_empty(&format!("/v1/startups/{}/publication", self.startup)).expect(200);
        owner.post_empty(&format!("/v1/investors/{}/publication", self.investor)).expect(200);
        self
    }
}

impl Things {
    /// A ranking of the investor and one of the startup.
    fn saved_rankings(&self, owner: &Client) -> [String; 2] {
        let profiles = [("investors", &self.investor), ("startups", &self.startup)];
        profiles.map(|(kind, profile)| {
            id(&owner.post_empty(&format!("/v1/{kind}/{profile}/rankings")).expect(201))
        })
    }
}

/// The things that calls are aimed at, and everybody who calls.
#[derive(Clone)]
pub struct World {
    clients: HashMap<Caller, Client>,
    things: Things,
    pending: Things,
    suspended: Things,
    second_mate: String,
    organiser: String,
    person: String,
    session: String,
    claim: String,
    world: String,
    run: String,
    /// One to be deleted by an owner and one to be deleted by an editor.
    rankings: [String; 2],
}

/// A claim of an uninvolved startup on a profile that an organiser made.
fn claim(owner: &Client, organiser: &Registered, claimant: &Client) -> String {
    let claimed = draft(owner, "startups", organiser, startup_facts());
    owner.post_empty(&format!("{claimed}/publication")).expect(200);
    let claim = json!({"organisation": claimant.get("/v1/me").body["memberships"][0]["organisation"]});
    id(&claimant.post(&format!("{claimed}/claims"), &claim).expect(201))
}

impl World {
    pub fn new(app: &TestApp) -> Self {
        let mut clients = HashMap::from([(Caller::Visitor, app.anon()), (Caller::Admin, app.admin("root"))]);
        let garbage = app.anon().with_token("eyJhbGciOiJub25lIn0.e30.");
        clients.insert(Caller::Garbage, garbage);
        let people = [Caller::Stranger, Caller::Owner, Caller::Pending, Caller::Suspended, Caller::Barred];
        clients.extend(people.map(|caller| (caller, app.person(caller.word()))));
        let (admin, owner) = (clients[&Caller::Admin].clone(), clients[&Caller::Owner].clone());
        let things = Things::new(app, &owner, "own").let_in(&admin, &owner);
        let pending = Things::new(app, &clients[&Caller::Pending], "pen");
        let founder = &clients[&Caller::Suspended];
        let suspended = Things::new(app, founder, "sus").let_in(&admin, founder);
        for organisation in [&suspended.startups, &suspended.investors] {
            admin
                .post(&format!("{}/suspension", organisation.path), &json!({"reason": "a test"}))
                .expect(200);
        }
        let barred = id(&clients[&Caller::Barred].get("/v1/me").expect(200));
        admin.post_empty(&format!("/v1/people/{barred}/suspension")).expect(200);
        let organiser = register(&owner, "organiser", "Makers of profiles");
        admin.post_empty(&format!("{}/approval", organiser.path)).expect(200);
        let paths = [&things.startups.path, &things.investors.path, &organiser.path];
        for (caller, role) in [(Caller::Editor, "editor"), (Caller::Viewer, "viewer")] {
            clients.insert(caller, member(app, &owner, &paths, role));
        }
        let kinds =
            [(Caller::Startup, "startup"), (Caller::Investor, "investor"), (Caller::Organiser, "organiser")];
        for (caller, kind) in kinds {
            let client = app.person(caller.word());
            let made = register(&client, kind, caller.word());
            admin.post_empty(&format!("{}/approval", made.path)).expect(200);
            clients.insert(caller, client);
        }
        let claim = claim(&owner, &organiser, &clients[&Caller::Startup]);
        let (mate, second_mate) = join(app, &owner, &things.startups.path, ("mate", "viewer"));
        let session = app.open_session("own", PASSWORD).expect(201);
        admin.post_empty("/v1/worlds").expect(201);
        Self {
            rankings: things.saved_rankings(&owner),
            things,
            pending,
            suspended,
            second_mate: id(&second_mate),
            organiser: organiser.id,
            person: id(&mate.get("/v1/me").expect(200)),
            session: text(&session.body["session"], "id").to_owned(),
            claim,
            world: text(&admin.get("/v1/worlds").expect(200).body["data"][0], "id").to_owned(),
            run: finished_run(app, &admin),
            clients,
        }
    }

    /// The same world in a copy that is served elsewhere.
    pub fn at(&self, base: &str) -> Self {
        let clients = self.clients.iter().map(|(caller, client)| (*caller, client.at(base)));
        Self { clients: clients.collect(), ..self.clone() }
    }

    pub fn client(&self, caller: Caller) -> &Client {
        &self.clients[&caller]
    }

    fn things(&self, caller: Caller) -> &Things {
        match caller {
            Caller::Pending => &self.pending,
            Caller::Suspended => &self.suspended,
            _ => &self.things,
        }
    }

    /// A path of the document with the ids that this caller aims at.
    pub fn aimed(&self, caller: Caller, path: &str) -> String {
        let things = self.things(caller);
        let id = match path.split('/').nth(2).unwrap_or_default() {
            "startups" => &things.startup,
            "investors" => &things.investor,
            "organisations" if path.ends_with("/approver") => &self.organiser,
            "organisations" if path.ends_with("/approval") && caller == Caller::Admin => {
                &self.pending.startups.id
            }
            "organisations" => &things.startups.id,
            // Who ends a membership has it to themselves: another one would find none.
            "memberships" if caller == Caller::Admin => &self.second_mate,
            "memberships" => &things.membership,
            "invitations" => &things.invitation,
            "people" => &self.person,
            "sessions" => &self.session,
            "recommendation-runs" => &self.run,
            "rankings" => &self.rankings[usize::from(caller == Caller::Editor)],
            "profile-claims" => &self.claim,
            _ => &self.world,
        };
        let all = [
            ("{id}", id.as_str()),
            ("{startup_id}", &self.things.startup),
            ("{investor_id}", &self.things.investor),
            ("{revision}", "1"),
            ("{pair}", "RU-CN"),
            ("{table}", "countries"),
            ("{code}", "not_found"),
        ];
        all.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    }

    /// The body of an operation: its example in the document, about the things that this caller aims at.
    pub fn body(&self, caller: Caller, operation: &str, example: &Value) -> Value {
        let (mut body, things) = (example.clone(), self.things(caller));
        match operation {
            "register_investor" | "claim_investor" => body["organisation"] = json!(things.investors.id),
            "register_startup" | "claim_startup" => body["organisation"] = json!(things.startups.id),
            "revise_startup" | "revise_investor" => body["external_id"] = json!("revised"),
            "assess_startup" => body["verified_references"] = json!([]),
            "change_password" => {
                body = json!({"current_password": PASSWORD, "new_password": "a wet kettle sings at dawn"});
            }
            _ => {}
        }
        body
    }

    /// The version that a change has to name, so that nothing but authority stands in its way.
    pub fn etag(&self, caller: Caller, path: &str) -> String {
        let parent = path.rsplit_once('/').map_or(path, |(parent, _)| parent);
        let reader = if path.starts_with("/v1/me") { caller } else { Caller::Admin };
        let tags = [path, parent].map(|path| self.client(reader).get(path).header("etag").to_owned());
        tags.into_iter().find(|tag| !tag.is_empty()).unwrap_or_else(|| "\"1-4\"".to_owned())
    }
}

/// The id of a recommendation run that has finished.
fn finished_run(app: &TestApp, admin: &Client) -> String {
    let run = admin.post_empty("/v1/recommendation-runs").expect(202);
    crate::matching::carry_out(app);
    id(&run)
}

/// Somebody who has that role in all of these organisations.
fn member(app: &TestApp, owner: &Client, paths: &[&String], role: &str) -> Client {
    let (client, _) = join(app, owner, paths[0], (role, role));
    for path in &paths[1..] {
        let token = json!({"token": invite(app, owner, path, &address(role), role)});
        client.post("/v1/invitations/acceptance", &token).expect(201);
    }
    client
}
