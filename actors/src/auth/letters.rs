//! What the mails to accounts say. No name stands in them: it was typed by whoever registered, who may be anybody.

use std::time::Duration;

use crate::delivery::compose::{Envelope, escape, spoken};
use crate::domain::{Timestamp, v7};
use crate::ports::{Email, LinkKind};

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Somebody registered; the address is to be confirmed.
    Registered,
    /// Somebody registered with an address that has a confirmed account.
    RegisteredAgain,
    /// Somebody registered with an address whose account was never confirmed. A new password, not the one that was
    /// typed first: nobody knows who typed it.
    RegisteredUnconfirmed,
    /// Somebody has forgotten the password.
    Forgotten,
    /// The password is another now.
    Changed,
    /// Signing in takes a second factor now.
    SecondFactorOn,
    /// It does not any more.
    SecondFactorOff,
    /// Somebody looks after accounts, and wants this address to have one.
    Invited,
}

impl Occasion {
    /// The link of an account that is in the mail. That of an invitation belongs to no account yet.
    #[must_use]
    pub fn link(self) -> Option<LinkKind> {
        match self {
            Self::Registered => Some(LinkKind::Verify),
            Self::RegisteredUnconfirmed | Self::Forgotten => Some(LinkKind::Reset),
            Self::RegisteredAgain | Self::Changed | Self::SecondFactorOn | Self::SecondFactorOff | Self::Invited => {
                None
            }
        }
    }

    fn slug(self) -> &'static str {
        match self {
            Self::Registered => "verify",
            Self::RegisteredAgain => "known",
            Self::RegisteredUnconfirmed => "finish",
            Self::Forgotten => "reset",
            Self::Changed => "changed",
            Self::SecondFactorOn => "second-factor-on",
            Self::SecondFactorOff => "second-factor-off",
            Self::Invited => "invited",
        }
    }

    /// Whether it is told however many mails the account got: something about it is different now.
    pub(super) fn is_news(self) -> bool {
        matches!(self, Self::Changed | Self::SecondFactorOn | Self::SecondFactorOff)
    }

    fn because(self) -> &'static str {
        if self == Self::Invited { "this address was invited there" } else { "an account there has this address" }
    }

    fn words(self) -> Words {
        match self {
            Self::Registered => Words {
                subject: "Confirm your e-mail address",
                body: "Somebody, probably you, has made an account with this address. Confirm that it is yours, \
                    and you can sign in.",
                action: "Confirm the address",
                otherwise: "If it was not you, do nothing: without this link nobody can use the account.",
            },
            Self::RegisteredAgain => Words {
                subject: "You have an account already",
                body: "Somebody, probably you, tried to make an account with this address. It has one already: \
                    sign in, or choose a new password if you have forgotten yours.",
                action: "Choose a new password",
                otherwise: "If it was not you, do nothing. Your account is as it was.",
            },
            Self::RegisteredUnconfirmed => Words {
                subject: "Finish your account",
                body: "Somebody, probably you, tried to make an account with this address. It has one that was \
                    never confirmed: choose a password, and it is yours.",
                action: "Choose a password",
                otherwise: "If it was not you, do nothing: without this link nobody can use the account.",
            },
            Self::Forgotten => Words {
                subject: "Choose a new password",
                body: "Somebody, probably you, has forgotten the password of the account with this address.",
                action: "Choose a new password",
                otherwise: "If it was not you, do nothing. Your password is as it was.",
            },
            Self::Changed => Words {
                subject: "Your password was changed",
                body: "The password of the account with this address is another now.",
                action: "Choose a new password",
                otherwise: "If it was you, there is nothing to do. If not, choose a new one at once.",
            },
            Self::SecondFactorOn => Words {
                subject: "Signing in takes a code now",
                body: "The account with this address has a second factor from now on: signing in takes a code of an \
                    authenticator app, or a recovery code.",
                action: "Choose a new password",
                otherwise: "If it was you, there is nothing to do. If not, choose a new password at once, and ask \
                    whoever looks after the accounts to remove the second factor.",
            },
            Self::SecondFactorOff => Words {
                subject: "Signing in takes no code any more",
                body: "The account with this address has no second factor any more: the password alone signs in.",
                action: "Choose a new password",
                otherwise: "If it was you, or you asked for it, there is nothing to do. If not, choose a new password \
                    at once.",
            },
            Self::Invited => Words {
                subject: "You are invited",
                body: "Somebody who looks after the accounts there has invited this address to make one.",
                action: "Make your account",
                otherwise: "If you expect no invitation, do nothing: without this link nobody can use it.",
            },
        }
    }
}

