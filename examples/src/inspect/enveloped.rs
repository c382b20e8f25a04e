//! EnvelopedData (RFC 5652 §6): who can open it, and what is inside if we can.

use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::algorithm::{ContentCipher, KeyAgreement, KeyTransport};
use devicecert::pki::asn1::{Reader, tag};
use devicecert::pki::cms::{
    EnvelopedData, KeyAgreementRecipient, KeyTransportRecipient, PasswordRecipient, RecipientInfo,
    SignerIdentifier,
};
use devicecert::pki::{Decryptor, Error, Provider, Secret, ToBeDecrypted, ber, oid};

use super::page::{bytes, hex, plural};
use super::{Look, Place, algorithms, names};

pub(super) fn look(look: &mut Look<'_>, der: &[u8], place: &Place) {
    look.page.heading("EnvelopedData (CMS, RFC 5652 section 6)");
    let parsed = EnvelopedData::parse(der, &look.limits);
    let Some(enveloped) = look.check(place, parsed) else { return };
    let cipher = enveloped.content_encryption_algorithm();
    look.page.row("content", &names::oid(&enveloped.content_type()));
    look.page.row("cipher", &names::oid(&cipher.oid));
    look.page.row("encrypted content", &bytes(enveloped.encrypted_content().len()));
    content_oddities(look, &enveloped);
    recipients(look, &enveloped);
    if let Err(error) = version(look, &enveloped, der, place) {
        look.damaged(place.damage(&error));
    }
    open(look, &enveloped);
}

fn content_oddities(look: &mut Look<'_>, enveloped: &EnvelopedData) {
    let identifier = enveloped.content_encryption_algorithm();
    match ContentCipher::from_identifier(identifier) {
        Ok((cipher, _)) => {
            let length = enveloped.encrypted_content().len();
            if length == 0 || length.checked_rem(cipher.block_len()) != Some(0) {
                look.unusual(
                    format!(
                        "the encrypted content of {} is not whole blocks of {}",
                        bytes(length),
                        cipher.name()
                    ),
                    "It cannot be decrypted: part of it is missing.",
                );
            }
            if cipher == ContentCipher::DesCbc {
                look.unusual(
                    "single DES",
                    "A key of 56 bits is found in hours. micromdm and other Go servers use it by \
                     default; OpenSSL 3 reads it only with its legacy provider.",
                );
            }
            if cipher == ContentCipher::DesEde3Cbc {
                look.unusual(
                    "Triple DES",
                    "Out of date but not broken. Clients use it where GetCACaps does not announce AES.",
                );
            }
        }
        Err(error) => look.unusual(
            format!("cipher {} ({error})", names::oid(&identifier.oid)),
            "SCEP uses AES or 3DES in CBC mode (RFC 8894 section 2.9).",
        ),
    }
    if enveloped.content_type() != oid::DATA {
        look.unusual(
            format!("the encrypted content is of type {}", names::oid(&enveloped.content_type())),
            "In SCEP it is data. Readers rarely look.",
        );
    }
}

fn recipients(look: &mut Look<'_>, enveloped: &EnvelopedData) {
    let recipients = enveloped.recipients();
    if recipients.len() != 1 {
        look.unusual(
            plural(recipients.len(), "recipient"),
            "SCEP messages have one. micromdm's client writes one for every CA certificate; \
             servers that take the first without looking fail.",
        );
    }
    for recipient in recipients {
        match recipient {
            RecipientInfo::KeyTransport(recipient) => key_transport(look, recipient),
            RecipientInfo::KeyAgreement(recipient) => key_agreement(look, recipient),
            RecipientInfo::Password(recipient) => password(look, recipient),
            RecipientInfo::KeyEncryptionKey(recipient) => {
                let name = hex(&recipient.key_identifier, 32);
                look.page
                    .row("can be opened with", &format!("a key known to both sides as {name}"));
                look.unusual(
                    "a recipient by a key known to both sides (kekri)",
                    "EST has it for generated keys (RFC 7030 section 4.4.2). SCEP does not.",
                );
            }
            RecipientInfo::Other { tag, encoding } => {
                let kind = match *tag {
                    0xa2 => "a key known to both sides (kekri)",
                    _ => "something else (ori)",
                };
                look.page.row("can be opened with", &format!("{kind}, {}", bytes(encoding.len())));
                look.unusual(
                    format!("a recipient by {kind}"),
                    "Nobody in the field uses it for SCEP, and this library does not read it.",
                );
            }
            _ => {}
        }
    }
}

fn key_agreement(look: &mut Look<'_>, recipient: &KeyAgreementRecipient) {
    for key in &recipient.encrypted_keys {
        look.page.row("can be opened by", &key.identifier.to_string());
    }
    let scheme = names::oid(&recipient.algorithm.oid);
    look.page.row(
        "",
        &match KeyAgreement::try_from(&recipient.algorithm) {
            Ok(agreement) => format!("key agreement {scheme}, {}", agreement.wrap.name()),
            Err(error) => format!("key agreement {scheme} ({error})"),
        },
    );
    look.unusual(
        "a recipient by key agreement (kari)",
        "NDES answers devices with EC keys so. RFC 8894 section 3.1 would have a password recipient; \
         most servers and clients read neither.",
    );
}

