//! What a device keeps.

use std::io::Write;
use std::path::Path;

use devicecert::pki::{Certificate, Secret, to_pem};

use super::{Device, DeviceError, Installed};
use crate::files::{self, Readers};

impl Device {
    /// Puts key, certificate and chain in place of those that may be in the folder called `name`.
    pub(in crate::deliver) fn install(
        &self,
        name: &Path,
        key: &Secret,
        chain: &[Certificate],
    ) -> Result<Installed, DeviceError> {
        let (certificate, above) =
            chain.split_first().ok_or(DeviceError::Certificate("missing"))?;
        let folder = self.folder.join(name);
        files::create_folder(&folder)?;
        files::replace(&folder.join("device.key"), Readers::Owner, |file| {
            file.write_all(key.expose())
        })?;
        files::write_certificates(&folder.join("device.pem"), std::slice::from_ref(certificate))?;
        files::write_certificates(&folder.join("chain.pem"), above)?;
        Ok(Installed { folder, certificate: certificate.clone(), chain: above.to_vec() })
    }

    /// Keeps a file in PKCS #12 as it came, and its password beside it.
    pub(super) fn keep(
        &self,
        name: &Path,
        file: &[u8],
        password: &Secret,
    ) -> Result<(), DeviceError> {
        let folder = self.folder.join(name);
        files::create_folder(&folder)?;
        for (name, content) in [("identity.p12", file), ("identity.password", password.expose())] {
            files::replace(&folder.join(name), Readers::Owner, |file| file.write_all(content))?;
        }
        Ok(())
    }

    /// As [`install`](Self::install), for a key in DER.
    pub(super) fn install_pkcs8(
        &self,
        name: &Path,
        pkcs8: &Secret,
        chain: &[Certificate],
    ) -> Result<Installed, DeviceError> {
        let pem = Secret::from(to_pem("PRIVATE KEY", pkcs8.expose()));
        self.install(name, &pem, chain)
    }
}
