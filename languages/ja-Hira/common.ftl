language-name = やさしい日本語
