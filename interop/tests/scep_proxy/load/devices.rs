//! The devices: each wants one certificate, and tells an answer from an error.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use devicecert_interop::Outcome;

use super::World;
use super::ca::reply;
use super::connection::{Connection, Reply};
use super::figures::line;

/// Every so many devices, one uses its passcode again on purpose.
const REPLAYED: usize = 10;
/// Every so many devices, somebody else uses the passcode of one at the same time, at the other
/// proxy.
const RACED: usize = 7;
/// How long a device waits after an error.
const PAUSE: Duration = Duration::from_millis(20);

/// Which passcode a message was sent with: the first, second … of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Passcode {
    pub(crate) device: u32,
    pub(crate) generation: u32,
}

/// Who sends it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sender {
    Device = 0,
    Stranger = 1,
}

impl Passcode {
    /// A message as long as an enrolment with RSA-2048, that says what it came with.
    pub(crate) fn message(self, sender: Sender) -> Vec<u8> {
        let start = [self.device, self.generation, sender as u32];
        // No two messages have the same octets there.
        let mixed = self.device.rotate_left(16) ^ self.generation ^ start[2].rotate_left(8);
        let rest = (0..597).map(|place| place ^ mixed);
        start.into_iter().chain(rest).flat_map(u32::to_be_bytes).collect()
    }

    /// What a message came with, whoever sent it.
    pub(crate) fn of(message: &[u8]) -> Option<Self> {
        let number = |at: usize| {
            let four = message.get(at..at + 4)?.try_into().ok()?;
            Some(u32::from_be_bytes(four))
        };
        Some(Self { device: number(0)?, generation: number(4)? })
    }
}

/// What happened, in numbers.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) issued: AtomicUsize,
    broken: AtomicUsize,
    errors: AtomicUsize,
    delivered_again: AtomicUsize,
    replays_refused: AtomicUsize,
    races: AtomicUsize,
    races_lost: AtomicUsize,
}

/// All devices.
pub(crate) struct Fleet<'world> {
    world: &'world World<'world>,
    /// The path that the first profile of each has.
    paths: Vec<String>,
    next: AtomicUsize,
    pub(crate) counts: Counts,
    issued: Mutex<Vec<Passcode>>,
    times: Mutex<Vec<Duration>>,
}

/// Whether a passcode may be used up: by a request whose answer nobody saw, or by somebody else.
#[derive(Clone, Copy)]
enum May {
    Fresh,
    Used,
}

/// What a device makes of an answer.
enum Verdict {
    Issued,
    /// The passcode is used.
    Refused,
    /// Come again.
    Error,
}

impl<'world> Fleet<'world> {
    pub(crate) fn new(world: &'world World<'world>, devices: usize) -> Outcome<Self> {
        let names: Vec<_> = (0..u32::try_from(devices)?).map(name).collect();
        Ok(Self {
            world,
            paths: world.deliver(&names)?,
            next: AtomicUsize::new(0),
            counts: Counts::default(),
            issued: Mutex::default(),
            times: Mutex::default(),
        })
    }

    /// How many there are.
    pub(crate) const fn size(&self) -> usize {
        self.paths.len()
    }

