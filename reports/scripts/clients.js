"use strict";
/* Search among the night's clients: reads the global that clients.js sets, writes text nodes only, asks nothing of anybody. */
(() => {
  const data = globalThis.bellwetherClients;
  if (!data) return;

  const PER_PAGE = 50;
  const PRINTED = 1000;
  const LEVELS = ["risk", "relationship", "change"];
  const PEOPLE = ["rm", "branch"];
  const FACETS = [...LEVELS, ...PEOPLE];

  const lines = (text) => text.split("\n").slice(0, data.count);
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const names = lines(data.names);
  const ids = lines(data.ids);
  const places = lines(data.places);
  const confidential = new Set(data.confidential);
  const facets = FACETS.map((facet) => ({ values: data[facet].values, codes: Uint32Array.from(data[facet].rows) }));
  /* One text to search, a line a client: ten times as fast as a text each. */
  const haystack = `${plain(names.map((name, i) => `${ids[i]}\t${name}\t${data.rm.values[data.rm.rows[i]]}`).join("\n"))}\n`;
  const ends = new Uint32Array(data.count);
  for (let i = 0, at = -1; i < data.count; i++) ends[i] = at = haystack.indexOf("\n", at + 1);

  /* ---- the page, one part a language ---- */

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...children);
    return made;
  }

  class Part {
    constructor(root) {
      this.root = root;
      this.locale = root.id;
      this.form = root.querySelector("form");
      this.words = JSON.parse(this.form.dataset.words);
      this.numbered = new Set();
      this.count = new Intl.NumberFormat("en").format;
      const day = new Intl.DateTimeFormat(this.words.language, { dateStyle: "long", timeZone: "UTC" });
      this.days = data.since.values.map((iso) => (iso ? day.format(new Date(iso)) : "—"));
      this.pick = (name) => this.form.querySelector(`[data-is="${name}"]`);
      this.heads = [...this.pick("head").cells].map((cell) => cell.textContent);
      PEOPLE.forEach((facet) => {
        const unknown = this.words.none[facet];
        const options = data[facet].values.map((value) => new Option(value || unknown, `=${value}`));
        this.form.elements[facet].append(...options);
      });
      root.querySelector(".without").hidden = true;
      this.form.hidden = false;
    }

    name(i) {
      return confidential.has(i) ? this.words.confidential : names[i] || ids[i];
    }

    level(facet, i) {
      const code = data[facet].values[data[facet].rows[i]];
      const [shape, label] = this.words[facet][code];
      return [element("i", { "aria-hidden": "true" }, shape), shape ? " " : "", label];
    }

    links(i) {
      const [two, file = ids[i]] = places[i].split("/");
      const folders = data.reports.values[data.reports.rows[i]];
      const found = data.kinds
        .map((name, k) => ({ name, kind: name.split(".")[0], locale: name.split(".")[1], folder: folders[k] }))
        .filter(({ folder }) => folder >= 0);
      return Object.entries(this.words.reports).flatMap(([kind, [short, label]]) => {
        const links = found.filter((one) => one.kind === kind).map(({ name, locale, folder }) => {
          const language = this.words.languages[locale];
          const href = [data.folders[folder], two, `${encodeURIComponent(file)}.${name}.pdf`].join("/");
          return element("a", { href, "aria-label": `${label} (${language}): ${this.name(i)}` }, language);
        });
        return links.length ? [element("span", { class: "report" }, short, ...links.flatMap((a) => [" ", a]))] : [];
      });
    }

    row(i) {
      const of = (facet) => data[facet].values[data[facet].rows[i]] || this.words.none[facet];
      const who = element("th", { scope: "row" }, element("bdi", {}, this.name(i)), " ", element("code", {}, ids[i]));
      const levels = LEVELS.map((facet) => element("span", {}, ...this.level(facet, i)));
      const people = PEOPLE.map((facet) => element("bdi", {}, of(facet)));
      const told = [...levels, this.days[data.since.rows[i]], ...people, element("span", {}, ...this.links(i))];
      const cells = told.map((one, k) => element("td", { "data-label": this.heads[k + 1] }, one));
      cells[LEVELS.length].className = "n";
      return element("tr", { tabindex: "-1" }, who, ...cells);
    }

    rows(from, to) {
      this.pick("rows").replaceChildren(...found.hits.slice(from, to).map((i) => this.row(i)));
    }

    controls() {
      const { elements } = this.form;
      if (elements.q.value !== asked.q) elements.q.value = asked.q;
      elements.sort.value = asked.sort;
      this.form.querySelectorAll("[type=checkbox]").forEach((box) => {
        const f = FACETS.indexOf(box.name);
        box.checked = asked.chosen[f].has(box.value);
        box.parentNode.querySelector("b").textContent = this.count(found.counts[f][facets[f].values.indexOf(box.value)]);
      });
      PEOPLE.forEach((facet) => {
        const f = FACETS.indexOf(facet);
        const [chosen] = asked.chosen[f];
        const value = chosen === undefined ? "" : `=${chosen}`;
        if (elements[facet].value !== value) elements[facet].value = value;
        this.numbered.delete(facet);
      });
    }

    /* A thousand managers' counts are written when their list is about to open, not at each key. */
    number(facet) {
      const f = FACETS.indexOf(facet);
      if (f < 0 || this.numbered.has(facet)) return;
      this.numbered.add(facet);
      facets[f].values.forEach((value, code) => {
        const label = `${value || this.words.none[facet]} (${this.count(found.counts[f][code])})`;
        this.form.elements[facet].options[code + 1].label = label;
      });
    }

    show() {
      const total = found.hits.length;
      const pages = Math.max(1, Math.ceil(total / PER_PAGE));
      asked.page = Math.min(asked.page, pages);
      const from = (asked.page - 1) * PER_PAGE;
      const to = Math.min(total, from + PER_PAGE);
      this.controls();
      this.rows(from, to);
      const said = total ? this.words.hits : this.words.nothing;
      const numbers = { n: total, all: data.count, from: from + 1, to };
      this.pick("hits").textContent = said.replace(/\{(\w+)\}/g, (_, key) => this.count(numbers[key]));
      this.pick("table").hidden = total === 0;
      this.pick("previous").disabled = asked.page === 1;
      this.pick("next").disabled = asked.page === pages;
      this.pick("printed").textContent = total > PRINTED ? this.words.printed.replace("{n}", this.count(PRINTED)) : "";
    }
  }

  /* ---- the search: one pass in the order shown; a filter's counts are those of the rows all other filters let through ---- */

  const byCode = (facet) => (rows) => rows.sort((a, b) => data[facet].rows[a] - data[facet].rows[b] || a - b);
  const ORDERS = {
    risk: (rows) => rows,
    relationship: byCode("relationship"),
    change: byCode("change"),
    name: (rows, part) => {
      const { compare } = new Intl.Collator(part.words.language, { numeric: true });
      const shown = rows.map((i) => part.name(i));
      return rows.sort((a, b) => compare(shown[a], shown[b]) || a - b);
    },
  };
  const orders = new Map();

  function ordered(sort, part) {
    const key = sort === "name" ? `name.${part.locale}` : sort;
    if (!orders.has(key)) orders.set(key, ORDERS[sort](Array.from(ids, (_, i) => i), part));
    return orders.get(key);
  }

  /* How many of the words stand in each client's line. */
  function matched(words) {
    const matches = new Uint8Array(data.count);
    words.forEach((word) => {
      let i = 0;
      let at = haystack.indexOf(word);
      while (at >= 0) {
        while (ends[i] < at) i++;
        matches[i]++;
        at = haystack.indexOf(word, ends[i]);
      }
    });
    return matches;
  }

  function search() {
    const words = plain(asked.q).split(/\s+/).filter(Boolean);
    const matches = matched(words);
    const wanted = facets.map(({ values }, f) => asked.chosen[f].size ? values.map((v) => asked.chosen[f].has(v)) : null);
    const counts = facets.map(({ values }) => new Uint32Array(values.length));
    const codes = facets.map((facet) => facet.codes);
    const hits = [];
    for (const i of ordered(asked.sort, asked.part)) {
      if (matches[i] < words.length) continue;
      let missed = -1;
      let misses = 0;
      for (let f = 0; f < codes.length; f++) {
        if (wanted[f] && !wanted[f][codes[f][i]]) {
          missed = f;
          misses++;
        }
      }
      if (misses === 0) {
        hits.push(i);
        for (let f = 0; f < codes.length; f++) counts[f][codes[f][i]]++;
      } else if (misses === 1) counts[missed][codes[missed][i]]++;
    }
    return { hits, counts };
  }

  /* ---- what is asked for: the address says it, so that a view can be kept as a bookmark ---- */

  const languages = document.querySelectorAll("nav [data-locale]");
  const parts = [...document.querySelectorAll("[data-part]")].map((root) => new Part(root));
  let asked = read();

  function read() {
    const [locale, ...rest] = location.hash.slice(1).split("&");
    const given = new URLSearchParams(rest.join("&"));
    const chosen = FACETS.map((facet, f) => new Set(given.getAll(facet).filter((v) => facets[f].values.includes(v))));
    return {
      part: parts.find((part) => part.locale === locale) ?? parts.find((part) => part.root.matches(".first")),
      q: given.get("q") ?? "",
      sort: given.get("sort") in ORDERS ? given.get("sort") : "risk",
      page: Math.max(1, Number.parseInt(given.get("page"), 10) || 1),
      chosen,
    };
  }

  function address(locale) {
    const said = new URLSearchParams();
    if (asked.q) said.set("q", asked.q);
    asked.chosen.forEach((values, f) => values.forEach((value) => said.append(FACETS[f], value)));
    if (asked.sort !== "risk") said.set("sort", asked.sort);
    if (asked.page > 1) said.set("page", asked.page);
    return `#${[locale, ...(String(said) ? [said] : [])].join("&")}`;
  }

  let found = search();

  function show() {
    parts.forEach((part) => part.root.classList.toggle("shown", part === asked.part));
    document.documentElement.lang = asked.part.words.language;
    found = search();
    asked.part.show();
    languages.forEach((a) => a.setAttribute("href", address(a.dataset.locale)));
  }

  function ask(changes) {
    asked = { ...asked, page: 1, ...changes };
    show();
    history.replaceState(null, "", address(asked.part.locale));
  }

  function choose({ name, value, checked, type }) {
    const f = FACETS.indexOf(name);
    const values = new Set(type === "checkbox" ? asked.chosen[f] : []);
    if (type === "checkbox") values[checked ? "add" : "delete"](value);
    else if (value) values.add(value.slice(1));
    ask({ chosen: asked.chosen.map((before, at) => (at === f ? values : before)) });
  }

  function turn(pages) {
    ask({ page: asked.page + pages });
  }

  /* ---- hands ---- */

  function step(part, down) {
    const rows = [...part.pick("rows").rows];
    const at = rows.indexOf(document.activeElement.closest("tr"));
    if (!down && at === 0) part.form.elements.q.focus();
    else if (at + 1 < rows.length || !down) rows[down ? at + 1 : at - 1].focus();
    else if (!part.pick("next").disabled) {
      turn(1);
      part.pick("rows").rows[0].focus();
    }
  }

  function clear(part) {
    ask({ q: "" });
    part.form.elements.q.focus();
  }

  parts.forEach((part) => {
    const { form } = part;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.elements.q.addEventListener("input", (event) => ask({ q: event.target.value }));
    form.addEventListener("change", ({ target }) => {
      if (FACETS.includes(target.name)) choose(target);
      if (target.name === "sort") ask({ sort: target.value });
    });
    ["focusin", "pointerdown"].forEach((kind) => form.addEventListener(kind, ({ target }) => {
      if (PEOPLE.includes(target.name)) part.number(target.name);
    }));
    part.pick("previous").addEventListener("click", () => turn(-1));
    part.pick("next").addEventListener("click", () => turn(1));
    part.pick("reset").addEventListener("click", () => ask({ q: "", chosen: FACETS.map(() => new Set()) }));
    form.addEventListener("keydown", (event) => {
      const inside = event.target.closest("tr");
      const arrow = event.key === "ArrowDown" || (event.key === "ArrowUp" && inside);
      if (arrow && (inside || event.target.name === "q") && found.hits.length) step(part, event.key === "ArrowDown");
      else if (event.key === "Enter" && event.target.matches("tr")) event.target.querySelector("a")?.click();
      else if (event.key === "Escape") clear(part);
      else return;
      event.preventDefault();
    });
  });

  document.addEventListener("keydown", (event) => {
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=search], select");
    if (event.key !== "/" || busy) return;
    asked.part.form.elements.q.focus();
    event.preventDefault();
  });
  languages.forEach((a) => a.addEventListener("click", (event) => {
    event.preventDefault();
    ask({ page: asked.page, part: parts.find((part) => part.locale === a.dataset.locale) });
    asked.part.root.querySelector("nav a").focus();
  }));
  addEventListener("hashchange", () => {
    asked = read();
    show();
  });
  addEventListener("beforeprint", () => asked.part.rows(0, PRINTED));
  addEventListener("afterprint", () => asked.part.show());

  document.documentElement.classList.add("scripted");
  show();
})();
