//! What a person does with a virtual telephone.

use axum::extract::Path;
use axum::response::Response;
use recado_engine_sim::{Draft, Hand, PhoneView, ScanTarget, Sim, SimError};
use recado_kernel::{AccountId, InstanceId, PhoneNumber, WireId};
use recado_messaging::MessageContent;
use serde::Deserialize;

use super::desk;
use super::list::{Typed, page};
use crate::pages::names::error_text;
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;

/// Scanning.
#[derive(Debug, Default, Deserialize)]
pub struct Scan {
    #[serde(default)]
    telefone: String,
    #[serde(default)]
    instancia: String,
    #[serde(default)]
    codigo: String,
}

/// The open chat, and what is written in it.
#[derive(Debug, Default, Deserialize)]
pub struct Chat {
    #[serde(default)]
    conversa: String,
    #[serde(default)]
    para: String,
    #[serde(default)]
    texto: String,
    #[serde(default)]
    mensagem: String,
}

/// A telephone scans the code of an instance of this account, or a code that was pasted.
///
/// # Errors
/// No simulator, not allowed, or the database; refusals are shown in the form.
pub async fn scan(member: Member, Posted(scan): Posted<Scan>) -> Result<Response, Failure> {
    let (sim, account) = desk(&member)?;
    let typed = Typed { phone: scan.telefone.clone(), code: scan.codigo.clone(), instance: scan.instancia.clone() };
    let Ok(phone) = scan.telefone.parse::<PhoneNumber>() else {
        return page(&member, &typed, Some(error_text(member.words(), "phone_invalid"))).await;
    };
    let target = match scan.instancia.parse::<InstanceId>() {
        Ok(instance) => {
            member.panel.messaging.instance(account, instance).await?;
            ScanTarget::Instance { account, instance }
        }
        Err(_) => ScanTarget::Code(scan.codigo.trim().to_owned()),
    };
    match sim.scan(&target, &phone).await {
        Ok(_) => Ok(member.go_with(&format!("/simulador/telefones/{}", phone.as_str()), "notice.scanned")),
        Err(error) => {
            page(&member, &typed, Some(error_text(member.words(), code(&error).ok_or_else(|| Failure::from(error))?))).await
        }
    }
}

/// Reads the open chat.
///
/// # Errors
/// Not this account's telephone, or the database.
pub async fn read(member: Member, Path(number): Path<String>, Posted(chat): Posted<Chat>) -> Result<Response, Failure> {
    let (sim, account, number, _) = own_phone(&member, &number).await?;
    let other: PhoneNumber = match chat.conversa.parse() {
        Ok(other) => other,
        // The page was opened before the first chat began: what it shows since then is the newest one.
        Err(_) => match newest_chat(&sim, account, &number).await? {
            Some(newest) => newest,
            None => return Ok(crate::web::flash::go(&address(&number, ""))),
        },
    };
    finish(&member, &number, other.as_str(), sim.read_chat(&number, &other).await, "notice.chat_read")
}

/// Writes to somebody; an answer names the message.
///
/// # Errors
/// Not this account's telephone, or the database.
pub async fn say(member: Member, Path(number): Path<String>, Posted(chat): Posted<Chat>) -> Result<Response, Failure> {
    let (sim, account, number, _) = own_phone(&member, &number).await?;
    let Some(to) = recipient(&sim, account, &number, &chat.para).await? else {
        return Ok(member.go_with(&address(&number, &chat.para), "refusal.phone_invalid"));
    };
    let hand = Hand { account, phone: number.clone(), chat: to.clone() };
    let draft = Draft::from(MessageContent::text(&chat.texto)).answering(WireId::parse(&chat.mensagem).ok());
    let done = sim.send(&hand, draft).await.map(drop);
    finish(&member, &number, to.as_str(), done, "notice.message_written")
}

/// Unlinks the instance ("Dispositivos conectados").
///
/// # Errors
/// Not this account's telephone, or the database.
pub async fn unlink(member: Member, Path(number): Path<String>, Posted(chat): Posted<Chat>) -> Result<Response, Failure> {
    let (sim, account, number, phone) = own_phone(&member, &number).await?;
    let instance = phone.instance.ok_or(Failure::NotFound)?;
    member.panel.messaging.instance(account, instance).await?;
    finish(&member, &number, &chat.conversa, sim.unlink(instance).await, "notice.unlinked")
}

