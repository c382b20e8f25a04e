//! One SCEP transaction on the server, and one enrolment on the device, beside the cryptography
//! that neither can do without: signatures, key wraps, ciphers and digests of the same sizes,
//! called straight through the backend. RSA-2048 on both sides, AES-128, SHA-256.
//!
//! `cargo bench -p devicecert-benches --bench transaction`. It prints and judges, and fails
//! nothing: a busy machine is no defect.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::arithmetic_side_effects
)]

mod backends;
mod device;
mod primitives;
mod server;

use std::time::Duration;

use devicecert_benches::{Comparison, side_by_side};

use backends::{AWS_LC, Backend, RUST};
use device::Device;
use primitives::Primitives;
use server::Server;

const BUDGET: Duration = Duration::from_secs(8);

fn main() {
    // Cargo passes `--bench`, and nothing else is understood.
    println!("what                 backend          time  primitives   ratio  (minima)  target");
    let servers = [&RUST, &AWS_LC].map(|backend| {
        let server = Server::new(backend);
        measure(backend, &server);
        server
    });

    let [rust, aws_lc] = &servers;
    let found = side_by_side(BUDGET / 2, || rust.transaction(), || aws_lc.transaction());
    let (ifma, least) = match has_ifma() {
        Some(true) => ("with AVX-512 IFMA", 3.0),
        Some(false) => ("without AVX-512 IFMA", 2.0),
        None => ("AVX-512 IFMA: unknown", 2.0),
    };
    let verdict = if found.ratio >= least { "met" } else { "missed" };
    println!(
        "\naws-lc is {:.2} times as fast as crypto-rust (minima {:.2}; {ifma}; target at least \
         {least}: {verdict})",
        found.ratio, found.ratio_of_minima,
    );
}

fn measure(backend: &Backend, server: &Server) {
    let device = Device::new(server);
    let primitives = Primitives::new(server, &device);
    let found = side_by_side(BUDGET, || server.transaction(), || primitives.of_the_server());
    report("server transaction", backend, &found);
    let found = side_by_side(BUDGET, || device.enrolment(), || primitives.of_the_device());
    report("client enrolment", backend, &found);
}

fn report(what: &str, backend: &Backend, found: &Comparison) {
    let verdict = if found.ratio <= backend.target { "met" } else { "missed" };
    println!(
        "{what:<20} {:<12} {:>7} µs  {:>7} µs  {:>6.3}   {:>6.3}   {:.2} {verdict} ({} rounds)",
        backend.name,
        found.first.as_micros(),
        found.second.as_micros(),
        found.ratio,
        found.ratio_of_minima,
        backend.target,
        found.rounds,
    );
}

/// Whether the processor multiplies 52-bit integers eight at a time, which halves what RSA costs
/// in AWS-LC.
fn has_ifma() -> Option<bool> {
    #[cfg(target_arch = "x86_64")]
    return Some(std::arch::is_x86_feature_detected!("avx512ifma"));
    #[cfg(not(target_arch = "x86_64"))]
    None
}
