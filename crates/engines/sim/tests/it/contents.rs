//! One content of every kind that an instance can send.

use recado_messaging::MessageContent;
use recado_messaging::domain::message::{
    ActionButton, ButtonAction, ButtonActionsContent, ButtonListContent, ButtonOtpContent, ButtonPixContent, ContactCard,
    ContactsContent, LinkContent, LinkSize, ListOption, LocationContent, OptionListContent, PixKeyType, PollContent, ReplyButton,
};

pub fn buttons() -> ButtonListContent {
    let button = |id: &str, label: &str| ReplyButton { id: id.into(), label: label.into() };
    ButtonListContent {
        text: "Confirma a entrega?".into(),
        image: None,
        video: None,
        buttons: vec![button("sim", "Sim, confirmo"), button("nao", "Não")],
    }
}

pub fn list() -> OptionListContent {
    let row = |id: &str, title: &str, description: &str| ListOption {
        id: id.into(),
        title: title.into(),
        description: description.into(),
    };
    OptionListContent {
        text: "Escolha um horário".into(),
        title: "Horários".into(),
        button_label: "Ver horários".into(),
        options: vec![row("seg", "Segunda-feira", "Das 8h às 12h"), row("ter", "Terça-feira", "")],
    }
}

pub fn poll(max_options: u32) -> PollContent {
    PollContent { question: "Qual sabor?".into(), options: vec!["Milho".into(), "Fubá".into(), "Laranja".into()], max_options }
}

fn card(name: &str) -> ContactCard {
    ContactCard { name: name.into(), phones: vec!["5562977776666".into()], business_description: None, vcard: None }
}

/// Kinds with a bubble of their own that need no file.
pub fn without_files() -> Vec<MessageContent> {
    let actions = vec![
        ActionButton { id: "1".into(), label: "Ligar".into(), action: ButtonAction::Call { phone: "556233334444".into() } },
        ActionButton { id: "2".into(), label: "Site".into(), action: ButtonAction::Url { url: "https://example.com".into() } },
    ];
    vec![
        MessageContent::text("olá"),
        LinkContent {
            text: "veja https://example.com".into(),
            url: "https://example.com".into(),
            title: "Exemplo".into(),
            description: String::new(),
            image: None,
            size: LinkSize::Small,
        }
        .into(),
        LocationContent {
            latitude: "-16.6869".parse().unwrap(),
            longitude: "-49.2648".parse().unwrap(),
            name: "Loja".into(),
            address: "Rua 4".into(),
            url: String::new(),
        }
        .into(),
        card("Bruno").into(),
        ContactsContent { contacts: vec![card("Bruno"), card("Carla")] }.into(),
        buttons().into(),
        list().into(),
        ButtonActionsContent { text: "Fale conosco".into(), title: String::new(), footer: String::new(), buttons: actions }
            .into(),
        ButtonPixContent { key: "pix@example.com".into(), key_type: PixKeyType::Email, merchant_name: "Padaria".into() }.into(),
        ButtonOtpContent { text: "Seu código".into(), code: "123456".into(), button_text: "Copiar código".into(), image: None }
            .into(),
        poll(1).into(),
    ]
}
