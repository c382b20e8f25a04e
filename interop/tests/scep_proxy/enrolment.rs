//! Whole enrolments through the proxy: devices and CAs that this project did not write, and its own.

use std::path::{Path, PathBuf};

use devicecert_interop::peer::{NONE, SCEPCLIENT_BEFORE_PROXY, SCEPSERVER_BEHIND_PROXY};
use devicecert_interop::scepserver::Scepserver;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Postgres, Running, Tool, program};

use crate::ours::{Proxy, add, config, init, passcode};

/// What the CA wants in the request, and the proxy never sees.
const CHALLENGE: &str = "correct-horse";

pub(crate) fn cases() -> Vec<Case> {
    let server = &SCEPSERVER_BEHIND_PROXY;
    let client = &SCEPCLIENT_BEFORE_PROXY;
    vec![
        case(server, "enrol", "our client, our proxy, scepserver: a certificate, once", scepserver),
        case(client, "enrol", "scepclient, our proxy, our server: a certificate, once", scepclient),
        case(&NONE, "enrol", "our client and server, POST, GET and pkiclient.exe", ours),
    ]
}

/// Our SCEP server, on a free port.
pub(crate) fn scep_server(lab: &Lab, options: &[&str]) -> Outcome<(Running, String)> {
    let tool = Tool::new(program("scep-server")?)
        .args(["--listen", "127.0.0.1:0", "--challenge", CHALLENGE])
        .option("--dir", lab.path("ca"));
    let mut running = tool.args(options).start(lab)?;
    let url = running.until(60, |log| {
        log.lines().find_map(|line| line.strip_prefix("listening on ")).map(str::to_owned)
    })?;
    Ok((running, url))
}

/// Our client as a device that asks for `CN=laptop-7`.
pub(crate) fn scep_client(lab: &Lab, tool: Tool, url: &str, out: &str) -> Tool {
    tool.args(["--url", url, "--challenge", CHALLENGE, "--subject", "CN=laptop-7"])
        .option("--out", lab.path(out))
}

/// Requires that OpenSSL takes the certificate for one of the CA.
pub(crate) fn verify(lab: &Lab, ca: &Path, certificate: PathBuf) -> Outcome {
    let verify = Tool::new("openssl").arg("verify").option("-CAfile", ca).arg(certificate);
    verify.run(lab)?.ok()?;
    Ok(())
}

fn ours(lab: &Lab) -> Outcome {
    let (_server, ca) = scep_server(lab, &[])?;
    let config = config(lab, &ca, "")?;
    let devices = ["1,a1,WIFI", "2,a2,WIFI", "3,w3,WIFI"];
    let proxy = Proxy::in_memory(lab, &config, &devices)?;
    for (path, suffix, options) in
        [(0, "", &[][..]), (1, "", &["--get"]), (2, "/pkiclient.exe", &[])]
    {
        let url = format!("{}{suffix}", proxy.url(&proxy.paths[path]));
        let out = format!("device-{path}");
        let client = || -> Outcome<Tool> {
            Ok(scep_client(lab, Tool::new(program("scep-client")?), &url, &out).args(options))
        };
        client()?.run(lab)?.ok()?;
        verify(lab, &lab.path("ca/ca.pem"), lab.path(&out).join("device.pem"))?;
        client()?.run(lab)?.exits(1)?.says("400")?;
        proxy.keeps_to_itself(passcode(&proxy.paths[path]))?;
    }
    proxy.keeps_to_itself(CHALLENGE)
}

fn scepclient(lab: &Lab) -> Outcome {
    let database = Postgres::start(lab)?;
    init(lab, &database)?;
    let (_server, ca) = scep_server(lab, &["--allow-legacy"])?;
    let config = config(lab, &ca, "")?;
    let proxy = Proxy::on(lab, &config, &database)?;
    let path = add(lab, &config, &database, "1,a1,WIFI")?;
    let device = |folder: &Path| {
        Tool::new("scepclient")
            .args(["-server-url", &proxy.url(&path), "-challenge", CHALLENGE, "-cn", "dev-1"])
            .args(["-private-key", "key.pem", "-certificate", "cert.pem"])
            .dir(folder)
    };
    let folder = lab.folder("device")?;
    device(&folder).run(lab)?.ok()?;
    verify(lab, &lab.path("ca/ca.pem"), folder.join("cert.pem"))?;
    let again = lab.folder("again")?;
    device(&again).run(lab)?.exits(1)?.says("custom scep challenge failed")?;
    Ok(())
}

fn scepserver(lab: &Lab) -> Outcome {
    let server = Scepserver::start(lab, CHALLENGE)?;
    let database = Postgres::start(lab)?;
    init(lab, &database)?;
    let config = config(lab, Scepserver::URL, "")?;
    let proxy = Proxy::within(&server.netns, lab, &config, &database)?;
    let path = add(lab, &config, &database, "1,a1,WIFI")?;
    let client = |out: &str| -> Outcome<Tool> {
        let client = program("scep-client")?;
        let tool = server.netns.tool(client.to_str().ok_or("the path is not UTF-8")?);
        Ok(scep_client(lab, tool, &proxy.url(&path), out).arg("--allow-legacy"))
    };
    client("device")?.run(lab)?.ok()?;
    verify(lab, &server.ca, lab.path("device/device.pem"))?;
    client("again")?.run(lab)?.exits(1)?.says("400")?;
    let state = "select status is null from scep_proxy.profiles";
    match &*database.sql(lab, state)? {
        "t" => Ok(()),
        other => Err(format!("{state}: {other}").into()),
    }
}
