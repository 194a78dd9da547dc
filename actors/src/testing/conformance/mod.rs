//! One suite for every port: what the trait promises, asked of whatever implements it.
