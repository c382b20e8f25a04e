//! AP019 and AP022: secrets that anybody can read, and what signs the profile.

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::{Certificate, Limits, Tolerance};

use super::context::{Context, literal};
use crate::finding::{Finding, Severity};
use crate::plist::{Node, Scalar, Value};

/// Keys with secrets in them.
const SECRETS: &[&str] = &[
    "Challenge",
    "Password",
    "UserPassword",
    "SharedSecret",
    "PPK",
    "AuthPassword",
    "XAuthPassword",
    "ProxyPassword",
    "HTTPProxyPassword",
    "RemovalPassword",
];

/// AP019.
pub(super) fn value(context: &mut Context<'_>, node: &Node<'_>) {
    // Whoever signs a profile has taken it out of the hands of those who edit files.
    let Some(key) = node.key().filter(|_| context.profile.signature().is_none()) else { return };
    let is_secret = SECRETS.contains(&key.value.as_str());
    let in_clear = match node.value() {
        Value::Data(Scalar::Value(bytes)) => !bytes.is_empty(),
        _ => literal(node).is_some_and(|text| !text.is_empty()),
    };
    if is_secret && in_clear {
        let found = format!("a secret in clear under {:?}", key.value);
        let why = "whoever sees the file has it: put a placeholder here that the server fills, or \
                   encrypt the profile to the device";
        context.warn("AP019", node, found, why);
    }
}

/// AP022: what keeps a device from showing the profile as verified.
pub(super) fn signature(context: &mut Context<'_>) {
    let Some(signature) = context.profile.signature() else { return };
    let mut notes = Vec::new();
    let weak = [DigestAlgorithm::Md5, DigestAlgorithm::Sha1].map(DigestAlgorithm::oid);
    let mut signers = signature.message().signers().iter();
    if signers.any(|signer| weak.contains(&signer.digest_algorithm().oid)) {
        notes.push(("a signature with a broken digest", "devices do not count it as one"));
    }
    match signature.claimed_signer(&Tolerance::default()) {
        Err(_) => notes
            .push(("a signature without the certificate of its signer", "no device can verify it")),
        Ok(signer) => {
            if context.target.now.is_some_and(|now| !signer.validity().contains(now)) {
                notes.push((
                    "a signer whose certificate is not valid now",
                    "devices treat the profile as not signed",
                ));
            }
            let certificates = signature.message().certificates();
            let issuer = certificates
                .filter_map(|der| Certificate::parse(der, &Limits::default()).ok())
                .any(|certificate| certificate.subject().matches(signer.issuer()));
            if !signer.is_self_issued() && !issuer {
                notes.push((
                    "a signer without the certificate of its issuer",
                    "devices that do not have that one show the profile as not verified",
                ));
            }
        }
    }
    let root = context.root.clone();
    for (found, why) in notes {
        let place = context.at(&root);
        context.push(Finding::new("AP022", Severity::Advice, place, found, why));
    }
}
