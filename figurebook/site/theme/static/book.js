/* Colours, drawers and cards. Every page can be read and walked through without this file. */
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  /* Light, dark, or as the system has it. The word on the button is the mode that is on. */
  const MODES = { auto: "\u81ea\u52a8", light: "\u4eae\u8272", dark: "\u6697\u8272" };
  const button = document.querySelector("button.mode");

  function show(mode) {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (dark.matches ? "dark" : "light") : mode;
    if (!button) return;
    const what = document.createElement("span");  /* "\u914d\u8272\uff1a", for which a phone has no room */
    what.textContent = "\u914d\u8272\uff1a";
    button.replaceChildren(what, MODES[mode]);
    button.setAttribute("aria-label", what.textContent + MODES[mode]);
  }

  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const modes = Object.keys(MODES);
      const next = modes[(modes.indexOf(root.dataset.mode) + 1) % modes.length];
      show(next);
      try { localStorage.setItem("mode", next); } catch (error) { /* forbidden: it holds for this page */ }
    });
  }
  show(root.dataset.mode in MODES ? root.dataset.mode : "auto");
  dark.addEventListener("change", () => show(root.dataset.mode));

  /* A drawer is open while the address points at it; Escape and a click beside it close it. */
  const drawer = () => document.querySelector(".bd-sidebar:target, .bd-toc:target");
  let height = 0;  /* how far down the page was when a drawer opened: closing it returns there */
  const close = () => {
    location.hash = "#main-content";
    scrollTo({ top: height, behavior: "instant" });
  };
  document.addEventListener("click", (event) => {
    const open = drawer();
    if (open && !open.contains(event.target) && !event.target.closest("a, button, input")) close();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest(".drawer-open, .contents-open")) height = scrollY;
    /* A link to a section leaves the drawer by itself; one to the page that is shown would not. */
    if (event.target.closest(".drawer-close, #pst-primary-sidebar a[href='#']")) {
      event.preventDefault();
      close();
    }
  });

  /* The card of a figure: what its title says, in lines, on hover and on keyboard focus. */
  const card = document.createElement("div");
  card.className = "card-of-figure";
  card.id = "card-of-figure";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  document.body.append(card);
  let owner = null;
  let leaving = 0;

  function open(link, text) {
    clearTimeout(leaving);
    if (owner === link) return;
    owner = link;
    card.replaceChildren(...text.split("|").map((line, i) => {
      const row = document.createElement(i ? "span" : "strong");
      row.textContent = line;
      return row;
    }));
    card.hidden = false;
    link.setAttribute("aria-describedby", card.id);
    const at = link.getClientRects()[0];
    const width = card.offsetWidth, height = card.offsetHeight;
    const left = Math.max(8, Math.min(at.left, root.clientWidth - width - 8));
    const below = at.bottom + 6 + height < innerHeight || at.top < height + 12;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${(below ? at.bottom + 6 : at.top - height - 6) + scrollY}px`;
  }

  function shut() {
    clearTimeout(leaving);
    if (!owner) return;
    owner.removeAttribute("aria-describedby");
    owner = null;
    card.hidden = true;
  }

  const later = () => { clearTimeout(leaving); leaving = setTimeout(shut, 200); };
  for (const number of document.querySelectorAll("a [data-card]")) {
    const link = number.closest("a");
    const text = number.dataset.card;
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") open(link, text);
    });
    link.addEventListener("pointerleave", later);
    link.addEventListener("focus", () => open(link, text));
    link.addEventListener("blur", shut);
  }
  card.addEventListener("pointerenter", () => clearTimeout(leaving));
  card.addEventListener("pointerleave", later);

  /* The contents list stands where the page is in it. */
  const list = document.querySelector("#pst-primary-sidebar");
  const here = list && [...list.querySelectorAll("li.current > a")].pop();
  if (here) list.scrollTop += here.getBoundingClientRect().top - list.clientHeight / 2;

  /* What scrolls inside the page can be scrolled with the keyboard. */
  for (const frame of document.querySelectorAll(".pst-scrollable-table-container, .output, .highlight pre")) {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      shut();
      if (drawer()) close();
    }
    if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
      const field = document.querySelector("input[name=q]");
      if (field) { event.preventDefault(); field.focus(); }
    }
  });
})();
