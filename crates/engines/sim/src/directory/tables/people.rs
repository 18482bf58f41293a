//! Tables `sim_phone` (which numbers are known) and `sim_profile`.

use std::collections::HashSet;

use recado_event_store::StoreError;
use recado_kernel::PhoneNumber;
use sqlx::PgPool;

use super::super::people;

/// What a person shows.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub name: String,
    pub about: String,
    pub picture: Option<String>,
}

/// Which of these numbers are virtual phones.
pub(crate) async fn known(pool: &PgPool, numbers: &[String]) -> Result<HashSet<String>, StoreError> {
    let found: Vec<String> =
        sqlx::query_scalar("SELECT number FROM sim_phone WHERE number = ANY ($1)").bind(numbers).fetch_all(pool).await?;
    Ok(found.into_iter().collect())
}

/// One person; what was never chosen is made up.
pub(crate) async fn find(pool: &PgPool, number: &PhoneNumber) -> Result<Person, StoreError> {
    let row: Option<(Option<String>, Option<String>, Option<String>)> =
        sqlx::query_as("SELECT name, about, picture FROM sim_profile WHERE number = $1")
            .bind(number.as_str())
            .fetch_optional(pool)
            .await?;
    let (name, about, picture) = row.unwrap_or_default();
    Ok(Person {
        name: name.unwrap_or_else(|| people::shown_name(number)),
        about: about.unwrap_or_else(|| people::ABOUT.to_owned()),
        picture,
    })
}

/// Changes what is `Some`.
pub(crate) async fn change(
    pool: &PgPool,
    number: &PhoneNumber,
    name: Option<&str>,
    about: Option<&str>,
    picture: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sim_profile AS p (number, name, about, picture) VALUES ($1, $2, $3, $4)
         ON CONFLICT (number) DO UPDATE SET name = COALESCE(excluded.name, p.name), about = COALESCE(excluded.about, p.about),
                picture = COALESCE(excluded.picture, p.picture)",
    )
    .bind(number.as_str())
    .bind(name)
    .bind(about)
    .bind(picture)
    .execute(pool)
    .await?;
    Ok(())
}
