//! The signed attributes that make a CMS message a pkiMessage (RFC 8894 §3.2.1).

use core::fmt;

use const_oid::ObjectIdentifier;
use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::{Attribute, Provider};

use crate::error::{Error, InvalidMessage};

const TRANSACTION_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.113733.1.9.7");
const MESSAGE_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.113733.1.9.2");
const PKI_STATUS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.113733.1.9.3");
const FAIL_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.113733.1.9.4");
const SENDER_NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.113733.1.9.5");
const RECIPIENT_NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.113733.1.9.6");
const FAIL_INFO_TEXT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.24.1");

/// A signed attribute of RFC 8894, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttributeName {
    /// transactionID (§3.2.1.1).
    TransactionId,
    /// messageType (§3.2.1.2).
    MessageType,
    /// pkiStatus (§3.2.1.3).
    PkiStatus,
    /// failInfo (§3.2.1.4).
    FailInfo,
    /// failInfoText (§3.2.1.4).
    FailInfoText,
    /// senderNonce (§3.2.1.5).
    SenderNonce,
    /// recipientNonce (§3.2.1.5).
    RecipientNonce,
}

impl AttributeName {
    /// Every attribute.
    pub const ALL: [Self; 7] = [
        Self::TransactionId,
        Self::MessageType,
        Self::PkiStatus,
        Self::FailInfo,
        Self::FailInfoText,
        Self::SenderNonce,
        Self::RecipientNonce,
    ];

    /// Its object identifier.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::TransactionId => TRANSACTION_ID,
            Self::MessageType => MESSAGE_TYPE,
            Self::PkiStatus => PKI_STATUS,
            Self::FailInfo => FAIL_INFO,
            Self::FailInfoText => FAIL_INFO_TEXT,
            Self::SenderNonce => SENDER_NONCE,
            Self::RecipientNonce => RECIPIENT_NONCE,
        }
    }

    /// Its name in the RFC.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TransactionId => "transactionID",
            Self::MessageType => "messageType",
            Self::PkiStatus => "pkiStatus",
            Self::FailInfo => "failInfo",
            Self::FailInfoText => "failInfoText",
            Self::SenderNonce => "senderNonce",
            Self::RecipientNonce => "recipientNonce",
        }
    }

    fn printable(self, text: &str) -> Attribute {
        self.value(tag::PRINTABLE_STRING, text.as_bytes())
    }

    fn value(self, tag: u8, octets: &[u8]) -> Attribute {
        Attribute::new(self.oid(), Writer::build(|w| w.value(tag, octets)))
    }

    fn text(self, value: &Tlv<'_>) -> Result<String, Error> {
        value.text().ok_or_else(|| InvalidMessage::Attribute { name: self.name() }.into())
    }
}

impl fmt::Display for AttributeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// transactionID (RFC 8894 §3.2.1.1): what all messages of one enrolment have in common.
///
/// It is a name, not a proof: predictable in many clients. What a server remembers of a
/// transaction belongs to the pair of transactionID and signer key, see
/// [`TransactionKey`](crate::TransactionKey).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TransactionId(String);

impl TransactionId {
    /// The longest transactionID that is read, in characters. The longest known one has 88.
    pub const MAX_LEN: usize = 255;

