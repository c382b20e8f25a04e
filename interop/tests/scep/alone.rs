//! Our client with our server, where no peer can be made to do it. Needs nothing but this machine.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use devicecert_interop::peer::NONE;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::tap::Tap;
use devicecert_interop::{Lab, Outcome};

use crate::hook::{HOOK_SECRET, Hook};
use crate::ours::{CHALLENGE, Client, Server};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&NONE, "one_time", "a challenge is good for one device", one_time),
        case(
            &NONE,
            "one_time_pending",
            "one challenge, deferred: the first device stays",
            deferred,
        ),
        case(&NONE, "permit", "a permit is good for its names, once", permit),
        case(&NONE, "webhook", "a web hook decides", webhook),
        case(&NONE, "bad_bodies", "what is no message gets one constant answer", bad_bodies),
        case(&NONE, "connection", "an answer to a message ends its connection", connection),
        case(&NONE, "save_resume", "a PENDING outlives the client and the server", save_resume),
    ]
}

const SUBJECT: &str = "CN=laptop-7";

fn client(lab: &Lab, server: &Server, out: &str) -> Outcome<Client> {
    Client::new(lab, &server.url, out)
}

/// Whatever is wrong with it: an answer that differed would tell how far it got.
fn bad_bodies(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let ca = fs::read(server.ca())?;
    let bodies = [&b""[..], b"0", b"\x30\x80", &[0x30, 0x03, 0x02, 0x01, 0x00], &ca, &[0xff; 9000]];
    let mut answers = Vec::new();
    for body in bodies {
        let mut stream = TcpStream::connect(server.address())?;
        let length = body.len();
        write!(
            stream,
            "POST /scep?operation=PKIOperation HTTP/1.1\r\nHost: ca\r\nConnection: close\r\n\
             Content-Length: {length}\r\n\r\n"
        )?;
        stream.write_all(body)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let date = |line: &&str| !line.to_ascii_lowercase().starts_with("date:");
        answers.push(answer.lines().filter(date).collect::<Vec<_>>().join("\n"));
    }
    answers.dedup();
    match answers.as_slice() {
        [one] if one.starts_with("HTTP/1.1 400 ") && one.ends_with("\nbad request") => Ok(()),
        _ => Err(format!("different answers: {answers:#?}").into()),
    }
}

/// A client that keeps its connection while it waits would come back on it just when the server
/// gives it up, if both have the same idea of how long that is: scepclient, after 30 seconds.
fn connection(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &["--approve", "manual"])?;
    let tap = Tap::to(server.address())?;
    let options = ["--poll-interval", "1", "--max-polls", "1"];
    let client = Client::new(lab, &format!("http://{}/scep", tap.address()), "device")?;
    client.asks(SUBJECT, CHALLENGE).args(&options).run(lab)?.exits(4)?;
    let operations = tap.operations()?;
    if operations.len() < 2 {
        return Err(format!("{} messages, not a request and a poll", operations.len()).into());
    }
    for operation in operations {
        let head = operation.response_head.to_ascii_lowercase();
        if !head.lines().any(|line| line == "connection: close") {
            return Err(format!("the connection stays open: {head}").into());
        }
    }
    Ok(())
}

fn one_time(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &["--one-time"])?;
    client(lab, &server, "first")?.asks(SUBJECT, CHALLENGE).enrols(lab)?;
    client(lab, &server, "second")?.asks(SUBJECT, CHALLENGE).refused_with(lab, "badRequest")?;
    count(&server, 1)
}

/// Starts a client that gives up after a poll and saves its enrolment.
fn defers(lab: &Lab, server: &Server, saved: &str) -> Outcome {
    let options = ["--poll-interval", "1", "--max-polls", "1", "--save", saved];
    let client = client(lab, server, "first")?.asks(SUBJECT, CHALLENGE).args(&options);
    client.run(lab)?.exits(4)?;
    Ok(())
}

fn resumes(lab: &Lab, server: &Server, saved: &str) -> Outcome<Client> {
    let options = ["--poll-interval", "1", "--max-polls", "3", "--resume", saved];
    Ok(client(lab, server, "first")?.args(&options))
}

