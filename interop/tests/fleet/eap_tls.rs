//! What `deliver` leaves on a device gets it into a network: FreeRADIUS, by EAP-TLS.

use std::fs;
use std::path::{Path, PathBuf};

use devicecert_interop::peer::FREERADIUS;
use devicecert_interop::radius::{Radius, Shown, TlsVersion};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool, program};

/// Where `deliver` installs what came by NDES and by DigiCert on a Mac.
const NDES: &str = "ndes.mobileconfig/com.example.ndes.scep";
const DIGICERT: &str = "digicert-CORP.mobileconfig/com.example.digicert-CORP.pkcs12";

const BOTH: [TlsVersion; 2] = [TlsVersion::V1_2, TlsVersion::V1_3];

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&FREERADIUS, "delivered", "admits what deliver installed, TLS 1.2 and 1.3", delivered),
        case(&FREERADIUS, "delivered_pkcs12", "admits a delivered PKCS #12 file", pkcs12),
        case(&FREERADIUS, "delivered_expired", "refuses it when it has expired", expired),
        case(&FREERADIUS, "delivered_other_ca", "refuses one of another CA", other_ca),
    ]
}

/// The folders of a host that every profile was delivered to.
struct Delivered {
    cas: PathBuf,
    host: PathBuf,
}

impl Delivered {
    fn new(lab: &Lab) -> Outcome<Self> {
        let out = lab.path("delivered");
        let deliver = Tool::new(program("deliver")?).option("--out", &out);
        deliver.args(["--serial", "C02EAP"]).run(lab)?.ok()?;
        Ok(Self { cas: out.join("cas"), host: out.join("C02EAP") })
    }

    fn ca(&self, name: &str) -> PathBuf {
        self.cas.join(name).with_extension("pem")
    }

    fn pem(&self, profile: &str) -> Pem {
        let folder = self.host.join(profile);
        Pem { certificate: folder.join("device.pem"), key: folder.join("device.key") }
    }
}

struct Pem {
    certificate: PathBuf,
    key: PathBuf,
}

impl Pem {
    fn shown(&self) -> Shown<'_> {
        Shown::Pem { certificate: &self.certificate, key: &self.key }
    }
}

/// Those of NDES, Smallstep and a SCEP CA, which are one CA here, on Apple and Windows; and Linux.
fn delivered(lab: &Lab) -> Outcome {
    let delivered = Delivered::new(lab)?;
    let of_scep = [
        NDES,
        "smallstep-STEP.mobileconfig/com.example.smallstep-STEP.scep",
        "custom-scep-WIFI.mobileconfig/com.example.custom-scep-WIFI.scep",
        "ndes.xml",
        "custom-scep-WIFI.xml",
    ];
    let of = |ca: &str, profiles: &[&str]| -> Outcome {
        for version in BOTH {
            let radius = Radius::new(lab, &delivered.ca(ca), version)?;
            let _running = radius.start(lab, None)?;
            for profile in profiles {
                radius.admits(lab, &profile.replace('/', "."), delivered.pem(profile).shown())?;
            }
        }
        Ok(())
    };
    of("scep", &of_scep)?;
    of("est", &["hydrant-LINUX"])
}

/// As it stood in the profile: with triple DES, which macOS wants, and OpenSSL still reads.
fn pkcs12(lab: &Lab) -> Outcome {
    let delivered = Delivered::new(lab)?;
    let folder = delivered.host.join(DIGICERT);
    let password = fs::read_to_string(folder.join("identity.password"))?;
    let (file, pem) = (folder.join("identity.p12"), delivered.pem(DIGICERT));
    for version in BOTH {
        let radius = Radius::new(lab, &delivered.ca("digicert"), version)?;
        let _running = radius.start(lab, None)?;
        radius.admits(lab, "p12", Shown::Pkcs12 { file: &file, password: &password })?;
        radius.admits(lab, "pem", pem.shown())?;
    }
    Ok(())
}

fn expired(lab: &Lab) -> Outcome {
    let delivered = Delivered::new(lab)?;
    let device = delivered.pem(NDES);
    refused(lab, &delivered.ca("scep"), &device, 400, "certificate has expired")
}

fn other_ca(lab: &Lab) -> Outcome {
    let delivered = Delivered::new(lab)?;
    let device = delivered.pem(DIGICERT);
    refused(lab, &delivered.ca("scep"), &device, 0, "unable to get local issuer certificate")
}

fn refused(lab: &Lab, ca: &Path, device: &Pem, days_ahead: u32, why: &str) -> Outcome {
    for version in BOTH {
        let radius = Radius::new(lab, ca, version)?.days_ahead(days_ahead);
        let mut running = radius.start(lab, None)?;
        radius.refuses(lab, "device", device.shown())?;
        running.until(10, |log| log.contains(why).then_some(()))?;
    }
    Ok(())
}
