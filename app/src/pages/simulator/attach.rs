//! Sending more than a text from a virtual telephone.

use axum::extract::Path;
use axum::response::Response;
use recado_engine_sim::{Draft, Hand, NewFile, Sample, SimError};
use recado_kernel::{PhoneNumber, WireId};
use recado_messaging::domain::message::{ContactCard, Coordinate, LocationContent, PollContent};
use recado_messaging::{MessageContent, MessageKind};
use serde::Deserialize;

use super::actions::{address, finish, own_phone, recipient};
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::upload::Uploaded;
use crate::web::visit::Member;

/// Where it goes, and what it answers.
#[derive(Debug, Default, Deserialize)]
pub struct Target {
    #[serde(default)]
    conversa: String,
    #[serde(default)]
    para: String,
    #[serde(default)]
    mensagem: String,
}

/// A sample of a kind.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    #[serde(flatten)]
    target: Target,
    #[serde(default)]
    amostra: String,
}

/// A place.
#[derive(Debug, Default, Deserialize)]
pub struct Spot {
    #[serde(flatten)]
    target: Target,
    #[serde(default)]
    nome: String,
    #[serde(default)]
    endereco: String,
    #[serde(default)]
    latitude: String,
    #[serde(default)]
    longitude: String,
}

/// A contact.
#[derive(Debug, Default, Deserialize)]
pub struct Card {
    #[serde(flatten)]
    target: Target,
    #[serde(default)]
    nome: String,
    #[serde(default)]
    telefone: String,
}

/// A poll.
#[derive(Debug, Default, Deserialize)]
pub struct Question {
    #[serde(flatten)]
    target: Target,
    #[serde(default)]
    pergunta: String,
    #[serde(default)]
    opcoes: String,
    #[serde(default)]
    varias: String,
}

/// Sends a sample with one click.
///
/// # Errors
/// Not this account's telephone, or the database.
pub async fn sample(member: Member, Path(number): Path<String>, Posted(chosen): Posted<Chosen>) -> Result<Response, Failure> {
    let (sim, account, ..) = own_phone(&member, &number).await?;
    let sample = Sample::parse(&chosen.amostra).ok_or(Failure::BadRequest)?;
    let content = sim.sample(account, sample).await?;
    send(&member, &number, &chosen.target, Ok(content)).await
}

/// Sends a place.
///
/// # Errors
/// Not this account's telephone, or the database.
pub async fn place(member: Member, Path(number): Path<String>, Posted(spot): Posted<Spot>) -> Result<Response, Failure> {
    let degrees = |text: &str| text.replace(',', ".").parse::<Coordinate>().ok();
    let content = match (degrees(&spot.latitude), degrees(&spot.longitude)) {
        (Some(latitude), Some(longitude)) => {
            Ok(LocationContent { latitude, longitude, name: spot.nome, address: spot.endereco, url: String::new() }.into())
        }
        _ => Err("refusal.coordinates_invalid"),
    };
    send(&member, &number, &spot.target, content).await
}

/// Sends a contact card.
///
/// # Errors
/// Not this account's telephone, or the database.
pub async fn contact(member: Member, Path(number): Path<String>, Posted(card): Posted<Card>) -> Result<Response, Failure> {
    let content = match card.telefone.parse::<PhoneNumber>() {
        Ok(phone) => {
            let phones = vec![phone.as_str().to_owned()];
            Ok(ContactCard { name: card.nome, phones, business_description: None, vcard: None }.into())
        }
        Err(_) => Err("refusal.phone_invalid"),
    };
    send(&member, &number, &card.target, content).await
}

/// Sends a poll; each line of the options is one.
///
/// # Errors
/// Not this account's telephone, or the database.
pub async fn poll(member: Member, Path(number): Path<String>, Posted(asked): Posted<Question>) -> Result<Response, Failure> {
    let options = asked.opcoes.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let max_options = if asked.varias.is_empty() { 1 } else { 0 };
    let content = PollContent { question: asked.pergunta.trim().to_owned(), options, max_options };
    send(&member, &number, &asked.target, Ok(content.into())).await
}

/// Sends a file.
///
/// # Errors
/// Not this account's telephone, a form that is not ours, or the database.
pub async fn file(member: Member, Path(number): Path<String>, upload: Uploaded) -> Result<Response, Failure> {
    let (sim, account, ..) = own_phone(&member, &number).await?;
    let text = |name: &str| upload.fields.get(name).cloned().unwrap_or_default();
    let target = Target { conversa: text("conversa"), para: text("para"), mensagem: text("mensagem") };
    let Some(file) = upload.file else { return send(&member, &number, &target, Err("refusal.file_invalid")).await };
    let new = NewFile { mime_type: file.mime_type, file_name: Some(file.name), bytes: file.bytes, ..NewFile::default() };
    let kind = text("tipo");
    let kind = MessageKind::ALL.iter().copied().find(|known| known.as_str() == kind);
    let content = match sim.file_content(account, new, kind, text("legenda").trim()).await {
        Ok(content) => Ok(content),
        Err(SimError::InvalidFile(_)) => Err("refusal.file_invalid"),
        Err(other) => return Err(other.into()),
    };
    send(&member, &number, &target, content).await
}

async fn send(
    member: &Member,
    number: &str,
    target: &Target,
    content: Result<MessageContent, &'static str>,
) -> Result<Response, Failure> {
    let (sim, account, phone, _) = own_phone(member, number).await?;
    let Some(to) = recipient(&sim, account, &phone, &target.para).await? else {
        return Ok(member.go_with(&address(&phone, &target.conversa), "refusal.phone_invalid"));
    };
    let content = match content {
        Ok(content) => content,
        Err(refusal) => return Ok(member.go_with(&address(&phone, to.as_str()), refusal)),
    };
    let answered = WireId::parse(&target.mensagem).ok();
    let hand = Hand { account, phone: phone.clone(), chat: to.clone() };
    let done = sim.send(&hand, Draft::from(content).answering(answered)).await.map(drop);
    finish(member, &phone, to.as_str(), done, "notice.message_written")
}
