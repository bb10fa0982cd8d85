//! Deals from a CSV file.
//!
//! Invariant: a file is taken as a whole or not at all, and every fault names its line and column. Read next:
//! [`mod@super::record`].

use super::portfolio::{Deal, EMPTY, MOST_DEALS};
use crate::kernel::{
    error::{Error, FieldError, Result},
    money::Currency,
};
use crate::reference::Catalogue;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// The columns that a file may have.
const COLUMNS: [&str; 11] = [
    "external_id",
    "company",
    "home",
    "city",
    "sectors",
    "round",
    "amount",
    "currency",
    "on",
    "co_investors",
    "evidence",
];

/// The most faults that one answer lists.
const MOST_FAULTS: usize = 100;

/// The deals of a file, or all that is wrong with it.
pub fn read_deals(text: &str, catalogue: &Catalogue) -> Result<Vec<Deal>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let header = reader.headers().map_err(unreadable)?.clone();
    if let Some((n, column)) = header
        .iter()
        .enumerate()
        .find(|(n, c)| !COLUMNS.contains(c) || header.iter().take(*n).any(|d| d == *c))
    {
        let detail =
            format!("column {} is unknown or there twice; the columns are {}", n + 1, COLUMNS.join(", "));
        let code = if COLUMNS.contains(&column) { "duplicate" } else { "unknown_field" };
        return Err(Error::field("/1", code, detail));
    }
    let (mut deals, mut faults): (Vec<Deal>, Vec<FieldError>) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        match deal(&header, &record, catalogue) {
            Ok(deal) if deal.is_empty() => faults.push(FieldError::at(format!("/{line}"), "required", EMPTY)),
            Ok(deal) if deal.external_id.as_ref().is_some_and(|id| !seen.insert(id.to_string())) => {
                let at = format!("/{line}/external_id");
                faults.push(FieldError::at(at, "duplicate", "is that of another row"));
            }
            Ok(deal) => deals.push(deal),
            Err((column, code, what)) => faults.push(FieldError::at(format!("/{line}/{column}"), code, what)),
        }
        if deals.len() > MOST_DEALS || faults.len() >= MOST_FAULTS {
            break;
        }
    }
    if faults.is_empty() { Ok(deals) } else { Err(Error::invalid(faults)) }
}

fn unreadable(error: csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    Error::field(
        format!("/{line}"),
        "invalid_value",
        "is not a row of a CSV file in UTF-8 with as many cells as the header",
    )
}

