//! Against the example of RFC 7518 Appendix C.
