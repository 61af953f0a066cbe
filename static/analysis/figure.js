// Draws figures in place of the still ones that came with the page, once plotly has arrived.

import { isDark } from "./figure-theme.js";

const CONFIG = { responsive: true, displayModeBar: false };

let arriving = null;

// Plotly comes when there is something to draw, and never holds up the page.
function plotly(url) {
  arriving ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return arriving;
}

// The server knows the colours of both themes; those of print are the light ones.
async function fetchFigure(target) {
  const url = new URL(target.dataset.figure, window.location.href);
  if (isDark(target)) url.searchParams.set("theme", "dark");
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  return response.json();
}

// A figure that cannot be made interactive stays as it came: it has the same numbers.
async function drawOne(target, root) {
  try {
    const [{ newPlot }, { data, layout }] = await Promise.all([plotly(root.dataset.plotly), fetchFigure(target)]);
    target.replaceChildren();
    await newPlot(target, data, layout, CONFIG);
  } catch (error) {
    console.warn("The figure stays still.", error);
  }
}

export function draw(root) {
  return Promise.all([...root.querySelectorAll("[data-plot][data-figure]")].map((target) => drawOne(target, root)));
}