fn deferred(lab: &Lab) -> Outcome {
    let mut server = Server::start(lab, &["--one-time", "--approve", "manual"])?;
    let saved = lab.path("saved");
    let saved = saved.to_str().ok_or("the path is not UTF-8")?;
    defers(lab, &server, saved)?;
    client(lab, &server, "second")?.asks(SUBJECT, CHALLENGE).refused_with(lab, "badRequest")?;
    server.approve_next(lab)?;
    resumes(lab, &server, saved)?.enrols(lab)?;
    count(&server, 1)
}

fn save_resume(lab: &Lab) -> Outcome {
    let options = ["--approve", "manual"];
    let mut server = Server::start(lab, &options)?;
    let saved = lab.path("saved");
    let saved = saved.to_str().ok_or("the path is not UTF-8")?;
    defers(lab, &server, saved)?;
    let transaction = server.pending()?;
    // Neither is alive now, and the administrator decides meanwhile.
    let (address, dir) = (server.address().to_owned(), server.dir.clone());
    server.kill();
    let options = [&["--challenge", CHALLENGE], &options[..]].concat();
    let server = Server::start_at(lab, &address, &dir, &options)?;
    server.approve(lab, &transaction)?;
    resumes(lab, &server, saved)?.enrols(lab)?;
    count(&server, 1)
}

/// CERT VU#971035: who holds a challenge must not get just any name for it.
fn permit(lab: &Lab) -> Outcome {
    let server = Server::start_at(lab, "127.0.0.1:0", &lab.path("server"), &[])?;
    let names = ["--dns", "laptop-7.example", "--email", "laptop-7@example"];
    let challenge = server.permit(lab, &[&["--subject", SUBJECT], &names[..]].concat())?;
    let asks = |out: &str, subject: &str, names: &[&str]| -> Outcome<Client> {
        Ok(client(lab, &server, out)?.asks(subject, &challenge).args(names))
    };
    asks("ceo", "CN=ceo", &[])?.refused_with(lab, "badRequest")?;
    asks("wide", SUBJECT, &["--dns", "ceo.example"])?.refused_with(lab, "badRequest")?;
    let device = asks("device", SUBJECT, &names)?.enrols(lab)?;
    asks("second", SUBJECT, &names)?.refused_with(lab, "badRequest")?;
    let none = client(lab, &server, "none")?.asks(SUBJECT, "for-nobody");
    none.refused_with(lab, "badRequest")?;
    let expired = server.permit(lab, &["--subject", SUBJECT, "--minutes", "0"])?;
    thread::sleep(Duration::from_secs(1));
    client(lab, &server, "late")?.asks(SUBJECT, &expired).refused_with(lab, "badRequest")?;
    let renewed = client(lab, &server, "renewed")?.args(&["--subject", SUBJECT]).renews(&device);
    renewed.enrols(lab)?;
    count(&server, 2)
}

fn webhook(lab: &Lab) -> Outcome {
    let hook = Hook::start()?;
    let options = ["--webhook", &hook.url, "--webhook-secret", HOOK_SECRET];
    let server = Server::start_at(lab, "127.0.0.1:0", &lab.path("server"), &options)?;
    client(lab, &server, "yes")?.asks("CN=yes", CHALLENGE).enrols(lab)?;
    client(lab, &server, "no")?.asks("CN=no", CHALLENGE).refused_with(lab, "badRequest")?;
    // No decision is no certificate, and not the client's fault.
    client(lab, &server, "lost")?.asks("CN=lost", CHALLENGE).run(lab)?.exits(1)?.says("500")?;
    let heard = hook.heard();
    let subjects: Vec<_> = heard.iter().filter_map(|one| one["subject"].as_str()).collect();
    if subjects != ["CN=yes", "CN=no", "CN=lost"] {
        return Err(format!("the hook was asked about {subjects:?}").into());
    }
    if heard.iter().any(|one| one["challenge"] != CHALLENGE || !one["csr"].is_string()) {
        return Err("the hook was not told the challenge and the request".into());
    }
    count(&server, 1)
}

fn count(server: &Server, wanted: usize) -> Outcome {
    let found = server.issued()?.len();
    if found == wanted {
        return server.keeps_the_challenge_to_itself();
    }
    Err(format!("the server issued {found} certificates, not {wanted}").into())
}
