//! CSR attributes: read, written, read again, made into a plan.

use devicecert_est::{CsrAttrs, Limits, Tolerance};

use crate::world;

pub fn run(data: &[u8]) {
    let limits = Limits::default();
    for tolerance in [Tolerance::default(), Tolerance::STRICT] {
        let Ok(attrs) = CsrAttrs::parse(data, &tolerance, &limits) else { continue };
        let written = attrs.to_der();
        let again = CsrAttrs::parse(&written, &tolerance, &limits).unwrap();
        assert_eq!(again.to_der(), written);
        if let Ok(Some(template)) = attrs.template(&limits) {
            let whole = CsrAttrs::default().with_template(&template);
            // Attributes and their values are SETs: they may come in any order.
            let again = whole.template(&limits).unwrap().unwrap();
            assert_eq!(again.to_der(), template.to_der());
        }
        let Ok(mut plan) = attrs.plan(&tolerance, &limits) else { continue };
        let csr = &world::real().csr;
        plan.subject(csr.subject());
        let open = plan.undecided(csr.public_key());
        assert_eq!(plan.finish(csr.public_key()).is_ok(), open.is_empty());
    }
}
