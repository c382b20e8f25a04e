//! The profiles of Fleet's guide, in our words, for the CAs that are configured.

use std::path::Path;

use devicecert::Error;
use devicecert::delivery::Authorities;
use devicecert::fleet::{Check, Destination, Finding, Rules, Severity, Template};
use devicecert::identity::Subject;
use devicecert::product::fleet::{CertificateAuthority, CertificateProfile};
use devicecert::scep::Fingerprint;
use devicecert::syncml::Write;

use crate::files::{self, FileError};
use crate::keys::Backend;

/// A profile with variables.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What it is called, as a file. No two of [`samples`] have the same name: kind and name of the
    /// CA are in it.
    pub name: String,
    /// The name of its CA.
    pub ca: String,
    /// Where it goes.
    pub destination: Destination,
    /// The text that an administrator uploads.
    pub text: String,
}

/// The profiles of the guide for these CAs. `ca` is the certificate of the SCEP CA by which devices
/// know it, which Windows needs.
///
/// # Errors
/// None for names that [`Authorities`] took.
pub fn samples(
    authorities: &Authorities,
    ca: Option<&Fingerprint>,
    backend: Backend,
) -> Result<Vec<Sample>, Error> {
    let server = authorities.to_server();
    let mut all = Vec::new();
    let mut apple = |name: &str, ca_name: &str, authority| -> Result<(), Error> {
        let profile = CertificateProfile::new(format!("com.example.{name}"), authority);
        let written = profile.identity()?.to_mobileconfig(backend.provider())?;
        all.push(Sample {
            name: format!("{name}.mobileconfig"),
            ca: ca_name.to_owned(),
            destination: Destination::AppleProfile,
            text: written.output.to_xml()?,
        });
        Ok(())
    };
    for ca in &server.digicert {
        apple(&format!("digicert-{ca}"), ca, CertificateAuthority::DigiCert(ca.clone()))?;
    }
    if server.ndes {
        apple("ndes", "NDES", CertificateAuthority::Ndes)?;
    }
    for ca in &server.smallstep {
        apple(&format!("smallstep-{ca}"), ca, CertificateAuthority::Smallstep(ca.clone()))?;
    }
    for ca in &server.custom_scep {
        apple(&format!("custom-scep-{ca}"), ca, CertificateAuthority::CustomScepProxy(ca.clone()))?;
    }
    let Some(ca) = ca else { return Ok(all) };
    let mut windows = |name: &str, ca_name: &str, authority| -> Result<(), Error> {
        let mut profile = CertificateProfile::new(name, authority);
        profile.subject = Subject::new().with("CN", "$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID");
        profile.ca = Some(ca.to_string());
        let written = profile.identity()?.to_syncml(Write::Add, backend.provider())?;
        all.push(Sample {
            name: format!("{name}.xml"),
            ca: ca_name.to_owned(),
            destination: Destination::WindowsProfile,
            text: written.output.to_xml(),
        });
        Ok(())
    };
    for ca in &server.custom_scep {
        windows(
            &format!("custom-scep-{ca}"),
            ca,
            CertificateAuthority::CustomScepProxy(ca.clone()),
        )?;
    }
    if server.ndes {
        windows("ndes", "NDES", CertificateAuthority::Ndes)?;
    }
    Ok(all)
}

impl Sample {
    /// What Fleet would refuse it for when it is uploaded.
    #[must_use]
    pub fn refused(&self, authorities: &Authorities, rules: Rules) -> Vec<Finding> {
        let server = authorities.to_server();
        let findings = Check::new(&server, rules).name(&self.name);
        let findings = findings.run(self.text.as_bytes(), self.destination);
        findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect()
    }

    /// The profile, compiled.
    ///
    /// # Errors
    /// [`Error::Fleet`] for one that Fleet would refuse.
    pub fn template(&self) -> Result<Template, Error> {
        Ok(Template::compile(&self.text, self.destination)?)
    }
}

/// A profile of one's own. The CA is that of its first variable of one.
///
/// # Errors
/// Names the file.
pub fn of_file(path: &Path) -> Result<Sample, FileError> {
    use devicecert::fleet::{Variable, occurrences};
    let text = files::read_text(path)?;
    let destination = match text.contains("<plist") {
        true => Destination::AppleProfile,
        false => Destination::WindowsProfile,
    };
    let ca = occurrences(&text).find_map(|found| match found.variable {
        Variable::OfCa(_, name) => Some(name),
        _ => None,
    });
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Sample {
        name: name.unwrap_or_default(),
        ca: ca.unwrap_or_else(|| "NDES".to_owned()),
        destination,
        text,
    })
}
