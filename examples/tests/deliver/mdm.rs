//! What the server files, and what it waits for.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use devicecert::ca::digicert;
use devicecert::delivery::Authorities;
use devicecert::fleet::proxy::{
    Profile, ProfileOperation, ProfileStatus, ProfileUuid, Resend, Store,
};
use devicecert::fleet::{Host, Rules};
use devicecert::pki::{Certificate, Secret};
use devicecert_examples::deliver::{Mdm, Sample};
use devicecert_examples::listen::Log;
use devicecert_examples::proxy::tls_config;

use crate::{BACKEND, SERIAL, World, device, note, sample, user, world};

const HOST: &str = "6C3E1A22";
const PROFILE: &str = "a4CD1BD65";

impl World {
    fn file(&self, status: ProfileStatus, operation: ProfileOperation) {
        let (uuid, profile) = (uuid(), Profile::new(status).operation(operation));
        self.runtime.block_on(self.mdm.store.set_profile(HOST, &uuid, profile)).unwrap();
    }

    fn filed(&self) -> Option<Profile> {
        self.runtime.block_on(self.mdm.store.profile(HOST, &uuid())).unwrap()
    }

    fn status(&self) -> ProfileStatus {
        self.filed().unwrap().status
    }

    fn shows(&self, ca: &str, certificates: &[Certificate]) {
        self.runtime.block_on(self.mdm.inventory(&host(), ca, certificates)).unwrap();
    }

    /// Delivers a profile for Apple's devices, and has it installed.
    fn installed(&self, sample: &Sample) -> Certificate {
        let template = sample.template().unwrap();
        let sent = self.runtime.block_on(self.mdm.deliver(&template, &host())).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let device = device(folder.path(), &self.runtime);
        let text = sent.profile.as_str();
        let installed = device.install_profile(text, &sample.name, &mut |line| note(line));
        installed.unwrap().remove(0).certificate
    }
}

fn uuid() -> ProfileUuid {
    PROFILE.parse().unwrap()
}

fn host() -> Host {
    Host::new(HOST, PROFILE).serial(SERIAL).user(user())
}

#[test]
fn a_profile_that_a_ca_refuses_is_filed_as_failed_in_fleets_words() {
    let mut world = world();
    // The CA of the others, with another token.
    let account = world.cas.authorities.digicert_named("CORP").unwrap();
    let url = account.profile_request().unwrap().uri().clone();
    let url = format!("http://{}", url.authority().unwrap());
    let mut settings = digicert::Settings::new("CORP", url);
    settings.api_token = Secret::from("01_revoked");
    settings.profile_id = "cc80e3d1-3b52-4a1f-9a4b-2b9f3c8e1d40".into();
    settings.certificate_common_name = "$FLEET_VAR_HOST_HARDWARE_SERIAL".into();
    settings.certificate_seat_id = "$FLEET_VAR_HOST_END_USER_EMAIL_IDP".into();
    let mut authorities = Authorities::new(world.cas.authorities.server_url().clone());
    authorities.digicert(settings.account().unwrap()).unwrap();
    world.mdm.authorities = authorities;

    world.file(ProfileStatus::Verified, ProfileOperation::Install);
    let template = sample(&world.samples, "digicert-CORP.mobileconfig").template().unwrap();
    world.runtime.block_on(world.mdm.deliver(&template, &host())).unwrap_err();
    let filed = world.filed().unwrap();
    assert_eq!(filed.status, ProfileStatus::Failed);
    assert_eq!(
        filed.detail,
        "Couldn't get certificate from DigiCert for CORP. The API token configured in CORP \
         certificate authority is invalid. Status code for POST request: 401, errors: the API token \
         is unknown"
    );
}

#[test]
fn a_profile_is_verified_when_its_certificate_was_seen_and_not_before() {
    let world = world();
    for (name, ca) in
        [("custom-scep-WIFI.mobileconfig", "WIFI"), ("digicert-CORP.mobileconfig", "CORP")]
    {
        let other = match ca {
            "WIFI" => world.cas.digicert_ca.clone(),
            _ => world.cas.scep_ca.clone(),
        };
        let certificate = world.installed(sample(&world.samples, name));
        assert_eq!(world.status(), ProfileStatus::Pending);
        world.shows(ca, &[]);
        world.shows(ca, std::slice::from_ref(&other));
        assert_eq!(world.status(), ProfileStatus::Pending, "{name}: its certificate was not seen");
        world.shows(ca, &[other, certificate]);
        assert_eq!(world.status(), ProfileStatus::Verified, "{name}");
    }
}

#[test]
fn what_is_to_be_sent_again_or_removed_is_not_verified_by_an_old_certificate() {
    let world = world();
    let certificate = world.installed(sample(&world.samples, "custom-scep-WIFI.mobileconfig"));
    let uuid = uuid();
    let resent = world.mdm.store.resend(HOST, &uuid, Resend::Full, world.clock.now());
    world.runtime.block_on(resent).unwrap();
    world.shows("WIFI", std::slice::from_ref(&certificate));
    assert_eq!(world.status(), ProfileStatus::Null);
    world.file(ProfileStatus::Pending, ProfileOperation::Remove);
    world.shows("WIFI", &[certificate]);
    assert_eq!(world.status(), ProfileStatus::Pending);
}

#[test]
fn a_sixth_challenge_of_ndes_waits_for_the_first_to_be_used() {
    let World { cas, mut mdm, samples, clock, runtime } = world();
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    mdm.log = Arc::new(move |line: &str| {
        note(line);
        counter.fetch_add(1, Ordering::SeqCst);
    });
    let asked = || asked.load(Ordering::SeqCst);
    // Another server, which does not know how many challenges are out.
    let (store, log): (_, Log) = (Arc::clone(&mdm.store), Arc::new(note));
    let (authorities, tls) = (cas.authorities.clone(), tls_config(None).unwrap());
    let other = Mdm::new(Rules::Current, authorities, store, clock.clone(), BACKEND, tls, log);

    let ndes = sample(&samples, "ndes.mobileconfig");
    let template = ndes.template().unwrap();
    let hosts: Vec<_> =
        (0..7).map(|at| Host::new(&format!("host-{at}"), PROFILE).user(user())).collect();
    let mut sent = Vec::new();
    for host in &hosts[..5] {
        sent.push(runtime.block_on(mdm.deliver(&template, host)).unwrap());
    }
    let in_a_conversation = 3;
    assert_eq!(asked(), 5 * in_a_conversation);

    let mut sixth = pin!(mdm.deliver(&template, &hosts[5]));
    let refused = runtime.block_on(async {
        tokio::select! {
            biased;
            sixth = &mut sixth => panic!("there is no room: {sixth:?}"),
            seventh = other.deliver(&template, &hosts[6]) => seventh.unwrap_err(),
        }
    });
    // Whoever goes on without room is told by NDES, in Fleet's words.
    assert!(refused.to_string().starts_with("The NDES password cache is full."), "{refused}");
    assert_eq!(asked(), 5 * in_a_conversation, "NDES saw nothing of the sixth");

    let first = sent.remove(0);
    let folder = tempfile::tempdir().unwrap();
    let text = first.profile.as_str();
    let device = device(folder.path(), &runtime);
    device.install_profile(text, &ndes.name, &mut |line| note(line)).unwrap();
    drop(first.room);
    runtime.block_on(sixth).unwrap();
    assert_eq!(asked(), 6 * in_a_conversation);
}
