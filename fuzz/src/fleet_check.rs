//! The checks of profiles for Fleet. The first byte chooses where the profile goes.

use devicecert_fleet::{Destination, Error, Rules, Server, Severity, Template, check, rule};

pub fn run(data: &[u8]) {
    let Some((first, profile)) = data.split_first() else { return };
    let destination = Destination::ALL[usize::from(*first) % Destination::ALL.len()];
    let text = String::from_utf8_lossy(profile);
    let server = Server::default().digicert("A").custom_scep("A").smallstep("A").ndes();
    for rules in [Rules::Guide, Rules::Current] {
        let findings = check(profile, destination, &server, rules);
        for finding in &findings {
            let rule = rule(finding.rule).expect("a known rule");
            assert!(rule.is_in(rules) && rule.severity == finding.severity);
            assert!(text.get(finding.place.span.clone()).is_some(), "{finding}");
            let before = &text[..finding.place.span.start];
            assert_eq!(finding.place.line, before.matches('\n').count() + 1);
        }
        // A variable that no template takes is an error, and every one of them is told.
        if let Err(Error::Misplaced(misplaced)) = Template::compile(&text, destination) {
            let at = misplaced.place.span.start;
            let told = findings.iter().any(|finding| {
                finding.severity == Severity::Error && finding.place.span.start <= at
            });
            assert!(
                told || findings.len() >= 1000 || profile.first() == Some(&0x30),
                "{misplaced}"
            );
        }
    }
}
