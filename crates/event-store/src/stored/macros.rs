//! One table per event enum: wire name, version, meaning, sealed fields.

/// Implements [`cqrs_es::DomainEvent`] and [`crate::StoredEvent`] from one table. A variant that is missing in the table does not
/// compile; one without a golden file fails the context's test.
///
/// ```text
/// stored_events! {
///     CounterEvent {
///         Added => "counter.added" 2, en "Something was added.", pt "Algo foi somado.";
///         Named => "counter.named" 1, en "It has a name.", pt "Tem um nome.", sealed ["name"];
///     }
///     upcasters &[Upcaster::next_version("counter.added", 1, step)]
/// }
/// ```
#[macro_export]
macro_rules! stored_events {
    (
        $event:ty {
            $( $variant:ident => $name:literal $version:literal, en $en:literal, pt $pt:literal $(, sealed [$($sealed:literal),*])? ; )+
        }
        $( upcasters $upcasters:expr )?
    ) => {
        impl ::cqrs_es::DomainEvent for $event {
            fn event_type(&self) -> String {
                self.wire_name().to_owned()
            }

            fn event_version(&self) -> String {
                match self {
                    $( Self::$variant { .. } => stringify!($version), )+
                }
                .to_owned()
            }
        }

        impl $crate::StoredEvent for $event {
            const DEFINITIONS: &'static [$crate::stored::EventDefinition] = &[
                $( $crate::stored::EventDefinition {
                    event_type: $name,
                    version: $version,
                    meaning: $crate::stored::Meaning { en: $en, pt: $pt },
                    sealed: &[$($($sealed),*)?],
                }, )+
            ];

            $(
                fn upcasters() -> &'static [$crate::stored::Upcaster] {
                    const TABLE: &[$crate::stored::Upcaster] = $upcasters;
                    TABLE
                }
            )?
        }

        impl $event {
            /// The wire name.
            #[must_use]
            pub const fn wire_name(&self) -> &'static str {
                match self {
                    $( Self::$variant { .. } => $name, )+
                }
            }
        }
    };
}
