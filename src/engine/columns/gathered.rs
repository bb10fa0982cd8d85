//! Many startups on their way into blocks, packed as they come and put in order later.
//!
//! Invariant: a number leads to what was gathered under it; nothing is moved once it is written.
//! Read next: [`super::startups`], which makes the blocks.

use super::super::compiled::{Dictionary, Record, StartupRow, Tables};
use super::super::profile::Startup;
use super::block::Incoming;
use super::startups::{Neighbourhood, backed, neighbourhood};

/// How many startups are packed behind one another: few enough that what they need can be reserved.
const PORTION: usize = 1 << 12;
/// About how many words a record takes, and how many bytes a profile.
const USUAL: (usize, usize) = (32, 224);

/// Startups packed one behind the other.
#[derive(Debug, Default)]
struct Portion {
    records: Vec<u32>,
    profiles: Vec<u8>,
    /// Where each record and each profile ends.
    ends: Vec<(u32, u32)>,
}

/// Startups as they are stored, numbered as they came.
#[derive(Debug, Default)]
pub struct Gathered {
    portions: Vec<Portion>,
    /// Neighbourhood and number.
    pub order: Vec<(Neighbourhood, u32)>,
    /// Those that back a startup, with its number.
    pub backers: Vec<(u32, u32)>,
}

impl Gathered {
    /// Compiles a startup and keeps it with its profile.
    pub fn add(&mut self, startup: &Startup, tables: &Tables, dictionary: &mut Dictionary) {
        if self.order.len().is_multiple_of(PORTION) {
            let (records, profiles) = (PORTION * USUAL.0, PORTION * USUAL.1);
            self.portions.push(Portion {
                records: Vec::with_capacity(records),
                profiles: Vec::with_capacity(profiles),
                ends: Vec::with_capacity(PORTION),
            });
        }
        let Some(portion) = self.portions.last_mut() else { return };
        let start = portion.records.len();
        Record::append(startup, tables, dictionary, &mut portion.records);
        startup.write_dense(&mut portion.profiles);
        portion.ends.push((portion.records.len() as u32, portion.profiles.len() as u32));
        let (number, row) = (self.order.len() as u32, StartupRow::read(&portion.records[start..]));
        self.order.push((neighbourhood(&row), number));
        self.backers.extend(backed(&row).map(|backer| (backer, number)));
    }

    /// What was gathered under a number.
    pub fn incoming(&self, number: u32) -> Incoming<'_> {
        let (portion, at) = (&self.portions[number as usize / PORTION], number as usize % PORTION);
        let (record, profile) = if at == 0 { (0, 0) } else { portion.ends[at - 1] };
        let ends = portion.ends[at];
        Incoming {
            record: &portion.records[record as usize..ends.0 as usize],
            profile: &portion.profiles[profile as usize..ends.1 as usize],
        }
    }
}
