//! A CA that speaks SCEP, to which Fleet is the client.

use devicecert::fleet::Rules;

use crate::program::Program;
use crate::world::{CHALLENGE, NDES, World, ndes_authority};

#[test]
fn with_the_challenge_in_the_request() {
    for form in [&["--chain"][..], &[]] {
        let world = World::new();
        let program = Program::of_user(&world, NDES).env("FLEET_CHALLENGE", CHALLENGE);
        program.args(form).run().issued();
        world.check_issued(&world.scep_ca);
    }
}

#[test]
fn with_the_challenge_in_a_file() {
    let world = World::new();
    let file = world.write("challenge", CHALLENGE);
    Program::of_user(&world, NDES).args(&["--challenge-file", &file]).run().issued();
}

#[test]
fn without_or_with_another_challenge() {
    let world = World::new();
    let text = ": SCEP certificate request failed: SCEP server rejected the request: status FAILURE \
         with fail info badRequest (2); if this certificate authority requires a challenge, include \
         it as the CSR's challengePassword attribute";
    Program::of_user(&world, NDES).env("FLEET_CHALLENGE", "guess").run().refused(400, text);
    Program::of_user(&world, NDES).run().refused(400, text);
}

/// To be tried again, which is another exit status than a refusal.
#[test]
fn a_server_that_is_not_there() {
    let world = World::new();
    world.change(|state| {
        state.authorities[1].1 = ndes_authority("http://127.0.0.1:9/mscep.dll".to_owned());
    });
    let run = Program::of_user(&world, NDES).env("FLEET_CHALLENGE", CHALLENGE).run();
    assert_eq!(run.status, 4, "{run:?}");
    run.says("HTTP status 503: getting CA certificates from SCEP URL: ");
}

#[test]
fn late_2025_had_no_ndes_here() {
    let world = World::new();
    world.change(|state| state.service.rules = Rules::Guide);
    let text = ": This API currently only supports Hydrant and EST Certificate Authorities.";
    Program::of_user(&world, NDES).run().refused(400, text);
}
