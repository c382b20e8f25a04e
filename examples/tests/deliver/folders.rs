//! No certificate takes the place of another.

use std::collections::BTreeSet;

use devicecert::delivery::CustomScep;
use devicecert::fleet::{Destination, Host};
use devicecert::mobileconfig::{Limits, Profile};
use devicecert_examples::deliver::{DeviceError, Sample, samples};

use crate::{BACKEND, SERIAL, World, device, note, sample, user, world};

#[test]
fn two_cas_of_one_kind_have_profiles_of_two_names_and_two_identifiers() {
    let World { cas, .. } = world();
    let mut authorities = cas.authorities.clone();
    let url = "https://ca.example.com/scep".parse().unwrap();
    authorities.custom_scep(CustomScep::new("VPN".parse().unwrap(), url, "x")).unwrap();
    let ca = cas.thumbprint(BACKEND).unwrap();
    let samples = samples(&authorities, Some(&ca), BACKEND).unwrap();
    let names: BTreeSet<_> = samples.iter().map(|sample| sample.name.clone()).collect();
    assert_eq!(names.len(), samples.len(), "{names:?}");
    for name in ["VPN", "WIFI"].map(|ca| format!("custom-scep-{ca}.mobileconfig")) {
        let profile = Profile::read(sample(&samples, &name).text.as_bytes(), &Limits::default());
        let identifier = format!("com.example.{}", name.trim_end_matches(".mobileconfig"));
        assert_eq!(
            profile
                .unwrap()
                .document()
                .root()
                .as_dictionary()
                .unwrap()
                .get("PayloadIdentifier")
                .unwrap()
                .as_str(),
            Some(identifier.as_str())
        );
    }
}

/// A profile with the payloads of two.
fn joined(one: &Sample, other: &Sample) -> Sample {
    let read = |sample: &Sample| Profile::read(sample.text.as_bytes(), &Limits::default()).unwrap();
    let mut profile = read(one);
    for payload in read(other).payloads() {
        profile.push(payload.value().as_dictionary().unwrap().clone()).unwrap();
    }
    Sample { text: profile.to_xml().unwrap(), ..one.clone() }
}

#[test]
fn two_payloads_of_one_profile_are_installed_in_two_folders() {
    let World { cas: _cas, mdm, samples, runtime, .. } = world();
    let wifi = sample(&samples, "custom-scep-WIFI.mobileconfig");
    let both = joined(wifi, sample(&samples, "smallstep-STEP.mobileconfig"));
    assert_eq!(both.destination, Destination::AppleProfile);
    let host = Host::new("6C3E1A22", "a4CD1BD65").serial(SERIAL).user(user());
    let sent = runtime.block_on(mdm.deliver(&both.template().unwrap(), &host)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let device = device(folder.path(), &runtime);
    let text = sent.profile.as_str();
    let installed = device.install_profile(text, &both.name, &mut |line| note(line)).unwrap();
    let [first, second] = &installed[..] else { panic!("{installed:?}") };
    assert_ne!(first.folder, second.folder);
    for installed in [first, second] {
        let key = BACKEND.load_file(&installed.folder.join("device.key")).unwrap();
        assert_eq!(key.public_key(), installed.certificate.public_key());
    }
}

#[test]
fn a_payload_that_cannot_have_a_folder_of_its_own_is_refused_before_it_enrols() {
    let World { cas: _cas, samples, runtime, .. } = world();
    let folder = tempfile::tempdir().unwrap();
    let device = device(folder.path(), &runtime);
    let wifi = sample(&samples, "custom-scep-WIFI.mobileconfig");
    let mut say = |line: &str| panic!("{line}");
    for identifier in ["", ".", "..", "../other", "a/b", "a/", "/etc"] {
        let mut profile = Profile::read(wifi.text.as_bytes(), &Limits::default()).unwrap();
        let root = profile.document_mut().root_mut().as_dictionary_mut().unwrap();
        let payloads = root.get_mut("PayloadContent").unwrap().as_array_mut().unwrap();
        let payload = payloads.get_mut(0).unwrap().as_dictionary_mut().unwrap();
        payload.insert("PayloadIdentifier", identifier);
        let text = profile.to_xml().unwrap();
        let refused = device.install_profile(&text, "profile", &mut say);
        assert!(matches!(refused, Err(DeviceError::Profile(_))), "{identifier}: {refused:?}");
    }
    // Twice the same: written by hand, as we write no such profile.
    let (before, rest) = wifi.text.split_once("<array>").unwrap();
    let (payload, after) = rest.rsplit_once("</array>").unwrap();
    let twice = format!("{before}<array>{payload}{payload}</array>{after}");
    let refused = device.install_profile(&twice, "profile", &mut say).unwrap_err();
    assert_eq!(refused.to_string(), "the profile: expected a PayloadIdentifier for each payload");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
