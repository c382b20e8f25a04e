//! What is named rather than taken apart, and the two small contents of SCEP requests.

use devicecert::pki::asn1::{Reader, tag};
use devicecert::pki::{Error, Limits, Name, PublicKey};

use super::classify::Kind;
use super::page::hex;
use super::{Look, Place, algorithms, certificate, names};

pub(super) fn look(look: &mut Look<'_>, kind: Kind, der: &[u8], place: &Place) {
    let result = match kind {
        Kind::IssuerAndSubject => issuer_and_subject(look, der),
        Kind::IssuerAndSerial => issuer_and_serial(look, der),
        Kind::PublicKey => public_key(look, der),
        Kind::OtherContentInfo(content_type) => {
            look.page.heading(&format!("CMS message of type {}", names::oid(&content_type)));
            look.page.line("not looked into: SCEP and EST have signedData and envelopedData only");
            Ok(())
        }
        Kind::Crl => named(look, "Certificate revocation list", "openssl crl -text -noout"),
        Kind::EncryptedPrivateKey => {
            named(look, "Private key, encrypted with a passphrase", "openssl pkey -noout -text")
        }
        Kind::Pkcs12 => named(look, "PKCS #12 file", "openssl pkcs12 -info -noout"),
        Kind::SignedData
        | Kind::EnvelopedData
        | Kind::Certificate
        | Kind::Csr
        | Kind::CsrAttrs
        | Kind::PrivateKey => Ok(()),
    };
    if let Err(error) = result {
        look.damaged(place.damage(&error));
    }
}

fn named(look: &mut Look<'_>, what: &str, command: &str) -> Result<(), Error> {
    look.page.heading(what);
    look.page.line(&format!("not looked into; `{command}` reads it"));
    Ok(())
}

fn issuer_and_subject(look: &mut Look<'_>, der: &[u8]) -> Result<(), Error> {
    look.page.heading("IssuerAndSubject (CertPoll, RFC 8894 section 3.3.3)");
    let mut fields = Reader::new(der).sequence("IssuerAndSubject")?;
    let issuer = Name::parse(fields.expect(tag::SEQUENCE, "issuer")?.raw)?;
    let subject = Name::parse(fields.expect(tag::SEQUENCE, "subject")?.raw)?;
    look.page.row("CA", &certificate::name(&issuer));
    look.page.row("subject asked for", &certificate::name(&subject));
    Ok(())
}

fn issuer_and_serial(look: &mut Look<'_>, der: &[u8]) -> Result<(), Error> {
    look.page.heading("IssuerAndSerialNumber (GetCert and GetCRL, RFC 8894 section 3.3.4)");
    let mut fields = Reader::new(der).sequence("IssuerAndSerialNumber")?;
    let issuer = Name::parse(fields.expect(tag::SEQUENCE, "issuer")?.raw)?;
    let serial = fields.expect(tag::INTEGER, "serialNumber")?;
    look.page.row("CA", &certificate::name(&issuer));
    look.page.row("serial number", &hex(serial.value, 64));
    Ok(())
}

fn public_key(look: &mut Look<'_>, der: &[u8]) -> Result<(), Error> {
    look.page.heading("Public key (SubjectPublicKeyInfo)");
    let key = PublicKey::parse(der, &Limits::default())?;
    let kind = algorithms::public_key(look, &key, "the public key");
    look.page.row("kind", &kind);
    look.page.row("SHA-256", &algorithms::key_digest(&key));
    Ok(())
}
