//! What a device would not like about a file.

use devicecert::crypto_rust::RustCrypto;
use devicecert::mobileconfig::plist::KeyPath;
use devicecert::mobileconfig::rule::{self, Target};
use devicecert::mobileconfig::{self, Profile as AppleProfile};
use devicecert::pki::{Time, Tolerance};
use devicecert::syncml;

use super::file::{Opener, Profile, Unopened, is_for_windows, open};
use super::finding::Finding;
use super::mask::masked;
use super::system::System;

/// The rules about secrets that stand in a file for everybody to read.
const SECRETS: [&str; 2] = ["AP019", "WS024"];

/// What was found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The findings, in the order of the text.
    pub findings: Vec<Finding>,
    /// The text in which the findings have their spans, to be shown: asterisks stand for secrets.
    /// None for a file that is no text.
    pub text: Option<String>,
}

/// Checks the content of a file, whichever kind of profile it is. What cannot be read is a finding,
/// too.
///
/// # Errors
/// [`Unopened::OtherSystem`] if it is for another system than `system`, [`Unopened::Sealed`] if
/// `opener` does not open it.
pub fn check(
    file: &str,
    bytes: &[u8],
    system: Option<System>,
    opener: Option<Opener<'_>>,
    now: Time,
) -> Result<Checked, Unopened> {
    let target = Target::from(system.and_then(System::platform)).now(now);
    let (findings, text, secrets) = match open(bytes, system, opener) {
        Ok(Profile::Apple(profile)) => {
            let findings = apple(&profile, &target);
            let findings: Vec<_> =
                findings.into_iter().map(|finding| Finding::of_apple(file, finding)).collect();
            let text = profile.document().source().map(str::to_owned);
            // Nobody is warned of secrets in what is signed; shown they are not for that.
            let secrets = match profile.signature() {
                Some(_) => rule::check(&AppleProfile::from(profile.document().clone()), &target),
                None => Vec::new(),
            };
            let secrets = secrets.into_iter().map(|finding| Finding::of_apple(file, finding));
            (findings, text, secrets.collect())
        }
        Ok(Profile::Windows(document)) => {
            let findings = syncml::Checks::new().provider(&RustCrypto).run(&document);
            let findings = findings.into_iter().map(|finding| Finding::of_windows(file, finding));
            (findings.collect(), Some(document.text().to_owned()), Vec::new())
        }
        Err(Unopened::Apple(_)) => {
            let findings = rule::check_bytes(bytes, &mobileconfig::Limits::default(), &target);
            let findings = findings.into_iter().map(|finding| Finding::of_apple(file, finding));
            (findings.collect(), text_of(bytes), Vec::new())
        }
        Err(Unopened::Windows(error)) => {
            let finding = Finding::of_windows(file, syncml::Finding::from(&error));
            (vec![finding], text_of(bytes), Vec::new())
        }
        Err(unopened @ (Unopened::OtherSystem { .. } | Unopened::Sealed(_))) => {
            return Err(unopened);
        }
    };
    let secrets: Vec<_> = findings
        .iter()
        .chain(&secrets)
        .filter(|finding: &&Finding| SECRETS.contains(&finding.rule))
        .filter_map(|finding| finding.span.clone())
        .collect();
    let text = text.map(|text| masked(&text, &secrets));
    Ok(Checked { findings, text })
}

/// The rules, and whether the signature is one: that needs cryptography, which rules do without.
fn apple(profile: &AppleProfile, target: &Target) -> Vec<mobileconfig::Finding> {
    let mut findings = rule::check(profile, target);
    let tolerance = Tolerance::default();
    let wrong = profile.signature().and_then(|signature| {
        let signer = signature.claimed_signer(&tolerance).ok()?;
        signature.verify(&signer, &RustCrypto, &tolerance).err()
    });
    if let Some(error) = wrong {
        let place = mobileconfig::Place::default();
        let (rule, severity) = ("AP022", mobileconfig::Severity::Error);
        let found = format!("a signature that cannot be verified ({error})");
        let why = "devices refuse a profile that was changed after it was signed";
        findings.insert(0, mobileconfig::Finding::new(rule, severity, place, found, why));
    }
    findings
}

/// The text of a file that could not be read any further.
fn text_of(bytes: &[u8]) -> Option<String> {
    let is_xml = bytes.trim_ascii_start().starts_with(b"<") || is_for_windows(bytes);
    is_xml.then(|| std::str::from_utf8(bytes).ok().map(str::to_owned))?
}

/// The key paths of the secrets in a profile, as the rules know them.
pub(super) fn secrets_of(profile: &AppleProfile) -> Vec<KeyPath> {
    let unsigned = AppleProfile::from(profile.document().clone());
    let findings = rule::check(&unsigned, &Target::default());
    let secrets = findings.into_iter().filter(|finding| SECRETS.contains(&finding.rule));
    secrets.map(|finding| finding.place.key_path).collect()
}
