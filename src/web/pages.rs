//! Long lists, a page at a time.

/// Which page of a list this is, and where the others are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// This page, from 1.
    pub this: u64,
    /// The last one.
    pub last: u64,
    base: String,
}

impl Pages {
    /// Page `asked` (from 1, held within the list) of `total` rows, `size` at a time. `base` is the
    /// list's path with its query, if it has one.
    pub fn new(asked: u64, total: u64, size: u64, base: impl Into<String>) -> Self {
        let last = total.div_ceil(size.max(1)).max(1);
        Self {
            this: asked.clamp(1, last),
            last,
            base: base.into(),
        }
    }

    /// Where the page before is.
    pub fn before(&self) -> Option<String> {
        (self.this > 1).then(|| self.path(self.this - 1))
    }

    /// Where the next page is.
    pub fn after(&self) -> Option<String> {
        (self.this < self.last).then(|| self.path(self.this + 1))
    }

    fn path(&self, page: u64) -> String {
        let joint = if self.base.contains('?') { '&' } else { '?' };
        format!("{}{joint}page={page}", self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_its_neighbours() {
        let pages = Pages::new(2, 101, 50, "/audit?q=a");
        assert_eq!((pages.this, pages.last), (2, 3));
        assert_eq!(pages.before().as_deref(), Some("/audit?q=a&page=1"));
        assert_eq!(pages.after().as_deref(), Some("/audit?q=a&page=3"));
        let only = Pages::new(9, 0, 50, "/audit");
        assert_eq!((only.this, only.before(), only.after()), (1, None, None));
    }
}
