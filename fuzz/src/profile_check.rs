//! Apple profiles: read from whatever they come in, and every rule.
//!
//! The first octet says what the profile is for; the rest is the file.

use devicecert_mobileconfig::payload::{AnyPayload, Platform};
use devicecert_mobileconfig::plist::{Position, Value};
use devicecert_mobileconfig::rule::{Enrolled, Target, check, check_bytes, rule};
use devicecert_mobileconfig::{Limits, Profile};
use devicecert_pki::Time;

fn target(first: u8) -> Target {
    let mut target = Target::default();
    target.platform = Platform::ALL.get(usize::from(first & 7)).copied();
    target.enrollment = match first >> 3 & 3 {
        0 => None,
        1 => Some(Enrolled::Supervised),
        2 => Some(Enrolled::Unsupervised),
        _ => Some(Enrolled::ByUser),
    };
    target.now = (first & 0x20 != 0).then_some(Time::from_unix(1_800_000_000));
    target
}

pub fn run(data: &[u8]) {
    let Some((&first, file)) = data.split_first() else { return };
    let (target, mut limits) = (target(first), Limits::default());
    // A small binary file may stand for much, and this is about what it stands for.
    limits.values = 10_000;
    limits.bytes = 1 << 20;
    let findings = check_bytes(file, &limits, &target);
    for finding in &findings {
        let known = rule(finding.rule).expect("findings are of rules");
        assert!(finding.severity <= known.severity, "{finding}");
    }
    let profile = match Profile::read(file, &limits) {
        Ok(profile) => profile,
        // Who cannot read is told so, once.
        Err(_) => return assert_eq!(findings.len(), 1),
    };
    assert_eq!(check(&profile, &target), findings);
    if let Some(text) = profile.document().source() {
        for finding in &findings {
            let place = &finding.place;
            assert!(text.get(place.span.range()).is_some(), "{finding}");
            if let Some(position) = place.position.filter(|_| text.len() < 4096) {
                assert_eq!(position, Position::of(text, place.span.start), "{finding}");
            }
        }
    }
    for payload in profile.payloads().filter_map(|node| node.value().as_dictionary().cloned()) {
        let _ = AnyPayload::read(&payload);
    }
    // UIDs of binary property lists become dictionaries.
    if profile.document().node().walk().any(|node| matches!(node.value(), Value::Uid(_))) {
        return;
    }
    // Signatures and places gone, the same is wrong with what is written.
    let Ok(written) = profile.to_xml() else { return };
    let unsigned = Profile::from(profile.document().clone());
    let again = Profile::read(written.as_bytes(), &Limits::default()).expect("readable");
    let told = |profile: &Profile| {
        let findings = check(profile, &target).into_iter();
        // CDATA, comments and the like are not written again.
        let findings = findings.filter(|finding| finding.rule != "AP023");
        let mut told: Vec<_> = findings
            .map(|finding| (finding.place.key_path, finding.rule, finding.found, finding.instead))
            .collect();
        told.sort();
        told
    };
    assert_eq!(told(&again), told(&unsigned));
}
