//! A certificate of DigiCert ONE: a key, an order, a file.

use devicecert_ca::digicert::{self, Account, Order, csr_params};
use devicecert_ca::{CaName, Limits, Pkcs12Password};
use devicecert_fleet::{Destination, Host, Template};
use devicecert_pki::{Provider, Secret, Signer};
use http::{Request, Response};

use super::{Fault, random};
use crate::delivery::finding::{Cause, OrderField};
use crate::delivery::had::Had;
use crate::error::{Error, Misuse};

/// A certificate that is being had.
pub(in crate::delivery) struct Purchase {
    account: Account,
    common_name: String,
    seat_id: String,
    user_principal_name: Option<String>,
    /// What goes to DigiCert, and the key it is for.
    order: Option<(Order, Secret)>,
}

/// What keeps the settings of an account from being filled in for a host.
pub(in crate::delivery) fn check(account: &Account, host: &Host) -> Vec<Cause> {
    let fields = [
        (OrderField::CommonName, Some(account.common_name())),
        (OrderField::SeatId, Some(account.seat_id())),
        (OrderField::UserPrincipalName, account.user_principal_name()),
    ];
    let mut causes: Vec<Cause> = Vec::new();
    for (field, text) in fields {
        if let Some(Err(error)) = text.map(|text| expand(text, host)) {
            causes.push(Cause::Order { ca: account.name().clone(), field, error });
        }
    }
    causes
}

/// The text as it goes to DigiCert: in JSON and in a certificate, and so never escaped for XML.
fn expand(text: &str, host: &Host) -> Result<String, devicecert_fleet::Error> {
    let template = Template::compile(text, Destination::CaField)?;
    Ok(template.fill(|variable| host.value(variable).map(Into::into))?.into_string())
}

impl Purchase {
    pub(super) fn new(account: &Account, host: &Host) -> Result<Self, Error> {
        Ok(Self {
            account: account.clone(),
            common_name: expand(account.common_name(), host)?,
            seat_id: expand(account.seat_id(), host)?,
            user_principal_name: account
                .user_principal_name()
                .map(|name| expand(name, host))
                .transpose()?,
            order: None,
        })
    }

    pub(super) const fn name(&self) -> &CaName {
        self.account.name()
    }

    pub(super) const fn has_order(&self) -> bool {
        self.order.is_some()
    }

    /// `None` as long as there is no key.
    pub(super) fn request(&self) -> Result<Option<Request<Vec<u8>>>, Error> {
        let order = self.order.as_ref().map(|(order, _)| self.account.order_request(order));
        Ok(order.transpose()?)
    }

    pub(super) fn generated(&mut self, key: &dyn Signer, pkcs8: Secret) -> Result<(), Error> {
        if self.order.is_some() {
            return Err(Misuse::UnexpectedAnswer.into());
        }
        let params = csr_params(&self.common_name)?;
        let csr = params.unsigned(key.public_key())?.sign(key)?;
        let mut order = Order::new(csr, &self.common_name, &self.seat_id);
        order.user_principal_name.clone_from(&self.user_principal_name);
        self.order = Some((order, pkcs8));
        Ok(())
    }

    pub(super) fn received(
        &self,
        response: &Response<Vec<u8>>,
        provider: &dyn Provider,
        limits: &Limits,
    ) -> Result<Had, Fault> {
        let Some((order, key)) = &self.order else {
            return Err(Misuse::UnexpectedAnswer.into());
        };
        let ca = self.name().clone();
        let issued = match self.account.issued(order, response, limits) {
            Ok(issued) => issued,
            Err(error) => return Err(Cause::DigiCert { ca, error }.into()),
        };
        let password = Pkcs12Password::from_random(random(provider)?);
        let identity = issued.identity(key.clone(), password, provider).map_err(Error::from)?;
        Ok(Had::DigiCert {
            ca,
            data: identity.data(),
            password: identity.password.as_secret().clone(),
            validity: issued.certificate.validity(),
            serial: issued.serial_number,
        })
    }

    pub(super) fn unreachable(&self, error: &dyn core::error::Error) -> Cause {
        let error = digicert::Error::unreachable(error);
        Cause::DigiCert { ca: self.name().clone(), error }
    }
}
