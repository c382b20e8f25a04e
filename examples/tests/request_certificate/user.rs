//! With the API token of a user.

use devicecert::fleet::Rules;
use devicecert::pki::{CsrParams, GeneralName, KeyKind, to_pem};
use devicecert_examples::keys::write_key;

use crate::fleet::{OBSERVER, TOKEN};
use crate::program::{Program, path};
use crate::world::{BACKEND, EMAIL, EST, World};

#[test]
fn a_certificate() {
    let world = World::new();
    let run = Program::of_user(&world, EST).run();
    run.issued();
    run.says("there is no certificate yet; asking Fleet for one");
    world.check_issued(&world.est_ca);
    let names = world.certificate().extensions().subject_alt_name().unwrap();
    assert_eq!(names, [GeneralName::Email(EMAIL.into()), GeneralName::Upn(EMAIL.into())]);
    assert_eq!(world.statuses(), [200]);
    assert!(!run.out.contains(TOKEN) && !run.err.contains(TOKEN));
}

#[cfg(unix)]
#[test]
fn who_may_read_what() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    Program::of_user(&world, EST).run().issued();
    for (file, mode) in [("device.key", 0o600), ("device.pem", 0o644)] {
        let found = std::fs::metadata(world.out(file)).unwrap().permissions().mode();
        assert_eq!(found & 0o777, mode, "{file}");
    }
}

/// What Fleet of late 2025 sends, whatever is asked for: PKCS #7 under the label CERTIFICATE.
#[test]
fn every_form() {
    let world = World::new();
    for rules in [Rules::Guide, Rules::Current] {
        world.change(|state| state.service.rules = rules);
        for form in [&["--chain"][..], &[]] {
            let program = Program::of_user(&world, EST).args(&["--renew-below", "9999"]);
            program.args(form).run().issued();
            world.check_issued(&world.est_ca);
        }
    }
    assert_eq!(world.statuses(), [200; 4]);
}

#[test]
fn a_token_in_a_file() {
    let world = World::new();
    let file = world.write("token", &format!("{TOKEN}\n"));
    Program::bare(&world, EST).names(EMAIL, EMAIL).args(&["--token-file", &file]).run().issued();
    let empty = world.write("token", "\n");
    let program = Program::bare(&world, EST).names(EMAIL, EMAIL);
    let run = program.args(&["--token-file", &empty, "--renew-below", "9999"]).run();
    assert_eq!(run.status, 1);
    run.says("the file is empty");
}

#[test]
fn tokens_that_are_not_enough() {
    let world = World::new();
    let with =
        |token| Program::bare(&world, EST).names(EMAIL, EMAIL).env("FLEET_API_TOKEN", token).run();
    with("guess").refused(401, ": Authentication required");
    with(OBSERVER).refused(403, ": forbidden");
    let run = Program::bare(&world, EST).names(EMAIL, EMAIL).run();
    assert_eq!(run.status, 1);
    run.says("--token-file, FLEET_API_TOKEN or --host-certificate is required");
    assert!(!world.out("device.pem").exists() && !world.out("device.key").exists());
}

/// A request and a key that were made elsewhere.
#[test]
fn a_request_from_elsewhere() {
    let world = World::new();
    let key = BACKEND.generate(KeyKind::P384).unwrap();
    let csr = CsrParams::new("CN=elsewhere".parse().unwrap());
    let csr = csr.unsigned(key.public_key()).unwrap().sign(&*key).unwrap();
    let file = world.write("device.csr", &to_pem("CERTIFICATE REQUEST", csr.as_der()));
    let run = || {
        let program = Program::bare(&world, EST).env("FLEET_API_TOKEN", TOKEN);
        program.args(&["--csr", &file]).run()
    };
    run().issued();
    assert_eq!(world.certificate().public_key(), key.public_key());
    assert!(!world.out("device.key").exists() && !world.out("device.key.new").exists());
    assert!(run().out.starts_with("nothing to do: "));
}

#[test]
fn a_key_from_elsewhere() {
    let world = World::new();
    let key = BACKEND.generate(KeyKind::P256).unwrap();
    let file = world.folder.path().join("own.key");
    write_key(&file, &*key).unwrap();
    let run = || Program::of_user(&world, EST).args(&["--key", path(&file)]).run();
    run().issued();
    assert_eq!(world.certificate().public_key(), key.public_key());
    assert!(!world.out("device.key").exists());
    assert!(run().out.starts_with("nothing to do: "));
}

/// Fleet's certificate is from a CA of the company.
#[test]
fn over_tls() {
    let world = World::new();
    let program = || {
        let program = Program::elsewhere(&world, &world.tls_url).names(EMAIL, EMAIL);
        program.env("FLEET_API_TOKEN", TOKEN)
    };
    let run = program().run();
    assert_eq!(run.status, 1, "{run:?}");
    assert!(world.statuses().is_empty());
    program().args(&["--roots", path(&world.roots)]).run().issued();
    world.check_issued(&world.est_ca);
}