fn password(look: &mut Look<'_>, recipient: &PasswordRecipient) {
    let derived = match recipient.iterations() {
        Some(iterations) => format!("PBKDF2 with {iterations} iterations"),
        None => "derived in some other way".to_owned(),
    };
    look.page.row("can be opened with", &format!("a password, {derived}"));
    look.unusual(
        "a recipient by password (pwri)",
        "RFC 8894 section 3.1 uses the challenge as password where the keys are not RSA. Few \
         programs read it, and whoever records the message can try passwords on it.",
    );
}

fn key_transport(look: &mut Look<'_>, recipient: &KeyTransportRecipient) {
    look.page.row("can be opened by", &recipient.identifier.to_string());
    if let SignerIdentifier::SubjectKeyIdentifier(_) = recipient.identifier {
        look.unusual(
            "the recipient is named by key identifier",
            "Legal (EnvelopedData version 2), but Go and strongSwan look for issuer and serial \
             number only.",
        );
    }
    let of = "the envelope";
    algorithms::parameters(look, &recipient.algorithm, of);
    let size = recipient.encrypted_key.len();
    look.page.row(
        "",
        &format!(
            "key encrypted with {}, {} (RSA key of {} bits)",
            algorithms::describe(&recipient.algorithm),
            bytes(size),
            size.saturating_mul(8)
        ),
    );
    match KeyTransport::try_from(&recipient.algorithm) {
        Ok(KeyTransport::RsaOaep { .. }) => look.unusual(
            "the content key is encrypted with RSAES-OAEP",
            "Windows and NDES do so. Better than PKCS #1 v1.5, but clients on old Go or with keys \
             in old HSMs do not read it.",
        ),
        Ok(_) => {}
        Err(error) => look.unusual(
            format!("key transport {} ({error})", names::oid(&recipient.algorithm.oid)),
            "Nobody in the field uses it for SCEP.",
        ),
    }
}

fn version(
    look: &mut Look<'_>,
    enveloped: &EnvelopedData,
    der: &[u8],
    place: &Place,
) -> Result<(), Error> {
    let mut info = Reader::new(der).sequence("ContentInfo")?;
    info.oid("contentType")?;
    let explicit = info.expect(tag::constructed(0), "the content of ContentInfo")?;
    let mut fields = explicit.reader().sequence("EnvelopedData")?;
    let version = fields.expect(tag::INTEGER, "the version of EnvelopedData")?;
    let plain = enveloped.recipients().iter().all(|recipient| {
        matches!(recipient, RecipientInfo::KeyTransport(recipient)
            if matches!(recipient.identifier, SignerIdentifier::IssuerAndSerialNumber { .. }))
    });
    if plain && version.value != [0] {
        look.unusual(
            format!(
                "version {} of EnvelopedData ({})",
                hex(version.value, 8),
                place.at(version.offset)
            ),
            "RFC 5652 section 6.1 says 0 for recipients named by issuer and serial number. PyScep \
             writes 1; readers rarely look.",
        );
    }
    Ok(())
}

/// Tries the key at hand on every recipient.
fn open(look: &mut Look<'_>, enveloped: &EnvelopedData) {
    let Some(key) = look.options.key else {
        look.page.row("inside", "not shown: give the key of a recipient with --key");
        return;
    };
    let content = enveloped
        .recipients()
        .iter()
        .filter_map(|recipient| match recipient {
            RecipientInfo::KeyTransport(recipient) => Some(recipient),
            _ => None,
        })
        .find_map(|recipient| decrypt(enveloped, recipient, key));
    match content {
        // A wrong key gives random octets, which pass the check of the padding one time in 256.
        Some(content) if ber::normalise(content.expose(), &look.limits).is_err() => {
            let length = bytes(content.len());
            look.page
                .row("inside", &format!("{length} that are no ASN.1, unless the key is wrong"));
        }
        Some(content) => {
            look.page
                .row("inside", &format!("{}, opened with the key given", bytes(content.len())));
            look.value(content.expose(), &Place::named("the decrypted content"));
        }
        None => look.page.row("inside", "the key given does not open it"),
    }
}

/// The content; `None` if anything is wrong, most likely the key.
fn decrypt(
    enveloped: &EnvelopedData,
    recipient: &KeyTransportRecipient,
    key: &dyn Decryptor,
) -> Option<Secret> {
    let (cipher, iv) =
        ContentCipher::from_identifier(enveloped.content_encryption_algorithm()).ok()?;
    let transport = KeyTransport::try_from(&recipient.algorithm).ok()?;
    let encrypted_key = recipient.encrypted_key.clone();
    let ask = ToBeDecrypted::key_transport(transport, encrypted_key, recipient.identifier.clone());
    let content_key = key.decrypt(&ask).ok()?;
    let mut content = enveloped.encrypted_content().to_vec();
    RustCrypto.decrypt_blocks(cipher, &content_key, &iv, &mut content).ok()?;
    let padding = usize::from(*content.last()?);
    let length = content.len().checked_sub(padding)?;
    let padded = content.get(length..)?.iter().all(|octet| usize::from(*octet) == padding);
    if padding == 0 || padding > cipher.block_len() || !padded {
        return None;
    }
    content.truncate(length);
    Some(Secret::new(content))
}
