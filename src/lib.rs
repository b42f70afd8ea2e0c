//! Kairan (回覧): the back end of a municipality's LINE Official Account.
