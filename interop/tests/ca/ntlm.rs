//! Our NTLM against two acceptors: pyspnego 0.12.4 (Python package index) and gss-ntlmssp 1.2.0
//! (Debian).
//!
//! * Both send the time, so both check the message integrity code.
//! * gss-ntlmssp reads no NEGOTIATE_MESSAGE without a version, such as curl 7.88 sends.

use std::path::Path;

use devicecert::ca::Credentials;
use devicecert::ca::ndes::ntlm::ChannelBinding;
use devicecert::ca::ndes::{ChallengeFetch, Error, Step};
use devicecert::pki::Time;
use devicecert_interop::peer::{GSS_NTLMSSP, PYSPNEGO, Peer, python_folder};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Running, Tool};

use crate::connection::Connection;

const CHALLENGE: &str = "8CE317021F690069";
const PASSWORD: &str = "correct h\u{f6}rse";
/// As the acceptors know them: domain, user, password.
const USERS: &str =
    "EXAMPLE:svc-ndes:correct h\u{f6}rse\n:svc-ndes@example.com:correct h\u{f6}rse\n";

pub(crate) fn cases() -> Vec<Case> {
    [&PYSPNEGO, &GSS_NTLMSSP].into_iter().flat_map(cases_with).collect()
}

fn cases_with(peer: &'static Peer) -> Vec<Case> {
    let row = |name, what, run: fn(&'static Peer, &Lab) -> Outcome| {
        case(peer, name, what, move |lab| run(peer, lab))
    };
    vec![
        row("ntlm", "takes our NTLMv2, as EXAMPLE\\svc-ndes", domain_and_user),
        row("ntlm_upn", "takes our NTLMv2, as svc-ndes@example.com", principal_name),
        row("ntlm_case", "takes our NTLMv2, the user in capitals", capitals),
        row("ntlm_wrong_password", "refuses a wrong password", wrong_password),
        row("ntlm_unknown_user", "refuses an unknown user", unknown_user),
        row("ntlm_negotiate", "takes our NTLMv2 under the name of Negotiate", negotiate),
        row("ntlm_binding", "takes our channel binding", binding),
        row("ntlm_other_binding", "refuses the binding to another server", other_binding),
        row("ntlm_mic", "refuses an answer that was changed on the way", changed_answer),
        row("ntlm_other_connection", "refuses an answer on another connection", other_connection),
    ]
}

struct Acceptor {
    program: Running,
    port: u16,
}

impl Acceptor {
    fn start(peer: &Peer, lab: &Lab, options: &[&str]) -> Outcome<Self> {
        let users = lab.write("users", USERS)?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("ntlm/acceptor.py");
        // Debian's module belongs to Debian's Python.
        let (python, library) = match peer.name {
            "gss-ntlmssp" => ("/usr/bin/python3", "gssntlmssp"),
            _ => ("python3", "pyspnego"),
        };
        let mut program = Tool::new(python)
            .named(library)
            .arg("-B")
            .arg(script)
            .option("--library", library)
            .option("--users", users)
            .option("--challenge", CHALLENGE)
            .args(options)
            .env("PYTHONPATH", python_folder("pyspnego"))
            // Names and passwords are UTF-8, whatever the language of this machine.
            .env("PYTHONUTF8", "1")
            .start(lab)?;
        let port = program.until(60, |log| {
            log.lines().find_map(|line| line.strip_prefix("port ")?.parse().ok())
        })?;
        Ok(Self { program, port })
    }

    fn fetch(&self, username: &str, password: &str) -> Outcome<ChallengeFetch> {
        let url = format!("http://127.0.0.1:{}/certsrv/mscep_admin/", self.port).parse()?;
        // A test needs no chance.
        Ok(ChallengeFetch::new(url, Credentials::new(username, password), *b"\x01client\x02")?)
    }

    /// Runs the exchange to its end, on one connection.
    fn run(&self, mut fetch: ChallengeFetch) -> Outcome<Result<Vec<u8>, Error>> {
        let mut connection = Connection::open(self.port)?;
        loop {
            let request = match fetch.step(now()) {
                Ok(Step::Send(request) | Step::SendOnSameConnection(request)) => request,
                Ok(Step::Done(challenge)) => return Ok(Ok(challenge.expose().to_vec())),
                Err(error) => return Ok(Err(error)),
            };
            if let Err(error) = fetch.received(&connection.send(&request)?) {
                return Ok(Err(error));
            }
        }
    }

    fn accepts(mut self, fetch: ChallengeFetch, who: &str) -> Outcome {
        assert_eq!(self.run(fetch)?, Ok(CHALLENGE.as_bytes().to_vec()));
        // gss-ntlmssp puts an empty domain before a user who has none.
        let is_verdict = |line: &str| line.starts_with("accepted: ") && line.ends_with(who);
        self.program.until(10, |log| log.lines().any(is_verdict).then_some(()))
    }

    fn refuses(mut self, fetch: ChallengeFetch) -> Outcome {
        assert_eq!(self.run(fetch)?, Err(Error::Status(401)));
        self.says("refused: ")
    }

    fn says(&mut self, words: &str) -> Outcome {
        self.program.until(10, |log| log.contains(words).then_some(()))
    }
}

