//! Small things about operations.

use utoipa::openapi::path::HttpMethod;

/// The verb as OpenAPI writes it.
pub(super) const fn verb(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "get",
        HttpMethod::Post => "post",
        HttpMethod::Put => "put",
        HttpMethod::Delete => "delete",
        HttpMethod::Options => "options",
        HttpMethod::Head => "head",
        HttpMethod::Patch => "patch",
        HttpMethod::Trace => "trace",
    }
}

/// A path as clients read it: `{instance}` is `{instanceId}`, `{zaap_id}` is `{zaapId}`.
pub(super) fn public_path(path: &str) -> String {
    path.split('/')
        .map(|segment| match segment.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
            Some("instance") => "{instanceId}".to_owned(),
            Some(name) => format!("{{{}}}", camel(name)),
            None => segment.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// The names in braces of a path.
pub(super) fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// The address of an operation within a page: `post-send-text`, `get-phone-code-phone`.
pub(super) fn anchor(verb: &str, path: &str) -> String {
    let action = path.strip_prefix("/instances/{instanceId}/token/{token}").unwrap_or(path);
    let words = action.split(['/', '{', '}', '-']).filter(|word| !word.is_empty());
    std::iter::once(verb).chain(words).collect::<Vec<_>>().join("-")
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut sum, word| {
        let mut letters = word.chars();
        sum.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        sum.push_str(letters.as_str());
        sum
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_clients_read_them() {
        let path = public_path("/instances/{instance}/token/{token}/queue/{zaap_id}");
        assert_eq!(path, "/instances/{instanceId}/token/{token}/queue/{zaapId}");
        assert_eq!(anchor("delete", &path), "delete-queue-zaapId");
        assert_eq!(parameters(&path).collect::<Vec<_>>(), ["instanceId", "token", "zaapId"]);
        assert_eq!(anchor("post", "/instances/integrator/on-demand"), "post-instances-integrator-on-demand");
    }
}
