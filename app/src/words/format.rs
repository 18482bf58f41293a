//! Dates, times and spans as the reader's language writes them. The zone is São Paulo's, where our customers and their months live.

use chrono::{DateTime, Duration, NaiveDate};
use chrono_tz::America::Sao_Paulo;
use chrono_tz::Tz;
use recado_kernel::{Competencia, Locale, Money, Timestamp};

use super::Words;

/// The moment on the clock of São Paulo.
#[must_use]
pub fn local(at: Timestamp) -> DateTime<Tz> {
    at.with_timezone(&Sao_Paulo)
}

impl Words {
    /// `21/11/2026` or `21 Nov 2026`.
    #[must_use]
    pub fn date(self, date: NaiveDate) -> String {
        match self.locale() {
            Locale::PtBr => date.format("%d/%m/%Y").to_string(),
            Locale::En => date.format("%-d %b %Y").to_string(),
        }
    }

    /// `21/11/2026 14:05`, local time.
    #[must_use]
    pub fn moment(self, at: Timestamp) -> String {
        let local = local(at);
        format!("{} {}", self.date(local.date_naive()), local.format("%H:%M"))
    }

    /// `21/11/2026 14:05:09`, local time: for time lines, where the second matters.
    #[must_use]
    pub fn exact_moment(self, at: Timestamp) -> String {
        let local = local(at);
        format!("{} {}", self.date(local.date_naive()), local.format("%H:%M:%S"))
    }

    /// The local day a moment falls on.
    #[must_use]
    pub fn local_date(self, at: Timestamp) -> String {
        self.date(local(at).date_naive())
    }

    /// `novembro de 2026`, `November 2026`.
    #[must_use]
    pub fn month(self, month: Competencia) -> String {
        let name = self.find(&format!("month.{:02}", month.month())).unwrap_or_default();
        self.with("month.of_year", &[("month", name), ("year", &month.year().to_string())])
    }

    /// A month as a heading: with a capital letter in every language.
    #[must_use]
    pub fn month_title(self, month: Competencia) -> String {
        let text = self.month(month);
        let mut letters = text.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// The two largest units of a span, `1 dia e 23 h`; a span that is over reads as zero minutes.
    #[must_use]
    pub fn span(self, span: Duration) -> String {
        let minutes = span.num_minutes().max(0);
        let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        match (days, hours, minutes) {
            (0, 0, 0) if span > Duration::zero() => self.t("span.moments").to_owned(),
            (0, 0, minutes) => self.count("span.minutes", minutes),
            (0, hours, minutes) => self.joined(self.count("span.hours", hours), self.count("span.minutes", minutes), minutes),
            (days, hours, _) => self.joined(self.count("span.days", days), self.count("span.hours", hours), hours),
        }
    }

    fn joined(self, large: String, small: String, small_count: i64) -> String {
        if small_count == 0 { large } else { self.with("span.and", &[("large", &large), ("small", &small)]) }
    }

    /// An amount as Brazilians write it in either language: the currency is theirs.
    #[must_use]
    pub fn money(self, amount: Money) -> String {
        amount.to_brl()
    }

    /// The billing month a moment belongs to.
    #[must_use]
    pub fn month_of(self, at: Timestamp) -> Competencia {
        Competencia::of_local(local(at).date_naive())
    }
}
