//! The parts of a page that live in the browser. A page that shows one of them sets `islands: true` in its frame; a page without
//! islands loads no wasm. They take their words as props: there are no translations in the client.

mod copy_button;
mod live_fragment;

pub use copy_button::CopyButton;
pub use live_fragment::LiveFragment;
