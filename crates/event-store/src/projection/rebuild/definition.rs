//! What a read model's tables look like, and what a shadow of them must look like.

use sqlx::{FromRow, PgConnection};

use super::{RebuildError, quoted};
use crate::StoreError;

/// Digest of the definition of these tables of `schema`: columns, defaults, constraints, indexes, storage. Equal when they can take each
/// other's place.
pub(super) async fn digest(db: &mut PgConnection, schema: &str, tables: &[&str]) -> Result<String, StoreError> {
    let digest: Option<String> = sqlx::query_scalar(
        "WITH t AS (
             SELECT c.oid, c.relname, c.reloptions FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = $1 AND c.relname = ANY ($2) AND c.relkind = 'r'
         ), part AS (
             SELECT format('column %s.%s %s %s %s %s %s %s', t.relname, a.attname,
                           row_number() OVER (PARTITION BY t.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod), a.attnotnull,
                           a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)) AS text
               FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
               LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
             UNION ALL
             SELECT format('constraint %s.%s %s', t.relname, c.conname, pg_get_constraintdef(c.oid)) FROM t JOIN pg_constraint c ON c.conrelid = t.oid
             UNION ALL
             SELECT format('index %s.%s %s', t.relname, i.relname, regexp_replace(pg_get_indexdef(x.indexrelid), '^.*? USING ', ''))
               FROM t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
             UNION ALL
             SELECT format('table %s %s', relname, reloptions) FROM t
         )
         SELECT md5(string_agg(text, chr(10) ORDER BY text)) FROM part",
    )
    .bind(schema)
    .bind(tables)
    .fetch_one(db)
    .await?;
    Ok(digest.unwrap_or_default())
}

/// A statement part that makes something of the shadow, in the order to be run.
#[derive(Debug, FromRow)]
struct Part {
    name: String,
    definition: String,
}

/// The statements that make a shadow of `public.table` in `schema`.
pub(super) async fn statements(db: &mut PgConnection, table: &str, schema: &str) -> Result<Vec<String>, RebuildError> {
    refuse_what_a_shadow_cannot_have(db, table).await?;
    let (from, to) = (format!("public.{}", quoted(table)), format!("{}.{}", quoted(schema), quoted(table)));
    let mut made = vec![format!(
        "CREATE TABLE {to} (LIKE {from} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING GENERATED INCLUDING CONSTRAINTS \
         INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING COMMENTS)"
    )];
    let options: Option<String> =
        sqlx::query_scalar("SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = to_regclass($1)")
            .bind(&from)
            .fetch_one(&mut *db)
            .await?;
    made.extend(options.map(|options| format!("ALTER TABLE {to} SET ({options})")));
    // Names of keys and indexes are per schema: the shadow's are the same, so that after the swap nothing tells it from the original.
    let keys: Vec<Part> = sqlx::query_as(
        "SELECT conname::text AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
          WHERE conrelid = to_regclass($1) AND contype IN ('p', 'u', 'x') ORDER BY conname",
    )
    .bind(&from)
    .fetch_all(&mut *db)
    .await?;
    made.extend(keys.iter().map(|key| format!("ALTER TABLE {to} ADD CONSTRAINT {} {}", quoted(&key.name), key.definition)));
    let indexes: Vec<Part> = sqlx::query_as(
        "SELECT i.relname::text AS name, CASE WHEN x.indisunique THEN 'UNIQUE ' ELSE '' END || '|' || regexp_replace(pg_get_indexdef(x.indexrelid), '^.*? USING ', 'USING ') AS definition
           FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
          WHERE x.indrelid = to_regclass($1) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid AND c.conrelid = x.indrelid)
          ORDER BY i.relname",
    )
    .bind(&from)
    .fetch_all(&mut *db)
    .await?;
    made.extend(indexes.iter().map(|index| {
        let (unique, using) = index.definition.split_once('|').unwrap_or(("", &index.definition));
        format!("CREATE {unique}INDEX {} ON {to} {using}", quoted(&index.name))
    }));
    let grants: Vec<(String, String)> = sqlx::query_as(
        "SELECT a.privilege_type, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
           FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = to_regclass($1) AND a.grantee <> c.relowner",
    )
    .bind(&from)
    .fetch_all(db)
    .await?;
    made.extend(grants.iter().map(|(privilege, role)| format!("GRANT {privilege} ON {to} TO {role}")));
    Ok(made)
}

/// Better no rebuild than one that loses a trigger, a foreign key or a view.
async fn refuse_what_a_shadow_cannot_have(db: &mut PgConnection, table: &str) -> Result<(), RebuildError> {
    let reason: Option<&'static str> = match sqlx::query_scalar::<_, Option<String>>(
        "SELECT CASE
             WHEN c.relkind <> 'r' THEN 'kind'
             WHEN EXISTS (SELECT 1 FROM pg_constraint k WHERE k.contype = 'f' AND c.oid IN (k.conrelid, k.confrelid)) THEN 'foreign key'
             WHEN EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) THEN 'trigger'
             WHEN EXISTS (SELECT 1 FROM pg_depend d WHERE d.refobjid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_rewrite'::regclass) THEN 'view'
             WHEN EXISTS (SELECT 1 FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                           WHERE d.refobjid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a') THEN 'serial'
             END
           FROM pg_class c WHERE c.oid = to_regclass($1)",
    )
    .bind(format!("public.{}", quoted(table)))
    .fetch_optional(db)
    .await?
    {
        None => Some("it does not exist in the schema public"),
        Some(found) => match found.as_deref() {
            None => None,
            Some("kind") => Some("it is not an ordinary table"),
            Some("foreign key") => Some("a foreign key leads from it or to it; drop the key, a read model needs none"),
            Some("trigger") => Some("it has a trigger; drop it first and create it again afterwards"),
            Some("view") => Some("a view or rule reads it; drop it first and create it again afterwards"),
            Some(_) => Some("a column takes its default from a sequence; make it GENERATED AS IDENTITY"),
        },
    };
    match reason {
        None => Ok(()),
        Some(reason) => Err(RebuildError::Unsupported { table: table.to_owned(), reason: reason.to_owned() }),
    }
}
