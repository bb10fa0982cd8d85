//! Who may call, as a type in the handler's signature.
//!
//! Invariant: a handler reads and writes only in transactions that admit a caller with the authority that its signature
//! names. What a member may do inside an organisation is asked of [`Principal::acting`], whose proof the verbs demand.
//! Read next: [`super::context`].

use crate::identity::Principal;
use crate::kernel::error::{Code, Error, Result};

/// A kind of authority that a request can have.
pub trait Authority: Sized + Send + 'static {
    /// Whether a token that comes along is looked at; one that is no good is then refused.
    const ASKS: bool = true;

    /// The authority of a caller, or the refusal; `None` is a visitor without a token.
    fn of(principal: Option<Principal>) -> Result<Self>;

    /// The caller, if there is one.
    fn principal(&self) -> Option<&Principal>;
}

/// Somebody of whom nothing is asked: a token that comes along is not looked at, so that an old one is in nobody's way where
/// a new one is to be had.
#[derive(Clone, Copy, Debug)]
pub struct Visitor;

/// Anybody, signed in or not.
#[derive(Clone, Debug)]
pub struct Anyone(pub Option<Principal>);

/// A signed-in person who is not suspended.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Principal);

/// A platform admin.
#[derive(Clone, Debug)]
pub struct Admin(pub Principal);

impl Authority for Visitor {
    const ASKS: bool = false;

    fn of(_: Option<Principal>) -> Result<Self> {
        Ok(Self)
    }

    fn principal(&self) -> Option<&Principal> {
        None
    }
}

impl Authority for Anyone {
    fn of(principal: Option<Principal>) -> Result<Self> {
        Ok(Self(principal))
    }

    fn principal(&self) -> Option<&Principal> {
        self.0.as_ref()
    }
}

impl Authority for SignedIn {
    fn of(principal: Option<Principal>) -> Result<Self> {
        principal.map(Self).ok_or_else(|| Error::new(Code::AuthenticationRequired, "send a bearer token"))
    }

    fn principal(&self) -> Option<&Principal> {
        Some(&self.0)
    }
}

impl Authority for Admin {
    fn of(principal: Option<Principal>) -> Result<Self> {
        let SignedIn(principal) = SignedIn::of(principal)?;
        if principal.admin {
            Ok(Self(principal))
        } else {
            Err(Error::new(Code::Forbidden, "only a platform admin may do this"))
        }
    }

    fn principal(&self) -> Option<&Principal> {
        Some(&self.0)
    }
}

impl std::ops::Deref for SignedIn {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.0
    }
}

impl std::ops::Deref for Admin {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.0
    }
}