    /// A random one: 32 hexadecimal digits.
    ///
    /// # Errors
    /// [`KeyError::Random`](devicecert_pki::error::KeyError::Random) if no random bytes can be had.
    pub fn random(provider: &dyn Provider) -> Result<Self, Error> {
        let mut octets = [0; 16];
        provider.random(&mut octets).map_err(devicecert_pki::Error::from)?;
        Ok(Self(octets.iter().map(|octet| format!("{octet:02X}")).collect()))
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn read(value: &Tlv<'_>) -> Result<Self, Error> {
        let text = AttributeName::TransactionId.text(value)?;
        match text.is_empty() || text.chars().count() > Self::MAX_LEN || text.contains('\0') {
            true => {
                Err(InvalidMessage::Attribute { name: AttributeName::TransactionId.name() }.into())
            }
            false => Ok(Self(text)),
        }
    }

    /// A PrintableString, which every client reads; beyond ASCII that would be no text at all.
    pub(crate) fn to_attribute(&self) -> Attribute {
        let tag = if self.0.is_ascii() { tag::PRINTABLE_STRING } else { tag::UTF8_STRING };
        AttributeName::TransactionId.value(tag, self.0.as_bytes())
    }

    pub(crate) const fn from_saved(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It comes from the network and is on its way to a log or a terminal.
        self.0.escape_debug().fmt(f)
    }
}

/// messageType (RFC 8894 §3.2.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageType {
    /// 3: the reply to every request.
    CertRep,
    /// 17: a request signed with a certificate that is about to expire.
    RenewalReq,
    /// 19: a request for a certificate.
    PkcsReq,
    /// 20: asks what became of a request.
    CertPoll,
    /// 21: asks for an issued certificate.
    GetCert,
    /// 22: asks for a CRL.
    GetCrl,
    /// Any other number, among them 18, which a draft used and the RFC does not.
    Other(u32),
}

impl MessageType {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u32 {
        match self {
            Self::CertRep => 3,
            Self::RenewalReq => 17,
            Self::PkcsReq => 19,
            Self::CertPoll => 20,
            Self::GetCert => 21,
            Self::GetCrl => 22,
            Self::Other(code) => code,
        }
    }

    /// The type with this number.
    #[must_use]
    pub const fn from_code(code: u32) -> Self {
        match code {
            3 => Self::CertRep,
            17 => Self::RenewalReq,
            19 => Self::PkcsReq,
            20 => Self::CertPoll,
            21 => Self::GetCert,
            22 => Self::GetCrl,
            other => Self::Other(other),
        }
    }

    pub(crate) fn read(value: &Tlv<'_>) -> Result<Self, Error> {
        // Old clients send an INTEGER in place of the PrintableString.
        let code = match value.tag {
            tag::INTEGER => u32::try_from(value.unsigned("messageType")?).ok(),
            _ => number(&AttributeName::MessageType.text(value)?),
        };
        code.map(Self::from_code).ok_or_else(|| {
            InvalidMessage::Attribute { name: AttributeName::MessageType.name() }.into()
        })
    }

    pub(crate) fn to_attribute(self) -> Attribute {
        AttributeName::MessageType.printable(&self.code().to_string())
    }
}

impl fmt::Display for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::CertRep => "CertRep",
            Self::RenewalReq => "RenewalReq",
            Self::PkcsReq => "PKCSReq",
            Self::CertPoll => "CertPoll",
            Self::GetCert => "GetCert",
            Self::GetCrl => "GetCRL",
            Self::Other(_) => "undefined",
        };
        write!(f, "{name} ({})", self.code())
    }
}

/// pkiStatus (RFC 8894 §3.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PkiStatus {
    /// 0: the request is granted.
    Success,
    /// 2: the request is rejected.
    Failure,
    /// 3: the request waits for an approval.
    Pending,
}

impl PkiStatus {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u32 {
        match self {
            Self::Success => 0,
            Self::Failure => 2,
            Self::Pending => 3,
        }
    }

    pub(crate) fn read(value: &Tlv<'_>) -> Result<Self, Error> {
        // An undefined status is an error (RFC 8894 §3.2.1.3).
        match AttributeName::PkiStatus.text(value)?.as_str() {
            "0" => Ok(Self::Success),
            "2" => Ok(Self::Failure),
            "3" => Ok(Self::Pending),
            _ => Err(InvalidMessage::Attribute { name: AttributeName::PkiStatus.name() }.into()),
        }
    }

    pub(crate) fn to_attribute(self) -> Attribute {
        AttributeName::PkiStatus.printable(&self.code().to_string())
    }
}

