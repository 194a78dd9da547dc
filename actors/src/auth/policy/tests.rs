use super::*;

fn check(text: &str) -> Result<(), String> {
    let policy = Policy { min_chars: 8, host: "bell.acme-corp.example".into() };
    policy.check(&normalised(text), "adalovelace@analytical.example", "Ada Lovelace")
}

#[test]
fn what_people_should_choose_is_accepted() {
    let long = "long ".repeat(200);
    let many = "ä¼🦉".repeat(30) + "and the rest of the one hundred and twenty-eight characters";
    for good in [
        "correct horse",
        "correct horse battery staple",
        "пароль-мой",
        "   spaces   count   ",
        "Lovelace wrote the first program",
        "the tocsin rings at noon",
        "84930275619283",
        "x7#kQ2!z",
        long.as_str(),
        many.as_str(),
    ] {
        assert_eq!(check(good), Ok(()), "{good}");
    }
}

#[test]
fn too_short_and_too_long_are_refused_and_never_cut() {
    assert_eq!(check("sh0rt!!"), Err("must have at least 8 characters".into()));
    assert_eq!(check("🦉🐢"), Err("must have at least 8 characters".into()), "characters are counted, not bytes");
    let longest: String = ('a'..='z').cycle().map(|c| if c == 'q' { ' ' } else { c }).take(MAX_BYTES).collect();
    assert_eq!(check(&longest), Ok(()));
    assert_eq!(check(&format!("{longest}x")), Err("must have at most 1024 bytes".into()));
}

#[test]
fn what_guessers_try_first_is_refused() {
    for bad in [
        "password",
        "PassWord",
        "ｐａｓｓｗｏｒｄ",
        "password1",
        "Password2026!",
        "!!!monkey2024",
        "trustno1",
        "iloveyou",
        "123456789qwerty",
        "aaaaaaaaaa",
        "abcabcabcabc",
        "passwordpassword",
        "monkeymonkeymonkey",
        "abcdefghijklmnop",
        "zyxwvutsrqponmlk",
        "0123456789012345",
        "9876543210",
        "qwertyuiopasdfgh",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}

#[test]
fn what_is_about_the_account_or_the_installation_is_refused() {
    for bad in [
        "adalovelace@analytical.example",
        "ADALOVELACE",
        "adalovelace1815",
        "ada lovelace",
        "Lovelace-Ada-2026",
        "analytical.example",
        "analytical",
        "tocsin-2026!",
        "TocsinTocsinTocsin",
        "bell.acme-corp.example",
        "acme-corp tocsin",
        "AdaLovelace@Tocsin",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}

#[test]
fn short_words_of_the_context_are_no_reason_to_refuse_longer_ones() {
    let policy = Policy { min_chars: 8, host: "localhost".into() };
    assert_eq!(policy.check("bees in the attic", "b@x.io", "Bo"), Ok(()));
    assert_eq!(policy.check("no address yet", "", ""), Ok(()));
}

#[test]
fn the_list_is_in_the_form_in_which_it_is_asked() {
    assert!((3_000..=11_000).contains(&COMMON.len()), "{}", COMMON.len());
    for entry in COMMON.iter() {
        assert_eq!(*entry, fold(entry));
    }
    assert!(COMMON.iter().filter(|entry| entry.chars().count() >= 15).count() > 20, "some for production too");
}
