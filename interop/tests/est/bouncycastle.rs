//! BouncyCastle's EST client 1.72 against our server; `interop/java/Est.java` drives it.
//!
//! * It decodes base64 only where Content-Transfer-Encoding says so.
//! * It gives up on a 401 that has a body, and answers for one realm only.
//! * It sends no User-Agent.

use std::path::Path;

use devicecert_interop::peer::BOUNCYCASTLE;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::ours::{PASSWORD, Server, USER, check, pem};

pub(crate) fn cases() -> Vec<Case> {
    vec![case(
        &BOUNCYCASTLE,
        "every_operation",
        "our server: cacerts, csrattrs, simpleenroll, serverkeygen",
        every_operation,
    )]
}

const JARS: &str =
    "/usr/share/java/bcpkix.jar:/usr/share/java/bcprov.jar:/usr/share/java/bcutil.jar";

fn every_operation(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &["--want-key", "p256"])?;
    let (key, csr) = (lab.path("key.pem"), lab.path("csr.der"));
    Tool::new("openssl")
        .args(["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
        .args(["-subj", "/O=Acme/CN=bc-1", "-outform", "DER"])
        .option("-keyout", &key)
        .option("-out", &csr)
        .run(lab)?
        .ok()?;
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("java/Est.java");
    let issued = lab.path("issued.der");
    Tool::new("java")
        .option("-cp", JARS)
        .arg(driver)
        .arg(&server.authority)
        .arg(server.ca())
        .args([USER, PASSWORD, "devicecert"])
        .arg(&csr)
        .arg(&issued)
        .run(lab)?
        .ok()?
        .says("cacerts: O=devicecert,CN=devicecert example CA")?
        // id-ecPublicKey
        .says("csrattrs: [1.2.840.10045.2.1]")?
        .says("enrolled: true")?
        .says("serverkeygen: 1.2.840.10045.2.1")?;
    check(lab, &server, &pem(lab, &issued)?, &key)
}
