//! Replies of micromdm's scepserver, and of a server that was told to make mistakes.

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::algorithm::{ContentCipher, DigestAlgorithm};
use devicecert::pki::cms::{Bundle, SignedData};
use devicecert::pki::error::Rejected;
use devicecert::pki::{Error, oid};
use devicecert::scep::AttributeName;

use crate::Case;
use crate::captures::{Captures, legacy, limits, octets, text};
use crate::peers::{Exchange, Servers, client_keys, exchanges, key_of};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("peers::every_reply_to_certmonger_verifies", |c| each(c, "certmonger", 4)),
        Case::new("peers::every_reply_to_pyscep_verifies", |c| each(c, "pyscep", 0)),
        Case::new("peers::every_reply_to_scepclient_verifies", |c| each(c, "scepclient", 4)),
        Case::new("peers::every_reply_to_strongswan_verifies", |c| each(c, "strongswan", 25)),
    ]
}

/// HTTP errors that were recorded in place of a reply.
const NO_MESSAGES: [&str; 5] = [
    "certmonger/direct-p/006-GET-PKIOperation",
    "pyscep/ref-ra/003-POST-PKIOperation",
    "pyscep/ref-v-rara.pemrakeyra.key/003-POST-PKIOperation",
    "scepclient/caps-/003-GET-PKIOperation",
    "scepclient/ref-ra/003-POST-PKIOperation",
];

fn each(captures: &Captures, client: &str, at_least: usize) {
    let servers = Servers::new(captures);
    let keys = client_keys(captures);
    let mut opened = 0;
    for exchange in exchanges(captures, client) {
        if NO_MESSAGES.contains(&exchange.name.as_str()) {
            let error = SignedData::parse(&exchange.reply, &limits()).unwrap_err();
            assert!(matches!(error, Error::Malformed(_)), "{}: {error}", exchange.name);
            continue;
        }
        opened += usize::from(reply(captures, &servers, &keys, &exchange));
    }
    assert!(opened >= at_least, "{client}: {opened} opened");
}

