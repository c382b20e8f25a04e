//! On Windows.

use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{Failure, ProfileStatus};

use super::{
    CHALLENGE, USED_UP, configure, is_expected, is_refused_by_the_ca, passcode, renews,
    url_before_passcode,
};
use crate::device::Trouble;
use crate::device::windows::Pc;
use crate::profiles;
use crate::scene::Scene;
use crate::world::{DAY, Down, MINUTE, SECOND};

const UNPRINTABLE: &str = "Custom SCEP Proxy challenge can only contain letters, numbers, and \
    the characters ' ( ) + , - . / : = ?. Certificate enrollment rejects other characters, \
    such as \"_\".";

fn scene(rules: Rules) -> Scene {
    super::scene(
        rules,
        profiles::WINDOWS,
        |scep| profiles::windows_scep("CUSTOM_SCEP", "_WIFI", &scep.ca.thumbprint()),
        |_| Box::new(Pc::default()),
        format!("CN=C02XK1 WIFI,OU=fleet-{}", profiles::WINDOWS),
    )
}

pub(super) fn deliver() {
    let scene = scene(Rules::Current);
    let sent = scene.deliver();
    let passcode = passcode(profiles::WINDOWS, &sent);
    let url = url_before_passcode(profiles::WINDOWS) + &passcode;
    let filled = profiles::windows_filled(&scene.upload.text)
        .replace("$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI", CHALLENGE)
        .replace("$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI", &url);
    assert_eq!(sent.text(), profiles::numbered(&filled));
    is_expected(&scene, &passcode);
}

pub(super) fn enrol() {
    scene(Rules::Current).enrol();
}

pub(super) fn renew() {
    renews(&scene(Rules::Current), profiles::WINDOWS, (400, USED_UP));
}

pub(super) fn wrong_credentials() {
    let scene = scene(Rules::Current);
    configure(&scene.world, &scene.scep, "Open_Sesame_1001");
    scene.fails(UNPRINTABLE);
    is_refused_by_the_ca(&scene);
}

pub(super) fn expired_challenge() {
    scene(Rules::Current).expire(7 * DAY + SECOND, USED_UP);
}

/// A passcode is used up by the PKIOperation that presents it, also while the CA is down.
pub(super) fn ca_down() {
    let scene = scene(Rules::Current);
    for (how, status, said, detail) in [
        (Down::Fails(Failure::Timeout), 408, "request timed out", "timeout"),
        (Down::Status(503), 500, "Internal Server Error", "HTTP 503"),
        (
            Down::Fails(Failure::ConnectionRefused),
            500,
            "Internal Server Error",
            "connection refused",
        ),
    ] {
        let sent = scene.deliver();
        scene.world.down("operation=PKIOperation", how);
        let outcome = scene.install(&sent);
        assert_eq!(outcome, Err(Trouble::Http(status, format!("{said}\n"))));
        assert_eq!(scene.status(), ProfileStatus::Failed);
        assert_eq!(scene.detail(), format!("SCEP PKIOperation failed: {detail}"));
        scene.world.up();
        let again = scene.install(&sent);
        assert_eq!(again, Err(Trouble::Http(400, format!("{USED_UP}\n"))));
        assert_eq!(scene.status(), ProfileStatus::Null, "to be sent again");
        scene.enrol();
        assert_eq!(scene.detail(), "");
        scene.world.pass(MINUTE);
    }
}
