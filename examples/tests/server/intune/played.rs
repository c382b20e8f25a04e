//! Microsoft's three servers, played: who issues tokens, who knows where services are, and the
//! service that validates requests. They look at every header and octet that they get.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, SystemTime};

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{
    Certificate, CertificateParams, Extension, GeneralName, KeyKind, Signer, Time, Validity, oid,
};
use devicecert_examples::files;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub(crate) const TENANT: &str = "example.onmicrosoft.com";
pub(crate) const APP: &str = "11111111-2222-3333-4444-555555555555";
pub(crate) const SECRET: &str = "Qh8~s3cret.of_the-app";
/// What every token starts with.
pub(crate) const TOKEN: &str = "eyJ0eXAiOiJKV1Q";
pub(crate) const SUCCESS: &str = r#"{"code":"Success","errorDescription":""}"#;

const HOUR: Duration = Duration::from_secs(3600);
const PATIENCE: Duration = Duration::from_secs(30);

/// What the servers do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    GraphToken,
    IntuneToken,
    Discovery,
    Validate,
    Succeeded,
    Failed,
}

/// What goes wrong with one of them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    HangsUp,
    Says(u16),
}

/// What the servers know.
pub(crate) struct State {
    /// The hour by which tokens expire.
    pub(crate) now: Time,
    /// What was done, in order, and the bodies that came with it.
    pub(crate) done: Vec<(Act, String)>,
    /// What Intune says to a question, and to news.
    pub(crate) verdict: String,
    pub(crate) reception: String,
    pub(crate) trouble: Option<(Act, Trouble)>,
    /// What should not have been sent.
    pub(crate) wrong: Vec<String>,
    tokens: Vec<(String, &'static str, Time)>,
}

/// The servers, all at one address.
pub(crate) struct Microsoft {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
}

impl Microsoft {
    /// Starts them, and writes the certificate that vouches for them to `roots`.
    pub(crate) fn start(now: Time, roots: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let config = tls(roots);
        let state = Arc::new(Mutex::new(State {
            now,
            done: Vec::new(),
            verdict: SUCCESS.to_owned(),
            reception: SUCCESS.to_owned(),
            trouble: None,
            wrong: Vec::new(),
            tokens: Vec::new(),
        }));
        let (own, theirs) = (host.clone(), Arc::clone(&state));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (own, state, config) = (own.clone(), Arc::clone(&theirs), Arc::clone(&config));
                // A connection that breaks is its client's business.
                thread::spawn(move || drop(connection(stream, config, &own, &state)));
            }
        });
        Self { url: format!("https://{host}"), state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What was done since this was asked last.
    pub(crate) fn done(&self) -> Vec<Act> {
        self.take().into_iter().map(|(act, _)| act).collect()
    }

    /// The same with the bodies.
    pub(crate) fn take(&self) -> Vec<(Act, String)> {
        let mut state = self.state();
        assert_eq!(state.wrong, Vec::<String>::new());
        std::mem::take(&mut state.done)
    }
}

fn tls(roots: &Path) -> Arc<ServerConfig> {
    let day = Duration::from_secs(86_400);
    let validity = Validity::lasting(Time::from(SystemTime::now()).before(day), day * 30);
    let generate = || PrivateKey::generate(KeyKind::P256).unwrap();
    let (ca_key, key) = (generate(), generate());
    let name = |text: &str| text.parse().unwrap();
    let public = ca_key.public_key();
    let ca = CertificateParams::ca(name("CN=Root"), public.clone(), validity, &RustCrypto).unwrap();
    let ca: Certificate = ca.unsigned(public).unwrap().sign(&ca_key).unwrap();
    let subject = (name("CN=Microsoft"), key.public_key().clone());
    let mut params =
        CertificateParams::end_entity(&ca, subject.0, subject.1, validity, &RustCrypto).unwrap();
    let own = [GeneralName::Ip(Ipv4Addr::LOCALHOST.into())];
    params.extensions.push(Extension::subject_alt_name(&own, false).unwrap());
    params.extensions.push(Extension::extended_key_usage(&[oid::SERVER_AUTH]));
    let certificate: Certificate = params.unsigned(public).unwrap().sign(&ca_key).unwrap();
    files::write_certificates(roots, &[ca]).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivatePkcs8KeyDer::from(key.to_pkcs8_der().unwrap().expose().to_vec());
    let chain = vec![CertificateDer::from(certificate.as_der().to_vec())];
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::Pkcs8(key));
    Arc::new(config.unwrap())
}

fn connection(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    host: &str,
    state: &Mutex<State>,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let tls = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = BufReader::new(StreamOwned::new(tls, stream));
    while let Some(request) = receive(&mut stream)? {
        let Some((status, body)) = state.lock().unwrap().answer(&request, host) else {
            return Ok(());
        };
        let length = body.len();
        let head = format!("HTTP/1.1 {status} \r\nContent-Length: {length}\r\n\r\n");
        stream.get_mut().write_all(head.as_bytes())?;
        stream.get_mut().write_all(body.as_bytes())?;
        stream.get_mut().flush()?;
    }
    Ok(())
}

/// A request, with its headers by name.
struct Heard {
    line: String,
    headers: Vec<(String, String)>,
    body: String,
}

fn receive(stream: &mut impl BufRead) -> std::io::Result<Option<Heard>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut headers: Vec<(String, String)> = lines[1..]
        .iter()
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    headers.sort();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    stream.read_exact(&mut body)?;
    let body = String::from_utf8(body).unwrap();
    Ok(Some(Heard { line: lines[0].clone(), headers, body }))
}

