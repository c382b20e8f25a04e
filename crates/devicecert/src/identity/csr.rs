//! An identity as the contents of a certification request (RFC 2986).

use devicecert_mobileconfig::plist::Text;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::{CsrParams, GeneralName, Secret};
use devicecert_syncml::{Hash, placeholders};

use super::consumer::Consumer;
use super::loss::{Losses, Lost, Written};
use super::source::Source;
use super::{IdentityRequest, Key, KeyStorage, names};
use crate::error::{Error, Platform, RequestError};

pub(super) fn write(request: &IdentityRequest) -> Result<Written<CsrParams>, Error> {
    let (challenge, template) = match &request.source {
        Source::Scep(scep) => (scep.challenge.as_ref(), scep.template.is_some()),
        Source::Acme(_) => (None, false),
        Source::Pkcs12(_) => {
            let expected = "a source that certifies a key made elsewhere";
            return Err(Error::impossible(Platform::Csr, "a PKCS #12 file", expected));
        }
    };
    let subject = names::subject(request, Platform::Csr)?;
    for attribute in subject.rdns().iter().flatten() {
        filled("the subject", &attribute.value)?;
    }
    let mut params = CsrParams::new(names::encoded(&subject)?);
    for name in &request.alternative_names {
        if let GeneralName::Email(text)
        | GeneralName::Dns(text)
        | GeneralName::Uri(text)
        | GeneralName::Upn(text) = name
        {
            filled("an alternative name", text)?;
        }
        params.subject_alt_name.push(name.clone());
    }
    if let Some(challenge) = challenge {
        challenge_filled(challenge)?;
        params.challenge_password = Some(challenge.clone());
    }
    params.key_usage = Some(request.usage);
    params.extended_key_usage.clone_from(&request.purposes);
    params.digest = match request.hash {
        Some(Hash::Sha1) => DigestAlgorithm::Sha1,
        _ => DigestAlgorithm::Sha256,
    };
    Ok(losses(request, template).with(params))
}

/// Refuses a text in which something should have been put in.
fn filled(what: &'static str, text: &str) -> Result<(), RequestError> {
    // Each platform's reader knows spellings that the other takes for text.
    let apple = Text::from(text).has_placeholder();
    if apple || placeholders(text).next().is_some() {
        return Err(RequestError::Placeholder { platform: Platform::Csr, what });
    }
    Ok(())
}

/// A password may have a `$NAME` or a `%name%` in it by chance; to be one is no chance.
fn challenge_filled(challenge: &Secret) -> Result<(), RequestError> {
    let text = core::str::from_utf8(challenge.expose()).unwrap_or_default();
    let whole = placeholders(text).any(|found| found.span == (0..text.len()));
    if whole || Text::from(text).is_placeholder() {
        let what = "the challenge";
        return Err(RequestError::Placeholder { platform: Platform::Csr, what });
    }
    Ok(())
}

fn losses(request: &IdentityRequest, template: bool) -> Losses {
    let mut lost = Losses::default();
    let why = "the CA decides";
    lost.add_if(template, Lost::Template, why);
    lost.add_if(request.validity.is_some(), Lost::Validity, why);
    let why = "a request does not say it; whoever makes the key decides";
    let new = Key::default();
    lost.add_if(request.key.kind != new.kind, Lost::KeyType, why);
    lost.add_if(request.key.storage != KeyStorage::Software, Lost::KeyStorage, why);
    lost.add_if(request.key.extractable, Lost::KeyExport, why);
    lost.add_if(request.key.all_apps_access, Lost::AllAppsAccess, why);
    let why = "a request does not say it";
    lost.add_if(request.display_name.is_some(), Lost::DisplayName, why);
    lost.add_if(request.organization.is_some(), Lost::Organization, why);
    lost.add_if(request.renewal.before.is_some(), Lost::Renewal, why);
    lost.add_if(request.renewal.notice_days.is_some(), Lost::ExpiryNotice, why);
    lost.add_if(!request.trust.is_empty(), Lost::Trust, why);
    for consumer in &request.consumers {
        let what = match consumer {
            Consumer::Wifi(_) => Lost::Wifi,
            Consumer::Ethernet(_) => Lost::Ethernet,
            Consumer::Vpn(_) => Lost::Vpn,
            Consumer::Preference(_) => Lost::Preference,
        };
        lost.add(what, why);
    }
    lost
}
