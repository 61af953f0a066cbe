// Draws a figure in place of the still one that came with the page, once plotly has arrived.

const CONFIG = { responsive: true, displaylogo: false, modeBarButtons: [["toImage"]] };

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

export async function draw(root) {
  const target = root.querySelector("[data-plot]");
  if (!target) return;
  const { data, layout } = JSON.parse(root.querySelector("#figure").textContent);
  const toImageButtonOptions = { format: "svg", filename: target.dataset.name };
  try {
    const { newPlot } = await plotly(root.dataset.plotly);
    target.querySelector(".drawing")?.remove();
    await newPlot(target, data, layout, { ...CONFIG, toImageButtonOptions });
  } catch {
    root.querySelector("[data-plot-failed]").hidden = false; // the still figure and the table have the same numbers
  }
}
