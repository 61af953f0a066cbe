// Leaving: what a tab remembers of the case in hand is forgotten on every page but the case's own, so that it is gone
// after signing out, however that came about; and signing out asks what still waits.

sessionStorage.removeItem("thighsite.case-in-hand");

async function leave(event) {
  event.preventDefault();
  const form = event.target;
  const { signOut } = await import("./grading/sign-out.js").catch(() => ({ signOut: () => form.submit() }));
  signOut(form);
}

for (const form of document.querySelectorAll("form[data-user]")) form.addEventListener("submit", leave);
