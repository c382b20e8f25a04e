//! What a certificate must be, said by OpenSSL.

use std::path::{Path, PathBuf};

use devicecert_interop::{Lab, Outcome, Tool};

use crate::ours::{Device, Server};

/// Requires that the certificate was issued by the CA and is for the key.
pub(crate) fn issued(lab: &Lab, ca: &Path, certificate: &Path, key: &Path) -> Outcome {
    let verify = Tool::new("openssl").arg("verify").option("-CAfile", ca).arg(certificate);
    verify.run(lab)?.ok()?;
    let of_certificate = x509(certificate).args(["-noout", "-pubkey"]).run(lab)?.ok()?.stdout;
    let pkey = Tool::new("openssl").arg("pkey").option("-in", key).arg("-pubout");
    let of_key = pkey.run(lab)?.ok()?.stdout;
    if of_certificate != of_key {
        return Err("the certificate is for another key".into());
    }
    Ok(())
}

/// The same for a certificate of our own server, which must also pass OpenSSL's strict checks and
/// be remembered by the server.
pub(crate) fn issued_by(lab: &Lab, server: &Server, certificate: &Path, key: &Path) -> Outcome {
    issued(lab, &server.ca(), certificate, key)?;
    Tool::new("openssl")
        .args(["verify", "-x509_strict", "-purpose", "sslclient"])
        .option("-CAfile", server.ca())
        .arg(certificate)
        .run(lab)?
        .ok()?;
    let wanted = serial(lab, certificate)?;
    let known = server.issued()?.into_iter().any(|path| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_uppercase();
        stem.trim_start_matches('0') == wanted.trim_start_matches('0')
    });
    if !known {
        return Err(format!("the server does not remember certificate {wanted}").into());
    }
    server.keeps_the_challenge_to_itself()
}

/// Requires that `new` is another certificate than `old`.
pub(crate) fn renewed(lab: &Lab, old: &Path, new: &Path) -> Outcome {
    if serial(lab, old)? == serial(lab, new)? {
        return Err("the renewed certificate has the old serial number".into());
    }
    Ok(())
}

/// Requires that our device holds what this CA issued.
pub(crate) fn device(lab: &Lab, ca: &Path, device: &Device) -> Outcome {
    issued(lab, ca, &device.certificate, &device.key)
}

/// Requires these words in OpenSSL's text form of the certificate.
pub(crate) fn says(lab: &Lab, certificate: &Path, words: &[&str]) -> Outcome {
    let mut text = x509(certificate).args(["-noout", "-text"]).run(lab)?.ok()?;
    for word in words {
        text = text.says(word)?;
    }
    Ok(())
}

/// The serial number in upper-case hexadecimal.
pub(crate) fn serial(lab: &Lab, certificate: &Path) -> Outcome<String> {
    let text = x509(certificate).args(["-noout", "-serial"]).run(lab)?.ok()?.text();
    Ok(text.trim().trim_start_matches("serial=").to_owned())
}

/// The SHA-256 fingerprint in lower-case hexadecimal without colons.
pub(crate) fn fingerprint(lab: &Lab, certificate: &Path, digest: &str) -> Outcome<String> {
    let options = ["-noout", "-fingerprint", &format!("-{digest}")];
    let text = x509(certificate).args(options).run(lab)?.ok()?.text();
    let (_, value) = text.trim().rsplit_once('=').ok_or("no fingerprint")?;
    Ok(value.replace(':', "").to_lowercase())
}

/// Writes a DER certificate as PEM.
pub(crate) fn pem(lab: &Lab, der: &Path) -> Outcome<PathBuf> {
    let path = der.with_extension("pem");
    let convert = Tool::new("openssl").args(["x509", "-inform", "DER"]);
    convert.option("-in", der).option("-out", &path).run(lab)?.ok()?;
    Ok(path)
}

fn x509(certificate: &Path) -> Tool {
    Tool::new("openssl").arg("x509").option("-in", certificate)
}
