//! Whole flows against a running server with real components, and the rules of the house. One binary: it links once.

mod house;
