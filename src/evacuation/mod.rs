//! Evacuation information (避難情報): what the municipality has issued.

/// What residents are told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// 警戒レベル3 高齢者等避難.
    Three,
    /// 警戒レベル4 避難指示.
    Four,
    /// 警戒レベル5 緊急安全確保.
    Five,
    /// 避難指示 in a tsunami or after an earthquake, which has no level.
    Order,
}
