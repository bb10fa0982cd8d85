//! Startups and investors in columns, and the searches that read a few bytes of each and score almost none in full.
//!
//! ```text
//! for an investor
//! Startups ── blocks of 256 ──> Columns: a byte a row and feature     Summary: what occurs at all
//! InvestorPlan ── compile ────> Bounds: for every code the best it can be worth to this investor
//! scan::search: blocks by the bound of their summary ──> rows by the bound of their bytes ──> the exact score
//!
//! for a startup
//! Investors ── blocks of 256 ─> InvestorColumns: for every code of a feature what it is worth to each
//! StartupPlan ── compile ─────> Reach: which of these columns are read, and tables over the bytes of investors
//! reach::search: the bound of every row ──> rows by falling bound ──> the exact score
//! ```
//!
//! Invariant: a bound is never below the score it stands for, so a row that is passed over could not have been a hit.
//! Read next: [`startups`] for the layout, [`bounds`] for the tables, [`scan`] for the search; [`investors`] and [`reach`]
//! for the other side.

mod asked;
mod block;
mod bounds;
mod codes;
mod compile;
mod gathered;
mod investors;
mod kernel;
mod open;
mod reach;
mod scan;
mod shared;
#[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
mod simd;
mod slots;
mod sorted;
mod startups;
mod stated;
mod worth;

pub(super) use gathered::Gathered;
pub(super) use investors::Investors;
pub(super) use reach::search as search_investors;
pub use scan::Work;
pub(super) use scan::search as search_startups;
pub(super) use startups::{Startups, Stored};
