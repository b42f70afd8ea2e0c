//! A drill that residents receive is announced the day before: whoever reads only its first line must have heard
//! that it comes.

use chrono::{Days, NaiveTime};

use super::template::Template;
use super::{EmergencyError, Terms, store};
use crate::broadcast;
use crate::clock::{Instant, date_in_japan, instant_in_japan};
use crate::db::Tx;

/// That what announces `template` went out the day before, this way or the ordinary one; of most, nothing does.
///
/// # Errors
/// It did not.
pub async fn announced(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    template: &Template,
) -> Result<(), EmergencyError> {
    let Some(code) = &template.announced_by else {
        return Ok(());
    };
    let midnight = instant_in_japan(date_in_japan(now).and_time(NaiveTime::MIN));
    let yesterday = midnight - Days::new(1)..midnight;
    let told = store::was_sent(tx.conn(), code, &yesterday).await?
        || broadcast::was_released(tx, code, &yesterday).await?;
    match told {
        true => Ok(()),
        false => {
            let known = terms.library.find(code);
            let name = known.map_or_else(|| code.clone(), |template| template.name.clone());
            Err(EmergencyError::NotAnnounced(name))
        }
    }
}
