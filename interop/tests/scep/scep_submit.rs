//! certmonger's SCEP helper alone, `scep-submit`, against our server.
//!
//! It carries messages and checks replies; it neither makes nor opens them. The daemon makes them
//! (they are in its log) and would poll with them, but only hours later: so we poll in its place.

use devicecert_interop::peer::CERTMONGER;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::certmonger::Daemon;
use crate::check;
use crate::ours::{CHALLENGE, Server};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&CERTMONGER, "submit_capabilities", "scep-submit reads GetCACaps", capabilities),
        case(&CERTMONGER, "submit_ca", "scep-submit reads GetCACert, CA", |lab| {
            certificates(lab, &[], 1)
        }),
        case(&CERTMONGER, "submit_ca_ra", "scep-submit reads GetCACert, RA and CA", |lab| {
            certificates(lab, &["--ra"], 2)
        }),
        case(&CERTMONGER, "submit_pending", "our server defers, then issues (CertPoll)", |lab| {
            pending(lab, &[])
        }),
        case(&CERTMONGER, "submit_pending_ra", "our RA defers, then issues (CertPoll)", |lab| {
            pending(lab, &["--ra"])
        }),
    ]
}

fn submit(server: &Server) -> Tool {
    Tool::new("scep-submit").option("-u", &server.url)
}

fn capabilities(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let mut done = submit(&server).arg("-c").run(lab)?.ok()?;
    for keyword in ["AES", "POSTPKIOperation", "Renewal", "SHA-256", "SHA-384", "SCEPStandard"] {
        done = done.says(keyword)?;
    }
    Ok(())
}

fn certificates(lab: &Lab, options: &[&str], count: usize) -> Outcome {
    let server = Server::start(lab, options)?;
    let text = submit(&server).arg("-C").run(lab)?.ok()?.text();
    let found = text.matches("BEGIN CERTIFICATE").count();
    // A lone CA certificate is both the CA's and the RA's to certmonger, so it may print it twice.
    if found < count {
        return Err(format!("{found} certificates\n{text}").into());
    }
    let ca = std::fs::read_to_string(server.ca())?;
    let body: String = ca.lines().filter(|line| !line.starts_with('-')).collect();
    if !text.split_whitespace().collect::<String>().contains(&body) {
        return Err(format!("the CA certificate is not among them\n{text}").into());
    }
    Ok(())
}

fn pending(lab: &Lab, options: &[&str]) -> Outcome {
    let mut server = Server::start(lab, &[&["--approve", "manual"], options].concat())?;
    let mut daemon = Daemon::start(lab, &server)?;
    daemon.request(CHALLENGE)?.run(lab)?.ok()?;
    daemon.until(&["list", "-i", "req1"], "CA_WORKING")?;
    let request = lab.write("request.pem", daemon.handed("CERTMONGER_PKCSREQ")?)?;
    let poll = lab.write("poll.pem", daemon.handed("CERTMONGER_GETCERTINITIAL")?)?;
    let key = daemon.key();
    drop(daemon);

    let ra = server.dir.join("ra.pem");
    let signer = if ra.exists() { ra } else { server.ca() };
    let carry =
        |server: &Server| submit(server).option("-r", &signer).option("-N", server.ca()).limit(60);
    // 1: pending, for the poll as for the request again.
    carry(&server).option("-g", &poll).run(lab)?.exits(1)?;
    carry(&server).option("-p", &request).run(lab)?.exits(1)?;
    server.approve_next(lab)?;
    let polled = carry(&server).option("-g", &poll).run(lab)?.ok()?.stdout;
    let certificate = opened(lab, "polled", &polled, &key)?;
    check::issued_by(lab, &server, &certificate, &key)?;

    // The first request once more, as from a device that did not hear the answer.
    let again = carry(&server).option("-p", &request).run(lab)?.ok()?.stdout;
    let again = opened(lab, "again", &again, &key)?;
    if std::fs::read(certificate)? != std::fs::read(again)? {
        return Err("one transaction got two certificates".into());
    }
    Ok(())
}

/// Opens the EnvelopedData that `scep-submit` prints; returns the first certificate in it.
fn opened(lab: &Lab, name: &str, pem: &[u8], key: &std::path::Path) -> Outcome<std::path::PathBuf> {
    let envelope = lab.write(&format!("{name}.env.pem"), pem)?;
    let inner = lab.path(&format!("{name}.p7"));
    Tool::new("openssl")
        .args(["smime", "-decrypt", "-binary", "-inform", "PEM"])
        .option("-in", &envelope)
        .option("-inkey", key)
        .option("-out", &inner)
        .run(lab)?
        .ok()?;
    let list = Tool::new("openssl").args(["pkcs7", "-inform", "DER", "-print_certs"]);
    let list = list.option("-in", &inner).run(lab)?.ok()?.stdout;
    // `openssl x509` reads the first certificate and leaves the rest.
    lab.write(&format!("{name}.pem"), list)
}
