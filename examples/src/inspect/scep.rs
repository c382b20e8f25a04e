//! The signed attributes of a pkiMessage in words (RFC 8894 §3.2.1).

use devicecert::pki::asn1::{Tlv, tag};
use devicecert::pki::cms::{Content, SignedData, SignerInfo};
use devicecert::pki::{Attribute, Time, oid};
use devicecert::scep::{AttributeName, MessageType};

use super::page::{hex, plural};
use super::{Look, Place, names};

/// The transactionID of sscep has 32 characters, that of SCEPman 88; more is suspicious.
const LONG_TRANSACTION_ID: usize = 88;

/// What a person wants to know first comes first.
const ORDER: [AttributeName; 7] = [
    AttributeName::MessageType,
    AttributeName::PkiStatus,
    AttributeName::FailInfo,
    AttributeName::FailInfoText,
    AttributeName::TransactionId,
    AttributeName::SenderNonce,
    AttributeName::RecipientNonce,
];

pub(super) fn attributes(
    look: &mut Look<'_>,
    info: &SignerInfo,
    signed: &SignedData,
    sent: Option<&Tlv<'_>>,
    place: &Place,
) {
    let attributes = info.unverified_attributes();
    let message_type = message_type(attributes);
    for name in ORDER {
        let found: Vec<&Attribute> =
            attributes.iter().filter(|attribute| attribute.oid == name.oid()).collect();
        if found.len() > 1 {
            look.unusual(
                format!("the attribute {name} is there {}", plural(found.len(), "time")),
                "Two programs need not take the same one. This library refuses the message.",
            );
        }
        for attribute in found {
            let at =
                offset(sent, attribute).map_or(String::new(), |at| format!(" ({})", place.at(at)));
            one(look, name, attribute, &at);
        }
    }
    others(look, attributes, signed);
    required(look, attributes, message_type);
    if let (Some(sender), Some(recipient)) = (
        value(attributes, AttributeName::SenderNonce),
        value(attributes, AttributeName::RecipientNonce),
    ) && sender.value == recipient.value
    {
        look.unusual(
            "senderNonce and recipientNonce are the same",
            "The server copied the nonce of the request into both, as micromdm and step-ca do. \
             Harmless.",
        );
    }
    content(look, signed, attributes, message_type);
}

/// eContent is missing, in a pkiMessage.
pub(super) fn absent_content(look: &mut Look<'_>) {
    look.page.row("signed content", "absent");
    look.unusual(
        "there is no content at all",
        "Right for FAILURE and PENDING by the letter of RFC 8894 section 3.2, but certmonger (\"no \
         content\") and others cannot read it. An empty OCTET STRING is read by everybody.",
    );
}

fn one(look: &mut Look<'_>, name: AttributeName, attribute: &Attribute, at: &str) {
    let [encoding] = attribute.values.as_slice() else {
        look.page.row(name.name(), &plural(attribute.values.len(), "value"));
        look.unusual(
            format!("the attribute {name} has {}{at}", plural(attribute.values.len(), "value")),
            "It must have exactly one. This library refuses the message.",
        );
        return;
    };
    let Ok(value) = Tlv::parse(encoding, name.name()) else {
        look.page.row(name.name(), "not readable");
        return;
    };
    let text = match name {
        AttributeName::SenderNonce | AttributeName::RecipientNonce => nonce(look, name, &value, at),
        AttributeName::MessageType => in_words(&value, &describe_message_type),
        AttributeName::PkiStatus => in_words(&value, &describe_status),
        AttributeName::FailInfo => in_words(&value, &describe_fail_info),
        AttributeName::TransactionId => transaction_id(look, &value, at),
        _ => quoted(&value),
    };
    look.page.row(name.name(), &text);
    string_type(look, name, &value, at);
}

fn message_type(attributes: &[Attribute]) -> Option<MessageType> {
    number(&value(attributes, AttributeName::MessageType)?).map(MessageType::from_code)
}

fn value(attributes: &[Attribute], name: AttributeName) -> Option<Tlv<'_>> {
    let attribute = attributes.iter().find(|attribute| attribute.oid == name.oid())?;
    Tlv::parse(attribute.values.first()?, name.name()).ok()
}

/// Where the attribute lies in the message.
fn offset(sent: Option<&Tlv<'_>>, attribute: &Attribute) -> Option<usize> {
    let mut set = sent?.reader();
    while let Ok(candidate) = set.any("Attribute") {
        let oid = candidate.reader().oid("type").ok();
        if oid == Some(attribute.oid) {
            return Some(candidate.offset);
        }
    }
    None
}

