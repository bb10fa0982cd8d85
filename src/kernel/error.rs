//! The one error table: every refusal of the service is a row here.
//!
//! Invariant: `code` and `status` of a row never change once released; the wording may.
//! Read next: `http::problem`, which writes an [`Error`] as `application/problem+json`.

use std::fmt;

macro_rules! error_table {
    ($($(#[doc = $doc:literal])* $name:ident => $code:literal, $status:literal, $title:literal;)*) => {
        /// A row of the error table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[doc = $doc])* $name,)* }

        impl Code {
            /// Every row, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The stable machine word of this row, as in `"code": "not_found"`.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }

            /// The HTTP status of this row.
            pub fn status(self) -> u16 {
                match self { $(Code::$name => $status,)* }
            }

            /// When this row is used, for a person.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc,)*).trim_ascii(),)* }
            }

            /// The row of a machine word.
            pub fn parse(word: &str) -> Option<Code> {
                Self::ALL.iter().copied().find(|c| c.as_str() == word)
            }

            /// The English title of this row.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }
        }
    };
}

error_table! {
    /// The body is not JSON, or JSON with duplicate keys, or nested too deeply.
    MalformedJson => "malformed_json", 400, "The request body is not well-formed JSON";
    /// A path or query parameter has a value it may not have.
    InvalidParameter => "invalid_parameter", 400, "A parameter has an invalid value";
    /// A query parameter that the operation does not have.
    UnknownParameter => "unknown_parameter", 400, "The operation has no such parameter";
    /// A cursor that was changed, has expired, or belongs to another query or caller.
    InvalidCursor => "invalid_cursor", 400, "The cursor cannot be used";
    /// A header that cannot be read.
    InvalidHeader => "invalid_header", 400, "A header has an invalid value";
    /// An operation that insists on an `Idempotency-Key` was called without one.
    IdempotencyKeyMissing => "idempotency_key_missing", 400, "This operation needs an Idempotency-Key";
    /// Nobody is signed in.
    AuthenticationRequired => "authentication_required", 401, "Sign in first";
    /// The token is not one of ours, was altered, or has been revoked.
    InvalidToken => "invalid_token", 401, "The token is not valid";
    /// The token was valid once.
    TokenExpired => "token_expired", 401, "The token has expired";
    /// E-mail and password do not belong together.
    InvalidCredentials => "invalid_credentials", 401, "E-mail or password is wrong";
    /// The caller is known and may not do this.
    Forbidden => "forbidden", 403, "You may not do this";
    /// The person has not confirmed the e-mail address yet.
    EmailNotVerified => "email_not_verified", 403, "Confirm your e-mail address first";
    /// The person or the organisation is suspended.
    AccountSuspended => "account_suspended", 403, "The account is suspended";
    /// The organisation waits for approval.
    ApprovalPending => "approval_pending", 403, "The organisation waits for approval";
    /// The current password is needed, or was wrong.
    ReauthenticationRequired => "reauthentication_required", 403, "Confirm with your current password";
    /// There is nothing here, or nothing that the caller may know of.
    NotFound => "not_found", 404, "Not found";
    /// The path exists, the method does not.
    MethodNotAllowed => "method_not_allowed", 405, "The method is not allowed here";
    /// No representation that the caller accepts.
    NotAcceptable => "not_acceptable", 406, "No acceptable representation";
    /// The request took too long to arrive.
    RequestTimeout => "request_timeout", 408, "The request took too long";
    /// The state of the thing does not allow this.
    InvalidState => "invalid_state", 409, "The current state does not allow this";
    /// Something else was there first.
    Conflict => "conflict", 409, "Conflict with the current state";
    /// A thing with the same unique value exists.
    Duplicate => "duplicate", 409, "It exists already";
    /// A request with the same `Idempotency-Key` is being carried out.
    IdempotencyInProgress => "idempotency_in_progress", 409, "The same request is still in progress";
    /// `If-Match` names another version than the current one.
    PreconditionFailed => "precondition_failed", 412, "It was changed in the meantime";
    /// The body is larger than the limit.
    PayloadTooLarge => "payload_too_large", 413, "The request body is too large";
    /// The URL is longer than the limit.
    UriTooLong => "uri_too_long", 414, "The URL is too long";
    /// The body has a media type or encoding that the operation does not read.
    UnsupportedMediaType => "unsupported_media_type", 415, "The media type is not supported";
    /// One or more fields have values they may not have.
    ValidationFailed => "validation_failed", 422, "Some fields are not valid";
    /// The body has a field that the operation does not know.
    UnknownField => "unknown_field", 422, "The body has an unknown field";
    /// The body refers to something that is not there for the caller.
    ReferenceNotFound => "reference_not_found", 422, "A reference points nowhere";
    /// The `Idempotency-Key` was used for another request.
    IdempotencyKeyReused => "idempotency_key_reused", 422, "The Idempotency-Key was used for another request";
    /// The password is too easy to guess.
    PasswordTooWeak => "password_too_weak", 422, "The password is too weak";
    /// The profile lacks what publishing needs.
    ProfileIncomplete => "profile_incomplete", 422, "The profile is not complete";
    /// `If-Match` is missing.
    PreconditionRequired => "precondition_required", 428, "Send If-Match with the version you read";
    /// More requests than allowed.
    RateLimited => "rate_limited", 429, "Too many requests";
    /// Too many failed attempts to sign in.
    LoginThrottled => "login_throttled", 429, "Too many attempts to sign in";
    /// The headers are larger than the limit.
    HeadersTooLarge => "headers_too_large", 431, "The headers are too large";
    /// A fault on our side; the cause is in the log under the request id.
    Internal => "internal_error", 500, "Internal error";
    /// The service is busy; the same request may succeed later.
    Unavailable => "unavailable", 503, "The service is busy";
    /// The database does not answer.
    DatabaseUnavailable => "database_unavailable", 503, "The database is not available";
    /// The service is shutting down.
    Draining => "draining", 503, "The service is shutting down";
}

/// Where in a request an error lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A JSON Pointer into the body; empty for the body as a whole.
    Pointer(String),
    /// The name of a path or query parameter.
    Parameter(String),
    /// The name of a header.
    Header(&'static str),
}

/// One thing that is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Which field.
    pub at: At,
    /// The machine word of what is wrong, as in `out_of_range`.
    pub code: &'static str,
    /// What is wrong, for a person.
    pub detail: String,
}

