//! Words that would do something, were they ever taken for more than words.
//!
//! What runs sets `ran`; what becomes part of a page belongs to the class `planted`, as far as it can.
//! All are short enough for a category of thirty characters or a name of forty, so that they are kept.

pub const WORDS: [&str; 24] = [
    // As elements.
    "<script>ran=1</script>",
    "<img src=x onerror=ran=1>",
    "<svg/onload=ran=1>",
    "<a href=javascript:ran=1>a</a>",
    "<iframe srcdoc='<b>'></iframe>",
    "<base href=//evil.example>",
    // Out of an attribute, an element, a comment.
    "\"><i class=planted>",
    "'><i class=planted>",
    "\" autofocus onfocus=ran=1 x=\"",
    "' autofocus onfocus=ran=1 x='",
    "` onmouseover=ran=1 `",
    "</textarea><i class=planted>",
    "</title><i class=planted>",
    "--><i class=planted>",
    // As an address.
    "javascript:ran=1",
    "https://x.example/\"onx=1",
    // To htmx, which reads attributes of its own.
    "<i hx-get=/ hx-trigger=load>",
    "<i hx-on:load=ran=1>",
    // Become `<` when folded, decoded or filled in once too often.
    "＜script＞ran=1＜/script＞",
    "&lt;i class=planted&gt;",
    "\\u003cscript\\u003eran=1",
    "{{ran=1}}${ran=1}",
    // To a spreadsheet.
    "=HYPERLINK(\"//x\")",
    "@SUM(1)|cmd",
];

/// All at once: too long for most fields, which therefore write it back.
pub fn all() -> String {
    WORDS.join(" ")
}