    /// The passcodes that got a certificate.
    pub(crate) fn issued(&self) -> Vec<Passcode> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until so many devices have their certificates.
    pub(crate) fn wait_for(&self, devices: usize) -> Outcome {
        while self.counts.issued.load(Ordering::Relaxed) < devices {
            self.world.check_time()?;
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Enrols one device after the other over one connection, until none is left.
    pub(crate) fn work(&self, number: usize) -> Outcome {
        let mut line = Line { fleet: self, proxy: number % 2, connection: None };
        let mut other = Line { fleet: self, proxy: 1 - number % 2, connection: None };
        loop {
            self.world.check_time()?;
            let device = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = self.paths.get(device) else { return Ok(()) };
            let passcode = Passcode { device: u32::try_from(device)?, generation: 0 };
            let (passcode, path) = match device.is_multiple_of(RACED) {
                false => self.enrol(&mut line, passcode, path, May::Fresh)?,
                true => self.race(&mut line, &mut other, passcode, path)?,
            };
            if device.is_multiple_of(REPLAYED) {
                self.replay(&mut line, passcode, &path)?;
            }
        }
    }

    /// Enrols a device; gives back the passcode that it used, and its path.
    fn enrol(
        &self,
        line: &mut Line<'_>,
        mut passcode: Passcode,
        path: &str,
        mut may: May,
    ) -> Outcome<(Passcode, String)> {
        let mut path = path.to_owned();
        loop {
            let start = Instant::now();
            match line.ask(&path, &passcode.message(Sender::Device))? {
                Some(Verdict::Issued) => {
                    self.has_issued(passcode, start.elapsed());
                    return Ok((passcode, path));
                }
                Some(Verdict::Refused) => match may {
                    May::Fresh => {
                        return Err(
                            format!("{passcode:?} was refused, and had not been used").into()
                        );
                    }
                    May::Used => {
                        // The proxy has marked the profile: the server sends it again.
                        self.counts.delivered_again.fetch_add(1, Ordering::Relaxed);
                        path = self.world.deliver_again(&name(passcode.device))?;
                        passcode.generation += 1;
                        may = May::Fresh;
                    }
                },
                Some(Verdict::Error) | None => {
                    may = May::Used;
                    self.world.check_time()?;
                    thread::sleep(PAUSE);
                }
            }
        }
    }

    /// Enrols a device while somebody else uses its passcode at the other proxy.
    fn race(
        &self,
        line: &mut Line<'_>,
        other: &mut Line<'_>,
        passcode: Passcode,
        path: &str,
    ) -> Outcome<(Passcode, String)> {
        let start = Instant::now();
        let (device, stranger) = thread::scope(|scope| {
            let stranger = scope.spawn(|| other.ask(path, &passcode.message(Sender::Stranger)));
            (line.ask(path, &passcode.message(Sender::Device)), stranger.join())
        });
        self.counts.races.fetch_add(1, Ordering::Relaxed);
        match (device?, stranger.map_err(|_| "a stranger panicked")??) {
            (Some(Verdict::Issued), Some(Verdict::Issued)) => {
                return Err(format!("{passcode:?} was good for two at the same time").into());
            }
            (Some(Verdict::Issued), _) => {
                self.has_issued(passcode, start.elapsed());
                return Ok((passcode, path.to_owned()));
            }
            (_, Some(Verdict::Issued)) => {
                self.counts.races_lost.fetch_add(1, Ordering::Relaxed);
            }
            _ => {}
        }
        self.enrol(line, passcode, path, May::Used)
    }

    fn has_issued(&self, passcode: Passcode, time: Duration) {
        self.times.lock().unwrap_or_else(PoisonError::into_inner).push(time);
        self.issued.lock().unwrap_or_else(PoisonError::into_inner).push(passcode);
        self.counts.issued.fetch_add(1, Ordering::Relaxed);
    }

    /// Uses a passcode again.
    fn replay(&self, line: &mut Line<'_>, passcode: Passcode, path: &str) -> Outcome {
        loop {
            match line.ask(path, &passcode.message(Sender::Stranger))? {
                Some(Verdict::Issued) => {
                    return Err(format!("{passcode:?} was good twice").into());
                }
                Some(Verdict::Refused) => {
                    self.counts.replays_refused.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
                Some(Verdict::Error) | None => {
                    self.world.check_time()?;
                    thread::sleep(PAUSE);
                }
            }
        }
    }

    pub(crate) fn report(&self, all: Duration) {
        let counts = &self.counts;
        let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        println!(
            "{} devices, {} connections, two proxies and their database killed on the way: {:.1} s",
            count(&counts.issued),
            super::CONNECTIONS,
            all.as_secs_f64()
        );
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        line("both proxies      ", &mut times, Some(all));
        println!(
            "  {} connections broke, {} answers were errors; {} profiles were sent again; \
             {} of {} used passcodes were refused; \
             {} passcodes were used by two at the same time, of whom {} times the other won",
            count(&counts.broken),
            count(&counts.errors),
            count(&counts.delivered_again),
            count(&counts.replays_refused),
            self.paths.len().div_ceil(REPLAYED),
            count(&counts.races),
            count(&counts.races_lost)
        );
    }
}

/// A connection to either of the proxies.
struct Line<'fleet> {
    fleet: &'fleet Fleet<'fleet>,
    proxy: usize,
    connection: Option<Connection>,
}

impl Line<'_> {
    /// Sends a message; none if the connection broke, after which the other proxy is asked.
    fn ask(&mut self, path: &str, message: &[u8]) -> Outcome<Option<Verdict>> {
        let address = &self.fleet.world.addresses[self.proxy];
        let connection = self.connection.take().map_or_else(|| Connection::open(address), Ok);
        let asked = connection.and_then(|mut connection| {
            let reply = connection.post(path, message)?;
            Ok((connection, reply))
        });
        let counts = &self.fleet.counts;
        let Ok((connection, reply)) = asked else {
            counts.broken.fetch_add(1, Ordering::Relaxed);
            self.proxy = 1 - self.proxy;
            return Ok(None);
        };
        self.connection = Some(connection);
        let verdict = judge(&reply, message)?;
        if matches!(verdict, Verdict::Error) {
            counts.errors.fetch_add(1, Ordering::Relaxed);
        }
        Ok(Some(verdict))
    }
}

/// Everything but these answers is wrong.
fn judge(found: &Reply, message: &[u8]) -> Outcome<Verdict> {
    let text = String::from_utf8_lossy(&found.body);
    match (found.status, &*found.media_type) {
        (200, "application/x-pki-message") if found.body == reply(message) => Ok(Verdict::Issued),
        (400, "text/plain; charset=utf-8")
            if text == "custom scep challenge failed\n"
                || text.starts_with("profile status (null) is not 'pending' for host:") =>
        {
            Ok(Verdict::Refused)
        }
        (500, "text/plain; charset=utf-8") if text == "Internal Server Error\n" => {
            Ok(Verdict::Error)
        }
        (status, media_type) => {
            let length = found.body.len();
            Err(format!("wrong answer: {status} {media_type}, {length} bytes\n{text}").into())
        }
    }
}

fn name(device: u32) -> String {
    format!("host-{device},a{device},LOAD")
}
