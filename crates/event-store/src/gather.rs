//! Many small questions, one statement. Whoever asks while an answer is on its way is answered together with all others who did: the
//! busier, the fewer statements. (The same idea as the group commit of appends.)

use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use tokio::sync::{mpsc, oneshot};

type Asked<Q, A> = (Q, oneshot::Sender<A>);
type Answers<A> = Pin<Box<dyn Future<Output = Vec<A>> + Send>>;
type AnswerAll<Q, A> = Arc<dyn Fn(Vec<Q>) -> Answers<A> + Send + Sync>;

/// Collects questions and has them answered together. Cheap to clone; its task starts with the first question and ends with the last clone.
pub struct Gather<Q, A> {
    most: usize,
    answer_all: AnswerAll<Q, A>,
    door: Arc<OnceLock<mpsc::Sender<Asked<Q, A>>>>,
}

impl<Q, A> Clone for Gather<Q, A> {
    fn clone(&self) -> Self {
        Self { most: self.most, answer_all: self.answer_all.clone(), door: self.door.clone() }
    }
}

impl<Q, A> std::fmt::Debug for Gather<Q, A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gather(…)")
    }
}

impl<Q: Send + 'static, A: Send + 'static> Gather<Q, A> {
    /// At most `most` questions at once go to `answer_all`, which gives one answer to each, in their order.
    pub fn new<F, O>(most: usize, answer_all: F) -> Self
    where
        F: Fn(Vec<Q>) -> O + Send + Sync + 'static,
        O: Future<Output = Vec<A>> + Send + 'static,
    {
        Self { most: most.max(1), answer_all: Arc::new(move |asked| Box::pin(answer_all(asked))), door: Arc::default() }
    }

    /// The answer to one question. `None`: answering panicked, a defect that is told by the panic itself.
    pub async fn ask(&self, question: Q) -> Option<A> {
        let (answer, told) = oneshot::channel();
        let door = self.door.get_or_init(|| {
            let (door, asked) = mpsc::channel(self.most * 4);
            tokio::spawn(serve(asked, self.most, self.answer_all.clone()));
            door
        });
        door.send((question, answer)).await.ok()?;
        told.await.ok()
    }
}

async fn serve<Q: Send + 'static, A: Send + 'static>(
    mut asked: mpsc::Receiver<Asked<Q, A>>,
    most: usize,
    answer_all: AnswerAll<Q, A>,
) {
    while let Some(first) = asked.recv().await {
        let mut group = vec![first];
        // Those who were woken together ask together, one by one: whoever is on the way gets the chance to arrive.
        loop {
            let before = asked.len();
            tokio::task::yield_now().await;
            if asked.len() == before {
                break;
            }
        }
        while group.len() < most
            && let Ok(next) = asked.try_recv()
        {
            group.push(next);
        }
        let (questions, tellers): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        // In a task of its own: a panic must cost these questions their answers, not everybody.
        let Ok(answers) = tokio::spawn(answer_all(questions)).await else { continue };
        for (teller, answer) in tellers.into_iter().zip(answers) {
            drop(teller.send(answer));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn who_asks_meanwhile_is_answered_together_in_order_and_a_panic_hurts_nobody_else() {
        let sizes = Arc::new(Mutex::new(vec![]));
        let seen = sizes.clone();
        let doubled = Gather::new(8, move |asked: Vec<u32>| {
            seen.lock().map(|mut sizes| sizes.push(asked.len())).ok();
            async move {
                assert!(!asked.contains(&99), "a defect");
                asked.into_iter().map(|n| n * 2).collect()
            }
        });
        let all: Vec<_> = (0..20).map(|n| doubled.ask(n)).collect();
        let answers = futures::future::join_all(all).await;
        assert_eq!(answers, (0..20).map(|n| Some(n * 2)).collect::<Vec<_>>());
        let sizes = sizes.lock().map(|sizes| sizes.clone()).unwrap_or_default();
        assert!(sizes.len() < 20 && sizes.iter().all(|size| *size <= 8), "{sizes:?}");
        assert_eq!(doubled.ask(99).await, None);
        assert_eq!(doubled.ask(4).await, Some(8));
    }
}
