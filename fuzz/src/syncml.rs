//! SyncML documents: read, written, read again.

use devicecert_syncml::{CmdIds, Document, Limits, results};

pub fn run(data: &[u8]) {
    let limits = Limits::default();
    let document = match Document::read_bytes(data, &limits) {
        Ok(document) => document,
        Err(error) => {
            let _ = error.to_string();
            return;
        }
    };
    let written = document.to_xml();
    let again = Document::read(&written, &limits).expect("what was written can be read");
    assert_eq!(again, document);
    assert_eq!(again.to_xml(), written);

    let numbered = document.with_cmd_ids(CmdIds::Missing);
    assert_eq!(numbered.commands().count(), document.commands().count());
    assert!(numbered.commands().all(|command| command.cmd_id().is_some()));
    assert_eq!(numbered.with_cmd_ids(CmdIds::Missing), numbered);

    for command in document.commands() {
        for item in command.items() {
            let Some(value) = item.data() else { continue };
            for (at, _) in value.text.char_indices().take(64) {
                let part = document.part(&value, at..at);
                assert!(document.text().get(part).is_some());
            }
        }
    }
    let _ = (results::statuses(&document), results::reports(&document));
}
