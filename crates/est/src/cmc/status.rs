//! CMCStatusInfoV2 (RFC 5272 §6.1.1) and CMCStatusInfo (§6.1.2).

use core::fmt;

use const_oid::ObjectIdentifier;
use devicecert_pki::Time;
use devicecert_pki::asn1::{Reader, Tlv, Writer, tag};
use devicecert_pki::error::LimitExceeded;

use super::control::{Control, read_body_part};
use super::{FailInfo, Status};
use crate::error::{Error, InvalidMessage};
use crate::limits::Limits;
use crate::oid;

/// What a server says about one or more parts of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusInfo {
    /// What became of them.
    pub status: Status,
    /// The parts that this is about.
    pub body_list: Vec<BodyPartReference>,
    /// The server's words. They are shown as they came: escape them.
    pub text: Option<String>,
    /// What else there is to say.
    pub other: Option<OtherInfo>,
}

/// Which part of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyPartReference {
    /// A part of the request itself.
    Id(u32),
    /// A part of a request inside the request, from the outside in.
    Path(Vec<u32>),
}

/// OtherStatusInfo (RFC 5272 §6.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherInfo {
    /// Why it failed.
    Fail(FailInfo),
    /// How to ask again.
    Pending {
        /// What the server wants to hear then.
        token: Vec<u8>,
        /// When.
        time: Time,
    },
    /// Why it failed, in the words of another specification.
    Extended {
        /// Whose words.
        oid: ObjectIdentifier,
        /// The encoding of the reason.
        value: Vec<u8>,
    },
}

impl StatusInfo {
    /// A status of these parts without further words.
    #[must_use]
    pub fn new(status: Status, body_list: impl IntoIterator<Item = u32>) -> Self {
        let body_list = body_list.into_iter().map(BodyPartReference::Id).collect();
        Self { status, body_list, text: None, other: None }
    }

    /// A failure of these parts.
    #[must_use]
    pub fn failed(fail_info: FailInfo, body_list: impl IntoIterator<Item = u32>) -> Self {
        Self { other: Some(OtherInfo::Fail(fail_info)), ..Self::new(Status::Failed, body_list) }
    }

    /// Adds words for people.
    #[must_use]
    pub fn because(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Why it failed, where the reason is one of RFC 5272.
    #[must_use]
    pub const fn fail_info(&self) -> Option<FailInfo> {
        match &self.other {
            Some(OtherInfo::Fail(fail_info)) => Some(*fail_info),
            Some(OtherInfo::Pending { .. } | OtherInfo::Extended { .. }) | None => None,
        }
    }

    /// Every status among the controls, of either version, in their order.
    pub(super) fn read_all(controls: &[Control], limits: &Limits) -> Result<Vec<Self>, Error> {
        controls
            .iter()
            .filter(|control| {
                control.oid == oid::CMC_STATUS_INFO_V2 || control.oid == oid::CMC_STATUS_INFO
            })
            .map(|control| match control.values.as_slice() {
                [value] => Self::read(value, limits),
                _ => Err(InvalidMessage::Cmc("has a status without exactly one value").into()),
            })
            .collect()
    }

    fn read(value: &[u8], limits: &Limits) -> Result<Self, Error> {
        let mut fields = Reader::new(value).sequence("CMCStatusInfoV2")?;
        let status = fields.expect(tag::INTEGER, "cMCStatus")?.unsigned("cMCStatus")?;
        let mut list = fields.sequence("bodyList")?;
        let mut body_list = Vec::new();
        while !list.is_empty() {
            let count = body_list.len().saturating_add(1);
            LimitExceeded::check("references to body parts", limits.cmc_elements, count)?;
            body_list.push(BodyPartReference::read(&mut list, limits)?);
        }
        let text = fields.optional(tag::UTF8_STRING, "statusString")?;
        let text = text.and_then(|text| text.text());
        let other = match fields.is_empty() {
            true => None,
            false => Some(OtherInfo::read(&mut fields)?),
        };
        fields.finish("the end of CMCStatusInfoV2")?;
        Ok(Self {
            status: Status::from_code(status),
            body_list,
            text: text.map(|text| text.chars().take(limits.text_chars).collect()),
            other,
        })
    }

    /// The control that says this.
    pub(super) fn to_control(&self, body_part: u32) -> Control {
        let value = Writer::build(|w| {
            w.sequence(|w| {
                w.unsigned(self.status.code());
                w.sequence(|w| self.body_list.iter().for_each(|part| part.write(w)));
                if let Some(text) = &self.text {
                    w.value(tag::UTF8_STRING, text.as_bytes());
                }
                if let Some(other) = &self.other {
                    other.write(w);
                }
            });
        });
        Control::new(body_part, oid::CMC_STATUS_INFO_V2, value)
    }
}

impl BodyPartReference {
    fn read(list: &mut Reader<'_>, limits: &Limits) -> Result<Self, Error> {
        if list.peek() != Some(tag::SEQUENCE) {
            return read_body_part(list).map(Self::Id);
        }
        let mut elements = list.sequence("bodyPartPath")?;
        let mut path = Vec::new();
        while !elements.is_empty() {
            let count = path.len().saturating_add(1);
            LimitExceeded::check("elements of a bodyPartPath", limits.cmc_elements, count)?;
            path.push(read_body_part(&mut elements)?);
        }
        Ok(Self::Path(path))
    }

