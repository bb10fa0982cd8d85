//! The table of shared secrets.
//!
//! Invariant: a value is written once and never changed. Read next: [`super`].

use crate::db::{Conn, each, schema::secrets};
use crate::kernel::error::{Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use diesel::prelude::*;
use rand::{RngCore, rngs::OsRng};

/// The 32 secret bytes of that name, made at the first call.
pub fn shared(conn: &mut Conn, name: &str) -> Result<[u8; 32]> {
    let mut fresh = [0u8; 32];
    OsRng.fill_bytes(&mut fresh);
    let row = (secrets::name.eq(name), secrets::value.eq(STANDARD.encode(fresh)));
    each!(conn, c => diesel::insert_into(secrets::table).values(row).on_conflict_do_nothing().execute(c))?;
    let value: String = secrets::table.find(name).select(secrets::value).get_result(conn)?;
    let bytes = STANDARD.decode(value).map_err(Error::internal)?;
    bytes.try_into().map_err(|_| Error::internal(format!("the secret {name} has not 32 bytes")))
}
