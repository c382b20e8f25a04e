//! What a request says of who it is for beside the mail address and the user principal name.

use devicecert_pki::{Attribute, Csr, Extension, GeneralName, oid};

use super::names::{CsrFault, is_user_principal_name};

/// How the URI of a subjectAltName begins that holds the security identifier of an account
/// (`tag:microsoft.com,2022-09-14:sid:S-1-5-…`), which Windows logs in whatever the other names say.
const MICROSOFT_TAG: &str = "tag:microsoft.com,";

/// Checks that a request names nobody but the user with this mail address, as far as it says so in
/// places where people stand: a common name, a DNS name and an IP address can be anything.
pub(super) fn check(csr: &Csr, email: &str) -> Result<(), CsrFault> {
    let is_of_user =
        |address: Option<String>| address.is_some_and(|one| one.eq_ignore_ascii_case(email));
    let subject = csr.subject().attributes();
    let mut addresses = subject.iter().filter(|one| one.oid() == Some(oid::EMAIL_ADDRESS));
    if !addresses.all(|address| is_of_user(address.text())) {
        return Err(CsrFault::FurtherIdentity("an emailAddress of the subject"));
    }
    for name in csr.subject_alt_name().map_err(|_| CsrFault::Unreadable)? {
        match name {
            // These two have been compared already.
            GeneralName::Email(_) | GeneralName::Upn(_) => {}
            GeneralName::Other(der) if is_user_principal_name(&der)? => {}
            GeneralName::Dns(_) | GeneralName::Ip(_) => {}
            GeneralName::Uri(uri) if !is_microsoft_tag(&uri) => {}
            GeneralName::Uri(_) => {
                return Err(CsrFault::FurtherIdentity("the URI of a security identifier"));
            }
            GeneralName::Directory(_) => {
                return Err(CsrFault::FurtherIdentity("a directoryName"));
            }
            _ => return Err(CsrFault::FurtherIdentity("a name of a kind that is not read")),
        }
    }
    if !csr.extensions().iter().all(is_harmless_extension) {
        return Err(CsrFault::FurtherIdentity("an extension that is not read"));
    }
    match csr.attributes().iter().all(is_harmless_attribute) {
        true => Ok(()),
        false => Err(CsrFault::FurtherIdentity("an attribute that is not read")),
    }
}

fn is_microsoft_tag(uri: &str) -> bool {
    let start = uri.get(..MICROSOFT_TAG.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(MICROSOFT_TAG))
}

/// Whether it says what a certificate is for, not whose it is.
fn is_harmless_extension(extension: &Extension) -> bool {
    // The names are read one by one.
    matches!(
        extension.oid,
        oid::SUBJECT_ALT_NAME
            | oid::KEY_USAGE
            | oid::EXTENDED_KEY_USAGE
            | oid::BASIC_CONSTRAINTS
            | oid::SUBJECT_KEY_IDENTIFIER
            | oid::MS_ENROLL_CERTTYPE
            | oid::MS_CERTIFICATE_TEMPLATE
            | oid::MS_APPLICATION_CERT_POLICIES
    )
}

/// Whether it is an attribute, beside challengePassword and extensionRequest, that programs write of
/// themselves.
fn is_harmless_attribute(attribute: &Attribute) -> bool {
    matches!(
        attribute.oid,
        oid::UNSTRUCTURED_NAME
            | oid::MS_ENROLLMENT_CSP_PROVIDER
            | oid::MS_OS_VERSION
            | oid::MS_REQUEST_CLIENT_INFO
    )
}
