use super::Password;
use super::guessed::{COMMON, KEYBOARD};

/// What a new password has to be: long, not one's own name, and not one that is tried first.
///
/// There are no rules about digits and punctuation: they make passwords that are harder to remember
/// and no harder to guess (NIST SP 800-63B).
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    minimum: usize,
}

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It has too few characters.
    #[error("the password has fewer than {minimum} characters")]
    Short {
        /// How many it needs.
        minimum: usize,
    },
    /// It is little more than the person's own name or address.
    #[error("the password is made of your own name or address")]
    Own,
    /// It is a common word or a row of keys, or little more.
    #[error("the password is among those that are guessed first")]
    Common,
}

/// Of a decorated word, characters around it that do not count.
const DECORATION: usize = 6;
/// Rows of keys that a password may not be made of.
const RUNS: usize = 3;

impl Rules {
    pub(super) fn new(minimum: u32) -> Self {
        Self {
            minimum: usize::try_from(minimum.clamp(8, 64)).unwrap_or(64),
        }
    }

    /// The fewest characters.
    pub fn minimum(self) -> usize {
        self.minimum
    }

    /// Judges a new password. `own` is what the person is called: username, address, name.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn judge(self, password: &Password, own: &[&str]) -> Result<(), Refusal> {
        let minimum = self.minimum;
        if password.expose().chars().count() < minimum {
            return Err(Refusal::Short { minimum });
        }
        let folded: Vec<char> = fold(password.expose());
        if own.iter().any(|own| is_own(&folded, own)) {
            return Err(Refusal::Own);
        }
        if runs(&folded) <= RUNS || is_common(&folded) {
            return Err(Refusal::Common);
        }
        Ok(())
    }
}

fn fold(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Whether little is left without the name, or the part of the address before the `@`.
fn is_own(password: &[char], own: &str) -> bool {
    let local = own.split('@').next().unwrap_or(own);
    [own, local].into_iter().any(|name| {
        let name = fold(name);
        if name.len() < 3 {
            return false;
        }
        let left = without(password, &name);
        left.len() < password.len() && left.len() <= DECORATION
    })
}

fn without(text: &[char], part: &[char]) -> Vec<char> {
    let mut left = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        rest = rest.strip_prefix(part).unwrap_or_else(|| {
            left.push(*first);
            tail
        });
    }
    left
}

/// Of how many rows it is made: the same character, the next or the one before, in the alphabet or
/// on the keyboard.
fn runs(text: &[char]) -> usize {
    let follows = |pair: &[char]| match pair {
        [a, b] => {
            (u32::from(*a)).abs_diff(u32::from(*b)) <= 1
                || KEYBOARD.iter().any(|row| {
                    let place = |key: char| row.chars().position(|c| c == key);
                    matches!((place(*a), place(*b)), (Some(a), Some(b)) if a.abs_diff(b) <= 1)
                })
        }
        _ => true,
    };
    1 + text.windows(2).filter(|pair| !follows(pair)).count()
}

/// Whether it is one or two common words, or a short piece again and again, under whatever
/// decoration and in whatever disguise.
fn is_common(folded: &[char]) -> bool {
    let core = trim(folded);
    [folded, &undisguised(folded), core, &undisguised(core)]
        .into_iter()
        .any(|text| {
            let stripped = folded.len() - text.len();
            stripped <= DECORATION && (is_words(text) || is_repeated(text))
        })
}

fn undisguised(text: &[char]) -> Vec<char> {
    text.iter().copied().map(undisguise).collect()
}

/// Without what is around the letters.
fn trim(text: &[char]) -> &[char] {
    let is_letter = |c: &char| c.is_alphabetic();
    let start = text.iter().position(is_letter).unwrap_or(0);
    let end = text.iter().rposition(is_letter).map_or(0, |last| last + 1);
    text.get(start..end).unwrap_or_default()
}

fn undisguise(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    }
}

fn is_words(text: &[char]) -> bool {
    is_word(text)
        || (1..text.len()).any(|middle| {
            let (first, second) = text.split_at(middle);
            is_word(first) && is_word(second)
        })
}

fn is_word(text: &[char]) -> bool {
    COMMON.contains(text)
}

/// A piece of at most four characters, or a common word, all through.
fn is_repeated(text: &[char]) -> bool {
    (1..=text.len() / 2).any(|period| {
        let Some(piece) = text.get(..period) else {
            return false;
        };
        let repeats = text.chunks(period).all(|chunk| piece.starts_with(chunk));
        repeats && (period <= 4 || is_word(piece))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str) -> Result<(), Refusal> {
        let own = ["anna.smith", "a.smith@example.com", "Li"];
        Rules::new(12).judge(&Password::new(text).unwrap(), &own)
    }

    #[test]
    fn long_unusual_ones_pass_without_digits_or_signs() {
        for text in [
            "correct horse battery",
            "träume sind schäume",
            "vierundzwanzig äpfel",
            "jvqhxnwkpzrt",
            "8-fold path of the tea kettle",
            "密码学的秘密花园里有一只猫咪",
            "anna.smith once ate a whole melon",
            "li likes long lists",
        ] {
            assert_eq!(judge(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(judge("jvqhxnwkpzr"), Err(Refusal::Short { minimum: 12 }));
        assert_eq!(judge("éàüöäßñçøåæ"), Err(Refusal::Short { minimum: 12 }));
        assert_eq!(Rules::new(0).minimum, 8);
        assert_eq!(Rules::new(1000).minimum, 64);
    }

    #[test]
    fn ones_own_name_is_no_password() {
        for text in [
            "anna.smith2024",
            "!!Anna.Smith!!",
            "a.smith@example.com",
            "A.SMITH@example.com1",
            "anna.smithanna.smith",
            "12a.smitha.smith12",
        ] {
            assert_eq!(judge(text), Err(Refusal::Own), "{text}");
        }
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for text in [
            "password1234",
            "PASSWORD!!!!",
            "p@$$w0rd1234",
            "passwordpassword",
            "iloveyouprincess",
            "123456789012",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "qwertyuiop12",
            "qwertyuiop[]",
            "asdfghjklzxc",
            "poiuytrewq987",
            "Welcome2024!",
            "12monkey3456",
            "abcdefghijkl",
            "1q2w3e4r5t6y",
            "changeme!!!!",
            "            ",
        ] {
            assert_eq!(judge(text), Err(Refusal::Common), "{text}");
        }
    }

    #[test]
    fn the_list_is_of_words_in_the_form_that_is_compared() {
        assert!(COMMON.len() >= 200);
        for word in COMMON.iter() {
            let text: String = word.iter().collect();
            assert!(word.len() >= 4 && fold(&text) == *word, "{text}");
        }
    }
}
