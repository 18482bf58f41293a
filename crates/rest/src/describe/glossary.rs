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
        "tag" => ("ID da etiqueta.", "10"),
        "id" => ("Identificação.", "10"),
        _ => ("", ""),
    }
}

/// What a field of an answer means, wherever it stands.
pub(super) fn answered_field(name: &str) -> Option<&'static str> {
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
