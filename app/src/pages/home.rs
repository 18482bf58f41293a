//! `/`: on to where this person works.

use axum::response::Response;
use recado_accounts::{Permission, StaffPermission};

use crate::web::flash;
use crate::web::visit::Member;

/// Customers to their instances, finance to the months, support to the search.
pub async fn show(member: Member) -> Response {
    let principal = &member.principal;
    flash::go(if principal.may(Permission::ViewInstances) {
        "/instancias"
    } else if principal.staff_may(StaffPermission::ViewMonths) {
        "/financeiro"
    } else if principal.staff_may(StaffPermission::FindAccounts) {
        "/suporte"
    } else {
        "/conta"
    })
}
