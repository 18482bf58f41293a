//! Words that stand in many routes and mean the same in all of them: parameters of paths, and fields of answers.

/// What a parameter of the path is, and an example of it.
pub(super) fn path_parameter(name: &str) -> (&'static str, &'static str) {
    match name {
        "instanceId" => ("ID da instância: 32 caracteres hexadecimais.", "5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C"),
        "token" => ("Token da instância. É um segredo: quem o tem usa a instância.", "8A7C1D2E3F405162738495A6"),
        "phone" => ("Número com DDI e DDD só com dígitos, ou a identificação de uma conversa.", "5562988887777"),
        "zaapId" => ("`zaapId` que o envio respondeu.", "019A2C7755B1704E9D0F3B6A81C4E2D7"),
        "extension" => ("Extensão do arquivo, sem ponto.", "pdf"),
        "group" | "groupId" => ("ID do grupo.", "120363025486970112-group"),
        "delivery" => ("ID da entrega: o `webhook-id` que o receptor viu.", "019a2c77-6a10-7c3e-8f21-5d4b9e0a7c12"),
        "tag" => ("ID da etiqueta.", "10"),
        "id" => ("Identificação.", "10"),
        _ => ("", ""),
    }
}

/// What a field of an answer means: in this schema, or wherever it stands.
pub(super) fn answered_field(schema: &str, name: &str) -> Option<&'static str> {
    match schema {
        "EventPage" | "EventEntry" => of_events(name),
        "RotatedSecret" => of_secret(name),
        "DeliveryAttempt" => of_attempt(name),
        "Delivery" | "DeliveryDetail" | "DeliveryPage" | "WebhookDestination" | "ResentDeliveries" => of_deliveries(name),
        _ => None,
    }
    .or_else(|| anywhere(name))
}

fn of_events(name: &str) -> Option<&'static str> {
    Some(match name {
        "events" => "Os avisos, o mais antigo primeiro.",
        "event" => "O aviso, letra por letra como vai ao webhook.",
        "cursor" => "O lugar no fluxo; mande-o em `after` para continuar.",
        _ => return None,
    })
}

fn of_secret(name: &str) -> Option<&'static str> {
    Some(match name {
        "secret" => "O segredo novo. Guarde-o como uma senha.",
        "previousValidUntil" => "Até quando o anterior também assina, em milissegundos desde 1970 (UTC).",
        _ => return None,
    })
}

fn of_attempt(name: &str) -> Option<&'static str> {
    Some(match name {
        "number" => "Qual tentativa: 1, 2, 3…",
        "at" => "Quando, em milissegundos desde 1970 (UTC).",
        "status" => "O status HTTP da resposta; `null` quando não houve resposta.",
        "latencyMs" => "Quanto levou, em milissegundos.",
        "error" => "Por que não houve resposta.",
        "answer" => "Os primeiros 200 bytes da resposta.",
        _ => return None,
    })
}

fn of_deliveries(name: &str) -> Option<&'static str> {
    Some(match name {
        "id" => "ID da entrega: o `webhook-id` que o receptor viu.",
        "type" => "O `type` do aviso.",
        "detail" => "O estado, num aviso de estado; o motivo, numa recusa; senão vazio.",
        "webhook" => {
            "Qual endereço da instância: `received`, `received_delivery`, `delivery`, `message_status`, `connected`, `disconnected` ou `presence`."
        }
        "url" => "Para onde vai.",
        "state" => "`waiting` (sendo tentada), `delivered` (recebida), `failed` (desistimos) ou `stopped` (não é mais desejada).",
        "note" => "Por que parou, se parou.",
        "happenedAt" => "Quando aconteceu o que se avisa, em milissegundos desde 1970 (UTC).",
        "endedAt" => "Quando foi entregue, ou quando desistimos; `null` enquanto espera.",
        "attempts" => "As tentativas, a primeira primeiro.",
        "body" => "O corpo, exatamente como é enviado; `null` depois que o conteúdo foi apagado.",
        "curl" => "A mesma chamada como comando, com um texto no lugar do segredo.",
        "deliveries" => "As entregas, a mais nova primeiro.",
        "cursor" => "Mande-o em `cursor` para continuar; `null` no fim.",
        "destinations" => "Os receptores atrás dos webhooks da instância.",
        "origin" => "Protocolo, servidor e porta.",
        "circuit" => "`closed` (recebe), `open` (as chamadas esperam) ou `half_open` (uma chamada está experimentando).",
        "failures" => "Falhas seguidas.",
        "openSince" => "Desde quando as chamadas esperam.",
        "retryAt" => "Quando se experimenta de novo.",
        "count" => "Quantas estão sendo enviadas de novo.",
        "erased" => "Quantas ficaram de fora, porque o conteúdo já foi apagado.",
        _ => return None,
    })
}

fn anywhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "zaapId" | "ZaapId" | "_id" => "Código na fila; com ele se tira a mensagem da fila.",
        "messageId" | "MessageId" => "Código da mensagem no WhatsApp; volta em todo webhook. Guarde-o.",
        "phone" | "Phone" => "Número ou identificação da conversa.",
        "value" => "Feito, ou não; ou o valor pedido.",
        "connected" => "Conectada ao WhatsApp?",
        "smartphoneConnected" => "O celular está acessível?",
        "session" => "Há uma sessão guardada?",
        "due" => "Vencimento, em milissegundos desde 1970 (UTC).",
        "paymentStatus" => "`TRIAL`, `PAID`, `PENDING`, `CANCELING` ou `CANCELED`.",
        "created" => "Quando foi criada.",
        "Created" => "Quando entrou na fila, em milissegundos desde 1970 (UTC).",
        "CreatedAt" => "O mesmo como texto.",
        "DelayMessage" => "Segundos de espera depois dela; -1 quando não foi pedido.",
        "DelayTyping" => "Segundos mostrando “Digitando…”.",
        "pagingState" => "Mande-o no próximo pedido para continuar; `null` no fim.",
        "hasMore" => "Há mais?",
        "count" => "Quantas.",
        _ => return None,
    })
}
