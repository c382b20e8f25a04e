//! A CA that asks Intune which requests are of its devices, with Microsoft's servers played here.

mod played;
mod secrets;
mod world;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::{Certificate, CrlReason, Provider, Tolerance};
use devicecert::scep::FailInfo;
use devicecert_examples::server::{AnswerError, Approval, JudgeError, Verdict};

use played::{Act, Trouble};
use world::{Device, Nothing, OWN, World, challenge, key};

const CALLER: &str = concat!("devicecert scep-server ", env!("CARGO_PKG_VERSION"));

/// Every code but Success, in the order of Microsoft's own list, and one that is not on it.
const CODES: [&str; 25] = [
    "Unknown",
    "CertificateRequestDecodingFailed",
    "ChallengePasswordMissing",
    "ChallengeDeserializationError",
    "ChallengeDecryptionError",
    "ChallengeDecodingError",
    "ChallengeInvalidTimestamp",
    "ChallengeExpired",
    "SubjectNameMissing",
    "SubjectNameMismatch",
    "SubjectAltNameMissing",
    "SubjectAltNameMismatch",
    "KeyUsageMismatch",
    "KeyLengthMismatch",
    "EnhancedKeyUsageMissing",
    "EnhancedKeyUsageMismatch",
    "AadKeyIdentifierListMissing",
    "RegisteredKeyMismatch",
    "SigningCertThumbprintMismatch",
    "ScepProfileNoLongerTargetedToTheClient",
    "SignatureValidationFailed",
    "BadCertificateRequestIdInChallenge",
    "BadDeviceIdInChallenge",
    "BadUserIdInChallenge",
    "OneOfTomorrow",
];

