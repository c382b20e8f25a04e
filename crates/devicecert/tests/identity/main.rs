//! One identity for three platforms, and the forms of products that it is made from.

mod apple;
mod certificate_file;
mod csr;
mod losses;
mod product;
mod properties;
mod support;
mod windows;
