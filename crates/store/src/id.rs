macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes an identifier over; whoever makes one draws at least 128 random bits.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// An account; the `sub` of its tokens.
    AccountId;
    /// A client; its `client_id`.
    ClientId;
    /// A session; the `sid` of its tokens, and no secret.
    SessionId;
    /// A refresh family: one authorization of one client on one device.
    FamilyId;
}
