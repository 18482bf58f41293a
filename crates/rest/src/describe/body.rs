//! How bodies are described: one line per field, in the words of those who send them.
//!
//! Handlers read their fields by hand, because clients write them in many ways (plugzapi-api.md 1.3); these types say which fields there
//! are. They hold nothing: only the description is made of them.

use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, Schema, SchemaType, Type};

/// One field of a body.
#[derive(Clone)]
pub struct Field {
    name: &'static str,
    required: bool,
    schema: Schema,
}

impl Field {
    fn new(name: &'static str, schema: impl Into<Schema>) -> Self {
        Self { name, required: false, schema: schema.into() }
    }

    /// Without it the answer is `<name> is required`.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

fn of_types<const N: usize>(types: [Type; N], says: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from_iter(types)).description(Some(says))
}

/// A text.
#[must_use]
pub fn text(name: &'static str, says: &str) -> Field {
    Field::new(name, of_types([Type::String, Type::Null], says))
}

/// One of these texts.
#[must_use]
pub fn one_of(name: &'static str, values: &[&str], says: &str) -> Field {
    Field::new(name, of_types([Type::String], says).enum_values(Some(values.iter().copied())))
}

/// A whole number; digits in a text are accepted too.
#[must_use]
pub fn integer(name: &'static str, says: &str) -> Field {
    Field::new(name, of_types([Type::Integer, Type::String, Type::Null], says))
}

/// A number with a fraction; digits in a text are accepted too.
#[must_use]
pub fn number(name: &'static str, says: &str) -> Field {
    Field::new(name, of_types([Type::Number, Type::String, Type::Null], says))
}

/// Yes or no; the words `"true"` and `"false"` are accepted too.
#[must_use]
pub fn boolean(name: &'static str, says: &str) -> Field {
    Field::new(name, of_types([Type::Boolean, Type::String, Type::Null], says))
}

/// Phones or ids of chats.
#[must_use]
pub fn phones(name: &'static str, says: &str) -> Field {
    let phone = SchemaType::from_iter([Type::String, Type::Integer]);
    let items = ObjectBuilder::new().schema_type(phone);
    Field::new(name, ArrayBuilder::new().items(items).description(Some(says)))
}

/// An object with these fields.
#[must_use]
pub fn object(name: &'static str, says: &str, fields: &[Field]) -> Field {
    Field::new(name, ObjectBuilder::from(object_of(fields)).description(Some(says)))
}

/// A list of objects with these fields.
#[must_use]
pub fn list_of(name: &'static str, says: &str, fields: &[Field]) -> Field {
    Field::new(name, ArrayBuilder::new().items(object_of(fields)).description(Some(says)))
}

/// A field of any shape, described by a JSON schema's `type` word only in its text.
#[must_use]
pub fn anything(name: &'static str, says: &str) -> Field {
    Field::new(name, ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some(says)))
}

/// Where a message goes.
#[must_use]
pub fn phone() -> Field {
    let says = "Destino: número com DDI e DDD só com dígitos (`5562988887777`), ou a identificação de um grupo (`…-group`), de uma lista \
                de transmissão, de um canal (`…@newsletter`) ou de um contato oculto (`…@lid`).";
    Field::new("phone", of_types([Type::String, Type::Integer], says)).required()
}

/// A file: address or data URL.
#[must_use]
pub fn media(name: &'static str, says: &str) -> Field {
    let says = format!("{says} Endereço `https://…` ou o próprio arquivo como data URL (`data:…;base64,…`).");
    Field::new(name, of_types([Type::String], &says))
}

/// Where a webhook goes.
#[must_use]
pub fn webhook_address() -> Field {
    text("value", "Endereço `https://` que recebe os avisos. Vazio ou `null`: nenhum.").required()
}

/// `delayMessage` of every sending route.
#[must_use]
pub fn delay_message() -> Field {
    integer(
        "delayMessage",
        "Segundos (1 a 15) de espera antes da **próxima** mensagem da fila. Ausente ou 0: de 1 a 3 segundos, ao acaso.",
    )
}

/// `delayTyping` where WhatsApp shows it.
#[must_use]
pub fn delay_typing() -> Field {
    integer("delayTyping", "Segundos (1 a 15) mostrando “Digitando…” ou “Gravando áudio…” antes do envio. Padrão: 0.")
}

/// `messageId` of what is answered.
#[must_use]
pub fn reply_to() -> Field {
    text("messageId", "`messageId` da mensagem respondida (citada).")
}

/// Who is mentioned in a group.
#[must_use]
pub fn mentioned() -> Field {
    phones("mentioned", "Números a mencionar, numa mensagem de grupo.")
}

/// Seen once only.
#[must_use]
pub fn view_once() -> Field {
    boolean("viewOnce", "Visualização única.")
}

/// `customId`.
#[must_use]
pub fn custom_id() -> Field {
    text("customId", "Identificação sua, até 128 caracteres; volta no `DeliveryCallback`.")
}

/// The schema of an object with these fields; their order stays in `x-order`.
#[must_use]
pub fn object_of(fields: &[Field]) -> Object {
    let order: Vec<Value> = fields.iter().map(|field| field.name.into()).collect();
    let object = ObjectBuilder::new().extensions(Some(ExtensionsBuilder::new().add("x-order", json!(order)).build()));
    fields
        .iter()
        .fold(object, |object, field| {
            let object = object.property(field.name, RefOr::T(field.schema.clone()));
            if field.required { object.required(field.name) } else { object }
        })
        .build()
}

/// Names the fields of a body, with an example that works:
///
/// ```text
/// body! {
///     /// What `POST /send-text` takes.
///     pub SendTextBody { phone(), text("message", "O texto.").required(), delay_message() }
///     example { "phone": "5562988887777", "message": "Bom dia!" }
/// }
/// ```
#[macro_export]
macro_rules! body {
    ($(#[$doc:meta])* pub $name:ident { $($field:expr),* $(,)? } example $example:tt) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema> {
                use $crate::describe::body::*;
                let object = ::utoipa::openapi::schema::ObjectBuilder::from(object_of(&[$($field),*]));
                ::utoipa::openapi::RefOr::T(object.examples([::serde_json::json!($example)]).into())
            }
        }

        impl ::utoipa::ToSchema for $name {}
    };
}
