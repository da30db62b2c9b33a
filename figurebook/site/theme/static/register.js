/* The register: the address leaves only the rows with one answer; the head of a column sorts by it. */
(() => {
  "use strict";
  const table = document.querySelector("table.register");
  if (!table) return;
  const rows = [...table.tBodies[0].rows];
  const order = new Map(rows.map((row, i) => [row, i]));
  const filters = [...document.querySelectorAll(".filters a")];
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  document.querySelector(".filters").append(status);

  function filter() {
    const chosen = filters.find((link) => link.id === location.hash.slice(1));
    for (const row of rows) row.hidden = Boolean(chosen) && !row.classList.contains(chosen.id);
    for (const link of filters) {
      if (link === chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    status.replaceChildren();
    if (!chosen) return;
    const left = rows.filter((row) => !row.hidden).length;
    const all = document.createElement("a");
    all.href = "#main-content";
    all.textContent = "\u5168\u90e8\u663e\u793a";
    status.append(`\u53ea\u663e\u793a ${left} \u4e2a\uff0c\u5171 ${rows.length} \u4e2a\u3002`, all);
  }

  const number = (cell) => parseFloat(cell.textContent.replaceAll(",", ""));
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, i) => {
    const words = head.querySelector("p") || head;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...words.childNodes);
    words.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const compare = head.classList.contains("number")
        ? (a, b) => number(a.cells[i]) - number(b.cells[i])
        : (a, b) => a.cells[i].textContent.localeCompare(b.cells[i].textContent, "zh");
      rows.sort((a, b) => (up ? compare(a, b) : compare(b, a)) || order.get(a) - order.get(b));
      table.tBodies[0].append(...rows);
    });
  });

  addEventListener("hashchange", filter);
  filter();
})();
