// The scale in pictures beside the form: the page of that name, in a dialog. Fetched when it is first asked for.

let coming; // the dialog, once it was fetched

export async function show() {
  coming ??= made(document.querySelector("[target=scale]").href);
  try {
    (await coming).showModal();
  } catch (error) {
    coming = null; // the next press asks again
    throw error;
  }
}

async function made(url) {
  const answer = await fetch(url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const pictures = page.querySelector("[data-scale]");
  if (!pictures) throw new Error(`No pictures at ${answer.url}`); // somebody has signed out
  const style = page.querySelector('link[href*="/scale"]');
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: style.href }));
  return dialogOf(page.querySelector("h1").textContent, pictures);
}

function dialogOf(title, pictures) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "panel scale-dialog" });
  const heading = Object.assign(document.createElement("h2"), { id: "scale-title", textContent: title });
  const close = Object.assign(document.createElement("button"), { className: "button primary", textContent: "Close" });
  dialog.setAttribute("aria-labelledby", heading.id);
  close.addEventListener("click", () => dialog.close());
  dialog.append(heading, pictures, close);
  document.body.append(dialog);
  return dialog;
}
