//! What a person reads of requests that wait, and decides by.

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{CsrParams, GeneralName, KeyKind, Signer};
use devicecert_examples::server::{Status, Store, StoreError, Verdict, Waiting, Wanted};

const KEY: &str = "0000000000000000000000000000000000000000000000000000000000000001";
const OTHER: &str = "0000000000000000000000000000000000000000000000000000000000000002";

fn wanted(subject: &str, upn: &str) -> Wanted {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let mut params = CsrParams::new(subject.parse().unwrap());
    params.subject_alt_name = vec![GeneralName::Upn(upn.into())];
    let csr = params.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    Wanted::of(&csr).unwrap()
}

/// A store in which these transactionIDs wait, each in its folder.
fn waiting(requests: &[(&str, &str)]) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    for (key, id) in requests {
        let wanted = wanted("CN=device-1", "someone@example.com");
        store.begin(key, id, &wanted, &RustCrypto).unwrap();
        store.set_status(key, &Status::Pending).unwrap();
    }
    (folder, store)
}

fn only(store: &Store) -> Waiting {
    let mut all = store.waiting().unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0).unwrap()
}

/// It is whatever the client says, and the listing is what a person goes by.
#[test]
fn a_transaction_id_adds_no_line_to_what_a_person_reads() {
    let forged = "A\nsubject: CN=x\ndigest: 00\r\u{1b}[2K\u{202e}\u{2028}\u{2066}";
    let (_folder, store) = waiting(&[(KEY, forged)]);
    let Waiting { about, .. } = only(&store);
    let subjects: Vec<_> = about.lines().filter(|line| line.starts_with("subject:")).collect();
    assert_eq!(subjects, ["subject: CN=device-1"]);
    assert_eq!(about.lines().filter(|line| line.starts_with("digest:")).count(), 1);
    let shown = |character: char| character == '\n' || (' '..='~').contains(&character);
    assert!(about.chars().all(shown), "{about:?}");
    // It is approved under the name that the listing gives it, or under its folder.
    let name = about.lines().next().unwrap().strip_prefix("transactionID: ").unwrap();
    assert_eq!(store.decide(name, Verdict::Approved).unwrap().key, KEY);
    assert_eq!(only(&store).verdict, Some(Verdict::Approved));
    assert_eq!(store.decide(KEY, Verdict::Rejected).unwrap().key, KEY);
    assert_eq!(only(&store).verdict, Some(Verdict::Rejected));
}

#[test]
fn an_alternative_name_adds_and_turns_no_line_either() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let wanted = wanted("CN=device-1", "a\nsubject: CN=x\u{202e}\u{2028}\u{2066}b");
    store.begin(KEY, "A", &wanted, &RustCrypto).unwrap();
    store.set_status(KEY, &Status::Pending).unwrap();
    let Waiting { about, .. } = only(&store);
    assert_eq!(about.lines().count(), 4, "{about}");
    assert!(about.is_ascii(), "{about:?}");
}

#[test]
fn a_request_is_named_by_nothing_but_its_transaction_id_and_its_folder() {
    let (_folder, store) = waiting(&[(KEY, "A\ntransactionID: B")]);
    let unknown = store.decide("B", Verdict::Approved).unwrap_err();
    assert!(matches!(unknown, StoreError::Unknown(_)), "{unknown}");
    assert_eq!(only(&store).verdict, None);
}

#[test]
fn a_folder_can_be_named_though_it_is_the_transaction_id_of_another() {
    let (_folder, store) = waiting(&[(KEY, "A"), (OTHER, KEY)]);
    assert_eq!(store.decide(KEY, Verdict::Approved).unwrap().key, KEY);
    let verdicts: Vec<_> =
        store.waiting().unwrap().into_iter().map(|one| one.unwrap().verdict).collect();
    assert_eq!(verdicts, [Some(Verdict::Approved), None]);
}

/// Nor does the other one get it once the folder does not wait any more, or is damaged.
#[test]
fn nor_is_the_other_one_meant_when_the_folder_has_nothing_to_decide() {
    let (folder, store) = waiting(&[(KEY, "A"), (OTHER, KEY)]);
    store.set_status(KEY, &Status::Rejected).unwrap();
    let unknown = store.decide(KEY, Verdict::Approved).unwrap_err();
    assert!(matches!(unknown, StoreError::Unknown(_)), "{unknown}");
    std::fs::write(folder.path().join("transactions").join(KEY).join("status"), "?").unwrap();
    let damaged = store.decide(KEY, Verdict::Approved).unwrap_err();
    assert!(matches!(damaged, StoreError::Status(_)), "{damaged}");
    assert_eq!(store.decide(OTHER, Verdict::Approved).unwrap().key, OTHER);
}

#[test]
fn of_several_with_one_transaction_id_the_folders_are_named() {
    let (_folder, store) = waiting(&[(KEY, "A"), (OTHER, "A")]);
    let StoreError::Ambiguous { id, keys } = store.decide("A", Verdict::Approved).unwrap_err()
    else {
        panic!("not ambiguous")
    };
    assert!(id == "A" && keys.contains(KEY) && keys.contains(OTHER));
}
