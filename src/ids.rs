//! A type for each kind of row number, so that an area is never taken for a resident.

macro_rules! row_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

row_id! {
    /// An area (地区): the unit that has a collection calendar.
    AreaId
}
row_id! {
    /// A resident (住民): the person behind one LINE user id.
    ResidentId
}
row_id! {
    /// A question of the FAQ, with its answer.
    FaqId
}
