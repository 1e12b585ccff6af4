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
  const showTheme = () => {
    theme.textContent = `Use ${isDark() ? "light" : "dark"} theme`;
  };
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    showTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
  showTheme();
  theme.hidden = false;

  // A long run of sources that keep their order is folded until somebody wants to see it.
  const folded = (run) => {
    const unfold = document.createElement("tbody");
    unfold.className = "unfold";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `Show ${run.rows.length} sources that keep their order`;
    button.addEventListener("click", () => {
      run.hidden = false;
      unfold.remove();
    });
    const cell = unfold.insertRow().insertCell();
    cell.colSpan = 4;
    cell.append(button);
    run.before(unfold);
    return { run, unfold };
  };

  const entries = new Map([...document.querySelectorAll("#jump a")].map((link) => [link.hash.slice(1), link]));
  const stocks = [...document.querySelectorAll(".stock")].map((section) => {
    const heading = section.querySelector("h2");
    return {
      section,
      details: section.querySelector("details"),
      entry: entries.get(heading.id).closest("li"),
      name: fold(heading.textContent),
      changed: section.classList.contains("changed"),
      rows: [...section.querySelectorAll(".order tbody tr")].map((row) => ({
        row,
        name: fold(row.cells[2].textContent),
        changed: !["", "renumber"].includes(row.className),
      })),
      runs: [...section.querySelectorAll(".run")].map(folded),
    };
  });
  const total = stocks.reduce((sum, stock) => sum + stock.rows.length, 0);
  const form = by("filters");
  const [byStock, bySource, changedOnly] = [by("by-stock"), by("by-source"), by("changed-only")];
  const counted = (shown, all, noun) => `${shown} of ${all} ${noun}${all === 1 ? "" : "s"}`;

  const filter = () => {
    const [stockText, sourceText, changed] = [fold(byStock.value.trim()), fold(bySource.value.trim()), changedOnly.checked];
    const filtered = changed || sourceText !== "";
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
      if (stock.section.hidden === shown) stock.section.hidden = stock.entry.hidden = !shown;
      for (const { run, unfold } of stock.runs) {
        unfold.hidden = filtered;
        if (unfold.isConnected) run.hidden = !filtered;
      }
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

  // On a narrow window the list of stocks is a bar that opens and closes.
  const jump = by("jump");
  const list = jump.querySelector("details");
  const narrow = matchMedia("(max-width: 63.99rem)");
  const showList = () => {
    list.open = !narrow.matches;
  };
  narrow.addEventListener("change", showList);
  showList();
  jump.addEventListener("click", ({ target }) => {
    const link = target.closest("a");
    if (!link) return;
    by(link.hash.slice(1)).closest("details").open = true;
    if (narrow.matches) list.open = false;
  });

  // Not every browser prints what is folded.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
