//! Counters, as text that Prometheus reads.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

macro_rules! counted {
    ($($(#[$meta:meta])* pub enum $name:ident { $($variant:ident $text:literal,)+ })+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            #[expect(missing_docs, reason = "each is named as the metric's label names it")]
            pub enum $name { $($variant,)+ }

            impl $name {
                const LABELS: &'static [&'static str] = &[$($text,)+];
            }
        )+
    };
}

counted! {
    /// Where a request came in.
    pub enum Endpoint {
        Command "command",
        Interaction "interaction",
        Event "event",
    }

    /// What became of a request.
    pub enum Taken {
        Answered "answered",
        /* Parsed, and nothing that the bot acts on. */
        Ignored "ignored",
        Repeated "repeated",
        Shed "shed",
        Unsigned "unsigned",
        TooLarge "too_large",
        TooSlow "too_slow",
    }

    /// What became of a call to Slack.
    pub enum Called {
        Ok "ok",
        Limited "limited",
        Refused "refused",
        Failed "failed",
    }

    /// What became of a reminder.
    pub enum Reminded {
        Sent "sent",
        Cancelled "cancelled",
        Failed "failed",
        /* No answer says whether it arrived. */
        InDoubt "in_doubt",
        /* It stood there twice, and the older was taken away. */
        Twice "twice",
        /* Its turn was over before anybody could plan it. */
        Missed "missed",
    }
}

const ENDPOINTS: usize = Endpoint::LABELS.len();
const TAKEN: usize = Taken::LABELS.len();

/// Everything that is counted.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: [[AtomicU64; TAKEN]; ENDPOINTS],
    calls: [AtomicU64; Called::LABELS.len()],
    checks: AtomicU64,
    check_micros: AtomicU64,
    opportunities: AtomicU64,
    undelivered: AtomicU64,
    reminders: [AtomicU64; Reminded::LABELS.len()],
    sockets: AtomicU64,
    sockets_again: AtomicU64,
    socket_heard_at: AtomicU64,
}

impl Metrics {
    /// A request came in, and this became of it.
    pub fn request(&self, endpoint: Endpoint, taken: Taken) {
        self.requests[endpoint as usize][taken as usize].fetch_add(1, Relaxed);
    }

    /// Slack was called, and this became of it.
    pub fn call(&self, called: Called) {
        self.calls[called as usize].fetch_add(1, Relaxed);
    }

    /// So many opportunities were judged in so much time.
    pub fn check(&self, opportunities: usize, took: Duration) {
        self.checks.fetch_add(1, Relaxed);
        self.opportunities.fetch_add(opportunities as u64, Relaxed);
        self.check_micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Relaxed);
    }

    /// An answer found no way to its asker.
    pub fn undelivered(&self) {
        self.undelivered.fetch_add(1, Relaxed);
    }

    /// This became of so many reminders.
    pub fn reminders(&self, reminded: Reminded, count: u64) {
        self.reminders[reminded as usize].fetch_add(count, Relaxed);
    }

    /// A connection of Socket Mode stands; `is_first` of this program.
    pub fn socket_opened(&self, is_first: bool) {
        self.sockets.fetch_add(1, Relaxed);
        self.sockets_again.fetch_add(u64::from(!is_first), Relaxed);
    }

    /// A connection of Socket Mode stands no longer.
    pub fn socket_closed(&self) {
        self.sockets.fetch_sub(1, Relaxed);
    }

    /// How many connections of Socket Mode stand.
    pub fn sockets(&self) -> u64 {
        self.sockets.load(Relaxed)
    }

    /// Slack delivered by Socket Mode, at this second since 1970.
    pub fn socket_heard(&self, now: u64) {
        self.socket_heard_at.store(now, Relaxed);
    }

    /// The text that Prometheus reads; `gauges` are what is counted elsewhere, with their help.
    pub fn text(&self, gauges: &[(&str, &str, u64)]) -> String {
        let mut text = String::new();
        let mut family = |name: &str, kind: &str, help: &str, lines: &[(String, String)]| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, value) in lines {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        };
        let mut requests = Vec::new();
        for (endpoint, counts) in Endpoint::LABELS.iter().zip(&self.requests) {
            for (taken, count) in Taken::LABELS.iter().zip(counts) {
                let labels = format!("{{endpoint=\"{endpoint}\",result=\"{taken}\"}}");
                requests.push((labels, count.load(Relaxed).to_string()));
            }
        }
        family("podcheck_slack_requests_total", "counter", "Requests from Slack.", &requests);
        let calls = Called::LABELS.iter().zip(&self.calls);
        let calls: Vec<_> = calls
            .map(|(label, count)| (format!("{{result=\"{label}\"}}"), count.load(Relaxed).to_string()))
            .collect();
        family("podcheck_slack_calls_total", "counter", "Calls to Slack.", &calls);
        let one = |value: String| vec![(String::new(), value)];
        let count = |counter: &AtomicU64| one(counter.load(Relaxed).to_string());
        family("podcheck_checks_total", "counter", "Checks made.", &count(&self.checks));
        family(
            "podcheck_opportunities_total",
            "counter",
            "Opportunities judged.",
            &count(&self.opportunities),
        );
        let micros = self.check_micros.load(Relaxed);
        let seconds = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        family("podcheck_check_seconds_total", "counter", "Time spent on checks.", &one(seconds));
        family(
            "podcheck_undelivered_total",
            "counter",
            "Answers that found no way.",
            &count(&self.undelivered),
        );
        let reminders = Reminded::LABELS.iter().zip(&self.reminders);
        let reminders: Vec<_> = reminders
            .map(|(label, count)| (format!("{{result=\"{label}\"}}"), count.load(Relaxed).to_string()))
            .collect();
        family("podcheck_reminders_total", "counter", "Reminders by what became of them.", &reminders);
        family(
            "podcheck_socket_reconnects_total",
            "counter",
            "Connections of Socket Mode after the first.",
            &count(&self.sockets_again),
        );
        family(
            "podcheck_socket_connections",
            "gauge",
            "Connections of Socket Mode that stand.",
            &count(&self.sockets),
        );
        family(
            "podcheck_socket_last_delivery_timestamp_seconds",
            "gauge",
            "When Slack last delivered by Socket Mode; 0 for never.",
            &count(&self.socket_heard_at),
        );
        for (name, help, value) in gauges {
            family(name, "gauge", help, &one(value.to_string()));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_series_stands_below_its_help() {
        let metrics = Metrics::default();
        metrics.request(Endpoint::Event, Taken::Repeated);
        metrics.check(3, Duration::from_micros(1_500_000));
        let text = metrics.text(&[("podcheck_tasks", "Tasks under way.", 2)]);
        assert!(text.contains("podcheck_slack_requests_total{endpoint=\"event\",result=\"repeated\"} 1\n"));
        assert!(text.contains("podcheck_check_seconds_total 1.500000\n"));
        assert!(text.contains("# TYPE podcheck_tasks gauge\npodcheck_tasks 2\n"));
        assert!(text.lines().all(|line| line.starts_with("# ") || line.starts_with("podcheck_")));
    }
}