impl FieldError {
    /// An error at a JSON Pointer of the body.
    pub fn at(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { at: At::Pointer(pointer.into()), code, detail: detail.into() }
    }

    /// An error at a query or path parameter.
    pub fn parameter(name: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { at: At::Parameter(name.into()), code, detail: detail.into() }
    }
}

/// A refusal, or a fault, with everything that the caller may know of it.
#[derive(Debug)]
pub struct Error {
    /// The row of the error table.
    pub code: Code,
    /// What happened here, for a person.
    pub detail: String,
    /// All fields that are wrong.
    pub fields: Vec<FieldError>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
    /// Further members of the problem document, as `current_state`.
    pub members: Vec<(&'static str, serde_json::Value)>,
    /// What caused it; logged, never shown.
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The result of everything that can be refused.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of the given row with a sentence for the caller.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            fields: Vec::new(),
            retry_after: None,
            members: Vec::new(),
            cause: None,
        }
    }

    /// What there is not, or what the caller may not know of.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "there is nothing here that you may see")
    }

    /// A fault on our side; `cause` goes to the log only.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(Code::Internal, "see the log under this request id") }
    }

    /// All fields of a request that are not valid; the code is that of an unknown field if all of them are.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let unknown = !fields.is_empty() && fields.iter().all(|f| f.code == "unknown_field");
        let code = if unknown { Code::UnknownField } else { Code::ValidationFailed };
        let detail = match fields.len() {
            1 => "one field is not valid".to_owned(),
            n => format!("{n} fields are not valid"),
        };
        Self { fields, ..Self::new(code, detail) }
    }

    /// One field of the body that is not valid.
    pub fn field(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::at(pointer, code, detail)])
    }

    /// A query or path parameter that is not valid.
    pub fn parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut error = Self::new(Code::InvalidParameter, detail.clone());
        error.fields.push(FieldError::parameter(name, "invalid", detail));
        error
    }

    /// A body that refers to something which is not there for the caller.
    pub fn reference(pointer: impl Into<String>, what: &str) -> Self {
        let field = FieldError::at(pointer, "reference_not_found", format!("there is no such {what}"));
        Self { fields: vec![field], ..Self::new(Code::ReferenceNotFound, format!("there is no such {what}")) }
    }

    /// A transition that the current state does not allow.
    pub fn state(current: &str, allowed: &[&str], detail: impl Into<String>) -> Self {
        Self::new(Code::InvalidState, detail)
            .member("current_state", current.into())
            .member("allowed", allowed.iter().map(|s| serde_json::Value::from(*s)).collect())
    }

    /// The same error with seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The same error with a further member of the problem document.
    #[must_use]
    pub fn member(mut self, name: &'static str, value: serde_json::Value) -> Self {
        self.members.push((name, value));
        self
    }

    /// The same error with a cause for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|e| e as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_has_its_own_word_and_an_error_status() {
        let words: HashSet<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|c| (400..600).contains(&c.status()) && !c.meaning().is_empty()));
        assert!(Code::ALL.iter().all(|c| Code::parse(c.as_str()) == Some(*c)));
    }

    #[test]
    fn only_unknown_fields_make_an_unknown_field_error() {
        let unknown = FieldError::at("/a", "unknown_field", "x");
        let range = FieldError::at("/b", "out_of_range", "x");
        assert_eq!(Error::invalid(vec![unknown.clone()]).code, Code::UnknownField);
        assert_eq!(Error::invalid(vec![unknown, range]).code, Code::ValidationFailed);
    }
}
