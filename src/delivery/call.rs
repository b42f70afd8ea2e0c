//! One call: from residents to LINE user ids, to LINE at its moment, to a verdict. No transaction is open. A call
//! to everybody names nobody: LINE knows who its account's friends are.
//!
//! Whom a call names is settled before its first attempt: those who since the cut have blocked the account, erased
//! themselves, or stopped what it is of are left out of it, and of what is stored. Later attempts under the same key
//! are the same call, or are not made. Where LINE surely took none, what somebody has stopped is still kept from them:
//! the others travel on under a new key.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::Instant;

use super::judge::{Verdict, judge};
use super::lending::{self, Content, End, Lent};
use super::sender::Sender;
use crate::line::client::{Failure, Lost, Recipients};
use crate::resident::reach::{self, Addressee};

/// How long each question to the database may take, and then LINE: with the wait for its moment less than the lease.
const ASK_WITHIN: Duration = Duration::from_secs(5);
const CALL_WITHIN: Duration = Duration::from_secs(15);

impl Sender {
    /// Calls LINE once for an envelope lent to us, at `moment`; whom it names is looked up in the time until then.
    pub(super) async fn call(
        &self,
        mut lent: Lent,
        content: &Content,
        moment: Instant,
    ) -> (Lent, End) {
        let to = match lent.everybody {
            Some(_) => Ok(None),
            None => in_time(self.settle(&mut lent, content)).await.map(Some),
        };
        let end = match to {
            Ok(to) => {
                tokio::time::sleep_until(moment).await;
                match in_time(self.still_goes(&lent)).await {
                    Ok(()) => self.tell(&lent, to.as_ref(), content).await,
                    Err(end) => end,
                }
            }
            Err(end) => end,
        };
        (lent, end)
    }

    /// That nobody has stopped it, or held everything, while it waited for its moment: after a stop nothing begins.
    async fn still_goes(&self, lent: &Lent) -> Result<(), End> {
        match lending::still_goes(&self.db, lent.dispatch).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(End::NotCalled(
                "it was stopped before its moment".to_owned(),
            )),
            Err(error) => Err(End::NotCalled(error.to_string())),
        }
    }

    /// Whom the call names; or how the lending ends without a call.
    async fn settle(&self, lent: &mut Lent, content: &Content) -> Result<Recipients, End> {
        let not_called = |error: &dyn std::fmt::Display| End::NotCalled(error.to_string());
        // What LINE may have taken can be asked of it again only as it was.
        let subscription = content.subscription.as_ref().filter(|_| !lent.in_doubt);
        let found = reach::addressees(&self.db, &lent.people, subscription).await;
        let mut found = found.map_err(|error| not_called(&error))?;
        let first = lent.attempts == 1;
        if first {
            found.retain(|addressee| addressee.reachable);
        }
        if found.len() < lent.people.len() {
            match (first, lent.in_doubt) {
                (false, true) => {
                    return Err(End::Judged(Verdict::Unknown {
                        why: "somebody in it erased themselves after LINE may have taken it: the same call \
                              cannot be made again"
                            .to_owned(),
                    }));
                }
                _ if found.is_empty() => return Err(End::Empty),
                (true, _) => {
                    let left: Vec<i64> = found.iter().map(|addressee| addressee.id.0).collect();
                    match lending::narrow(&self.db, lent, &left).await {
                        Ok(true) => lent.people = left,
                        Ok(false) => return Err(not_called(&"it is no longer lent to us")),
                        Err(error) => return Err(not_called(&error)),
                    }
                }
                (false, false) => return Err(End::Gone(missing(lent, &found))),
            }
        }
        let users = found.into_iter().map(|addressee| addressee.user).collect();
        Recipients::new(users).map_err(|error| not_called(&error))
    }

    /// Tells `to`, or everybody.
    async fn tell(&self, lent: &Lent, to: Option<&Recipients>, content: &Content) -> End {
        let Content {
            messages,
            notification,
            unit,
            ..
        } = content;
        let call = async {
            match to {
                Some(to) => {
                    let unit = unit.as_ref();
                    self.line
                        .multicast(to, messages, *notification, unit, lent.key)
                        .await
                }
                None => self.line.broadcast(messages, *notification, lent.key).await,
            }
        };
        let outcome = tokio::time::timeout(CALL_WITHIN, call).await;
        let outcome = outcome.unwrap_or(Err(Failure::Unknown {
            lost: Lost::Timeout,
            request_id: None,
        }));
        if let Err(failure) = &outcome {
            tracing::warn!(envelope = lent.id, attempt = lent.attempts, %failure, "an envelope was not accepted");
        }
        End::Judged(judge(&outcome, &lent.tried()))
    }
}

/// What the database says, if it does so in time.
async fn in_time<T>(asked: impl Future<Output = Result<T, End>>) -> Result<T, End> {
    let late = || {
        Err(End::NotCalled(
            "the database did not answer in time".to_owned(),
        ))
    };
    let said = tokio::time::timeout(ASK_WITHIN, asked).await;
    said.unwrap_or_else(|_| late())
}

fn missing(lent: &Lent, found: &[Addressee]) -> Vec<i64> {
    let found: HashSet<i64> = found.iter().map(|addressee| addressee.id.0).collect();
    let people = lent.people.iter().copied();
    people.filter(|id| !found.contains(id)).collect()
}
