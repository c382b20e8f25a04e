//! Filling costs one allocation, the result, however many hosts there are.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use allocation_counter::measure;
use devicecert_fleet::{Destination, Fixed, Template, Unavailable, Value, Variable};
use devicecert_pki::Secret;

fn profile() -> String {
    let string = |text: &str| format!("<string>{text}</string>\n");
    let literal = string("a literal of some length").repeat(80);
    format!(
        "<plist><array>{literal}{}{literal}{}{}{literal}</array></plist>",
        string("$FLEET_VAR_NDES_SCEP_CHALLENGE"),
        string("$FLEET_VAR_NDES_SCEP_PROXY_URL"),
        string("$FLEET_VAR_SCEP_RENEWAL_ID and $FLEET_VAR_HOST_END_USER_IDP_FULL_NAME"),
    )
}

struct Host {
    challenge: Secret,
    url: String,
    name: String,
}

impl Host {
    fn numbered(number: usize) -> Self {
        Self {
            challenge: Secret::from(format!("{number:016X}")),
            url: format!("https://mdm.example/mdm/scep/proxy/{number:036}%2Ca%2CNDES"),
            // Of another length each, and with characters that are escaped.
            name: format!("O'Brien & <Söhne> \"{}\" ]]>", "x".repeat(number.rem_euclid(50))),
        }
    }

    fn value(&self, variable: &Variable) -> Result<Value<'_>, Unavailable> {
        match variable {
            Variable::Fixed(Fixed::NdesScepChallenge) => Ok(Value::from(&self.challenge)),
            Variable::Fixed(Fixed::NdesScepProxyUrl) => Ok(Value::from(self.url.as_str())),
            Variable::Fixed(Fixed::ScepRenewalId) => Ok(Value::from("fleet-a4CD1BD65")),
            Variable::Fixed(Fixed::HostEndUserIdpFullName) => Ok(Value::from(self.name.as_str())),
            _ => Err(Unavailable::NoValue),
        }
    }
}

#[test]
fn one_allocation_for_each_host_and_none_is_left() {
    let template = Template::compile(&profile(), Destination::AppleProfile).unwrap();
    for number in [0, 1, 49, 100_000] {
        let host = Host::numbered(number);
        let mut bytes = 0;
        let counted = measure(|| {
            let filled = template.fill(|variable| host.value(variable)).unwrap();
            bytes = filled.as_str().len();
        });
        assert_eq!(counted.count_total, 1, "{number}");
        // Exactly as large as the result.
        assert_eq!(counted.bytes_total, u64::try_from(bytes).unwrap(), "{number}");
        assert_eq!((counted.count_current, counted.bytes_current), (0, 0), "{number}");
    }
}

#[test]
fn memory_does_not_grow_with_the_number_of_hosts() {
    let template = Template::compile(&profile(), Destination::AppleProfile).unwrap();
    let hosts: Vec<Host> = (0..1000).map(Host::numbered).collect();
    let most = |hosts: &[Host]| {
        let counted = measure(|| {
            for host in hosts {
                drop(template.fill(|variable| host.value(variable)).unwrap());
            }
        });
        assert_eq!(counted.count_total, u64::try_from(hosts.len()).unwrap());
        assert_eq!(counted.bytes_current, 0);
        counted.bytes_max
    };
    assert_eq!(most(&hosts), most(&hosts[..100]));
}

/// Behind 16 different variables there is one more, whatever their number.
#[test]
fn many_variables() {
    let strings = |count: usize| -> String {
        let all = (0..count).map(|number| format!("<string>$FLEET_SECRET_S{number}</string>"));
        format!("<plist><array>{}</array></plist>", all.collect::<String>())
    };
    for (count, allocations) in [(16, 1), (17, 2), (500, 2)] {
        let template = Template::compile(&strings(count), Destination::AppleProfile).unwrap();
        let counted = measure(|| {
            drop(template.fill(|_| Ok::<_, Unavailable>(Value::from("value"))).unwrap());
        });
        assert_eq!(counted.count_total, allocations, "{count}");
    }
}
