//! The files of a device, whatever happens in between.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use devicecert::fleet::Limits;
use devicecert::fleet::request_certificate::{Answer, Ask};
use devicecert::pki::{CertificateParams, CsrParams, KeyKind, Time, Validity};
use devicecert_examples::files::{self, FileError};
use devicecert_examples::keys::{Key, write_key};
use devicecert_examples::request_certificate::{Folder, FolderKey, LockedFolder, read_secret};
use http::Response;

use crate::program::Program;
use crate::world::{BACKEND, EST, World};

const NEW: FolderKey = FolderKey::New(KeyKind::P256);

/// What Fleet would answer for this key: its certificate, and another one.
fn answer(key: &dyn Key) -> Answer {
    let validity = Validity::lasting(Time::from(SystemTime::now()), Duration::from_secs(86_400));
    let certificate = |key: &dyn Key| {
        let name = "CN=x".parse().unwrap();
        let public = key.public_key().clone();
        let params = CertificateParams::self_signed(name, public, validity, BACKEND.provider());
        params.unwrap().unsigned(key.public_key()).unwrap().sign(key).unwrap()
    };
    let other = BACKEND.generate(KeyKind::P256).unwrap();
    let pem = files::certificates_to_pem(&[certificate(key), certificate(&*other)]);
    let json = serde_json::json!({ "certificate": pem }).to_string();
    let csr = CsrParams::new("CN=x".parse().unwrap());
    let csr = csr.unsigned(key.public_key()).unwrap().sign(key).unwrap();
    Ask::new(csr).read(&Response::new(json.into_bytes()), &Limits::default()).unwrap()
}

/// A certificate in the folder, and its key.
fn first(folder: &LockedFolder<'_>) -> Box<dyn Key> {
    let key = folder.load_key(&NEW, BACKEND).unwrap();
    folder.keep(&answer(&*key), Some(key.public_key()), BACKEND).unwrap();
    key
}

fn key(folder: &Folder) -> Box<dyn Key> {
    BACKEND.load_file(&folder.key()).unwrap()
}

#[test]
fn of_two_runs_at_once_one_waits_for_another_time() {
    let world = World::new();
    let device = world.folder.path().join("device");
    let folder = Folder::at(&device).unwrap();
    let lock = folder.lock().unwrap();
    assert!(matches!(folder.lock(), Err(FileError::Locked(_))));
    let run = Program::of_user(&world, EST).run();
    assert_eq!(run.status, 4);
    run.says("another program is at work here");
    assert!(world.statuses().is_empty() && !folder.certificate().exists());
    drop(lock);
    Program::of_user(&world, EST).run().issued();
}

#[test]
fn a_certificate_for_a_key_that_is_gone_is_not_kept() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = Folder::at(scratch.path()).unwrap();
    let locked = folder.lock().unwrap();
    let old = first(&locked);
    let before = fs::read(folder.certificate()).unwrap();
    let asked = locked.load_key(&NEW, BACKEND).unwrap();
    // Somebody who does not know of the lock.
    let other = BACKEND.generate(KeyKind::P256).unwrap();
    write_key(&scratch.path().join("device.key.new"), &*other).unwrap();
    let kept = locked.keep(&answer(&*asked), Some(asked.public_key()), BACKEND);
    assert!(matches!(kept, Err(FileError::OtherKey(_))), "{kept:?}");
    assert_eq!(fs::read(folder.certificate()).unwrap(), before);
    assert_eq!(key(&folder).public_key(), old.public_key());
}

/// As when the disk is full: here the place of one of the files is taken by a folder.
#[test]
fn the_key_stays_while_a_certificate_cannot_be_written() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = Folder::at(scratch.path()).unwrap();
    let locked = folder.lock().unwrap();
    let old = first(&locked);
    let before = fs::read(folder.certificate()).unwrap();
    fs::remove_file(folder.chain()).unwrap();
    fs::create_dir(folder.chain()).unwrap();
    let new = locked.load_key(&NEW, BACKEND).unwrap();
    locked.keep(&answer(&*new), Some(new.public_key()), BACKEND).unwrap_err();
    assert_eq!(key(&folder).public_key(), old.public_key());
    assert_eq!(fs::read(folder.certificate()).unwrap(), before);
    fs::remove_dir(folder.chain()).unwrap();
    locked.keep(&answer(&*new), Some(new.public_key()), BACKEND).unwrap();
    assert_eq!(key(&folder).public_key(), new.public_key());
}

/// What an earlier run has left behind is none of the business of a key that is kept elsewhere.
#[test]
fn a_damaged_new_key_does_not_matter_to_other_keys() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = Folder::at(scratch.path()).unwrap();
    let locked = folder.lock().unwrap();
    let own = first(&locked);
    fs::write(scratch.path().join("device.key.new"), "damaged").unwrap();
    let elsewhere = BACKEND.generate(KeyKind::P256).unwrap();
    locked.keep(&answer(&*elsewhere), None, BACKEND).unwrap();
    locked.keep(&answer(&*own), Some(own.public_key()), BACKEND).unwrap();
    assert_eq!(key(&folder).public_key(), own.public_key());
}

#[test]
fn a_policy_is_printed_without_making_a_folder_and_names_it_in_full() {
    let scratch = tempfile::tempdir().unwrap();
    let program = Program::nowhere().args(&["--print-policy", "--out", "device"]);
    let run = program.in_folder(scratch.path()).run();
    assert_eq!(run.status, 0, "{run:?}");
    let full = fs::canonicalize(scratch.path()).unwrap().join("device/device.pem");
    assert!(run.out.contains(full.to_str().unwrap()), "{run:?}");
    assert!(!scratch.path().join("device").exists());
}

/// A challenge may end in a blank.
#[test]
fn a_secret_loses_its_line_breaks_and_nothing_else() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("secret");
    let read = |text: &str| {
        fs::write(&file, text).unwrap();
        read_secret(Some(file.as_path()), "X", None).map(|secret| secret.unwrap())
    };
    for text in ["a b \t", "a b \t\n", "a b \t\r\n\n"] {
        assert_eq!(read(text).unwrap().expose(), b"a b \t", "{text:?}");
    }
    for text in ["", "\n", "\r\n"] {
        let error = read(text).unwrap_err();
        assert!(error.to_string().ends_with(": the file is empty"), "{error}");
    }
    assert!(files::read_secret(Path::new("/nowhere/secret")).is_err());
}
