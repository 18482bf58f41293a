use super::*;

fn text(json: &str) -> MessageContent {
    serde_json::from_str(json).unwrap()
}

#[test]
fn what_was_stored_before_there_were_other_kinds_is_read() {
    assert_eq!(text(r#"{"kind":"text","text":"oi"}"#), MessageContent::text("oi"));
    assert_eq!(serde_json::to_string(&MessageContent::text("oi")).unwrap(), r#"{"kind":"text","text":"oi"}"#);
}

#[test]
fn coordinates_keep_their_digits() {
    for digits in ["-16.686899999999999", "0", "180", "-49.2648", "+12.5"] {
        assert_eq!(digits.parse::<Coordinate>().unwrap().as_str(), digits);
    }
    for wrong in ["", "abc", "181", "1e2", "1.2.3", "NaN", "inf", "-", "."] {
        assert!(wrong.parse::<Coordinate>().is_err(), "{wrong}");
    }
}

#[test]
fn nothing_said_is_shown_to_a_log() {
    let card =
        ContactCard { name: "Bruno".into(), phones: vec!["5562977776666".into()], business_description: None, vcard: None };
    let shown = format!("{:?} {:?}", MessageContent::from(card.clone()), card);
    assert!(!shown.contains("Bruno") && !shown.contains("5562977776666"), "{shown}");
}

#[test]
fn a_card_is_written_with_its_number() {
    let card =
        ContactCard { name: "Reis; Bruno".into(), phones: vec!["5562977776666".into()], business_description: None, vcard: None };
    let vcard = card.to_vcard();
    assert!(vcard.contains("FN:Reis\\; Bruno\n") && vcard.contains("waid=5562977776666:+5562977776666\n"), "{vcard}");
}

#[test]
fn polls_and_buttons_that_whatsapp_cannot_show_are_refused() {
    let poll = |options: &[&str]| {
        let options = options.iter().map(|&option| option.to_owned()).collect();
        MessageContent::from(PollContent { question: "Quando?".into(), options, max_options: 1 }).check()
    };
    assert_eq!(poll(&["Manhã", "Tarde"]), Ok(()));
    assert_eq!(poll(&["Manhã"]), Err(InvalidContent::PollOptions));
    assert_eq!(poll(&["Manhã", "Manhã"]), Err(InvalidContent::PollOptions));
    let button = |action| ActionButton { id: "1".into(), label: "Sim".into(), action };
    let buttons = |buttons: Vec<ActionButton>| {
        MessageContent::from(ButtonActionsContent { text: "Oi".into(), title: String::new(), footer: String::new(), buttons })
            .check()
    };
    let call = || ButtonAction::Call { phone: "5562977776666".into() };
    assert_eq!(buttons(vec![button(ButtonAction::Reply {}), button(ButtonAction::Reply {})]), Ok(()));
    assert_eq!(buttons(vec![button(ButtonAction::Reply {}), button(call())]), Err(InvalidContent::MixedButtons));
}
