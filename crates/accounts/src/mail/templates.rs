//! What our mails say, in Portuguese and English. One shape for all: greeting, paragraphs, perhaps one button, a closing line.

use recado_kernel::{Locale, Timestamp};
use uuid::Uuid;

use super::Mail;

/// Which mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Template {
    /// Prove the address.
    Verify {
        /// With a single-use token.
        link: String,
    },
    /// Somebody registered an address that is already in use.
    AlreadyRegistered {
        /// The page for signing in.
        sign_in: String,
        /// The page for a new password.
        forgotten: String,
    },
    /// Set a new password.
    Reset {
        /// With a single-use token.
        link: String,
    },
    /// The password was changed.
    PasswordChanged {
        /// The page for a new password, in case it was somebody else.
        forgotten: String,
    },
}

/// To whom.
#[derive(Clone)]
pub struct Receiver {
    /// Address.
    pub to: String,
    /// Display name.
    pub name: String,
    /// Language.
    pub locale: Locale,
}

struct Words {
    subject: &'static str,
    paragraphs: Vec<String>,
    button: Option<(&'static str, String)>,
    closing: &'static str,
}

/// Writes the mail.
pub fn write(template: Template, receiver: Receiver, id: Uuid, at: Timestamp) -> Mail {
    let words = match receiver.locale {
        Locale::PtBr => portuguese(template),
        Locale::En => english(template),
    };
    let greeting = match receiver.locale {
        Locale::PtBr => format!("Olá, {}!", receiver.name),
        Locale::En => format!("Hello, {}!", receiver.name),
    };
    let mut text = format!("{greeting}\n\n{}\n", words.paragraphs.join("\n\n"));
    if let Some((_, link)) = &words.button {
        text.push_str(&format!("\n{link}\n"));
    }
    text.push_str(&format!("\n{}\n\n-- \nRecado\n", words.closing));
    Mail { id, at, to: receiver.to, subject: words.subject.to_owned(), text, html: html(&receiver.locale, &greeting, &words) }
}

fn html(locale: &Locale, greeting: &str, words: &Words) -> String {
    let mut body = format!("<p>{}</p>", escape(greeting));
    for paragraph in &words.paragraphs {
        body.push_str(&format!("<p>{}</p>", escape(paragraph)));
    }
    if let Some((label, link)) = &words.button {
        let link = escape(link);
        body.push_str(&format!(
            "<p><a href=\"{link}\" style=\"display:inline-block;padding:12px 20px;border-radius:8px;background:#0b6b4f;color:#ffffff;\
             text-decoration:none;font-weight:600\">{}</a></p><p style=\"font-size:13px;color:#555555;word-break:break-all\">{link}</p>",
            escape(label)
        ));
    }
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body style=\"font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;color:#1c1c1c;max-width:560px;margin:0 auto;padding:24px\">\
         {body}<p style=\"font-size:13px;color:#555555\">{}</p><p style=\"font-size:13px;color:#555555\">Recado</p></body></html>",
        locale.tag(),
        escape(words.subject),
        escape(words.closing)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

fn portuguese(template: Template) -> Words {
    match template {
        Template::Verify { link } => Words {
            subject: "Confirme seu e-mail no Recado",
            paragraphs: vec![
                "Falta um passo para usar sua conta: confirme que este endereço é seu. O link vale por 48 horas e só uma vez."
                    .into(),
            ],
            button: Some(("Confirmar e-mail", link)),
            closing: "Se você não criou uma conta, ignore esta mensagem: nada acontece sem a confirmação.",
        },
        Template::AlreadyRegistered { sign_in, forgotten } => Words {
            subject: "Você já tem uma conta no Recado",
            paragraphs: vec![
                "Alguém tentou criar uma conta com este endereço, mas ele já tem uma. Nada mudou na sua conta.".into(),
                format!("Se foi você e esqueceu a senha, peça uma nova em {forgotten}"),
            ],
            button: Some(("Entrar", sign_in)),
            closing: "Se não foi você, não é preciso fazer nada.",
        },
        Template::Reset { link } => Words {
            subject: "Nova senha no Recado",
            paragraphs: vec![
                "Recebemos um pedido para trocar a senha da sua conta. O link vale por 2 horas e só uma vez.".into(),
            ],
            button: Some(("Escolher nova senha", link)),
            closing: "Se não foi você, ignore esta mensagem: sua senha continua a mesma.",
        },
        Template::PasswordChanged { forgotten } => Words {
            subject: "Sua senha do Recado foi trocada",
            paragraphs: vec![
                "A senha da sua conta acaba de ser trocada e as outras sessões foram encerradas.".into(),
                format!("Se não foi você, peça agora uma nova senha em {forgotten}"),
            ],
            button: None,
            closing: "Se foi você, não é preciso fazer nada.",
        },
    }
}

fn english(template: Template) -> Words {
    match template {
        Template::Verify { link } => Words {
            subject: "Confirm your e-mail at Recado",
            paragraphs: vec!["One step is left before you can use your account: confirm that this address is yours. The link works for 48 hours and only once.".into()],
            button: Some(("Confirm e-mail", link)),
            closing: "If you did not create an account, ignore this message: nothing happens without the confirmation.",
        },
        Template::AlreadyRegistered { sign_in, forgotten } => Words {
            subject: "You already have an account at Recado",
            paragraphs: vec![
                "Somebody tried to create an account with this address, but it already has one. Nothing changed in your account.".into(),
                format!("If it was you and you forgot the password, ask for a new one at {forgotten}"),
            ],
            button: Some(("Sign in", sign_in)),
            closing: "If it was not you, there is nothing to do.",
        },
        Template::Reset { link } => Words {
            subject: "New password at Recado",
            paragraphs: vec!["We were asked to change the password of your account. The link works for 2 hours and only once.".into()],
            button: Some(("Choose a new password", link)),
            closing: "If it was not you, ignore this message: your password stays the same.",
        },
        Template::PasswordChanged { forgotten } => Words {
            subject: "Your Recado password was changed",
            paragraphs: vec![
                "The password of your account has just been changed and the other sessions were ended.".into(),
                format!("If it was not you, ask for a new password now at {forgotten}"),
            ],
            button: None,
            closing: "If it was you, there is nothing to do.",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(locale: Locale) -> Mail {
        let receiver = Receiver { to: "ana@exemplo.com".into(), name: "Ana <b>&".into(), locale };
        let link = "https://painel.exemplo/verificar?token=abc".to_owned();
        write(Template::Verify { link }, receiver, Uuid::nil(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn both_parts_carry_the_link_and_html_is_escaped() {
        let pt = mail(Locale::PtBr);
        assert!(pt.text.contains("\nhttps://painel.exemplo/verificar?token=abc\n"));
        assert!(pt.html.contains("href=\"https://painel.exemplo/verificar?token=abc\""));
        assert!(pt.html.contains("Ana &lt;b&gt;&amp;") && !pt.html.contains("<b>"));
        assert!(pt.html.contains("lang=\"pt-BR\""));
        assert_eq!(mail(Locale::En).subject, "Confirm your e-mail at Recado");
    }
}
