//! What goes wrong behind Fleet, and before it.

use std::sync::Arc;

use devicecert::fleet::request_certificate::Authority;
use http::Response;
use tokio::runtime::Runtime;

use crate::http_server::{Answer, serve};
use crate::program::Program;
use crate::world::{DIGICERT, EMAIL, EST, World, est_authority};

#[test]
fn the_est_server_refuses_fleet() {
    let world = World::new();
    world.change(|state| {
        let Authority::Hydrant { url, .. } = state.authorities[0].1.clone() else { panic!() };
        state.authorities[0].1 = est_authority(url, "old secret");
    });
    let text = ": EST certificate request failed: unexpected status code: 401";
    Program::of_user(&world, EST).run().refused(400, text);
}

#[test]
fn the_est_server_is_not_there() {
    let world = World::new();
    world.change(|state| {
        state.authorities[0].1 = est_authority("https://localhost:9/est".to_owned(), "secret");
    });
    let run = Program::of_user(&world, EST).run();
    assert_eq!(run.status, 3);
    run.says("HTTP status 400: EST certificate request failed: ");
}

#[test]
fn cas_that_are_none() {
    let world = World::new();
    let text = ": This API currently only supports Hydrant, EST, and NDES Certificate Authorities.";
    Program::of_user(&world, DIGICERT).run().refused(400, text);
    let text = ": certificate authority was not found in the datastore";
    Program::of_user(&world, "6").run().refused(404, text);
}

/// Neither a token nor what comes back goes over a network in the clear.
#[test]
fn fleet_over_http() {
    let world = World::new();
    for url in ["http://fleet.example", "http://127.0.0.1.fleet.example"] {
        let program = Program::elsewhere(&world, url).names(EMAIL, EMAIL);
        let run = program.env("FLEET_API_TOKEN", "t").run();
        assert_eq!(run.status, 1);
        run.says("Fleet is called over https only, or on this machine");
    }
}

#[test]
fn fleet_is_not_there() {
    let world = World::new();
    let program = Program::elsewhere(&world, "http://127.0.0.1:9").names(EMAIL, EMAIL);
    let run = program.env("FLEET_API_TOKEN", "t").run();
    assert_eq!(run.status, 4);
    run.says("/api/v1/fleet/certificate_authorities/3/request_certificate: ");
}

/// A gateway that answers for a Fleet that is down says so without Retry-After, and not in JSON.
#[test]
fn what_may_go_well_later_is_to_be_tried_again() {
    let runtime = Runtime::new().unwrap();
    let world = World::new();
    let status = |status: u16| {
        let answer: Answer =
            Arc::new(move |_| Response::builder().status(status).body(b"<html>".to_vec()).unwrap());
        let url = format!("http://{}", serve(&runtime, None, answer));
        let program = Program::elsewhere(&world, &url).names(EMAIL, EMAIL);
        program.env("FLEET_API_TOKEN", "t").run().status
    };
    for later in [408, 429, 500, 502, 503, 504] {
        assert_eq!(status(later), 4, "{later}");
    }
    for never in [400, 401, 403, 404] {
        assert_eq!(status(never), 3, "{never}");
    }
    let nowhere = Program::elsewhere(&world, "https://fleet.invalid").names(EMAIL, EMAIL);
    assert_eq!(nowhere.env("FLEET_API_TOKEN", "t").run().status, 4);
}
