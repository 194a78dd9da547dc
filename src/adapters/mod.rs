//! The technologies behind the ports of [`tocsin_actors::ports`], a folder or a file each.

pub mod clock;
pub mod files;
pub mod jwt;
pub mod key_files;
pub mod mail;
pub mod mime;
pub mod oauth;
pub mod objects;
pub mod otp;
pub mod redis;
pub mod scrypt;
pub mod secrets;
pub mod signing_keys;
pub mod smtp;
pub mod sqlite;
pub mod throttle;
pub mod tickets;
pub mod webhook;
