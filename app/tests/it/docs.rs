//! The documentation: open to everybody, filled with the reader's own instance, never with a token.

use serde_json::{Value, json};

use crate::world::World;

/// A description with one of each.
pub fn api() -> Value {
    let path = "/instances/{instanceId}/token/{token}/send-text";
    json!({
        "info": { "description": "### Regras\n\nCorpos são **JSON**." },
        "tags": [{ "name": "Envio", "x-slug": "envio", "description": "Mensagens para fora." }],
        "paths": { path: { "post": {
            "operationId": "post-send-text", "x-order": 0, "tags": ["Envio"], "summary": "Enviar texto", "description": "Põe na `fila`.",
            "parameters": [{ "name": "depois", "in": "query", "description": "Cursor.", "schema": { "type": "string" } }],
            "requestBody": { "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/SendTextBody" }, "example": { "phone": "5562988887777", "message": "<oi>" },
            } } },
            "responses": {
                "200": { "description": "Guardada.", "content": { "application/json": { "example": { "zaapId": "X" } } } },
                "400": { "description": "Não.", "content": { "application/json": { "examples": {
                    "e1": { "summary": "Falta.", "value": { "error": "phone is required" } },
                } } } },
            },
        } } },
        "webhooks": { "DeliveryCallback": { "post": {
            "operationId": "DeliveryCallback", "summary": "DeliveryCallback", "description": "Saiu.",
            "requestBody": { "content": { "application/json": { "examples": { "saiu": { "value": { "type": "DeliveryCallback" } } } } } },
        } } },
        "components": { "schemas": { "SendTextBody": {
            "type": "object", "x-order": ["phone", "message", "opcoes"], "required": ["phone"],
            "properties": {
                "phone": { "type": ["string", "integer"], "description": "Destino." },
                "message": { "type": "string", "description": "O texto." },
                "opcoes": { "type": "array", "items": { "type": "object", "properties": { "titulo": { "type": "string" } } } },
            },
        } } },
        "x-not-built": ["POST /send-carousel"],
    })
}

#[tokio::test]
async fn strangers_may_read_it_all() {
    let world = World::start().await;
    let mut visitor = world.visitor();
    let index = visitor.open("/documentacao/api").await;
    index.is(200).shows("<strong>JSON</strong>").shows("/documentacao/api/envio#post-send-text").shows("POST /send-carousel");
    index.shows("/documentacao/api/webhooks#DeliveryCallback").shows("href=\"/openapi.json\"").shows("href=\"/postman.json\"");
    let section = visitor.open("/documentacao/api/envio").await;
    section.is(200).shows("id=\"post-send-text\"").shows("<code>phone</code>").shows("<code>opcoes[].titulo</code>");
    section.shows("SEU_ID/token/SEU_TOKEN/send-text").shows("phone is required").shows("&lt;oi&gt;").hides("<oi>");
    visitor.open("/documentacao/api/webhooks").await.is(200).shows("id=\"DeliveryCallback\"");
    visitor.open("/documentacao/primeiros-passos").await.is(200).shows("http://painel.test").shows("SEU_ID").shows("receptor");
    visitor.open("/documentacao/api/nada").await.is(404);
    visitor.open("/api").await.goes_to("/documentacao/api");
}

#[tokio::test]
async fn it_is_searched_without_scripts() {
    let world = World::start().await;
    let mut visitor = world.visitor();
    for hit in ["send-text", "ENVIAR", "phone", "post /send"] {
        let page = visitor.open(&format!("/documentacao/api?busca={}", hit.replace(' ', "+"))).await;
        page.is(200).shows("#post-send-text").hides("#DeliveryCallback");
    }
    visitor.open("/documentacao/api?busca=%3Cb%3Enada").await.is(200).hides("#post-send-text").hides("<b>nada");
}

#[tokio::test]
async fn examples_name_the_readers_instance_and_no_token() {
    let world = World::start().await;
    let (account, mut owner) = world.customer("dona@example.com").await;
    let first = world.instance(&account, "Loja").await;
    let second = world.instance(&account, "Entregas").await;
    let page = owner.open(&format!("/documentacao/api/envio?instancia={second}")).await;
    page.is(200).shows(&format!("/instances/{second}/token/SEU_TOKEN/send-text")).hides(&format!("/instances/{first}/token"));
    owner.open("/documentacao/primeiros-passos").await.hides("SEU_ID");
    let (_, mut stranger) = world.customer("outra@example.com").await;
    stranger
        .open(&format!("/documentacao/api/envio?instancia={second}"))
        .await
        .is(200)
        .shows("/instances/SEU_ID/")
        .hides(&format!("/instances/{second}"));
}
