//! Two proxies on one database under load, with everything killed and started again on the way.
//!
//! 1 000 devices enrol from 64 connections, or as many as `DEVICECERT_LOAD` says. The proxy never
//! opens a message, so that for most of them the CA is one that answers with the complement of what
//! it was sent, which no other device could have got; some are whole enrolments by `scep-client` at
//! `scep-server`. What must hold is counted by the devices and once more by the CA:
//!
//! * no passcode lets two requests through;
//! * an answer is the CA's answer to just this message, or an error that Fleet has words for;
//! * a passcode is refused only if it was used, or was sent in a request that broke, or if somebody
//!   else sent it at the same time, which is tried as well;
//! * every device has its certificate in the end.

#![allow(clippy::print_stdout, reason = "figures are there to be read")]

mod ca;
mod connection;
mod devices;
mod figures;
mod relay;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use devicecert_interop::peer::POSTGRESQL;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Postgres, Tool, program};

use self::ca::Ca;
use self::devices::{Fleet, Passcode};
use self::relay::Relay;
pub(crate) use self::relay::be_one_if_asked as be_a_relay_if_asked;
use crate::ours::{Proxy, init, tool};

/// How many devices enrol, unless somebody says otherwise.
const DEVICES: usize = 1_000;
/// How many connections they share.
pub(crate) const CONNECTIONS: usize = 64;
/// One in so many enrols for real, beside them.
const REAL: usize = 500;
/// How long everything may take.
const LIMIT: Duration = Duration::from_secs(300);

pub(crate) fn cases() -> Vec<Case> {
    let devices = std::env::var("DEVICECERT_LOAD").ok().and_then(|number| number.parse().ok());
    let devices = devices.unwrap_or(DEVICES);
    let what = format!(
        "{devices} enrolments, two proxies and their database killed: none twice, wrong or lost"
    );
    vec![case(&POSTGRESQL, "load", what, move |lab| load(lab, devices))]
}

/// What the ones who enrol and the one who kills have in common.
pub(crate) struct World<'lab> {
    lab: &'lab Lab,
    database: Mutex<Postgres>,
    proxies: [Mutex<Proxy>; 2],
    /// Where the proxies are, before and after they were killed.
    pub(crate) addresses: [String; 2],
    config: PathBuf,
    url: String,
    deadline: Instant,
    /// What went wrong first, after which nobody need go on.
    fault: Mutex<Option<String>>,
}

fn load(lab: &Lab, devices: usize) -> Outcome {
    let ca = Ca::start()?;
    let server = crate::enrolment::scep_server(lab, &["--provider", "aws-lc"])?;
    let config = lab.write(
        "scep-proxy.toml",
        format!(
            "server-url = \"http://proxy.test\"\n[custom-scep]\nLOAD = \"{}\"\nREAL = \"{}\"\n",
            ca.url, server.1
        ),
    )?;
    // With its writes made durable, as it is in earnest.
    let database = Postgres::start_with(lab, &[], |_| Ok(()))?;
    init(lab, &database)?;
    let proxies = [Proxy::on(lab, &config, &database)?, Proxy::on(lab, &config, &database)?];
    let world = World {
        lab,
        url: database.url(),
        addresses: proxies.each_ref().map(|proxy| proxy.address.clone()),
        proxies: proxies.map(Mutex::new),
        database: Mutex::new(database),
        config,
        deadline: Instant::now() + LIMIT,
        fault: Mutex::default(),
    };
    let relay = Relay::to(lab, &ca.address)?;
    figures::compare(&world, &ca, &relay)?;
    drop(relay);

    let fleet = Fleet::new(&world, devices)?;
    let start = Instant::now();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS)
            .map(|number| {
                let (world, fleet) = (&world, &fleet);
                scope.spawn(move || world.noting(fleet.work(number)))
            })
            .collect();
        let real = scope.spawn(|| world.noting(enrol_for_real(&world, devices / REAL)));
        let killed = world.noting(besiege(&world, &fleet));
        for worker in workers {
            worker.join().map_err(|_| "a device panicked")??;
        }
        real.join().map_err(|_| "an enrolment panicked")??;
        killed
    })?;
    audit(&fleet, &ca)?;
    fleet.report(start.elapsed());
    Ok(())
}

