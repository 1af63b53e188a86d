// The console's own script: pages read and answer without it.
"use strict";

// Keys: / search, g then h a e s i home, alerts, events, search, handing in; j k next, previous; a acknowledge; ? help.
const GO = { h: "/", a: "/alerts", e: "/events", s: "/search", i: "/intake", r: "/rules", d: "/dead-letters" };
let going = false;

function step(by) {
  const links = [...document.querySelectorAll("main tbody a, main .opinion h3 a")];
  const at = links.indexOf(document.activeElement);
  const next = links[Math.max(0, Math.min(links.length - 1, at + by))];
  if (next) next.focus();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (going) {
    going = false;
    if (GO[event.key]) location.assign(GO[event.key]);
    return;
  }
  const keys = {
    "/": () => document.querySelector("header input[type=search]")?.focus(),
    g: () => { going = true; },
    j: () => step(1),
    k: () => step(-1),
    a: () => (document.activeElement.closest("tr")?.querySelector("[data-row=a]")
      ?? document.querySelector("button[data-key=a]"))?.click(),
    "?": () => document.querySelector("#keys")?.toggleAttribute("open"),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

// Light or dark as the system says, or as was chosen here.
const root = document.documentElement;
const chosen = localStorage.getItem("theme");
if (chosen) root.dataset.theme = chosen;
document.querySelector("#theme")?.addEventListener("click", () => {
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});

// A page marked live is read again when the server says that something changed.
if (document.querySelector("[data-live]")) {
  let said = ""; // of the connection; the page that it is told on is renewed
  const tell = (words) => {
    said = words;
    const told = document.querySelector("#live");
    if (told) told.textContent = said;
  };
  let waiting = false;
  // Nobody's ticks, words or open lists are taken away.
  const busy = () => document.querySelector("main details[open]")
    || [...document.querySelectorAll("main form[method=post] :is(input, textarea)")].some(
      (field) => field === document.activeElement || field.value !== field.defaultValue
        || field.checked !== field.defaultChecked);
  const renew = async () => {
    if (waiting || busy()) return;
    waiting = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.redirected) return location.reload();
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const focused = document.activeElement.getAttribute("href");
      document.querySelector("main").replaceWith(page.querySelector("main"));
      document.title = page.title;
      tell(said);
      if (focused) document.querySelector(`main a[href="${CSS.escape(focused)}"]`)?.focus();
    } finally {
      setTimeout(() => { waiting = false; }, 2000);
    }
  };
  const stream = new EventSource("/live");
  stream.addEventListener("changed", renew);
  stream.addEventListener("open", () => tell("自动更新"));
  stream.addEventListener("error", () => tell("连接中断，正在重连"));
}

// Dragging over the bars of time selects from the first to the last of them.
const times = document.querySelector(".times svg");
if (times) {
  const bars = [...times.querySelectorAll("a")];
  let first = null;
  let last = null;
  let dragged = false;
  const under = (event) => {
    const box = times.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * bars.length);
    return Math.max(0, Math.min(bars.length - 1, at));
  };
  const chosen = (at) => first !== null && at >= Math.min(first, last) && at <= Math.max(first, last);
  const mark = () => bars.forEach((bar, at) => bar.classList.toggle("chosen", chosen(at)));
  times.addEventListener("dragstart", (event) => event.preventDefault());
  times.addEventListener("click", (event) => { if (dragged) event.preventDefault(); }, true);
  times.addEventListener("pointerdown", (event) => {
    dragged = false;
    if (event.button === 0) first = last = under(event);
  });
  addEventListener("pointercancel", () => { first = null; mark(); });
  addEventListener("pointermove", (event) => {
    if (first === null) return;
    last = under(event);
    mark();
  });
  addEventListener("pointerup", () => {
    if (first === null) return;
    const [from, to] = [Math.min(first, last), Math.max(first, last)];
    first = null;
    mark();
    if (from === to) return; // a click on one bar is its link
    dragged = true;
    const asked = (bar) => new URL(bar.getAttribute("href"), location.href);
    const begin = asked(bars[from]);
    begin.searchParams.set("until", asked(bars[to]).searchParams.get("until"));
    location.assign(begin);
  });
}

// Of a chart that is wider than the screen the newest is shown first.
for (const box of document.querySelectorAll(".scroll, .times")) {
  if (box.querySelector(".chart")) box.scrollLeft = box.scrollWidth;
}
