//! What a person does with a message of the open chat: answers it with a finger, changes it, passes it on, listens to it.

use axum::extract::Path;
use axum::response::Response;
use recado_engine_sim::{Hand, Sim};
use recado_kernel::{PhoneNumber, WireId};
use serde::Deserialize;

use super::actions::{address, finish, own_phone};
use crate::web::failure::Failure;
use crate::web::flash::go;
use crate::web::posted::Posted;
use crate::web::visit::Member;

/// A gesture: on which message, and what with.
#[derive(Debug, Default, Deserialize)]
pub struct Gesture {
    #[serde(default)]
    conversa: String,
    #[serde(default)]
    mensagem: String,
    #[serde(default)]
    escolha: String,
    #[serde(default)]
    emoji: String,
    #[serde(default)]
    texto: String,
    #[serde(default)]
    para: String,
}

struct Grip {
    sim: Sim,
    hand: Hand,
    message: WireId,
}

async fn grip(member: &Member, number: &str, gesture: &Gesture) -> Result<Grip, Failure> {
    let (sim, account, phone, _) = own_phone(member, number).await?;
    let chat: PhoneNumber = gesture.conversa.parse().map_err(|_| Failure::BadRequest)?;
    let message = WireId::parse(&gesture.mensagem).map_err(|_| Failure::BadRequest)?;
    Ok(Grip { sim, hand: Hand { account, phone, chat }, message })
}

impl Grip {
    /// What was done is seen in the chat; only a refusal needs words.
    fn end<T>(&self, member: &Member, done: Result<T, recado_engine_sim::SimError>) -> Result<Response, Failure> {
        let (phone, chat) = (&self.hand.phone, self.hand.chat.as_str());
        match done {
            Ok(_) => Ok(go(&address(phone, chat))),
            Err(error) => finish(member, phone, chat, Err(error), "notice.switched"),
        }
    }
}

/// Presses a button.
///
/// # Errors
/// Not this account's telephone, no such message or button, or the database.
pub async fn press(member: Member, Path(number): Path<String>, Posted(gesture): Posted<Gesture>) -> Result<Response, Failure> {
    let grip = grip(&member, &number, &gesture).await?;
    grip.end(&member, grip.sim.press(&grip.hand, &grip.message, &gesture.escolha).await)
}

/// Chooses a row of a list.
///
/// # Errors
/// Not this account's telephone, no such message or row, or the database.
pub async fn choose(member: Member, Path(number): Path<String>, Posted(gesture): Posted<Gesture>) -> Result<Response, Failure> {
    let grip = grip(&member, &number, &gesture).await?;
    grip.end(&member, grip.sim.choose(&grip.hand, &grip.message, &gesture.escolha).await)
}

/// Touches an option of a poll: chooses it, or takes the choice back.
///
/// # Errors
/// Not this account's telephone, no such poll or option, or the database.
pub async fn vote(member: Member, Path(number): Path<String>, Posted(gesture): Posted<Gesture>) -> Result<Response, Failure> {
    let grip = grip(&member, &number, &gesture).await?;
    grip.end(&member, grip.sim.touch_option(&grip.hand, &grip.message, &gesture.escolha).await)
}

/// Puts an emoji under a message, or takes it away.
///
/// # Errors
/// Not this account's telephone, no such message, or the database.
pub async fn react(member: Member, Path(number): Path<String>, Posted(gesture): Posted<Gesture>) -> Result<Response, Failure> {
    let grip = grip(&member, &number, &gesture).await?;
    grip.end(&member, grip.sim.react(&grip.hand, &grip.message, &gesture.emoji).await)
}

/// Changes the text of an own message.
///
/// # Errors
/// Not this account's telephone, no such message, or the database.
pub async fn edit(member: Member, Path(number): Path<String>, Posted(gesture): Posted<Gesture>) -> Result<Response, Failure> {
    let grip = grip(&member, &number, &gesture).await?;
    grip.end(&member, grip.sim.edit(&grip.hand, &grip.message, &gesture.texto).await)
}

/// Deletes an own message for everybody.
///
/// # Errors
/// Not this account's telephone, no such message, or the database.
pub async fn delete(member: Member, Path(number): Path<String>, Posted(gesture): Posted<Gesture>) -> Result<Response, Failure> {
    let grip = grip(&member, &number, &gesture).await?;
    grip.end(&member, grip.sim.delete(&grip.hand, &grip.message).await)
}

/// Passes a message on; the chat it went to is opened.
///
/// # Errors
/// Not this account's telephone, no such message, or the database.
pub async fn forward(member: Member, Path(number): Path<String>, Posted(gesture): Posted<Gesture>) -> Result<Response, Failure> {
    let mut grip = grip(&member, &number, &gesture).await?;
    let Ok(to) = gesture.para.parse::<PhoneNumber>() else {
        return Ok(member.go_with(&address(&grip.hand.phone, &gesture.conversa), "refusal.phone_invalid"));
    };
    let done = grip.sim.forward(&grip.hand, &grip.message, &to).await;
    if done.is_ok() {
        grip.hand.chat = to;
    }
    grip.end(&member, done)
}

/// Listens to a voice note.
///
/// # Errors
/// Not this account's telephone, no such message, or the database.
pub async fn play(member: Member, Path(number): Path<String>, Posted(gesture): Posted<Gesture>) -> Result<Response, Failure> {
    let grip = grip(&member, &number, &gesture).await?;
    grip.end(&member, grip.sim.play(&grip.hand, &grip.message).await)
}
