// The comparison page: draws the figure that came with it, and recomputes in place.

const CONFIG = {
  responsive: true,
  displaylogo: false,
  modeBarButtons: [["toImage"]],
};

function draw(root) {
  const target = root.querySelector("[data-plot]");
  if (!target) return;
  if (!window.Plotly) {
    target.hidden = true;
    root.querySelector("[data-plot-failed]").hidden = false;
    return;
  }
  const { data, layout } = JSON.parse(root.querySelector("#figure").textContent);
  const toImageButtonOptions = { format: "svg", filename: target.dataset.name };
  target.querySelector(".drawing")?.remove();
  window.Plotly.newPlot(target, data, layout, { ...CONFIG, toImageButtonOptions });
}

function openFolds(root) {
  return [...root.querySelectorAll("details[open][data-fold]")].map((fold) => fold.dataset.fold);
}

// Takes the page anew and puts its comparison where the old one stood. A page without one (signed out) is loaded whole.
async function recompute(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = page.querySelector("[data-comparison]");
  if (!next) throw new Error("no comparison in the answer");
  const present = document.querySelector("[data-comparison]");
  for (const fold of openFolds(present)) next.querySelector(`[data-fold="${fold}"]`)?.setAttribute("open", "");
  const plot = present.querySelector(".js-plotly-plot");
  if (plot) window.Plotly.purge(plot);
  present.replaceWith(next);
  draw(next);
  next.querySelector("[data-recompute]")?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-recompute]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  recompute(link.href).catch(() => window.location.assign(link.href));
});

draw(document);
