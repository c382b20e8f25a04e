//! The signature base (RFC 9421 §2.5): the octets that are signed.

use devicecert_pki::error::LimitExceeded;
use http::Request;
use http::header::{HOST, HeaderName};
use percent_encoding::percent_decode_str;

use super::error::Rejected;
use super::fields::{Bare, Parameter, write_parameters};
use crate::limits::Limits;

/// What a signature covers and says of itself: the value of `@signature-params` and of the member of
/// `Signature-Input`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SignatureParams {
    pub(super) components: Vec<String>,
    pub(super) parameters: Vec<Parameter>,
}

impl SignatureParams {
    pub(super) fn to_field(&self) -> String {
        let components: Vec<_> = self.components.iter().map(|name| quoted(name)).collect();
        let mut out = format!("({})", components.join(" "));
        write_parameters(&self.parameters, &mut out);
        out
    }

    /// The octets to sign.
    pub(super) fn base(
        &self,
        request: &Request<Vec<u8>>,
        limits: &Limits,
    ) -> Result<Vec<u8>, Rejected> {
        let mut base = Vec::new();
        for name in &self.components {
            base.extend_from_slice(quoted(name).as_bytes());
            base.extend_from_slice(b": ");
            base.extend(component(name, request, limits)?);
            base.push(b'\n');
        }
        base.extend_from_slice(b"\"@signature-params\": ");
        base.extend_from_slice(self.to_field().as_bytes());
        Ok(base)
    }
}

fn quoted(name: &str) -> String {
    Bare::String(name.to_owned()).to_string()
}

/// The value of a component, derived as Fleet's library does it.
fn component(name: &str, request: &Request<Vec<u8>>, limits: &Limits) -> Result<Vec<u8>, Rejected> {
    match name {
        "@method" => Ok(request.method().as_str().as_bytes().to_vec()),
        "@authority" => authority(request).map(String::into_bytes),
        "@path" => path(request),
        "@query" => Ok(format!("?{}", request.uri().query().unwrap_or_default()).into_bytes()),
        _ => {
            let unknown = || Rejected::Component(limits.shown(name));
            // A name in capitals is another component (RFC 9421 §2.1), and cannot be there.
            let is_lower_case = !name.bytes().any(|octet| octet.is_ascii_uppercase());
            let field = HeaderName::try_from(name).ok().filter(|_| is_lower_case);
            let field = field.ok_or_else(unknown)?;
            Ok(lines(request, &field, limits)?.ok_or_else(unknown)?.into_bytes())
        }
    }
}

/// Host as it was sent, in whatever case and with whatever port.
pub(super) fn authority(request: &Request<Vec<u8>>) -> Result<String, Rejected> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let text = match (hosts.next(), hosts.count()) {
        (Some(host), 0) => host.to_str().map_err(|_| Rejected::ControlCharacter("Host"))?,
        (Some(_), more) => {
            return Err(Rejected::FieldCount { field: "Host", found: more.saturating_add(1) });
        }
        (None, _) => match request.uri().authority() {
            // Without the user, who is no part of Host.
            Some(authority) => authority.as_str().rsplit('@').next().unwrap_or_default(),
            None => return Err(Rejected::NoHost),
        },
    };
    match text {
        "" => Err(Rejected::NoHost),
        text if text.bytes().any(|octet| octet.is_ascii_control()) => {
            Err(Rejected::ControlCharacter("Host"))
        }
        text => Ok(text.to_owned()),
    }
}

/// The path decoded. A line feed in it would write lines of the base, so there must be none.
pub(super) fn path(request: &Request<Vec<u8>>) -> Result<Vec<u8>, Rejected> {
    let decoded: Vec<u8> = percent_decode_str(request.uri().path()).collect();
    match decoded.iter().any(u8::is_ascii_control) {
        true => Err(Rejected::ControlCharacter("the path")),
        false => Ok(decoded),
    }
}

