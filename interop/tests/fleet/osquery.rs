//! The policy for Linux, run by SQLite, which is what osquery runs it with.

use std::time::Duration;

use devicecert::fleet::osquery_policy;
use devicecert_interop::peer::{Need, Peer};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

static SQLITE: Peer = Peer { name: "sqlite", needs: &[Need::Program("python3")] };

const RUN: &str = r#"
import sqlite3, sys, time
path, policy = sys.argv[1:3]
database = sqlite3.connect(':memory:')
# As osquery declares them.
database.execute('CREATE TABLE certificates (path TEXT, not_valid_after TEXT)')
day = 86400
for left, passes in [(31 * day, True), (30 * day + 60, True), (30 * day - 60, False), (-day, False)]:
    database.execute('DELETE FROM certificates')
    database.execute('INSERT INTO certificates VALUES (?, CAST(? AS INTEGER))', ('/other', int(time.time()) + 99 * day))
    database.execute('INSERT INTO certificates VALUES (?, CAST(? AS INTEGER))', (path, int(time.time()) + left))
    found = database.execute(policy).fetchall()
    assert bool(found) == passes, (left, found)
"#;

pub(crate) fn cases() -> Vec<Case> {
    let what = "a host passes the policy while its certificate has more than 30 days";
    vec![case(&SQLITE, "policy", what, policy)]
}

fn policy(lab: &Lab) -> Outcome {
    for path in ["/opt/company/certificate.pem", "/opt/o'brien/a b.pem"] {
        let policy = osquery_policy(path, Duration::from_secs(30 * 86_400));
        Tool::new("python3").args(["-c", RUN]).arg(path).arg(policy).run(lab)?.ok()?;
    }
    Ok(())
}
