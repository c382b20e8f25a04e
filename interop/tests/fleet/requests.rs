//! Certification requests that OpenSSL made, as the scripts for Linux have it, at Fleet's
//! `request_certificate`: the names are found where it puts them.

use std::process::Command;

use devicecert::fleet::Rules;
use devicecert::fleet::request_certificate::{
    Authority, AuthorityId, Caller, Introspection, Reply, Role, Service, Step,
};
use devicecert::pki::Secret;
use devicecert_interop::peer::{OPENSSL, find};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};
use http::Response;

const IDP: &str = "https://idp.example/oauth2/v1/introspect";
const GOOD: &str = "DNS:example.com,email:fleetie@example.com,\
     URI:ID:FleetDM:GUID:85700036-11ef-11e1-bbda-389239cc2c41,\
     otherName:msUPN;UTF8:fleetie@example.com";

pub(crate) fn cases() -> Vec<Case> {
    let row = |name: &str, what: &str, run: fn(&Lab) -> Outcome| case(&OPENSSL, name, what, run);
    vec![
        row("csr_names", "makes requests with msUPN, which are Fleet's to judge", names),
        row("csr_escaped", "makes one that a shell script escapes", escaped),
    ]
}

/// A request with these alternative names.
fn request(lab: &Lab, alt_names: &str) -> Outcome<String> {
    let key = lab.path("key.pem");
    let done = Tool::new("openssl")
        .args(["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
        .args(["-subj", "/CN=Test", "-addext", &format!("subjectAltName={alt_names}"), "-keyout"])
        .arg(key)
        .run(lab)?
        .ok()?;
    Ok(String::from_utf8(done.stdout)?)
}

/// What Fleet says, once the identity provider has vouched for fleetie; `None` if it would issue.
fn refusal(rules: Rules, csr: &str) -> Outcome<Option<String>> {
    let mut service = Service::new(rules);
    service.policy.introspection_urls = vec![IDP.to_owned()];
    let body = serde_json::json!({
        "csr": csr, "idp_oauth_url": IDP, "idp_token": "t", "idp_client_id": "c",
    });
    refused(&service, body.to_string().as_bytes())
}

fn refused(service: &Service, body: &[u8]) -> Outcome<Option<String>> {
    let caller = Caller::User(Role::GlobalMaintainer);
    let mut handling = match service.handle(&caller, AuthorityId::from(1), body) {
        Ok(handling) => handling,
        Err(refusal) => return Ok(Some(refusal.to_string())),
    };
    loop {
        handling = match handling.step() {
            Step::LookUp(asked) => asked.found(Some(Authority::Hydrant {
                url: "https://hydrant.example".to_owned(),
                client_id: Some("id".to_owned()),
                client_secret: Some(Secret::from("secret")),
            })),
            Step::Introspect(asked) => {
                let body = br#"{"active":true,"username":"fleetie@example.com"}"#.to_vec();
                asked.answered(&Introspection::Response(Response::new(body)))
            }
            Step::Issue(_) => return Ok(None),
            Step::Done(Reply::Refused(refusal)) => return Ok(Some(refusal.to_string())),
            Step::Done(Reply::Issued(_)) => return Err("issued by nobody".into()),
        };
    }
}

fn names(lab: &Lab) -> Outcome {
    let bad = GOOD.replace("email:fleetie@", "email:badactor@");
    let partial = GOOD.replace("UTF8:fleetie@example.com", "UTF8:fleet");
    let two = format!("{GOOD},otherName:msUPN;IA5:victim@example.com");
    let invalid = Some("Invalid CSR".to_owned());
    for (alt_names, guide, current) in [
        (GOOD, None, None),
        (&bad, invalid.clone(), invalid.clone()),
        // Late 2025 takes the beginning of a name for the name, and looks at the first.
        (&partial, None, invalid.clone()),
        (&two, None, invalid.clone()),
    ] {
        let csr = request(lab, alt_names)?;
        assert_eq!(refusal(Rules::Guide, &csr)?, guide, "{alt_names}");
        assert_eq!(refusal(Rules::Current, &csr)?, current, "{alt_names}");
    }
    Ok(())
}

/// As the guide's script puts a request into JSON: sed, and no JSON library.
fn escaped(lab: &Lab) -> Outcome {
    let csr = lab.write("device.csr", request(lab, GOOD)?)?;
    let sed = find("sed").ok_or("there is no sed")?;
    let script = r":a;N;$!ba;s/\n/\\n/g";
    for script in [script, &script.replace(r"\\n", r"\\\\n")] {
        let output = Command::new(&sed).arg(script).arg(&csr).output()?;
        let line = String::from_utf8(output.stdout)?;
        let body = format!(r#"{{ "csr": "{}" }}"#, line.trim_end());
        assert_eq!(refused(&Service::new(Rules::Current), body.as_bytes())?, None, "{body}");
    }
    Ok(())
}
