// Draws a figure in place of the still one that came with the page, once plotly has arrived.

import { inDark, isDark } from "./figure-theme.js";

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

async function fetchFigure(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  return response.json();
}

// A figure that cannot be made interactive stays as it came: it has the same numbers.
export async function draw(root) {
  const target = root.querySelector("[data-plot][data-figure]");
  if (!target) return;
  try {
    const [{ newPlot }, figure] = await Promise.all([plotly(root.dataset.plotly), fetchFigure(target.dataset.figure)]);
    const { data, layout } = isDark(target) ? inDark(figure) : figure;
    target.replaceChildren();
    await newPlot(target, data, layout, CONFIG);
  } catch (error) {
    console.warn("The figure stays still.", error);
  }
}
