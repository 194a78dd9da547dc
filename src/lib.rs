//! Tocsin.
