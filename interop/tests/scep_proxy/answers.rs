//! What a device is told, octet for octet, by a proxy with its store in memory.

use std::time::Duration;

use devicecert_interop::peer::NONE;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome};

use crate::http::ask;
use crate::ours::{Proxy, config, passcode};
use crate::upstream::{Say, Upstream};

const APPLE: &str = "6C3E1A,a4CD1BD65,WIFI";
const MESSAGE: &[u8] = &[0x30, 0x03, 0xfb, 0xef, 0xbe];
/// What everybody is told for whom it is none of his business.
const GENERIC: &str = "Internal Server Error";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&NONE, "refusals", "Fleet's answers to what is no request", refusals),
        case(&NONE, "passcode_once", "a passcode is used once, a GetCACert uses none", once),
        case(&NONE, "get_with_plus", "a literal + in a GET is kept, %2B is one too", plus),
        case(&NONE, "pkiclient_exe", "Windows' suffix does not reach the CA", suffix),
        case(&NONE, "long_body", "a body is cut at 2 MiB, and the rest read", long_body),
        case(&NONE, "ca_fails", "what a CA that fails costs: HTTP 500 or 408", ca_fails),
        case(&NONE, "term", "SIGTERM: the request under way is answered, no other", term),
    ]
}

fn start(lab: &Lab, say: Say) -> Outcome<(Proxy, Upstream)> {
    let upstream = Upstream::start(say)?;
    let config = config(lab, &upstream.url, "upstream-seconds = 2")?;
    Ok((Proxy::in_memory(lab, &config, &[APPLE])?, upstream))
}

fn refusals(lab: &Lab) -> Outcome {
    let (proxy, upstream) = start(lab, Say::Echo)?;
    let path = &proxy.paths[0];
    let base = "/mdm/scep/proxy/";
    let invalid = "invalid profile UUID (only Apple, Windows, and Android config profiles are \
                   supported): bozo";
    for (path, query, text) in [
        (&*format!("{base}bozo"), "operation=GetCACaps", "invalid identifier in URL path"),
        (&*format!("{base}host%2Cbozo"), "operation=GetCACaps", invalid),
        (
            &*format!("{base}host%2Caunknown"),
            "operation=GetCACaps",
            "unknown identifier in URL path",
        ),
        (path, "", "missing operation"),
        (path, "operation=PKIOperation&message=", "missing PKIOperation message"),
    ] {
        proxy.get(path, query)?.is(400, text)?;
    }
    ask(&proxy.address, "GET", "/", b"")?.is(404, "404 page not found")?;
    match ask(&proxy.address, "PUT", path, b"")?.status {
        405 => {}
        other => return Err(format!("PUT: {other}").into()),
    }
    match upstream.operations().len() {
        0 => Ok(()),
        _ => Err("the CA was asked".into()),
    }
}

fn once(lab: &Lab) -> Outcome {
    let (proxy, upstream) = start(lab, Say::Echo)?;
    let path = &proxy.paths[0];
    proxy
        .get(path, "operation=GetCACert")?
        .brings("application/x-x509-ca-cert", b"a certificate")?;
    proxy.get(path, "operation=GetCACaps")?.brings("text/plain", b"POSTPKIOperation\nSHA-256\n")?;
    let reply = [b"reply to ", MESSAGE].concat();
    proxy.post(path, MESSAGE)?.brings("application/x-pki-message", &reply)?;
    // The store has marked the profile to be sent again with the failure: what comes after it is
    // not even looked at.
    proxy.post(path, MESSAGE)?.is(400, "custom scep challenge failed")?;
    let null = "profile status (null) is not 'pending' for host:6C3E1A profile:a4CD1BD65";
    proxy.post(path, MESSAGE)?.is(400, null)?;
    if upstream.operations().len() != 1 {
        return Err("the CA was asked more than once".into());
    }
    proxy.keeps_to_itself(passcode(path))
}

