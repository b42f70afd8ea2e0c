faq-more = くわしくは、こちらをご覧ください。
    { $link }
faq-which = どのことをお知りになりたいですか。下から選んでください。
faq-in-japanese = この回答は日本語です。
