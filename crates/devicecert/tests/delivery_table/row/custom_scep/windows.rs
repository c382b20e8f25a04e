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
use crate::server::scep::ScepServer;
use crate::world::{DAY, Down, HOUR, MINUTE, SECOND};

const UNPRINTABLE: &str = "Custom SCEP Proxy challenge can only contain letters, numbers, and \
    the characters ' ( ) + , - . / : = ?. Certificate enrollment rejects other characters, \
    such as \"_\".";

fn scene() -> Scene {
    scene_of(
        Rules::Current,
        profiles::WINDOWS_SUBJECT,
        format!("CN=C02XK1 WIFI,OU=fleet-{}", profiles::WINDOWS),
    )
}

/// Late 2025 there was no renewal on Windows, and no marker.
fn by_the_guide() -> Scene {
    let subject = "CN=$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID";
    scene_of(Rules::Guide, subject, format!("CN={}", profiles::WINDOWS))
}

fn scene_of(rules: Rules, subject: &str, certified: String) -> Scene {
    let text = |scep: &ScepServer| {
        profiles::windows_scep("CUSTOM_SCEP", "_WIFI", subject, &scep.ca.thumbprint())
    };
    super::scene(rules, profiles::WINDOWS, text, |_| Box::new(Pc::default()), certified)
}

pub(super) fn deliver() {
    let scene = scene();
    let sent = scene.deliver();
    let passcode = passcode(&scene, &sent);
    let url = url_before_passcode(&scene) + &passcode;
    let filled = profiles::windows_filled(&scene.upload.text)
        .replace("$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI", CHALLENGE)
        .replace("$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI", &url);
    assert_eq!(sent.text(), profiles::numbered(&filled));
    is_expected(&scene, &passcode);
}

pub(super) fn enrol() {
    scene().enrol();
}

pub(super) fn renew() {
    renews(&scene(), USED_UP);
}

pub(super) fn wrong_credentials() {
    let scene = scene();
    configure(&scene.world, &scene.scep, "Open_Sesame_1001");
    scene.fails(UNPRINTABLE);
    is_refused_by_the_ca(&scene);
}

pub(super) fn expired_challenge() {
    scene().expire(7 * DAY + SECOND, USED_UP);
    // Late 2025 nobody looked at the passcode of Windows.
    let scene = by_the_guide();
    let sent = scene.deliver();
    scene.world.pass(HOUR + SECOND);
    assert_eq!(scene.install(&sent), Ok(()));
    let shown = scene.device.keychain().certificates();
    assert_eq!(shown[0].subject().to_string(), scene.subject);
}

/// A passcode is used up by the PKIOperation that presents it, also while the CA is down.
pub(super) fn ca_down() {
    let scene = scene();
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
    // Late 2025 nobody heard of it.
    let scene = by_the_guide();
    let sent = scene.deliver();
    scene.world.down("operation=PKIOperation", Down::Fails(Failure::Timeout));
    let outcome = scene.install(&sent);
    assert_eq!(outcome, Err(Trouble::Http(500, "request timed out\n".to_owned())));
    assert_eq!((scene.status(), scene.detail()), (ProfileStatus::Verifying, String::new()));
    scene.world.up();
    assert_eq!(scene.install(&sent), Ok(()));
}
