//! What switches with an emergency: the disaster menu, and the town's record of evacuation orders, in the very
//! transaction that sends.

use entity::menu_state;
use kairan::emergency::moves::Act;
use kairan::emergency::{self, Audience, Besides, Places, Written};
use kairan::evacuation::{self, Level, phrases};
use kairan::ids::EmergencyId;
use kairan::language::Language;
use sea_orm::EntityTrait;

use super::{Night, Who, false_alarm};
use crate::on_both;

const BOTH: Besides = Besides {
    menu: true,
    orders: true,
};

impl Night {
    /// An order, or what lifts one, for the first area, in the words of its example.
    fn written_from(&self, code: &str, besides: Besides) -> Written {
        let template = self.library.find(code).unwrap();
        Written {
            template: code.to_owned(),
            filled: template.example(),
            audience: Audience::Areas(Places::of(&self.directory, &self.areas[..1]).unwrap()),
            besides,
        }
    }

    async fn agreed(&self, code: &str, besides: Besides) -> EmergencyId {
        let written = self.written_from(code, besides);
        let id = self.drafts_as(Who::Drafter, &written).await.unwrap();
        self.done(Who::OwnChief, id, Act::Submit).await;
        self.done(Who::PrChief, id, Act::Concur).await;
        id
    }

    async fn goes_out(&self, code: &str, besides: Besides) -> EmergencyId {
        let id = self.agreed(code, besides).await;
        self.done(Who::OwnChief, id, Act::Send).await;
        id
    }

    /// Takes back what was said of evacuation in `wrong`, with what is said of other orders.
    async fn takes_back(&self, wrong: EmergencyId, evacuation: &str) {
        self.envelopes_end(wrong, "accepted").await;
        self.settles().await;
        let (now, terms) = (self.hall.now, self.terms());
        let by = self.signed(Who::Drafter).await;
        let mut filled = false_alarm();
        filled.0.insert("evacuation".into(), evacuation.into());
        let fix = self
            .does(async |tx| {
                emergency::correct(tx, now, terms, &by, wrong, "FIX-FALSE", &filled).await
            })
            .await
            .unwrap();
        self.done(Who::OwnChief, fix, Act::Submit).await;
        self.done(Who::PrChief, fix, Act::Concur).await;
        self.done(Who::OwnChief, fix, Act::Send).await;
    }

    /// Whether the disaster menu is to be in front, and what is ordered where.
    async fn town(&self) -> (bool, Vec<(usize, Level, EmergencyId)>) {
        let state = menu_state::Entity::find().one(self.hall.db.conn()).await;
        let in_force = evacuation::in_force(&self.hall.db).await.unwrap();
        let orders = in_force.orders().map(|order| {
            let area = self.areas.iter().position(|area| *area == order.area);
            (area.unwrap(), order.level, EmergencyId(order.source))
        });
        (
            state.unwrap().is_some_and(|state| state.disaster),
            orders.collect(),
        )
    }

    /// What the bot tells who lives in the first area.
    async fn bot_says(&self) -> String {
        let in_force = evacuation::in_force(&self.hall.db).await.unwrap();
        let (home, now) = (Some(self.areas[0]), self.hall.now);
        phrases::status(Language::japanese(), &in_force, &self.directory, home, now)
    }
}

on_both!(
    an_order_brings_its_record_and_its_menu_and_what_lifts_it_takes_them_back,
    |night: Night| {
        let calm = (false, Vec::new());
        let quiet = night.bot_says().await;
        let id = night.agreed("EV4", BOTH).await;
        assert_eq!(night.town().await, calm, "not before it is sent");
        // Who dies at it has changed nothing.
        night
            .tries(Who::OwnChief, id, Act::Send, false)
            .await
            .unwrap();
        assert_eq!(night.town().await, calm);
        night.done(Who::OwnChief, id, Act::Send).await;
        assert_eq!(night.town().await, (true, vec![(0, Level::Four, id)]));
        let told = night.bot_says().await;
        assert!(told.contains("避難指示") && told != quiet, "{told}");

        let lift = night.agreed("EV-LIFT", BOTH).await;
        night
            .tries(Who::OwnChief, lift, Act::Send, false)
            .await
            .unwrap();
        assert_eq!(night.town().await, (true, vec![(0, Level::Four, id)]));
        night.done(Who::OwnChief, lift, Act::Send).await;
        assert_eq!(night.town().await, calm);
        assert_eq!(night.bot_says().await, quiet);
    }
);

