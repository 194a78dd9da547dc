//! Silences: when people are not told, though it rings.

use jiff::civil::{Date, Time};
use jiff::tz::{Disambiguation, TimeZone};

use super::{Invalid, RuleId, SilenceId, Timestamp};

/// When it is silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quiet {
    /// Once: from an instant on, up to another one.
    Once {
        /// The first instant.
        from: Timestamp,
        /// The first instant that is not silent any more.
        until: Timestamp,
    },
    /// On days of the week, by the clock on the wall of a place.
    Weekly(Weekly),
}

/// A time of day that comes again, by the clock of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weekly {
    /// On which days it begins, Monday first; at least one.
    days: [bool; 7],
    /// When it begins.
    start: Time,
    /// When it ends; on the next day, where that is not after the beginning.
    end: Time,
    zone: TimeZone,
    zone_name: String,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Weekly {
    /// From the words of the API: days such as `mon`, every day when there is none; times such as `22:00`; and a name of the
    /// IANA database of time zones.
    ///
    /// # Errors
    /// With the part that is wrong, and why.
    pub fn parse(days: &[String], start: &str, end: &str, zone: &str) -> Result<Self, (&'static str, Invalid)> {
        let mut on = [days.is_empty(); 7];
        for day in days {
            let known = DAYS.iter().position(|known| known == day).and_then(|index| on.get_mut(index));
            *known.ok_or_else(|| ("days", Invalid(format!("must be of {}", DAYS.join(" ")))))? = true;
        }
        let time = |field, text: &str| {
            let parsed = (text.len() == 5).then(|| Time::strptime("%H:%M", text).ok()).flatten();
            parsed.ok_or_else(|| (field, Invalid("must be a time of day such as 22:00".into())))
        };
        let (start, end) = (time("start", start)?, time("end", end)?);
        let unknown = || ("time_zone", Invalid("must be a time zone such as Europe/Paris".into()));
        // The zone of this machine, and an offset that knows no summer, are not what people mean.
        let named = zone == "UTC" || zone.contains('/');
        let found = TimeZone::get(zone).ok().filter(|_| named).ok_or_else(unknown)?;
        let zone_name = found.iana_name().ok_or_else(unknown)?.to_owned();
        Ok(Self { days: on, start, end, zone: found, zone_name })
    }

    /// The days on which it begins, as words.
    #[must_use]
    pub fn days(&self) -> Vec<&'static str> {
        DAYS.iter().zip(self.days).filter(|(_, on)| *on).map(|(day, _)| *day).collect()
    }

    /// When it begins, as `22:00`.
    #[must_use]
    pub fn start(&self) -> String {
        self.start.strftime("%H:%M").to_string()
    }

    /// When it ends.
    #[must_use]
    pub fn end(&self) -> String {
        self.end.strftime("%H:%M").to_string()
    }

    /// The name of the time zone.
    #[must_use]
    pub fn zone(&self) -> &str {
        &self.zone_name
    }

    /// Until when it lasts, if it is silent at `now`.
    fn until(&self, now: Timestamp) -> Option<Timestamp> {
        let instant = jiff::Timestamp::from_millisecond(now.as_millis()).ok()?;
        let today = self.zone.to_datetime(instant).date();
        // It may have begun the day before, or, where days are skipped, be a matter of the day after.
        let days = [today.yesterday().ok(), Some(today), today.tomorrow().ok()];
        days.into_iter()
            .flatten()
            .filter_map(|day| self.on(day))
            .find(|(from, until)| *from <= now && now < *until)
            .map(|(_, until)| until)
    }

    /// The time that begins on a day. A beginning that comes twice is the first one, an end that comes twice the second;
    /// what the change of the clock skips is as much later.
    fn on(&self, day: Date) -> Option<(Timestamp, Timestamp)> {
        let index = usize::try_from(day.weekday().to_monday_zero_offset()).ok()?;
        if !self.days.get(index).copied().unwrap_or_default() {
            return None;
        }
        let last = if self.end > self.start { day } else { day.tomorrow().ok()? };
        let instant = |date: Date, time: Time, which: Disambiguation| {
            let ambiguous = self.zone.to_ambiguous_timestamp(date.to_datetime(time));
            ambiguous.disambiguate(which).ok().map(|at| Timestamp::clamped(at.as_millisecond()))
        };
        Some((instant(day, self.start, Disambiguation::Compatible)?, instant(last, self.end, Disambiguation::Later)?))
    }
}

