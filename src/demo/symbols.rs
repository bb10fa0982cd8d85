//! The two kinds of texts that are replaced while loading: days counted from today, and names of what has an id by now.
//!
//! Invariant: every text that begins with `@` is replaced or refused, so none reaches the database.
//! Read next: [`super::load`].

use crate::kernel::{
    error::{Error, Result},
    time::Day,
};
use serde_json::Value;
use std::collections::HashMap;

/// What the texts stand for, as far as it is known.
pub(super) struct Symbols {
    today: Day,
    ids: HashMap<String, String>,
}

impl Symbols {
    /// The symbols of a day, without any names yet.
    pub(super) fn of(today: Day) -> Self {
        Self { today, ids: HashMap::new() }
    }

    /// Notes the id of the organisation, startup or investor with that key.
    pub(super) fn define(&mut self, kind: &str, key: &str, id: impl ToString) {
        self.ids.insert(format!("{kind}:{key}"), id.to_string());
    }

    /// Replaces every symbol below a value.
    pub(super) fn resolve(&self, value: &mut Value) -> Result<()> {
        match value {
            Value::String(text) => {
                if let Some(symbol) = text.strip_prefix('@') {
                    *text = self.meaning(symbol)?;
                }
                Ok(())
            }
            Value::Array(items) => items.iter_mut().try_for_each(|v| self.resolve(v)),
            Value::Object(members) => members.iter_mut().try_for_each(|(_, v)| self.resolve(v)),
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }

    fn meaning(&self, symbol: &str) -> Result<String> {
        let unknown = || Error::internal(format!("the demo data names @{symbol}, which is not known"));
        let (kind, what) = symbol.split_once(':').ok_or_else(unknown)?;
        let days = || what.parse::<u16>().map(i32::from).map_err(|_| unknown());
        match kind {
            "days_ago" => Ok(Day::from_number(self.today.number() - days()?).to_string()),
            "days_ahead" => Ok(Day::from_number(self.today.number() + days()?).to_string()),
            _ => self.ids.get(symbol).cloned().ok_or_else(unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn symbols() -> Symbols {
        let mut symbols = Symbols::of("2026-11-22".parse().expect("day"));
        symbols.define("investor", "lanterns", "ivr_1");
        symbols
    }

    #[test]
    fn days_are_counted_from_today_and_names_become_ids() {
        let mut value = json!({"on": "@days_ago:22", "closes": ["@days_ahead:9"], "with": {"investor": "@investor:lanterns"}, "n": 1});
        symbols().resolve(&mut value).expect("known");
        let expected =
            json!({"on": "2026-10-31", "closes": ["2026-12-01"], "with": {"investor": "ivr_1"}, "n": 1});
        assert_eq!(value, expected);
    }

    #[test]
    fn an_unknown_symbol_is_refused() {
        for text in ["@investor:nobody", "@startup:lanterns", "@days_ago:soon", "@lanterns"] {
            assert!(symbols().resolve(&mut json!([text])).is_err(), "{text}");
        }
    }
}