/// A field as one value (RFC 9421 §2.1): its lines, each without white space around it, joined.
pub(super) fn lines(
    request: &Request<Vec<u8>>,
    field: &HeaderName,
    limits: &Limits,
) -> Result<Option<String>, Rejected> {
    let mut value: Option<String> = None;
    for line in request.headers().get_all(field) {
        let line = line.to_str().map_err(|_| Rejected::ControlCharacter("a header field"))?;
        let line = line.trim_matches([' ', '\t']);
        let joined = match value {
            Some(before) => format!("{before}, {line}"),
            None => line.to_owned(),
        };
        LimitExceeded::check("a header field (bytes)", limits.header_bytes, joined.len())?;
        value = Some(joined);
    }
    Ok(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use devicecert_crypto_rust::RustCrypto;
    use devicecert_pki::{Limits as PkiLimits, Provider, PublicKey, from_pem};
    use http::Request;

    use super::SignatureParams;
    use crate::limits::Limits;
    use crate::message_signature::digest;
    use crate::message_signature::ecdsa::Ecdsa;
    use crate::message_signature::fields::{Bare, Member, Reader, Value};

    /// The one member of a Signature-Input.
    fn params(field: &str) -> SignatureParams {
        let [member] =
            <[Member; 1]>::try_from(Reader::new("", field).dictionary().unwrap()).unwrap();
        let Value::InnerList(items) = member.value else { panic!("no list") };
        let components = items.into_iter().map(|(item, _)| match item {
            Bare::String(name) => name,
            other => panic!("{other}"),
        });
        SignatureParams { components: components.collect(), parameters: member.parameters }
    }

    #[test]
    fn the_example_of_rfc_9421_section_2_5() {
        let request = Request::post("/foo?param=Value&Pet=dog")
            .header("Host", "example.com")
            .header("Date", "Tue, 20 Apr 2021 02:07:55 GMT")
            .header("Content-Type", "application/json")
            .header(
                "Content-Digest",
                "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
            )
            .header("Content-Length", "18")
            .body(br#"{"hello": "world"}"#.to_vec())
            .unwrap();
        let params = params(
            r#"sig1=("@method" "@authority" "@path" "content-digest" "content-length" "content-type");created=1618884473;keyid="test-key-rsa-pss""#,
        );
        let base = params.base(&request, &Limits::default()).unwrap();
        let expected = concat!(
            "\"@method\": POST\n",
            "\"@authority\": example.com\n",
            "\"@path\": /foo\n",
            "\"content-digest\": sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:\n",
            "\"content-length\": 18\n",
            "\"content-type\": application/json\n",
            "\"@signature-params\": (\"@method\" \"@authority\" \"@path\" \"content-digest\" \"content-length\" \"content-type\");created=1618884473;keyid=\"test-key-rsa-pss\"",
        );
        assert_eq!(String::from_utf8(base).unwrap(), expected);
        let field = request.headers().get("Content-Digest").unwrap().to_str().unwrap();
        digest::check(field, request.body(), &RustCrypto).unwrap();
    }

    /// A response, whose status is no component here: so the base is the RFC's, and the fields and
    /// the form of the signature are ours.
    #[test]
    fn the_signature_of_rfc_9421_appendix_b_2_4() {
        const INPUT: &str = r#"sig-b24=("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256""#;
        const SIGNATURE: &str = "sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==:";
        // B.1.3
        const KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----";
        let base = format!(
            "\"@status\": 200\n\
             \"content-type\": application/json\n\
             \"content-digest\": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:\n\
             \"content-length\": 23\n\
             \"@signature-params\": {}",
            params(INPUT).to_field(),
        );
        let der = from_pem("PUBLIC KEY", KEY).unwrap().remove(0);
        let key = PublicKey::parse(&der, &PkiLimits::default()).unwrap();
        let ecdsa = Ecdsa::of(&key).unwrap();
        let member = Reader::new("", SIGNATURE).dictionary().unwrap().remove(0);
        let Value::Item(Bare::Bytes(signature)) = member.value else { panic!("no octets") };
        let der = ecdsa.to_der(&signature).unwrap();
        RustCrypto.verify(&key, ecdsa.algorithm, base.as_bytes(), &der).unwrap();
        assert_eq!(ecdsa.to_fixed(&der).unwrap(), signature);
    }
}
