//! Whether the time that a SCEP server takes tells why an envelope did not open (Bleichenbacher,
//! Manger, Vaudenay), measured as dudect does: classes of bad messages in random turns, and Welch's
//! t of each against the first of its group.
//!
//! `cargo bench -p devicecert-benches --bench timing -- --samples 100000` makes the figure; without
//! `--samples` there are few enough for a minute, and only coarse differences show. `--only aws-lc`
//! or `--only password` takes the backends and groups that have this in their name.
//!
//! What is timed is everything between the check of the message's signature and the signature of
//! the reply: the private key, the content key, the cipher, the padding, the reading of what is
//! inside, and the FAILURE that is written. Of each class the slower half is cut off, which is
//! where the machine was busy with something else.
//!
//! |t| above 4.5 says that two classes can be told apart by somebody who sits on this machine and
//! has as many samples. Below it, that this many samples did not do: it is no proof that a thousand
//! times as many would not, nor that another processor or compiler behaves the same. `again` and
//! `once more` are the first class a second and a third time, from other places in memory: the noise
//! of the measurement itself.
//!
//! The groups are those an attacker would want to tell apart. Between them nothing is compared: how
//! a content key is encrypted stands in the clear.
//!
//! A damaged key wrap (RFC 3394) is told from a right one by some 20 ns in 70 µs where it is told at
//! all. It says nothing that its sender does not know: nobody can change a wrap into another one that
//! is right.
//!
//! Two differences are there by nature, and are printed for their size:
//!
//! * A sender's point that is not on the curve is refused before any private key works on it. The
//!   sender knows that it is not.
//! * In the group of contents, whoever has the right content key learns how far his own content was
//!   read. For somebody else's, CBC lets an attacker garble a block and flip bits in the next. The
//!   server checks a signature whether or not there is a request to check one of, which leaves the
//!   microseconds of the reading.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod envelopes;
mod server;

use std::hint::black_box;
use std::time::Instant;

use devicecert::pki::Provider;
use devicecert_benches::welch::Moments;

use envelopes::Group;
use server::{AWS_LC, Backend, RUST};

const DEFAULT_SAMPLES: usize = 150;

/// What dudect takes for a leak.
const THRESHOLD: f64 = 4.5;

fn main() {
    let samples = match value_of("--samples") {
        Some(count) => count.parse().expect("--samples takes a number"),
        None => DEFAULT_SAMPLES,
    };
    let only = value_of("--only").unwrap_or_default();
    println!("{samples} samples a class; |t| above {THRESHOLD} can be told apart");
    for backend in [&RUST, &AWS_LC] {
        for group in Group::all(backend) {
            if format!("{}, {}", backend.name, group.name).contains(&only) {
                measure(backend, &group, samples);
            }
        }
    }
}

/// The word behind this one. Cargo passes `--bench`, and nothing else is understood.
fn value_of(option: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != option).nth(1)
}

fn measure(backend: &Backend, group: &Group, samples: usize) {
    let mut times: Vec<Vec<f64>> = group.classes.iter().map(|_| Vec::new()).collect();
    let mut order: Vec<usize> = (0..group.classes.len()).collect();
    // The first rounds fill the caches.
    for round in 0..samples + samples / 20 {
        shuffle(&mut order, backend.provider);
        for class in &order {
            let request = group.server.request(&group.classes[*class].message);
            let start = Instant::now();
            let reply = black_box(group.server.refusal(request));
            let time = start.elapsed().as_secs_f64();
            drop(reply);
            if round >= samples / 20 {
                times[*class].push(time);
            }
        }
    }
    let moments: Vec<Moments> = times.into_iter().map(the_faster_half).collect();
    let first = &moments[0];
    println!("\n{}, {}: {:.1} µs", backend.name, group.name, first.mean() * 1e6);
    for (class, moments) in group.classes.iter().zip(&moments).skip(1) {
        let (t, difference) = (moments.t(first), moments.mean() - first.mean());
        let verdict = match (t.abs() > THRESHOLD, class.by_nature) {
            (true, true) => "differs by nature",
            (true, false) => "DIFFERS",
            (false, _) => "",
        };
        println!("  {:<44} t = {t:>9.2}  {:>+10.0} ns  {verdict}", class.name, difference * 1e9);
    }
}

fn the_faster_half(mut times: Vec<f64>) -> Moments {
    times.sort_by(f64::total_cmp);
    let kept = times.len().div_ceil(2);
    times.into_iter().take(kept).collect()
}

/// Fisher and Yates. The remainder favours some orders by parts in a million.
fn shuffle(order: &mut [usize], provider: &dyn Provider) {
    for last in (1..order.len()).rev() {
        let mut octets = [0; 4];
        provider.random(&mut octets).unwrap();
        let other = usize::try_from(u32::from_be_bytes(octets)).unwrap() % (last + 1);
        order.swap(last, other);
    }
}
