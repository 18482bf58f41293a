//! The door and its lock.

use chrono::Duration;
use recado_accounts::{SignIn, SignInError, Swept};

use crate::world::{EMAIL, PASSWORD, World, secret};

#[tokio::test]
async fn ten_wrong_passwords_close_the_door_for_a_quarter_of_an_hour() {
    let w = World::start().await;
    w.customer(EMAIL).await;
    let until = w.t.platform.now() + Duration::minutes(15);
    for _ in 0..9 {
        assert!(matches!(w.sign_in(EMAIL, "senha errada!").await, Err(SignInError::WrongCredentials)));
    }
    assert!(matches!(w.sign_in(EMAIL, "senha errada!").await, Err(SignInError::Locked { until: u }) if u == until));
    w.t.clock.advance(Duration::minutes(14));
    assert!(matches!(w.sign_in(EMAIL, PASSWORD).await, Err(SignInError::Locked { until: u }) if u == until));
    w.settle().await;
    assert_eq!(w.events("account.sign_in_locked").await, 1);
    w.t.clock.advance(Duration::minutes(1));
    assert!(w.sign_in(EMAIL, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn an_unknown_address_is_answered_like_a_known_one() {
    let w = World::start().await;
    for _ in 0..9 {
        assert!(matches!(w.sign_in("ninguem@exemplo.com", PASSWORD).await, Err(SignInError::WrongCredentials)));
    }
    assert!(matches!(w.sign_in("ninguem@exemplo.com", PASSWORD).await, Err(SignInError::Locked { .. })));
    w.settle().await;
    assert_eq!(w.events("account.sign_in_locked").await, 0);
    assert!(matches!(w.sign_in("not an address", PASSWORD).await, Err(SignInError::WrongCredentials)));
    assert!(matches!(w.sign_in(EMAIL, &"x".repeat(70_000)).await, Err(SignInError::WrongCredentials)));
}

#[tokio::test]
async fn thirty_guesses_at_once_get_ten_tries() {
    let w = World::start().await;
    w.customer(EMAIL).await;
    let tries = (0..30).map(|_| w.sign_in(EMAIL, "senha errada!"));
    let mut wrong = 0;
    for answer in futures_join(tries).await {
        wrong += usize::from(matches!(answer, Err(SignInError::WrongCredentials)));
    }
    assert_eq!(wrong, 9, "the tenth closes the door, the others find it closed");
}

async fn futures_join<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pinned: Vec<_> = futures.map(Box::pin).collect();
    let mut outputs: Vec<Option<F::Output>> = pinned.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, output) in pinned.iter_mut().zip(&mut outputs) {
            if output.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(context)
            {
                *output = Some(value);
            }
        }
        if outputs.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    outputs.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_right_password_forgives_the_wrong_ones() {
    let w = World::start().await;
    w.customer(EMAIL).await;
    for _ in 0..2 {
        for _ in 0..9 {
            assert!(matches!(w.sign_in(EMAIL, "senha errada!").await, Err(SignInError::WrongCredentials)));
        }
        assert!(w.sign_in(EMAIL, PASSWORD).await.is_ok());
    }
}

#[tokio::test]
async fn one_origin_cannot_try_many_addresses() {
    let w = World::start().await;
    let ip = Some("198.51.100.7".parse().unwrap());
    let mut locked = false;
    for n in 0..51 {
        let form = SignIn { email: format!("a{n}@exemplo.com"), password: secret("errada errada"), ip, user_agent: None };
        locked = matches!(w.accounts.sign_in(form).await, Err(SignInError::Locked { .. }));
    }
    assert!(locked);
}

#[tokio::test]
async fn a_session_slides_to_sixty_days_and_is_swept() {
    let w = World::start().await;
    w.customer(EMAIL).await;
    let signed_in = w.sign_in(EMAIL, PASSWORD).await.unwrap();
    let token = signed_in.token.as_str();
    for _ in 0..4 {
        w.t.clock.advance(Duration::days(13));
        assert!(w.accounts.session(token).await.unwrap().is_some());
    }
    w.t.clock.advance(Duration::days(8));
    assert_eq!(w.accounts.session(token).await.unwrap(), None, "60 days are the end, visits or not");

    let idle = w.sign_in(EMAIL, PASSWORD).await.unwrap();
    w.t.clock.advance(Duration::days(14));
    assert_eq!(w.accounts.session(idle.token.as_str()).await.unwrap(), None);
    assert_eq!(w.accounts.session("made-up").await.unwrap(), None);
    assert!(matches!(w.sign_in(EMAIL, "senha errada!").await, Err(SignInError::WrongCredentials)));
    w.t.clock.advance(Duration::days(2));
    let swept = w.accounts.sweep(w.t.platform.now()).await.unwrap();
    assert_eq!(swept, Swept { sessions: 2, links: 0, attempts: 2 });
}
