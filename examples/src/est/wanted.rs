//! What a certificate is to say, on the command line and with what the server wishes.

use devicecert::est::{CsrAttrs, Endpoint, Error as EstLibraryError, Undecided};
use devicecert::pki::{CsrParams, KeyKind, Name, PublicKey};

use super::client::Linking;
use crate::alt_names::AltNames;
use crate::keys::parse_key_kind;

/// What a certificate is asked for with.
#[derive(Clone, Debug, clap::Args)]
pub struct Wanted {
    /// The subject, such as "CN=laptop-7,O=Example"
    #[arg(long, value_name = "DN")]
    subject: Name,
    #[command(flatten)]
    alt_names: AltNames,
    /// The device's key: rsa:2048, rsa:3072, rsa:4096 or p256
    #[arg(long, value_name = "KIND", default_value = "p256", value_parser = parse_key_kind)]
    pub new_key: KeyKind,
}

/// Why no request satisfies the server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unsatisfied {
    /// What the server wishes cannot be read.
    #[error(transparent)]
    Est(#[from] EstLibraryError),
    /// It wants the request to be linked to TLS.
    #[error("the server wants requests to be linked to TLS: use --pop")]
    Unlinked,
    /// It leaves something to the device that was not said.
    #[error("{}", .0.iter().map(Undecided::to_string).collect::<Vec<_>>().join("; "))]
    Open(Vec<Undecided>),
}

impl Wanted {
    /// The parameters of a request for it.
    #[must_use]
    pub fn params(&self) -> CsrParams {
        let mut params = CsrParams::new(self.subject.clone());
        params.subject_alt_name = self.alt_names.to_general_names();
        params
    }

    /// The parameters of a request that satisfies the server, too.
    ///
    /// # Errors
    /// What is in the way.
    pub fn satisfying(
        &self,
        attrs: Option<&CsrAttrs>,
        endpoint: &Endpoint,
        key: &PublicKey,
        linking: Linking,
    ) -> Result<CsrParams, Unsatisfied> {
        let Some(attrs) = attrs else { return Ok(self.params()) };
        let mut plan = attrs.plan(&endpoint.tolerance, &endpoint.limits)?;
        if plan.linking.is_some() && matches!(linking, Linking::Off) {
            return Err(Unsatisfied::Unlinked);
        }
        plan.subject(&self.subject);
        plan.params.subject_alt_name.extend(self.alt_names.to_general_names());
        plan.finish(key).map_err(Unsatisfied::Open)
    }
}