/// A number, whether written as text, as the RFC wants, or as an INTEGER.
fn number(value: &Tlv<'_>) -> Option<u32> {
    match value.tag {
        tag::INTEGER => u32::try_from(value.unsigned("a number").ok()?).ok(),
        _ => value.text()?.parse().ok(),
    }
}

fn in_words(value: &Tlv<'_>, describe: &dyn Fn(u32) -> String) -> String {
    number(value).map_or_else(|| format!("{}, which is no number", quoted(value)), describe)
}

fn describe_message_type(code: u32) -> String {
    let message_type = MessageType::from_code(code);
    let means = match message_type {
        MessageType::CertRep => "the reply of a server",
        MessageType::RenewalReq => "a request signed with the certificate in force",
        MessageType::PkcsReq => "a request for a certificate",
        MessageType::CertPoll => "asks what became of a request",
        MessageType::GetCert => "asks for an issued certificate",
        MessageType::GetCrl => "asks for a CRL",
        _ => "no message of RFC 8894",
    };
    format!("{message_type}, {means}")
}

fn describe_status(code: u32) -> String {
    let means = match code {
        0 => "SUCCESS (0), the request is granted",
        2 => "FAILURE (2), the request is rejected",
        3 => "PENDING (3), the request waits for an approval",
        other => return format!("{other}, which RFC 8894 does not define"),
    };
    means.to_owned()
}

fn describe_fail_info(code: u32) -> String {
    let means = match code {
        0 => "badAlg (0), an algorithm is unknown or not allowed",
        1 => "badMessageCheck (1), the message could not be verified or decrypted",
        2 => "badRequest (2), the request is not permitted: often the challenge is wrong",
        3 => "badTime (3), the signingTime is too far from the server's clock",
        4 => "badCertId (4), no certificate matches what was asked for",
        other => return format!("{other}, which RFC 8894 does not define"),
    };
    means.to_owned()
}

fn nonce(look: &mut Look<'_>, name: AttributeName, value: &Tlv<'_>, at: &str) -> String {
    if value.value.len() != 16 {
        look.unusual(
            format!("{name} has {}{at}", plural(value.value.len(), "byte")),
            "RFC 8894 section 3.2.1.5 asks for 16. Old Apple clients send 8; a server must \
             give back exactly what it got.",
        );
    }
    format!("{} ({})", hex(value.value, 64), plural(value.value.len(), "byte"))
}

fn transaction_id(look: &mut Look<'_>, value: &Tlv<'_>, at: &str) -> String {
    let Some(text) = value.text() else {
        return quoted(value);
    };
    let count = text.chars().count();
    if text.is_empty() || count > LONG_TRANSACTION_ID {
        look.unusual(
            format!("the transactionID has {}{at}", plural(count, "character")),
            "Servers that use it as a file name or database key may cut it or refuse it.",
        );
    }
    let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_hexdigit());
    let upper = text.chars().any(|c| c.is_ascii_uppercase());
    let decimal = digits && text.bytes().all(|c| c.is_ascii_digit());
    let form = match (digits, upper) {
        _ if decimal => ", digits",
        (true, true) => ", hexadecimal in upper case",
        (true, false) => ", hexadecimal",
        (false, _) => "",
    };
    format!("{} ({}{form})", quoted(value), plural(count, "character"))
}

/// RFC 8894 §3.2.1 says of each attribute which string type it is.
fn string_type(look: &mut Look<'_>, name: AttributeName, value: &Tlv<'_>, at: &str) {
    let wanted = match name {
        AttributeName::SenderNonce | AttributeName::RecipientNonce => tag::OCTET_STRING,
        AttributeName::FailInfoText => tag::UTF8_STRING,
        _ => tag::PRINTABLE_STRING,
    };
    if value.tag != wanted {
        look.unusual(
            format!(
                "{name} is a {} instead of a {}{at}",
                names::tag(value.tag),
                names::tag(wanted)
            ),
            "RFC 8894 section 3.2.1 fixes the type. Readers that cast instead of converting \
             (jscep, xipki) refuse the message.",
        );
    }
}

/// Attributes that are not SCEP's own.
fn others(look: &mut Look<'_>, attributes: &[Attribute], signed: &SignedData) {
    for attribute in attributes {
        if AttributeName::ALL.iter().any(|name| name.oid() == attribute.oid) {
            continue;
        }
        let value = attribute.values.first().and_then(|value| Tlv::parse(value, "value").ok());
        match (attribute.oid, value) {
            (oid::CONTENT_TYPE | oid::MESSAGE_DIGEST, Some(_)) => {}
            (oid::SIGNING_TIME, Some(value)) => signing_time(look, &value, signed),
            (other, value) => {
                let name = names::oid(&other);
                let text = value.map_or("without a value".to_owned(), |value| quoted(&value));
                look.page.row("other attribute", &format!("{name}: {text}"));
                look.unusual(
                    format!("signed attribute {name}, which SCEP does not know"),
                    "To be passed over (NDES and cryptlib send such). A reader that stops at \
                     unknown attributes is at fault.",
                );
            }
        }
    }
    for (oid, name) in [(oid::CONTENT_TYPE, "contentType"), (oid::MESSAGE_DIGEST, "messageDigest")]
    {
        if !attributes.iter().any(|attribute| attribute.oid == oid) {
            look.unusual(
                format!("the signed attribute {name} is missing"),
                "RFC 5652 section 5.3 requires it. The signature then does not cover the content, \
                 and no verifier should accept it.",
            );
        }
    }
}

