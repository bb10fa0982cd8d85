//! The matching engine against its reference: golden vectors, stories, an oracle and properties.

mod golden;
