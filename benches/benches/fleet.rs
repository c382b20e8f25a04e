//! Filling a SCEP profile for many hosts, beside the other ways to do it with the same values and
//! the same result:
//!
//! * `fill`: our template, compiled once;
//! * `replace_all`: one pass of one precompiled regular expression;
//! * `pass per variable`: one pass of a precompiled regular expression for each variable, as Fleet's
//!   server does it;
//! * `copy`: one allocation, and a copy of the result, which nobody can do without.
//!
//! `cargo bench -p devicecert-benches --bench fleet`. The four take turns, so that what the machine
//! and its neighbours do is done to all of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

use std::borrow::Cow;
use std::hint::black_box;
use std::time::{Duration, Instant};

use devicecert::fleet::{
    Destination, Fixed, Rules, Server, Template, Unavailable, Value, Variable, check,
};
use devicecert::pki::Secret;
use quick_xml::escape::escape;
use regex::{Captures, Regex};

/// As the guide of Fleet has it for NDES, with names of our own.
const PROFILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
    <key>PayloadContent</key>
    <array>
        <dict>
            <key>PayloadContent</key>
            <dict>
                <key>Challenge</key>
                <string>$FLEET_VAR_NDES_SCEP_CHALLENGE</string>
                <key>Key Type</key>
                <string>RSA</string>
                <key>Key Usage</key>
                <integer>5</integer>
                <key>Keysize</key>
                <integer>2048</integer>
                <key>Subject</key>
                <array>
                    <array>
                        <array>
                            <string>CN</string>
                            <string>%SerialNumber% Example</string>
                        </array>
                    </array>
                    <array>
                        <array>
                            <string>OU</string>
                            <string>$FLEET_VAR_SCEP_RENEWAL_ID</string>
                        </array>
                    </array>
                </array>
                <key>URL</key>
                <string>$FLEET_VAR_NDES_SCEP_PROXY_URL</string>
            </dict>
            <key>PayloadDisplayName</key>
            <string>Certificate for Wi-Fi</string>
            <key>PayloadIdentifier</key>
            <string>com.example.wifi.scep.0B7E1C51-6D9E-4B8A-9D0C-3F1C5A0E7A11</string>
            <key>PayloadType</key>
            <string>com.apple.security.scep</string>
            <key>PayloadUUID</key>
            <string>0B7E1C51-6D9E-4B8A-9D0C-3F1C5A0E7A11</string>
            <key>PayloadVersion</key>
            <integer>1</integer>
        </dict>
    </array>
    <key>PayloadDisplayName</key>
    <string>Wi-Fi of Example</string>
    <key>PayloadIdentifier</key>
    <string>com.example.wifi</string>
    <key>PayloadType</key>
    <string>Configuration</string>
    <key>PayloadUUID</key>
    <string>5D2A7C0E-93F4-4E0B-8F57-0E6B1D2C3A44</string>
    <key>PayloadVersion</key>
    <integer>1</integer>
</dict>
</plist>
"#;

const RENEWAL_ID: &str = "fleet-a5D2A7C0E-93F4-4E0B-8F57-0E6B1D2C3A44";

struct Host {
    challenge: Secret,
    url: String,
}

impl Host {
    fn numbered(number: u32) -> Self {
        Self {
            challenge: Secret::from(format!("{number:016X}")),
            url: format!(
                "https://mdm.example.com/mdm/scep/proxy/{number:08X}-0000-4000-8000-000000000000%2C\
                 a5D2A7C0E-93F4-4E0B-8F57-0E6B1D2C3A44%2CNDES"
            ),
        }
    }

    fn value(&self, name: &str) -> &str {
        match name {
            "NDES_SCEP_CHALLENGE" => std::str::from_utf8(self.challenge.expose()).unwrap(),
            "NDES_SCEP_PROXY_URL" => &self.url,
            "SCEP_RENEWAL_ID" => RENEWAL_ID,
            _ => panic!("{name}"),
        }
    }
}

struct Ways {
    template: Template,
    one: Regex,
    each: Vec<(&'static str, Regex)>,
    result: String,
}

impl Ways {
    fn new() -> Self {
        let names = ["NDES_SCEP_PROXY_URL", "NDES_SCEP_CHALLENGE", "SCEP_RENEWAL_ID"];
        let of = |name: &str| {
            Regex::new(&format!(r"(\$FLEET_VAR_{name})|(\$\{{FLEET_VAR_{name}\}})")).unwrap()
        };
        let mut ways = Self {
            template: Template::compile(PROFILE, Destination::AppleProfile).unwrap(),
            one: Regex::new(r"\$FLEET_VAR_([0-9A-Za-z_]+)|\$\{FLEET_VAR_([0-9A-Za-z_]+)\}")
                .unwrap(),
            each: names.map(|name| (name, of(name))).into(),
            result: String::new(),
        };
        let host = Host::numbered(7);
        ways.result = ways.fill(&host);
        assert_eq!(ways.result, ways.replace_all(&host));
        assert_eq!(ways.result, ways.pass_per_variable(&host));
        ways
    }