fn now() -> Time {
    std::time::SystemTime::now().into()
}

fn domain_and_user(peer: &'static Peer, lab: &Lab) -> Outcome {
    let acceptor = Acceptor::start(peer, lab, &[])?;
    let fetch = acceptor.fetch(r"EXAMPLE\svc-ndes", PASSWORD)?;
    acceptor.accepts(fetch, r"EXAMPLE\svc-ndes")
}

fn principal_name(peer: &'static Peer, lab: &Lab) -> Outcome {
    let acceptor = Acceptor::start(peer, lab, &[])?;
    let fetch = acceptor.fetch("svc-ndes@example.com", PASSWORD)?;
    acceptor.accepts(fetch, "svc-ndes@example.com")
}

fn capitals(peer: &'static Peer, lab: &Lab) -> Outcome {
    let acceptor = Acceptor::start(peer, lab, &[])?;
    let fetch = acceptor.fetch(r"EXAMPLE\SVC-NDES", PASSWORD)?;
    acceptor.accepts(fetch, r"EXAMPLE\SVC-NDES")
}

fn wrong_password(peer: &'static Peer, lab: &Lab) -> Outcome {
    let acceptor = Acceptor::start(peer, lab, &[])?;
    let fetch = acceptor.fetch(r"EXAMPLE\svc-ndes", "correct horse")?;
    acceptor.refuses(fetch)
}

fn unknown_user(peer: &'static Peer, lab: &Lab) -> Outcome {
    let acceptor = Acceptor::start(peer, lab, &[])?;
    let fetch = acceptor.fetch(r"EXAMPLE\somebody", PASSWORD)?;
    acceptor.refuses(fetch)
}

fn negotiate(peer: &'static Peer, lab: &Lab) -> Outcome {
    let acceptor = Acceptor::start(peer, lab, &["--scheme", "Negotiate"])?;
    let fetch = acceptor.fetch(r"EXAMPLE\svc-ndes", PASSWORD)?;
    acceptor.accepts(fetch, r"EXAMPLE\svc-ndes")
}

/// `tls-server-end-point:` and a digest, for the acceptor.
fn hex(digest: &[u8]) -> String {
    let data = [b"tls-server-end-point:".as_slice(), digest].concat();
    data.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn binding(peer: &'static Peer, lab: &Lab) -> Outcome {
    let acceptor = Acceptor::start(peer, lab, &["--binding", &hex(&[7; 32])])?;
    let fetch = acceptor.fetch(r"EXAMPLE\svc-ndes", PASSWORD)?;
    let fetch = fetch.channel_binding(ChannelBinding::from_digest(&[7; 32]));
    acceptor.accepts(fetch, r"EXAMPLE\svc-ndes")
}

fn other_binding(peer: &'static Peer, lab: &Lab) -> Outcome {
    let acceptor = Acceptor::start(peer, lab, &["--binding", &hex(&[7; 32])])?;
    let fetch = acceptor.fetch(r"EXAMPLE\svc-ndes", PASSWORD)?;
    let fetch = fetch.channel_binding(ChannelBinding::from_digest(&[8; 32]));
    acceptor.refuses(fetch)
}

/// Somebody on the way takes a flag out of the last message, which no response covers.
fn changed_answer(peer: &'static Peer, lab: &Lab) -> Outcome {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    const FLAGS: usize = 60;
    const ALWAYS_SIGN: u8 = 0x80;

    let mut acceptor = Acceptor::start(peer, lab, &[])?;
    let mut fetch = acceptor.fetch(r"EXAMPLE\svc-ndes", PASSWORD)?;
    let mut connection = Connection::open(acceptor.port)?;
    for _ in 0..2 {
        let (Step::Send(request) | Step::SendOnSameConnection(request)) = fetch.step(now())? else {
            panic!("three requests are needed");
        };
        fetch.received(&connection.send(&request)?)?;
    }
    let Step::SendOnSameConnection(mut request) = fetch.step(now())? else {
        panic!("the third request goes on the same connection");
    };
    let header = request.headers_mut().get_mut("authorization").unwrap();
    let mut message = STANDARD.decode(header.to_str()?.strip_prefix("NTLM ").unwrap()).unwrap();
    assert_eq!(message[FLAGS + 1] & ALWAYS_SIGN, ALWAYS_SIGN);
    message[FLAGS + 1] ^= ALWAYS_SIGN;
    *header = format!("NTLM {}", STANDARD.encode(&message)).parse()?;
    assert_eq!(connection.send(&request)?.status(), 401);
    acceptor.program.until(10, |log| log.contains("refused: ").then_some(()))
}

fn other_connection(peer: &'static Peer, lab: &Lab) -> Outcome {
    let acceptor = Acceptor::start(peer, lab, &[])?;
    let mut fetch = acceptor.fetch(r"EXAMPLE\svc-ndes", PASSWORD)?;
    loop {
        let (Step::Send(request) | Step::SendOnSameConnection(request)) = fetch.step(now())? else {
            panic!("the acceptor took an answer to a challenge that it did not make");
        };
        let response = Connection::open(acceptor.port)?.send(&request)?;
        if let Err(error) = fetch.received(&response) {
            assert_eq!(error, Error::Status(401));
            return Ok(());
        }
    }
}
