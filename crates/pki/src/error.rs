//! One error type, grouped by whose fault it is: the bytes, the peer, the key, or the caller.

use const_oid::ObjectIdentifier;

/// What went wrong in this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not what the standard says they are.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The bytes are well formed but exceed a limit of [`Limits`](crate::Limits).
    #[error(transparent)]
    LimitExceeded(#[from] LimitExceeded),
    /// The peer used something this crate, or the backend, does not implement or does not allow.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// The peer's message is readable but must not be believed.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// A private key could not do what it was asked.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The caller asked for something that cannot be made.
    #[error(transparent)]
    Misuse(#[from] Misuse),
}

/// Bytes that do not follow their encoding: where, what was expected, what was found.
///
/// `offset` counts octets from the start of the value handed to the parser. For BER input that
/// had to be rewritten it counts in the rewritten (DER) form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset}: expected {expected}, found {found}")]
pub struct Malformed {
    /// Octets before the place that could not be read.
    pub offset: usize,
    /// What the standard asks for there.
    pub expected: &'static str,
    /// What stands there instead.
    pub found: Found,
}

/// What a parser met instead of what it expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Found {
    /// The input ends here.
    #[error("the end of the input")]
    End,
    /// Another identifier octet.
    #[error("tag 0x{0:02x}")]
    Tag(u8),
    /// A length that does not fit into what is left.
    #[error("a length of {length} with {left} bytes left")]
    Length {
        /// The length that the header announces.
        length: u64,
        /// The octets that are left.
        left: usize,
    },
    /// Octets behind the end of the value.
    #[error("{0} more bytes")]
    Trailing(usize),
    /// An object identifier that cannot stand here.
    #[error("object identifier {0}")]
    Oid(ObjectIdentifier),
    /// A value of the right type with the wrong content.
    #[error("{0}")]
    Value(&'static str),
}

/// A bound of some `Limits` that the input exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {found} exceeds the limit of {limit}")]
pub struct LimitExceeded {
    /// What is bounded.
    pub what: &'static str,
    /// The bound in force.
    pub limit: u64,
    /// What the input asks for, or the count at which reading stopped.
    pub found: u64,
}

impl LimitExceeded {
    /// Refuses a count that exceeds `limit`.
    ///
    /// # Errors
    /// That it does.
    pub const fn check(what: &'static str, limit: usize, found: usize) -> Result<(), Self> {
        match found > limit {
            true => Err(Self { what, limit: limit as u64, found: found as u64 }),
            false => Ok(()),
        }
    }
}

/// Something the peer used that cannot be, or must not be, dealt with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// An algorithm nobody here implements.
    #[error("{what} {oid} is not supported")]
    Algorithm {
        /// The role the algorithm plays.
        what: &'static str,
        /// Its object identifier.
        oid: ObjectIdentifier,
    },
    /// Algorithm parameters that nobody here implements.
    #[error("the parameters of {what} {oid} are not supported")]
    Parameters {
        /// The role the algorithm plays.
        what: &'static str,
        /// Its object identifier.
        oid: ObjectIdentifier,
    },
    /// An algorithm that is implemented, but only for those who allow it.
    #[error("{0} is only accepted where legacy algorithms are allowed")]
    Legacy(&'static str),
    /// An algorithm that this backend does not have.
    #[error("this cryptographic backend has no {0}")]
    Backend(&'static str),
    /// A key of a kind, size or curve that cannot be used here.
    #[error("{0}")]
    PublicKey(&'static str),
}

/// A well-formed message that must not be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejected {
    /// A signature does not fit its message and public key.
    #[error("the signature of {0} is wrong")]
    Signature(&'static str),
    /// The messageDigest attribute differs from the digest of the content (RFC 5652 §5.4).
    #[error("the messageDigest attribute differs from the digest of the content")]
    MessageDigest,
    /// The contentType attribute differs from the type of the content (RFC 5652 §11.1).
    #[error("the contentType attribute differs from the type of the content")]
    ContentType,
    /// A version does not fit what it is the version of (RFC 5652 §5.1, §5.3).
    #[error("the version of {0} does not fit its content")]
    Version(&'static str),
    /// The signer's digest algorithm is not among digestAlgorithms (RFC 5652 §5.1).
    #[error("digestAlgorithms does not list the signer's digest algorithm")]
    DigestNotListed,
    /// There is not exactly one SignerInfo.
    #[error("expected exactly one SignerInfo, found {0}")]
    SignerCount(usize),
    /// No certificate at hand belongs to the signer.
    #[error("no certificate at hand belongs to the signer")]
    NoSignerCertificate,
    /// An attribute that must be there once is missing.
    #[error("the {0} attribute is missing")]
    MissingAttribute(&'static str),
    /// An attribute that must be there once is there twice, or has no or several values.
    #[error("the {0} attribute must have exactly one value")]
    DuplicateAttribute(&'static str),
    /// None of the recipients is ours.
    #[error("the message is enveloped to other recipients")]
    NoRecipient,
    /// The sender's key of a key agreement is no point of the recipient's curve (RFC 5753 §3.1). No
    /// private key was asked.
    #[error("the sender's key is no point of the recipient's curve")]
    OriginatorKey,
    /// The content does not open with the key that was unwrapped, or what it holds is damaged.
    ///
    /// Deliberately one value for a wrong key, bad padding and a ragged ciphertext.
    #[error("the encrypted content does not open")]
    Undecryptable,
    /// A file does not open with this password, or was changed since it was written.
    ///
    /// A message authentication code cannot tell the two apart; damage that it does not cover is
    /// [`Malformed`] or [`Undecryptable`](Self::Undecryptable).
    #[error("the password is wrong, or the file was changed")]
    Password,
    /// Something was made by, or is about, another CA than the one at hand.
    #[error("{0} is of another issuer")]
    OtherIssuer(&'static str),
    /// A CRL whose time is over or is to come.
    #[error("{0} is not current")]
    NotCurrent(&'static str),
    /// An extension says that who does not know it must refuse the rest (RFC 5280 §5.2).
    #[error("the critical extension {0} is not known here")]
    CriticalExtension(ObjectIdentifier),
    /// There is more than one private key, and no telling which is meant.
    #[error("expected at most one private key, found {0}")]
    KeyCount(usize),
}

/// A private key that could not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key does not take this algorithm.
    #[error("the private key cannot do {0}")]
    Algorithm(&'static str),
    /// The key is of another kind or size than the operation needs.
    #[error("{0}")]
    Unusable(&'static str),
    /// The private-key operation failed.
    ///
    /// For an unwrap this says no more than that: why a padding was wrong is a secret.
    #[error("the private-key operation failed")]
    Failed,
    /// The bytes are no private key of a kind this backend has.
    #[error("expected a PKCS#8 private key (RSA, P-256 or P-384)")]
    Encoding,
    /// The random number generator gave nothing.
    #[error("no random bytes can be had")]
    Random,
}

/// Something the caller asked for that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misuse {
    /// A text is no name in the syntax it is said to be in.
    #[error("in the distinguished name, at character {at}: expected {expected}")]
    Name {
        /// Characters before the place that could not be read.
        at: usize,
        /// What could stand there.
        expected: &'static str,
    },
    /// A value cannot be encoded.
    #[error("{0}")]
    Value(&'static str),
    /// A signature was handed in that is empty.
    #[error("the signature handed in is empty")]
    Signature,
}

impl Malformed {
    pub(crate) fn new(offset: usize, expected: &'static str, found: Found) -> Self {
        Self { offset, expected, found }
    }
}

impl Error {
    /// The same error in the value around: what was read on its own starts at `offset` there.
    pub(crate) fn within(self, offset: usize) -> Self {
        match self {
            Self::Malformed(malformed) => Self::Malformed(Malformed {
                offset: malformed.offset.saturating_add(offset),
                ..malformed
            }),
            other => other,
        }
    }
}