impl State {
    /// Status and body, or nothing at all.
    fn answer(&mut self, request: &Heard, host: &str) -> Option<(u16, String)> {
        let Some(act) = act(request, host) else {
            self.wrong.push(format!("{}: {}", request.line, request.body));
            return Some((404, String::new()));
        };
        if let Err(wrong) = self.check(act, request, host) {
            self.wrong.push(wrong);
        }
        match self.trouble {
            Some((troubled, Trouble::HangsUp)) if troubled == act => return None,
            Some((troubled, Trouble::Says(status))) if troubled == act => {
                // It repeats what it was sent.
                let secret = match act {
                    Act::GraphToken | Act::IntuneToken => SECRET.to_owned(),
                    Act::Discovery | Act::Validate | Act::Succeeded | Act::Failed => self.newest(),
                };
                let body = format!(r#"{{"error":"{secret}","error_description":"{secret}"}}"#);
                return Some((status, body));
            }
            _ => {}
        }
        self.done.push((act, request.body.clone()));
        Some((
            200,
            match act {
                Act::GraphToken => self.issue("graph"),
                Act::IntuneToken => self.issue("intune"),
                Act::Discovery => format!(
                    r#"{{"value":[{{"providerName":"Other","uri":"https://other.example"}},{{"providerName":"ScepRequestValidationFEService","uri":"https://{host}/RACerts/StatelessScep"}}]}}"#
                ),
                Act::Validate => self.verdict.clone(),
                Act::Succeeded | Act::Failed => self.reception.clone(),
            },
        ))
    }

    /// The headers, all of them, and no others.
    fn check(&self, act: Act, request: &Heard, host: &str) -> Result<(), String> {
        let length = request.body.len().to_string();
        let mut expected = vec![
            ("accept", "application/json".to_owned()),
            ("host", host.to_owned()),
            ("user-agent", "devicecert-example".to_owned()),
        ];
        match act {
            Act::GraphToken | Act::IntuneToken => {
                expected.push(("content-type", "application/x-www-form-urlencoded".to_owned()));
                expected.push(("content-length", length));
            }
            Act::Discovery => expected.push(("authorization", self.bearer("graph")?)),
            Act::Validate | Act::Succeeded | Act::Failed => {
                expected.push(("api-version", "2018-02-20".to_owned()));
                expected.push(("authorization", self.bearer("intune")?));
                expected.push(("client-request-id", uuid(request)?));
                expected.push(("content-type", "application/json".to_owned()));
                expected.push(("content-length", length));
            }
        }
        expected.sort();
        let found = request.headers.iter().map(|(name, value)| (name.as_str(), value.clone()));
        let found: Vec<_> = found.collect();
        match found == expected {
            true => Ok(()),
            false => Err(format!("{act:?}: {found:#?}, expected {expected:#?}")),
        }
    }

    fn issue(&mut self, audience: &'static str) -> String {
        let token = format!("{TOKEN}.{audience}-{}", self.tokens.len());
        self.tokens.push((token.clone(), audience, self.now.after(HOUR)));
        format!(r#"{{"token_type":"Bearer","expires_in":3600,"access_token":"{token}"}}"#)
    }

    /// The token that was issued last.
    pub(crate) fn newest(&self) -> String {
        self.tokens.last().map(|(token, ..)| token.clone()).unwrap_or_default()
    }

    /// The header with the newest token, which must not have expired.
    fn bearer(&self, audience: &str) -> Result<String, String> {
        let newest =
            self.tokens.iter().rfind(|(_, of, until)| *of == audience && self.now < *until);
        let (token, ..) = newest.ok_or_else(|| format!("no token for {audience} is good now"))?;
        Ok(format!("Bearer {token}"))
    }
}

/// What a request is, by its first line and, of the tokens, every octet of its body.
fn act(request: &Heard, host: &str) -> Option<Act> {
    let form = |server: &str| {
        format!(
            "client_id=11111111%2D2222%2D3333%2D4444%2D555555555555\
             &scope=https%3A%2F%2F{server}%2F%2Edefault\
             &client_secret=Qh8%7Es3cret%2Eof%5Fthe%2Dapp&grant_type=client_credentials"
        )
    };
    let graph = form(&host.replace('.', "%2E").replace(':', "%3A"));
    let line = request.line.strip_suffix(" HTTP/1.1")?;
    match line {
        "POST /example.onmicrosoft.com/oauth2/v2.0/token" => match request.body.as_str() {
            body if body == graph => Some(Act::GraphToken),
            body if body == form("api%2Emanage%2Emicrosoft%2Ecom%2F") => Some(Act::IntuneToken),
            _ => None,
        },
        "GET /v1.0/servicePrincipals/appId=0000000a-0000-0000-c000-000000000000/endpoints" => {
            Some(Act::Discovery)
        }
        _ => match line.strip_prefix("POST /RACerts/StatelessScep/ScepActions/")? {
            "validateRequest" => Some(Act::Validate),
            "successNotification" => Some(Act::Succeeded),
            "failureNotification" => Some(Act::Failed),
            _ => None,
        },
    }
}

/// The client-request-id, if it is a random UUID (RFC 9562 §5.4).
fn uuid(request: &Heard) -> Result<String, String> {
    let header = request.headers.iter().find(|(name, _)| name == "client-request-id");
    let id = &header.ok_or("no client-request-id")?.1;
    let is_right = id.len() == 36
        && id.bytes().enumerate().all(|(at, octet)| match at {
            8 | 13 | 18 | 23 => octet == b'-',
            14 => octet == b'4',
            19 => b"89ab".contains(&octet),
            _ => matches!(octet, b'0'..=b'9' | b'a'..=b'f'),
        });
    is_right.then(|| id.clone()).ok_or_else(|| format!("no random UUID: {id}"))
}
