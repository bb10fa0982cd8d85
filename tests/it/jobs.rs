//! Jobs: leased, taken over from a silent node, given up, cancelled, given back; never half-written.
//!
//! Invariant: two nodes are two handles of one database; the clock moves when a test says so. A job that runs inside the
//! script of another one proves that no transaction is open while a job computes. Read next: `src/jobs/mod.rs`.

use crate::harness::{NOON, fresh_database, postgres};
use diesel::prelude::*;
use serde_json::{Value, json};
use springboard::db::{Conn, Db, Kind, Options, schema::secrets};
use springboard::jobs::{
    self, ATTEMPTS, BEAT, Context, Cut, Execution, Job, JobState, NewJob, Problem, Runner, SILENCE,
};
use springboard::kernel::{
    error::{Code, Error, Result},
    time::{Clock, Timestamp},
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

type Script = dyn Fn(&mut Context<'_>) -> Result<Value, Cut> + Send + Sync;

/// A job that does what its script says, and stores parts.
struct Scripted {
    kind: &'static str,
    ready: bool,
    script: Box<Script>,
}

impl Job for Scripted {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn is_ready(&self, _: &mut Conn, _: &Execution) -> Result<bool> {
        Ok(self.ready)
    }

    fn begin(&self, conn: &mut Conn, _: &Execution) -> Result<()> {
        remove_parts(conn)
    }

    fn run(&self, context: &mut Context<'_>) -> Result<Value, Cut> {
        (self.script)(context)
    }

    fn end(&self, conn: &mut Conn, execution: &Execution, _: Timestamp) -> Result<()> {
        if execution.state == JobState::Succeeded { Ok(()) } else { remove_parts(conn) }
    }
}

fn remove_parts(conn: &mut Conn) -> Result<()> {
    diesel::delete(secrets::table.filter(secrets::name.like("part %"))).execute(conn)?;
    Ok(())
}

/// Stores a part under the lease of an attempt.
fn part(context: &mut Context<'_>, name: &str) -> Result<(), Cut> {
    let name = format!("part {name}");
    context.write(move |conn| {
        let row = (secrets::name.eq(name), secrets::value.eq("stored"));
        diesel::insert_into(secrets::table).values(row).execute(conn)?;
        Ok(())
    })
}

/// Two nodes over one database, and the clock of both.
#[derive(Clone)]
struct World {
    nodes: [Db; 2],
    clock: Clock,
}

impl World {
    fn runner(
        &self,
        node: usize,
        script: impl Fn(&mut Context<'_>) -> Result<Value, Cut> + Send + Sync + 'static,
    ) -> Runner {
        self.runner_of(node, Scripted { kind: "test", ready: true, script: Box::new(script) })
    }

    fn runner_of(&self, node: usize, job: Scripted) -> Runner {
        Runner::new(self.nodes[node].clone(), self.clock.clone(), vec![Arc::new(job)])
    }

    fn enqueue(&self, alone: bool) -> Result<i64> {
        let (new, at) = (NewJob { kind: "test", input: json!({"of": 1}), alone }, self.clock.now());
        self.nodes[0].write_now(move |conn| jobs::enqueue(conn, &new, at))
    }

    fn queued(&self) -> i64 {
        self.enqueue(false).expect("queued")
    }

    fn cancel(&self, number: i64) -> bool {
        self.nodes[1].write_now(move |conn| jobs::cancel(conn, number)).expect("asked")
    }

    fn job(&self, number: i64) -> Execution {
        self.nodes[1].read_now(|conn| jobs::by_number(conn, number)).expect("reads").expect("a job")
    }

    fn parts(&self) -> Vec<String> {
        let parts = secrets::table.filter(secrets::name.like("part %")).select(secrets::name);
        self.nodes[1].read_now(|conn| Ok(parts.order(secrets::name).load(conn)?)).expect("parts")
    }
}

/// Runs a test on either database.
fn on_both(test: impl Fn(World)) {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if kind == Kind::Sqlite || postgres::available() {
            let folder = tempfile::tempdir().expect("folder");
            let target = fresh_database(kind, folder.path());
            let connect = || Db::connect(&target, &Options::default()).expect("connects");
            let clock = Clock::fixed(NOON.parse().expect("instant"));
            test(World { nodes: [connect(), connect()], clock });
        }
    }
}

#[test]
fn a_job_is_carried_out_once_and_its_progress_is_read_meanwhile() {
    on_both(|world| {
        let rolled_back = world.nodes[0].write_now(|conn| {
            jobs::enqueue(
                conn,
                &NewJob { kind: "test", input: json!({}), alone: false },
                Timestamp::from_micros(0),
            )?;
            Err::<(), _>(Error::not_found())
        });
        rolled_back.expect_err("as it was told");
        let idle = world.runner(1, |_| panic!("nothing is due"));
        assert!(!idle.step().expect("looks"), "a job is queued with its transaction only");
        let number = world.queued();
        let w = world.clone();
        let runner = world.runner(0, move |context| {
            context.progress(1, 4)?;
            assert_eq!(w.job(number).done, 0, "not every progress is written");
            w.clock.advance(BEAT);
            context.progress(2, 4)?;
            let seen = w.job(number);
            assert_eq!((seen.state, seen.done, seen.total), (JobState::Running, 2, 4));
            assert_eq!(seen.beat_at, Some(w.clock.now()));
            assert!(!w.runner(1, |_| panic!("it is leased")).step().expect("looks"));
            part(context, "a")?;
            context.progress(4, 4)?;
            part(context, "b")?;
            Ok(json!({"input": context.execution().input, "parts": 2}))
        });
        assert!(runner.step().expect("carries out"));
        let ended = world.job(number);
        assert_eq!((ended.state, ended.attempts, ended.done, ended.total), (JobState::Succeeded, 1, 4, 4));
        assert_eq!((ended.result, ended.problem), (Some(json!({"input": {"of": 1}, "parts": 2})), None));
        assert_eq!(ended.started_at, Some(ended.created_at));
        assert_eq!(ended.ended_at, Some(world.clock.now()));
        assert_eq!(world.parts(), ["part a", "part b"]);
        assert!(!world.cancel(number), "it has ended");
        assert!(!idle.step().expect("looks"));
    });
}

#[test]
fn a_silent_node_is_given_up_and_writes_nothing_any_more() {
    on_both(|world| {
        let number = world.queued();
        let w = world.clone();
        let silent = world.runner(0, move |context| {
            part(context, "of the first")?;
            w.clock.advance(SILENCE - std::time::Duration::from_micros(1));
            assert!(!w.runner(1, |_| panic!("too early")).step().expect("looks"));
            w.clock.advance(std::time::Duration::from_micros(1));
            let other = w.runner(1, |context| part(context, "of the second").map(|()| json!("second")));
            assert!(other.step().expect("takes over"));
            let cut = part(context, "too late").expect_err("another node has it");
            assert!(matches!(cut, Cut::Lost), "{cut:?}");
            Ok(json!("first"))
        });
        assert!(!silent.step().expect("it has lost the job"), "whatever it returns");
        let ended = world.job(number);
        assert_eq!((ended.state, ended.attempts), (JobState::Succeeded, 2));
        assert_eq!(ended.result, Some(json!("second")));
        assert_eq!(world.parts(), ["part of the second"], "what the first stored was removed");
    });
}

/// Begins the job of a world again and again, each time falling silent.
fn fall_silent(world: &World, begun: &Arc<AtomicUsize>) -> bool {
    let (w, count) = (world.clone(), Arc::clone(begun));
    let runner = world.runner(begun.load(Ordering::SeqCst) % 2, move |context| {
        count.fetch_add(1, Ordering::SeqCst);
        part(context, "half")?;
        w.clock.advance(SILENCE);
        fall_silent(&w, &count);
        context.beat().map(|()| Value::Null)
    });
    runner.step().expect("a step")
}

#[test]
fn a_job_is_given_up_after_so_many_silent_attempts() {
    on_both(|world| {
        let (number, begun) = (world.queued(), Arc::new(AtomicUsize::new(0)));
        assert!(!fall_silent(&world, &begun), "the first has lost it long ago");
        assert_eq!(begun.load(Ordering::SeqCst), ATTEMPTS as usize);
        let ended = world.job(number);
        let why = Problem::new("given_up", "begun 3 times, and each time its node fell silent");
        assert_eq!((ended.state, ended.attempts, ended.problem), (JobState::Failed, ATTEMPTS, Some(why)));
        assert!(world.parts().is_empty());
    });
}

#[test]
fn a_cancelled_job_ends_at_its_next_heartbeat_and_leaves_nothing() {
    on_both(|world| {
        let queued = world.queued();
        assert!(world.cancel(queued));
        assert!(world.runner(0, |_| panic!("it is not begun")).step().expect("ends it"));
        assert_eq!((world.job(queued).state, world.job(queued).attempts), (JobState::Cancelled, 0));
        let number = world.queued();
        let w = world.clone();
        let runner = world.runner(0, move |context| {
            part(context, "half")?;
            assert!(w.cancel(number));
            let cut = part(context, "after it").expect_err("every write asks");
            assert!(matches!(cut, Cut::Cancelled), "{cut:?}");
            w.clock.advance(BEAT);
            context.progress(1, 2)?;
            panic!("one progress later it is over");
        });
        assert!(runner.step().expect("ends it"));
        let ended = world.job(number);
        assert_eq!((ended.state, ended.result, ended.problem), (JobState::Cancelled, None, None));
        assert_eq!(ended.ended_at, Some(world.clock.now()));
        assert!(world.parts().is_empty());
    });
}

#[test]
fn a_node_that_stops_gives_its_job_back_and_the_attempt_does_not_count() {
    on_both(|world| {
        let number = world.queued();
        let (tell, hear) = std::sync::mpsc::channel::<jobs::Stopping>();
        let hear = std::sync::Mutex::new(hear);
        let runner = world.runner(0, move |context| {
            part(context, "half")?;
            hear.lock().expect("flag").recv().expect("a flag").ask();
            context.progress(1, 2).map(|()| Value::Null)
        });
        tell.send(runner.stopping()).expect("sent");
        assert!(!runner.step().expect("gives back"));
        let back = world.job(number);
        assert_eq!((back.state, back.attempts, back.holder), (JobState::Queued, 0, None));
        let other = world.runner(1, |context| part(context, "whole").map(|()| json!(1)));
        assert!(other.step().expect("carries out"), "without waiting for a silence");
        assert_eq!(world.job(number).attempts, 1);
        assert_eq!(world.parts(), ["part whole"]);
    });
}

#[test]
fn what_fails_or_panics_is_a_problem_and_leaves_nothing() {
    on_both(|world| {
        let internal = Problem::new("internal_error", "see the log of the node under the id of the job");
        let own = Problem::new("too_big", "there is too much of it");
        let faults: [(Box<Script>, &Problem); 3] = [
            (Box::new(|_| Err(Cut::Error(Error::internal("a fault")))), &internal),
            (Box::new(|_| panic!("as it was told")), &internal),
            (Box::new(|_| Err(Cut::Failed(Problem::new("too_big", "there is too much of it")))), &own),
        ];
        for (fault, problem) in faults {
            let number = world.queued();
            let runner = world.runner(0, move |context| {
                part(context, "half")?;
                fault(context)
            });
            assert!(runner.step().expect("ends it"));
            let ended = world.job(number);
            assert_eq!((ended.state, ended.problem.as_ref()), (JobState::Failed, Some(problem)));
            assert!(world.parts().is_empty());
        }
    });
}

#[test]
fn the_oldest_job_comes_first_and_what_a_node_is_not_ready_for_waits() {
    on_both(|world| {
        let (first, second) = (world.queued(), world.queued());
        let unready = Scripted { kind: "test", ready: false, script: Box::new(|_| panic!("not ready")) };
        assert!(!world.runner_of(0, unready).step().expect("looks"));
        let stranger = Scripted { kind: "other", ready: true, script: Box::new(|_| panic!("not its kind")) };
        assert!(!world.runner_of(0, stranger).step().expect("looks"));
        for number in [first, second] {
            assert!(world.runner(0, |context| Ok(json!(context.execution().number))).step().expect("a step"));
            assert_eq!(world.job(number).result, Some(json!(number)));
        }
    });
}

#[test]
fn of_a_kind_that_runs_alone_one_is_under_way() {
    on_both(|world| {
        let number = world.enqueue(true).expect("queued");
        assert_eq!(world.enqueue(true).expect_err("one is under way").code, Code::Conflict);
        assert!(world.runner(0, |_| Ok(json!(1))).step().expect("a step"));
        assert_eq!(world.job(number).state, JobState::Succeeded);
        world.enqueue(true).expect("the first has ended");
    });
}

/// A job that no node can look at.
struct Unreadable;

impl Job for Unreadable {
    fn kind(&self) -> &'static str {
        "unreadable"
    }

    fn is_ready(&self, _: &mut Conn, _: &Execution) -> Result<bool> {
        Err(Error::internal("cannot be read"))
    }

    fn run(&self, _: &mut Context<'_>) -> Result<Value, Cut> {
        Ok(Value::Null)
    }

    fn end(&self, _: &mut Conn, _: &Execution, _: Timestamp) -> Result<()> {
        Ok(())
    }
}

#[test]
fn a_job_that_cannot_be_looked_at_keeps_no_other_from_its_turn() {
    on_both(|world| {
        let (new, at) = (NewJob { kind: "unreadable", input: json!({}), alone: false }, world.clock.now());
        world.nodes[0].write_now(move |conn| jobs::enqueue(conn, &new, at)).expect("queued");
        let good = world.queued();
        let script = Scripted { kind: "test", ready: true, script: Box::new(|_| Ok(Value::Null)) };
        let jobs: Vec<Arc<dyn Job>> = vec![Arc::new(Unreadable), Arc::new(script)];
        let runner = Runner::new(world.nodes[0].clone(), world.clock.clone(), jobs);
        assert!(runner.step().expect("the second one ends"));
        assert_eq!(world.job(good).state, JobState::Succeeded);
        assert!(runner.step().is_err(), "and the first one is not passed over in silence");
    });
}
