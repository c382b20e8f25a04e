//! DigiCert ONE: key and certificate come with the profile.

use std::rc::Rc;

use devicecert::ca::digicert::Settings;
use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{CaType, Failure, ProfileStatus};

use crate::device::Device;
use crate::device::apple::Mac;
use crate::mdm::{EMAIL, SERIAL, Upload};
use crate::profiles::{self, CA};
use crate::server::digicert::{DigiCert, HOST, PROFILE};
use crate::server::{RIGHT, WRONG};
use crate::table::{Cell, Row};
use crate::wire;
use crate::world::{Down, SECOND, World};

pub(crate) const APPLE: Row = Row {
    title: "DigiCert × Apple",
    module: "digicert::apple",
    cells: [
        Cell::Test(deliver),
        Cell::Test(enrol),
        Cell::Test(renew),
        Cell::Test(wrong_credentials),
        Cell::Impossible("there is no challenge: the certificate comes with the profile"),
        Cell::Test(ca_down),
    ],
};

struct Scene {
    world: World,
    upload: Upload,
    mac: Mac,
    digicert: Rc<DigiCert>,
}

fn configure(world: &World, token: &str) {
    let mut settings = Settings::new(CA, format!("https://{HOST}"));
    settings.api_token = token.into();
    settings.profile_id = PROFILE.to_owned();
    settings.certificate_common_name = "$FLEET_VAR_HOST_HARDWARE_SERIAL".to_owned();
    settings.certificate_seat_id = "${FLEET_VAR_HOST_END_USER_EMAIL_IDP}".to_owned();
    settings.certificate_user_principal_names =
        vec!["$FLEET_VAR_HOST_END_USER_EMAIL_IDP".to_owned()];
    let account = settings.account().unwrap();
    world.configure(|authorities| authorities.digicert(account).unwrap());
}

fn scene() -> Scene {
    let mut world = World::new(Rules::Current);
    let digicert = Rc::new(DigiCert::new([SERIAL, EMAIL, EMAIL], world.now()));
    world.serve(HOST, digicert.clone());
    configure(&world, RIGHT);
    let upload = Upload::new(&world, profiles::APPLE, CA, profiles::apple_pkcs12(CA));
    let mac = Mac::new(&digicert.ca.certificate);
    Scene { world, upload, mac, digicert }
}

impl Scene {
    #[track_caller]
    fn fails(&self, detail: &str) {
        assert_eq!(self.world.deliver(&self.upload).err().as_deref(), Some(detail));
        let profile = self.world.profile(&self.upload);
        assert_eq!((profile.status, profile.detail.as_str()), (ProfileStatus::Failed, detail));
        assert_eq!(self.digicert.ca.issued(), 0);
        assert_eq!(self.world.row(&self.upload), None);
    }

    fn enrols(&self) {
        let sent = self.world.deliver(&self.upload).unwrap_or_else(|detail| panic!("{detail}"));
        assert_eq!(self.mac.install(&self.world, &self.upload, &sent), Ok(()));
        assert_eq!(self.mac.keychain().certificates(), *self.digicert.ca.issued.borrow());
    }
}

fn deliver() {
    let Scene { world, upload, digicert, .. } = scene();
    let sent = world.deliver(&upload).unwrap_or_else(|detail| panic!("{detail}"));
    let password = wire::between(sent.text(), "<key>Password</key><string>", "</string>");
    let data = wire::between(sent.text(), "<key>PayloadContent</key><data>", "</data>");
    // 10 octets in base64, which XML has nothing to escape in.
    assert_eq!(password.len(), 16);
    assert!(password.ends_with("=="));
    let expected = upload
        .text
        .replace("$FLEET_VAR_DIGICERT_PASSWORD_WIFI", password)
        .replace("$FLEET_VAR_DIGICERT_DATA_WIFI", data);
    assert_eq!(sent.text(), expected);
    assert_eq!(world.status(&upload), ProfileStatus::Pending);
    // It is known already what there will be to renew.
    let issued = digicert.ca.issued.borrow();
    let [certificate] = issued.as_slice() else { panic!("one certificate") };
    let row = world.row(&upload).unwrap();
    assert_eq!(row.ca_type, Some(CaType::DigiCert));
    assert_eq!(row.validity, Some(certificate.validity()));
    let serial: String = certificate.serial().iter().map(|x| format!("{x:02X}")).collect();
    assert_eq!(row.serial, Some(serial));
}

fn enrol() {
    let scene = scene();
    scene.enrols();
    assert_eq!(scene.world.status(&scene.upload), ProfileStatus::Verifying);
    let shown = scene.mac.keychain().certificates();
    assert_eq!(shown[0].subject().to_string(), "CN=C02XK1");
}

fn renew() {
    let scene = scene();
    let Scene { world, upload, mac, .. } = &scene;
    scene.enrols();
    let status = world.status(upload);
    world.wait_until(world.due_at(upload).before(SECOND));
    world.renew(upload);
    assert_eq!(world.status(upload), status, "not due yet");
    world.pass(SECOND);
    world.renew(upload);
    assert_eq!(world.status(upload), ProfileStatus::Null, "due");
    scene.enrols();
    let shown = mac.keychain().certificates();
    let [old, new] = shown.as_slice() else { panic!("two certificates") };
    assert_eq!(old.subject(), new.subject());
    assert_ne!(old.public_key(), new.public_key());
    assert!(old.validity().not_before < new.validity().not_before);
    assert!(old.validity().not_after < new.validity().not_after);
    assert_eq!(world.row(upload).unwrap().validity, Some(new.validity()));
}

fn wrong_credentials() {
    let scene = scene();
    configure(&scene.world, WRONG);
    scene.fails(
        "Couldn't get certificate from DigiCert for WIFI. The API token configured in WIFI \
         certificate authority is invalid. Status code for POST request: 401, errors: Invalid API \
         key.",
    );
    configure(&scene.world, RIGHT);
    scene.digicert.profile.replace("another");
    scene.fails(
        "Couldn't get certificate from DigiCert for WIFI. The \"profile_id\" configured in WIFI \
         certificate authority doesn't exist. Status code for POST request: 403, errors: No such \
         profile.; Ask.",
    );
    scene.digicert.profile.replace(PROFILE);
    scene.enrols();
}

fn ca_down() {
    let scene = scene();
    for (how, detail) in [
        (Down::Fails(Failure::Timeout), "context deadline exceeded"),
        (Down::Fails(Failure::ConnectionRefused), "connection refused"),
        (Down::Status(503), "unexpected DigiCert status code for POST request: 503"),
    ] {
        scene.world.down(HOST, how);
        scene.fails(&format!("Couldn't get certificate from DigiCert for WIFI. {detail}"));
        scene.world.up();
    }
    scene.enrols();
}
