//! The operator's tables as the engine's structs.
//!
//! Invariant: a corridor that cannot be scored stops the making of a world; a country without a region has none.
//! Read next: [`crate::engine::profile::World`].

use super::{Built, country, models};
use crate::engine::profile::{Corridor, World};
use crate::engine::words::{Ppm, Sector};
use crate::kernel::{error::Result, time::Day};
use crate::matching::worlds::WorldTables;
use crate::reference::{self, Catalogue, CountryCode, Terms};

/// The world of a day: corridors and reference data as they stand, with the tables of a version.
///
/// # Errors
/// A corridor that is no input of the score.
pub(in crate::matching::replica) fn world(
    catalogue: &Catalogue,
    corridors: &[reference::Corridor],
    tables: WorldTables,
    today: Day,
) -> Result<World> {
    let WorldTables { flows, base } = tables;
    let of = |c: &reference::Corridor| corridor(c).map_err(|e| e.of(format!("the corridor {}", c.pair)));
    let region = |code: CountryCode| Some((country(code).ok()?, catalogue.region(code)?.to_owned()));
    Ok(World {
        today: today.number(),
        regulated: catalogue.regulated().map(str::to_owned).collect(),
        regions: catalogue.countries().filter_map(region).collect(),
        corridors: corridors.iter().map(of).collect::<Result<_>>()?,
        flows,
        base,
    })
}

fn corridor(corridor: &reference::Corridor) -> Built<Corridor> {
    let reference::Corridor { pair, terms, status: _, revision: _ } = corridor;
    let Terms { regulation, ip, treaty, culture, favoured, prohibited, prohibited_sectors, reason: _ } =
        terms;
    let share = |ppm: &Option<u32>| ppm.map(|ppm| Ppm::new(ppm.into())).transpose();
    let closed = prohibited_sectors.iter().map(|sector| Sector::parse(sector.as_str()));
    Ok(Corridor {
        home: country(pair.home)?,
        market: country(pair.market)?,
        regulation: share(regulation)?,
        protection: share(ip)?,
        treaty: share(treaty)?,
        culture: share(culture)?,
        favoured: models(favoured)?,
        prohibited: *prohibited,
        prohibited_sectors: closed.collect::<std::result::Result<_, _>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::profile::parse;
    use crate::reference::{CorridorStatus, SectorCode};

    #[test]
    fn a_world_is_what_its_json_form_says() {
        let catalogue = Catalogue::shipped().expect("shipped");
        let terms = Terms {
            regulation: Some(600_000),
            ip: None,
            treaty: Some(0),
            culture: Some(1_000_000),
            favoured: vec!["jv".parse().expect("a model"), "equity".parse().expect("a model")],
            prohibited: true,
            prohibited_sectors: SectorCode::all().take(2).collect(),
            reason: "an embargo".to_owned(),
        };
        let corridor = reference::Corridor {
            pair: "RU-CN".parse().expect("a pair"),
            terms: terms.clone(),
            status: CorridorStatus::Stated,
            revision: 3,
        };
        let tables = || {
            let flows = r#"[{"home":"RU","market":"CN","deals":12}]"#;
            WorldTables::parse(flows, r#"{"home":{"RU":60000},"round":{"3":250000}}"#).expect("tables")
        };
        let today: Day = "2026-11-22".parse().expect("a day");
        let built = world(&catalogue, std::slice::from_ref(&corridor), tables(), today).expect("a world");
        let sectors: Vec<&str> = terms.prohibited_sectors.iter().map(SectorCode::as_str).collect();
        let expected: Corridor = parse(&format!(
            r#"{{"home":"RU","market":"CN","regulation":600000,"treaty":0,"culture":1000000,"favoured":["jv","equity"],
                "prohibited":true,"prohibited_sectors":{sectors:?}}}"#
        ))
        .expect("a corridor");
        assert_eq!((&built.corridors[..], built.today), (&[expected][..], today.number()));
        assert_eq!(WorldTables { flows: built.flows.clone(), base: built.base.clone() }, tables());
        assert_eq!(built.regions.len(), catalogue.countries().filter_map(|c| catalogue.region(c)).count());
        assert_eq!(built, parse(&serde_json::to_string(&built).expect("JSON")).expect("its own JSON"));
        let wrong = reference::Corridor { terms: Terms { ip: Some(1_000_001), ..terms }, ..corridor };
        let refused = world(&catalogue, &[wrong], tables(), today).expect_err("a share above one");
        assert!(format!("{:?}", refused.cause).contains("the corridor RU-CN cannot be scored"));
    }
}