fn plus(lab: &Lab) -> Outcome {
    let upstream = Upstream::start(Say::Echo)?;
    let config = config(lab, &upstream.url, "")?;
    let devices = ["1,a1,WIFI", "2,a2,WIFI"];
    let proxy = Proxy::in_memory(lab, &config, &devices)?;
    let message = [0x30, 0x03, 0xfb, 0xef, 0xbe, 0xbe];
    let reply = [&b"reply to "[..], &message].concat();
    // The way jSCEP sends it, and the way that everybody else does.
    for (path, message) in proxy.paths.iter().zip(["MAP7776+", "MAP7776%2B"]) {
        let query = format!("operation=PKIOperation&message={message}");
        proxy.get(path, &query)?.brings("application/x-pki-message", &reply)?;
    }
    Ok(())
}

fn suffix(lab: &Lab) -> Outcome {
    let upstream = Upstream::start(Say::Echo)?;
    let config = config(lab, &upstream.url, "")?;
    let proxy = Proxy::in_memory(lab, &config, &["6C3E1A,w4CD1BD65,WIFI"])?;
    let path = format!("{}/pkiclient.exe", proxy.paths[0]);
    let reply = [b"reply to ", MESSAGE].concat();
    proxy.post(&path, MESSAGE)?.brings("application/x-pki-message", &reply)?;
    let asked = upstream.operations();
    if asked[0].line != "POST /ca?tenant=7&operation=PKIOperation HTTP/1.1" {
        return Err(format!("the CA was asked: {}", asked[0].line).into());
    }
    Ok(())
}

fn long_body(lab: &Lab) -> Outcome {
    let (proxy, upstream) = start(lab, Say::Status("200 OK"))?;
    let message = vec![0x30; 3 << 20];
    proxy
        .post(&proxy.paths[0], &message)?
        .brings("application/x-pki-message", b"the CA's own words")?;
    match upstream.operations()[0].body.len() {
        0x20_0000 => Ok(()),
        other => Err(format!("the CA got {other} bytes").into()),
    }
}

fn ca_fails(lab: &Lab) -> Outcome {
    let upstream = Upstream::start(Say::Echo)?;
    let devices = ["1,a1,WIFI", "2,a2,WIFI", "3,a3,WIFI"];
    let limits = config(lab, &upstream.url, "upstream-seconds = 1")?;
    let proxy = Proxy::in_memory(lab, &limits, &devices)?;
    let late = Say::Late(Duration::from_secs(5));
    for (path, say, status, text) in [
        (&proxy.paths[0], Say::Status("503 Service Unavailable"), 500, GENERIC),
        (&proxy.paths[1], late, 408, "request timed out"),
        (&proxy.paths[2], Say::Bytes((2 << 20) + 1), 500, GENERIC),
    ] {
        upstream.says(say);
        proxy.post(path, MESSAGE)?.is(status, text)?;
    }
    // Nobody listens on this port, and this name is reserved for being unknown.
    for url in ["http://127.0.0.1:1/", "http://ca.invalid/"] {
        let config = config(lab, url, "")?;
        let proxy = Proxy::in_memory(lab, &config, &[APPLE])?;
        proxy.post(&proxy.paths[0], MESSAGE)?.is(500, GENERIC)?;
    }
    // By the guide a device is told what the CA said.
    let guide = config(lab, &upstream.url, "rules = \"guide\"")?;
    upstream.says(Say::Status("503 Service Unavailable"));
    let proxy = Proxy::in_memory(lab, &guide, &[APPLE])?;
    let text = "http request failed with status 503 Service Unavailable, msg: the CA's own words";
    proxy.post(&proxy.paths[0], MESSAGE)?.is(500, text)
}

fn term(lab: &Lab) -> Outcome {
    let (mut proxy, upstream) = start(lab, Say::Late(Duration::from_secs(1)))?;
    let target = format!("{}?operation=PKIOperation", proxy.paths[0]);
    let under_way = crate::http::begin(&proxy.address, "POST", &target, MESSAGE)?;
    let idle = std::net::TcpStream::connect(&proxy.address)?;
    proxy.running.until(30, |_| (!upstream.operations().is_empty()).then_some(()))?;
    proxy.running.signal("TERM")?;
    let reply = [b"reply to ", MESSAGE].concat();
    crate::http::finish(under_way)?.brings("application/x-pki-message", &reply)?;
    if !proxy.running.ends_within(30)? {
        return Err("the proxy did not end".into());
    }
    drop(idle);
    match ask(&proxy.address, "GET", "/", b"") {
        Ok(answer) => Err(format!("answered after its end: {answer:?}").into()),
        Err(_) => Ok(()),
    }
}
