//! How large a body may be, by route: room for media only where media is sent. A text, a setting or a cursor needs little, and whoever sends
//! more is told before it is read.

use crate::RestSettings;

/// Bytes for bodies without media. The longest text is 64 KiB; written as `\uXXXX` it is six times that, and unknown fields may come along.
const PLAIN: usize = 2 * 1024 * 1024;

/// Actions that carry no media.
const PLAIN_ACTIONS: [&str; 9] = [
    "send-text",
    "send-messages",
    "reply-message",
    "send-location",
    "send-contact",
    "send-reaction",
    "send-remove-reaction",
    "queue",
    "integrator",
];

/// The settings for the body of a request to `path`.
pub(super) fn for_path(path: &str, settings: &RestSettings) -> RestSettings {
    RestSettings { max_body_bytes: of(path, settings), ..settings.clone() }
}

fn of(path: &str, settings: &RestSettings) -> usize {
    let mut segments = path.split('/').skip_while(|segment| segment.is_empty() || *segment == "instances");
    let action = match (segments.next(), segments.next()) {
        (Some(_), Some("token")) => segments.nth(1),
        (first, _) => first,
    };
    let plain = action.is_some_and(|action| {
        PLAIN_ACTIONS.contains(&action)
            || (action.starts_with("update-") && !action.ends_with("-photo") && !action.ends_with("-picture"))
    });
    if plain { settings.max_body_bytes.min(PLAIN) } else { settings.max_body_bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_media_needs_much_room() {
        let settings = RestSettings::default();
        for plain in ["send-text", "queue", "queue/19", "update-webhook-received", "update-name", "send-contact"] {
            assert_eq!(of(&format!("/instances/I/token/T/{plain}"), &settings), PLAIN, "{plain}");
        }
        assert_eq!(of("/instances/integrator/on-demand", &settings), PLAIN);
        for large in
            ["send-image", "send-document/pdf", "update-group-photo", "profile-picture", "phone-exists-batch", "send-link"]
        {
            assert_eq!(of(&format!("/instances/I/token/T/{large}"), &settings), settings.max_body_bytes, "{large}");
        }
        let small = RestSettings { max_body_bytes: 10, ..settings };
        assert_eq!(of("/instances/I/token/T/send-text", &small), 10, "the operator's limit holds everywhere");
    }
}
