//! One CA that speaks SCEP, one profile, one device; and what is the same whichever they are.

use std::rc::Rc;

use devicecert::crypto_rust::RustCrypto;
use devicecert::fleet::proxy::ProfileStatus;
use devicecert::pki::Tolerance;

use crate::device::{Device, Trouble};
use crate::mdm::{Sent, Upload};
use crate::server::scep::ScepServer;
use crate::world::{Down, SECOND, World};

pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) upload: Upload,
    pub(crate) device: Box<dyn Device>,
    /// Where the proxy leads to.
    pub(crate) scep: Rc<ScepServer>,
    /// Whom the certificates are for.
    pub(crate) subject: String,
}

impl Scene {
    /// Delivers the profile, which has to work.
    pub(crate) fn deliver(&self) -> Sent {
        self.world.deliver(&self.upload).unwrap_or_else(|detail| panic!("{detail}"))
    }

    pub(crate) fn install(&self, sent: &Sent) -> Result<(), Trouble> {
        self.device.install(&self.world, &self.upload, sent)
    }

    /// How often a certificate was issued.
    pub(crate) fn issued(&self) -> usize {
        self.scep.ca.issued()
    }

    pub(crate) fn status(&self) -> ProfileStatus {
        self.world.status(&self.upload)
    }

    /// What stands beside the profile in the list.
    pub(crate) fn detail(&self) -> String {
        self.world.profile(&self.upload).detail
    }

    /// The profile cannot be filled in, this is shown beside it, and nothing was issued.
    #[track_caller]
    pub(crate) fn fails(&self, detail: &str) {
        let before = self.issued();
        assert_eq!(self.world.deliver(&self.upload).err().as_deref(), Some(detail));
        assert_eq!((self.status(), self.detail().as_str()), (ProfileStatus::Failed, detail));
        assert_eq!(self.issued(), before);
    }

    /// The profile comes, and with it a certificate of the CA, for a key of the device.
    pub(crate) fn enrol(&self) {
        let before = self.issued();
        let sent = self.deliver();
        self.scep.operations.take();
        assert_eq!(self.install(&sent), Ok(()));
        // The device asks three times; the proxy asks before a PKIOperation whether it may be posted.
        assert_eq!(
            self.scep.operations.take(),
            ["GetCACaps", "GetCACert", "GetCACaps", "PKIOperation"]
        );
        let shown = self.device.keychain().certificates();
        assert_eq!(shown, *self.scep.ca.issued.borrow());
        assert_eq!(shown.len(), before + 1);
        let certificate = shown.last().unwrap();
        assert_eq!(certificate.subject().to_string(), self.subject);
        assert!(certificate.validity().contains(self.world.now()));
        let issuer = self.scep.ca.certificate.public_key();
        assert_eq!(certificate.is_signed_by(issuer, &RustCrypto, &Tolerance::STRICT), Ok(()));
        assert_eq!(self.status(), ProfileStatus::Verified);
        let row = self.world.row(&self.upload).unwrap();
        assert_eq!(row.validity, Some(certificate.validity()));
    }

    /// A first certificate, and when it is due, and not before, the profile again, and a second one
    /// which takes its place. Then the device tries once more with the first profile.
    pub(crate) fn renew(&self) -> (Sent, Sent, Result<(), Trouble>) {
        let first = self.deliver();
        assert_eq!(self.install(&first), Ok(()));
        let due = self.world.due_at(&self.upload);
        self.world.wait_until(due.before(SECOND));
        self.world.renew(&self.upload);
        assert_eq!(self.status(), ProfileStatus::Verified, "not due yet");
        self.world.pass(SECOND);
        self.world.renew(&self.upload);
        assert_eq!(self.status(), ProfileStatus::Null, "due");

        let second = self.deliver();
        assert_eq!(self.install(&second), Ok(()));
        assert_eq!(self.status(), ProfileStatus::Verified);
        let shown = self.device.keychain().certificates();
        let [old, new] = shown.as_slice() else { panic!("two certificates") };
        assert_ne!(old.public_key(), new.public_key());
        assert_eq!(old.subject(), new.subject());
        assert!(old.validity().not_before < new.validity().not_before);
        assert!(old.validity().not_after < new.validity().not_after);
        let row = self.world.row(&self.upload).unwrap();
        assert_eq!(row.validity, Some(new.validity()));
        self.world.renew(&self.upload);
        assert_eq!(self.status(), ProfileStatus::Verified, "not due again");

        let again = self.install(&first);
        assert_eq!(self.issued(), 2, "the first profile is good for one certificate");
        (first, second, again)
    }

    /// The proxy answers so when a device asks it for a certificate too late, without asking the CA,
    /// and has the profile sent again, which works.
    pub(crate) fn expire(&self, late: std::time::Duration, said: &str) {
        let sent = self.deliver();
        self.world.pass(late);
        let outcome = self.install(&sent);
        assert_eq!(outcome, Err(Trouble::Http(400, format!("{said}\n"))));
        assert_eq!(self.scep.operations.take(), ["GetCACaps", "GetCACert"], "which are for all");
        assert_eq!(self.issued(), 0);
        assert_eq!(self.status(), ProfileStatus::Null, "to be sent again");
        self.enrol();
    }

    /// What a device is told while the CA does not answer; afterwards the profile is sent again,
    /// which works.
    pub(crate) fn down(&self, of: &'static str, how: Down, status: u16, said: &str) {
        let before = self.issued();
        let sent = self.deliver();
        self.world.down(of, how);
        let outcome = self.install(&sent);
        assert_eq!(outcome, Err(Trouble::Http(status, format!("{said}\n"))), "{how:?}");
        assert_eq!(self.issued(), before);
        assert_eq!(self.status(), ProfileStatus::Failed, "as the device reports");
        self.world.up();
        self.enrol();
    }
}
