//! What all routes share: introduction, credentials, parameters, the shape of refusals.

use serde_json::{Value, json};

use super::glossary::path_parameter;

pub(super) const REFUSAL: &str = "#/components/schemas/Refusal";
pub(super) const CLIENT_TOKEN: &str = "ClientToken";
pub(super) const PARTNER: &str = "Partner";
pub(super) const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// The rules of the whole API, in Markdown.
pub(super) const INTRODUCTION: &str = include_str!("introduction.pt-BR.md");

/// Sections in the order of the reference: name, part of an address, and what stands in each.
pub(super) const SECTIONS: &[(&str, &str, &str)] = &[
    ("Instância", "instancia", "Conectar um número, ver como está, desconectar."),
    ("Envio", "envio", "Mensagens para fora. A resposta 200 diz que a mensagem está guardada na fila e não se perde mais."),
    ("Mensagens", "mensagens", "O que se faz com mensagens que já existem."),
    ("Fila", "fila", "O que ainda espera para ser enviado."),
    ("Configuração de webhooks", "configuracao-de-webhooks", "Para onde vai cada tipo de aviso."),
    (
        "Entregas e eventos",
        "entregas-e-eventos",
        "Cada aviso com todas as tentativas; o fluxo de eventos para ler de novo o que se perdeu.",
    ),
    ("Contatos", "contatos", "Contatos, e se um número tem WhatsApp."),
    ("Conversas", "conversas", "As conversas do número conectado."),
    ("Grupos", "grupos", "Criar e administrar grupos."),
    ("Etiquetas", "etiquetas", "Etiquetas do WhatsApp Business."),
    ("Boas práticas", "boas-praticas", "Descadastro, aquecimento e outros cuidados com o número."),
    ("Integrador", "integrador", "Criar, assinar e cancelar instâncias por programa, com o token de integrador."),
];

pub(super) fn tags<'a>(used: impl Iterator<Item = &'a str>) -> Value {
    let used: std::collections::HashSet<&str> = used.collect();
    let listed = SECTIONS.iter().filter(|(name, ..)| used.contains(name));
    listed.map(|(name, slug, text)| json!({ "name": name, "x-slug": slug, "description": text })).collect()
}

pub(super) fn security_schemes() -> Value {
    json!({
        CLIENT_TOKEN: {
            "type": "apiKey", "in": "header", "name": "Client-Token",
            "description": "Token de segurança da conta. Só é exigido depois que a conta o ativa no painel.",
        },
        PARTNER: {
            "type": "http", "scheme": "bearer",
            "description": "Token de integrador, ou o token de segurança da conta (até 25 instâncias).",
        },
    })
}

pub(super) fn parameters() -> Value {
    json!({ "instanceId": path("instanceId"), "token": path("token"), "idempotencyKey": idempotency_key() })
}

fn idempotency_key() -> Value {
    json!({
        "name": IDEMPOTENCY_KEY, "in": "header", "required": false,
        "description": "Uma chave sua para este pedido, de 1 a 255 caracteres ASCII visíveis. O mesmo pedido com a mesma chave, dentro de 24 \
                        horas, recebe a mesma resposta (com `Idempotency-Replayed: true`) e não é executado outra vez.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$" },
        "example": "pedido-1042",
    })
}

/// A parameter of the path.
pub(super) fn path(name: &str) -> Value {
    let (says, example) = path_parameter(name);
    json!({ "name": name, "in": "path", "required": true, "description": says, "schema": { "type": "string" }, "example": example })
}

pub(super) fn refusal_schema() -> Value {
    json!({
        "type": "object",
        "description": "Por que o pedido não foi atendido.",
        "properties": {
            "error": { "type": "string", "description": "O motivo; os textos não mudam, pode-se comparar." },
            "message": { "type": "string", "description": "Só em rota desconhecida ou não construída." },
        },
        "required": ["error"],
    })
}
