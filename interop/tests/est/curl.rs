//! curl, with OpenSSL for requests and answers, against our server.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use devicecert_interop::peer::CURL;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Done, Lab, Outcome, Tool};

use crate::ours::{PASSWORD, Server, USER, check, serial};

pub(crate) fn cases() -> Vec<Case> {
    let mut all = vec![
        case(&CURL, "cacerts", "our server's CA certificates", cacerts),
        case(&CURL, "csrattrs", "our server's wishes, in OpenSSL's words", csrattrs),
        case(&CURL, "reenrol", "our server renews for a TLS certificate", reenrol),
        case(&CURL, "reenrol_tls_1_2", "the same over TLS 1.2", reenrol_tls_1_2),
        case(&CURL, "nobody", "our server asks who it is (401)", nobody),
    ];
    for (name, what) in [
        ("base64", "our server issues, lines of 64"),
        ("base64_one_line", "our server issues, one line"),
        ("pem", "our server issues, request in PEM"),
        ("der", "our server issues, request in DER"),
    ] {
        all.push(case(&CURL, name, what, move |lab| enrols(lab, name)));
    }
    all
}

fn curl(server: &Server, operation: &str) -> Tool {
    Tool::new("curl")
        .args(["-sS", "--max-time", "30"])
        .option("--cacert", server.ca())
        .arg(format!("{}/.well-known/est/{operation}", server.url()))
}

/// The certificates of an answer, as PEM.
fn certificates(lab: &Lab, done: Done, name: &str) -> Outcome<PathBuf> {
    let text = String::from_utf8_lossy(&done.ok()?.stdout).into_owned();
    let pem = format!("-----BEGIN PKCS7-----\n{}\n-----END PKCS7-----\n", wrapped(&text));
    let message = lab.write(&format!("{name}.p7"), pem)?;
    let certificates = lab.path(&format!("{name}.pem"));
    Tool::new("openssl")
        .args(["pkcs7", "-print_certs"])
        .option("-in", &message)
        .option("-out", &certificates)
        .run(lab)?
        .ok()?;
    Ok(certificates)
}

fn wrapped(text: &str) -> String {
    let dense: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let lines: Vec<String> = dense.chunks(64).map(|line| line.iter().collect()).collect();
    lines.join("\n")
}

fn cacerts(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let got = certificates(lab, curl(&server, "cacerts").run(lab)?, "got")?;
    match serial(lab, &got)? == serial(lab, &server.ca())? {
        true => Ok(()),
        false => Err("another CA certificate".into()),
    }
}

fn csrattrs(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &["--require-pop", "--want-key", "p256"])?;
    let text = curl(&server, "csrattrs").run(lab)?.ok()?.text();
    let pem = format!("-----BEGIN X-----\n{}\n-----END X-----\n", wrapped(&text));
    let file = lab.write("attrs.pem", pem)?;
    let parsed = Tool::new("openssl").arg("asn1parse").option("-in", &file).run(lab)?.ok()?;
    parsed.says(":challengePassword")?.says(":id-ecPublicKey")?.says(":prime256v1")?;
    Ok(())
}

/// A key, and a request for it in this form.
fn request(lab: &Lab, name: &str, form: &str) -> Outcome<(PathBuf, PathBuf)> {
    let key = lab.path(&format!("{name}.key"));
    let file = lab.path(&format!("{name}.csr"));
    let encoding = if form == "pem" { "PEM" } else { "DER" };
    Tool::new("openssl")
        .args(["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
        .args(["-subj", "/O=Acme/CN=curl-1", "-outform", encoding])
        .option("-keyout", &key)
        .option("-out", &file)
        .run(lab)?
        .ok()?;
    if form.starts_with("base64") {
        let mut base64 = Tool::new("openssl").args(["base64", "-e"]).option("-in", &file);
        if form == "base64_one_line" {
            base64 = base64.arg("-A");
        }
        let text = base64.run(lab)?.ok()?.stdout;
        std::fs::write(&file, text)?;
    }
    Ok((key, file))
}

fn posts(server: &Server, operation: &str, file: &Path) -> Tool {
    let mut data = String::from("@");
    let _ = write!(data, "{}", file.display());
    curl(server, operation)
        .args(["-H", "Content-Type: application/pkcs10"])
        .option("--data-binary", data)
}

fn first(lab: &Lab, server: &Server, form: &str) -> Outcome<(PathBuf, PathBuf)> {
    let (key, file) = request(lab, "first", form)?;
    let tool = posts(server, "simpleenroll", &file).option("-u", format!("{USER}:{PASSWORD}"));
    let certificate = certificates(lab, tool.run(lab)?, "first")?;
    check(lab, server, &certificate, &key)?;
    Ok((certificate, key))
}

fn enrols(lab: &Lab, form: &str) -> Outcome {
    let server = Server::start(lab, &[])?;
    first(lab, &server, form).map(drop)
}

fn renews(lab: &Lab, options: &[&str]) -> Outcome {
    let server = Server::start(lab, &[])?;
    let (certificate, key) = first(lab, &server, "base64")?;
    let (new_key, file) = request(lab, "second", "base64")?;
    let tool = posts(&server, "simplereenroll", &file)
        .option("--cert", &certificate)
        .option("--key", &key)
        .args(options);
    let renewed = certificates(lab, tool.run(lab)?, "second")?;
    check(lab, &server, &renewed, &new_key)?;
    match serial(lab, &renewed)? == serial(lab, &certificate)? {
        true => Err("the old certificate again".into()),
        false => Ok(()),
    }
}

fn reenrol(lab: &Lab) -> Outcome {
    renews(lab, &[])
}

fn reenrol_tls_1_2(lab: &Lab) -> Outcome {
    renews(lab, &["--tls-max", "1.2"])
}

fn nobody(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let (_, file) = request(lab, "first", "base64")?;
    let done = posts(&server, "simpleenroll", &file).arg("-i").run(lab)?.ok()?;
    done.says("401 Unauthorized")?.says("www-authenticate: Basic realm=\"devicecert\"")?;
    Ok(())
}
