//! The files of SQLite: nobody but their owner may read them.
//!
//! Invariant: what is made here is private from the first moment; what is there already keeps its permissions.
//! Read next: [`mod@super::migrate`].

use crate::kernel::error::{Code, Error, Result};
use std::{
    fs::{DirBuilder, File, OpenOptions},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// Makes the folder of a database file, and the file, if they are missing. SQLite gives the files beside it the same
/// permissions.
pub(super) fn prepare(path: &Path) -> Result<()> {
    private(path).map(drop)
}

/// Opens a file, and makes it and its folder if they are missing.
pub(super) fn private(path: &Path) -> Result<File> {
    let failed = |e| {
        Error::new(Code::DatabaseUnavailable, format!("cannot make {}: {e}", path.display())).retry_after(1)
    };
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    }
    let mut open = OpenOptions::new();
    open.write(true).create(true).truncate(false).mode(0o600).open(path).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn only_the_owner_may_read_what_is_made() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("data/springboard.db");
        crate::db::migrate(&crate::db::Target::Sqlite(path.clone())).expect("migrates");
        let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(path.parent().expect("folder")), mode(&path)), (0o700, 0o600));
        for entry in std::fs::read_dir(path.parent().expect("folder")).expect("folder") {
            let path = entry.expect("entry").path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
}
