//! CMCStatus (RFC 5272 §6.1.3) and CMCFailInfo (§6.1.4, RFC 6402 §2.2).

use core::fmt;

macro_rules! code_points {
    (
        $(#[$doc:meta])* $name:ident { $($(#[$arm_doc:meta])* $arm:ident = $code:literal $text:literal,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$arm_doc])* $arm,)*
            /// Any other code point.
            Other(u64),
        }

        impl $name {
            /// The meaning of a code point.
            #[must_use]
            pub const fn from_code(code: u64) -> Self {
                match code {
                    $($code => Self::$arm,)*
                    other => Self::Other(other),
                }
            }

            /// The code point.
            #[must_use]
            pub const fn code(self) -> u64 {
                match self {
                    $(Self::$arm => $code,)*
                    Self::Other(code) => code,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let name = match self {
                    $(Self::$arm => $text,)*
                    Self::Other(_) => "undefined",
                };
                write!(f, "{name} ({})", self.code())
            }
        }
    };
}

code_points! {
    /// What became of a request (RFC 5272 §6.1.3).
    Status {
        /// It was granted.
        Success = 0 "success",
        /// It was not.
        Failed = 2 "failed",
        /// It has to wait.
        Pending = 3 "pending",
        /// The server does not do this.
        NoSupport = 4 "noSupport",
        /// The client has to confirm the certificate.
        ConfirmRequired = 5 "confirmRequired",
        /// The client has to prove that it has the key.
        PopRequired = 6 "popRequired",
        /// Some parts were granted, some not.
        Partial = 7 "partial",
    }
}

code_points! {
    /// Why a request failed (RFC 5272 §6.1.4).
    FailInfo {
        /// Unrecognised or unsupported algorithm.
        BadAlg = 0 "badAlg",
        /// Integrity check failed.
        BadMessageCheck = 1 "badMessageCheck",
        /// Transaction not permitted or supported.
        BadRequest = 2 "badRequest",
        /// Message time was not close enough to the system time.
        BadTime = 3 "badTime",
        /// No certificate fits the criteria.
        BadCertId = 4 "badCertId",
        /// A requested extension is not supported.
        UnsupportedExt = 5 "unsupportedExt",
        /// Private key material has to be sent along.
        MustArchiveKeys = 6 "mustArchiveKeys",
        /// Identification could not be verified.
        BadIdentity = 7 "badIdentity",
        /// Proof of possession is required.
        PopRequired = 8 "popRequired",
        /// Proof of possession failed; what a wrong link to TLS gets (RFC 7030 §3.5).
        PopFailed = 9 "popFailed",
        /// The CA does not certify a key twice.
        NoKeyReuse = 10 "noKeyReuse",
        /// The CA itself failed.
        InternalCaError = 11 "internalCAError",
        /// Try again later.
        TryLater = 12 "tryLater",
        /// Authenticated data could not be verified.
        AuthDataFail = 13 "authDataFail",
    }
}
