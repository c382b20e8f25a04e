//! Alternative names on the command line.

use devicecert::pki::GeneralName;

/// The alternative names to certify.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct AltNames {
    /// A DNS name to certify; may be given several times
    #[arg(long, value_name = "NAME")]
    dns: Vec<String>,
    /// A mail address to certify; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    email: Vec<String>,
    /// A user principal name to certify; may be given several times
    #[arg(long, value_name = "NAME")]
    upn: Vec<String>,
}

impl AltNames {
    /// The names as they stand in requests and certificates.
    #[must_use]
    pub fn to_general_names(&self) -> Vec<GeneralName> {
        let dns = self.dns.iter().cloned().map(GeneralName::Dns);
        let email = self.email.iter().cloned().map(GeneralName::Email);
        let upn = self.upn.iter().cloned().map(GeneralName::Upn);
        dns.chain(email).chain(upn).collect()
    }
}
