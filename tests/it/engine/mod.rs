//! The matching engine against its reference: golden vectors, stories, an oracle and properties.

mod frozen;
mod generated;
mod golden;
mod improve;
mod kept;
mod offline;
mod oracle;
mod population;
mod properties;
mod ranking;
mod stories;
mod vocabulary;
