/// The role of those who may administer the service.
pub(crate) const ADMINISTRATOR: &str = "administrator";
