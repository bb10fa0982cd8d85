//! The one-byte codes of the columns.
//!
//! Invariant: whatever has no code of its own has [`OTHER`], which every table treats as the best that could be behind it.
//! Read next: [`super::block`], which is filled with codes.

use super::super::compiled::{Place, SectorCode};
use super::super::words::Country;

/// Something that has no code of its own.
pub const OTHER: u8 = 255;
/// Nothing stated.
pub const NONE: u8 = 254;
/// The code of an amount that is not stated; half-octaves end at 127.
pub const NO_AMOUNT: u8 = 128;
/// How many combinations of stage and round there are, unknown ones included.
pub const STAGE_ROUNDS: usize = 9 * 17;

/// The ISO 3166 codes of 2026, in order, and `ZZ` for an unknown home.
const COUNTRIES: &[u8] = b"\
ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCN\
COCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHM\
HNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMK\
MLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW\
SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVI\
VNVUWFWSYEYTZAZMZW\
ZZ";

const COUNTRY_CODES: [u8; Country::CODES] = {
    let mut codes = [OTHER; Country::CODES];
    let mut at = 0;
    while at < COUNTRIES.len() / 2 {
        let (first, second) = (COUNTRIES[2 * at] - b'A', COUNTRIES[2 * at + 1] - b'A');
        codes[first as usize * 26 + second as usize] = at as u8;
        at += 1;
    }
    codes
};

/// The code of a country.
pub fn country(country: Country) -> u8 {
    COUNTRY_CODES[country.code()]
}

/// The code of a leaf or parent.
pub fn sector(sector: SectorCode) -> u8 {
    u8::try_from(sector.0).ok().filter(|code| *code < NONE).unwrap_or(OTHER)
}

/// The code of a stage with a round, [`STAGE_ROUNDS`] in all.
pub fn stage_round(stage: Option<i32>, round: Option<u8>) -> u8 {
    let stage = stage.map_or(0, |stage| stage as u8 + 1);
    stage * 17 + round.map_or(0, |round| round + 1)
}

/// The stage and the round of a code.
pub fn of_stage_round(code: u8) -> (Option<i32>, Option<u8>) {
    ((code / 17).checked_sub(1).map(i32::from), (code % 17).checked_sub(1))
}

/// The code of a city; several cities share one.
pub fn city(place: Option<Place>) -> u8 {
    place.map_or(NONE, |place| (place.0 % u32::from(NONE)) as u8)
}

/// The code of a time zone in quarters of an hour.
pub fn zone(minutes: Option<i32>) -> u8 {
    minutes.map_or(NONE, |m| if m % 15 == 0 { (m / 15 + 48) as u8 } else { OTHER })
}

/// The time zone of a code below [`NONE`], in minutes.
pub fn of_zone(code: u8) -> i32 {
    (i32::from(code) - 48) * 15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_of_the_list_has_a_code_of_its_own_and_others_share_one() {
        let mut codes: Vec<u8> = Country::all().map(country).filter(|code| *code != OTHER).collect();
        codes.sort_unstable();
        assert_eq!(codes, (0..250).collect::<Vec<u8>>());
        assert_eq!(country(Country::parse("QQ").expect("two letters")), OTHER);
    }

    #[test]
    fn stages_and_rounds_come_back() {
        for (stage, round) in [(None, None), (None, Some(15)), (Some(7), None), (Some(0), Some(0))] {
            assert_eq!(of_stage_round(stage_round(stage, round)), (stage, round));
        }
        assert!(usize::from(stage_round(Some(7), Some(15))) < STAGE_ROUNDS);
    }
}
