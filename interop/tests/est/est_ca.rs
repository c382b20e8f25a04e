//! Our client against the EST server of the crate `est-ca` 0.2.0.
//!
//! * It decodes base64 without line breaks only, takes whatever is not that for DER, and says 400.
//! * Its certificates bear the user's name, whatever the request asks for; names to certify too are
//!   left out.
//! * It has neither `/csrattrs` (404) nor `/serverkeygen`.

use std::path::{Path, PathBuf};

use devicecert_interop::peer::{EST_CA, built};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Running, Tool, program};

use crate::ours::{PASSWORD, USER, serial};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&EST_CA, "a_life", "our client enrols and renews", a_life),
        case(&EST_CA, "line_breaks", "our client is told 400 if it wraps its request", line_breaks),
        case(&EST_CA, "wrong_password", "our client is refused (403)", wrong_password),
        case(&EST_CA, "custom_est", "deliver gets a certificate for a Linux host", custom_est),
        case(&EST_CA, "other_ca", "our client does not trust another CA's server", other_ca),
    ]
}

struct EstCa {
    url: String,
    dir: PathBuf,
    _running: Running,
}

impl EstCa {
    fn start(lab: &Lab, name: &str) -> Outcome<Self> {
        let dir = lab.folder(name)?;
        let server = Tool::new(built("est-ca-server")).named(name).arg(&dir);
        let mut running = server.args([USER, PASSWORD]).start(lab)?;
        let url = running.until(30, |log| {
            let line = log.lines().find_map(|line| line.strip_prefix("listening on "))?;
            Some(line.trim_end_matches('/').to_owned())
        })?;
        Ok(Self { url, dir, _running: running })
    }

    fn client(&self, lab: &Lab, out: &str) -> Outcome<Tool> {
        Ok(Tool::new(program("est-client")?)
            .option("--url", &self.url)
            .option("--explicit-ta", self.dir.join("ca.pem"))
            .option("--out", lab.path(out)))
    }
}

fn a_life(lab: &Lab) -> Outcome {
    let server = EstCa::start(lab, "server")?;
    server.client(lab, "one")?.arg("cacerts").run(lab)?.ok()?;
    let (one, two) = (lab.path("one"), lab.path("two"));
    let ca = server.dir.join("ca.pem");
    if serial(lab, &one.join("ca.pem"))? != serial(lab, &ca)? {
        return Err("another CA certificate".into());
    }
    server
        .client(lab, "one")?
        .args(["--user", USER, "--password", PASSWORD, "--lines", "bare"])
        .args(["enroll", "--subject", "CN=whatever"])
        .run(lab)?
        .ok()?
        .says("CN=device")?;
    server
        .client(lab, "two")?
        .option("--cert", one.join("device.pem"))
        .option("--key", one.join("device.key"))
        .args(["--lines", "bare", "reenroll"])
        .run(lab)?
        .ok()?;
    for folder in [&one, &two] {
        Tool::new("openssl")
            .args(["verify", "-purpose", "sslclient"])
            .option("-CAfile", &ca)
            .arg(folder.join("device.pem"))
            .run(lab)?
            .ok()?;
    }
    match serial(lab, &one.join("device.pem"))? == serial(lab, &two.join("device.pem"))? {
        true => Err("the old certificate again".into()),
        false => Ok(()),
    }
}

fn line_breaks(lab: &Lab) -> Outcome {
    let server = EstCa::start(lab, "server")?;
    server
        .client(lab, "one")?
        .args(["--user", USER, "--password", PASSWORD])
        .args(["enroll", "--subject", "CN=whatever"])
        .run(lab)?
        .exits(3)?
        .says("HTTP status 400")?
        .says("try --lines bare")?;
    Ok(())
}

fn wrong_password(lab: &Lab) -> Outcome {
    let server = EstCa::start(lab, "server")?;
    server
        .client(lab, "one")?
        .args(["--user", USER, "--password", "battery-staple", "--lines", "bare"])
        .args(["enroll", "--subject", "CN=whatever"])
        .run(lab)?
        .exits(3)?
        .says("HTTP status 403")?;
    Ok(())
}

fn other_ca(lab: &Lab) -> Outcome {
    let (server, other) = (EstCa::start(lab, "server")?, EstCa::start(lab, "other")?);
    Tool::new(program("est-client")?)
        .option("--url", &server.url)
        .option("--explicit-ta", other.dir.join("ca.pem"))
        .option("--out", lab.path("one"))
        .args(["--user", USER, "--password", PASSWORD, "--lines", "bare"])
        .args(["enroll", "--subject", "CN=whatever"])
        .run(lab)?
        .exits(1)?
        .says("BadSignature")?;
    Ok(())
}

/// Fleet itself would be told 400: it breaks requests into lines.
fn custom_est(lab: &Lab) -> Outcome {
    let server = EstCa::start(lab, "server")?;
    lab.write("password", format!("{PASSWORD}\n"))?;
    let ca = server.dir.join("ca.pem");
    let config = |lines: &str| {
        format!(
            "ca-roots = {ca:?}\n[custom-est.LAB]\nurl = \"{}/.well-known/est\"\nusername = \
             \"{USER}\"\npassword-file = \"password\"\n{lines}",
            server.url
        )
    };
    let deliver = |config: &Path| -> Outcome<Tool> {
        let out = lab.path("delivered");
        let tool = Tool::new(program("deliver")?).option("--config", config).option("--out", out);
        Ok(tool.args(["--serial", "LAB1"]))
    };
    let fleet = lab.write("fleet.toml", config(""))?;
    let refused = deliver(&fleet)?.run(lab)?.exits(1)?;
    refused.says("400")?;
    let bare = lab.write("bare.toml", config("lines = \"bare\"\n"))?;
    deliver(&bare)?.run(lab)?.ok()?;
    Tool::new("openssl")
        .args(["verify", "-purpose", "sslclient"])
        .option("-CAfile", &ca)
        .arg(lab.path("delivered").join("LAB1/custom-est-LAB/device.pem"))
        .run(lab)?
        .ok()?;
    Ok(())
}
