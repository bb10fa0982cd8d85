//! How much memory the cards take that lists show of startups.
//!
//! A population has no names: each startup gets one, and a sentence, as long as those of the demo world are on average.
//! Invariant: home, city, sector and stage are those of the population, in as many bytes as the service keeps.
//! Read next: `src/matching/replica/cards.rs`.

use springboard::kernel::{ids::StartupId, time::Timestamp};
use springboard::matching::replica::cards::{Cards, StartupCard};
use springboard::population::Population;

/// How many startups the sample has at most.
const SAMPLE: u64 = 20_000;
/// 23 bytes; a number of up to six digits takes the place of as many of them.
const NAME: &str = "Patient Otter Photonics";
/// 62 bytes.
const SENTENCE: &str = "Makes what others make too, in less time and with fewer people";
const STAGES: [&str; 8] =
    ["idea", "pre_seed", "seed", "series_a", "series_b", "series_c", "growth", "pre_ipo"];

/// Bytes a card.
pub fn bytes(population: &Population) -> u64 {
    let count = population.startups().min(SAMPLE);
    let mut cards = Cards::<StartupCard>::default();
    cards.change((0..count).map(|k| (k, Some(card(population, k))))).expect("cards");
    cards.bytes() as u64 / count.max(1)
}

fn card(population: &Population, k: u64) -> StartupCard {
    let startup = population.startup(k);
    let number = k.to_string();
    let stage = startup.stage.and_then(|stage| STAGES.get(usize::try_from(stage.get()).ok()?));
    StartupCard {
        id: StartupId::new(Timestamp::from_micros(k as i64)),
        name: format!("{}{number}", &NAME[..NAME.len() - number.len()]),
        one_liner: Some(SENTENCE.to_owned()),
        home: Some(startup.home.as_str().to_owned()),
        city: startup.city,
        sector: startup.sector.map(|sector| sector.as_str().to_owned()),
        stage: stage.map(|stage| (*stage).to_owned()),
    }
}
