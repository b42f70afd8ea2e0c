faq-more = Read more:
    { $link }
faq-which = Which of these do you mean? Please choose below.
faq-in-japanese = (This answer is available in Japanese only.)
