//! What is wanted of the figures, and whether they reach it on this machine in this run.
//!
//! Invariant: says only; a goal that is missed does not fail the run, because a machine may be slow or busy.
//! Read next: [`super`].

use super::clock::ms;

/// How a figure is compared and written.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Hundredths of a ratio, the more the better.
    Times,
    /// Nanoseconds, the fewer the better.
    Time,
    /// Hundredths of a per cent, the fewer the better.
    Share,
    /// Hundredths of a factor, the fewer the better.
    Growth,
    /// The fewer the better.
    Bytes,
    /// Millions a second, the more the better.
    Rate,
}

impl Kind {
    fn text(self, figure: u64) -> String {
        match self {
            Self::Time => format!("{} ms", ms(figure)),
            Self::Times | Self::Growth => format!("{}.{:02} ×", figure / 100, figure % 100),
            Self::Share => format!("{}.{:02} %", figure / 100, figure % 100),
            Self::Bytes => figure.to_string(),
            Self::Rate => format!("{figure} M/s"),
        }
    }

    fn reaches(self, figure: u64, goal: u64) -> bool {
        if matches!(self, Self::Times | Self::Rate) { figure >= goal } else { figure <= goal }
    }
}

/// A figure with what it must and what it should be.
struct Goal {
    what: String,
    kind: Kind,
    figure: u64,
    must: u64,
    aim: u64,
}

/// All figures with goals.
#[derive(Default)]
pub struct Goals(Vec<Goal>);

impl Goals {
    /// Notes a figure: what it must be, and what it should be.
    pub fn note(&mut self, what: impl Into<String>, kind: Kind, figure: u64, (must, aim): (u64, u64)) {
        self.0.push(Goal { what: what.into(), kind, figure, must, aim });
    }

    /// Writes the table.
    pub fn print(&self) {
        println!("\n| figure | here | must | aim | |\n| --- | ---: | ---: | ---: | --- |");
        for goal in &self.0 {
            let verdict = match goal.kind {
                kind if kind.reaches(goal.figure, goal.aim) => "aim reached",
                kind if kind.reaches(goal.figure, goal.must) => "reached",
                _ => "MISSED",
            };
            let text = |figure| goal.kind.text(figure);
            println!(
                "| {} | {} | {} | {} | {verdict} |",
                goal.what,
                text(goal.figure),
                text(goal.must),
                text(goal.aim)
            );
        }
    }
}