impl World<'_> {
    /// Does what an MDM server does before it sends profiles; gives back the path of each device.
    pub(crate) fn deliver(&self, devices: &[String]) -> Outcome<Vec<String>> {
        let mut paths = Vec::new();
        // As many as a command line can hold.
        for some in devices.chunks(2_000) {
            let tool = tool()?.arg("add").option("--config", &self.config);
            let done = tool.option("--store", &self.url).args(some).run(self.lab)?.ok()?;
            let text = String::from_utf8(done.stdout)?;
            paths.extend(text.lines().filter_map(crate::ours::path));
        }
        match paths.len() == devices.len() {
            true => Ok(paths),
            false => Err("a URL was not printed".into()),
        }
    }

    /// The same for one device while the database may be away.
    pub(crate) fn deliver_again(&self, device: &str) -> Outcome<String> {
        loop {
            match self.deliver(&[device.to_owned()]) {
                Ok(mut paths) => return paths.pop().ok_or_else(|| "no URL".into()),
                Err(error) => self.check_time().map_err(|_| error)?,
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Whether there is time left, and nothing has gone wrong.
    pub(crate) fn check_time(&self) -> Outcome {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        match &*fault {
            Some(fault) => Err(fault.clone().into()),
            None if Instant::now() < self.deadline => Ok(()),
            None => Err(format!("not done within {} s", LIMIT.as_secs()).into()),
        }
    }

    /// Makes an error known to everybody.
    fn noting(&self, outcome: Outcome) -> Outcome {
        if let Err(error) = &outcome {
            let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
            fault.get_or_insert_with(|| error.to_string());
        }
        outcome
    }
}

/// Kills one proxy, the other, and the database, and starts each again.
fn besiege(world: &World<'_>, fleet: &Fleet<'_>) -> Outcome {
    for (quarter, number) in [(1, 0), (2, 1)] {
        fleet.wait_for(fleet.size() * quarter / 4)?;
        let mut proxy = world.proxies[number].lock().unwrap_or_else(PoisonError::into_inner);
        proxy.running.kill();
        thread::sleep(Duration::from_millis(300));
        *proxy = restart(world, number)?;
    }
    fleet.wait_for(fleet.size() * 3 / 4)?;
    let mut database = world.database.lock().unwrap_or_else(PoisonError::into_inner);
    database.crash()?;
    database.restart(world.lab)
}

fn restart(world: &World<'_>, number: usize) -> Outcome<Proxy> {
    let address = &world.addresses[number];
    loop {
        let tool = tool()?.option("--listen", address).option("--config", &world.config);
        match Proxy::start(world.lab, tool.option("--store", &world.url)) {
            Ok(proxy) => return Ok(proxy),
            // Somebody's outgoing connection may have our port for a moment.
            Err(error) => world.check_time().map_err(|_| error)?,
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// Enrols some devices with a real client at a real CA, while the others are at it.
fn enrol_for_real(world: &World<'_>, count: usize) -> Outcome {
    for number in 0..count {
        let device = format!("real-{number},a{number},REAL");
        let mut attempt = 0;
        let folder = loop {
            let path = world.deliver_again(&device)?;
            let address = &world.addresses[(number + attempt) % 2];
            let url = format!("http://{address}{path}");
            let out = format!("real-{number}-{attempt}");
            let client = Tool::new(program("scep-client")?).args(["--provider", "aws-lc"]);
            let client = crate::enrolment::scep_client(world.lab, client, &url, &out);
            match client.run(world.lab)?.code {
                Some(0) => break world.lab.path(&out),
                // The proxy or the database was away.
                Some(1) => world.check_time()?,
                other => return Err(format!("{device}: exit {other:?}").into()),
            }
            attempt += 1;
            thread::sleep(Duration::from_millis(100));
        };
        verify(world.lab, &folder)?;
    }
    Ok(())
}

fn verify(lab: &Lab, folder: &Path) -> Outcome {
    crate::enrolment::verify(lab, &lab.path("ca/ca.pem"), folder.join("device.pem"))
}

/// Counts once more, by what the CA saw.
fn audit(fleet: &Fleet<'_>, ca: &Ca) -> Outcome {
    let seen = ca.seen();
    let mut relayed: HashMap<Passcode, usize> = HashMap::new();
    for passcode in &seen {
        *relayed.entry(*passcode).or_default() += 1;
    }
    if let Some((passcode, count)) = relayed.iter().find(|(_, count)| **count > 1) {
        return Err(format!("{passcode:?} let {count} requests through").into());
    }
    for passcode in fleet.issued() {
        if !relayed.contains_key(&passcode) {
            return Err(format!("{passcode:?}: an answer that the CA did not give").into());
        }
    }
    let issued = fleet.counts.issued.load(Ordering::Relaxed);
    let size = fleet.size();
    if issued != size {
        return Err(format!("{issued} of {size} devices have a certificate").into());
    }
    Ok(())
}
