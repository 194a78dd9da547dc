//! Whole flows against a running server.
