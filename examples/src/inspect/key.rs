//! A private key: what kind of key it is, and nothing of the key.

use devicecert::crypto_rust::PrivateKey;
use devicecert::pki::asn1::{Reader, Tlv, tag};
use devicecert::pki::{Error, Signer, oid, to_pem};

use super::{Look, Place, algorithms, names};

pub(super) fn look(look: &mut Look<'_>, der: &[u8], place: &Place) {
    look.page.heading("Private key (not shown)");
    let described = describe(look, der);
    if let Some((kind, format)) = look.check(place, described) {
        look.page.row("kind", &kind);
        look.page.row("format", format);
    }
    if let Some(key) = read(der) {
        look.page.row("public key SHA-256", &algorithms::key_digest(key.public_key()));
    }
}

fn describe(look: &mut Look<'_>, der: &[u8]) -> Result<(String, &'static str), Error> {
    let mut fields = Reader::new(der).sequence("a private key")?;
    let version = fields.expect(tag::INTEGER, "the version of a private key")?;
    match fields.peek() {
        Some(tag::SEQUENCE) => {
            let mut algorithm = fields.sequence("privateKeyAlgorithm")?;
            let kind = algorithm.oid("privateKeyAlgorithm")?;
            let key = fields.expect(tag::OCTET_STRING, "privateKey")?;
            let described = match kind {
                oid::RSA_ENCRYPTION => {
                    let mut inner = Reader::new(key.value).sequence("RSAPrivateKey")?;
                    inner.expect(tag::INTEGER, "the version of RSAPrivateKey")?;
                    rsa(look, &inner.expect(tag::INTEGER, "the modulus")?)
                }
                oid::EC_PUBLIC_KEY => curve(algorithm)?,
                other => names::oid(&other),
            };
            Ok((described, "PKCS #8 (RFC 5208), not encrypted"))
        }
        Some(tag::OCTET_STRING) => {
            fields.expect(tag::OCTET_STRING, "privateKey")?;
            let parameters = fields.optional(tag::constructed(0), "the curve")?;
            let described = match parameters {
                Some(parameters) => curve(parameters.reader())?,
                None => "EC, curve not given".to_owned(),
            };
            Ok((described, "SEC 1 (RFC 5915), not encrypted"))
        }
        _ => {
            let modulus = fields.expect(tag::INTEGER, "the modulus")?;
            // DSA keys of old OpenSSL look alike; they have one number less.
            let kind = match version.value {
                [0 | 1] => rsa(look, &modulus),
                _ => "unknown".to_owned(),
            };
            Ok((kind, "PKCS #1 (RFC 8017 A.1.2), not encrypted"))
        }
    }
}

fn rsa(look: &mut Look<'_>, modulus: &Tlv<'_>) -> String {
    let digits: Vec<u8> = modulus.value.iter().copied().skip_while(|octet| *octet == 0).collect();
    let leading = digits.first().map_or(0, |first| first.leading_zeros() as usize);
    let bits = digits.len().saturating_mul(8).saturating_sub(leading);
    algorithms::small_rsa(look, bits, "the private key");
    format!("RSA, {bits} bits")
}

fn curve(mut parameters: Reader<'_>) -> Result<String, Error> {
    match parameters.peek() {
        Some(tag::OID) => Ok(format!("EC, {}", names::oid(&parameters.oid("a named curve")?))),
        _ => Ok("EC, on a curve given by its parameters".to_owned()),
    }
}

/// The key, if the backend knows its kind.
fn read(der: &[u8]) -> Option<PrivateKey> {
    PrivateKey::from_pkcs8_der(der).ok().or_else(|| {
        let armoured = |label| PrivateKey::from_pem(&to_pem(label, der)).ok();
        armoured("RSA PRIVATE KEY").or_else(|| armoured("EC PRIVATE KEY"))
    })
}