/// Checks one reply; returns whether the key was there to open it.
fn reply(captures: &Captures, servers: &Servers, keys: &[PrivateKey], exchange: &Exchange) -> bool {
    let Exchange { name, scenario, .. } = exchange;
    let has = |part: &str| scenario.contains(part);
    let request = SignedData::parse(&exchange.request, &limits()).unwrap();
    let requester = request.signer_certificate(&limits(), &legacy()).unwrap();
    let asked = request.verify(&requester, &RustCrypto, &legacy()).unwrap();

    let signed = captures.signed(&exchange.reply);
    let info = signed.signer().unwrap();
    let signer = servers.find(info.identifier()).unwrap_or_else(|| panic!("{name}: no signer"));
    let result = captures.verified_with(&signed, signer);
    if has("badsig") {
        let error = result.unwrap_err();
        assert_eq!(error, Error::Rejected(Rejected::Signature("the message")), "{name}");
        return false;
    }
    let verified = result.unwrap_or_else(|error| panic!("{name}: {error}"));

    assert_eq!(text(&verified, AttributeName::MessageType).as_deref(), Some("3"), "{name}");
    let id = |verified| text(verified, AttributeName::TransactionId).unwrap();
    assert_eq!(id(&verified) != id(&asked), has("badtid"), "{name}");
    let sender = octets(&verified, AttributeName::SenderNonce);
    let recipient = octets(&verified, AttributeName::RecipientNonce);
    let asked_nonce = octets(&asked, AttributeName::SenderNonce);
    match scenario.as_str() {
        "ref-mbadnonce" => assert_eq!(recipient, Some(vec![0; 16]), "{name}"),
        "ref-mnorecipnonce" => assert_eq!(recipient, None, "{name}"),
        _ => assert_eq!(recipient, asked_nonce, "{name}"),
    }
    assert_eq!(sender.is_none(), has("nosendernonce"), "{name}");
    // Go servers copy the client's nonce, too.
    assert!(!has("sendernonceecho") || sender == asked_nonce, "{name}");
    assert_eq!(signed.certificates().next().is_none(), has("nocerts"), "{name}");
    // micromdm's scepserver names the digest in the algorithm, the other server does not.
    let is_reference = has("ref-") || has("caps-");
    let scheme = match (is_reference, has("sigoidsharsa")) {
        (true, true) => oid::SHA256_WITH_RSA,
        (true, false) => oid::RSA_ENCRYPTION,
        (false, _) => oid::SHA1_WITH_RSA,
    };
    assert_eq!(info.signature_algorithm().oid, scheme, "{name}");
    let digest = match scenario.as_str() {
        "ref-v-digestsha1" => DigestAlgorithm::Sha1,
        "ref-v-digestsha512" => DigestAlgorithm::Sha512,
        _ if is_reference => DigestAlgorithm::Sha256,
        _ => DigestAlgorithm::Sha1,
    };
    assert_eq!(verified.digest_algorithm(), digest, "{name}");

    match text(&verified, AttributeName::PkiStatus).unwrap().as_str() {
        "0" => {
            let enveloped = captures.enveloped(verified.content().unwrap());
            let (cipher, _) =
                ContentCipher::from_identifier(enveloped.content_encryption_algorithm()).unwrap();
            let expected = match scenario.as_str() {
                "ref-v-cipheraes256" => ContentCipher::Aes256Cbc,
                "ref-v-cipherdes3" => ContentCipher::DesEde3Cbc,
                _ if is_reference => ContentCipher::Aes128Cbc,
                _ => ContentCipher::DesCbc,
            };
            assert_eq!(cipher, expected, "{name}");
            let Some(key) = key_of(keys, &requester) else { return false };
            let content = captures
                .opened(&enveloped, &requester, key)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            issued(captures, servers, exchange, content.expose());
            true
        }
        "2" => {
            refused(exchange, &text(&verified, AttributeName::FailInfo).unwrap());
            check_no_content(exchange, verified.content());
            false
        }
        "3" => {
            assert!(has("pending") || has("poll"), "{name}");
            check_no_content(exchange, verified.content());
            false
        }
        other => panic!("{name}: pkiStatus {other}"),
    }
}

/// The certificate that the CA issued, somewhere among those of the reply.
fn issued(captures: &Captures, servers: &Servers, exchange: &Exchange, content: &[u8]) {
    let name = &exchange.name;
    let bundle = Bundle::parse(content, &limits()).unwrap_or_else(|e| panic!("{name}: {e}"));
    let certificates: Vec<_> = bundle.decoded(&limits()).collect::<Result<_, _>>().unwrap();
    let request = servers.open(captures, name, &exchange.request);
    let wanted = match request.content() {
        devicecert::scep::Content::Enrol(enrol) => enrol.csr().public_key().clone(),
        _ => request.transaction().signer().public_key().clone(),
    };
    let issued = certificates
        .iter()
        .find(|certificate| *certificate.public_key() == wanted)
        .unwrap_or_else(|| panic!("{name}: no certificate for the key"));
    let ca = [&servers.ca1, &servers.ca2]
        .into_iter()
        .find(|ca| ca.subject() == issued.issuer())
        .unwrap_or_else(|| panic!("{name}: issued by {}", issued.issuer()));
    issued.is_signed_by(ca.public_key(), &RustCrypto, &legacy()).unwrap();
}

fn refused(exchange: &Exchange, fail_info: &str) {
    let expected = match exchange.scenario.split_once("fail") {
        Some((_, code)) => &code[..1],
        None => "2",
    };
    assert_eq!(fail_info, expected, "{}", exchange.name);
}

/// Absent and empty are two things, and both occur.
fn check_no_content(exchange: &Exchange, content: Option<&[u8]>) {
    let Exchange { name, scenario, .. } = exchange;
    assert!(content.is_none_or(<[u8]>::is_empty), "{name}");
    if scenario.contains("-fail") {
        assert_eq!(content.is_some(), scenario.ends_with("-empty"), "{name}");
    }
}
