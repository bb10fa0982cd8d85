//! Cooperation: forms that both sides accept, and whether the corridor favours one of them.
//!
//! Invariant: the same for both sides.
//! Read next: [`super::access`].

use super::super::arithmetic::NEUTRAL;
use super::super::compiled::{CorridorRow, InvestorRow, StartupRow};
use super::super::words::CooperationModels;
use super::Rating;

/// The forms in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CooperationFacts {
    /// What both accept; nothing where either does not say.
    pub common: Option<CooperationModels>,
    /// Which of them the corridor favours; nothing where it has no preference.
    pub favoured: Option<CooperationModels>,
}

impl CooperationFacts {
    /// The forms in common on the way from home into the market.
    pub fn of(startup: &StartupRow<'_>, investor: &InvestorRow, corridor: Option<&CorridorRow>) -> Self {
        let models = startup.models.zip(investor.profile.models);
        let common = models.map(|(ours, theirs)| ours.common(theirs));
        let favoured = corridor.map(CorridorRow::favoured).filter(|favoured| !favoured.is_empty());
        Self { common, favoured: common.zip(favoured).map(|(common, favoured)| common.common(favoured)) }
    }

    /// Points and confidence of the factor.
    pub fn rate(self) -> Rating {
        match (self.common, self.favoured) {
            (None, _) => Rating::prior(NEUTRAL),
            (Some(common), _) if common.is_empty() => Rating::known(0),
            (Some(_), Some(favoured)) if favoured.is_empty() => Rating::known(175),
            (Some(_), _) => Rating::known(250),
        }
    }
}