impl fmt::Display for PkiStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Success => "SUCCESS",
            Self::Failure => "FAILURE",
            Self::Pending => "PENDING",
        };
        write!(f, "{name} ({})", self.code())
    }
}

/// failInfo (RFC 8894 §3.2.1.4): why a request was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailInfo {
    /// 0: unrecognised or unsupported algorithm.
    BadAlg,
    /// 1: the message's integrity cannot be verified.
    BadMessageCheck,
    /// 2: the transaction is not permitted or supported.
    BadRequest,
    /// 3: the signingTime is too far from the server's.
    BadTime,
    /// 4: no certificate matches what was asked for.
    BadCertId,
    /// A number the RFC does not define; some CAs send those of CMC.
    Other(u32),
}

impl FailInfo {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u32 {
        match self {
            Self::BadAlg => 0,
            Self::BadMessageCheck => 1,
            Self::BadRequest => 2,
            Self::BadTime => 3,
            Self::BadCertId => 4,
            Self::Other(code) => code,
        }
    }

    pub(crate) fn read(value: &Tlv<'_>) -> Result<Self, Error> {
        let code = match value.tag {
            tag::INTEGER => u32::try_from(value.unsigned("failInfo")?).ok(),
            _ => number(&AttributeName::FailInfo.text(value)?),
        };
        Ok(match code {
            Some(0) => Self::BadAlg,
            Some(1) => Self::BadMessageCheck,
            Some(2) => Self::BadRequest,
            Some(3) => Self::BadTime,
            Some(4) => Self::BadCertId,
            Some(other) => Self::Other(other),
            None => {
                let name = AttributeName::FailInfo.name();
                return Err(InvalidMessage::Attribute { name }.into());
            }
        })
    }

    pub(crate) fn to_attribute(self) -> Attribute {
        AttributeName::FailInfo.printable(&self.code().to_string())
    }
}

impl fmt::Display for FailInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::BadAlg => "badAlg",
            Self::BadMessageCheck => "badMessageCheck",
            Self::BadRequest => "badRequest",
            Self::BadTime => "badTime",
            Self::BadCertId => "badCertId",
            Self::Other(_) => "undefined",
        };
        write!(f, "{name} ({})", self.code())
    }
}

/// A nonce (RFC 8894 §3.2.1.5): 16 octets from us, 1 to 64 from others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Nonce(Vec<u8>);

impl Nonce {
    /// A fresh one.
    ///
    /// # Errors
    /// [`KeyError::Random`](devicecert_pki::error::KeyError::Random) if no random bytes can be had.
    pub fn random(provider: &dyn Provider) -> Result<Self, Error> {
        let mut octets = vec![0; 16];
        provider.random(&mut octets).map_err(devicecert_pki::Error::from)?;
        Ok(Self(octets))
    }

    /// The octets.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn read(name: AttributeName, value: &Tlv<'_>) -> Result<Self, Error> {
        match (value.tag, value.value.len()) {
            (tag::OCTET_STRING, 1..=64) => Ok(Self(value.value.to_vec())),
            _ => Err(InvalidMessage::Attribute { name: name.name() }.into()),
        }
    }

    pub(crate) fn to_attribute(&self, name: AttributeName) -> Attribute {
        name.value(tag::OCTET_STRING, &self.0)
    }
}

/// A decimal number without sign or leading zeros: one spelling for each type, so that nobody can
/// mean one and be read as another.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number: &u32| number.to_string() == text)
}

/// failInfoText (RFC 8894 §3.2.1.4), for people only. Some CAs write a PrintableString.
pub(crate) fn read_fail_info_text(value: &Tlv<'_>) -> Result<String, Error> {
    AttributeName::FailInfoText.text(value)
}

pub(crate) fn fail_info_text(text: &str) -> Attribute {
    AttributeName::FailInfoText.value(tag::UTF8_STRING, text.as_bytes())
}
