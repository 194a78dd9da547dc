//! Silences on the wire.

use serde::{Deserialize, Serialize};
use tocsin_actors::domain::{Quiet, Silence, Timestamp, Weekly};
use utoipa::ToSchema;

/// A silence as it is asked for: `until` for one of once, or `weekly`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"until": "2026-11-24T10:00:00Z", "comment": "we move the database"}))]
pub(in crate::http) struct NewSilence {
    /// Of one rule; of every rule, when left out.
    #[schema(format = Uuid)]
    pub(in crate::http) rule_id: Option<String>,
    /// Of one group; of all, when left out.
    pub(in crate::http) group: Option<String>,
    /// When it begins: RFC 3339; now when left out.
    #[schema(format = DateTime)]
    pub(in crate::http) from: Option<String>,
    /// When it ends, at most 366 days later.
    #[schema(format = DateTime)]
    pub(in crate::http) until: Option<String>,
    /// Or every week.
    pub(in crate::http) weekly: Option<WeeklyBody>,
    /// Why; up to 200 characters.
    #[schema(max_length = 200)]
    pub(in crate::http) comment: Option<String>,
}

/// A time that comes again every week, by the clock of a place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Weekly, example = json!({"days": ["mon", "tue"], "start": "22:00", "end": "06:00", "time_zone": "Europe/Paris"}))]
pub(in crate::http) struct WeeklyBody {
    /// On which days it begins: `mon` `tue` `wed` `thu` `fri` `sat` `sun`; on every day, when there is none.
    #[serde(default)]
    pub(in crate::http) days: Vec<String>,
    /// When it begins.
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "22:00")]
    pub(in crate::http) start: String,
    /// When it ends; on the next day, where that is not after the beginning.
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "06:00")]
    pub(in crate::http) end: String,
    /// By whose clock: a name of the IANA database of time zones.
    #[schema(example = "Europe/Paris")]
    pub(in crate::http) time_zone: String,
}

/// A silence.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Silence)]
pub(in crate::http) struct SilenceBody {
    /// Its id.
    #[schema(format = Uuid)]
    pub(in crate::http) id: String,
    /// Of which rule; of every rule, when `null`.
    #[schema(format = Uuid)]
    rule_id: Option<String>,
    /// Of which group; of all, when `null`.
    group: Option<String>,
    /// When it begins; `null` for one that comes every week.
    #[schema(format = DateTime)]
    from: Option<String>,
    /// When it ends; `null` for one that comes every week.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// The time of the week; `null` for one of once.
    weekly: Option<WeeklyBody>,
    /// Why.
    comment: String,
    /// Who made it.
    #[schema(example = "Ada")]
    created_by: String,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// Until when it is silent now; `null` when it is not.
    #[schema(format = DateTime)]
    active_until: Option<String>,
    /// Whether it is over for good.
    over: bool,
}

impl SilenceBody {
    pub(in crate::http) fn new(silence: &Silence, now: Timestamp) -> Self {
        let (once, weekly) = match &silence.quiet {
            Quiet::Once { from, until } => (Some((from.to_string(), until.to_string())), None),
            Quiet::Weekly(weekly) => (None, Some(WeeklyBody::from(weekly))),
        };
        let (from, until) = once.unzip();
        Self {
            id: silence.id.to_string(),
            rule_id: silence.rule.map(|rule| rule.to_string()),
            group: silence.group.clone(),
            from,
            until,
            weekly,
            comment: silence.comment.clone(),
            created_by: silence.created_by.clone(),
            created_at: silence.created_at.to_string(),
            active_until: silence.until(now).map(|until| until.to_string()),
            over: silence.is_over(now),
        }
    }
}

impl From<&Weekly> for WeeklyBody {
    fn from(weekly: &Weekly) -> Self {
        Self {
            days: weekly.days().into_iter().map(str::to_owned).collect(),
            start: weekly.start(),
            end: weekly.end(),
            time_zone: weekly.zone().to_owned(),
        }
    }
}
