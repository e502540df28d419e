use core::fmt;
use std::sync::mpsc;

use crate::error::StoreError;

/// Where an answer goes: called once, on a thread of the backend, so it must not block.
pub struct Reply<T>(Option<Answer<T>>);

type Answer<T> = Box<dyn FnOnce(Result<T, StoreError>) + Send>;

impl<T> Reply<T> {
    /// Answers by calling a function.
    pub fn new(answer: impl FnOnce(Result<T, StoreError>) + Send + 'static) -> Self {
        Self(Some(Box::new(answer)))
    }

    /// Answers.
    pub fn send(mut self, answer: Result<T, StoreError>) {
        if let Some(reply) = self.0.take() {
            reply(answer);
        }
    }
}

impl<T> Drop for Reply<T> {
    fn drop(&mut self) {
        if let Some(reply) = self.0.take() {
            reply(Err(StoreError::Unavailable {
                why: "the store stopped before it answered",
            }));
        }
    }
}

impl<T> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reply(..)")
    }
}

/// Asks and blocks until the answer is there.
pub fn wait<T: Send + 'static>(ask: impl FnOnce(Reply<T>)) -> Result<T, StoreError> {
    let (sender, receiver) = mpsc::sync_channel(1);
    ask(Reply::new(move |answer| drop(sender.send(answer))));
    receiver.recv().unwrap_or(Err(StoreError::Unavailable {
        why: "the store stopped before it answered",
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_reply_answers() {
        let answer = wait(|reply: Reply<()>| drop(reply));
        assert!(matches!(answer, Err(StoreError::Unavailable { .. })));
        assert_eq!(wait(|reply| reply.send(Ok(7))).unwrap(), 7);
    }
}