/// The column, the code and what is wrong.
type Fault = (String, &'static str, String);

fn deal(
    header: &csv::StringRecord,
    record: &csv::StringRecord,
    catalogue: &Catalogue,
) -> Result<Deal, Fault> {
    let mut object = Map::new();
    for (column, cell) in header.iter().zip(record).filter(|(_, cell)| !cell.is_empty()) {
        let items = || cell.split(';').map(str::trim).filter(|i| !i.is_empty());
        let value = match column {
            "amount" | "currency" => continue,
            "sectors" => items().collect::<Value>(),
            "co_investors" => items().map(other).collect(),
            _ => cell.into(),
        };
        object.insert(column.to_owned(), value);
    }
    let cell = |name: &str| {
        let place = header.iter().position(|c| c == name)?;
        record.get(place).filter(|c| !c.is_empty())
    };
    let missing = |column: &str, what: &str| (column.to_owned(), "required", what.to_owned());
    match (cell("amount"), cell("currency")) {
        (Some(amount), Some(currency)) => {
            object.insert("amount".to_owned(), money(amount, currency, catalogue)?);
        }
        (Some(_), None) => return Err(missing("currency", "an amount has a currency beside it")),
        (None, Some(_)) => return Err(missing("amount", "a currency has an amount beside it")),
        (None, None) => {}
    }
    serde_path_to_error::deserialize(Value::Object(object)).map_err(|e| {
        let path = e.path().to_string();
        let column = path.split(['.', '[']).next().unwrap_or_default().to_owned();
        (column, "invalid_value", e.inner().to_string())
    })
}

/// A co-investor by its id here, or by its name.
fn other(text: &str) -> Value {
    if text.starts_with("ivr_") { json!({"investor": text}) } else { json!({"name": text}) }
}

fn money(amount: &str, currency: &str, catalogue: &Catalogue) -> Result<Value, Fault> {
    let fault = |column: &str, what: &str| (column.to_owned(), "invalid_value", what.to_owned());
    let code: Option<Currency> = currency.parse().ok();
    let facts = code.and_then(|c| catalogue.currency(c)).filter(|f| f.active);
    let facts = facts.ok_or_else(|| fault("currency", "is not a currency of ISO 4217 that is in use"))?;
    let whole: Option<i64> = amount.parse().ok().filter(|n| *n >= 0);
    let minor = whole.and_then(|n| n.checked_mul(10i64.checked_pow(u32::from(facts.minor_units))?));
    let minor = minor.filter(|n| *n <= crate::kernel::money::MAX_AMOUNT);
    let minor = minor.ok_or_else(|| fault("amount", "is not a whole number of units of the currency"))?;
    Ok(json!({"amount": minor, "currency": currency}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Deal>> {
        read_deals(text, &Catalogue::shipped().expect("catalogue"))
    }

    #[test]
    fn rows_become_deals_and_empty_cells_stay_unknown() {
        let text = "company,home,sectors,round,amount,currency,on,co_investors\n\
                    Lumen,FR,photonics.imaging;ict,seed,1500000,JPY,2025-03-01,Nordlicht; Heihe\n\
                    \"Beta, Ltd\",,,,,,,\n";
        let deals = read(text).expect("deals");
        let first = serde_json::to_value(&deals[0]).expect("value");
        let expected = json!({"company": "Lumen", "home": "FR", "sectors": ["ict", "photonics.imaging"], "round": "seed",
            "amount": {"amount": 1_500_000, "currency": "JPY"}, "on": "2025-03-01",
            "co_investors": [{"name": "Nordlicht"}, {"name": "Heihe"}]});
        assert_eq!(
            (first, serde_json::to_value(&deals[1]).ok()),
            (expected, Some(json!({"company": "Beta, Ltd"})))
        );
    }

    #[test]
    fn an_amount_without_a_currency_is_refused_and_a_currency_without_an_amount() {
        for (text, place) in [
            ("amount\n15\n", "/2/currency"),
            ("amount,currency\n15,USD\n15,\n", "/3/currency"),
            ("currency\nUSD\n", "/2/amount"),
            ("amount,currency\n15,USD\n,USD\n", "/3/amount"),
        ] {
            let fault = read(text).expect_err(text).fields.remove(0);
            assert_eq!((format!("{:?}", fault.at), fault.code), (format!("Pointer({place:?})"), "required"));
        }
    }

    #[test]
    fn every_fault_names_its_line_and_column() {
        let error = read("company,home,amount,currency\nA,ZZ,1,EUR\nB,FR,1.5,EUR\nC,FR,1,DEM\nD,FR,9,USD\n")
            .expect_err("faults");
        let places: Vec<String> = error.fields.iter().map(|f| format!("{:?}", f.at)).collect();
        assert_eq!(places, ["Pointer(\"/2/home\")", "Pointer(\"/3/amount\")", "Pointer(\"/4/currency\")"]);
    }

    #[test]
    fn two_rows_with_one_external_id_are_refused() {
        let fault = read("external_id,company\n1,A\n2,B\n,C\n,D\n1,E\n").expect_err("twice").fields.remove(0);
        assert_eq!(
            (format!("{:?}", fault.at), fault.code),
            ("Pointer(\"/6/external_id\")".to_owned(), "duplicate")
        );
    }

    #[test]
    fn unknown_columns_and_ragged_rows_are_refused() {
        assert_eq!(read("company,verified\nA,true\n").expect_err("column").fields[0].code, "unknown_field");
        assert_eq!(read("company,company\nA,B\n").expect_err("column").fields[0].code, "duplicate");
        assert!(read("company,home\nA\n").is_err());
        let empty = read("company,home\nA,FR\n,\n").expect_err("empty").fields.remove(0);
        assert_eq!((format!("{:?}", empty.at), empty.code), ("Pointer(\"/3\")".to_owned(), "required"));
    }
}