/// A silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// Its identity.
    pub id: SilenceId,
    /// Of which rule; of every rule, if there is none.
    pub rule: Option<RuleId>,
    /// Of which of its groups; of all, if there is none.
    pub group: Option<String>,
    /// When.
    pub quiet: Quiet,
    /// Why, in the words of whoever made it.
    pub comment: String,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Silence {
    /// The longest comment, in characters.
    pub const COMMENT_CHARS: usize = 200;

    /// Until when it lasts, if it is silent at `now`.
    #[must_use]
    pub fn until(&self, now: Timestamp) -> Option<Timestamp> {
        match &self.quiet {
            Quiet::Once { from, until } => (*from <= now && now < *until).then_some(*until),
            Quiet::Weekly(weekly) => weekly.until(now),
        }
    }

    /// Whether it will not be silent any more.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        matches!(self.quiet, Quiet::Once { until, .. } if until <= now)
    }

    fn is_of(&self, rule: RuleId, group: Option<&str>) -> bool {
        self.rule.is_none_or(|of| of == rule) && self.group.as_deref().is_none_or(|of| Some(of) == group)
    }
}

/// Links in a chain of silences that are followed; where it is longer, it is looked at again at the end of them.
const CHAIN: usize = 50;

/// Until when a group of a rule is silent, if it is at `now`: the end of the last of those silences that follow each
/// other without a gap.
#[must_use]
pub fn silent_until(silences: &[Silence], rule: RuleId, group: Option<&str>, now: Timestamp) -> Option<Timestamp> {
    let mut end = None;
    for _ in 0..CHAIN {
        let at = end.unwrap_or(now);
        let further = silences.iter().filter(|one| one.is_of(rule, group)).filter_map(|one| one.until(at)).max();
        match further {
            Some(until) if until > at => end = Some(until),
            _ => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    fn weekly(days: &[&str], start: &str, end: &str, zone: &str) -> Weekly {
        let days: Vec<String> = days.iter().map(|day| (*day).to_owned()).collect();
        Weekly::parse(&days, start, end, zone).unwrap()
    }

    fn silence(rule: Option<RuleId>, group: Option<&str>, quiet: Quiet) -> Silence {
        let created_at = at("2026-01-01T00:00:00Z");
        let group = group.map(str::to_owned);
        Silence {
            id: SilenceId::new(created_at),
            rule,
            group,
            quiet,
            comment: String::new(),
            created_by: "Ada".into(),
            created_at,
        }
    }

    #[test]
    fn nights_are_silent_across_midnight_and_the_changes_of_the_clock() {
        let night = weekly(&[], "22:00", "06:00", "Europe/Paris");
        for (now, until) in [
            // In winter it is 22:00 there at 21:00Z, in summer at 20:00Z.
            ("2026-01-15T20:59:59.999Z", None),
            ("2026-01-15T21:00:00Z", Some("2026-01-16T05:00:00Z")),
            ("2026-01-16T04:59:59.999Z", Some("2026-01-16T05:00:00Z")),
            ("2026-01-16T05:00:00Z", None),
            ("2026-07-15T20:00:00Z", Some("2026-07-16T04:00:00Z")),
            ("2026-07-15T19:59:59Z", None),
            // The night in which an hour is skipped, and the one in which an hour comes twice.
            ("2026-03-28T21:00:00Z", Some("2026-03-29T04:00:00Z")),
            ("2026-03-29T03:59:59Z", Some("2026-03-29T04:00:00Z")),
            ("2026-03-29T04:00:00Z", None),
            ("2026-10-24T20:00:00Z", Some("2026-10-25T05:00:00Z")),
            ("2026-10-25T04:59:59Z", Some("2026-10-25T05:00:00Z")),
            ("2026-10-25T05:00:00Z", None),
        ] {
            assert_eq!(night.until(at(now)), until.map(at), "{now}");
        }
    }

    #[test]
    fn hours_that_are_skipped_or_come_twice_have_a_meaning() {
        // 02:30 is skipped on 2026-03-29 and comes twice on 2026-10-25.
        let from = weekly(&[], "02:30", "05:00", "Europe/Paris");
        assert_eq!(from.until(at("2026-03-29T01:29:00Z")), None);
        assert_eq!(from.until(at("2026-03-29T01:30:00Z")), Some(at("2026-03-29T03:00:00Z")), "03:30, an hour later");
        assert_eq!(from.until(at("2026-10-25T00:30:00Z")), Some(at("2026-10-25T04:00:00Z")), "from the first");
        let to = weekly(&[], "00:00", "02:30", "Europe/Paris");
        assert_eq!(to.until(at("2026-10-24T23:00:00Z")), Some(at("2026-10-25T01:30:00Z")), "up to the second");
    }

    #[test]
    fn days_are_those_of_the_beginning() {
        let weekend = weekly(&["fri"], "18:00", "08:00", "America/New_York");
        // Friday, 2026-11-27, 18:00 there is 23:00Z.
        for (now, silent) in [
            ("2026-11-27T22:59:00Z", false),
            ("2026-11-27T23:00:00Z", true),
            ("2026-11-28T12:59:00Z", true),
            ("2026-11-28T13:00:00Z", false),
            ("2026-11-28T23:30:00Z", false),
        ] {
            assert_eq!(weekend.until(at(now)).is_some(), silent, "{now}");
        }
        let always = weekly(&[], "00:00", "00:00", "UTC");
        assert_eq!(always.until(at("2026-11-28T12:00:00Z")), Some(at("2026-11-29T00:00:00Z")));
        assert_eq!(weekend.days(), ["fri"]);
        assert_eq!(
            (weekend.start(), weekend.end(), weekend.zone()),
            ("18:00".into(), "08:00".into(), "America/New_York")
        );
    }

    #[test]
    fn what_is_no_time_of_the_week_is_refused() {
        for (days, start, end, zone, wrong) in [
            (&["monday"][..], "22:00", "06:00", "Europe/Paris", "days"),
            (&[], "25:00", "06:00", "Europe/Paris", "start"),
            (&[], "22:00", "6:00", "Europe/Paris", "end"),
            (&[], "22:00", "06:00:00", "Europe/Paris", "end"),
            (&[], "22:00", "06:00", "Europe/Lutetia", "time_zone"),
            (&[], "22:00", "06:00", "", "time_zone"),
            (&[], "22:00", "06:00", "CET", "time_zone"),
        ] {
            let days: Vec<String> = days.iter().map(|day| (*day).to_owned()).collect();
            assert_eq!(Weekly::parse(&days, start, end, zone).unwrap_err().0, wrong);
        }
    }

    #[test]
    fn silences_that_follow_each_other_are_one() {
        let (rule, other) = (RuleId::new(at("2026-01-01T00:00:00Z")), RuleId::new(at("2026-01-02T00:00:00Z")));
        let once = |from: &str, until: &str| Quiet::Once { from: at(from), until: at(until) };
        let (noon, one, two) = ("2026-06-01T12:00:00Z", "2026-06-01T13:00:00Z", "2026-06-01T14:00:00Z");
        let all = [
            silence(Some(rule), None, once(noon, one)),
            silence(None, Some("Lyon"), once(one, two)),
            silence(Some(other), None, once(noon, two)),
        ];
        let until = |rule, group, now: &str| silent_until(&all, rule, group, at(now));
        assert_eq!(until(rule, Some("Lyon"), noon), Some(at(two)));
        assert_eq!(until(rule, Some("Nice"), noon), Some(at(one)));
        assert_eq!(until(rule, None, noon), Some(at(one)));
        assert_eq!(until(rule, None, one), None);
        assert_eq!(until(other, None, one), Some(at(two)));
        let always = [silence(None, None, Quiet::Weekly(weekly(&[], "00:00", "00:00", "UTC")))];
        assert!(
            silent_until(&always, rule, None, at(noon)).is_some(),
            "it comes to an end, though the silence does not"
        );
    }
}
