//! Who asks for a page, and how pages are answered.

use std::net::{IpAddr, SocketAddr};
use std::ops::Deref;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::response::{Html, IntoResponse as _, Response};
use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE, USER_AGENT};
use http::request::Parts;
use leptos::prelude::AnyView;
use recado_accounts::{Permission, Principal, StaffPermission};
use recado_kernel::{AccountId, CommandMeta, Door, StaffId};

use super::cookies::{self, Life};
use super::failure::Failure;
use super::flash;
use super::form_key;
use super::look::Look;
use super::page::Page;
use super::state::Panel;
use crate::client::content_security_policy;
use crate::view::render;
use crate::view::shell::{Frame, Place, Viewer, shell};
use crate::words::Words;

/// A request for a page, by anybody.
#[derive(Clone)]
pub struct Visit {
    /// What pages may use.
    pub panel: Panel,
    /// Language and theme.
    pub look: Look,
    /// Who is signed in.
    pub principal: Option<Principal>,
    /// The token that this page's forms carry.
    pub form_key: String,
    /// The session's secret, for signing out.
    pub session_token: Option<String>,
    /// From where, if the server knows.
    pub ip: Option<IpAddr>,
    /// With what.
    pub user_agent: Option<String>,
    notice: Option<String>,
    new_visitor: Option<String>,
}

impl FromRequestParts<Panel> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, panel: &Panel) -> Result<Self, Failure> {
        let headers = &parts.headers;
        let secure = panel.secure;
        let session = cookies::read(headers, cookies::session(secure)).filter(|token| !token.is_empty()).map(str::to_owned);
        let principal = match &session {
            Some(token) => panel.accounts.session(token).await?,
            None => None,
        };
        let mut look = Look::of(headers, parts.uri.path_and_query().map_or("/", |path| path.as_str()));
        if let Some(principal) = &principal
            && cookies::read(headers, cookies::LANGUAGE).is_none()
        {
            look.locale = principal.locale;
        }
        let known = session.clone().filter(|_| principal.is_some());
        let visitor = cookies::read(headers, cookies::visitor(secure)).map(str::to_owned);
        let (bound, new_visitor) = match known.clone().or(visitor) {
            Some(bound) => (bound, None),
            None => {
                let fresh: String = panel.platform.random_bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
                (fresh.clone(), Some(fresh))
            }
        };
        Ok(Self {
            form_key: form_key::key_for(&panel.platform.vault, &bound),
            panel: panel.clone(),
            look,
            principal,
            session_token: known,
            ip: parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip()),
            user_agent: headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned),
            notice: cookies::read(headers, cookies::FLASH).map(str::to_owned),
            new_visitor,
        })
    }
}

impl Visit {
    /// The words of the visitor's language.
    #[must_use]
    pub const fn words(&self) -> Words {
        self.look.words()
    }

    /// 303 to `path` with a notice.
    #[must_use]
    pub fn go_with(&self, path: &str, notice: &'static str) -> Response {
        flash::go_with(path, notice, self.panel.secure)
    }

    /// Answers with a page.
    pub fn answer(&self, page: Page, body: impl FnOnce(Words) -> AnyView) -> Response {
        let frame = Frame {
            title: self.words().t(page.title).to_owned(),
            look: self.look.clone(),
            viewer: self.principal.as_ref().map(|principal| self.viewer(principal)),
            place: page.place,
            islands: page.islands,
            notice: self.notice.clone(),
            form_key: self.form_key.clone(),
            simulated: self.panel.sim.is_some(),
        };
        let words = self.words();
        let rendered = render::document(&self.panel.assets, &self.panel.leptos, || shell(frame, body(words)));
        let mut response = (page.status, Html(rendered.html)).into_response();
        let policy = content_security_policy(page.islands.then_some(rendered.nonce.as_str()));
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
        let fresh = self.new_visitor.as_deref().map(|value| (cookies::visitor(self.panel.secure), value, Life::Session));
        let shown = self.notice.as_ref().map(|_| (cookies::FLASH, "", Life::Seconds(0)));
        for (name, value, life) in fresh.into_iter().chain(shown) {
            if let Some(cookie) = cookies::write(name, value, life, self.panel.secure) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
        }
        response
    }

    fn viewer(&self, principal: &Principal) -> Viewer {
        let may = |permission| principal.may(permission);
        let staff = |permission| principal.staff_may(permission);
        let places = [
            (Place::Instances, may(Permission::ViewInstances)),
            (Place::OptOut, may(Permission::ReadMessages)),
            (Place::Invoices, may(Permission::ViewInvoices)),
            (Place::Finance, staff(StaffPermission::ViewMonths)),
            (Place::Support, staff(StaffPermission::FindAccounts)),
            (Place::System, staff(StaffPermission::ViewSystem)),
            (Place::Simulator, self.panel.sim.is_some() && may(Permission::ManageInstances)),
            (Place::Mail, self.panel.dev_mode && self.panel.mail_folder.is_some()),
            (Place::Docs, may(Permission::ViewInstances)),
            (Place::Account, true),
        ];
        let places = places.into_iter().filter(|(_, allowed)| *allowed).map(|(place, _)| place).collect();
        Viewer { name: principal.name.clone(), places }
    }
}

/// A request by somebody who is signed in.
#[derive(Clone)]
pub struct Member {
    visit: Visit,
    /// Who.
    pub principal: Principal,
}

impl Deref for Member {
    type Target = Visit;
    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl FromRequestParts<Panel> for Member {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, panel: &Panel) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, panel).await?;
        match visit.principal.clone() {
            Some(principal) => Ok(Self { visit, principal }),
            None => Err(Failure::SignIn(visit.look.path)),
        }
    }
}

impl Member {
    /// The tenant, if this person may do this there.
    ///
    /// # Errors
    /// [`Failure::Forbidden`].
    pub fn require(&self, permission: Permission) -> Result<AccountId, Failure> {
        self.principal.require(permission).map_err(|_| Failure::Forbidden)
    }

    /// The staff member, if they may do this.
    ///
    /// # Errors
    /// [`Failure::Forbidden`].
    pub fn require_staff(&self, permission: StaffPermission) -> Result<StaffId, Failure> {
        self.principal.require_staff(permission).map_err(|_| Failure::Forbidden)
    }

    /// Is the session over? An outage is no answer, so no.
    pub async fn has_left(&self) -> bool {
        match &self.session_token {
            Some(token) => matches!(self.panel.accounts.session(token).await, Ok(None)),
            None => true,
        }
    }

    /// Circumstances of a command of this person in `account`.
    #[must_use]
    pub fn meta(&self, account: AccountId) -> CommandMeta {
        self.panel.platform.meta(account, self.principal.actor(), Door::Panel)
    }
}

/// To the sign-in page, and back to `path` afterwards.
pub fn to_sign_in(path: &str) -> Response {
    let query = serde_urlencoded::to_string([("voltar", path)]).unwrap_or_default();
    flash::go(&if path == "/" { "/entrar".to_owned() } else { format!("/entrar?{query}") })
}

/// A path of our own to come back to; anything that could lead elsewhere becomes `/`.
#[must_use]
pub fn safe_return(path: &str) -> &str {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if path.starts_with('/') && !path.starts_with("//") && plain { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::safe_return;

    #[test]
    fn only_our_own_paths_are_returned_to() {
        assert_eq!(safe_return("/instancias?x=1"), "/instancias?x=1");
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb", "javascript:1"] {
            assert_eq!(safe_return(bad), "/", "{bad}");
        }
    }
}