/// The members of a body that say which request it is about.
fn about(device: &Device) -> String {
    let (id, csr) = (device.enrolment.transaction_id(), STANDARD.encode(device.csr.as_der()));
    format!(r#""transactionId":"{id}","certificateRequest":"{csr}""#)
}

fn question(device: &Device) -> String {
    format!(r#"{{"request":{{{},"callerInfo":"{CALLER}"}}}}"#, about(device))
}

fn good_news(device: &Device, certificate: &Certificate) -> String {
    let hex = |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02X}")).collect::<String>();
    let thumbprint = RustCrypto.digest(DigestAlgorithm::Sha1, certificate.as_der()).unwrap();
    let until = certificate.validity().not_after.to_string();
    format!(
        r#"{{"notification":{{{},"certificateThumbprint":"{}","certificateSerialNumber":"{}","certificateExpirationDateUtc":"{}.000Z","issuingCertificateAuthority":"{}","callerInfo":"{CALLER}"}}}}"#,
        about(device),
        hex(&thumbprint),
        hex(certificate.serial()),
        until.trim_end_matches('Z'),
        certificate.issuer(),
    )
}

fn bad_news(device: &Device, hresult: u32, description: &str) -> String {
    format!(
        r#"{{"notification":{{{},"hResult":{hresult},"errorDescription":"{description}","callerInfo":"{CALLER}"}}}}"#,
        about(device),
    )
}

fn is_refused(answer: Result<Vec<Certificate>, Nothing>, words: &str) {
    match answer.unwrap_err() {
        Nothing::Refused(refusal) => {
            assert_eq!(refusal.fail_info, FailInfo::BadRequest);
            assert_eq!(refusal.text.as_deref(), Some(words));
        }
        other => panic!("{other:?}"),
    }
}

fn is_not_answered(answer: Result<Vec<Certificate>, Nothing>) {
    match answer.unwrap_err() {
        Nothing::NotAnswered(AnswerError::Judge(_)) => {}
        other => panic!("{other:?}"),
    }
}

fn is_pending(answer: Result<Vec<Certificate>, Nothing>) {
    assert!(matches!(answer.unwrap_err(), Nothing::Pending));
}

#[test]
fn intune_is_asked_first_and_knows_of_the_certificate_before_the_device_has_it() {
    let world = World::new(Approval::Auto);
    let mut device = Device::new(&world);
    let chain = device.ask(&world).unwrap();
    let done = world.microsoft.take();
    let acts: Vec<Act> = done.iter().map(|(act, _)| *act).collect();
    assert_eq!(
        acts,
        [Act::GraphToken, Act::Discovery, Act::IntuneToken, Act::Validate, Act::Succeeded]
    );
    assert_eq!(done[3].1, question(&device));
    assert_eq!(done[4].1, good_news(&device, &chain[0]));

    // Who asks and where is known now.
    Device::new(&world).ask(&world).unwrap();
    assert_eq!(world.microsoft.done(), [Act::Validate, Act::Succeeded]);
    assert_eq!((world.issued().len(), world.owed().len()), (2, 0));
}

#[test]
fn whatever_intune_has_against_it_the_device_is_told_the_same() {
    let world = World::new(Approval::Auto);
    for code in CODES {
        let verdict = format!(r#"{{"code":"{code}","errorDescription":"look at line 3"}}"#);
        world.microsoft.state().verdict = verdict;
        let answer = Device::new(&world).ask(&world);
        is_refused(answer, "the challenge is missing or wrong");
        assert_eq!(world.microsoft.done().last(), Some(&Act::Validate), "{code}");
        // Whoever runs the CA is told what it was.
        let log = world.log.lock().unwrap();
        assert!(log.iter().any(|line| line.contains(&format!("{code}: look at line 3"))), "{code}");
    }
    assert_eq!((world.issued().len(), world.owed().len()), (0, 0));
}

#[test]
fn a_token_is_used_until_it_expires_and_then_fetched_anew() {
    let mut world = World::new(Approval::Auto);
    Device::new(&world).ask(&world).unwrap();
    world.microsoft.done();
    world.after(3500);
    Device::new(&world).ask(&world).unwrap();
    assert_eq!(world.microsoft.done(), [Act::Validate, Act::Succeeded]);
    // It would expire on the way.
    world.after(50);
    Device::new(&world).ask(&world).unwrap();
    assert_eq!(world.microsoft.done(), [Act::IntuneToken, Act::Validate, Act::Succeeded]);
}

#[test]
fn without_intune_nothing_is_issued_and_the_device_may_ask_again() {
    for act in [Act::GraphToken, Act::Discovery, Act::IntuneToken, Act::Validate] {
        for trouble in [Trouble::HangsUp, Trouble::Says(503), Trouble::Says(401)] {
            let world = World::new(Approval::Auto);
            world.microsoft.state().trouble = Some((act, trouble));
            let mut device = Device::new(&world);
            is_not_answered(device.ask(&world));
            is_not_answered(device.ask(&world));
            assert!(world.issued().is_empty(), "{act:?} {trouble:?}");
            world.microsoft.state().trouble = None;
            device.ask(&world).unwrap();
        }
    }
}

#[test]
fn only_what_a_failure_speaks_against_is_looked_up_anew() {
    const PLACE: [Act; 2] = [Act::GraphToken, Act::Discovery];
    let world = World::new(Approval::Auto);
    Device::new(&world).ask(&world).unwrap();
    for (trouble, anew) in [
        (Trouble::Says(400), &[][..]),
        (Trouble::Says(429), &[]),
        (Trouble::Says(500), &[]),
        (Trouble::Says(503), &[]),
        (Trouble::Says(401), &[Act::IntuneToken]),
        (Trouble::Says(403), &[Act::IntuneToken]),
        (Trouble::Says(404), &PLACE),
        (Trouble::HangsUp, &PLACE),
    ] {
        world.microsoft.state().trouble = Some((Act::Validate, trouble));
        let mut device = Device::new(&world);
        is_not_answered(device.ask(&world));
        world.microsoft.state().trouble = None;
        world.microsoft.done();
        device.ask(&world).unwrap();
        let expected = [anew, &[Act::Validate, Act::Succeeded]].concat();
        assert_eq!(world.microsoft.done(), expected, "{trouble:?}");
    }
}

#[test]
fn however_many_devices_ask_at_once_one_looks_up_for_all() {
    let world = World::new(Approval::Auto);
    let devices: Vec<Device> = (0..4).map(|_| Device::new(&world)).collect();
    std::thread::scope(|scope| {
        // Nobody has an answer before all have come to ask.
        let held = world.microsoft.state();
        let world = &world;
        for mut device in devices {
            scope.spawn(move || device.ask(world).unwrap());
        }
        std::thread::sleep(std::time::Duration::from_secs(1));
        drop(held);
    });
    let done = world.microsoft.done();
    for act in [Act::GraphToken, Act::Discovery, Act::IntuneToken] {
        assert_eq!(done.iter().filter(|one| **one == act).count(), 1, "{act:?}");
    }
}

#[test]
fn what_is_no_verdict_is_no_leave_to_issue() {
    let world = World::new(Approval::Auto);
    for verdict in
        ["", "{}", "<html>", r#"{"code":null}"#, r#""Success""#, r#"[{"code":"Success"}]"#]
    {
        world.microsoft.state().verdict = verdict.to_owned();
        is_not_answered(Device::new(&world).ask(&world));
    }
    assert!(world.issued().is_empty());
}

#[test]
fn a_certificate_waits_until_intune_knows_of_it_also_after_a_kill() {
    let mut world = World::new(Approval::Auto);
    world.microsoft.state().trouble = Some((Act::Succeeded, Trouble::Says(500)));
    let mut device = Device::new(&world);
    is_not_answered(device.ask(&world));
    assert_eq!((world.issued().len(), world.owed().len()), (1, 1));
    world.restart();
    is_not_answered(device.ask(&world));
    world.microsoft.state().trouble = None;
    world.microsoft.done();
    let chain = device.ask(&world).unwrap();
    let done = world.microsoft.take();
    // Whether it may be issued was asked before.
    assert!(done.iter().all(|(act, _)| *act != Act::Validate));
    assert_eq!(*done.last().unwrap(), (Act::Succeeded, good_news(&device, &chain[0])));
    assert_eq!((world.issued().len(), world.owed().len()), (1, 0));
}

#[test]
fn intune_hears_of_a_certificate_before_another_request_takes_the_place_of_its_own() {
    let world = World::new(Approval::Auto);
    world.microsoft.state().trouble = Some((Act::Succeeded, Trouble::Says(503)));
    let mut device = Device::in_one_transaction(&world, key(), "CN=laptop-7");
    is_not_answered(device.ask(&world));
    let first = devicecert_examples::files::read_certificate(&world.issued()[0]).unwrap();
    let news = good_news(&device, &first);
    let mut device = Device::in_one_transaction(&world, device.into_key(), "CN=laptop-8");
    is_not_answered(device.ask(&world));
    assert_eq!((world.issued().len(), world.owed().len()), (1, 1));
    world.microsoft.state().trouble = None;
    world.microsoft.done();
    let chain = device.ask(&world).unwrap();
    assert_eq!(
        world.microsoft.take()[..],
        [
            (Act::Validate, question(&device)),
            (Act::Succeeded, news),
            (Act::Succeeded, good_news(&device, &chain[0])),
        ]
    );
    assert_eq!((world.issued().len(), world.owed().len()), (2, 0));
}

#[test]
fn a_certificate_that_intune_objects_to_is_revoked_also_when_another_request_takes_over() {
    let world = World::new(Approval::Auto);
    world.microsoft.state().trouble = Some((Act::Succeeded, Trouble::Says(503)));
    let mut device = Device::in_one_transaction(&world, key(), "CN=laptop-7");
    is_not_answered(device.ask(&world));
    world.microsoft.state().trouble = None;
    world.microsoft.state().reception = r#"{"code":"ChallengeExpired"}"#.to_owned();
    let mut device = Device::in_one_transaction(&world, device.into_key(), "CN=laptop-8");
    is_refused(device.ask(&world), "the certificate was revoked");
    let line = world.ca.generations.line(world.now).unwrap();
    let ca = line.current().authority.ca();
    let crl = world.ca.crl(0, world.now).unwrap().unwrap();
    let crl = crl.verify(ca, world.now, &RustCrypto, &Tolerance::default()).unwrap();
    assert_eq!(world.issued().len(), 2);
    for file in world.issued() {
        let certificate = devicecert_examples::files::read_certificate(&file).unwrap();
        assert!(crl.revocation(&certificate).unwrap().is_some());
    }
}

#[test]
fn intune_hears_of_a_rejection_before_another_request_takes_over() {
    let mut world = World::new(Approval::Manual);
    let mut device = Device::in_one_transaction(&world, key(), "CN=laptop-7");
    is_pending(device.ask(&world));
    world.decide(&device, Verdict::Rejected);
    world.microsoft.state().trouble = Some((Act::Failed, Trouble::Says(503)));
    world.after(3600);
    is_not_answered(device.ask(&world));
    let news = bad_news(&device, 0x8009_4014, "An administrator rejected it.");
    world.microsoft.state().trouble = None;
    world.microsoft.done();
    let mut device = Device::in_one_transaction(&world, device.into_key(), "CN=laptop-8");
    is_pending(device.ask(&world));
    assert_eq!(world.microsoft.take(), [(Act::Validate, question(&device)), (Act::Failed, news)]);
}

#[test]
fn nobody_gets_a_certificate_whose_judge_is_gone_before_it_was_told() {
    let mut world = World::new(Approval::Auto);
    world.microsoft.state().trouble = Some((Act::Succeeded, Trouble::HangsUp));
    let mut device = Device::new(&world);
    is_not_answered(device.ask(&world));
    world.ca.judge = None;
    let answer = device.ask(&world).unwrap_err();
    let Nothing::NotAnswered(AnswerError::Judge(error)) = answer else { panic!("{answer:?}") };
    assert!(matches!(error, JudgeError::NoFollower), "{error}");
}

#[test]
fn a_certificate_that_intune_objects_to_is_revoked() {
    let world = World::new(Approval::Auto);
    world.microsoft.state().reception = r#"{"code":"ChallengeExpired"}"#.to_owned();
    let mut device = Device::new(&world);
    is_refused(device.ask(&world), "the certificate was revoked");
    assert_eq!(world.microsoft.done().last(), Some(&Act::Succeeded));
    assert_eq!((world.issued().len(), world.owed().len()), (1, 0));
    let line = world.ca.generations.line(world.now).unwrap();
    let ca = line.current().authority.ca();
    let crl = world.ca.crl(0, world.now).unwrap().unwrap();
    let crl = crl.verify(ca, world.now, &RustCrypto, &Tolerance::default()).unwrap();
    let certificate = devicecert_examples::files::read_certificate(&world.issued()[0]).unwrap();
    let revoked = crl.revocation(&certificate).unwrap().unwrap();
    assert_eq!(revoked.reason, Some(CrlReason::CessationOfOperation));
}

#[test]
fn the_same_request_again_gets_the_same_certificate_without_a_question() {
    let world = World::new(Approval::Auto);
    let mut device = Device::new(&world);
    device.ask(&world).unwrap();
    world.microsoft.done();
    let issued = world.log.lock().unwrap().last().unwrap().clone();
    assert!(issued.starts_with("issued serial "), "{issued}");
    assert_eq!(device.repeats(&world), issued);
    assert_eq!(world.microsoft.done(), []);
    assert_eq!(world.issued().len(), 1);
}

#[test]
fn intune_is_asked_about_renewals_with_the_request_as_it_came() {
    let world = World::new(Approval::Auto);
    let mut device = Device::new(&world);
    let first = device.ask(&world).unwrap();
    world.microsoft.done();
    let mut device = device.renewing(&world, &first[0]);
    let second = device.ask(&world).unwrap();
    assert_ne!(first[0], second[0]);
    assert_eq!(
        world.microsoft.take(),
        [(Act::Validate, question(&device)), (Act::Succeeded, good_news(&device, &second[0])),]
    );
}

#[test]
fn a_device_that_intune_does_not_manage_any_more_renews_nothing() {
    let world = World::new(Approval::Auto);
    let mut device = Device::new(&world);
    let first = device.ask(&world).unwrap();
    let verdict = r#"{"code":"ScepProfileNoLongerTargetedToTheClient"}"#;
    world.microsoft.state().verdict = verdict.to_owned();
    let mut device = device.renewing(&world, &first[0]);
    is_refused(device.ask(&world), "the challenge is missing or wrong");
    assert_eq!(world.issued().len(), 1);
}

#[test]
fn intune_is_not_asked_about_a_challenge_of_the_ca() {
    let world = World::new(Approval::Auto);
    Device::with(&world, key(), OWN).ask(&world).unwrap();
    assert_eq!(world.microsoft.done(), []);
}

#[test]
fn a_poll_asks_nothing_and_what_a_person_approves_is_told_with_the_request() {
    let world = World::new(Approval::Manual);
    let mut device = Device::new(&world);
    is_pending(device.ask(&world));
    assert_eq!(world.microsoft.done().last(), Some(&Act::Validate));
    let mut world = world;
    world.after(3600);
    is_pending(device.ask(&world));
    assert_eq!(world.microsoft.done(), []);
    world.decide(&device, Verdict::Approved);
    world.after(3600);
    let chain = device.ask(&world).unwrap();
    assert_eq!(world.microsoft.take().last().unwrap().1, good_news(&device, &chain[0]));
    assert!(world.owed().is_empty());
}

#[test]
fn intune_hears_of_a_rejection_before_the_device_does() {
    let mut world = World::new(Approval::Manual);
    let mut device = Device::new(&world);
    is_pending(device.ask(&world));
    world.decide(&device, Verdict::Rejected);
    world.microsoft.state().trouble = Some((Act::Failed, Trouble::Says(503)));
    world.after(3600);
    is_not_answered(device.ask(&world));
    world.microsoft.state().trouble = None;
    is_refused(device.ask(&world), "rejected");
    // CERTSRV_E_ADMIN_DENIED_REQUEST of MS-ERREF.
    let news = bad_news(&device, 0x8009_4014, "An administrator rejected it.");
    assert_eq!(*world.microsoft.take().last().unwrap(), (Act::Failed, news));
    assert_eq!((world.issued().len(), world.owed().len()), (0, 0));
    assert!(device.repeats(&world).ends_with("(rejected)"));
    assert_eq!(world.microsoft.done(), []);
}

#[test]
fn intune_hears_that_the_ca_has_expired_and_is_asked_anew_about_its_successor() {
    let mut world = World::new(Approval::Auto);
    world.after(3654 * 86_400);
    let mut device = Device::new(&world);
    is_refused(device.ask(&world), "this CA has expired; ask for the current one");
    // CERT_E_EXPIRED of MS-ERREF.
    let news = bad_news(&device, 0x800b_0101, "The CA has expired.");
    assert_eq!(*world.microsoft.take().last().unwrap(), (Act::Failed, news));
    assert_eq!((world.issued().len(), world.owed().len()), (0, 0));
    world.roll_over();
    world.after(1);
    Device::with(&world, device.into_key(), &challenge()).ask(&world).unwrap();
    assert_eq!(world.microsoft.done(), [Act::Validate, Act::Succeeded]);
}