    fn write(&self, w: &mut Writer) {
        match self {
            Self::Id(id) => w.unsigned(u64::from(*id)),
            Self::Path(path) => {
                w.sequence(|w| path.iter().for_each(|id| w.unsigned(u64::from(*id))));
            }
        }
    }
}

impl OtherInfo {
    /// RFC 5272 has no tag before extendedFailInfo, one of RFC 6402's modules has `[1]`: what
    /// stands inside tells.
    fn read(fields: &mut Reader<'_>) -> Result<Self, Error> {
        let choice = fields.any("otherInfo")?;
        if choice.tag == tag::INTEGER {
            return Ok(Self::Fail(FailInfo::from_code(choice.unsigned("failInfo")?)));
        }
        if choice.tag != tag::SEQUENCE && choice.tag != tag::constructed(1) {
            return Err(InvalidMessage::Cmc("has an otherInfo of an unknown kind").into());
        }
        let mut inner = choice.reader();
        let info = match inner.peek() {
            Some(tag::OCTET_STRING) => {
                let token = inner.expect(tag::OCTET_STRING, "pendToken")?.value.to_vec();
                let time = inner.expect(tag::GENERALIZED_TIME, "pendTime")?;
                Self::Pending { token, time: Time::read(&time)? }
            }
            _ => {
                let oid = inner.oid("failInfoOID")?;
                Self::Extended { oid, value: inner.any("failInfoValue")?.raw.to_vec() }
            }
        };
        inner.finish("the end of otherInfo")?;
        Ok(info)
    }

    fn write(&self, w: &mut Writer) {
        match self {
            Self::Fail(fail_info) => w.unsigned(fail_info.code()),
            Self::Pending { token, time } => w.sequence(|w| {
                w.value(tag::OCTET_STRING, token);
                w.value(tag::GENERALIZED_TIME, generalized(*time).as_bytes());
            }),
            Self::Extended { oid, value } => w.sequence(|w| {
                w.oid(oid);
                w.raw(value);
            }),
        }
    }
}

/// A time as GeneralizedTime, also where a certificate would have UTCTime.
fn generalized(time: Time) -> String {
    let text = Writer::build(|w| time.write(w));
    let value = Tlv::parse(&text, "a time").ok();
    let digits = value.map(|value| String::from_utf8_lossy(value.value).into_owned());
    let digits = digits.unwrap_or_default();
    match value.is_some_and(|value| value.tag == tag::UTC_TIME) {
        // RFC 5280 §4.1.2.5.1: UTCTime is 1950 to 2049.
        true if digits.as_str() >= "5" => format!("19{digits}"),
        true => format!("20{digits}"),
        false => digits,
    }
}

impl fmt::Display for StatusInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        match &self.other {
            Some(OtherInfo::Fail(fail_info)) => write!(f, ", {fail_info}")?,
            Some(OtherInfo::Pending { time, .. }) => write!(f, ", again at {time}")?,
            Some(OtherInfo::Extended { oid, .. }) => write!(f, ", reason {oid}")?,
            None => {}
        }
        match &self.text {
            Some(text) => write!(f, ", \"{}\"", text.escape_debug()),
            None => Ok(()),
        }
    }
}
