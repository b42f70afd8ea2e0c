faq-more = くわしくは、こちらをご覧ください。
    { $link }
faq-in-japanese = この回答は日本語です。