struct Words {
    subject: &'static str,
    body: &'static str,
    action: &'static str,
    otherwise: &'static str,
}

/// A link as it stands in a mail.
#[derive(Clone, Copy)]
pub struct Link<'a> {
    /// Where it leads. The token stands in the fragment, which browsers send to nobody.
    pub url: &'a str,
    /// How long it is good.
    pub lasts: Duration,
}

/// A mail to the address of an account, or to one that is to have one. Without a link of its own it leads to the page where one asks for one.
#[must_use]
pub fn email(occasion: Occasion, to: &str, link: Option<Link<'_>>, envelope: &Envelope, now: Timestamp) -> Email {
    let Words { subject, body, action, otherwise } = occasion.words();
    let origin = envelope.public_url.trim_end_matches('/');
    let forgot = format!("{origin}/forgot");
    let url = link.map_or(forgot.as_str(), |link| link.url);
    let lasts = link.map(|link| format!("The link works once, within {}.", spoken(link.lasts))).unwrap_or_default();
    let footer = format!("Sent by Tocsin at {origin}, because {}.", occasion.because());
    let paragraphs = [body, &lasts, otherwise].into_iter().filter(|text| !text.is_empty());
    let html: String = paragraphs.map(|text| format!("<p>{}</p>\n", escape(text))).collect();
    Email {
        message_id: format!("{}.{}@{}", v7(now), occasion.slug(), envelope.domain),
        references: None,
        to: to.to_owned(),
        subject: format!("[Tocsin] {subject}"),
        text: format!("{subject}\n\n{body}\n\n{action}:\n{url}\n{lasts}\n\n{otherwise}\n\n-- \n{footer}\n"),
        html: page(subject, &html, &format!("<a href=\"{}\">{action}</a>", escape(url)), &escape(&footer)),
        date: now,
    }
}

/// Nothing is fetched from elsewhere, as in the mails of incidents.
fn page(subject: &str, paragraphs: &str, action: &str, footer: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"supported-color-schemes\" content=\"light dark\"><title>{subject}</title></head>\n\
         <body style=\"margin:0;padding:16px;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5\">\n\
         <div style=\"max-width:600px\">\n\
         <h1 style=\"margin:0;font-size:20px\">{subject}</h1>\n\
         <p style=\"font-weight:700\">{action}</p>\n\
         {paragraphs}\
         <p style=\"font-size:13px\">{footer}</p>\n\
         </div>\n</body></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_says_what_it_is_about() {
        let now = Timestamp::clamped(1_764_000_000_000);
        let envelope = Envelope { public_url: "https://bell.example/".into(), domain: "bell.example".into() };
        let link = Link { url: "https://bell.example/reset#token=abc", lasts: Duration::from_secs(1_800) };
        for (occasion, link, expected) in [
            (Occasion::Registered, Some(link), link.url),
            (Occasion::RegisteredAgain, None, "https://bell.example/forgot"),
            (Occasion::RegisteredUnconfirmed, Some(link), link.url),
            (Occasion::Forgotten, Some(link), link.url),
            (Occasion::Changed, None, "https://bell.example/forgot"),
            (Occasion::Invited, Some(link), link.url),
        ] {
            let mail = email(occasion, "ada@example.org", link, &envelope, now);
            assert_eq!((mail.to.as_str(), mail.references.as_deref()), ("ada@example.org", None));
            assert!(mail.message_id.ends_with("@bell.example"), "{}", mail.message_id);
            for part in [&mail.text, &mail.html] {
                assert!(part.contains(expected), "{occasion:?}: {part}");
                assert_eq!(part.contains("within 30 min"), link.is_some(), "{part}");
            }
        }
    }
}
