//! What is configured.

use devicecert::ca::InvalidSetting;

use crate::support::{authorities, custom_scep, digicert_settings, ndes, nothing, smallstep};

#[test]
fn a_name_is_taken_once_within_a_kind() {
    let mut all = authorities();
    let taken = all.custom_scep(custom_scep("WIFI", "x")).unwrap_err();
    assert_eq!(
        taken.api_text(),
        "Couldn't add certificate authority. \"WIFI\" name is already used by another custom SCEP \
         certificate authority. Please choose a different name and try again."
    );
    assert!(all.smallstep(smallstep("STEP")).is_err());
    assert!(all.digicert(digicert_settings().account().unwrap()).is_err());
    assert_eq!(all.ndes(ndes()), Err(InvalidSetting::SecondNdes));
    // Another case, and another kind, is another name.
    assert_eq!(all.custom_scep(custom_scep("wifi", "x")), Ok(()));
    assert_eq!(all.smallstep(smallstep("WIFI")), Ok(()));
}

#[test]
fn a_ca_is_found_by_kind_and_exact_name() {
    let all = authorities();
    assert_eq!(all.custom_scep_named("WIFI").unwrap().name().as_str(), "WIFI");
    assert!(all.custom_scep_named("wifi").is_none());
    assert!(all.custom_scep_named("STEP").is_none());
    assert!(all.smallstep_named("STEP").is_some());
    assert!(all.digicert_named("CORP").is_some());
    assert!(nothing().the_ndes().is_none());
}

#[test]
fn what_the_upload_is_checked_against_is_the_same() {
    let server = authorities().to_server();
    assert_eq!(server.custom_scep, ["WIFI"]);
    assert_eq!(server.smallstep, ["STEP"]);
    assert_eq!(server.digicert, ["CORP"]);
    assert!(server.ndes);
    assert!(!nothing().to_server().ndes);
}
