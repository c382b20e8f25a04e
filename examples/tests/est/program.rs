//! What `est-client` leaves in its folder, and what it ends with.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert_examples::files;
use devicecert_examples::server::{Approval, Store, Verdict};

use crate::world::{BACKEND, Options, PASSWORD, USER, World};

/// One device, in the folder `device` beside the server's.
struct Client<'w> {
    world: &'w World,
    home: tempfile::TempDir,
}

impl<'w> Client<'w> {
    fn new(world: &'w World) -> Self {
        Self { world, home: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join("device").join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    /// Goes there, and ends with this status. Arguments are relative to the folder above `device`.
    fn at_server(&self, arguments: &str, status: i32) {
        let url = format!("--url https://localhost:{}", self.world.address.port());
        self.run(&format!("{url} {arguments}"), status);
    }

    fn run(&self, arguments: &str, status: i32) {
        let output = Command::new(program())
            .current_dir(self.home.path())
            .env("EST_PASSWORD", PASSWORD)
            .args(["--out", "device", "--user", USER])
            .args(arguments.split_whitespace())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments}: {output:?}");
    }
}

/// Cargo builds the examples of a package along with its tests, into a folder beside theirs.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap().join("examples");
    let program = folder.join(format!("est-client{}", std::env::consts::EXE_SUFFIX));
    let named = program.display();
    assert!(program.exists(), "{named} is not built: run `cargo build --examples`");
    program
}

/// RFC 7030 §4.1.3: the explicit trust anchors are those of `/cacerts`, and no intermediate.
#[test]
fn what_comes_with_a_certificate_is_no_trust_anchor() {
    let (world, root) = World::of_two_tiers(Options::default());
    let client = Client::new(&world);
    let pin = root.fingerprint(DigestAlgorithm::Sha256, BACKEND.provider()).unwrap();
    let pin: String = pin.iter().map(|octet| format!("{octet:02x}")).collect();
    client.at_server(&format!("--fingerprint {pin} cacerts"), 0);
    let certificates = |name| files::read_certificates(&client.file(name)).unwrap();
    let check = || {
        assert_eq!(certificates("ca.pem"), std::slice::from_ref(&root));
        assert_eq!(certificates("intermediates.pem"), std::slice::from_ref(&world.ca));
    };
    check();

    let trust = "--explicit-ta device/ca.pem";
    client.at_server(&format!("{trust} enroll --subject CN=device-1"), 0);
    let first = certificates("device.pem");
    assert_eq!(certificates("chain.pem"), [world.ca.clone(), root.clone()]);
    check();

    let old = "--cert device/device.pem --key device/device.key";
    client.at_server(&format!("{trust} {old} reenroll"), 0);
    assert_ne!(certificates("device.pem"), first);
    check();
    client.at_server(&format!("{trust} cacerts"), 0);
    check();
}

#[test]
fn a_saved_request_gets_its_certificate_for_the_first_key() {
    let world = World::new(Options { approval: Approval::Manual, ..Options::default() });
    let client = Client::new(&world);
    files::write_certificates(&client.home.path().join("ca.pem"), std::slice::from_ref(&world.ca))
        .unwrap();
    let options = "--explicit-ta ca.pem --poll-interval 1 --no-wait --save pending.est";
    client.at_server(&format!("{options} enroll --subject CN=device-1"), 4);
    let key = client.read("device.key.new");
    // Nobody has decided: it is saved again, and nothing is lost.
    client.run(&format!("{options} --resume pending.est"), 4);

    let store = Store::open(world.folder.path()).unwrap();
    let waiting = store.waiting().unwrap();
    let [Ok(one)] = waiting.as_slice() else { panic!("{} wait", waiting.len()) };
    store.decide(&one.key, Verdict::Approved).unwrap();
    client.run("--explicit-ta ca.pem --resume pending.est", 0);
    assert_eq!(client.read("device.key"), key);
    assert!(!client.file("device.key.new").exists());
    let device = files::read_certificate(&client.file("device.pem")).unwrap();
    assert_eq!(device.public_key(), BACKEND.load(&key).unwrap().public_key());
}

#[test]
fn a_linked_request_is_saved_and_linked_to_the_next_connection() {
    let world = World::new(Options { approval: Approval::Manual, ..Options::default() });
    let client = Client::new(&world);
    files::write_certificates(&client.home.path().join("ca.pem"), std::slice::from_ref(&world.ca))
        .unwrap();
    let options = "--explicit-ta ca.pem --poll-interval 1 --pop";
    let save = format!("{options} --save pending.est");
    client.at_server(&format!("{save} enroll --subject CN=device-1"), 4);
    let store = Store::open(world.folder.path()).unwrap();
    let waiting = store.waiting().unwrap();
    let [Ok(one)] = waiting.as_slice() else { panic!("{} wait", waiting.len()) };
    store.decide(&one.key, Verdict::Approved).unwrap();
    client.run(&format!("{options} --resume pending.est"), 0);
}

#[test]
fn what_cannot_be_saved_or_resumed_is_said_before_anything_is_sent() {
    let world = World::new(Options::default());
    let client = Client::new(&world);
    for arguments in [
        "--save x.est cacerts",
        "--save x.est serverkeygen --subject CN=device-1",
        "--resume x.est enroll --subject CN=device-1",
        "",
    ] {
        client.at_server(arguments, 2);
    }
    client.run("--resume x.est", 1);
}
