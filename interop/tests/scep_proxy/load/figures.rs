//! Times, to be read and not to be tested.

use std::thread;
use std::time::{Duration, Instant};

use devicecert_interop::Outcome;

use super::ca::{Ca, reply};
use super::connection::Connection;
use super::devices::{Passcode, Sender};
use super::relay::Relay;
use super::{CONNECTIONS, World};
use crate::ours::Proxy;

/// Requests one after the other, in each of two rounds.
const ALONE: usize = 200;
/// Requests from all connections.
const TOGETHER: usize = 1_280;

/// Sends the same messages through a relay, through a proxy with its store in memory, and through
/// one with its store in PostgreSQL; prints what each took.
pub(crate) fn compare(world: &World<'_>, ca: &Ca, relay: &Relay) -> Outcome {
    let names: Vec<_> =
        (0..2 * ALONE + TOGETHER).map(|number| format!("timed-{number},a{number},LOAD")).collect();
    let on_database = world.deliver(&names)?;
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let memory = Proxy::in_memory(world.lab, &world.config, &names)?;
    let candidates = [
        ("relay             ", &relay.address, &on_database),
        ("proxy, memory     ", &memory.address, &memory.paths),
        ("proxy, PostgreSQL ", &world.addresses[0], &on_database),
    ];
    println!("one request at a time, to a CA that costs nothing:");
    let mut times = [const { Vec::new() }; 3];
    // In turns, so that whatever else the machine does falls on all of them.
    for round in [0..ALONE, ALONE..2 * ALONE] {
        for ((_, address, paths), times) in candidates.iter().zip(&mut times) {
            times.extend(send(address, &paths[round.clone()])?);
        }
    }
    for ((name, ..), times) in candidates.iter().zip(&mut times) {
        line(name, times, None);
    }
    let [relayed, in_memory, in_database] = times.each_mut().map(|times| median(times).as_micros());
    println!(
        "  a request costs {} µs more than through a relay: two new connections to the CA, for \
         GetCACaps and for the message; {} µs with a passcode in PostgreSQL",
        in_memory.saturating_sub(relayed),
        in_database.saturating_sub(relayed)
    );
    println!("{CONNECTIONS} connections:");
    for (name, address, paths) in candidates {
        let start = Instant::now();
        let mut times = send_together(address, &paths[2 * ALONE..])?;
        line(name, &mut times, Some(start.elapsed()));
    }
    ca.forget();
    Ok(())
}

/// Sends one message to each path, over all connections.
fn send_together(address: &str, paths: &[String]) -> Outcome<Vec<Duration>> {
    thread::scope(|scope| {
        let share = paths.len().div_ceil(CONNECTIONS);
        let senders: Vec<_> =
            paths.chunks(share).map(|paths| scope.spawn(|| send(address, paths))).collect();
        let mut times = Vec::new();
        for sender in senders {
            times.extend(sender.join().map_err(|_| "a sender panicked")??);
        }
        Ok(times)
    })
}

/// Sends one message to each path, over one connection.
fn send(address: &str, paths: &[String]) -> Outcome<Vec<Duration>> {
    let message = Passcode { device: 0, generation: 0 }.message(Sender::Device);
    let expected = reply(&message);
    let mut connection = Connection::open(address)?;
    let mut times = Vec::new();
    for path in paths {
        let start = Instant::now();
        let found = connection.post(path, &message)?;
        times.push(start.elapsed());
        if found.status != 200 || found.body != expected {
            let text = String::from_utf8_lossy(&found.body).into_owned();
            return Err(format!("{}: {text}", found.status).into());
        }
    }
    Ok(times)
}

/// Prints how often and how fast.
pub(crate) fn line(name: &str, times: &mut [Duration], all: Option<Duration>) {
    let (half, most) = (median(times), percentile(times, 99));
    let rate = match all {
        Some(all) => format!("{:8.0} requests/s, ", times.len() as f64 / all.as_secs_f64()),
        None => String::new(),
    };
    println!(
        "  {name}: {rate}median {:7} µs, 99 of 100 within {:7} µs",
        half.as_micros(),
        most.as_micros()
    );
}

fn median(times: &mut [Duration]) -> Duration {
    percentile(times, 50)
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
}