on_both!(each_tick_switches_its_own, |night: Night| {
    let neither = Besides::default();
    night.goes_out("EV4", neither).await;
    assert_eq!(night.town().await, (false, Vec::new()));
    let menu = Besides {
        menu: true,
        ..neither
    };
    night.goes_out("EV4", menu).await;
    assert_eq!(night.town().await, (true, Vec::new()));
    let orders = Besides {
        orders: true,
        ..neither
    };
    let id = night.goes_out("EV4", orders).await;
    let order = vec![(0, Level::Four, id)];
    assert_eq!(night.town().await, (true, order.clone()));
    // Without ticks, what lifts leaves both as they are.
    night.goes_out("EV-LIFT", neither).await;
    assert_eq!(night.town().await, (true, order.clone()));
    night.goes_out("EV-LIFT", menu).await;
    assert_eq!(night.town().await, (false, order));
    night.goes_out("EV-LIFT", orders).await;
    assert_eq!(night.town().await, (false, Vec::new()));
});

on_both!(
    what_a_mistake_ordered_is_taken_back_and_what_it_replaced_stands_again,
    |night: Night| {
        let real = night.goes_out("EV3", BOTH).await;
        let wrong = night.goes_out("EV5", BOTH).await;
        assert_eq!(night.town().await, (true, vec![(0, Level::Five, wrong)]));
        night.takes_back(wrong, "others").await;
        assert_eq!(night.town().await, (true, vec![(0, Level::Three, real)]));
        assert!(night.bot_says().await.contains("高齢者等避難"));
        // What was lifted by mistake is in force again.
        let wrong = night.goes_out("EV-LIFT", BOTH).await;
        assert_eq!(night.town().await, (false, Vec::new()));
        night.takes_back(wrong, "others").await;
        assert_eq!(night.town().await, (true, vec![(0, Level::Three, real)]));
        // Where nothing else is in force, nothing is left of it, nor of its menu.
        night.goes_out("EV-LIFT", BOTH).await;
        let wrong = night.goes_out("EV4", BOTH).await;
        night.takes_back(wrong, "none").await;
        assert_eq!(night.town().await, (false, Vec::new()));
    }
);

on_both!(
    what_a_choice_changes_is_ticked_and_said_from_the_start,
    |night: Night| {
        let usual = |code: &str| Besides::usual(night.library.find(code).unwrap());
        assert_eq!(usual("EV4"), BOTH);
        assert_eq!(usual("EV-CHG"), BOTH);
        let orders = Besides {
            orders: true,
            ..Besides::default()
        };
        assert_eq!(usual("TS-LIFT"), orders);
        assert_eq!(usual("EV-LIFT"), orders);
        assert_eq!(usual("WATER"), Besides::default());
        let ends = |code: &str| night.library.find(code).unwrap().ends_danger();
        assert!(ends("TS-LIFT") && ends("EV-LIFT") && ends("FIX-FALSE"));
        assert!(!ends("EV-CHG") && !ends("TS-W") && !ends("EQ1"));
        // An advisory that is over orders nothing and lifts nothing; its menu goes all the same.
        night.goes_out("TS-W", BOTH).await;
        let mut over = night.written_from("TS-LIFT", BOTH);
        let kind = over.filled.0.get_mut("kind").unwrap();
        *kind = "advisory".into();
        let (ordered, before) = night.town().await;
        assert!(ordered && before.len() == 1);
        let id = night.drafts_as(Who::Drafter, &over).await.unwrap();
        night.done(Who::OwnChief, id, Act::Submit).await;
        night.done(Who::PrChief, id, Act::Concur).await;
        night.done(Who::OwnChief, id, Act::Send).await;
        assert_eq!(night.town().await, (false, before));
    }
);
