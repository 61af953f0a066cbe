// Two entries for one thing: both are shown, and the reader says which holds. Fetched when needed.

const question = document.querySelector("[data-conflict]");
let last = Promise.resolve(); // one question at a time

// Resolves to whether what this window has holds; to null once isOpen says that there is nothing left to choose.
export function askToChoose(what, ours, theirs, isOpen) {
  last = last.then(() => (isOpen() ? ask(what, ours, theirs, isOpen) : null));
  return last;
}

function ask(what, ours, theirs, isOpen) {
  question.querySelector("[data-conflict-what]").textContent = what;
  const [keep, take] = question.querySelectorAll("button");
  keep.textContent = ours;
  take.textContent = theirs;
  question.showModal();
  return new Promise((resolve) => {
    const answer = (keepOurs) => {
      removeEventListener("storage", look);
      question.onclose = null;
      question.close();
      resolve(keepOurs);
    };
    const look = () => isOpen() || answer(null); // another window of this browser has asked, too
    addEventListener("storage", look);
    keep.onclick = () => answer(true);
    take.onclick = () => answer(false);
    question.onclose = () => question.open || question.showModal(); // Escape, pressed twice: there is no third answer
  });
}
