//! Cards: a profile as a list shows it, and all of them in memory, so that a page of matches reads no profile.
//!
//! Invariant: there is a card for each profile of the snapshot that takes part, made of what a member may see of it.
//! Read next: [`super::view`], which holds them beside the snapshot, and [`crate::matching::lists::rank`], which shows them.

use crate::kernel::{
    error::{Error, Result},
    ids::{InvestorId, StartupId},
};
use crate::profiles::{Investors, Kind, Profile, Startups, common::Wording, words::OneLiner};
use crate::reference::LanguageTag;
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, marker::PhantomData, mem, sync::Arc};
use utoipa::ToSchema;

/// A startup as a list shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StartupCard {
    /// Its id.
    pub id: StartupId,
    /// What it is called.
    #[schema(example = "Neva Vision (demo)")]
    pub name: String,
    /// What it does, in English or else in the first language there is.
    pub one_liner: Option<String>,
    /// Where it comes from.
    #[schema(example = "RU")]
    pub home: Option<String>,
    /// Its city.
    pub city: Option<String>,
    /// Its main sector.
    #[schema(example = "ict.ai")]
    pub sector: Option<String>,
    /// How far it is.
    #[schema(example = "series_a")]
    pub stage: Option<String>,
}

/// An investor as a list shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvestorCard {
    /// Its id.
    pub id: InvestorId,
    /// What it is called.
    #[schema(example = "Lotus Bridge Capital (demo)")]
    pub name: String,
    /// What it does, in English or else in the first language there is.
    pub one_liner: Option<String>,
    /// What kind of investor it is.
    #[schema(example = "vc")]
    pub kind: Option<String>,
    /// Where it comes from.
    #[schema(example = "CN")]
    pub home: Option<String>,
    /// Its city.
    pub city: Option<String>,
}

/// A card: as much of a profile as a list shows.
pub trait Card: Sized {
    /// The kind of profile.
    type Of: Kind;
    /// The members in order, which is all that is stored.
    type Members: Serialize + DeserializeOwned;

    /// The card of a profile.
    fn new(profile: &Profile<Self::Of>) -> Self;
    /// The members of the card.
    fn into_members(self) -> Self::Members;
    /// The card with these members.
    fn of_members(members: Self::Members) -> Self;
}

impl Card for StartupCard {
    type Of = Startups;
    type Members =
        (StartupId, String, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);

    fn new(profile: &Profile<Startups>) -> Self {
        let facts = &profile.facts;
        Self {
            id: profile.id,
            name: facts.name.as_ref().map(ToString::to_string).unwrap_or_default(),
            one_liner: facts.one_liner.as_ref().and_then(preferred),
            home: facts.home.map(|c| c.as_str().to_owned()),
            city: facts.city.as_ref().map(ToString::to_string),
            sector: facts.sector.as_ref().map(ToString::to_string),
            stage: facts.stage.as_ref().map(|s| s.as_str().to_owned()),
        }
    }

    fn into_members(self) -> Self::Members {
        let Self { id, name, one_liner, home, city, sector, stage } = self;
        (id, name, one_liner, home, city, sector, stage)
    }

    fn of_members((id, name, one_liner, home, city, sector, stage): Self::Members) -> Self {
        Self { id, name, one_liner, home, city, sector, stage }
    }
}

impl Card for InvestorCard {
    type Of = Investors;
    type Members = (InvestorId, String, Option<String>, Option<String>, Option<String>, Option<String>);

    fn new(profile: &Profile<Investors>) -> Self {
        let facts = &profile.facts;
        Self {
            id: profile.id,
            name: facts.name.as_ref().map(ToString::to_string).unwrap_or_default(),
            one_liner: facts.one_liner.as_ref().and_then(preferred),
            kind: facts.kind.as_ref().map(|k| k.as_str().to_owned()),
            home: facts.home.map(|c| c.as_str().to_owned()),
            city: facts.city.as_ref().map(ToString::to_string),
        }
    }

    fn into_members(self) -> Self::Members {
        let Self { id, name, one_liner, kind, home, city } = self;
        (id, name, one_liner, kind, home, city)
    }

    fn of_members((id, name, one_liner, kind, home, city): Self::Members) -> Self {
        Self { id, name, one_liner, kind, home, city }
    }
}

/// The English wording, or else the first.
fn preferred(wordings: &BTreeMap<LanguageTag, Wording<OneLiner>>) -> Option<String> {
    let english = wordings.iter().find(|(tag, _)| tag.as_str() == "en");
    english.or_else(|| wordings.iter().next()).map(|(_, wording)| wording.text.to_string())
}

/// The number of cards that share a piece of memory, which is copied when one of them changes.
const PIECE: u64 = 128;

/// The bytes of neighbouring cards one behind the other; each ends where the next begins, and a missing one is empty.
struct Piece {
    bytes: Box<[u8]>,
    ends: [u32; PIECE as usize],
}

