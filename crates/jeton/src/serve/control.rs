//! The socket through which the command line administers a server that runs: in the data folder,
//! for its owner alone.

use std::path::{Path, PathBuf};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::UnixListener;

use crate::failure::Failure;

/// A socket that is there as long as this is.
pub(super) struct Control {
    listener: UnixListener,
    path: PathBuf,
}

impl Control {
    /// Listens. Whoever has the store has the socket too, so one that is there is left over.
    pub(super) fn bind(path: PathBuf) -> Result<Self, Failure> {
        let failed = |error: &std::io::Error| {
            Failure::io(format!("cannot listen on `{}`", path.display()), error)
                .hint("the path of a socket has about 100 bytes at most: choose a shorter --data")
        };
        std::fs::remove_file(&path).ok();
        let listener = UnixListener::bind(&path).map_err(|error| failed(&error))?;
        owners_alone(&path).map_err(|error| failed(&error))?;
        Ok(Self { listener, path })
    }

    /// Answers until it is dropped.
    pub(super) async fn serve(self, router: Router) {
        loop {
            let Ok((stream, _)) = self.listener.accept().await else {
                tokio::time::sleep(super::connections::PAUSE).await;
                continue;
            };
            let service = TowerToHyperService::new(router.clone());
            tokio::spawn(async move {
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                // A client that breaks off is its own affair.
                connection.await.ok();
            });
        }
    }
}

fn owners_alone(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

impl Drop for Control {
    fn drop(&mut self) {
        std::fs::remove_file(&self.path).ok();
    }
}
