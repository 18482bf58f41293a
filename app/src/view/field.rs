//! Form fields with their errors next to them.

use leptos::prelude::*;

/// One input with label, help and error.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// The form's name for it, also the id.
    pub name: &'static str,
    /// What it is.
    pub label: String,
    /// `text`, `email`, `password` …
    pub kind: &'static str,
    /// What was typed.
    pub value: String,
    /// Below the label.
    pub help: Option<String>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// The `autocomplete` token.
    pub autocomplete: Option<&'static str>,
    /// Longest text.
    pub max_length: Option<u32>,
    /// Shortest text.
    pub min_length: Option<u32>,
    /// May not be empty.
    pub required: bool,
    /// Gets the focus first.
    pub autofocus: bool,
    /// `inputmode`.
    pub input_mode: Option<&'static str>,
    /// An example inside the empty field.
    pub placeholder: Option<String>,
    /// Shown but not editable.
    pub read_only: bool,
}

impl Field {
    /// A required text field.
    #[must_use]
    pub fn text(name: &'static str, label: impl Into<String>) -> Self {
        Self { name, label: label.into(), kind: "text", required: true, ..Self::default() }
    }

    /// A required e-mail field.
    #[must_use]
    pub fn email(name: &'static str, label: impl Into<String>) -> Self {
        Self { kind: "email", autocomplete: Some("username"), max_length: Some(254), ..Self::text(name, label) }
    }

    /// A required password field; `autocomplete` is `current-password` or `new-password`.
    #[must_use]
    pub fn password(name: &'static str, label: impl Into<String>, autocomplete: &'static str) -> Self {
        Self { kind: "password", autocomplete: Some(autocomplete), max_length: Some(256), ..Self::text(name, label) }
    }

    /// Makes it optional.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// Fills it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Explains it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what is wrong.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// Focuses it first.
    #[must_use]
    pub fn first(mut self) -> Self {
        self.autofocus = true;
        self
    }

    /// The view.
    pub fn view(self) -> AnyView {
        let described = match (&self.help, &self.error) {
            (None, None) => None,
            (help, error) => {
                let ids = [
                    help.as_ref().map(|_| format!("{}-ajuda", self.name)),
                    error.as_ref().map(|_| format!("{}-erro", self.name)),
                ];
                Some(ids.into_iter().flatten().collect::<Vec<_>>().join(" "))
            }
        };
        let invalid = self.error.as_ref().map(|_| "true");
        let help = self.help.map(|help| view! { <p class="help" id=format!("{}-ajuda", self.name)>{help}</p> });
        let error = self.error.map(|error| view! { <p class="error" id=format!("{}-erro", self.name)>{error}</p> });
        view! {
            <div class="field">
                <label for=self.name>{self.label}</label>
                {help}
                <input
                    id=self.name
                    name=self.name
                    type=self.kind
                    value=self.value
                    required=self.required
                    readonly=self.read_only
                    autofocus=self.autofocus
                    autocomplete=self.autocomplete
                    inputmode=self.input_mode
                    placeholder=self.placeholder
                    maxlength=self.max_length.map(|length| length.to_string())
                    minlength=self.min_length.map(|length| length.to_string())
                    aria-describedby=described
                    aria-invalid=invalid
                />
                {error}
            </div>
        }
        .into_any()
    }
}

/// A message above a form: what was wrong with the whole of it.
pub fn form_error(text: Option<String>) -> Option<AnyView> {
    text.map(|text| view! { <p class="notice bad" role="alert">{text}</p> }.into_any())
}

/// The hidden token every form carries.
pub fn form_key(key: &str) -> AnyView {
    view! { <input type="hidden" name="_csrf" value=key.to_owned() /> }.into_any()
}
