"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  // Like the shop, ignores case and accents.
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const theme = by("theme");
  const isDark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const showTheme = () => theme.setAttribute("aria-pressed", String(isDark()));
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    showTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
  showTheme();
  theme.hidden = false;

  const stocks = [...document.querySelectorAll(".stock")].map((section) => ({
    section,
    details: section.querySelector("details"),
    name: fold(section.querySelector("h2").textContent),
    changed: section.classList.contains("changed"),
    rows: [...section.querySelectorAll("tbody tr")].map((row) => ({
      row,
      name: fold(row.cells[2].textContent),
      changed: row.className !== "",
    })),
  }));
  const total = stocks.reduce((sum, stock) => sum + stock.rows.length, 0);
  const form = by("filters");
  const [byStock, bySource, changedOnly] = [by("by-stock"), by("by-source"), by("changed-only")];
  const counted = (shown, all, noun) => `${shown} of ${all} ${noun}${all === 1 ? "" : "s"}`;

  const filter = () => {
    const [stockText, sourceText, changed] = [fold(byStock.value.trim()), fold(bySource.value.trim()), changedOnly.checked];
    let [stocksShown, rowsShown] = [0, 0];
    for (const stock of stocks) {
      let shown = (!changed || stock.changed) && stock.name.includes(stockText);
      let rows = 0;
      for (const { row, name, changed: rowChanged } of stock.rows) {
        const fits = shown && (!changed || rowChanged) && name.includes(sourceText);
        if (row.hidden === fits) row.hidden = !fits;
        if (fits) rows += 1;
      }
      shown = shown && (sourceText === "" || rows > 0);
      if (stock.section.hidden === shown) stock.section.hidden = !shown;
      if (shown) {
        stocksShown += 1;
        rowsShown += rows;
        if (sourceText !== "") stock.details.open = true;
      }
    }
    by("nothing").hidden = stocksShown > 0;
    by("count").textContent =
      `${counted(stocksShown, stocks.length, "stock")}, ${counted(rowsShown, total, "link")}`;
  };

  // Filters at most once a frame, so that typing stays fast on a page with many thousand links.
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      filter();
    });
  };
  form.addEventListener("input", soon);
  form.addEventListener("reset", soon);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
