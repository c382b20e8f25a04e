//! Any EST server.

use std::rc::Rc;
use std::time::Duration;

use devicecert::Error;
use devicecert::delivery::{EstCa, EstCaError};
use devicecert::est::RefusalKind;
use devicecert::fleet::proxy::Failure;
use devicecert::fleet::{Rules, Schedule};

use crate::device::linux::{Trouble, enrol};
use crate::mdm::HOST as DEVICE;
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
    configured: |url, user, password| EstCa::custom("WIFI".parse().unwrap(), url, user, password),
};

/// What is the same for both.
pub(super) struct Cells {
    pub(super) host: &'static str,
    pub(super) path: &'static str,
    pub(super) user: &'static str,
    /// What the administrator has entered, from URL, user and password.
    pub(super) configured: fn(&str, &str, &str) -> Result<EstCa, Error>,
}

impl Cells {
    fn world(&self) -> (World, Rc<Est>) {
        let mut world = World::new(Rules::Current);
        let est = Rc::new(Est::new(self.host, self.path, self.user, world.now()));
        world.serve(self.host, est.clone());
        (world, est)
    }

    fn ca(&self, password: &str) -> EstCa {
        let url = format!("https://{}{}", self.host, self.path);
        (self.configured)(&url, self.user, password).unwrap()
    }

    /// The settings of the CA are checked, which needs no password; and what a host asks for
    /// reaches the CA.
    pub(super) fn deliver(&self) {
        let (world, est) = self.world();
        let ca = self.ca(RIGHT);
        let response = world.send(&ca.check_request().unwrap(), world.connect()).unwrap();
        assert_eq!(ca.check(&response), Ok(()));
        assert_eq!(est.asked.get(), 0);
        enrol(&world, &ca).unwrap();
        assert_eq!(est.asked.get(), 1);
    }

    pub(super) fn enrol(&self) {
        let (world, est) = self.world();
        let (certificate, _) = enrol(&world, &self.ca(RIGHT)).unwrap();
        assert_eq!(est.ca.issued.borrow().as_slice(), std::slice::from_ref(&certificate));
        assert_eq!(certificate.subject().to_string(), "CN=C02XK1,O=Example");
    }

    /// There is a policy that fails when the certificate is due, and a script that asks again.
    pub(super) fn renew(&self) {
        let (world, est) = self.world();
        let ca = self.ca(RIGHT);
        let (old, _) = enrol(&world, &ca).unwrap();
        let due = Schedule::default().due_at(&old.validity(), DEVICE).unwrap();
        // not_valid_after > now + 30 days
        let passes = || old.validity().not_after > world.now().after(30 * DAY);
        world.wait_until(due.before(2 * SECOND));
        assert!(passes());
        world.wait_until(due);
        assert!(!passes());
        let (new, key) = enrol(&world, &ca).unwrap();
        assert_eq!(est.ca.issued(), 2);
        assert_ne!(old.public_key(), new.public_key());
        assert_eq!(new.public_key(), devicecert::pki::Signer::public_key(&key));
        assert!(old.validity().not_before < new.validity().not_before);
        assert!(old.validity().not_after < new.validity().not_after);
    }

    pub(super) fn wrong_credentials(&self) {
        let (world, est) = self.world();
        let outcome = enrol(&world, &self.ca(WRONG));
        let Err(Trouble::Refused(kind, _)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(kind, RefusalKind::Unauthorised);
        assert_eq!((est.asked.get(), est.ca.issued()), (1, 0));
        enrol(&world, &self.ca(RIGHT)).unwrap();
    }

    pub(super) fn ca_down(&self) {
        let (world, est) = self.world();
        let ca = self.ca(RIGHT);
        world.down(self.host, Down::Status(503));
        let response = world.send(&ca.check_request().unwrap(), world.connect()).unwrap();
        let error = ca.check(&response).unwrap_err();
        watch::error(&error);
        assert_eq!(error, EstCaError::Status(503));
        assert_eq!(error.to_string(), "unexpected EST CA status code: 503");
        let outcome = enrol(&world, &ca);
        let Err(Trouble::Refused(_, error)) = outcome else { panic!("{outcome:?}") };
        assert!(error.to_string().contains("503"), "{error}");
        for failure in [Failure::Timeout, Failure::ConnectionRefused, Failure::Dns] {
            world.down(self.host, Down::Fails(failure));
            let outcome = enrol(&world, &ca);
            assert!(matches!(&outcome, Err(Trouble::NoAnswer(why)) if why.0 == failure));
        }
        assert_eq!((est.asked.get(), est.ca.issued()), (0, 0));
        world.up();
        enrol(&world, &ca).unwrap();
        assert_eq!(EstCa::TIMEOUT, Duration::from_secs(20));
    }
}
