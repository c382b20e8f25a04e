//! Kills our server while devices enrol, and counts what is left.
//!
//! A CA that forgets a certificate it handed out cannot revoke it; one that uses a serial number
//! twice has two certificates that nobody can tell apart. Neither may happen at whatever
//! instruction the power goes.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use devicecert_interop::peer::NONE;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome};
use x509_cert::Certificate;
use x509_cert::der::DecodePem as _;

use crate::ours::{CHALLENGE, Client, Server};

const DEVICES: usize = 200;
/// How many devices enrol at the same time.
const WORKERS: usize = 4;
/// The server is killed when this many devices are served; others are in the middle of it then.
const KILLS: [usize; 5] = [20, 60, 100, 140, 180];
/// How often a device asks again; the server is away for a second at most.
const TRIES: usize = 60;
const LIMIT: Duration = Duration::from_secs(170);
const SERVER: [&str; 4] = ["--challenge", CHALLENGE, "--provider", "aws-lc"];

pub(crate) fn cases() -> Vec<Case> {
    let what = "SIGKILL during 200 enrolments: nothing forgotten, no serial twice";
    vec![case(&NONE, "crash", what, crash)]
}

/// What the devices and the one who kills the server know of each other.
#[derive(Default)]
struct Progress {
    started: AtomicUsize,
    served: AtomicUsize,
    stop: AtomicBool,
}

fn crash(lab: &Lab) -> Outcome {
    let server = Server::start_at(lab, "127.0.0.1:0", &lab.path("server"), &SERVER)?;
    let url = server.url.clone();
    lab.folder("devices")?;
    let progress = Progress::default();
    let server = thread::scope(|scope| {
        let workers: Vec<_> =
            (0..WORKERS).map(|_| scope.spawn(|| work(lab, &url, &progress))).collect();
        let server = besiege(lab, server, &progress);
        progress.stop.store(true, Ordering::Relaxed);
        for worker in workers {
            worker.join().map_err(|_| "a worker panicked")??;
        }
        server
    })?;
    audit(lab, &server)
}

/// Enrols one device after the other, until all are served or somebody says stop.
fn work(lab: &Lab, url: &str, progress: &Progress) -> Outcome {
    loop {
        let device = progress.started.fetch_add(1, Ordering::Relaxed);
        if device >= DEVICES {
            return Ok(());
        }
        let subject = format!("CN=device-{device}");
        let mut served = false;
        for attempt in 0..TRIES {
            if progress.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            // Each attempt has a key and a folder of its own. An attempt that fails may hold a
            // certificate nevertheless, and that one counts too.
            let out = format!("devices/{device}-{attempt}");
            let client = Client::new(lab, url, &out)?.asks(&subject, CHALLENGE);
            let done = client.args(&["--provider", "aws-lc"]).run(lab)?;
            served = done.code == Some(0);
            if served {
                break;
            }
            if done.code == Some(3) {
                return Err(format!("refused:\n{}", done.text()).into());
            }
            thread::sleep(Duration::from_millis(100));
        }
        if !served {
            return Err(format!("device {device} gave up").into());
        }
        progress.served.fetch_add(1, Ordering::Relaxed);
    }
}

/// Kills the server again and again and starts it again; returns when all devices are served.
fn besiege(lab: &Lab, mut server: Server, progress: &Progress) -> Outcome<Server> {
    let deadline = Instant::now() + LIMIT;
    let served = |wanted: usize| -> Outcome {
        loop {
            let count = progress.served.load(Ordering::Relaxed);
            if count >= wanted {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(format!("only {count} devices were served in time").into());
            }
            thread::sleep(Duration::from_millis(1));
        }
    };
    for wanted in KILLS {
        served(wanted)?;
        let (address, dir) = (server.address().to_owned(), server.dir.clone());
        server.kill();
        server = restart(lab, &address, &dir)?;
    }
    served(DEVICES)?;
    Ok(server)
}

fn restart(lab: &Lab, address: &str, dir: &Path) -> Outcome<Server> {
    let mut last = Err("unreachable".into());
    // Somebody's outgoing connection may have our port for a moment.
    for _ in 0..5 {
        last = Server::start_at(lab, address, dir, &SERVER);
        if last.is_ok() {
            break;
        }
        thread::sleep(Duration::from_millis(500));
    }
    last
}

fn audit(lab: &Lab, server: &Server) -> Outcome {
    let mut known = HashMap::new();
    let mut serials = HashSet::new();
    for path in server.issued()? {
        let pem = leaf(&path)?;
        let certificate = Certificate::from_pem(pem.as_bytes())?;
        let serial = hex(certificate.tbs_certificate().serial_number().as_bytes());
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        if stem.trim_start_matches('0') != serial.trim_start_matches('0') {
            return Err(format!("{} holds serial number {serial}", path.display()).into());
        }
        if !serials.insert(serial.clone()) {
            return Err(format!("serial number {serial} was used twice").into());
        }
        known.insert(pem, path);
    }
    let mut held = HashSet::new();
    for entry in fs::read_dir(lab.path("devices"))? {
        let path = entry?.path().join("device.pem");
        if !path.exists() {
            continue;
        }
        let pem = leaf(&path)?;
        if !known.contains_key(&pem) {
            return Err(format!("the server forgot {}", path.display()).into());
        }
        if !held.insert(pem) {
            return Err(format!("{} is another device's too", path.display()).into());
        }
    }
    if held.len() < DEVICES {
        return Err(format!("only {} devices hold a certificate", held.len()).into());
    }
    Ok(())
}

/// The first certificate of a PEM file, as it stands there but for its line breaks: comparing text
/// compares the received bytes, which a certificate that is read and written again is not.
fn leaf(path: &Path) -> Outcome<String> {
    const END: &str = "-----END CERTIFICATE-----";
    let text = fs::read_to_string(path)?.replace('\r', "");
    let start = text.find("-----BEGIN CERTIFICATE-----");
    let end = text.find(END).and_then(|at| at.checked_add(END.len()));
    let (start, end) = start.zip(end).ok_or_else(|| format!("no PEM: {}", path.display()))?;
    Ok(format!("{}\n", &text[start..end]))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
