//! On Apple's devices.

use devicecert::fleet::Rules;
use devicecert::fleet::proxy::Failure;

use super::{
    CHALLENGE, HOST, USED_UP, is_expected, is_refused_by_the_ca, passcode, renews,
    url_before_passcode,
};
use crate::device::apple::Mac;
use crate::mdm::HOST as DEVICE;
use crate::profiles;
use crate::scene::Scene;
use crate::world::{DAY, Down, HOUR, SECOND};

fn scene(rules: Rules) -> Scene {
    // By the guide of 2025 the marker may stand in the common name.
    let name = "%SerialNumber% $FLEET_VAR_SCEP_RENEWAL_ID";
    super::scene(
        rules,
        profiles::APPLE,
        |_| profiles::apple_scep("CUSTOM_SCEP", "_WIFI", name, "Wi-Fi"),
        |scep| Box::new(Mac::new(&scep.ca.certificate)),
        format!("CN=C02XK1 fleet-{},OU=Wi-Fi", profiles::APPLE),
    )
}

pub(super) fn deliver() {
    let scene = scene(Rules::Current);
    let sent = scene.deliver();
    let passcode = passcode(&scene, &sent);
    let url = url_before_passcode(&scene) + &passcode;
    let expected = scene
        .upload
        .text
        .replace("$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI", CHALLENGE)
        .replace("$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI", &url)
        .replace("$FLEET_VAR_SCEP_RENEWAL_ID", &format!("fleet-{}", profiles::APPLE));
    assert_eq!(sent.text(), expected);
    is_expected(&scene, &passcode);
}

pub(super) fn enrol() {
    scene(Rules::Current).enrol();
}

pub(super) fn renew() {
    let said = format!(
        "profile status (verified) is not 'pending' for host:{DEVICE} profile:{}",
        profiles::APPLE
    );
    renews(&scene(Rules::Current), &said);
}

pub(super) fn wrong_credentials() {
    is_refused_by_the_ca(&scene(Rules::Current));
}

pub(super) fn expired_challenge() {
    scene(Rules::Guide).expire(HOUR + SECOND, USED_UP);
    scene(Rules::Current).expire(7 * DAY + SECOND, USED_UP);
    for (rules, fresh) in [(Rules::Guide, HOUR), (Rules::Current, 7 * DAY)] {
        let scene = scene(rules);
        let sent = scene.deliver();
        scene.world.pass(fresh);
        assert_eq!(scene.install(&sent), Ok(()), "at the last second");
    }
}

pub(super) fn ca_down() {
    let today = scene(Rules::Current);
    today.down(HOST, Down::Fails(Failure::Timeout), 408, "request timed out");
    today.down(HOST, Down::Fails(Failure::ConnectionRefused), 500, "Internal Server Error");
    // With the passcode gone, too.
    today.down("operation=PKIOperation", Down::Status(503), 500, "Internal Server Error");
    scene(Rules::Guide).down(HOST, Down::Fails(Failure::Timeout), 500, "request timed out");
}