    fn fill(&self, host: &Host) -> String {
        let filled = self.template.fill(|variable| match variable {
            Variable::Fixed(Fixed::NdesScepChallenge) => Ok(Value::from(&host.challenge)),
            Variable::Fixed(Fixed::NdesScepProxyUrl) => Ok(Value::from(host.url.as_str())),
            Variable::Fixed(Fixed::ScepRenewalId) => Ok(Value::from(RENEWAL_ID)),
            _ => Err(Unavailable::NoValue),
        });
        filled.unwrap().into_string()
    }

    fn replace_all(&self, host: &Host) -> String {
        let value = |found: &Captures<'_>| {
            let name = found.get(1).or_else(|| found.get(2)).unwrap();
            escape(host.value(name.as_str())).into_owned()
        };
        self.one.replace_all(PROFILE, value).into_owned()
    }

    fn pass_per_variable(&self, host: &Host) -> String {
        let mut text = Cow::Borrowed(PROFILE);
        for (name, pattern) in &self.each {
            let value = escape(host.value(name));
            let replaced = pattern.replace_all(&text, regex::NoExpand(&value)).into_owned();
            text = Cow::Owned(replaced);
        }
        text.into_owned()
    }

    fn copy(&self) -> String {
        let mut copy = String::with_capacity(self.result.len());
        copy.push_str(black_box(&self.result));
        copy
    }
}

const NAMES: [&str; 4] = ["fill", "replace_all", "pass per variable", "copy"];

fn main() {
    let ways = Ways::new();
    let hosts: Vec<Host> = (0..100_000).map(Host::numbered).collect();
    println!(
        "filling a profile of {} bytes with 3 variables; the result has {}",
        PROFILE.len(),
        ways.result.len()
    );
    for count in [1, 1_000, 100_000] {
        fill_for(&ways, hosts.get(..count).unwrap());
    }
    once();
}

/// Hosts that one way is timed with before it is the turn of the next. Where there are many, each
/// way meets hosts that the others have not just had in their hands.
const BLOCK: usize = 1_000;

fn fill_for(ways: &Ways, hosts: &[Host]) {
    // One host takes less time than it takes to look at the clock.
    let repeat = 1_000_usize.div_ceil(hosts.len());
    let runs: [&dyn Fn(&Host) -> String; 4] = [
        &|host| ways.fill(host),
        &|host| ways.replace_all(host),
        &|host| ways.pass_per_variable(host),
        &|_| ways.copy(),
    ];
    let mut times: [Vec<f64>; 4] = Default::default();
    let begin = Instant::now();
    let blocks: Vec<&[Host]> = hosts.chunks(BLOCK).collect();
    let mut rounds = 0_usize;
    while rounds < 5 || (begin.elapsed() < Duration::from_secs(4) && rounds < 500) {
        for turn in 0..blocks.len() {
            for offset in 0..runs.len() {
                let way = (rounds + turn + offset) % runs.len();
                let block = blocks[(turn + offset * blocks.len() / runs.len()) % blocks.len()];
                let start = Instant::now();
                for _ in 0..repeat {
                    for host in block {
                        black_box(runs[way](black_box(host)));
                    }
                }
                let per_host = start.elapsed().as_secs_f64() * 1e9 / (block.len() * repeat) as f64;
                times[way].push(per_host);
            }
        }
        rounds += 1;
    }
    println!("\n{} hosts, {rounds} rounds, ns a host:   median  shortest", hosts.len());
    for times in &mut times {
        times.sort_by(f64::total_cmp);
    }
    let median = |way: usize| times[way][times[way].len() / 2];
    let shortest = |way: usize| times[way][0];
    for (way, name) in NAMES.iter().enumerate() {
        println!("  {name:<34} {:>9.0} {:>9.0}", median(way), shortest(way));
    }
    for (title, of) in [("medians", &median as &dyn Fn(usize) -> f64), ("the shortest", &shortest)]
    {
        println!(
            "  by {title}: fill is {:.2} times copy; replace_all is {:.1} times fill, a pass per \
             variable {:.1} times",
            of(0) / of(3),
            of(1) / of(0),
            of(2) / of(0),
        );
    }
}

/// What is done when a profile is uploaded.
fn once() {
    let server = Server::default().ndes();
    let time = |run: &dyn Fn()| {
        let start = Instant::now();
        for _ in 0..2_000 {
            run();
        }
        start.elapsed().as_secs_f64() / 2_000.0 * 1e6
    };
    let compile = time(&|| {
        black_box(Template::compile(black_box(PROFILE), Destination::AppleProfile).unwrap());
    });
    let check = time(&|| {
        let profile = black_box(PROFILE.as_bytes());
        black_box(check(profile, Destination::AppleProfile, &server, Rules::Current));
    });
    println!("\nonce: compile {compile:.0} µs, check {check:.0} µs");
}
