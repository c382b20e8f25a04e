//! What nobody but Microsoft's servers may see: the client secret, tokens, and challenges.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::crypto_rust::RustCrypto;
use devicecert_examples::server::Approval;

use super::played::{APP, Act, SECRET, TENANT, TOKEN, Trouble};
use super::world::{Device, Nothing, World, challenge, options, parse};
use super::{is_not_answered, is_refused};

#[test]
fn the_secret_goes_over_https_only() {
    for option in ["--intune-login", "--intune-graph"] {
        let with = |url: &str| {
            let given = ["--intune-app", APP, "--intune-secret", "app.secret", option, url];
            parse(&[&["scep-server", "--intune", TENANT], &given[..]].concat())
        };
        assert!(with("https://login.example").is_ok());
        for url in ["http://login.example", "login.example", "https://a:b@login.example"] {
            assert!(with(url).unwrap_err().to_string().contains("expected an https URL"), "{url}");
        }
    }
}

#[test]
fn the_secret_goes_to_nobody_for_whom_nobody_vouches() {
    let mut world = World::new(Approval::Auto);
    let url = world.microsoft.url.clone();
    let judge = options(world.folder.path(), &url, &[]).judge(&RustCrypto).unwrap().unwrap();
    world.ca.judge = Some(Box::new(judge));
    is_not_answered(Device::new(&world).ask(&world));
    assert_eq!(world.microsoft.done(), []);
}

#[test]
fn neither_the_secret_nor_a_token_nor_a_challenge_is_in_a_log_an_error_or_a_file_that_stays() {
    let mut world = World::new(Approval::Auto);
    let mut said = vec![format!("{:?}", world.ca)];
    let mut device = Device::new(&world);
    for act in [Act::GraphToken, Act::Discovery, Act::IntuneToken, Act::Validate, Act::Succeeded] {
        for trouble in [Trouble::HangsUp, Trouble::Says(400), Trouble::Says(401)] {
            world.microsoft.state().trouble = Some((act, trouble));
            world.restart();
            match device.ask(&world).unwrap_err() {
                Nothing::NotAnswered(error) => said.push(format!("{error} {error:?}")),
                other => panic!("{other:?}"),
            }
        }
    }
    #[cfg(unix)]
    for file in world.owed() {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    world.microsoft.state().trouble = None;
    device.ask(&world).unwrap();
    let token = world.microsoft.state().newest();
    world.microsoft.state().verdict =
        format!(r#"{{"code":"{token}","errorDescription":"{token}"}}"#);
    is_refused(Device::new(&world).ask(&world), "the challenge is missing or wrong");
    said.push(format!("{:?}", world.ca));
    said.extend(world.log.lock().unwrap().iter().cloned());
    let challenge = challenge();
    let csr = STANDARD.encode(device.csr.as_der());
    for line in &said {
        for secret in [SECRET, TOKEN, &challenge[..40], &csr[..40]] {
            assert!(!line.contains(secret), "{line}");
        }
    }
    std::fs::remove_file(world.folder.path().join("app.secret")).unwrap();
    for file in every_file(world.folder.path()) {
        let content = std::fs::read(&file).unwrap();
        for secret in [SECRET.as_bytes(), TOKEN.as_bytes(), &challenge.as_bytes()[..40]] {
            let is_there = content.windows(secret.len()).any(|window| window == secret);
            assert!(!is_there, "{}", file.display());
        }
    }
}

fn every_file(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { every_file(&path) } else { vec![path] }).collect()
}