impl Default for Piece {
    fn default() -> Self {
        Self { bytes: Box::default(), ends: [0; PIECE as usize] }
    }
}

impl Piece {
    fn card(&self, slot: usize) -> Option<&[u8]> {
        let begin = slot.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        let card = self.bytes.get(begin as usize..*self.ends.get(slot)? as usize)?;
        (!card.is_empty()).then_some(card)
    }

    fn with(&self, changes: &BTreeMap<usize, Vec<u8>>) -> Self {
        let (mut all, mut ends) = (Vec::new(), self.ends);
        for (slot, end) in ends.iter_mut().enumerate() {
            let kept = || self.card(slot).unwrap_or_default();
            all.extend_from_slice(changes.get(&slot).map_or_else(kept, Vec::as_slice));
            *end = u32::try_from(all.len()).unwrap_or(u32::MAX);
        }
        Self { bytes: all.into(), ends }
    }
}

/// The cards of one side by the numbers of their profiles: about as many bytes as their texts have. A copy shares them.
#[derive(Clone)]
pub struct Cards<C> {
    pieces: Vec<Arc<Piece>>,
    of: PhantomData<fn() -> C>,
}

impl<C> Default for Cards<C> {
    fn default() -> Self {
        Self { pieces: Vec::new(), of: PhantomData }
    }
}

impl<C: Card> Cards<C> {
    /// The card of a profile; none where it takes no part.
    pub fn get(&self, number: u64) -> Option<C> {
        let (piece, slot) = place(number);
        let card = self.pieces.get(piece)?.card(slot)?;
        postcard::from_bytes(card).ok().map(C::of_members)
    }

    /// Membership: true for a profile that takes part.
    pub fn has(&self, number: u64) -> bool {
        let (piece, slot) = place(number);
        self.pieces.get(piece).is_some_and(|piece| piece.card(slot).is_some())
    }

    /// Puts cards in the places of those that were there; nothing takes one away.
    pub fn change(&mut self, cards: impl IntoIterator<Item = (u64, Option<C>)>) -> Result<()> {
        let mut changes = BTreeMap::<usize, BTreeMap<usize, Vec<u8>>>::new();
        for (number, card) in cards {
            let (piece, slot) = place(number);
            let card = card.map(|card| postcard::to_allocvec(&card.into_members())).transpose();
            let card = card.map_err(Error::internal)?.unwrap_or_default();
            changes.entry(piece).or_default().insert(slot, card);
        }
        let all = changes.last_key_value().map_or(0, |(piece, _)| piece + 1).max(self.pieces.len());
        let empty = Arc::<Piece>::default();
        self.pieces.resize(all, empty);
        for (piece, changes) in changes {
            if let Some(place) = self.pieces.get_mut(piece) {
                *place = Arc::new(place.with(&changes));
            }
        }
        Ok(())
    }

    /// About how many bytes they take.
    pub fn bytes(&self) -> usize {
        let of =
            |piece: &Arc<Piece>| mem::size_of::<Piece>() + mem::size_of::<Arc<Piece>>() + piece.bytes.len();
        self.pieces.iter().map(of).sum()
    }
}

fn place(number: u64) -> (usize, usize) {
    ((number / PIECE) as usize, (number % PIECE) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(id: StartupId, name: &str) -> StartupCard {
        let (one_liner, city) = (Some("Sees what others \"miss\"".to_owned()), None);
        let (home, sector, stage) = (Some("KR".to_owned()), Some("ict.ai".to_owned()), None);
        StartupCard { id, name: name.to_owned(), one_liner, home, city, sector, stage }
    }

    #[test]
    fn a_card_is_shown_as_it_was_put_in_until_it_is_changed_or_taken_away() {
        let id = StartupId::new(crate::kernel::time::Timestamp::from_micros(1));
        let mut cards = Cards::<StartupCard>::default();
        cards.change([(5, Some(card(id, "Five"))), (127, Some(card(id, "Last"))), (128, None)]).expect("put");
        let before = cards.clone();
        cards.change([(5, None), (127, Some(card(id, "Later"))), (900, Some(card(id, "Far")))]).expect("put");
        let name = |cards: &Cards<StartupCard>, number| cards.get(number).map(|card| card.name);
        let shown = |cards: &Cards<_>| [4, 5, 127, 128, 900, 5_000].map(|number| name(cards, number));
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(shown(&before), [None, some("Five"), some("Last"), None, None, None]);
        assert_eq!([5, 127, 5_000].map(|number| cards.has(number)), [false, true, false]);
        assert_eq!(shown(&cards), [None, None, some("Later"), None, some("Far"), None]);
        let kept = cards.get(127).expect("there");
        let said = |card: &StartupCard| serde_json::to_value(card).expect("serialises");
        assert_eq!(said(&kept), said(&card(id, "Later")));
    }
}
