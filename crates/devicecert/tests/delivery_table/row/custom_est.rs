//! Any EST server.

use std::rc::Rc;

use devicecert::Error;
use devicecert::delivery::{EstCa, EstCaError};
use devicecert::fleet::proxy::Failure;
use devicecert::fleet::request_certificate::Authority;
use devicecert::fleet::{Rules, Schedule};
use devicecert::pki::{Secret, to_pem};

use crate::device::Trouble;
use crate::device::linux::{Answered, enrol};
use crate::mdm::HOST as DEVICE;
use crate::mdm::api::TOKEN;
use crate::server::est::Est;
use crate::server::{RIGHT, WRONG};
use crate::table::{Cell, Row};
use crate::watch;
use crate::world::{DAY, Down, SECOND, World};

pub(crate) const LINUX: Row = Row {
    title: "custom EST × Linux",
    module: "custom_est::linux",
    cells: [
        Cell::Test(|| CUSTOM.deliver()),
        Cell::Test(|| CUSTOM.enrol()),
        Cell::Test(|| CUSTOM.renew()),
        Cell::Test(|| CUSTOM.wrong_credentials()),
        Cell::Impossible(NO_CHALLENGE),
        Cell::Test(|| CUSTOM.ca_down()),
    ],
};

pub(super) const NO_CHALLENGE: &str =
    "there is no challenge: Fleet shows the CA its name and password, which do not expire";

const CUSTOM: Cells = Cells {
    host: "est.test",
    path: "/ca/est",
    user: "fleet",
    checked: |url, user, password| EstCa::custom("WIFI".parse().unwrap(), url, user, password),
    configured: |url, user, password| Authority::Est {
        url,
        username: Some(user),
        password: Some(password),
    },
};

/// What is the same for every EST server.
pub(super) struct Cells {
    pub(super) host: &'static str,
    pub(super) path: &'static str,
    pub(super) user: &'static str,
    /// What an administrator enters, URL, user and password, as it is checked.
    pub(super) checked: fn(&str, &str, &str) -> Result<EstCa, Error>,
    /// The same, as it is kept.
    pub(super) configured: fn(String, String, Secret) -> Authority,
}

/// The answer of Fleet to who gets no certificate.
fn refused(status: u16, reason: &str) -> Trouble {
    let reason = serde_json::to_string(reason).unwrap();
    Trouble::Http(status, format!(r#"{{"errors":[{{"reason":{reason}}}]}}"#))
}

/// The same, if it is because of the CA. What is behind the colon are the words of the EST client.
fn refused_by_the_ca(why: &str) -> Trouble {
    refused(400, &format!("EST certificate request failed: {why}"))
}

impl Cells {
    fn world(&self) -> (World, Rc<Est>) {
        let mut world = World::new(Rules::Current);
        let est = Rc::new(Est::new(self.host, self.path, self.user, world.now()));
        world.serve(self.host, est.clone());
        self.configure(&world, RIGHT);
        (world, est)
    }

    fn url(&self) -> String {
        format!("https://{}{}", self.host, self.path)
    }

    fn configure(&self, world: &World, password: &str) {
        let authority = (self.configured)(self.url(), self.user.to_owned(), password.into());
        *world.est_ca.borrow_mut() = Some(authority);
    }

    fn certificate(&self, world: &World) -> Answered {
        enrol(world, TOKEN).unwrap_or_else(|trouble| panic!("{trouble:?}"))
    }

    /// What is entered is checked, without the password; then a host asks, and is answered.
    pub(super) fn deliver(&self) {
        let (world, est) = self.world();
        let ca = (self.checked)(&self.url(), self.user, RIGHT).unwrap();
        watch::debug(&ca);
        let response = world.send(&ca.check_request().unwrap(), world.connect()).unwrap();
        assert_eq!(ca.check(&response), Ok(()));
        assert_eq!(est.asked.get(), 0);
        let answered = self.certificate(&world);
        assert_eq!(est.asked.get(), 1);
        let issued = est.ca.issued.borrow();
        let pem = to_pem("CERTIFICATE", issued[0].as_der()).replace('\n', "\\n");
        assert_eq!(answered.text, format!(r#"{{"certificate":"{pem}"}}"#));
    }

    pub(super) fn enrol(&self) {
        let (world, est) = self.world();
        let answered = self.certificate(&world);
        let issued = est.ca.issued.borrow();
        assert_eq!(issued.as_slice(), std::slice::from_ref(&answered.certificate));
        assert_eq!(answered.certificate.subject().to_string(), "CN=C02XK1,O=Example");
    }

    /// There is a policy that fails when the certificate is due, and a script that asks again.
    pub(super) fn renew(&self) {
        let (world, est) = self.world();
        let Answered { certificate: old, key: old_key, .. } = self.certificate(&world);
        let due = Schedule::default().due_at(&old.validity(), DEVICE).unwrap();
        // What `osquery_policy` writes: not_valid_after > now + 30 days
        let passes = || old.validity().not_after > world.now().after(30 * DAY);
        world.wait_until(due.before(2 * SECOND));
        assert!(passes());
        world.wait_until(due);
        assert!(!passes());
        let Answered { certificate: new, key: new_key, .. } = self.certificate(&world);
        assert_eq!(est.ca.issued(), 2);
        assert_ne!(old_key.to_pkcs8_der(), new_key.to_pkcs8_der());
        assert_ne!(old.public_key(), new.public_key());
        assert!(old.validity().not_before < new.validity().not_before);
        assert!(old.validity().not_after < new.validity().not_after);
    }

    /// Of the host, and then of Fleet.
    pub(super) fn wrong_credentials(&self) {
        let (world, est) = self.world();
        let outcome = enrol(&world, WRONG).err();
        assert_eq!(outcome, Some(refused(401, "Authentication required")));
        assert_eq!(est.asked.get(), 0);
        self.configure(&world, WRONG);
        let outcome = enrol(&world, TOKEN).err();
        let why = "the server refused with HTTP status 401: \"unknown client\"";
        assert_eq!(outcome, Some(refused_by_the_ca(why)));
        assert_eq!((est.asked.get(), est.ca.issued()), (1, 0));
        self.configure(&world, RIGHT);
        self.certificate(&world);
    }

    pub(super) fn ca_down(&self) {
        let (world, est) = self.world();
        let ca = (self.checked)(&self.url(), self.user, RIGHT).unwrap();
        world.down(self.host, Down::Status(503));
        let response = world.send(&ca.check_request().unwrap(), world.connect()).unwrap();
        let error = ca.check(&response).unwrap_err();
        watch::error(&error);
        assert_eq!(error, EstCaError::Status(503));
        assert_eq!(error.to_string(), "unexpected EST CA status code: 503");
        let page = "\"<html>Service Unavailable</html>\"";
        let refused = format!("the server refused with HTTP status 503: {page}");
        for (how, why) in [
            (Down::Status(503), refused.as_str()),
            (Down::Fails(Failure::Timeout), "context deadline exceeded"),
            (Down::Fails(Failure::ConnectionRefused), "connection refused"),
            (Down::Fails(Failure::Dns), "no such host"),
        ] {
            world.down(self.host, how);
            let outcome = enrol(&world, TOKEN).err();
            assert_eq!(outcome, Some(refused_by_the_ca(why)));
        }
        assert_eq!((est.asked.get(), est.ca.issued()), (0, 0));
        world.up();
        self.certificate(&world);
    }
}
