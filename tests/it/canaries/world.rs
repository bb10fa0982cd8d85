//! A world whose every text is a canary: a word of its own, and who may be told it.
//!
//! Invariant: a canary stands in one place of the world only. Read next: [`super`].

use crate::harness::callers::{PASSWORD, address, deliver, token_in};
use crate::harness::{Client, TestApp};
use crate::matching::{carry_out, investor_facts, startup_facts};
use crate::organisations::{invite, join, register};
use serde_json::{Value, json};
use springboard::notices::mailbox;
use std::collections::BTreeMap;

macro_rules! callers {
    ($($(#[doc = $doc:literal])* $name:ident),* $(,)?) => {
        /// Somebody who calls.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Caller { $($(#[doc = $doc])* $name),* }

        impl Caller {
            pub const ALL: &[Caller] = &[$(Caller::$name),*];
        }
    };
}

callers! {
    /// Nobody: no token.
    Visitor,
    /// Somebody without an organisation.
    Stranger,
    /// An owner of the live organisations.
    Owner,
    /// An editor of them.
    Editor,
    /// A viewer of them.
    Viewer,
    /// An owner of another startup, which claims a profile.
    Startup,
    /// An owner of another investor.
    Investor,
    /// An owner of an organiser that made a profile for others.
    Organiser,
    /// An owner of an organiser that may approve others.
    Approver,
    /// An owner of organisations that wait for approval.
    Pending,
    /// An owner of organisations that are suspended.
    Suspended,
    /// Somebody who is suspended, with a token from before.
    Barred,
    /// A platform admin.
    Admin,
}

impl Caller {
    /// The word that is the name and the local part of the address of whoever it is.
    pub fn word(self) -> String {
        format!("zq{}zq", format!("{self:?}").to_lowercase())
    }
}

/// What a canary is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A text that somebody wrote.
    Word,
    /// An id, which the log of events may name.
    Id,
    /// A password or a token, which nobody is told by any read.
    Secret,
}

/// A text of the world and who may be told it.
pub struct Canary {
    pub what: String,
    pub text: String,
    pub form: Form,
    pub told: Vec<Caller>,
}

/// An owner's two organisations and their profiles.
pub struct Things {
    /// Ids: the organisation and the profile of the startup, and of the investor.
    pub startup: (String, String),
    pub investor: (String, String),
}

/// Everybody, everything, and the canaries in it.
pub struct World {
    pub clients: BTreeMap<Caller, Client>,
    pub things: Vec<Things>,
    /// Further ids by the name under which paths refer to them.
    pub ids: BTreeMap<&'static str, Vec<String>>,
    pub canaries: Vec<Canary>,
}

/// Everybody who is let in at all.
pub fn everybody() -> Vec<Caller> {
    Caller::ALL.iter().copied().filter(|c| *c != Caller::Barred).collect()
}

/// Members of approved organisations, and the operator.
pub fn members() -> Vec<Caller> {
    use Caller::{Admin, Approver, Editor, Investor, Organiser, Owner, Startup, Viewer};
    vec![Owner, Editor, Viewer, Startup, Investor, Organiser, Approver, Admin]
}

/// Who sees which class of the things of one owner.
struct Circles {
    tag: &'static str,
    public: Vec<Caller>,
    members: Vec<Caller>,
    owners: Vec<Caller>,
}

fn id(body: &Value) -> String {
    body["id"].as_str().expect("an id").to_owned()
}

impl World {
    fn word(&mut self, circles: &Circles, class: &str) -> String {
        let text = format!("zq{}{:03}zq", circles.tag, self.canaries.len());
        let told = match class {
            "public" => &circles.public,
            "members" => &circles.members,
            _ => &circles.owners,
        };
        let what = format!("{} {class}", circles.tag);
        self.canaries.push(Canary { what, text: text.clone(), form: Form::Word, told: told.clone() });
        text
    }

    fn note(&mut self, what: &str, text: &str, form: Form, told: &[Caller]) {
        self.canaries.push(Canary {
            what: what.to_owned(),
            text: text.to_owned(),
            form,
            told: told.to_vec(),
        });
    }

    /// The texts that startups and investors have in common.
    fn texts(&mut self, of: &Circles, facts: &mut Value) {
        let (name, other, line) = (self.word(of, "public"), self.word(of, "public"), self.word(of, "public"));
        facts["name"] = json!(name);
        facts["other_names"] = json!({"fr": {"text": other}});
        facts["one_liner"] = json!({"en": {"text": line}});
        let words: Vec<String> = (0..5).map(|_| self.word(of, "members")).collect();
        facts["description"] = json!({"en": {"text": words[0]}});
        facts["website"] = json!(format!("https://{}.example", words[1]));
        facts["links"] = json!([{"url": format!("https://{}.example", words[2]), "label": words[3]}]);
        facts["city"] = json!(words[4]);
        facts["external_id"] = json!(self.word(of, "organisation"));
    }

    fn startup(&mut self, of: &Circles) -> Value {
        let mut facts = startup_facts();
        self.texts(of, &mut facts);
        let words: Vec<String> = (0..6).map(|_| self.word(of, "members")).collect();
        facts["ask"]["use_of_funds"] = json!(words[0]);
        facts["backers"] = json!([{"name": words[1]}]);
        facts["references"] = json!([{"key": "home", "country": "RU", "kind": "customer", "on": "2026-05-01", "title": words[2],
            "evidence": format!("https://{}.example", words[3])}]);
        facts["accelerators"] = json!([{"market": "CN", "status": "graduated", "programme": words[4]}]);
        facts["bridges"] = json!([{"institution": {"name": words[5]}, "country": "CN", "strength": 2}]);
        facts["weights"] = json!({"access": 7});
        facts["exclude_investor_kinds"] = json!(["angel"]);
        facts
    }

    fn investor(&mut self, of: &Circles) -> Value {
        let mut facts = investor_facts();
        self.texts(of, &mut facts);
        facts["bridges"] = json!([{"name": self.word(of, "members")}]);
        facts["weights"] = json!({"sector": 7});
        facts["exclude_homes"] = json!(["KP"]);
        facts["exclude_sectors"] = json!(["space"]);
        facts["only_targets"] = json!(false);
        facts
    }

    fn contact(&mut self, of: &Circles) -> Value {
        let words: Vec<String> = (0..5).map(|_| self.word(of, "matched")).collect();
        let phone = format!("+7{:09}", 700_000_000 + self.canaries.len());
        self.note(&format!("{} telephone", of.tag), &phone, Form::Word, &of.owners);
        json!({"name": words[0], "role": words[1], "email": format!("{}@example.org", words[2]), "phone": phone,
            "city": words[3], "note": words[4]})
    }

    /// Registers a profile, sets its contact and revises it; the id.
    fn profile(&mut self, owner: &Client, of: &Circles, plural: &str, organisation: &str) -> String {
        let mut facts = if plural == "startups" { self.startup(of) } else { self.investor(of) };
        let former = self.word(of, "a former revision");
        let now = facts["description"].take();
        facts["description"] = json!({"en": {"text": former}});
        facts["organisation"] = json!(organisation);
        let made = owner.post(&format!("/v1/{plural}"), &facts).expect(201);
        let path = made.header("location").to_owned();
        let revised = owner.patch(&path, made.header("etag"), &json!({"description": now})).expect(200);
        let contact = self.contact(of);
        owner.put(&format!("{path}/contact"), revised.header("etag"), &contact).expect(200);
        id(&made.body)
    }

    /// Two organisations that wait for approval, a draft of each, recorded deals, and an invitation.
    fn things(&mut self, owner: Caller, of: &Circles, organisations: &[Caller], governors: &[Caller]) {
        let owner = self.clients[&owner].clone();
        let [startups, investors] = ["startup", "investor"].map(|kind| {
            let name = self.word(of, "public");
            self.canaries.last_mut().expect("a word").told = organisations.to_vec();
            register(&owner, kind, &name)
        });
        let startup = self.profile(&owner, of, "startups", &startups.id);
        let investor = self.profile(&owner, of, "investors", &investors.id);
        let deal = json!({"external_id": self.word(of, "organisation"), "company": self.word(of, "members"), "home": "RU",
            "sectors": ["ict.ai"], "round": "seed", "on": "2026-01-01", "co_investors": [{"name": self.word(of, "members")}],
            "evidence": format!("https://{}.example", self.word(of, "members"))});
        let path = format!("/v1/investors/{investor}");
        let etag = owner.get(&path).expect(200).header("etag").to_owned();
        owner.put(&format!("{path}/portfolio"), &etag, &json!({"deals": [deal]})).expect(200);
        let guest = format!("zq{}guestzq", of.tag);
        let body = json!({"email": address(&guest), "role": "viewer"});
        owner.post(&format!("{}/invitations", startups.path), &body).expect(201);
        self.note(&format!("{} invited address", of.tag), &guest, Form::Word, governors);
        let (startup, investor) = ((startups.id, startup), (investors.id, investor));
        self.things.push(Things { startup, investor });
    }

    /// Lets the organisations in that were made last, and publishes their profiles.
    fn let_in(&self, owner: Caller) {
        let (admin, owner) = (&self.clients[&Caller::Admin], &self.clients[&owner]);
        let things = self.things.last().expect("things");
        for (plural, (organisation, profile)) in
            [("startups", &things.startup), ("investors", &things.investor)]
        {
            admin.post_empty(&format!("/v1/organisations/{organisation}/approval")).expect(200);
            owner.post_empty(&format!("/v1/{plural}/{profile}/publication")).expect(200);
        }
    }

    /// An approved organisation of that kind with a plain profile, if it is one that has profiles; the id of either.
    fn plain(&self, owner: Caller, kind: &str) -> (String, String) {
        let client = &self.clients[&owner];
        let made = register(client, kind, &format!("Plain {kind} of {owner:?}"));
        self.clients[&Caller::Admin].post_empty(&format!("{}/approval", made.path)).expect(200);
        let (plural, mut facts) =
            if kind == "investor" { ("investors", investor_facts()) } else { ("startups", startup_facts()) };
        facts["organisation"] = json!(made.id);
        facts["name"] = json!(format!("Profile of {owner:?}"));
        let profile = id(&client.post(&format!("/v1/{plural}"), &facts).expect(201).body);
        client.post_empty(&format!("/v1/{plural}/{profile}/publication")).expect(200);
        (made.id, profile)
    }

    pub fn new(app: &TestApp) -> Self {
        use Caller::{
            Admin, Approver, Barred, Editor, Investor, Organiser, Owner, Pending, Startup, Stranger,
            Suspended, Viewer, Visitor,
        };
        let clients = BTreeMap::from([(Visitor, app.anon()), (Admin, app.admin(&Admin.word()))]);
        let mut world = Self { clients, things: Vec::new(), ids: BTreeMap::new(), canaries: Vec::new() };
        for caller in [Stranger, Owner, Startup, Investor, Organiser, Approver, Pending, Suspended, Barred] {
            world.clients.insert(caller, app.person(&caller.word()));
        }
        let owners = vec![Owner, Editor, Viewer, Admin];
        let live = Circles { tag: "live", public: everybody(), members: members(), owners };
        world.things(Owner, &live, &everybody(), &[Owner, Admin]);
        world.let_in(Owner);
        let pending = vec![Pending, Admin];
        let of = Circles { tag: "pend", public: pending.clone(), members: pending.clone(), owners: pending };
        world.things(Pending, &of, &[Pending, Approver, Admin], &[Pending, Admin]);
        let suspended = vec![Suspended, Admin];
        let of =
            Circles { tag: "susp", public: suspended.clone(), members: suspended.clone(), owners: suspended };
        world.things(Suspended, &of, &[Suspended, Admin], &[Admin]);
        world.let_in(Suspended);
        world.suspend(&of);
        world.staff(app);
        let (startup, investor) = (world.plain(Startup, "startup"), world.plain(Investor, "investor"));
        world.things.push(Things { startup, investor });
        world.organisers();
        world.corridor();
        world.reports(app);
        world.people(app);
        world
    }

    /// Suspends the organisations that were made last.
    fn suspend(&mut self, of: &Circles) {
        let admin = self.clients[&Caller::Admin].clone();
        let reason = self.word(of, "why it is suspended");
        let things = self.things.last().expect("things");
        for organisation in [&things.startup.0, &things.investor.0] {
            let path = format!("/v1/organisations/{organisation}/suspension");
            admin.post(&path, &json!({"reason": reason})).expect(200);
        }
    }

    /// Makes an editor and a viewer members of both live organisations.
    fn staff(&mut self, app: &TestApp) {
        let owner = self.clients[&Caller::Owner].clone();
        let things = &self.things[0];
        let [first, second] =
            [&things.startup.0, &things.investor.0].map(|id| format!("/v1/organisations/{id}"));
        let mut memberships = Vec::new();
        for (caller, role) in [(Caller::Editor, "editor"), (Caller::Viewer, "viewer")] {
            let (client, made) = join(app, &owner, &first, (&caller.word(), role));
            let token = invite(app, &owner, &second, &address(&caller.word()), role);
            let token = json!({"token": token});
            let also = client.post("/v1/invitations/acceptance", &token).expect(201);
            memberships.extend([id(&made.body), id(&also.body)]);
            self.clients.insert(caller, client);
        }
        for membership in &memberships {
            let told = [Caller::Owner, Caller::Editor, Caller::Viewer, Caller::Admin];
            self.note("membership", membership, Form::Id, &told);
        }
        self.ids.insert("membership", memberships);
    }

    /// An organiser with a profile for others that somebody claims, and one that may approve others.
    fn organisers(&mut self) {
        let (organisation, made) = self.plain(Caller::Organiser, "organiser");
        drop(organisation);
        let body = json!({"organisation": self.things[3].startup.0});
        let claim =
            self.clients[&Caller::Startup].post(&format!("/v1/startups/{made}/claims"), &body).expect(201);
        let claim = id(&claim.body);
        let told = [Caller::Startup, Caller::Organiser, Caller::Admin];
        self.note("claim", &claim, Form::Id, &told);
        self.ids.insert("claim", vec![claim]);
        let admin = &self.clients[&Caller::Admin];
        let entitled = register(&self.clients[&Caller::Approver], "organiser", "Those who approve");
        let approved = admin.post_empty(&format!("{}/approval", entitled.path)).expect(200);
        let path = format!("{}/approver", entitled.path);
        admin.put(&path, approved.header("etag"), &json!({"approver": true})).expect(200);
    }

    /// A corridor that was revised twice: its present terms are everybody's to read, the former ones are not.
    fn corridor(&mut self) {
        let admin = self.clients[&Caller::Admin].clone();
        let of = Circles { tag: "corr", public: everybody(), members: vec![], owners: vec![Caller::Admin] };
        for class in ["former", "public"] {
            let path = "/v1/reference/corridors/RU-CN";
            let etag = admin.get(path).expect(200).header("etag").to_owned();
            admin.put(path, &etag, &json!({"reason": self.word(&of, class)})).expect(200);
        }
    }

    /// Saved rankings, a recommendation run and a draft of world tables.
    fn reports(&mut self, app: &TestApp) {
        let (owner, admin) = (self.clients[&Caller::Owner].clone(), self.clients[&Caller::Admin].clone());
        let profiles = [
            format!("startups/{}", self.things[0].startup.1),
            format!("investors/{}", self.things[0].investor.1),
        ];
        let rankings = profiles.map(|p| id(&owner.post_empty(&format!("/v1/{p}/rankings")).expect(201).body));
        for ranking in &rankings {
            let told = [Caller::Owner, Caller::Editor, Caller::Viewer, Caller::Admin];
            self.note("saved ranking", ranking, Form::Id, &told);
        }
        self.ids.insert("ranking", rankings.to_vec());
        let run = id(&admin.post_empty("/v1/recommendation-runs").expect(202).body);
        carry_out(app);
        // A list names the run that it is of; who may start runs reads them.
        let listed = [Caller::Owner, Caller::Editor, Caller::Viewer, Caller::Startup, Caller::Investor];
        let told = [&listed[..], &[Caller::Approver, Caller::Admin]].concat();
        self.note("recommendation run", &run, Form::Id, &told);
        self.ids.insert("run", vec![run]);
        let tables = id(&admin.post_empty("/v1/worlds").expect(201).body);
        self.note("draft of world tables", &tables, Form::Id, &[Caller::Admin]);
        self.ids.insert("world", vec![tables]);
    }

    /// Opens a session for everybody, and notes who they are, their tokens and the tokens that they were mailed.
    fn people(&mut self, app: &TestApp) {
        let colleagues = [Caller::Owner, Caller::Editor, Caller::Viewer];
        let mut people = Vec::new();
        for caller in Caller::ALL.iter().copied().filter(|c| *c != Caller::Visitor) {
            let opened = app.open_session(&caller.word(), PASSWORD).expect(201).body;
            let text = |name: &str| opened[name].as_str().expect("a token").to_owned();
            let client = app.anon().with_token(&text("access_token"));
            let person = id(&client.get("/v1/me").expect(200).body);
            self.clients.insert(caller, client);
            let mut told = if colleagues.contains(&caller) { colleagues.to_vec() } else { vec![caller] };
            told.retain(|c| *c != Caller::Barred && *c != Caller::Admin);
            told.push(Caller::Admin);
            self.note(&format!("{caller:?}'s name and address"), &caller.word(), Form::Word, &told);
            self.note(&format!("{caller:?}'s id"), &person, Form::Id, &told);
            people.push(person);
            for name in ["access_token", "refresh_token"] {
                self.note(name, &text(name), Form::Secret, &[]);
            }
            let own: &[Caller] = if caller == Caller::Barred { &[] } else { &[caller] };
            self.note("session", &id(&opened["session"]), Form::Id, own);
        }
        let barred =
            people[Caller::ALL.iter().position(|c| *c == Caller::Barred).expect("listed") - 1].clone();
        self.clients[&Caller::Admin].post_empty(&format!("/v1/people/{barred}/suspension")).expect(200);
        self.ids.insert("person", people);
        self.note("password", PASSWORD, Form::Secret, &[]);
        deliver(&app.parts.notices, &app.parts.edge);
        for mail in mailbox::read(&app.parts.settings.data).expect("mailbox") {
            self.note("token of a mail", &token_in(&mail), Form::Secret, &[]);
        }
    }
}
