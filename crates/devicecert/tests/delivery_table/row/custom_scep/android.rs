//! On Android, where Fleet's agent asks for the certificate.

use devicecert::fleet::Rules;
use devicecert::fleet::proxy::Failure;

use super::{CHALLENGE, HOST, USED_UP, is_expected, is_refused_by_the_ca, passcode, renews};
use crate::device::android::Phone;
use crate::mdm::{HOST as DEVICE, Sent};
use crate::profiles;
use crate::scene::Scene;
use crate::world::{DAY, Down, SECOND};

fn scene() -> Scene {
    super::scene(
        Rules::Current,
        profiles::ANDROID,
        |_| profiles::ANDROID_SUBJECT.to_owned(),
        |scep| Box::new(Phone::new(&scep.ca.certificate)),
        // The slash form begins at the root.
        "O=Example,CN=C02XK1".to_owned(),
    )
}

pub(super) fn deliver() {
    let scene = scene();
    let sent = scene.deliver();
    let Sent::Template { subject, challenge, .. } = &sent else { panic!("no template") };
    assert_eq!(subject.as_str(), "/CN=C02XK1/O=Example");
    assert_eq!(challenge.expose(), CHALLENGE.as_bytes());
    is_expected(&scene, &passcode(&scene, &sent));
}

pub(super) fn enrol() {
    scene().enrol();
}

pub(super) fn renew() {
    let said = format!("profile status (verified) is not 'pending' for host:{DEVICE} profile:g17");
    renews(&scene(), &said);
}

pub(super) fn wrong_credentials() {
    is_refused_by_the_ca(&scene());
}

pub(super) fn expired_challenge() {
    scene().expire(7 * DAY + SECOND, USED_UP);
}

pub(super) fn ca_down() {
    let scene = scene();
    scene.down(HOST, Down::Fails(Failure::Timeout), 408, "request timed out");
    scene.down(HOST, Down::Status(503), 500, "Internal Server Error");
}
