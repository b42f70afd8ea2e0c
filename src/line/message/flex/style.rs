//! Sizes, colours and places of flex components, as the words LINE takes for them.

use serde::{Serialize, Serializer};

/// `#RRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color(u32);

impl Color {
    /// From `0xRRGGBB`; higher bits are dropped.
    pub const fn rgb(rgb: u32) -> Self {
        Self(rgb & 0x00FF_FFFF)
    }
}

impl Serialize for Color {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("#{:06X}", self.0))
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub enum $name {
            $(#[doc = concat!("`", $word, "`")] #[serde(rename = $word)] $variant),+
        }
    };
}

words!(
    /// Size of letters, or width of a picture.
    Size {
        Xxs = "xxs", Xs = "xs", Sm = "sm", Md = "md", Lg = "lg", Xl = "xl", Xxl = "xxl",
        Xl3 = "3xl", Xl4 = "4xl", Xl5 = "5xl", Full = "full",
    }
);
words!(
    /// Space between or around components.
    Spacing { None = "none", Xs = "xs", Sm = "sm", Md = "md", Lg = "lg", Xl = "xl", Xxl = "xxl" }
);
words!(
    /// Place along the line of writing.
    Align { Start = "start", Center = "center", End = "end" }
);
words!(
    /// Place from top to bottom.
    Gravity { Top = "top", Center = "center", Bottom = "bottom" }
);
words!(
    /// How a button is drawn.
    ButtonStyle { Primary = "primary", Secondary = "secondary", Link = "link" }
);
words!(
    /// How wide a bubble is.
    BubbleSize {
        Nano = "nano", Micro = "micro", Deca = "deca", Hecto = "hecto", Kilo = "kilo", Mega = "mega", Giga = "giga",
    }
);
