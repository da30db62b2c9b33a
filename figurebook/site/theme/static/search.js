// Looks through the text of every page, character by character; search.html alone loads this.
(function () {
  "use strict";

  // One number as a page writes it: thousands may be separated, decimals and dotted dates belong to it.
  const NUMBER = /\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)*|\d+(?:\.\d+)*/g;
  // Forms that differ in width or shape only. Folding keeps lengths, so that places in a folded text are
  // places in the text. The full-width comma stays: between two numbers it is mostly punctuation.
  const FORMS = /[\u2e80-\u2fd5\uf900-\ufaff\uff01-\uff0b\uff0d-\uffee\u2018\u2019\u201c\u201d\u0130]/g;
  const SHAPES = { "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u0130": "i" };
  const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;
  const HAN = /[\u3400-\u9fff\uf900-\ufaff]/;
  const UNIT = /[A-Za-z%\u2030\u2103]/;
  const BREAKS = "\n\u3002\uff01\uff1f\uff1b";
  const BEFORE = 40, LENGTH = 110, TOLD = 40; // characters before a hit, of a snippet, of a query told back

  const fold = (text) => text.replace(FORMS, (c) => {
    const form = SHAPES[c] || c.normalize("NFKC");
    return form.length === 1 ? form : c;
  }).toLowerCase();

  // What a query and a figure's key are compared by: no blanks, no thousands separators.
  const key = (text) => fold(text).replace(/\uff0c/g, ",").replace(NUMBER, (n) => n.replace(/,/g, ""))
    .replace(/\s/g, "");

  const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

  const blankMayStand = (a, b) => HAN.test(a) && (UNIT.test(b) || /\d/.test(b))
    || HAN.test(b) && (UNIT.test(a) || /\d/.test(a)) || /\d/.test(a) && UNIT.test(b);

  // A number with or without separators at its thousands.
  function numberPattern(number) {
    const [whole, ...decimals] = number.replace(/,/g, "").split(".");
    const first = whole.length % 3 || 3;
    const groups = [whole.slice(0, first), ...(whole.slice(first).match(/\d{3}/g) || [])];
    return [groups.join("[,\uff0c ]?"), ...decimals].join("\\.");
  }

  // The pattern of one word of a query.
  function wordPattern(word) {
    let source = "", last = "";
    const add = (text, pattern) => {
      source += (blankMayStand(last, text[0]) ? " ?" : "") + pattern;
      last = text[text.length - 1];
    };
    const plain = (text) => {
      for (const c of text) add(c, c === "," ? "[,\uff0c]" : escaped(c));
    };
    let done = 0;
    for (const found of word.matchAll(NUMBER)) {
      plain(word.slice(done, found.index));
      add(found[0], numberPattern(found[0]));
      done = found.index + found[0].length;
    }
    plain(word.slice(done));
    return new RegExp(source, "gu");
  }

  // Whether a place lies within one of a text's numbers.
  function splitsNumber(text, at) {
    const a = text[at - 1] || "", b = text[at] || "";
    if (!/[\d.,]/.test(a) || !/[\d.,]/.test(b)) return false;
    if (/\d/.test(a) && /\d/.test(b)) return true;
    let from = at, to = at;
    while (from > 0 && /[\d.,]/.test(text[from - 1])) from--;
    while (to < text.length && /[\d.,]/.test(text[to])) to++;
    for (const found of text.slice(from, to).matchAll(NUMBER)) {
      const start = from + found.index;
      if (start < at && at < start + found[0].length) return true;
    }
    return false;
  }

  // Every place of a word in a folded text, as [start, end]; no number is cut in two.
  function places(text, word) {
    const found = [];
    let match;
    word.lastIndex = 0;
    while ((match = word.exec(text))) {
      const start = match.index, end = start + match[0].length;
      if (splitsNumber(text, start) || splitsNumber(text, end)) {
        word.lastIndex = start + 1;
      } else {
        found.push([start, end]);
      }
    }
    return found;
  }

  const has = (text, words) => words.every((word) => places(text, word).length);

  // The ways to read a query, each a list of words; "13 540" is one number first, then two.
  function readings(query) {
    const text = fold(query.normalize("NFC").replace(INVISIBLE, "")).replace(/\uff0c/g, ",")
      .replace(/\s+/g, " ").trim();
    const joined = text.replace(/(^| )(\d{1,3}(?: \d{3})+)(?!\d)/g, (_, before, n) => before + n.replace(/ /g, ""));
    return [...new Set([joined, text])]
      .map((told) => [...new Set(told.split(" "))].filter(Boolean).map(wordPattern));
  }

  // The index made ready to be looked through: a page's text in one piece, and where its sections begin.
  function prepared(entry, order) {
    let text = "";
    const sections = entry.sections.map(([anchor, heading, body]) => {
      const section = { anchor, heading, start: text.length, body: text.length + (heading ? heading.length + 1 : 0) };
      text += (heading ? heading + "\n" : "") + body + "\n";
      section.end = text.length - 1;
      return section;
    });
    return { entry, order, text, folded: fold(text), sections, title: fold(entry.title),
      keys: fold(entry.keys.join("\n")), exact: new Set(entry.keys.map(key)) };
  }

  // A page's rank for words that it has: figures by what they are called, titles, headings, text.
  function rank(page, words, asked) {
    if (page.exact.has(asked)) return 0;
    if (page.keys && has(page.keys, words)) return 1;
    if (has(page.title, words)) return 2;
    return page.sections.some((s) => has(page.folded.slice(s.start, s.body), words)) ? 3 : 4;
  }

  // The page as a result, or null where a word is missing.
  function look(page, words, asked) {
    const hits = [];
    for (let i = 0; i < words.length; i++) {
      const found = places(page.folded, words[i]);
      if (!found.length && !places(page.keys, words[i]).length) return null;
      for (const [start, end] of found) hits.push({ start, end, word: i });
    }
    hits.sort((a, b) => a.start - b.start || b.end - a.end);
    return { page, hits, rank: rank(page, words, asked) };
  }

  function search(pages, query) {
    const asked = key(query.normalize("NFC").replace(INVISIBLE, ""));
    for (const words of readings(query)) {
      const results = words.length ? pages.map((page) => look(page, words, asked)).filter(Boolean) : [];
      if (results.length) {
        results.sort((a, b) => a.rank - b.rank || b.hits.length - a.hits.length || a.page.order - b.page.order);
        return { results, words };
      }
    }
    return { results: [], words: [] };
  }

  // The section that has most of the words, then one with a word in its heading, then most hits.
  function bestSection({ page, hits }) {
    let best = null, at = 0;
    for (const section of page.sections) {
      const own = [];
      while (at < hits.length && hits[at].start < section.end) own.push(hits[at++]);
      const score = [new Set(own.map((hit) => hit.word)).size,
        own.length && own[0].start < section.body ? 1 : 0, own.length];
      const better = best ? score.findIndex((n, i) => n !== best.score[i]) : 0;
      if (!best || better >= 0 && score[better] > best.score[better]) best = { section, score, hits: own };
    }
    return best;
  }

  // The nearest place in a direction that cuts no number, Latin word or character in two.
  function whole(text, at, step) {
    const last = at + 20 * step;
    while (at !== last && /[\w.,\ud800-\udbff]/.test(text[at - 1] || "")
           && /[\w.,\udc00-\udfff]/.test(text[at] || "")) at += step;
    return at;
  }

  // A stretch of a section around its first hit below the heading, from the start of a sentence if near.
  function stretch(text, section, hits) {
    const hit = hits.find((h) => h.start >= section.body);
    let from = section.body;
    if (hit && hit.start - BEFORE > from) {
      from = hit.start - BEFORE;
      while (from < hit.start && !BREAKS.includes(text[from - 1])) from++;
      if (!BREAKS.includes(text[from - 1])) from = whole(text, hit.start - BEFORE / 2, -1);
      if (text[from] === "\n") from++;
    }
    const limit = Math.max(from + LENGTH, hit ? hit.end : 0);
    let to = limit < section.end ? Math.min(whole(text, limit, 1), section.end) : section.end;
    while (to > from && text[to - 1] === "\n") to--;
    return [from, to];
  }

  function element(parent, name, className) {
    const made = parent.appendChild(document.createElement(name));
    made.className = className;
    return made;
  }

  // Text with its hits marked. Blocks are told apart by a dot. Nothing is ever read as HTML.
  function write(parent, text, hits) {
    const add = (to, part) => to.append(part.replace(/\n/g, " \u00b7 "));
    let done = 0;
    for (const [start, end] of hits) {
      if (end <= done) continue;
      add(parent, text.slice(done, Math.max(done, start)));
      add(element(parent, "mark", ""), text.slice(Math.max(done, start), end));
      done = end;
    }
    add(parent, text.slice(done));
  }

  const allPlaces = (text, words) => words.flatMap((word) => places(fold(text), word))
    .sort((a, b) => a[0] - b[0] || b[1] - a[1]);

  function item(list, result, words) {
    const { page, rank } = result, { entry } = page;
    const { section, hits } = bestSection(result);
    const own = element(list, "li", "search-result");
    const link = element(own, "a", "search-link");
    const below = rank > 1 && section.anchor; // a figure is found as a whole
    link.href = entry.url + (below ? "#" + encodeURIComponent(section.anchor) : "");
    write(link, entry.title, allPlaces(entry.title, words));
    if (below) {
      link.append(" \u203a ");
      write(element(link, "span", "search-section"), section.heading, allPlaces(section.heading, words));
    }
    element(own, "span", "search-kind").textContent = entry.kind;
    const snippet = element(own, "p", "search-snippet");
    if (new Set(result.hits.map((hit) => hit.word)).size === words.length) {
      const [from, to] = stretch(page.text, section, hits);
      if (from > section.body && !BREAKS.includes(page.text[from - 1])) snippet.append("\u2026");
      write(snippet, page.text.slice(from, to),
        hits.filter((h) => h.start >= from && h.end <= to).map((h) => [h.start - from, h.end - from]));
      if (to < section.end) snippet.append("\u2026");
    } else {
      const called = entry.keys.filter((k) => allPlaces(k, words).length).join(" \u00b7 ");
      write(snippet, called, allPlaces(called, words));
    }
  }

  const field = document.getElementById("search-query");
  const count = document.getElementById("search-count");
  const list = document.getElementById("search-results");
  let pages = null;

  function show(query) {
    list.textContent = count.textContent = "";
    document.getElementById("search-help").hidden = query.trim() !== "";
    document.getElementById("search-none").hidden = true;
    if (!query.trim()) return;
    if (!window.searchIndex) {
      count.textContent = "搜索的索引没有载入，请刷新页面。";
      return;
    }
    pages = pages || window.searchIndex.map(prepared);
    const { results, words } = search(pages, query);
    const letters = Array.from(query.trim());
    const told = letters.slice(0, TOLD).join("") + (letters.length > TOLD ? "\u2026" : "");
    const hits = results.reduce((sum, result) => sum + result.hits.length, 0);
    count.textContent = results.length
      ? `找到 ${results.length} 页${hits ? `\uff0c共 ${hits} 处` : ""}\uff1a` : "没有找到\uff1a";
    element(count, "strong", "").textContent = told;
    document.getElementById("search-none").hidden = results.length > 0;
    const made = document.createDocumentFragment();
    for (const result of results) item(made, result, words);
    list.append(made);
  }

  field.addEventListener("input", (event) => {
    if (!event.isComposing) show(field.value);
  });
  field.addEventListener("compositionend", () => show(field.value));
  // So that the way back from a result leads to the results.
  list.addEventListener("click", () => history.replaceState(null, "", "?" + new URLSearchParams({ q: field.value })));

  field.value = new URLSearchParams(location.search).get("q") || "";
  show(field.value);
  (field.value.trim() ? count : field).focus({ preventScroll: true });
})();
