faq-more = Read more:
    { $link }
faq-in-japanese = (This answer is available in Japanese only.)
