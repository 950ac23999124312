//! Letters: capital, small, plain, and words written in the styles of programs.

use crate::Style;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

pub fn title(text: &str) -> String {
    text.split_word_bounds().map(capital).collect()
}

/// The first letter capital, the others small.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.as_str().to_lowercase().chars()).collect()
}

pub fn recase(text: &str, style: Style) -> String {
    if style == Style::Sentence {
        return sentence(text);
    }
    let words: Vec<String> = words(text).iter().map(|word| word.to_lowercase()).collect();
    match style {
        Style::Snake => words.join("_"),
        Style::Kebab => words.join("-"),
        Style::Constant => words.join("_").to_uppercase(),
        Style::Pascal => words.iter().map(|word| capital(word)).collect(),
        Style::Camel | Style::Sentence => {
            words.iter().enumerate().map(|(at, word)| if at == 0 { word.clone() } else { capital(word) }).collect()
        }
    }
}

fn sentence(text: &str) -> String {
    let lower = text.to_lowercase();
    let start = lower.find(char::is_alphanumeric).unwrap_or(lower.len());
    format!("{}{}", &lower[..start], capital(&lower[start..]))
}

/// Words as written or as spelt in names: `parseHTTPReply` has three.
fn words(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut words = vec![String::new()];
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        let hump = letter.is_uppercase()
            && (before.is_some_and(|c| c.is_lowercase() || c.is_numeric())
                || before.is_some_and(char::is_uppercase) && after.is_some_and(|c| c.is_lowercase()));
        if !letter.is_alphanumeric() || hump {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            words.last_mut().expect("there is always a word").push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Without accents, and with the Latin letters that have no plain form spelt out.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.nfd().filter(|&letter| !is_combining_mark(letter)) {
        match spelt(letter) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(letter),
        }
    }
    plain.nfc().collect()
}

fn spelt(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'ẞ' => "SS",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ø' => "o",
        'Ø' => "O",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'ł' => "l",
        'Ł' => "L",
        'þ' => "th",
        'Þ' => "Th",
        'ı' => "i",
        'ħ' => "h",
        'Ħ' => "H",
        'ŋ' => "n",
        'Ŋ' => "N",
        _ => return None,
    })
}

pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in plain(text).chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            'A'..='Z' => slug.push(letter.to_ascii_lowercase()),
            '\'' | '’' => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
