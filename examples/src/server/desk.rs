//! What a person does about pending requests, at the command line of either server.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is their user interface")]

use std::error::Error;
use std::path::Path;

use super::{Store, Verdict};

/// Shows the requests that wait in a folder.
///
/// # Errors
/// If the folder, or some of the requests, cannot be read; those that can are shown.
pub fn list(dir: &Path) -> Result<(), Box<dyn Error>> {
    let (mut waiting, mut damaged) = (0_usize, 0_usize);
    for one in Store::open(dir)?.waiting()? {
        let one = match one {
            Ok(one) => one,
            Err(error) => {
                eprintln!("{error}\n");
                damaged = damaged.saturating_add(1);
                continue;
            }
        };
        let said = match one.verdict {
            Some(Verdict::Approved) => "approved; the device has not asked again yet",
            Some(Verdict::Rejected) => "rejected; the device has not asked again yet",
            None => "waits for you",
        };
        println!("{said}\n{}folder: transactions/{}\n", one.about, one.key);
        waiting = waiting.saturating_add(1);
    }
    println!("{waiting} waiting");
    match damaged {
        0 => Ok(()),
        _ => Err(format!("{damaged} more could not be read").into()),
    }
}

/// Decides about a request that waits, by the name that the listing gives it.
///
/// # Errors
/// If there is no such request, or it cannot be read.
pub fn decide(dir: &Path, request: &str, verdict: Verdict) -> Result<(), Box<dyn Error>> {
    let one = Store::open(dir)?.decide(request, verdict)?;
    println!("{verdict:?}:\n{}", one.about);
    Ok(())
}
