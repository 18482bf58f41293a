//! A mail over a real socket to a small SMTP server.

use recado_accounts::{Mail, MailError, Mailer as _, SmtpMailer};
use recado_kernel::Timestamp;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::world::{EMAIL, secret};

/// Serves one connection; answers RCPT with `rcpt`. Gives back what the client said.
async fn server(rcpt: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let (mut said, mut in_data) = (String::new(), false);
        writer.write_all(b"220 test\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            said.push_str(&line);
            said.push('\n');
            let answer = match line.as_str() {
                "." => {
                    in_data = false;
                    "250 kept"
                }
                _ if in_data => continue,
                "DATA" => {
                    in_data = true;
                    "354 go on"
                }
                line if line.starts_with("RCPT") => rcpt,
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            writer.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            if line == "." || line == "QUIT" || answer.starts_with('5') {
                break;
            }
        }
        said
    });
    (url, task)
}

fn mail() -> Mail {
    Mail {
        id: uuid::Uuid::from_u128(5),
        at: Timestamp::UNIX_EPOCH,
        to: EMAIL.into(),
        subject: "Olá".into(),
        text: "Bom dia".into(),
        html: "<p>Bom dia</p>".into(),
    }
}

#[tokio::test]
async fn a_mail_arrives() {
    let (url, server) = server("250 ok").await;
    let mailer = SmtpMailer::new(&secret(&url), "Recado <nao-responda@recado.example>").unwrap();
    mailer.send(mail()).await.unwrap();
    let said = server.await.unwrap();
    assert!(said.contains("MAIL FROM:<nao-responda@recado.example>"), "{said}");
    assert!(said.contains(&format!("RCPT TO:<{EMAIL}>")), "{said}");
    assert!(said.contains("Subject: =?utf-8?b?") && said.contains("multipart/alternative"), "{said}");
}

#[tokio::test]
async fn a_refused_address_is_permanent_and_a_silent_server_is_not() {
    let (url, server) = server("550 no such mailbox").await;
    let mailer = SmtpMailer::new(&secret(&url), "Recado <nao-responda@recado.example>").unwrap();
    assert!(matches!(mailer.send(mail()).await, Err(MailError::Permanent(_))));
    server.await.unwrap();
    assert!(matches!(mailer.send(mail()).await, Err(MailError::Temporary(_))), "nobody listens any more");
}