/// Switches the telephone on or off.
///
/// # Errors
/// Not this account's telephone, or the database.
pub async fn switch(member: Member, Path(number): Path<String>, Posted(chat): Posted<Chat>) -> Result<Response, Failure> {
    let (sim, account, number, phone) = own_phone(&member, &number).await?;
    finish(&member, &number, &chat.conversa, sim.switch_phone(account, &number, !phone.is_on).await, "notice.switched")
}

pub(super) async fn own_phone(member: &Member, number: &str) -> Result<(Sim, AccountId, PhoneNumber, PhoneView), Failure> {
    let (sim, account) = desk(member)?;
    let number: PhoneNumber = number.parse().map_err(|_| Failure::NotFound)?;
    let phones = sim.phones(Some(account)).await?;
    let phone = phones.into_iter().find(|phone| phone.number == number.as_str()).ok_or(Failure::NotFound)?;
    Ok((sim, account, number, phone))
}

/// To whom: as typed, or, left empty, the newest chat. `None`: that is no number.
pub(super) async fn recipient(
    sim: &Sim,
    account: AccountId,
    phone: &PhoneNumber,
    typed: &str,
) -> Result<Option<PhoneNumber>, Failure> {
    if typed.trim().is_empty() { newest_chat(sim, account, phone).await } else { Ok(typed.parse().ok()) }
}

async fn newest_chat(sim: &Sim, account: AccountId, phone: &PhoneNumber) -> Result<Option<PhoneNumber>, Failure> {
    Ok(sim.chats(Some(account), phone.as_str()).await?.first().and_then(|chat| chat.other.parse().ok()))
}

pub(super) fn finish(
    member: &Member,
    number: &PhoneNumber,
    chat: &str,
    done: Result<(), SimError>,
    notice: &'static str,
) -> Result<Response, Failure> {
    let key = match done {
        Ok(()) => notice,
        Err(SimError::NeverReads) => "refusal.never_reads",
        Err(SimError::InvalidText) => "refusal.text_invalid",
        Err(SimError::NotLinked) => "refusal.not_linked",
        Err(SimError::Busy) => "refusal.busy",
        Err(SimError::UnknownMessage) => "refusal.message_gone",
        Err(SimError::UnknownChoice) => "refusal.choice_unknown",
        Err(SimError::TooManyOptions) => "refusal.too_many_options",
        Err(SimError::NotYours) => "refusal.not_yours",
        Err(SimError::NotEditable) => "refusal.not_editable",
        Err(SimError::NoSound) => "refusal.no_sound",
        Err(SimError::InvalidContent(_) | SimError::InvalidFile(_)) => "refusal.content_invalid",
        Err(other) => return Err(other.into()),
    };
    Ok(member.go_with(&address(number, chat), key))
}

pub(super) fn address(number: &PhoneNumber, chat: &str) -> String {
    let digits: String = chat.chars().filter(char::is_ascii_digit).collect();
    format!("/simulador/telefones/{}?conversa={digits}", number.as_str())
}

/// The translation of a refusal; `None` for our own troubles.
const fn code(error: &SimError) -> Option<&'static str> {
    Some(match error {
        SimError::NotLinked => "not_linked",
        SimError::AlreadyLinked => "already_linked",
        SimError::InvalidCode => "code_invalid",
        SimError::NumberInUse => "number_in_use",
        SimError::NeverReads => "never_reads",
        SimError::InvalidText => "text_invalid",
        SimError::Busy => "busy",
        SimError::Refused(_) => "scan_refused",
        SimError::UnknownMessage
        | SimError::UnknownChoice
        | SimError::TooManyOptions
        | SimError::NotYours
        | SimError::NotEditable
        | SimError::NoSound
        | SimError::InvalidContent(_)
        | SimError::InvalidFile(_)
        | SimError::Files(_)
        | SimError::Store(_) => return None,
    })
}
