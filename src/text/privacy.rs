//! What may leave the tool, and as what: texts, values of named columns, ids.

use super::hash_key::HashKey;
use super::redact::{kinds, names_a_person, redact};

/// How much of the texts of a log leaves the tool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeepText {
    /// Nothing.
    None,
    /// Masked (see [`redact`]).
    #[default]
    Redacted,
    /// As they stand in the export, with ids.
    Full,
}

impl KeepText {
    /// The name as it is typed and stands in options.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Redacted => "redacted",
            Self::Full => "full",
        }
    }

    /// A text as it leaves the tool.
    #[must_use]
    pub fn text(self, text: &str) -> String {
        match self {
            Self::None => String::new(),
            Self::Redacted => redact(text),
            Self::Full => text.to_owned(),
        }
    }

    /// A text that names a group: where no text is kept, all are one.
    #[must_use]
    pub fn label(self, text: &str) -> String {
        if self == Self::None { "[text]".to_owned() } else { self.text(text) }
    }

    /// What holds for names in which no customer's text stands, such as companies and categories.
    #[must_use]
    pub const fn of_names(self) -> Self {
        match self {
            Self::Full => Self::Full,
            Self::None | Self::Redacted => Self::Redacted,
        }
    }

    /// Such a name: masked unless all is kept.
    #[must_use]
    pub fn name_of(self, text: &str) -> String {
        self.of_names().text(text)
    }
}

/// What may leave the tool, and the key of what stands for ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Privacy {
    /// Texts.
    pub keep_text: KeepText,
    /// Ids.
    pub hash_key: HashKey,
}

impl Privacy {
    /// The value of a column for printing: groups must stay apart, people unknown. One that holds
    /// anything that is masked carries letters of its keyed hash; a date stays.
    #[must_use]
    pub fn value(&self, value: &str) -> String {
        let masked = self.keep_text.name_of(value);
        if masked == value {
            return masked;
        }
        masked + &self.hash_key.letters(value)
    }

    /// A company as it is kept from the first on: one that is somebody's number is masked, and is the
    /// same in logs, facts and complaints.
    #[must_use]
    pub fn company(&self, name: Option<String>) -> Option<String> {
        name.map(|name| self.value(&name))
    }

    /// The id of a conversation: itself, without which no figure can be followed to its rows; but
    /// where it is somebody's number or address, what stands for it.
    #[must_use]
    pub fn id(&self, id: &str) -> String {
        let masked = self.keep_text != KeepText::Full && names_a_person(id);
        if masked { self.hash_key.token(id) } else { id.to_owned() }
    }

    /// The id of a message: what stands for it, where it could be a number of somebody's. Nothing is
    /// followed by it, so that one that only looks so is no loss.
    #[must_use]
    pub fn message_id(&self, id: &str) -> String {
        let masked = self.keep_text != KeepText::Full && !kinds(id).is_empty();
        if masked { self.hash_key.token(id) } else { self.id(id) }
    }

    /// The id of a person or an order.
    #[must_use]
    pub fn person(&self, id: &str) -> String {
        let hidden = self.keep_text != KeepText::Full && !id.trim().is_empty();
        if hidden { self.hash_key.token(id) } else { id.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_stay_and_numbers_stay_apart() {
        let privacy = Privacy::default();
        let pseudonym = |value: &str| privacy.value(value);
        assert_eq!(pseudonym("2024-01-05"), "2024-01-05");
        assert_eq!(pseudonym("2024/1/5 09:03:00"), "2024/1/5 09:03:00");
        assert_eq!(pseudonym("VIP"), "VIP");
        let (one, other) = (pseudonym("13800138000"), pseudonym("13900139000"));
        assert!(one.starts_with("[phone]") && other.starts_with("[phone]"), "{one} {other}");
        assert_ne!(one, other);
        assert_eq!(pseudonym(&one), one, "what is masked stays");
        assert!(pseudonym("2024-01-05 13800138000").contains("[phone]"));
        assert!(pseudonym("20240105").starts_with("***"), "eight digits may be anybody's number");
    }

    #[test]
    fn ids_of_people_are_hidden_and_ids_of_conversations_stay() {
        let privacy = Privacy::default();
        assert_eq!(privacy.id("1234567890123456789"), "1234567890123456789");
        assert!(privacy.id("+44 7700 900123").starts_with("id-"));
        assert!(privacy.person("C1").starts_with("id-"));
        assert_eq!(privacy.message_id("m-1"), "m-1");
        let card = privacy.message_id("4111111111111111");
        assert!(card.starts_with("id-") && privacy.message_id(&card) == card, "{card}");
        let full = Privacy { keep_text: KeepText::Full, ..Privacy::default() };
        assert_eq!(
            (full.id("13800138000"), full.person("C1")),
            ("13800138000".into(), "C1".into())
        );
    }
}