fn signing_time(look: &mut Look<'_>, value: &Tlv<'_>, signed: &SignedData) {
    let sent = String::from_utf8_lossy(value.value).into_owned();
    let Ok(time) = Time::read(value) else {
        look.page.row("signingTime", &format!("\"{sent}\", which is no time"));
        look.unusual("signingTime is not readable", "Servers that look at it answer badTime.");
        return;
    };
    look.page.row("signingTime", &time.to_string());
    let plain =
        sent.strip_suffix('Z').is_some_and(|digits| digits.bytes().all(|c| c.is_ascii_digit()));
    let whole = sent.len() == if value.tag == tag::UTC_TIME { 13 } else { 15 };
    if !plain || !whole {
        look.unusual(
            format!("signingTime is written as \"{sent}\""),
            "RFC 5652 section 11.3 wants seconds and Z. Old Go programs write an offset; readers \
             that know only Z fail.",
        );
    }
    let signer = signed.signer_certificate(&look.limits, &look.tolerance);
    if signer.is_ok_and(|signer| !signer.validity().contains(time)) {
        look.unusual(
            "signingTime lies outside the validity of the signer's certificate",
            "Go servers refuse that. The clock of the sender is probably wrong.",
        );
    }
}

fn required(look: &mut Look<'_>, attributes: &[Attribute], message_type: Option<MessageType>) {
    let is_reply = message_type == Some(MessageType::CertRep);
    let failed =
        value(attributes, AttributeName::PkiStatus).and_then(|value| number(&value)) == Some(2);
    let missing =
        |name: AttributeName| !attributes.iter().any(|attribute| attribute.oid == name.oid());
    let wanted = [
        (AttributeName::MessageType, true, "Nobody can tell what the message is for."),
        (AttributeName::TransactionId, true, "Reply and request cannot be brought together."),
        (
            AttributeName::SenderNonce,
            true,
            if is_reply {
                "RFC 8894 section 3.3.2 allows that in a reply; certmonger insists on it."
            } else {
                "Old embedded clients leave it out. Servers that follow the letter refuse that."
            },
        ),
        (AttributeName::PkiStatus, is_reply, "A reply without a status says nothing."),
        (
            AttributeName::RecipientNonce,
            is_reply,
            "It ties the reply to the request. Clients that \
            check it take the reply for a replay.",
        ),
        (AttributeName::FailInfo, failed, "RFC 8894 section 3.2.1.4 requires it in a FAILURE."),
    ];
    for (name, needed, means) in wanted {
        if needed && missing(name) {
            look.page.row(name.name(), "missing");
            look.unusual(format!("the attribute {name} is missing"), means);
        }
    }
}

fn content(
    look: &mut Look<'_>,
    signed: &SignedData,
    attributes: &[Attribute],
    message_type: Option<MessageType>,
) {
    let status = value(attributes, AttributeName::PkiStatus).and_then(|value| number(&value));
    let needs_envelope = message_type != Some(MessageType::CertRep) || status == Some(0);
    let empty = match signed.unverified_content() {
        Content::Octets(octets) => octets.is_empty(),
        Content::Absent => true,
        _ => false,
    };
    if needs_envelope && empty {
        look.unusual(
            "there is no envelope in a message that needs one",
            "Every request, and every reply of status SUCCESS, carries an EnvelopedData (RFC 8894 \
             section 3.2.2).",
        );
    }
    if !needs_envelope && !empty {
        look.unusual(
            "a FAILURE or PENDING that carries something",
            "RFC 8894 section 3.2 wants none. Clients that look at the status first do not mind.",
        );
    }
}

/// A value for people: text in quotation marks, anything else as octets.
fn quoted(value: &Tlv<'_>) -> String {
    match value.text() {
        Some(text) if value.tag != tag::OCTET_STRING => {
            let text: String = text.chars().take(256).collect();
            format!("\"{}\"", text.escape_debug())
        }
        _ => format!("{} {}", names::tag(value.tag), hex(value.value, 32)),
    }
}
