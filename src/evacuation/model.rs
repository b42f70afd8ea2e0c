//! Levels, orders, and which are in force where.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::clock::Instant;
use crate::ids::AreaId;

/// What residents are told to do, the gravest last (災害対策基本法 60条; 避難情報に関するガイドライン).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 警戒レベル3 高齢者等避難.
    Three,
    /// 警戒レベル4 避難指示.
    Four,
    /// 警戒レベル5 緊急安全確保.
    Five,
    /// 避難指示 for a tsunami or an earthquake, which have no 警戒レベル.
    Order,
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Three, Self::Four, Self::Five, Self::Order];

    /// Its name in the database and in sentence keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Three => "3",
            Self::Four => "4",
            Self::Five => "5",
            Self::Order => "order",
        }
    }

    /// The level of that [`Level::code`].
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// Those whose place it takes in an area, itself among them.
    pub(super) fn alike(self) -> &'static [Self] {
        match self {
            Self::Order => &[Self::Order],
            Self::Three | Self::Four | Self::Five => &[Self::Three, Self::Four, Self::Five],
        }
    }
}

/// An order in force in an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Where.
    pub area: AreaId,
    /// What is to be done.
    pub level: Level,
    /// When it was issued.
    pub since: Instant,
    /// What issued it: the id of the emergency, or of the change by hand.
    pub source: Uuid,
}

/// The orders in force, area by area.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InForce(BTreeMap<AreaId, Vec<Order>>);

impl InForce {
    pub(super) fn new(orders: impl IntoIterator<Item = Order>) -> Self {
        let mut areas: BTreeMap<AreaId, Vec<Order>> = BTreeMap::new();
        for order in orders {
            areas.entry(order.area).or_default().push(order);
        }
        for orders in areas.values_mut() {
            orders.sort_by_key(|order| std::cmp::Reverse(order.level));
        }
        Self(areas)
    }

    /// Those of an area, the gravest first; none when nothing is in force there.
    pub fn of(&self, area: AreaId) -> &[Order] {
        self.0.get(&area).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether nothing is in force anywhere.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, by area.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.0.values().flatten()
    }

    /// The levels in force anywhere, the gravest first, each with its areas.
    pub fn by_level(&self) -> impl Iterator<Item = (Level, Vec<AreaId>)> {
        Level::ALL.into_iter().rev().filter_map(|level| {
            let orders = self.orders().filter(|order| order.level == level);
            let areas: Vec<AreaId> = orders.map(|order| order.area).collect();
            (!areas.is_empty()).then_some((level, areas))
        })
    }
}
