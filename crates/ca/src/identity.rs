//! A certificate whose key was made on the server, as it travels to the device: a PKCS #12 file
//! and its password.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::pkcs12::Pkcs12Params;
use devicecert_pki::{Certificate, Error, Provider, Secret};

/// The password of one PKCS #12 file.
///
/// Sixteen characters of base64 from ten random bytes, as Fleet makes them: 80 bits for a file that
/// is written for one host and installed at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pkcs12Password(Secret);

impl Pkcs12Password {
    /// The password that these bytes make. Nobody may be able to predict them.
    ///
    /// ```
    /// use devicecert_ca::Pkcs12Password;
    ///
    /// let password = Pkcs12Password::from_random([0xff; 10]);
    /// assert_eq!(password.as_secret().expose(), b"/////////////w==");
    /// ```
    #[must_use]
    pub fn from_random(bytes: [u8; 10]) -> Self {
        Self(Secret::from(STANDARD.encode(Secret::new(bytes.to_vec()).expose())))
    }

    /// The password, for the variable `$FLEET_VAR_DIGICERT_PASSWORD_<CA>`.
    #[must_use]
    pub const fn as_secret(&self) -> &Secret {
        &self.0
    }
}

/// A key and its certificate in a PKCS #12 file, and the password of that file.
///
/// The file holds this one certificate, none of the CA, in
/// [`Profile::Compat3Des`](devicecert_pki::pkcs12::Profile::Compat3Des): what every Apple device
/// imports.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// The file. It is as good as its password is long, so it is kept from logs, too.
    pub pkcs12: Secret,
    /// Its password.
    pub password: Pkcs12Password,
}

impl Identity {
    /// Writes the file. `key` is a PKCS #8 PrivateKeyInfo; that it fits the certificate is up to the
    /// caller, who made both.
    ///
    /// # Errors
    /// Whatever keeps the file from being written: [`Pkcs12Params::to_der`].
    pub fn new(
        certificate: Certificate,
        key: Secret,
        password: Pkcs12Password,
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        let file = Pkcs12Params::new(key, [certificate]).to_der(password.as_secret(), provider)?;
        Ok(Self { pkcs12: Secret::new(file), password })
    }

    /// The file in base64, for the variable `$FLEET_VAR_DIGICERT_DATA_<CA>`.
    #[must_use]
    pub fn data(&self) -> Secret {
        Secret::from(STANDARD.encode(self.pkcs12.expose()))
    }
}
